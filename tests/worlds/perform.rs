//! What an action is on the chain: the instructions that do it.

use {
    crate::stage::{self, Cast, Places},
    solana_instruction::Instruction,
    solana_pubkey::Pubkey,
    specie::instructions::{CreateCurrencyArgs, OpenVaultArgs, UpdateVaultArgs},
    specie_client::{
        address::TOKEN_PROGRAM,
        instruction::{self as ix, Signed, SignedReceipt},
        state,
        units::{Bps, Price, Units, WorkPerScu},
    },
    specie_tests::{
        model::{
            Economy, Purse, Who,
            action::{Action, Offer, Receipt, Signing},
        },
        world::{CLUSTER, World},
    },
    specie_wire::Message,
    spl_token_interface::instruction as token,
};

/// What performs an action: where everything is, and how things stand before it.
pub struct Stagehand<'a> {
    pub world: &'a World,
    pub before: &'a Economy,
    pub cast: &'static Cast,
    pub places: &'static Places,
}

impl<'a> Stagehand<'a> {
    pub fn new(world: &'a World, before: &'a Economy) -> Self {
        Self { world, before, cast: Cast::get(), places: Places::get() }
    }

    pub fn at(&self, who: Who) -> Pubkey {
        self.cast.party(who).address()
    }

    /// The quorum's signatures over a message.
    pub fn signed<M: Message>(&self, message: &M, signing: Signing) -> Vec<Signed> {
        let quorum = &self.before.quorum;
        let keys = quorum.keys.iter().take(quorum.signers(signing).into());
        keys.map(|who| self.cast.party(*who).sign(message, &CLUSTER)).collect()
    }

    pub fn epoch(&self, signing: Signing) -> u32 {
        self.before.quorum.epoch.saturating_add_signed(signing.epoch as i32)
    }

    /// Who paid a voucher's rent; somebody, where there is no such voucher.
    pub fn rent_payer(&self, vault: u8, session: u32) -> Pubkey {
        let voucher = self.before.vouchers.get(&(vault, session));
        self.at(voucher.map_or(Who::Holder(0), |voucher| voucher.rent_payer))
    }

    /// The instructions of an action; the program's is the last one.
    pub fn instructions(&self, action: &Action) -> Vec<Instruction> {
        let (places, currency, mint) = (self.places, self.places.currency, self.places.mint);
        let now = self.before.now;
        match *action {
            Action::Pause { by, seconds } => vec![ix::pause(currency, self.at(by), now + seconds)],
            Action::Resume { by } => vec![ix::resume(currency, self.at(by))],
            Action::PostPrice { price, sequence, ago, signing } => {
                let message = specie_wire::Price {
                    currency: currency.to_bytes(),
                    quorum_epoch: self.epoch(signing),
                    sequence: self.before.standard.price_sequence.saturating_add_signed(sequence),
                    price,
                    published_at: now - ago,
                };
                ix::post_price(&CLUSTER, &message, &self.signed(&message, signing)).into()
            }
            Action::OpenVault { vendor, by, limit, classes } => {
                let open = ix::OpenVault {
                    currency,
                    collateral_mint: places.stable_mint,
                    payer: self.at(by),
                    vendor: self.at(Who::Vendor(vendor)),
                    authority: self.at(by),
                    payout: places.purse(Purse::Payout(vendor)),
                };
                let args = OpenVaultArgs {
                    issuer: self.at(Who::Issuer(vendor)),
                    operator: self.at(Who::Operator(vendor)),
                    limit: Units::new(limit),
                    classes,
                };
                vec![ix::open_vault(&open, args)]
            }
            Action::UpdateVault { vault, by, vendor, operator, classes, offer } => {
                self.update_vault(vault, by, vendor, operator, classes, offer)
            }
            Action::AttestCapacity { vault, rate, ends, sequence, ago, signing } => {
                let last = self.before.vaults.get(&vault);
                let last = last.map_or(0, |vault| vault.attestation_sequence);
                let sequence = last.saturating_add_signed(sequence);
                let message = specie_wire::Capacity {
                    currency: currency.to_bytes(),
                    vault: places.vault(vault).to_bytes(),
                    inventory_hash: [sequence as u8; 32],
                    quorum_epoch: self.epoch(signing),
                    sequence,
                    rate,
                    ends_at: now + ends,
                    attested_at: now - ago,
                };
                ix::attest_capacity(&CLUSTER, &message, &self.signed(&message, signing)).into()
            }
            Action::VetoAttestation { vault, by } => {
                vec![ix::veto_attestation(currency, places.vault(vault), self.at(by))]
            }
            Action::DepositCollateral { vault, by, amount } => {
                let from = places.purse(Purse::Stable(by));
                vec![ix::deposit_collateral(places.vault(vault), self.at(by), from, amount)]
            }
            Action::RequestWithdrawal { vault, by, amount } => {
                vec![ix::request_withdrawal(currency, places.vault(vault), self.at(by), amount)]
            }
            Action::WithdrawCollateral { vault, by } => {
                let to = places.purse(Purse::Stable(by));
                vec![ix::withdraw_collateral(currency, places.vault(vault), self.at(by), to)]
            }
            Action::Issue { vault, by, to, tokens } => {
                let to = places.purse(Purse::Tokens(to));
                vec![ix::issue(mint, places.vault(vault), self.at(by), to, tokens)]
            }
            Action::Purchase { vault, by, tokens, most } => {
                let purchase = ix::Purchase {
                    mint,
                    vault: places.vault(vault),
                    payout: places.purse(Purse::Payout(vault)),
                    buyer: self.at(by),
                    from: places.purse(Purse::Stable(by)),
                    to: places.purse(Purse::Tokens(by)),
                    tokens,
                    max_payment: most,
                };
                vec![ix::purchase(&purchase)]
            }
            Action::Redeem { vault, by, session, tokens, class } => {
                let redeem = ix::Redeem {
                    mint,
                    vault: places.vault(vault),
                    owner: self.at(by),
                    session: self.cast.session(session).address(),
                    rent_payer: self.at(by),
                    tokens,
                    class: state::Class::Inference,
                };
                let mut instruction = ix::redeem(&redeem);
                // The client knows no class that does not exist; the last byte is its number.
                *instruction.data.last_mut().expect("a class") = class;
                vec![instruction]
            }
            Action::Settle { vault, ref receipts } => {
                let receipts: Vec<_> = receipts.iter().map(|r| self.receipt(vault, *r)).collect();
                ix::settle(currency, places.vault(vault), &CLUSTER, &receipts).into()
            }
            Action::RequestClose { vault, session, by } => {
                let voucher = places.voucher(vault, session);
                vec![ix::request_close(currency, places.vault(vault), voucher, self.at(by))]
            }
            Action::Reclaim { vault, session, to } => {
                let voucher = places.voucher(vault, session);
                let rent_payer = self.rent_payer(vault, session);
                let to = places.purse(Purse::Tokens(to));
                vec![ix::reclaim(mint, places.vault(vault), voucher, rent_payer, to)]
            }
            Action::Donate { to, amount } => vec![self.donate(to, amount)],
            Action::Freeze { vault } => vec![self.set_frozen(vault, true)],
            Action::Thaw { vault } => vec![self.set_frozen(vault, false)],
            Action::Burn { by, tokens } => {
                let from = places.purse(Purse::Tokens(by));
                let burn = token::burn(&TOKEN_PROGRAM, &from, &mint, &self.at(by), &[], tokens);
                vec![burn.expect("an instruction")]
            }
            Action::Transfer { by, to, tokens } => {
                vec![self.transfer(Purse::Tokens(by), by, Purse::Tokens(to), tokens)]
            }
            Action::CreateCurrency { mint, rule, value, threshold, keys, work, .. } => {
                vec![self.create_currency(mint, (rule, value), (threshold, keys), work)]
            }
            _ => Vec::new(),
        }
    }

    fn create_currency(
        &self,
        mint: u32,
        (rule, value): (u8, u64),
        (threshold, keys): (u8, u32),
        work: u64,
    ) -> Instruction {
        let mut rules = self.before.currency.rules;
        *rules.value_mut(rule.into()) = value;
        let args = CreateCurrencyArgs {
            work_per_scu: WorkPerScu::new(work),
            threshold,
            attestors: self.attestors(keys),
            params: rules.params(),
            ..self.world.create_currency_args()
        };
        let treasury = self.places.purse(Purse::Treasury(0));
        let authority = self.at(Who::Authority(0));
        ix::create_currency(authority, stage::fresh_mint(mint), self.places.stable_mint, treasury, args)
    }

    /// The keys of attestors whose bits are set, ascending.
    pub fn attestors(&self, keys: u32) -> Vec<[u8; 32]> {
        let numbers = (0..32u8).filter(|n| keys & (1 << n) != 0);
        let mut keys: Vec<_> = numbers.map(|n| self.cast.party(Who::Attestor(n)).key()).collect();
        keys.sort_unstable();
        keys
    }

    fn update_vault(
        &self,
        vault: u8,
        by: Who,
        _vendor: Option<Who>,
        operator: Option<Who>,
        classes: Option<u8>,
        offer: Option<Offer>,
    ) -> Vec<Instruction> {
        let account = state::Vault {
            vendor: self.at(by),
            currency: self.places.currency,
            ..bytemuck::Zeroable::zeroed()
        };
        let args = UpdateVaultArgs {
            issuer: None,
            operator: operator.map(|who| self.at(who)),
            classes,
            offer: offer.map(|offer| state::Offer {
                price: Price::new(offer.price),
                units: Units::new(offer.units),
                retained: Bps::new(offer.retained as u32),
            }),
        };
        let payout = self.places.purse(Purse::Payout(vault));
        vec![ix::update_vault(self.places.vault(vault), &account, payout, args)]
    }

    fn receipt(&self, vault: u8, receipt: Receipt) -> SignedReceipt {
        let voucher = self.before.vouchers.get(&(vault, receipt.session));
        let opened_at = voucher.map_or(0, |voucher| voucher.opened_at);
        let message = specie_wire::Receipt {
            voucher: self.places.voucher(vault, receipt.session).to_bytes(),
            opened_at: opened_at - receipt.earlier,
            cumulative: receipt.cumulative,
        };
        let (session, signature) = self.cast.session(receipt.session).sign(&message, &CLUSTER);
        let rent_payer = self.rent_payer(vault, receipt.session);
        SignedReceipt { receipt: message, session, signature, rent_payer }
    }

    fn donate(&self, to: Purse, amount: u64) -> Instruction {
        let holder = Who::Holder(0);
        if to == Purse::Staked {
            return self.transfer(Purse::Tokens(holder), holder, to, amount);
        }
        let issuer = self.world.stable_issuer.address();
        let to = self.places.purse(to);
        token::mint_to(&TOKEN_PROGRAM, &self.places.stable_mint, &to, &issuer, &[], amount)
            .expect("an instruction")
    }

    fn transfer(&self, from: Purse, by: Who, to: Purse, amount: u64) -> Instruction {
        let (from, to) = (self.places.purse(from), self.places.purse(to));
        #[allow(deprecated, reason = "as simple a transfer as there is")]
        token::transfer(&TOKEN_PROGRAM, &from, &to, &self.at(by), &[], amount)
            .expect("an instruction")
    }

    fn set_frozen(&self, vault: u8, frozen: bool) -> Instruction {
        let account = self.places.purse(Purse::Collateral(vault));
        let (mint, issuer) = (&self.places.stable_mint, self.world.stable_issuer.address());
        if frozen {
            token::freeze_account(&TOKEN_PROGRAM, &account, mint, &issuer, &[])
        } else {
            token::thaw_account(&TOKEN_PROGRAM, &account, mint, &issuer, &[])
        }
        .expect("an instruction")
    }
}
