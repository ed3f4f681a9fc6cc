//! A voucher's leases, to look at and to stop.

use super::{KEY_MARGIN, TenantError};
use crate::gateway::GatewayClient;
use crate::tab::{self, TabError};
use specie_claims::api::answer::List;
use specie_claims::api::path::{self, segments};
use specie_claims::clock::UnixTime;
use specie_claims::lease::LeaseState;
use specie_wire::Voucher;
use std::path::Path;

/// A voucher's leases, by a session's key. Nothing can be signed with it, so whoever pays for one may do so meanwhile.
#[derive(Clone, Debug)]
pub struct Leases {
    gateway: GatewayClient,
    api_key: String,
}

impl Leases {
    pub(super) fn new(gateway: GatewayClient, api_key: String) -> Self {
        Self { gateway, api_key }
    }

    /// Leases by the last key that is kept in `folder` for a voucher, if it still works at `now`.
    pub fn kept(
        folder: &Path,
        terms: &Voucher,
        gateway: &GatewayClient,
        now: UnixTime,
    ) -> Result<Option<Self>, TabError> {
        let live = tab::last_session(folder, terms, now.plus(KEY_MARGIN))?;
        Ok(live.map(|session| Self::new(gateway.clone(), session.api_key)))
    }

    /// A lease as it is now.
    pub async fn show(&self, id: &str) -> Result<LeaseState, TenantError> {
        let path = segments(path::LEASE, &[id]);
        Ok(self.gateway.get(&path, Some(&self.api_key)).await?)
    }

    /// All of them, the latest first.
    pub async fn list(&self) -> Result<Vec<LeaseState>, TenantError> {
        let list: List<LeaseState> = self
            .gateway
            .get(&segments(path::LEASES, &[]), Some(&self.api_key))
            .await?;
        Ok(list.data)
    }

    /// Stops one; its job has its grace period.
    pub async fn stop(&self, id: &str) -> Result<LeaseState, TenantError> {
        let path = segments(path::LEASE_STOP, &[id]);
        let nothing = serde_json::json!({});
        Ok(self
            .gateway
            .post(&path, Some(&self.api_key), &nothing)
            .await?)
    }
}
