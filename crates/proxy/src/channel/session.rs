//! A channel's session: opened with what was signed last, kept, resumed, and replaced once its key has ended.

use super::{Channel, ChannelError, Live, lock};
use crate::ask::{Ask, model_of};
use crate::gateway::{Description, GatewayError};
use crate::opening::{Opened, Opening};
use specie_claims::api::inference::Endpoint;
use specie_claims::clock::UnixTime;
use specie_claims::session::SessionState;
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
        lock(&self.book).watch(state.held, self.common.clock.moment());
        Ok(())
    }

    async fn begin(&self, now: UnixTime) -> Result<Live, ChannelError> {
        match self.try_begin(now).await {
            Err(error) if error.is_of_another_issuer() && self.relearn().await? => {
                self.try_begin(now).await
            }
            begun => begun,
        }
    }

    async fn try_begin(&self, now: UnixTime) -> Result<Live, ChannelError> {
        let mut tab = self.tab.lock().await;
        let first = lock(&self.book).first_allowance();
        if tab.signed() < first {
            self.sign(&mut tab, first)?;
        }
        let Opened {
            session,
            state,
            description,
            token,
        } = self.opening().open(tab.signed(), now).await?;
        let live = Live {
            id: session.id.clone(),
            api_key: session.api_key.clone(),
            expires_at: session.expires_at,
            description: Arc::new(description),
        };
        *lock(&self.token) = Some(token.clone());
        tab.keep_session(token, session)?;
        drop(tab);
        lock(&self.book).session(&live.id, live.description.prices());
        lock(&self.published).insert(live.id.clone(), Arc::clone(&live.description));
        self.start_watching(&live, &state).await?;
        Ok(live)
    }

    /// What a request can cost at most in a session of before, whose prices it keeps.
    pub(crate) fn bound_in(&self, session: &str, endpoint: Endpoint, body: &[u8]) -> Option<Ask> {
        let published = lock(&self.published).get(session).cloned()?;
        Ask::read(endpoint, body, &published)
    }

    /// A session that knows what a request can cost at most, and that. A model that came on offer since the session began has no
    /// price in its terms: it takes a session of newer ones.
    pub async fn bound(
        &self,
        live: Live,
        endpoint: Endpoint,
        body: &[u8],
    ) -> Result<Option<(Live, Ask)>, ChannelError> {
        if let Some(ask) = Ask::read(endpoint, body, &live.description) {
            return Ok(Some((live, ask)));
        }
        let Some(model) = model_of(body) else {
            return Ok(None);
        };
        let mut session = self.session.lock().await;
        let newer = session.clone().filter(|session| session.id != live.id);
        let newer = match newer {
            Some(newer) => newer,
            None if !self.describe().await?.tariffs.contains_key(&model) => return Ok(None),
            None => self.begin(self.common.clock.now()).await?,
        };
        *session = Some(newer.clone());
        Ok(Ask::read(endpoint, body, &newer.description).map(|ask| (newer, ask)))
    }

    /// What the gateway publishes now.
    async fn describe(&self) -> Result<Description, ChannelError> {
        match self.opening().describe().await {
            Err(error) if error.is_of_another_issuer() && self.relearn().await? => {
                self.opening().describe().await
            }
            described => described,
        }
    }

    fn opening(&self) -> Opening<'_> {
        Opening {
            holder: &self.holder,
            gateway: &self.gateway,
            issuer: lock(&self.book).issuers().current(),
        }
    }
}
