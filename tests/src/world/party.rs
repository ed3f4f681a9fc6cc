//! Whoever acts in a world. Every key follows from the world's seed and a name, so that a run repeats itself.

use {
    sha2::{Digest, Sha256},
    solana_keypair::Keypair,
    solana_pubkey::Pubkey,
    solana_signer::Signer,
    specie_client::instruction::Signed,
    specie_wire::{Key, Message, SigningKey},
    std::sync::Arc,
};

/// A key pair: signs transactions, and the messages of specie-wire.
#[derive(Clone)]
pub struct Party {
    keypair: Arc<Keypair>,
    signing: SigningKey,
}

impl Party {
    /// The party of a name in the world of a seed.
    pub fn named(seed: u64, name: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update(name);
        Self::from_secret(hash.finalize().into())
    }

    /// The party of a secret key.
    pub fn from_secret(secret: [u8; 32]) -> Self {
        Self {
            keypair: Arc::new(Keypair::new_from_array(secret)),
            signing: SigningKey::from_bytes(&secret),
        }
    }

    /// The party's address.
    pub fn address(&self) -> Pubkey {
        self.keypair.pubkey()
    }

    /// Its public key's bytes.
    pub fn key(&self) -> Key {
        self.address().to_bytes()
    }

    /// What signs transactions.
    pub fn keypair(&self) -> &Keypair {
        &self.keypair
    }

    /// Its signature over a message for `cluster`.
    pub fn sign<M: Message>(&self, message: &M, cluster: &Key) -> Signed {
        (
            self.key(),
            specie_wire::sign(message, cluster, &self.signing),
        )
    }

    /// Its signature over any bytes.
    pub fn sign_bytes(&self, bytes: &[u8]) -> Signed {
        (self.key(), self.keypair.sign_message(bytes).into())
    }
}

/// A vendor with its vault.
#[derive(Clone)]
pub struct Vendor {
    /// The vendor.
    pub party: Party,
    /// Signs vouchers off chain.
    pub issuer: Party,
    /// Settles.
    pub operator: Party,
    /// The vault.
    pub vault: Pubkey,
    /// The vault's collateral account.
    pub collateral: Pubkey,
    /// The vendor's own account of the collateral token: deposits come from it.
    pub stable: Pubkey,
    /// Another account of that token: the fees of its issues are paid from it.
    pub fees: Pubkey,
    /// What sales pay to.
    pub payout: Pubkey,
    /// The vendor's account of the currency's token.
    pub tokens: Pubkey,
}

/// Somebody who buys, holds and redeems.
#[derive(Clone)]
pub struct Holder {
    /// The holder.
    pub party: Party,
    /// Their account of the collateral token.
    pub stable: Pubkey,
    /// Their account of the currency's token.
    pub tokens: Pubkey,
}

/// A voucher as its holder knows it.
#[derive(Clone)]
pub struct Session {
    /// Signs receipts.
    pub party: Party,
    /// The voucher.
    pub voucher: Pubkey,
    /// The vault that owes.
    pub vault: Pubkey,
    /// Who redeemed.
    pub owner: Holder,
    /// Who paid the rent.
    pub rent_payer: Party,
    /// When it was opened.
    pub opened_at: i64,
}
