//! Whether an event says what the accounts say.

use {
    super::World,
    solana_pubkey::Pubkey,
    specie_client::{
        address,
        event::Event,
        state::{Balances, Change, Pool, Quorum, Stake, Standard, Vault, VaultStatus, Voucher},
        units::{Timestamp, Tokens},
    },
    std::collections::BTreeMap,
};

impl World {
    /// Panics unless an event says what the accounts say; `last` for the transaction's last event.
    #[track_caller]
    pub fn assert_event(&self, event: &Event, last: bool) {
        let balances = |vault: &Pubkey, balances: Balances| {
            if last {
                assert_eq!(self.read::<Vault>(vault).balances, balances);
            }
        };
        match event {
            Event::CurrencyCreated(e) => {
                let currency = self.currency_state();
                assert_eq!(e.currency, self.currency);
                assert_eq!(e.mint, currency.mint);
                assert_eq!(e.collateral_mint, currency.collateral_mint);
                assert_eq!(e.authority, currency.authority);
                assert_eq!(e.guardian, currency.guardian);
                assert_eq!(e.cluster, currency.cluster);
                assert_eq!(e.params, currency.params);
                assert_eq!(e.work_per_scu, self.standard_state().work_per_scu);
                assert_eq!(e.quorum_epoch, self.quorum_state().epoch);
            }
            Event::Paused(e) => {
                assert_eq!(e.currency, self.currency);
                assert_eq!(e.until, self.currency_state().paused_until);
            }
            Event::Resumed(e) => {
                assert_eq!(e.currency, self.currency);
                assert_eq!(self.currency_state().paused_until, Timestamp::ZERO);
            }
            Event::PricePosted(e) => {
                let standard: Standard = self.read(&address::standard(&e.currency));
                assert_eq!(e.price_sequence, standard.price_sequence);
                assert_eq!(e.price, standard.price);
                assert_eq!(e.published_at, standard.published_at);
                let quorum: Quorum = self.read(&address::quorum(&e.currency));
                assert_eq!(e.cautious_price, standard.cautious_price);
                assert_eq!(e.seen_at, quorum.last_seen_at);
                assert_eq!(e.silent, quorum.silent);
            }
            Event::VaultOpened(e) => {
                let vault: Vault = self.read(&e.vault);
                assert_eq!(e.currency, vault.currency);
                assert_eq!((e.vendor, e.vendor), (vault.vendor, vault.founder));
                assert_eq!(e.issuer, vault.issuer);
                assert_eq!(e.operator, vault.operator);
                assert_eq!(e.payout, vault.payout);
                assert_eq!(e.limit, vault.limit);
                assert_eq!(e.classes, vault.classes);
            }
            Event::VaultUpdated(e) => {
                let vault: Vault = self.read(&e.vault);
                assert_eq!(e.vendor, vault.vendor);
                assert_eq!(e.pending_vendor, vault.pending_vendor);
                assert_eq!(e.issuer, vault.issuer);
                assert_eq!(e.operator, vault.operator);
                assert_eq!(e.payout, vault.payout);
                assert_eq!(e.offer, vault.offer);
                assert_eq!(e.classes, vault.classes);
            }
            Event::CapacityAttested(e) => {
                let vault: Vault = self.read(&e.vault);
                assert_eq!(e.sequence, vault.attestation_sequence);
                assert_eq!(e.attested, vault.attested);
                assert_eq!(e.pending, vault.pending);
            }
            Event::AttestationVetoed(e) => {
                let vault: Vault = self.read(&e.vault);
                assert_eq!(e.attested, vault.attested);
                assert_eq!(vault.pending.effective_at, Timestamp::ZERO);
            }
            Event::CollateralDeposited(e) => {
                assert_eq!(e.penalty, self.read::<Vault>(&e.vault).penalty);
                balances(&e.vault, e.balances);
            }
            Event::WithdrawalRequested(e) => {
                let vault: Vault = self.read(&e.vault);
                assert_eq!(e.available_at, vault.withdrawal_available_at);
                balances(&e.vault, e.balances);
            }
            Event::CollateralWithdrawn(e) => balances(&e.vault, e.balances),
            Event::Issued(e) => balances(&e.vault, e.balances),
            Event::Purchased(e) => {
                assert_eq!(e.offer_units, self.read::<Vault>(&e.vault).offer.units);
                balances(&e.vault, e.balances);
            }
            Event::Redeemed(e) => {
                let voucher: Voucher = self.read(&e.voucher);
                assert_eq!(e.vault, voucher.vault);
                assert_eq!(e.owner, voucher.owner);
                assert_eq!(e.session, voucher.session);
                assert_eq!(e.tokens, voucher.tokens);
                assert_eq!(e.units, voucher.units);
                assert_eq!(e.work_per_scu, voucher.work_per_scu);
                assert_eq!(e.opened_at, voucher.opened_at);
                assert_eq!(e.expires_at, voucher.expires_at);
                assert_eq!(e.class, voucher.class);
                balances(&e.vault, e.balances);
            }
            Event::Settled(e) => {
                // Of several receipts of one voucher the last says what is.
                let settled: BTreeMap<_, _> = e
                    .receipts
                    .as_slice()
                    .iter()
                    .map(|receipt| (receipt.voucher, receipt.settled))
                    .collect();
                for (voucher, settled) in settled {
                    if self.chain.account(&voucher).is_some() && last {
                        assert_eq!(settled, self.read::<Voucher>(&voucher).settled);
                    }
                }
                balances(&e.vault, e.balances);
            }
            Event::CloseRequested(e) => {
                let voucher: Voucher = self.read(&e.voucher);
                assert_eq!(e.vault, voucher.vault);
                assert_eq!(e.closing_at, voucher.closing_at);
                let settles_until = voucher.settles_until(&self.params()).expect("a time");
                assert_eq!(e.settles_until, settles_until);
            }
            Event::Reclaimed(e) => {
                assert!(self.chain.account(&e.voucher).is_none());
                balances(&e.vault, e.balances);
            }
            Event::ChangeScheduled(e) => {
                let change: Change = self.read(&e.change);
                assert_eq!(e.currency, change.currency);
                assert_eq!(e.index, change.index);
                assert_eq!(e.eta, change.eta);
                assert_eq!(e.proposal, change.proposal);
            }
            Event::ChangeExecuted(e) => {
                assert!(self.chain.account(&e.change).is_none());
                assert_eq!(e.work_per_scu, self.standard_state().work_per_scu);
                assert_eq!(e.quorum_epoch, self.quorum_state().epoch);
            }
            Event::ChangeCancelled(e) => assert!(self.chain.account(&e.change).is_none()),
            Event::VaultSuspended(e) => {
                assert_eq!(
                    self.read::<Vault>(&e.vault).status,
                    VaultStatus::Suspended as u8
                );
            }
            Event::VaultReinstated(e) => {
                assert_eq!(
                    self.read::<Vault>(&e.vault).status,
                    VaultStatus::Active as u8
                );
            }
            Event::MarginCalled(e) => {
                assert_eq!(e.called_at, self.read::<Vault>(&e.vault).margin_called_at);
                balances(&e.vault, e.balances);
            }
            Event::VaultDefaulted(e) => {
                let vault: Vault = self.read(&e.vault);
                assert_eq!(vault.status, VaultStatus::Defaulted as u8);
                assert_eq!(e.liquidation, vault.liquidation);
                assert_eq!(e.backing, self.backing());
                balances(&e.vault, e.balances);
            }
            Event::Liquidated(e) => {
                assert_eq!(e.liquidation, self.read::<Vault>(&e.vault).liquidation);
                balances(&e.vault, e.balances);
            }
            Event::VaultClosed(e) => assert!(self.chain.account(&e.vault).is_none()),
            Event::VoucherReleased(e) => {
                assert!(self.chain.account(&e.voucher).is_none());
                balances(&e.vault, e.balances);
            }
            Event::Challenged(e) => {
                let voucher: Voucher = self.read(&e.voucher);
                assert_eq!(e.owner, voucher.owner);
                assert_eq!(e.deposit, voucher.challenge_deposit);
                assert_eq!(e.challenged_until, voucher.challenged_until);
                assert_eq!(e.challenges, self.read::<Vault>(&e.vault).challenges);
            }
            Event::Answered(e) => {
                let voucher: Voucher = self.read(&e.voucher);
                assert_eq!(e.answered_at, voucher.answered_at);
                assert_eq!(e.issuer, self.read::<Vault>(&e.vault).issuer);
            }
            Event::Compensated(e) => {
                if self.chain.account(&e.voucher).is_some() {
                    let voucher: Voucher = self.read(&e.voucher);
                    assert_eq!(e.compensated, voucher.compensated);
                    assert_eq!(e.ruled_at, voucher.ruled_at);
                }
                assert_eq!(e.penalty, self.read::<Vault>(&e.vault).penalty);
                balances(&e.vault, e.balances);
            }
            Event::Distributed(e) => {
                let pool: Pool = self.read(&address::pool(&e.currency));
                assert_eq!(e.streaming, pool.streaming);
                assert_eq!(e.streams_until, pool.streams_until);
            }
            // Of several events of one stake, only the last has the tokens that remain.
            Event::Staked(e) if last => {
                let stake: Stake = self.read(&e.stake);
                assert_eq!((e.pool, e.owner), (stake.pool, stake.owner));
                assert_eq!(e.staked, stake.staked);
                assert_eq!(e.staked_by_all, self.read::<Pool>(&e.pool).staked);
            }
            Event::Unstaked(e) if last => {
                let stake: Stake = self.read(&e.stake);
                assert_eq!((e.pool, e.owner), (stake.pool, stake.owner));
                assert_eq!(e.staked, stake.staked);
                assert_eq!(e.staked_by_all, self.read::<Pool>(&e.pool).staked);
            }
            Event::Claimed(e) if last => match self.chain.account(&e.stake) {
                Some(_) => assert_eq!(e.staked, self.read::<Stake>(&e.stake).staked),
                None => assert_eq!(e.staked, Tokens::ZERO),
            },
            Event::Staked(_) | Event::Unstaked(_) | Event::Claimed(_) => {}
        }
    }
}
