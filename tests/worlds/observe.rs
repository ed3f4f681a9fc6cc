//! What the chain says: its accounts, read into the words of the model.

use {
    crate::stage::{self, Cast, Places},
    solana_account::{AccountSharedData, ReadableAccount},
    solana_program_pack::Pack,
    solana_pubkey::Pubkey,
    specie_client::{
        account::SpecieAccount,
        state::{self, Book, Currency, Pool, Quorum, Standard},
    },
    specie_tests::{
        model::{
            self, Change, Economy, Liquidation, Measure, Purse, Rules, Status, Who, action::Offer,
        },
        world::World,
    },
    spl_token_interface::state::{Account as TokenAccount, AccountState, Mint},
    std::collections::HashMap,
};

/// The chain's state in the model's words, kept up to date by reading what changed.
pub(crate) struct Observer {
    /// What the chain says.
    pub seen: Economy,
    accounts: HashMap<Pubkey, AccountSharedData>,
    /// Addresses of changes by label: their numbers depend on when they were scheduled.
    pub changes: HashMap<u32, (u64, Pubkey)>,
}

impl Observer {
    /// Reads everything; `model` is only what it is written over.
    pub(crate) fn new(world: &World, model: &Economy) -> Self {
        let mut observer = Self {
            seen: model.clone(),
            accounts: HashMap::new(),
            changes: HashMap::new(),
        };
        observer.read(world, model);
        observer
    }

    /// Reads what changed since the last time; `model` names the vouchers, changes and stakes that may have come. Returns
    /// how many accounts had changed.
    pub(crate) fn read(&mut self, world: &World, model: &Economy) -> usize {
        let (places, cast) = (Places::get(), Cast::get());
        let mut changed = 0;
        self.seen.now = world.chain.now();
        changed += self.one(world, places.currency, |seen, account| {
            seen.currency = currency(account.expect("a currency"))
        });
        changed += self.one(world, places.book, |seen, account| {
            let book: Book = read(account.expect("a book"));
            seen.book = model::Book {
                owed: book.owed.get(),
                defaulted: book.defaulted.get(),
            };
        });
        changed += self.one(world, places.standard, |seen, account| {
            seen.standard = standard(account.expect("a Standard"))
        });
        changed += self.one(world, places.quorum, |seen, account| {
            seen.quorum = quorum(account.expect("a quorum"))
        });
        changed += self.one(world, places.pool, |seen, account| {
            seen.pool = pool(account.expect("a pool"))
        });
        changed += self.one(world, places.mint, |seen, account| {
            let mint = Mint::unpack(account.expect("a mint").data()).expect("a mint");
            seen.bank.supply = mint.supply;
        });
        for (purse, address) in places.purses() {
            changed += self.one(world, address, |seen, account| {
                put_purse(seen, purse, account)
            });
        }
        for who in cast.everybody() {
            changed += self.one(world, cast.party(who).address(), |seen, account| {
                let lamports = account.map_or(0, |account| account.lamports());
                let gained = lamports as i64 - stage::lamports_at_first() as i64;
                seen.bank.lamports.insert(who, gained);
            });
        }
        for n in 0..stage::VENDORS {
            changed += self.one(world, places.vault(n), |seen, account| {
                let read = account.map(vault);
                put(&mut seen.vaults, n, read);
            });
        }
        let rent = self.seen.bank.rents.voucher;
        let mut vouchers: Vec<(u8, u32)> = self.seen.vouchers.keys().copied().collect();
        vouchers.extend(model.vouchers.keys());
        for (of, session) in vouchers {
            changed += self.one(world, places.voucher(of, session), |seen, account| {
                let read = account.map(|account| voucher(account, rent));
                put(&mut seen.vouchers, (of, session), read);
            });
        }
        let stakers: Vec<Who> = cast
            .everybody()
            .filter(|who| stage::has_purses(*who))
            .collect();
        for who in stakers {
            changed += self.one(world, places.stake(who), |seen, account| {
                put(&mut seen.stakes, who, account.map(stake));
            });
        }
        let labels: Vec<(u32, Pubkey)> = self
            .changes
            .iter()
            .map(|(label, (_, at))| (*label, *at))
            .collect();
        for (label, address) in labels {
            let said = model.changes.get(&label).cloned();
            changed += self.one(world, address, |seen, account| {
                let said = said.or_else(|| seen.changes.get(&label).cloned());
                put(
                    &mut seen.changes,
                    label,
                    account.map(|account| change(account, said)),
                );
            });
        }
        changed
    }

    /// Reads an account if it changed.
    fn one(
        &mut self,
        world: &World,
        address: Pubkey,
        into: impl FnOnce(&mut Economy, Option<&AccountSharedData>),
    ) -> usize {
        let present = stage::account(world, &address).filter(|account| account.lamports() > 0);
        let last = self.accounts.get(&address);
        if last == present {
            return 0;
        }
        into(&mut self.seen, present);
        match present {
            Some(account) => self.accounts.insert(address, account.clone()),
            None => self.accounts.remove(&address),
        };
        1
    }
}

fn put<K: Ord, V>(map: &mut std::collections::BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    };
}

fn read<T: SpecieAccount>(account: &AccountSharedData) -> T {
    assert_eq!(
        account.data().len(),
        T::LEN,
        "the built program is of another source"
    );
    T::decode(account.owner(), account.data()).expect("an account of the kind")
}

fn name(address: &Pubkey) -> Who {
    Cast::get().name(address).expect("somebody of the cast")
}

/// What accounts cost.
pub(crate) fn rents(world: &World) -> model::Rents {
    let rent = |len| world.chain.rent(len);
    let accounts = [
        state::Currency::LEN,
        Standard::LEN,
        Quorum::LEN,
        Pool::LEN,
        Book::LEN,
    ];
    let founding = accounts.into_iter().chain([TokenAccount::LEN; 4]);
    model::Rents {
        founding: founding.map(rent).sum(),
        vault: rent(state::Vault::LEN),
        voucher: rent(state::Voucher::LEN),
        change: rent(state::Change::LEN),
        stake: rent(state::Stake::LEN),
        token_account: rent(TokenAccount::LEN),
    }
}

fn put_purse(seen: &mut Economy, purse: Purse, account: Option<&AccountSharedData>) {
    let account =
        account.map(|account| TokenAccount::unpack(account.data()).expect("a token account"));
    put(
        &mut seen.bank.purses,
        purse,
        account.map(|account| account.amount),
    );
    if account.is_some_and(|account| account.state == AccountState::Frozen) {
        seen.bank.frozen.insert(purse);
    } else {
        seen.bank.frozen.remove(&purse);
    }
}

fn currency(account: &AccountSharedData) -> model::Currency {
    let state: Currency = read(account);
    model::Currency {
        authority: name(&state.authority),
        guardian: name(&state.guardian),
        treasury: Places::get().treasury(&state.treasury).expect("a treasury"),
        paused_until: state.paused_until.get(),
        next_change: state.next_change.get(),
        insurance_reserved: state.insurance_reserved.get(),
        rules: Rules::from(&state.params),
    }
}

fn standard(account: &AccountSharedData) -> model::Standard {
    let state: Standard = read(account);
    model::Standard {
        work_per_scu: state.work_per_scu.get(),
        announced: state.announced.get(),
        announced_until: state.announced_until.get(),
        sequence: state.sequence.get(),
        price: state.price.get(),
        price_sequence: state.price_sequence.get(),
        published_at: state.published_at.get(),
        cautious_price: state.cautious_price.get(),
    }
}

fn quorum(account: &AccountSharedData) -> model::Quorum {
    let state: Quorum = read(account);
    let mut keys: Vec<Who> = state
        .keys()
        .iter()
        .map(|key| name(&Pubkey::new_from_array(*key)))
        .collect();
    keys.sort_unstable();
    model::Quorum {
        threshold: state.threshold,
        keys,
        epoch: state.epoch.get(),
        last_seen_at: state.last_seen_at.get(),
        silent: state.silent.get().into(),
    }
}

fn pool(account: &AccountSharedData) -> model::Pool {
    let state: Pool = read(account);
    model::Pool {
        staked: state.staked.get(),
        streaming: state.streaming.get(),
        streams_until: state.streams_until.get(),
        accrued_at: state.accrued_at.get(),
        reward_per_token: state.reward_per_token.get(),
        waiting: {
            let waiting = state.waiting;
            [
                waiting.to_stakers.get(),
                waiting.to_insurance.get(),
                waiting.to_treasury.get(),
            ]
        },
    }
}

fn stake(account: &AccountSharedData) -> model::Stake {
    let state: state::Stake = read(account);
    model::Stake {
        staked: state.staked.get(),
        rewards: state.rewards.get(),
        reward_per_token: state.reward_per_token.get(),
    }
}

fn measure(attestation: &state::Attestation) -> Measure {
    Measure {
        rate: attestation.rate.get(),
        ends_at: attestation.ends_at.get(),
        attested_at: attestation.attested_at.get(),
        inventory: attestation.inventory_hash[0],
    }
}

fn vault(account: &AccountSharedData) -> model::Vault {
    let state: state::Vault = read(account);
    let (balances, liquidation) = (&state.balances, &state.liquidation);
    let waits = state.pending.effective_at.get();
    model::Vault {
        status: match state.status {
            0 => Status::Active,
            1 => Status::Suspended,
            _ => Status::Defaulted,
        },
        classes: state.classes,
        vendor: name(&state.vendor),
        pending_vendor: Cast::get().name(&state.pending_vendor),
        issuer: name(&state.issuer),
        operator: name(&state.operator),
        limit: state.limit.get(),
        offer: Offer {
            price: state.offer.price.get(),
            units: state.offer.units.get(),
            retained: state.offer.retained.get().into(),
        },
        attestation_sequence: state.attestation_sequence.get(),
        attested: measure(&state.attested),
        pending: (waits != 0).then(|| (measure(&state.pending.attestation), waits)),
        collateral: balances.collateral.get(),
        withdrawing: balances.withdrawing.get(),
        withdrawal_available_at: state.withdrawal_available_at.get(),
        outstanding: balances.outstanding.get(),
        open: balances.open.get(),
        open_work: balances.open_work.get(),
        delivered: balances.delivered.get(),
        margin_called_at: state.margin_called_at.get(),
        silent_at_margin_call: state.silent_at_margin_call.get().into(),
        liquidation: Liquidation {
            started_at: liquidation.started_at.get(),
            price: liquidation.price.get(),
            shortage: liquidation.shortage.get(),
            insurance: liquidation.insurance.get(),
            written_off: liquidation.written_off.get(),
            backing: model::Backing {
                owed: liquidation.backing.owed.get(),
                tokens: liquidation.backing.tokens.get(),
            },
        },
        assessments: state.assessments.get(),
        defaulted: balances.defaulted.get(),
        open_tokens: state.open_tokens.get(),
        challenges: state.challenges.get(),
        opened_at: state.opened_at.get(),
        vouchers: state.vouchers.get(),
        penalty: state.penalty.get(),
        penalized_at: state.penalized_at.get(),
        issued: state.issued.get(),
        issued_at: state.issued_at.get(),
    }
}

fn voucher(account: &AccountSharedData, rent: u64) -> model::Voucher {
    let state: state::Voucher = read(account);
    model::Voucher {
        class: state.class,
        owner: name(&state.owner),
        rent_payer: name(&state.rent_payer),
        units: state.units.get(),
        tokens: state.tokens.get(),
        work_per_scu: state.work_per_scu.get(),
        settled: state.settled.get(),
        compensated: state.compensated.get(),
        opened_at: state.opened_at.get(),
        expires_at: state.expires_at.get(),
        closing_at: state.closing_at.get(),
        challenged_until: state.challenged_until.get(),
        challenge_deposit: state.challenge_deposit.get(),
        answered_at: state.answered_at.get(),
        ruled_at: state.ruled_at.get(),
        assessments: state.assessments.get(),
        surplus: account.lamports() - rent,
    }
}

/// A change; what it proposes is what the model said, since only its execution shows it.
fn change(account: &AccountSharedData, said: Option<Change>) -> Change {
    let state: state::Change = read(account);
    let said = said.expect("a change that the model knows");
    Change {
        index: state.index.get(),
        scheduled_at: state.scheduled_at.get(),
        eta: state.eta.get(),
        rent_payer: name(&state.rent_payer),
        ..said
    }
}
