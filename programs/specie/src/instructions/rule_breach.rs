use {
    super::compensating::*,
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        signatures::{quorum_message, INSTRUCTIONS_SYSVAR},
        state::Quorum,
    },
    anchor_lang::prelude::*,
    specie_wire::Ruling,
};

/// A voucher's owner brings the quorum's finding that a vendor did not deliver some of its units; the quorum's signatures
/// stand in the Ed25519 instruction before.
///
/// The owner signs: a ruling ends units at a price, and attestors that are captured would end them at a price of their own.
#[derive(Accounts)]
pub struct RuleBreach {
    /// What paying for a breach needs.
    pub compensating: Nested<Compensating>,
    /// The currency's quorum.
    pub quorum: Account<Quorum>,
    /// The Instructions sysvar.
    #[account(address = INSTRUCTIONS_SYSVAR @ SpecieError::NotInstructionsSysvar)]
    pub instructions: UncheckedAccount,
}

impl RuleBreach {
    fn validate(&self) -> Result<()> {
        require!(
            self.quorum.currency == *self.compensating.currency.address(),
            SpecieError::QuorumMismatch
        );
        require!(
            self.compensating.owner.account().is_signer(),
            SpecieError::RulingWithoutOwner
        );
        self.compensating.validate()
    }

    /// Pays for the units ruled like for an unanswered challenge; a voucher of which nothing remains closes.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        ctx.accounts.validate()?;
        let accounts = &mut ctx.accounts;
        let compensating: &mut Compensating = &mut accounts.compensating;
        let now = clock::now()?;
        let ruling: Ruling = quorum_message(
            accounts.instructions.account(),
            &accounts.quorum,
            &compensating.currency.cluster,
        )?;
        let (params, voucher) = (&compensating.currency.params, &mut compensating.voucher);
        require!(
            ruling.voucher == *voucher.address().as_array(),
            SpecieError::MessageForOtherVoucher
        );
        // After this it is not the second of the voucher's opening any more: it may close.
        let breach = Breach {
            units: voucher.rule(&ruling, params, now)?,
            evidence_hash: ruling.evidence_hash,
            ruled_at: voucher.ruled_at,
            in_time: true,
            now,
        };
        compensating.compensate(&breach)?;
        if compensating.voucher.remaining()?.is_zero() {
            compensating.close()?;
        }
        Ok(())
    }
}
