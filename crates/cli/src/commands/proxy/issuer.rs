//! Who a vault's issuer is, as the chain says while a proxy or a lease runs.

use crate::core::{chain::Chain, context::Context, error::CliError};
use solana_pubkey::Pubkey;
use specie_client::state;
use specie_proxy::{IssuerFuture, NamedIssuer, VaultIssuer};
use specie_wire::Key;
use std::sync::Arc;

/// The chain, asked beside what is being served.
struct ByRpc(Arc<Chain>);

impl VaultIssuer for ByRpc {
    fn issuer(&self, vault: Key) -> IssuerFuture<'_> {
        let chain = Arc::clone(&self.0);
        Box::pin(async move {
            let read = move || chain.specie::<state::Vault>(&Pubkey::new_from_array(vault));
            match tokio::task::spawn_blocking(read).await {
                Ok(Ok(account)) => Ok(account.issuer.to_bytes()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(error) => Err(format!("the chain was not asked: {error}")),
            }
        })
    }
}

/// Who says which key is a vault's issuer: the chain, unless the holder has.
pub(super) fn source(
    context: &Context,
    named: Option<Pubkey>,
) -> Result<Arc<dyn VaultIssuer>, CliError> {
    match named {
        Some(_) => Ok(Arc::new(NamedIssuer)),
        None => {
            let chain = Chain::new(context.settings()?, context.output)?;
            Ok(Arc::new(ByRpc(Arc::new(chain))))
        }
    }
}
