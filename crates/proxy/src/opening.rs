//! Opening a session at the gateway of a voucher's vault, under the terms that it publishes.

use crate::channel::ChannelError;
use crate::gateway::{Description, GatewayClient, GatewayError};
use crate::holder::Holder;
use crate::tab::KeptSession;
use solana_pubkey::Pubkey;
use specie_claims::api::answer::OpenedSession;
use specie_claims::api::reason::Reason;
use specie_claims::api::refusal::Refusal;
use specie_claims::clock::UnixTime;
use specie_claims::session::{OpenRequest, SessionState};
use specie_claims::units::Units;
use specie_wire::Key;

/// How often terms are read anew that changed between reading them and opening a session under them.
const TRIES: usize = 4;

/// A session that was just opened, and all that opened it.
pub(crate) struct Opened {
    /// The session, as it is kept.
    pub(crate) session: KeptSession,
    /// The account of its voucher.
    pub(crate) state: SessionState,
    /// What the gateway published: the session's terms are of it.
    pub(crate) description: Description,
    /// The voucher as the issuer signed it.
    pub(crate) token: String,
}

/// Who opens sessions, and where.
pub(crate) struct Opening<'a> {
    pub(crate) holder: &'a Holder,
    pub(crate) gateway: &'a GatewayClient,
    /// The key that must have signed the voucher.
    pub(crate) issuer: Key,
}

impl Opening<'_> {
    /// What the gateway publishes, once it is known to be the voucher's vault's.
    pub(crate) async fn describe(&self) -> Result<Description, ChannelError> {
        let description = self.gateway.describe().await?;
        description.require_of(self.holder, self.issuer, self.gateway)?;
        Ok(description)
    }

    /// Opens a session with a receipt for `signed` units, which must be kept as signed.
    pub(crate) async fn open(&self, signed: Units, now: UnixTime) -> Result<Opened, ChannelError> {
        let mut description = self.describe().await?;
        let token = self.voucher().await?;
        let mut again = 1..TRIES;
        loop {
            match self.open_under(&description, &token, signed, now).await {
                Err(GatewayError::Refused(refusal))
                    if refusal.reason() == Some(Reason::TermsChanged) && again.next().is_some() =>
                {
                    description = self.describe().await?;
                }
                opened => return self.opened(opened, description, token, signed),
            }
        }
    }

    /// The signed voucher, which must be the one on chain.
    async fn voucher(&self) -> Result<String, ChannelError> {
        let token = self.gateway.voucher(&self.holder.address()).await?;
        let read = specie_claims::voucher::read(&token, &self.issuer, self.holder.cluster());
        if read != Ok(*self.holder.terms()) {
            return Err(ChannelError::VoucherDiffers {
                url: self.gateway.url().to_owned(),
                issuer: Pubkey::new_from_array(self.issuer),
            });
        }
        Ok(token)
    }

    async fn open_under(
        &self,
        description: &Description,
        token: &str,
        signed: Units,
        now: UnixTime,
    ) -> Result<OpenedSession, GatewayError> {
        let request = OpenRequest {
            voucher: token.to_owned(),
            proof: self.holder.proof(now),
            receipt: self.holder.receipt(signed),
            terms: Some(description.terms.clone()),
        };
        self.gateway.open(&request).await
    }

    fn opened(
        &self,
        opened: Result<OpenedSession, GatewayError>,
        description: Description,
        token: String,
        signed: Units,
    ) -> Result<Opened, ChannelError> {
        let OpenedSession { api_key, state } = match opened {
            Err(GatewayError::Refused(refusal))
                if refusal.reason() == Some(Reason::ReceiptNotHigher) =>
            {
                return Err(signed_elsewhere(&refusal, signed));
            }
            opened => opened?,
        };
        if state.terms != description.terms {
            return Err(ChannelError::OtherTerms {
                url: self.gateway.url().to_owned(),
                session: state.id,
            });
        }
        let session = KeptSession {
            id: state.id.clone(),
            api_key,
            expires_at: state.expires_at,
            published: description.published.clone(),
        };
        Ok(Opened {
            session,
            state,
            description,
            token,
        })
    }
}

/// A receipt that is lower than an earlier one, which is not known here.
pub(crate) fn signed_elsewhere(refusal: &Refusal, signed: Units) -> ChannelError {
    match refusal.units("allowance") {
        Some(allowance) => ChannelError::SignedElsewhere { allowance, signed },
        None => GatewayError::from(refusal.clone()).into(),
    }
}

impl Description {
    /// Refuses what is published by another vault's gateway, by another issuer or for another cluster.
    fn require_of(
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
