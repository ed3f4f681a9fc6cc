//! A channel's session: opened with what was signed last, kept, resumed, and replaced once its key has ended.

use super::error::signed_elsewhere;
use super::{Channel, ChannelError, Live, lock};
use crate::gateway::{Description, GatewayClient, GatewayError};
use crate::holder::Holder;
use crate::tab::KeptSession;
use solana_pubkey::Pubkey;
use specie_claims::clock::UnixTime;
use specie_claims::session::{OpenRequest, SessionState};
use specie_wire::Key;
use std::sync::Arc;

/// Seconds before its end from which on a key is not used any more.
const KEY_MARGIN: i64 = 5;

impl Channel {
    /// The open session; opens one where there is none, and checks all that was charged before.
    pub async fn session(&self) -> Result<Live, ChannelError> {
        self.require_undisputed()?;
        let mut session = self.session.lock().await;
        let now = self.common.clock.now();
        let kept = session
            .take()
            .filter(|live| now < live.expires_at.plus(-KEY_MARGIN));
        let live = match kept {
            Some(live) if lock(&self.book).is_watching() => live,
            Some(live) => match self.resume(&live).await {
                Ok(()) => live,
                Err(ChannelError::Gateway(GatewayError::Refused(refusal)))
                    if refusal.status == 401 =>
                {
                    self.begin(now).await?
                }
                Err(error) => {
                    *session = Some(live);
                    return Err(error);
                }
            },
            None => self.begin(now).await?,
        };
        *session = Some(live.clone());
        Ok(live)
    }

    /// The session's key does not work any more.
    pub async fn forget(&self, api_key: &str) {
        let mut session = self.session.lock().await;
        if session.as_ref().is_some_and(|live| live.api_key == api_key) {
            *session = None;
        }
    }

    /// A session that an earlier run has left.
    async fn resume(&self, live: &Live) -> Result<(), ChannelError> {
        let state = self.gateway.session(&live.id, &live.api_key).await?;
        self.start_watching(live, &state).await
    }

    async fn start_watching(&self, live: &Live, state: &SessionState) -> Result<(), ChannelError> {
        *lock(&self.live) = Some(live.clone());
        let (allowance, signed) = (state.allowance, *lock(&self.signed));
        if allowance > signed {
            return Err(ChannelError::SignedElsewhere { allowance, signed });
        }
        if lock(&self.book).is_watching() {
            return Ok(());
        }
        self.list(live).await?;
        lock(&self.book).watch(state.held);
        Ok(())
    }

    async fn begin(&self, now: UnixTime) -> Result<Live, ChannelError> {
        let description = self.gateway.describe().await?;
        description.require_of(&self.holder, self.issuer, &self.gateway)?;
        let address = self.holder.address();
        let voucher = self.gateway.voucher(&address).await?;
        let terms = self.holder.terms();
        let cluster = self.holder.cluster();
        if specie_claims::voucher::read(&voucher, &self.issuer, cluster) != Ok(*terms) {
            return Err(ChannelError::VoucherDiffers {
                url: self.gateway.url().to_owned(),
                issuer: Pubkey::new_from_array(self.issuer),
            });
        }
        let mut tab = self.tab.lock().await;
        let first = lock(&self.book).first_allowance();
        if tab.signed() < first {
            self.sign(&mut tab, first)?;
        }
        let request = OpenRequest {
            voucher: voucher.clone(),
            proof: self.holder.proof(now),
            receipt: self.holder.receipt(tab.signed()),
        };
        let opened = match self.gateway.open(&request).await {
            Ok(opened) => opened,
            Err(GatewayError::Refused(refusal)) if refusal.reason == "receipt_not_higher" => {
                return Err(signed_elsewhere(&refusal, tab.signed()));
            }
            Err(error) => return Err(error.into()),
        };
        let live = Live {
            id: opened.state.id.clone(),
            api_key: opened.api_key,
            expires_at: opened.state.expires_at,
            description: Arc::new(description),
        };
        let kept = KeptSession {
            id: live.id.clone(),
            api_key: live.api_key.clone(),
            expires_at: live.expires_at,
            published: live.description.published.clone(),
        };
        *lock(&self.token) = Some(voucher.clone());
        tab.keep_session(voucher, kept)?;
        drop(tab);
        lock(&self.book).session(&live.id, live.description.prices());
        self.start_watching(&live, &opened.state).await?;
        Ok(live)
    }
}

impl Description {
    /// Refuses what is published by another vault's gateway, by another issuer or for another cluster.
    pub(crate) fn require_of(
        &self,
        holder: &Holder,
        issuer: Key,
        gateway: &GatewayClient,
    ) -> Result<(), ChannelError> {
        let terms = holder.terms();
        let facts = [
            ("vault", self.vault, terms.vault),
            ("issuer", self.issuer, issuer),
            ("cluster", self.cluster, *holder.cluster()),
        ];
        for (what, found, expected) in facts {
            let expected = Pubkey::new_from_array(expected);
            if found != expected {
                return Err(ChannelError::AnotherVaults {
                    url: gateway.url().to_owned(),
                    what,
                    found,
                    expected,
                });
            }
        }
        Ok(())
    }
}
