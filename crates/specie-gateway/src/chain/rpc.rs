//! The chain as a Solana RPC node tells it, at finality.

use super::{
    Chain, ChainError, ChainFuture, Outcome, PreparedTransaction, RECEIPTS_PER_TRANSACTION,
    SettleReceipt, Tip, VaultFacts, VoucherFacts,
};
use crate::clock::UnixTime;
use crate::signer::{Purpose, Signer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use solana_commitment_config::CommitmentConfig;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_pubkey::Pubkey;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind};
use solana_rpc_client_api::request::{RpcError, RpcRequest, RpcResponseErrorData};
use solana_signature::Signature;
use solana_transaction::{Message, Transaction};
use specie_client::account::SpecieAccount;
use specie_client::instruction::{SignedReceipt, settle};
use specie_client::state::{Currency, Vault, Voucher};
use specie_wire::{Key, Receipt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Compute units that a settlement may use: several times what was measured, since the limit also bounds its price.
const UNITS_PER_TRANSACTION: u32 = 8_000;
const UNITS_PER_RECEIPT: u32 = 4_000;

/// Where the chain's clock stands in the clock sysvar: after slot, epoch start, epoch and leader epoch.
const CLOCK_TIME: std::ops::Range<usize> = 32..40;

/// One vault, seen through one node.
pub struct RpcChain {
    rpc: RpcClient,
    vault: Pubkey,
    operator: Arc<dyn Signer>,
    compute_unit_price: u64,
    deployment: OnceCell<Deployment>,
}

/// What never changes about a vault.
#[derive(Clone, Copy, Debug)]
struct Deployment {
    currency: Pubkey,
    cluster: Key,
}

impl RpcChain {
    /// Asks the node at `url` about `vault`; `operator` pays for settlements, and bids `compute_unit_price`
    /// micro-lamports for each compute unit.
    pub fn new(
        url: &str,
        vault: Pubkey,
        operator: Arc<dyn Signer>,
        compute_unit_price: u64,
    ) -> Self {
        Self {
            rpc: RpcClient::new_with_timeout_and_commitment(
                url.to_owned(),
                PATIENCE,
                CommitmentConfig::finalized(),
            ),
            vault,
            operator,
            compute_unit_price,
            deployment: OnceCell::new(),
        }
    }

    async fn accounts<T: SpecieAccount>(
        &self,
        addresses: &[Pubkey],
    ) -> Result<Vec<Option<T>>, ChainError> {
        let accounts = self.rpc.get_multiple_accounts(addresses).await?;
        let decode = |account: Option<solana_account::Account>| {
            account.and_then(|account| T::decode(&account.owner, &account.data).ok())
        };
        Ok(accounts.into_iter().map(decode).collect())
    }

    async fn account<T: SpecieAccount>(&self, address: Pubkey) -> Result<T, ChainError> {
        let found = self.accounts(&[address]).await?.pop().flatten();
        found.ok_or_else(|| {
            ChainError::Unexpected(format!(
                "no finalized {} of Specie is at {address}; is the address or the RPC of another cluster?",
                T::NAME
            ))
        })
    }

    /// The vault's currency, and the cluster that both the currency and the node must be of.
    async fn deployment(&self) -> Result<&Deployment, ChainError> {
        let read = async {
            let vault: Vault = self.account(self.vault).await?;
            let currency: Currency = self.account(vault.currency).await?;
            let genesis = self.rpc.get_genesis_hash().await?;
            if genesis.to_bytes() != currency.cluster {
                return Err(ChainError::Unexpected(format!(
                    "the RPC is of cluster {genesis}, the currency of {}",
                    Pubkey::new_from_array(currency.cluster)
                )));
            }
            Ok(Deployment {
                currency: vault.currency,
                cluster: currency.cluster,
            })
        };
        self.deployment.get_or_try_init(|| read).await
    }

    async fn read_vault(&self) -> Result<VaultFacts, ChainError> {
        let Deployment { currency, cluster } = *self.deployment().await?;
        let vault: Vault = self.account(self.vault).await?;
        let rules: Currency = self.account(currency).await?;
        Ok(VaultFacts {
            vault: self.vault,
            currency,
            cluster,
            issuer: vault.issuer,
            classes: vault.classes,
            dispute_window: i64::from(rules.params.dispute_window.get()),
        })
    }

    async fn read_tip(&self) -> Result<Tip, ChainError> {
        let clock = solana_sdk_ids::sysvar::clock::ID;
        // The height first: the time is then of that block or a later one.
        let block_height = self.rpc.get_block_height().await?;
        let clock = self.rpc.get_multiple_accounts(&[clock]).await?;
        let time = clock
            .first()
            .and_then(Option::as_ref)
            .and_then(|clock| clock.data.get(CLOCK_TIME))
            .and_then(|bytes| bytes.try_into().ok())
            .map(i64::from_le_bytes)
            .ok_or_else(|| ChainError::Unexpected("the node knows no clock".to_owned()))?;
        Ok(Tip {
            block_height,
            time: UnixTime(time),
        })
    }

    async fn build(&self, receipts: &[SettleReceipt]) -> Result<PreparedTransaction, ChainError> {
        if receipts.is_empty() || receipts.len() > RECEIPTS_PER_TRANSACTION {
            return Err(ChainError::Unexpected(format!(
                "a transaction holds 1 to {RECEIPTS_PER_TRANSACTION} receipts"
            )));
        }
        let Deployment { currency, cluster } = *self.deployment().await?;
        let (blockhash, last_valid_block_height) = self
            .rpc
            .get_latest_blockhash_with_commitment(CommitmentConfig::finalized())
            .await?;
        let receipts: Vec<_> = receipts.iter().map(signed).collect();
        let [check, settle] = settle(currency, self.vault, &cluster, &receipts);
        let limit = UNITS_PER_TRANSACTION + UNITS_PER_RECEIPT * receipts.len() as u32;
        let instructions = [
            ComputeBudgetInstruction::set_compute_unit_limit(limit),
            ComputeBudgetInstruction::set_compute_unit_price(self.compute_unit_price),
            check,
            settle,
        ];
        let payer = Pubkey::new_from_array(self.operator.public_key());
        let message = Message::new_with_blockhash(&instructions, Some(&payer), &blockhash);
        let signature = self
            .operator
            .sign(Purpose::Transaction, &message.serialize())
            .await?;
        let transaction = Transaction {
            signatures: vec![signature.into()],
            message,
        };
        let bytes = wincode::serialize(&transaction)
            .map_err(|error| ChainError::Unexpected(error.to_string()))?;
        Ok(PreparedTransaction {
            signature: transaction.signatures[0],
            bytes,
            last_valid_block_height,
        })
    }

    async fn submit(&self, transaction: &[u8]) -> Result<(), ChainError> {
        let parameters = json!([
            STANDARD.encode(transaction),
            {"encoding": "base64", "preflightCommitment": "confirmed"}
        ]);
        let _signature: String = self
            .rpc
            .send(RpcRequest::SendTransaction, parameters)
            .await?;
        Ok(())
    }

    async fn find(&self, signature: Signature) -> Result<Option<Outcome>, ChainError> {
        let statuses = self
            .rpc
            .get_signature_statuses_with_history(&[signature])
            .await?;
        let Some(status) = statuses.value.into_iter().next().flatten() else {
            return Ok(None);
        };
        Ok(Some(
            if !status.satisfies_commitment(CommitmentConfig::finalized()) {
                Outcome::Unfinalized
            } else if let Some(error) = status.err {
                Outcome::Failed(error.to_string())
            } else {
                Outcome::Finalized
            },
        ))
    }
}

impl RpcChain {
    /// The finalized balance of an account, in lamports.
    pub async fn lamports(&self, address: Pubkey) -> Result<u64, ChainError> {
        Ok(self.rpc.get_balance(&address).await?)
    }

    /// What a settlement of [`RECEIPTS_PER_TRANSACTION`] receipts bids beyond its signatures' fees, in lamports, rounded
    /// up.
    pub fn priority_fee(&self) -> u64 {
        let limit = UNITS_PER_TRANSACTION + UNITS_PER_RECEIPT * RECEIPTS_PER_TRANSACTION as u32;
        u64::from(limit)
            .saturating_mul(self.compute_unit_price)
            .div_ceil(1_000_000)
    }
}

impl Chain for RpcChain {
    fn tip(&self) -> ChainFuture<'_, Tip> {
        Box::pin(self.read_tip())
    }

    fn vault(&self) -> ChainFuture<'_, VaultFacts> {
        Box::pin(self.read_vault())
    }

    fn vouchers<'a>(
        &'a self,
        addresses: &'a [Pubkey],
    ) -> ChainFuture<'a, Vec<Option<VoucherFacts>>> {
        Box::pin(async {
            let vouchers = self.accounts::<Voucher>(addresses).await?;
            let facts = addresses.iter().zip(vouchers);
            Ok(facts
                .map(|(address, voucher)| voucher.map(|voucher| facts_of(*address, &voucher)))
                .collect())
        })
    }

    fn prepare<'a>(
        &'a self,
        receipts: &'a [SettleReceipt],
    ) -> ChainFuture<'a, PreparedTransaction> {
        Box::pin(self.build(receipts))
    }

    fn send<'a>(&'a self, transaction: &'a [u8]) -> ChainFuture<'a, ()> {
        Box::pin(self.submit(transaction))
    }

    fn outcome(&self, signature: Signature) -> ChainFuture<'_, Option<Outcome>> {
        Box::pin(self.find(signature))
    }
}

fn facts_of(address: Pubkey, voucher: &Voucher) -> VoucherFacts {
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
        opened_at: UnixTime(voucher.opened_at.get()),
        expires_at: UnixTime(voucher.expires_at.get()),
        closing_at: Some(UnixTime(voucher.closing_at.get())).filter(|at| at.0 != 0),
    }
}

fn signed(receipt: &SettleReceipt) -> SignedReceipt {
    SignedReceipt {
        receipt: Receipt {
            voucher: receipt.voucher.to_bytes(),
            opened_at: receipt.opened_at.0,
            cumulative: receipt.cumulative,
        },
        session: receipt.session,
        signature: receipt.signature,
        rent_payer: receipt.rent_payer,
    }
}

/// A node's address may hold a secret, so what goes out names the kind of failure and never the address.
impl From<ClientError> for ChainError {
    fn from(error: ClientError) -> Self {
        match error.kind() {
            ErrorKind::RpcError(RpcError::RpcResponseError {
                message,
                data: RpcResponseErrorData::SendTransactionPreflightFailure(_),
                ..
            }) => Self::Refused(message.clone()),
            ErrorKind::RpcError(RpcError::RpcResponseError { code, message, .. }) => {
                Self::OutOfReach(format!("the RPC node answers {code}: {message}"))
            }
            ErrorKind::Reqwest(_) | ErrorKind::Io(_) | ErrorKind::Middleware(_) => {
                Self::OutOfReach("the RPC node does not answer".to_owned())
            }
            _ => Self::OutOfReach("the RPC node's answer cannot be read".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size limit of a transaction on the wire.
    const PACKET: usize = 1_232;

    fn size(receipts: usize) -> usize {
        let receipts: Vec<_> = (0..receipts)
            .map(|n| {
                signed(&SettleReceipt {
                    voucher: Pubkey::new_unique(),
                    opened_at: UnixTime(1),
                    cumulative: n as u64,
                    session: [n as u8; 32],
                    rent_payer: Pubkey::new_unique(),
                    signature: [0; 64],
                })
            })
            .collect();
        let [check, settle] = settle(
            Pubkey::new_unique(),
            Pubkey::new_unique(),
            &[9; 32],
            &receipts,
        );
        let instructions = [
            ComputeBudgetInstruction::set_compute_unit_limit(1),
            ComputeBudgetInstruction::set_compute_unit_price(1),
            check,
            settle,
        ];
        let message = Message::new(&instructions, Some(&Pubkey::new_unique()));
        wincode::serialize(&Transaction::new_unsigned(message))
            .unwrap()
            .len()
    }

    #[test]
    fn a_transaction_holds_as_many_receipts_as_are_put_in_one_and_no_more() {
        let full = size(RECEIPTS_PER_TRANSACTION);
        assert!(full <= PACKET, "{full}");
        assert!(size(RECEIPTS_PER_TRANSACTION + 1) > PACKET);
    }
}
