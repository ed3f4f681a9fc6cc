//! What becomes of vouchers: receipts and disputes.

use {
    super::Stagehand,
    solana_instruction::Instruction,
    specie_client::{
        address,
        instruction::{self as ix, Compensation, SignedReceipt},
        state,
        units::Units,
    },
    specie_tests::{
        model::{
            Purse, Who,
            action::{Receipt, Signing},
        },
        world::CLUSTER,
    },
};

impl Stagehand<'_> {
    pub(super) fn receipt(&self, vault: u8, receipt: Receipt) -> SignedReceipt {
        let voucher = self.before.vouchers.get(&(vault, receipt.session));
        let opened_at = voucher.map_or(0, |voucher| voucher.opened_at);
        let message = specie_wire::Receipt {
            voucher: self.places.voucher(vault, receipt.session).to_bytes(),
            opened_at: opened_at - receipt.earlier,
            cumulative: receipt.cumulative,
        };
        let (session, signature) = self.cast.session(receipt.session).sign(&message, &CLUSTER);
        let rent_payer = self.rent_payer(vault, receipt.session);
        SignedReceipt {
            receipt: message,
            session,
            signature,
            rent_payer,
        }
    }

    /// A voucher as the chain has it; a holder's empty one, where there is none.
    fn account(&self, vault: u8, session: u32) -> state::Voucher {
        let missing = || state::Voucher {
            vault: self.places.vault(vault),
            session: self.cast.session(session).address(),
            owner: self.at(Who::Holder(0)),
            rent_payer: self.at(Who::Holder(0)),
            ..bytemuck::Zeroable::zeroed()
        };
        self.read(&self.places.voucher(vault, session))
            .unwrap_or_else(missing)
    }

    /// To somebody's account of the token, whose owner does not sign.
    pub(super) fn reclaim(&self, vault: u8, session: u32, to: Who) -> Instruction {
        let (places, account) = (self.places, self.account(vault, session));
        let mut reclaim = ix::reclaim(places.mint, places.voucher(vault, session), &account, None);
        let associated = address::token_account(&account.owner, &places.mint);
        for meta in &mut reclaim.accounts {
            if meta.pubkey == associated {
                meta.pubkey = places.purse(Purse::Tokens(to));
            }
        }
        reclaim
    }

    pub(super) fn release_voucher(&self, vault: u8, session: u32, by: Who) -> Instruction {
        let (places, account) = (self.places, self.account(vault, session));
        ix::release_voucher(
            places.mint,
            places.voucher(vault, session),
            &account,
            self.at(by),
            None,
        )
    }

    pub(super) fn challenge(&self, vault: u8, session: u32, by: Who) -> Instruction {
        let mut account = self.account(vault, session);
        account.owner = self.at(by);
        ix::challenge(
            self.places.currency,
            self.places.voucher(vault, session),
            &account,
            self.at(by),
        )
    }

    pub(super) fn answer(
        &self,
        (vault, session): (u8, u32),
        by: Who,
        issuer: Who,
        more: u64,
    ) -> Vec<Instruction> {
        let at = self.places.voucher(vault, session);
        let mut account = self.account(vault, session);
        account.units = Units::new(account.units.get() + more);
        let signed = self.cast.party(issuer).sign(&account.terms(&at), &CLUSTER);
        ix::answer(
            self.places.currency,
            self.at(by),
            &CLUSTER,
            &account.terms(&at),
            signed,
        )
        .into()
    }

    fn compensation(&self, vault: u8, session: u32) -> Compensation {
        Compensation {
            mint: self.places.mint,
            voucher: self.places.voucher(vault, session),
            collateral_mint: self.places.stable_mint,
            cash_to: None,
            tokens_to: None,
        }
    }

    pub(super) fn compensate(&self, vault: u8, session: u32) -> Instruction {
        ix::compensate(
            &self.compensation(vault, session),
            &self.account(vault, session),
        )
    }

    pub(super) fn rule_breach(
        &self,
        (vault, session): (u8, u32),
        by: Who,
        units: u64,
        ago: i64,
        signing: Signing,
    ) -> Vec<Instruction> {
        let ruling = specie_wire::Ruling {
            voucher: self.places.voucher(vault, session).to_bytes(),
            evidence_hash: [1; 32],
            quorum_epoch: self.epoch(signing),
            units,
            ruled_at: self.before.now - ago,
        };
        let signed = self.signed(&ruling, signing);
        let (compensation, account) = (
            self.compensation(vault, session),
            self.account(vault, session),
        );
        let mut rule = ix::rule_breach(&compensation, &account, &CLUSTER, &ruling, &signed);
        let accounts = rule.iter_mut().flat_map(|one| &mut one.accounts);
        for meta in accounts.filter(|meta| meta.pubkey == account.owner) {
            meta.is_signer = account.owner == self.at(by);
        }
        rule.into()
    }
}
