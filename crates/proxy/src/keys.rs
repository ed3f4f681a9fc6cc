//! Keys for applications that are to consume a part of a voucher and no more.
//!
//! The gateway counts: each is a key below a session's, with a budget, models and an end there. What an application gets is a
//! key of the proxy's own, and which of the gateway's it stands for is kept in the folder. So nobody can ask the gateway past the
//! proxy, and every charge is of a request that the proxy has seen.

use crate::gateway::{GatewayClient, GatewayError};
use crate::tab::{self, KeptSession, TabError, unusable, write_durably};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use specie_claims::clock::UnixTime;
use specie_claims::sub_key::{SubKeyRequest, SubKeyState};
use specie_wire::Voucher;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What a key of the proxy's own begins with.
pub(crate) const PREFIX: &str = "sk-specie-proxy-";

/// A key was not made, listed or revoked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The gateway did not do what it was asked.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The key cannot be kept. The gateway's stands unused until it is revoked.
    #[error(transparent)]
    Tab(#[from] TabError),
}

/// A key that was just made.
#[derive(Clone, Debug)]
pub struct Minted {
    /// The proxy's key, for an application; it is kept nowhere.
    pub api_key: String,
    /// What it may do.
    pub state: SubKeyState,
}

/// What is kept of a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptKey {
    /// The key's identity at the gateway.
    pub(crate) id: String,
    /// The session that it is below. Files of earlier versions do not have it.
    #[serde(default)]
    pub(crate) session: Option<String>,
    /// The gateway's key that it stands for.
    pub(crate) api_key: String,
}

/// The keys of a voucher's session. Nothing can be signed with it, so a proxy may serve meanwhile.
#[derive(Clone, Debug)]
pub struct Keys {
    folder: PathBuf,
    terms: Voucher,
    gateway: GatewayClient,
    session: KeptSession,
}

impl Keys {
    /// The keys of the last session that is kept in `folder` for a voucher, if its key still works at `now`.
    pub fn kept(
        folder: &Path,
        terms: &Voucher,
        gateway: &GatewayClient,
        now: UnixTime,
    ) -> Result<Option<Self>, TabError> {
        let live = tab::last_session(folder, terms, now)?;
        Ok(live.map(|session| Self {
            folder: folder.to_owned(),
            terms: *terms,
            gateway: gateway.clone(),
            session,
        }))
    }

    /// When all of them end at the latest.
    pub fn end(&self) -> UnixTime {
        self.session.expires_at
    }

    /// Makes one.
    pub async fn mint(&self, request: &SubKeyRequest) -> Result<Minted, KeyError> {
        let (id, own) = (&self.session.id, &self.session.api_key);
        let minted = self.gateway.mint_key(id, own, request).await?;
        let api_key = new_key();
        let path = path(&self.folder, &self.terms, &api_key);
        let kept = KeptKey {
            id: minted.state.id.clone(),
            session: Some(minted.state.session.clone()),
            api_key: minted.api_key,
        };
        let text = serde_json::to_vec(&kept).expect("it has string keys only");
        write_durably(&path, &text).map_err(unusable(&path))?;
        Ok(Minted {
            api_key,
            state: minted.state,
        })
    }

    /// All of the session's, the first one first.
    pub async fn list(&self) -> Result<Vec<SubKeyState>, GatewayError> {
        let (id, own) = (&self.session.id, &self.session.api_key);
        self.gateway.keys(id, own).await
    }

    /// Revokes one.
    pub async fn revoke(&self, key: &str) -> Result<SubKeyState, GatewayError> {
        let (id, own) = (&self.session.id, &self.session.api_key);
        self.gateway.revoke_key(id, own, key).await
    }
}

/// What is kept in `folder` of a key of the proxy's own, if it is of this voucher. It may be made while the proxy runs, so each request looks.
pub(crate) fn find(
    folder: &Path,
    terms: &Voucher,
    api_key: &str,
) -> Result<Option<KeptKey>, TabError> {
    let path = path(folder, terms, api_key);
    match std::fs::read(&path) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(kept) => Ok(Some(kept)),
            Err(error) => Err(unusable(&path)(error.into())),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(&path)(error)),
    }
}

/// 256 bits of chance.
fn new_key() -> String {
    let chance: [u8; 32] = rand::random();
    format!("{PREFIX}{}", hex(&chance))
}

/// A file is named by its key's hash, so that a folder tells nobody who looks at it a key.
fn path(folder: &Path, terms: &Voucher, api_key: &str) -> PathBuf {
    let hash = hex(&Sha256::digest(api_key));
    folder.join(format!("{}-{hash}.key", tab::name(terms)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
