//! The chain as Solana RPC nodes tell it, at finality.
//!
//! [`node`] asks one by its [`transport`], [`nodes`] several as if they were one, by what [`agreement`] says of their answers counts; [`transaction`]
//! builds what is sent, for what [`fees`] bid.

mod agreement;
mod fees;
mod node;
mod nodes;
mod transaction;
mod transport;

pub use agreement::Agreement;
pub use fees::Fees;

use super::{
    Chain, ChainError, ChainFuture, Errand, Outcome, PreparedTransaction, Reading, Tip, VaultFacts,
    VoucherFacts,
};
use node::discriminator;
use nodes::Nodes;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use specie_claims::clock::UnixTime;
use specie_client::account::SpecieAccount;
use specie_client::address;
use specie_client::quote::Health;
use specie_client::refusal::Refusal;
use specie_client::state::{Currency, Standard, Vault, Voucher};
use specie_client::units::Timestamp;
use specie_service::signer::Signer;
use std::sync::Arc;
use tokio::sync::OnceCell;
use transaction::Place;

/// Blocks for which a blockhash is good on any cluster, and some more; a node that promises longer is not believed.
const BLOCKHASH_LIFE: u64 = 300;

/// Where the chain is asked, and how.
#[derive(Clone, Debug)]
pub struct RpcConfig {
    /// The nodes.
    pub urls: Vec<String>,
    /// How many of them must agree.
    pub agreement: Agreement,
    /// What transactions bid.
    pub fees: Fees,
}

/// What a vault can deliver beside what it owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Work that its attested capacity still delivers, in TFLOP.
    pub capacity_work: u128,
    /// Work that it owes, in TFLOP.
    pub owed_work: u64,
    /// Until when its attestation counts, in Unix seconds; 0 where there was none.
    pub counts_until: i64,
    /// The chain's time of all this.
    pub now: i64,
}

/// One vault, seen through one or several nodes.
pub struct RpcChain {
    nodes: Nodes,
    fees: Fees,
    vault: Pubkey,
    operator: Arc<dyn Signer>,
    place: OnceCell<Place>,
}

impl RpcChain {
    /// Asks nodes about `vault`; `operator` signs and pays for transactions.
    pub fn new(config: &RpcConfig, vault: Pubkey, operator: Arc<dyn Signer>) -> Self {
        Self {
            nodes: Nodes::new(&config.urls, config.agreement),
            fees: config.fees,
            vault,
            operator,
            place: OnceCell::new(),
        }
    }

    async fn account<T: SpecieAccount>(&self, address: Pubkey) -> Result<T, ChainError> {
        let (_, mut found) = self.nodes.accounts(&[address]).await?;
        let found = found.pop().flatten();
        found
            .and_then(|account| T::decode(&account.owner, &account.data).ok())
            .ok_or_else(|| {
                ChainError::Unexpected(format!(
                    "no finalized {} of Specie is at {address}; is the address or the RPC of another cluster?",
                    T::NAME
                ))
            })
    }

    /// The vault's currency, and the cluster that both the currency and the nodes must be of.
    async fn place(&self) -> Result<Place, ChainError> {
        let read = async {
            let vault: Vault = self.account(self.vault).await?;
            let currency: Currency = self.account(vault.currency).await?;
            self.nodes.require_cluster(currency.cluster).await?;
            Ok(Place {
                vault: self.vault,
                currency: vault.currency,
                mint: currency.mint,
                defaulted: vault.has_been_assessed(),
                cluster: currency.cluster,
            })
        };
        self.place.get_or_try_init(|| read).await.copied()
    }

    async fn read_vault(&self) -> Result<VaultFacts, ChainError> {
        let Place {
            currency, cluster, ..
        } = self.place().await?;
        let vault: Vault = self.account(self.vault).await?;
        let rules: Currency = self.account(currency).await?;
        Ok(VaultFacts {
            vault: self.vault,
            currency,
            cluster,
            issuer: vault.issuer,
            operator: vault.operator,
            classes: vault.classes,
            challenges: vault.challenges.get(),
            dispute_window: i64::from(rules.params.dispute_window.get()),
            answer_window: i64::from(rules.params.answer_window.get()),
            defaulted: vault.has_been_assessed(),
        })
    }

    /// What the vault can deliver and owes at a time of the chain's.
    pub async fn standing(&self, now: UnixTime) -> Result<Standing, ChainError> {
        let mut vault: Vault = self.account(self.vault).await?;
        let currency: Currency = self.account(vault.currency).await?;
        let standard = address::standard(&vault.currency);
        let standard: Standard = self.account(standard).await?;
        let beyond = |refusal: Refusal| ChainError::Unexpected(refusal.to_string());
        let health = Health::of(&currency, &standard, &vault, now.0).map_err(beyond)?;
        vault.promote_pending(Timestamp::new(now.0));
        let ttl = i64::from(currency.params.attestation_ttl.get());
        let attested_at = vault.attested.attested_at.get();
        let counts_until = match attested_at {
            0 => 0,
            _ => vault
                .attested
                .ends_at
                .get()
                .min(attested_at.saturating_add(ttl)),
        };
        Ok(Standing {
            capacity_work: health.capacity_work,
            owed_work: health.owed_work,
            counts_until,
            now: now.0,
        })
    }

    async fn read_vouchers(&self, addresses: &[Pubkey]) -> Result<Reading, ChainError> {
        let (slot, accounts) = self.nodes.accounts(addresses).await?;
        let mut vouchers = Vec::with_capacity(addresses.len());
        for (address, account) in addresses.iter().zip(accounts) {
            // Another program's account is no voucher, and neither is one of another kind; what is one and cannot be read says nothing.
            let account = account.filter(|account| {
                let voucher = discriminator::<Voucher>();
                let kind = account.data.get(..voucher.len());
                account.owner == specie_client::PROGRAM_ID
                    && kind.is_none_or(|kind| kind == voucher)
            });
            let facts = account.map(|account| {
                let voucher = Voucher::decode(&account.owner, &account.data).map_err(|_| {
                    ChainError::OutOfReach(format!("the voucher account {address} cannot be read"))
                })?;
                Ok::<_, ChainError>(facts_of(*address, &voucher))
            });
            vouchers.push(facts.transpose()?);
        }
        Ok(Reading { slot, vouchers })
    }

    /// Nobody has to agree on what recent blocks asked for: the cap bounds a lie.
    async fn recent_fees(&self) -> Vec<u64> {
        if self.fees.percentile == 0 {
            return Vec::new();
        }
        let recent = self.nodes.any(|node| node.recent_fees(self.vault)).await;
        recent.unwrap_or_else(|error| {
            tracing::debug!(%error, "reading recent fees failed; only the floor is bid");
            Vec::new()
        })
    }

    async fn build(
        &self,
        errand: &Errand,
        urgency: u32,
    ) -> Result<PreparedTransaction, ChainError> {
        let place = self.place().await?;
        let height = self.nodes.tip().await?.block_height;
        let bid = self.fees.bid(&self.recent_fees().await, urgency);
        // With one that is made up a transaction expires, and the next one has another node's.
        let (blockhash, last_valid) = self.nodes.any(|node| node.blockhash()).await?;
        let operator = self.operator.as_ref();
        let vault: Vault = self.account(self.vault).await?;
        let place = Place {
            defaulted: vault.has_been_assessed(),
            ..place
        };
        let transaction = transaction::build(errand, place, operator, blockhash, bid).await?;
        let bytes = wincode::serialize(&transaction)
            .map_err(|error| ChainError::Unexpected(error.to_string()))?;
        Ok(PreparedTransaction {
            signature: transaction.signatures[0],
            bytes,
            last_valid_block_height: last_valid.min(height.saturating_add(BLOCKHASH_LIFE)),
            bid,
        })
    }

    /// The finalized balance of an account, in lamports, as one node says.
    pub async fn lamports(&self, address: Pubkey) -> Result<u64, ChainError> {
        self.nodes.any(|node| node.lamports(address)).await
    }

    /// What was settled of each voucher of the vault, as one node lists them.
    pub async fn settled(&self) -> Result<Vec<(Pubkey, u64)>, ChainError> {
        self.nodes.any(|node| node.settled(&self.vault)).await
    }

    /// What a settlement of [`RECEIPTS_PER_TRANSACTION`](super::RECEIPTS_PER_TRANSACTION) receipts bids at most beyond its
    /// signatures' fees, in lamports, rounded up.
    pub fn priority_fee(&self) -> u64 {
        transaction::settlement_limit(super::RECEIPTS_PER_TRANSACTION)
            .saturating_mul(self.fees.cap)
            .div_ceil(1_000_000)
    }
}

impl Chain for RpcChain {
    fn operator(&self) -> Pubkey {
        Pubkey::new_from_array(self.operator.public_key())
    }

    fn tip(&self) -> ChainFuture<'_, Tip> {
        Box::pin(self.nodes.tip())
    }

    fn vault(&self) -> ChainFuture<'_, VaultFacts> {
        Box::pin(self.read_vault())
    }

    fn vouchers<'a>(&'a self, addresses: &'a [Pubkey]) -> ChainFuture<'a, Reading> {
        Box::pin(self.read_vouchers(addresses))
    }

    fn challenged(&self) -> ChainFuture<'_, Vec<Pubkey>> {
        Box::pin(self.nodes.challenged(&self.vault))
    }

    fn prepare<'a>(
        &'a self,
        errand: &'a Errand,
        urgency: u32,
    ) -> ChainFuture<'a, PreparedTransaction> {
        Box::pin(self.build(errand, urgency))
    }

    fn send<'a>(&'a self, transaction: &'a [u8]) -> ChainFuture<'a, ()> {
        Box::pin(self.nodes.send(transaction))
    }

    fn outcome(&self, signature: Signature) -> ChainFuture<'_, Option<Outcome>> {
        Box::pin(self.nodes.outcome(signature))
    }
}

fn facts_of(address: Pubkey, voucher: &Voucher) -> VoucherFacts {
    let time = |time: specie_client::units::Timestamp| UnixTime(time.get());
    VoucherFacts {
        voucher: address,
        vault: voucher.vault,
        session: voucher.session.to_bytes(),
        rent_payer: voucher.rent_payer,
        class: voucher.class,
        units: voucher.units.get(),
        work_per_scu: voucher.work_per_scu.get(),
        settled: voucher.settled.get(),
        compensated: voucher.compensated.get(),
        opened_at: time(voucher.opened_at),
        expires_at: time(voucher.expires_at),
        closing_at: Some(time(voucher.closing_at)).filter(|at| at.0 != 0),
        challenged_until: Some(time(voucher.challenged_until)).filter(|at| at.0 != 0),
    }
}
