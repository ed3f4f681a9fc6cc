//! One method for each instruction, as an honest caller makes it.

use {
    super::{CLUSTER, Call, Holder, Party, Session, Vendor, World},
    solana_pubkey::Pubkey,
    specie::instructions::{CreateCurrencyArgs, OpenVaultArgs, UpdateVaultArgs},
    specie_client::{
        account::SpecieAccount as _,
        address,
        instruction::{self as ix, Signed, SignedReceipt},
        state::{Class, Offer, Vault, Voucher},
        units::Units,
    },
    specie_wire::{Capacity, Message, Price, Receipt},
};

/// A change of nothing.
pub const NO_UPDATE: UpdateVaultArgs = UpdateVaultArgs {
    issuer: None,
    operator: None,
    classes: None,
    offer: None,
    vendor: None,
};

impl World {
    /// Founds the currency.
    pub fn create_currency(&self, args: CreateCurrencyArgs) -> Call {
        let authority = self.authority.address();
        let instruction =
            ix::create_currency(authority, self.mint, self.stable_mint, self.treasury, args);
        Call::new([instruction], &[&self.authority])
    }

    /// The guardian pauses for so many seconds.
    pub fn pause(&self, seconds: i64) -> Call {
        let until = self.chain.now() + seconds;
        let instruction = ix::pause(self.currency, self.guardian.address(), until);
        Call::new([instruction], &[&self.guardian])
    }

    /// The authority ends a pause.
    pub fn resume(&self) -> Call {
        let instruction = ix::resume(self.currency, self.authority.address());
        Call::new([instruction], &[&self.authority])
    }

    /// The first attestors of the quorum, as many as the threshold says, sign a message.
    pub fn signed_by_quorum<M: Message>(&self, message: &M) -> Vec<Signed> {
        let signers = self.attestors.iter().take(self.threshold.into());
        signers.map(|party| party.sign(message, &CLUSTER)).collect()
    }

    /// The next price, observed now.
    pub fn price_message(&self, price: u64) -> Price {
        Price {
            currency: self.currency.to_bytes(),
            quorum_epoch: self.quorum_state().epoch.get(),
            sequence: self.standard_state().price_sequence.get() + 1,
            price,
            published_at: self.chain.now(),
        }
    }

    /// Brings the next price.
    pub fn post_price(&self, price: u64) -> Call {
        self.post(&self.price_message(price))
    }

    /// Brings a price that the quorum signs.
    pub fn post(&self, price: &Price) -> Call {
        Call::new(
            ix::post_price(&CLUSTER, price, &self.signed_by_quorum(price)),
            &[],
        )
    }

    /// A vendor opens its vault, and the authority admits it and pays the rent.
    pub fn open_vault(&self, vendor: &Vendor, limit: u64, classes: u8) -> Call {
        let payer = self.authority.address();
        let open = ix::OpenVault {
            currency: self.currency,
            collateral_mint: self.stable_mint,
            payer,
            vendor: vendor.party.address(),
            authority: self.authority.address(),
            payout: vendor.payout,
        };
        let args = OpenVaultArgs {
            issuer: vendor.issuer.address(),
            operator: vendor.operator.address(),
            limit: Units::new(limit),
            classes,
        };
        Call::new(
            [ix::open_vault(&open, args)],
            &[&vendor.party, &self.authority],
        )
    }

    /// A vendor changes its vault.
    pub fn update_vault(&self, vendor: &Vendor, args: UpdateVaultArgs) -> Call {
        let vault = self.vault_state(vendor);
        let instruction = ix::update_vault(vendor.vault, &vault, vendor.payout, args);
        Call::new([instruction], &[&vendor.party])
    }

    /// A vendor makes an offer.
    pub fn make_offer(&self, vendor: &Vendor, offer: Offer) -> Call {
        let offer = Some(offer);
        self.update_vault(vendor, UpdateVaultArgs { offer, ..NO_UPDATE })
    }

    /// The next capacity of a vault, measured now.
    pub fn capacity_message(&self, vendor: &Vendor, rate: u64, ends_at: i64) -> Capacity {
        let sequence = self.vault_state(vendor).attestation_sequence.get() + 1;
        Capacity {
            currency: self.currency.to_bytes(),
            vault: vendor.vault.to_bytes(),
            inventory_hash: [sequence as u8; 32],
            quorum_epoch: self.quorum_state().epoch.get(),
            sequence,
            rate,
            ends_at,
            attested_at: self.chain.now(),
        }
    }

    /// Brings the next capacity of a vault.
    pub fn attest_capacity(&self, vendor: &Vendor, rate: u64, ends_at: i64) -> Call {
        self.attest(&self.capacity_message(vendor, rate, ends_at))
    }

    /// Brings a capacity that the quorum signs.
    pub fn attest(&self, capacity: &Capacity) -> Call {
        let signed = self.signed_by_quorum(capacity);
        Call::new(ix::attest_capacity(&CLUSTER, capacity, &signed), &[])
    }

    /// An attestor vetoes a vault's pending attestation.
    pub fn veto_attestation(&self, vendor: &Vendor, attestor: &Party) -> Call {
        let instruction = ix::veto_attestation(self.currency, vendor.vault, attestor.address());
        Call::new([instruction], &[attestor])
    }

    /// A vendor deposits collateral from its own account.
    pub fn deposit_collateral(&self, vendor: &Vendor, amount: u64) -> Call {
        let party = vendor.party.address();
        let (currency, from) = (self.currency, vendor.stable);
        let instruction = ix::deposit_collateral(currency, vendor.vault, party, from, amount);
        Call::new([instruction], &[&vendor.party])
    }

    /// A vendor requests collateral back.
    pub fn request_withdrawal(&self, vendor: &Vendor, amount: u64) -> Call {
        let party = vendor.party.address();
        let instruction = ix::request_withdrawal(self.currency, vendor.vault, party, amount);
        Call::new([instruction], &[&vendor.party])
    }

    /// A vendor is paid what it requested, to its own account.
    pub fn withdraw_collateral(&self, vendor: &Vendor) -> Call {
        let party = vendor.party.address();
        let instruction =
            ix::withdraw_collateral(self.currency, vendor.vault, party, vendor.stable);
        Call::new([instruction], &[&vendor.party])
    }

    /// A vendor issues tokens.
    pub fn issue(&self, vendor: &Vendor, to: &Pubkey, tokens: u64) -> Call {
        self.issue_for(vendor, to, tokens, u64::MAX)
    }

    /// A vendor issues tokens and pays at most so much as a fee.
    pub fn issue_for(&self, vendor: &Vendor, to: &Pubkey, tokens: u64, max_fee: u64) -> Call {
        let issue = ix::Issue {
            mint: self.mint,
            vault: vendor.vault,
            vendor: vendor.party.address(),
            from: vendor.fees,
            to: *to,
            tokens,
            max_fee,
        };
        Call::new([ix::issue(&issue)], &[&vendor.party])
    }

    /// A holder buys tokens at whatever they cost.
    pub fn purchase(&self, buyer: &Holder, vendor: &Vendor, tokens: u64) -> Call {
        self.purchase_for(buyer, vendor, tokens, u64::MAX)
    }

    /// A holder buys tokens for at most so much.
    pub fn purchase_for(
        &self,
        buyer: &Holder,
        vendor: &Vendor,
        tokens: u64,
        max_payment: u64,
    ) -> Call {
        let purchase = ix::Purchase {
            mint: self.mint,
            vault: vendor.vault,
            payout: self.vault_state(vendor).payout,
            buyer: buyer.party.address(),
            from: buyer.stable,
            to: buyer.tokens,
            tokens,
            max_payment,
        };
        Call::new([ix::purchase(&purchase)], &[&buyer.party])
    }

    /// A session that a holder may open at a vault; the holder pays the rent.
    pub fn session(&self, owner: &Holder, vendor: &Vendor, name: &str) -> Session {
        let party = self.party(name);
        Session {
            voucher: address::voucher(&vendor.vault, &party.address()),
            vault: vendor.vault,
            owner: owner.clone(),
            rent_payer: owner.party.clone(),
            opened_at: self.chain.now(),
            party,
        }
    }

    /// A holder redeems tokens for inference.
    pub fn redeem(&self, session: &Session, tokens: u64) -> Call {
        let redeem = ix::Redeem {
            mint: self.mint,
            vault: session.vault,
            owner: session.owner.party.address(),
            session: session.party.address(),
            rent_payer: session.rent_payer.address(),
            tokens,
            class: Class::Inference,
        };
        Call::new(
            [ix::redeem(&redeem)],
            &[&session.owner.party, &session.party, &session.rent_payer],
        )
    }

    /// Opens a voucher of so many tokens of a holder's at a vault.
    pub fn opened(&mut self, owner: &Holder, vendor: &Vendor, name: &str, tokens: u64) -> Session {
        let session = self.session(owner, vendor, name);
        let call = self.redeem(&session, tokens);
        self.ok(&call);
        session
    }

    /// The session's receipt over units consumed in all.
    pub fn receipt(&self, session: &Session, cumulative: u64) -> SignedReceipt {
        let receipt = Receipt {
            voucher: session.voucher.to_bytes(),
            opened_at: session.opened_at,
            cumulative,
        };
        let (key, signature) = session.party.sign(&receipt, &CLUSTER);
        SignedReceipt {
            receipt,
            session: key,
            signature,
            rent_payer: session.rent_payer.address(),
        }
    }

    /// Whether a vault is there whose default was assessed.
    fn has_defaulted(&self, vendor: &Vendor) -> bool {
        let account = self.chain.account(&vendor.vault);
        let vault = account.and_then(|a| Vault::decode(&a.owner, &a.data).ok());
        vault.is_some_and(|vault| vault.has_been_assessed())
    }

    /// Anybody settles receipts.
    pub fn settle(&self, vendor: &Vendor, receipts: &[SignedReceipt]) -> Call {
        Call::new(
            ix::settle(
                self.currency,
                vendor.vault,
                self.has_defaulted(vendor).then_some(self.mint),
                &CLUSTER,
                receipts,
            ),
            &[],
        )
    }

    /// The owner starts a voucher's dispute window.
    pub fn request_close(&self, session: &Session) -> Call {
        let owner = &session.owner.party;
        let (vault, voucher) = (session.vault, session.voucher);
        let instruction = ix::request_close(self.currency, vault, voucher, owner.address());
        Call::new([instruction], &[owner])
    }

    /// Anybody returns what was not consumed to the owner.
    pub fn reclaim(&self, session: &Session) -> Call {
        // As much of the voucher's account as the call names: it need not be there yet.
        let account = Voucher {
            vault: session.vault,
            owner: session.owner.party.address(),
            rent_payer: session.rent_payer.address(),
            ..bytemuck::Zeroable::zeroed()
        };
        let instruction = ix::reclaim(self.mint, session.voucher, &account, None);
        Call::new([instruction], &[])
    }
}
