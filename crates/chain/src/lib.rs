//! What the gateway knows of the chain, and the little that it does there.
//!
//! Everything read here is finalized: nothing short of that can be spent. [`rpc`] asks real nodes; `specie-testing` has
//! a chain in memory. [`view`] keeps what was last seen and says when that is too old to act on.
#![forbid(unsafe_code)]

pub mod rpc;
pub mod view;

use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;
pub use specie_claims::voucher::VoucherFacts;
use specie_service::signer::SignerError;

use solana_pubkey::Pubkey;
use solana_signature::Signature;
use specie_wire::Key;

/// Settlements that fit one transaction of 1,232 bytes. The program takes five, for larger transactions to come.
pub const RECEIPTS_PER_TRANSACTION: usize = 3;

/// The same at a vault that has defaulted, where the currency's book and mint take their room.
pub const RECEIPTS_AFTER_DEFAULT: usize = 2;

/// The most receipts that one transaction settles at a vault that has defaulted, or at one that has not.
const fn most_receipts(defaulted: bool) -> usize {
    if defaulted {
        RECEIPTS_AFTER_DEFAULT
    } else {
        RECEIPTS_PER_TRANSACTION
    }
}

/// An answer from the chain, later.
pub type ChainFuture<'a, T> = BoxFuture<'a, Result<T, ChainError>>;

/// What a gateway asks of the chain about its one vault.
pub trait Chain: Send + Sync + 'static {
    /// Who signs and pays for transactions.
    fn operator(&self) -> Pubkey;

    /// The newest finalized moment.
    fn tip(&self) -> ChainFuture<'_, Tip>;

    /// The gateway's vault and the rules of its currency.
    fn vault(&self) -> ChainFuture<'_, VaultFacts>;

    /// Reads the voucher accounts at these addresses.
    fn vouchers<'a>(&'a self, addresses: &'a [Pubkey]) -> ChainFuture<'a, Reading>;

    /// Where vouchers of the vault may be challenged now. What is found must be read before it is acted on.
    fn challenged(&self) -> ChainFuture<'_, Vec<Pubkey>>;

    /// Builds and signs an errand's transaction, without sending it. The more urgent it is, the more it bids: each step from 0
    /// doubles the bid.
    fn prepare<'a>(
        &'a self,
        errand: &'a Errand,
        urgency: u32,
    ) -> ChainFuture<'a, PreparedTransaction>;

    /// Sends a prepared transaction. Sending one again is harmless: it is the same transaction.
    fn send<'a>(&'a self, transaction: &'a [u8]) -> ChainFuture<'a, ()>;

    /// What became of a transaction; `None` if the chain has not seen it.
    fn outcome(&self, signature: Signature) -> ChainFuture<'_, Option<Outcome>>;
}

/// Why the chain gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// No node answered, or too few did, or with a fault of their own.
    #[error("the chain is out of reach: {0}")]
    OutOfReach(String),
    /// Too few nodes are of the currency's cluster.
    #[error("too few RPC nodes are of the currency's cluster: {0}")]
    OtherCluster(String),
    /// Too few nodes are at about the same slot.
    #[error("an RPC node lags: {0}")]
    Lagging(String),
    /// Too few nodes say the same.
    #[error("the RPC nodes disagree: {0}")]
    Disagreeing(String),
    /// An account is missing or is not what it should be; asking again will not help.
    #[error("{0}")]
    Unexpected(String),
    /// The node refused the transaction before sending it on.
    #[error("the node refused the transaction: {0}")]
    Refused(String),
    /// Nobody signed it.
    #[error("the operator signed no transaction: {0}")]
    Unsigned(#[from] SignerError),
}

impl ChainError {
    /// Whether nodes answered what cannot all be so: nothing that they said before counts any more either.
    pub fn is_distrust(&self) -> bool {
        matches!(
            self,
            Self::OtherCluster(_) | Self::Lagging(_) | Self::Disagreeing(_)
        )
    }
}

/// A finalized moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The height of the block.
    pub block_height: u64,
    /// The chain's own clock there.
    pub time: UnixTime,
}

/// Voucher accounts that were read together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The finalized slot that they were read at.
    pub slot: u64,
    /// The accounts in the order in which they were asked for; `None` where none is finalized.
    pub vouchers: Vec<Option<VoucherFacts>>,
}

/// The vault that this gateway serves for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultFacts {
    /// The vault's address.
    pub vault: Pubkey,
    /// The vault's currency.
    pub currency: Pubkey,
    /// The genesis hash that messages are signed for.
    pub cluster: Key,
    /// The key that signs vouchers.
    pub issuer: Pubkey,
    /// The key that answers challenges.
    pub operator: Pubkey,
    /// The classes offered: bit 0 training, 1 inference, 2 fine-tuning.
    pub classes: u8,
    /// How many of its vouchers are challenged.
    pub challenges: u64,
    /// How long after a voucher's end receipts can still be settled, in seconds.
    pub dispute_window: i64,
    /// How long a challenge may be answered, in seconds; longer, the more there are.
    pub answer_window: i64,
    /// Whether it has defaulted.
    pub defaulted: bool,
}

impl VaultFacts {
    /// The most receipts that one transaction settles.
    pub const fn receipts_per_transaction(&self) -> usize {
        most_receipts(self.defaulted)
    }
}

/// What a transaction does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Settles at most [`RECEIPTS_PER_TRANSACTION`] receipts.
    Settle(Vec<SettleReceipt>),
    /// Answers a challenge.
    Answer(Box<AnsweredVoucher>),
}

/// A challenged voucher as its issuer signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnsweredVoucher {
    /// What was signed.
    pub terms: specie_wire::Voucher,
    /// Who signed.
    pub issuer: Key,
    /// The signature over the message `specie.voucher.1`.
    pub signature: [u8; 64],
}

/// A receipt on its way to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettleReceipt {
    /// The voucher account.
    pub voucher: Pubkey,
    /// When that account was opened.
    pub opened_at: UnixTime,
    /// Units consumed since then.
    pub cumulative: u64,
    /// The key that signed.
    pub session: Key,
    /// Who gets the account's rent if this consumes it.
    pub rent_payer: Pubkey,
    /// The signature over the receipt.
    pub signature: [u8; 64],
}

/// A signed transaction that was not sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedTransaction {
    /// The signature, by which the chain knows the transaction.
    pub signature: Signature,
    /// Its bytes on the wire.
    pub bytes: Vec<u8>,
    /// The last block that may contain it.
    pub last_valid_block_height: u64,
    /// What it bids for a compute unit, in micro-lamports.
    pub bid: u64,
}

/// What became of a transaction that the chain has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// In a block, but not finalized: a fork may still drop it.
    Unfinalized,
    /// Executed, for good.
    Finalized,
    /// Executed and refused by the program, for good.
    Failed(String),
}
