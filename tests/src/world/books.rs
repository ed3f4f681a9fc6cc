//! What must hold after every transaction: its events say what the accounts say, and the currency's books add up.

use {
    super::{Call, Chain, Outcome, World, instruction_error},
    solana_pubkey::Pubkey,
    specie_client::{
        account::SpecieAccount,
        state::{Currency, Quorum, Standard, Vault, Voucher},
    },
    std::collections::BTreeMap,
};

/// Numbers that never fall, of every account that has some.
type Watermarks = BTreeMap<Pubkey, Vec<u64>>;

impl World {
    /// Sends a transaction that must succeed; its events must equal the state after it, and the books add up.
    #[track_caller]
    pub fn ok(&mut self, call: &Call) -> Outcome {
        let before = self.watermarks();
        let outcome = self.chain.send(call).expect_success();
        for (i, event) in outcome.events.iter().enumerate() {
            // Of several events of one vault, only the last has the balances that remain.
            let last = i + 1 == outcome.events.len();
            self.assert_event(event, last);
        }
        self.assert_books();
        let after = self.watermarks();
        for (address, marks) in before {
            if let Some(marks_after) = after.get(&address) {
                let fell = marks.iter().zip(marks_after).any(|(old, new)| new < old);
                assert!(
                    !fell,
                    "a number of {address} fell: {marks:?} to {marks_after:?}"
                );
            }
        }
        outcome
    }

    /// Sends a transaction whose last instruction must refuse with exactly this error, and change nothing.
    #[track_caller]
    pub fn refuses(&mut self, call: &Call, error: impl Into<anchor_lang::Error>) -> Outcome {
        let last = call.instructions.len() - 1;
        self.chain
            .assert_refused(call, last, instruction_error(error))
    }

    /// Every account of a kind.
    pub fn all<T: SpecieAccount>(&self) -> Vec<(Pubkey, T)> {
        let accounts = self.chain.svm.get_program_accounts(&specie::ID);
        accounts
            .into_iter()
            .filter_map(|(address, account)| {
                let state = T::decode(&account.owner, &account.data).ok()?;
                Some((address, state))
            })
            .collect()
    }

    /// Panics unless the currency's books add up: invariants I1, I2, I3, I5, I7 and I10.
    #[track_caller]
    pub fn assert_books(&self) {
        let vaults = self.all::<Vault>();
        let vouchers = self.all::<Voucher>();
        let (mut outstanding, mut defaulted, mut reserved) = (0, 0, 0);
        for (address, vault) in &vaults {
            let balances = &vault.balances;
            let (mut open, mut open_work, mut count, mut challenges) = (0, 0, 0, 0);
            for (at, voucher) in vouchers.iter().filter(|(_, v)| v.vault == *address) {
                count += 1;
                challenges += u64::from(!voucher.challenged_until.is_zero());
                // What was paid when it was opened: the cluster may ask for more by now.
                let rent = Chain::rent_at_first(Voucher::LEN);
                let staked = voucher.challenge_deposit.get();
                assert!(self.chain.lamports(at) >= rent + staked, "lamports of {at}");
                let remaining = voucher.remaining().expect("settled at most all units");
                if vault.was_assessed_with(voucher) {
                    continue;
                }
                open += remaining.get();
                open_work += voucher.remaining_work().expect("a sum").get();
            }
            assert_eq!(open, balances.open.get(), "open units of {address}");
            assert_eq!(
                open_work,
                balances.open_work.get(),
                "open work of {address}"
            );
            assert_eq!(count, vault.vouchers.get(), "vouchers of {address}");
            let challenged = vault.challenges.get();
            assert_eq!(challenges, challenged, "challenges of {address}");
            let recorded = balances.collateral.get() + balances.withdrawing.get();
            let held = self.chain.tokens(&vault.collateral_account);
            assert!(recorded <= held, "{address} records {recorded} of {held}");
            if vault.currency == self.currency {
                outstanding += balances.outstanding.get();
                defaulted += balances.defaulted.get();
                reserved += vault.liquidation.insurance.get();
            }
        }
        self.assert_revenue();
        self.assert_pools();
        if self.chain.account(&self.currency).is_some() {
            let currency = self.currency_state();
            let insurance = self.chain.tokens(&currency.insurance);
            assert_eq!(currency.insurance_reserved.get(), reserved, "reserved");
            assert!(reserved <= insurance, "{reserved} reserved of {insurance}");
            let book = self.book_state();
            assert_eq!(book.owed.get(), outstanding, "outstanding units");
            assert_eq!(book.defaulted.get(), defaulted, "tokens of defaults");
            let assessed = vaults.iter().any(|(_, vault)| vault.has_been_assessed());
            if !assessed && self.backing().is_full() {
                let claimed = self.supply() + self.burned_outside;
                assert_eq!(outstanding, claimed, "outstanding units and supply");
            }
        }
    }

    /// Panics unless every currency's revenue and insurance accounts are its own, and hold what is reserved of them.
    #[track_caller]
    fn assert_revenue(&self) {
        for (address, currency) in self.all::<Currency>() {
            let reserved = currency.insurance_reserved.get();
            for (account, least) in [(currency.revenue, 0), (currency.insurance, reserved)] {
                let token = self.chain.token_account(&account);
                assert_eq!(
                    (token.owner, token.mint),
                    (address, currency.collateral_mint)
                );
                assert!(token.delegate.is_none() && token.close_authority.is_none());
                assert!(least <= token.amount, "{account} reserves {least}");
            }
        }
    }

    fn watermarks(&self) -> Watermarks {
        let standards = self.all::<Standard>().into_iter().map(|(address, state)| {
            let marks = [state.sequence, state.price_sequence].map(|mark| mark.get());
            (
                address,
                [marks.as_slice(), &[state.work_per_scu.get()]].concat(),
            )
        });
        let quorums = self.all::<Quorum>().into_iter();
        let quorums = quorums.map(|(address, state)| (address, vec![state.epoch.get().into()]));
        let vaults = self.all::<Vault>().into_iter().map(|(address, state)| {
            let delivered = state.balances.delivered.get();
            (address, vec![state.attestation_sequence.get(), delivered])
        });
        let vouchers = self.all::<Voucher>().into_iter();
        let vouchers = vouchers.map(|(address, state)| (address, vec![state.settled.get()]));
        standards
            .chain(quorums)
            .chain(vaults)
            .chain(vouchers)
            .collect()
    }
}
