//! One method for each instruction of a dispute, as an honest caller makes it.

use {
    super::{CLUSTER, Call, Party, Session, Vendor, World},
    specie_client::instruction as ix,
    specie_wire::Ruling,
};

impl World {
    /// A vendor's operator declines a voucher.
    pub fn release_voucher(&self, vendor: &Vendor, session: &Session) -> Call {
        let account = self.voucher_state(session);
        let operator = &vendor.operator;
        let instruction = ix::release_voucher(
            self.mint,
            session.voucher,
            &account,
            operator.address(),
            None,
        );
        Call::new([instruction], &[operator])
    }

    /// The owner of a voucher challenges its vendor.
    pub fn challenge(&self, session: &Session) -> Call {
        let account = self.voucher_state(session);
        let owner = &session.owner.party;
        let instruction = ix::challenge(self.currency, session.voucher, &account, owner.address());
        Call::new([instruction], &[owner])
    }

    /// A vendor's operator answers a challenge with the issuer's signature.
    pub fn answer(&self, vendor: &Vendor, session: &Session) -> Call {
        self.answer_signed_by(vendor, session, &vendor.issuer)
    }

    /// The same with somebody's signature.
    pub fn answer_signed_by(&self, vendor: &Vendor, session: &Session, signer: &Party) -> Call {
        let account = self.voucher_state(session);
        let signed = signer.sign(&account.terms(&session.voucher), &CLUSTER);
        let instructions = ix::answer(
            self.currency,
            vendor.operator.address(),
            &CLUSTER,
            &account.terms(&session.voucher),
            signed,
        );
        Call::new(instructions, &[&vendor.operator])
    }

    fn compensation(&self, session: &Session) -> ix::Compensation {
        ix::Compensation {
            mint: self.mint,
            voucher: session.voucher,
            collateral_mint: self.stable_mint,
            cash_to: None,
            tokens_to: None,
        }
    }

    /// Anybody has an unanswered challenge paid.
    pub fn compensate(&self, session: &Session) -> Call {
        let account = self.voucher_state(session);
        let instruction = ix::compensate(&self.compensation(session), &account);
        Call::new([instruction], &[])
    }

    /// A ruling over units of a voucher, decided now.
    pub fn ruling(&self, session: &Session, units: u64) -> Ruling {
        Ruling {
            voucher: session.voucher.to_bytes(),
            evidence_hash: [0xe5; 32],
            quorum_epoch: self.quorum_state().epoch.get(),
            units,
            ruled_at: self.chain.now(),
        }
    }

    /// The owner brings a ruling that the quorum signs.
    pub fn rule_breach(&self, session: &Session, ruling: &Ruling) -> Call {
        let account = self.voucher_state(session);
        let signed = self.signed_by_quorum(ruling);
        let compensation = self.compensation(session);
        Call::new(
            ix::rule_breach(&compensation, &account, &CLUSTER, ruling, &signed),
            &[&session.owner.party],
        )
    }
}
