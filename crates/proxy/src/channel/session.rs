//! A channel's session: opened with what was signed last, kept, resumed, and replaced once its key has ended.

use super::{Channel, ChannelError, Live, State, Turn};
use crate::ask::{Ask, model_of};
use crate::gateway::{Description, GatewayError};
use crate::opening::{Opened, Opening};
use crate::tab::{KeptSession, TabError};
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
        let known = self.state().session_at(self.common.clock.now());
        if let (Some(live), true) = known {
            return Ok(live);
        }
        let turn = self.turn().await;
        let now = self.common.clock.now();
        // Another task may have opened one meanwhile.
        let known = self.state().session_at(now);
        match known {
            (Some(live), true) => Ok(live),
            (Some(live), false) => match self.resume(&turn, &live).await {
                Ok(()) => Ok(live),
                Err(ChannelError::Gateway(GatewayError::Refused(refusal)))
                    if refusal.status == 401 =>
                {
                    self.forget(&live.api_key);
                    self.begin(&turn, now).await
                }
                Err(error) => Err(error),
            },
            (None, _) => self.begin(&turn, now).await,
        }
    }

    /// The session's key does not work any more.
    pub fn forget(&self, api_key: &str) {
        let mut state = self.state();
        state.session.take_if(|live| live.api_key == api_key);
    }

    /// A session that an earlier run has left.
    async fn resume(&self, turn: &Turn<'_>, live: &Live) -> Result<(), ChannelError> {
        let account = self.gateway.session(&live.id, &live.api_key).await?;
        self.start_watching(turn, live, &account).await
    }

    async fn start_watching(
        &self,
        turn: &Turn<'_>,
        live: &Live,
        account: &SessionState,
    ) -> Result<(), ChannelError> {
        let (signed, is_watching) = {
            let mut state = self.state();
            state.live = Some(live.clone());
            (state.tab.signed(), state.book.is_watching())
        };
        let allowance = account.allowance;
        if allowance > signed {
            return Err(ChannelError::SignedElsewhere { allowance, signed });
        }
        if is_watching {
            return Ok(());
        }
        self.list(turn, live).await?;
        let now = self.common.clock.moment();
        self.state().book.watch(account.held, now);
        Ok(())
    }

    /// Opens a session and makes it the one that requests are made in.
    async fn begin(&self, turn: &Turn<'_>, now: UnixTime) -> Result<Live, ChannelError> {
        let live = match self.try_begin(turn, now).await {
            Err(error) if error.is_of_another_issuer() && self.relearn(turn).await? => {
                self.try_begin(turn, now).await?
            }
            begun => begun?,
        };
        self.state().session = Some(live.clone());
        Ok(live)
    }

    async fn try_begin(&self, turn: &Turn<'_>, now: UnixTime) -> Result<Live, ChannelError> {
        let first = self.state().book.first_allowance();
        let signed = self.sign(turn, first)?;
        let Opened {
            session,
            state,
            description,
            token,
        } = self.opening().open(signed, now).await?;
        let live = Live {
            id: session.id.clone(),
            api_key: session.api_key.clone(),
            expires_at: session.expires_at,
            description: Arc::new(description),
        };
        self.state().keep(token, session, &live)?;
        self.start_watching(turn, &live, &state).await?;
        Ok(live)
    }

    /// What a request can cost at most in a session of before, whose prices it keeps.
    pub(crate) fn bound_in(&self, session: &str, endpoint: Endpoint, body: &[u8]) -> Option<Ask> {
        let published = self.state().published.get(session).cloned()?;
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
        let turn = self.turn().await;
        let newer = self.state().session.clone();
        let newer = match newer.filter(|session| session.id != live.id) {
            Some(newer) => newer,
            None if !self.describe(&turn).await?.tariffs.contains_key(&model) => return Ok(None),
            None => self.begin(&turn, self.common.clock.now()).await?,
        };
        Ok(Ask::read(endpoint, body, &newer.description).map(|ask| (newer, ask)))
    }

    /// What the gateway publishes now.
    async fn describe(&self, turn: &Turn<'_>) -> Result<Description, ChannelError> {
        match self.opening().describe().await {
            Err(error) if error.is_of_another_issuer() && self.relearn(turn).await? => {
                self.opening().describe().await
            }
            described => described,
        }
    }

    fn opening(&self) -> Opening<'_> {
        Opening {
            holder: &self.holder,
            gateway: &self.gateway,
            issuer: self.issuer(),
        }
    }
}

impl State {
    /// The open session whose key works at `now`, if there is one, and whether its charges are watched.
    fn session_at(&self, now: UnixTime) -> (Option<Live>, bool) {
        let works = |live: &&Live| now < live.expires_at.plus(-KEY_MARGIN);
        let session = self.session.as_ref().filter(works).cloned();
        (session, self.book.is_watching())
    }

    /// Keeps a session that was just opened, durably, and what its charges may be at.
    fn keep(&mut self, token: String, kept: KeptSession, live: &Live) -> Result<(), TabError> {
        self.tab.keep_session(token, kept)?;
        self.book.session(&live.id, live.description.prices());
        let description = Arc::clone(&live.description);
        self.published.insert(live.id.clone(), description);
        Ok(())
    }

    /// Milliseconds for which a request may be served.
    pub(super) fn longest(&self) -> u64 {
        self.live.as_ref().map_or(0, |live| {
            let seconds = live.description.limits.request_seconds;
            seconds.saturating_mul(1_000)
        })
    }
}
