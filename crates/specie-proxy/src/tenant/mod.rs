//! The holder's side of leases: a voucher that pays for jobs on leased accelerators.
//!
//! A [`Tenant`] signs two intervals ahead of what the checked records say was consumed, and no further: that is what a
//! dishonest gateway could take. Every record is checked as it comes: who signed it, what it follows, that it is at the price
//! that was published when its session began, and for the lease that is followed, that it is for no more time than has passed.
//! A charge that is too much ends as it does for requests: in a file of evidence, and nothing is signed for that vault any more.

mod followed;
mod leases;

pub use leases::Leases;

use crate::budget::BudgetReached;
use crate::channel::{ChannelError, Common};
use crate::evidence::Evidence;
use crate::gateway::{GatewayClient, GatewayError};
use crate::holder::Holder;
use crate::opening::{Opened, Opening};
use crate::records::Records;
use crate::tab::{KeptSession, Tab, TabError};
use followed::{Followed, LeaseFault, Pace};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use specie_claims::clock::UnixMillis;
use specie_claims::lease::{LeaseRequest, LeaseState};
use specie_claims::units::Units;
use specie_claims::usage::Statement;
use specie_wire::Key;
use std::sync::Arc;

/// Seconds before its end from which a session's key is not used any more.
const KEY_MARGIN: i64 = 30;
/// Intervals that are allowed ahead of what was consumed: the one that runs, and the one that is held before it ends.
const AHEAD: u64 = 2;

/// Why a tenant did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    /// As with any channel.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// There is no such pool.
    #[error("the gateway at {url} leases no pool {pool:?}; it leases {offered}")]
    NoSuchPool {
        /// The gateway's address.
        url: String,
        /// The pool that was asked for.
        pool: String,
        /// What it leases.
        offered: String,
    },
    /// The lease that began is not the one that was offered.
    #[error(
        "the gateway at {url} began lease {lease} at other terms than it published when its session began: it was stopped"
    )]
    OtherTerms {
        /// The gateway's address.
        url: String,
        /// The lease.
        lease: String,
    },
}

impl From<GatewayError> for TenantError {
    fn from(error: GatewayError) -> Self {
        Self::Channel(error.into())
    }
}

impl From<TabError> for TenantError {
    fn from(error: TabError) -> Self {
        Self::Channel(error.into())
    }
}

impl From<BudgetReached> for TenantError {
    fn from(reached: BudgetReached) -> Self {
        Self::Channel(reached.into())
    }
}

/// What a pool offers, as far as a tenant needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct PoolOffer {
    /// Units for a second of one accelerator.
    pub units_per_second: Units,
    /// Milliseconds that are held, and charged, at a time.
    pub interval_ms: u64,
}

impl PoolOffer {
    /// A pool's, if it was published.
    fn of(published: &Value, pool: &str) -> Option<Self> {
        serde_json::from_value(published["pools"].get(pool)?.clone()).ok()
    }
}

/// A voucher that pays for leases at one gateway.
pub struct Tenant {
    holder: Holder,
    gateway: GatewayClient,
    issuer: Key,
    settled: Units,
    common: Arc<Common>,
    tab: Tab,
    statement: Statement,
    records: Records,
    pace: Pace,
    session: Option<KeptSession>,
    /// The highest receipt that the gateway is known to have.
    posted: Units,
    followed: Option<Followed>,
}

impl Tenant {
    /// Opens what is kept for a voucher, asking nobody. `issuer` is the key that signs the vault's records, `settled` what
    /// the chain says was settled of the voucher, `signed` what is known to have been signed elsewhere.
    pub fn open(
        holder: Holder,
        gateway: GatewayClient,
        issuer: Key,
        settled: Units,
        signed: Units,
        common: Arc<Common>,
    ) -> Result<Self, TabError> {
        let terms = holder.terms();
        let mut tab = Tab::open(&common.folder, terms)?;
        tab.raise(signed)?;
        common.budget.count(holder.address(), tab.signed());
        let mut statement = Statement::new(terms, issuer, settled);
        let (records, known) = Records::open(&common.folder, terms, &mut statement)?;
        let mut pace = Pace::default();
        known.iter().for_each(|record| pace.count(record));
        Ok(Self {
            session: tab.sessions().last().cloned(),
            holder,
            gateway,
            issuer,
            settled,
            common,
            tab,
            statement,
            records,
            pace,
            posted: Units::ZERO,
            followed: None,
        })
    }

    /// What was signed.
    pub fn signed(&self) -> Units {
        self.tab.signed()
    }

    /// What may be signed.
    pub fn budget(&self) -> Units {
        self.common.budget.most()
    }

    /// What was consumed, by the records that were checked.
    pub fn consumed(&self) -> Units {
        self.statement.cumulative().unwrap_or(self.settled)
    }

    /// Begins a lease, having allowed its first two intervals, or its first if the budget has no more; the same `name`
    /// begins it once.
    pub async fn begin(
        &mut self,
        request: &LeaseRequest,
        name: Option<&str>,
    ) -> Result<LeaseState, TenantError> {
        let offer = self.offer(&request.pool).await?;
        self.sync().await?;
        let cost = cost(&offer, request.accelerators);
        if self
            .allow(ahead(self.consumed(), cost, AHEAD))
            .await
            .is_err()
        {
            self.allow(ahead(self.consumed(), cost, 1)).await?;
        }
        let chance: [u8; 16] = rand::random();
        let key = name.map_or_else(|| specie_claims::jws::encode_bytes(&chance), str::to_owned);
        let asked = self.common.clock.moment();
        let api_key = self.session().await?.api_key;
        let request = self
            .gateway
            .request(Method::POST, "/v1/leases", Some(&api_key))
            .header("idempotency-key", key)
            .json(request);
        let state: LeaseState = self.gateway.answer(request).await?;
        // One that is gone on with was begun before, in a session of its own.
        let agreed = self
            .published(&state.session)
            .and_then(|published| PoolOffer::of(published, &state.pool))
            .unwrap_or(offer);
        let began = match name {
            Some(_) => asked.minus(asked.at.since(UnixMillis(state.created_at_ms))),
            None => asked,
        };
        let followed = Followed {
            agreed,
            began,
            state,
        };
        let (state, is_agreed) = (followed.state.clone(), followed.is_agreed());
        self.followed = Some(followed);
        if !is_agreed {
            self.stop(&state.id).await?;
            return Err(TenantError::OtherTerms {
                url: self.gateway.url().to_owned(),
                lease: state.id,
            });
        }
        Ok(state)
    }

    /// A lease of this voucher as it is now.
    pub async fn lease(&mut self, id: &str) -> Result<LeaseState, TenantError> {
        self.leases().await?.show(id).await
    }

    /// Stops a lease; its job has its grace period.
    pub async fn stop(&mut self, id: &str) -> Result<LeaseState, TenantError> {
        self.leases().await?.stop(id).await
    }

    /// The voucher's leases, to look at and to stop.
    pub async fn leases(&mut self) -> Result<Leases, TenantError> {
        let api_key = self.session().await?.api_key;
        Ok(Leases::new(self.gateway.clone(), api_key))
    }

    /// Checks what was charged and allows the intervals that come, as far as the budget goes.
    pub async fn pay(&mut self, lease: &LeaseState) -> Result<(), TenantError> {
        self.sync().await?;
        let cost = lease.next.units;
        let full = self.allow(ahead(self.consumed(), cost, AHEAD)).await;
        match full {
            Err(TenantError::Channel(ChannelError::Budget(reached))) => {
                // As much of it as still makes whole intervals.
                self.allow(ahead(self.consumed(), cost, 1)).await?;
                Err(ChannelError::Budget(reached).into())
            }
            other => other,
        }
    }

    /// Reads and checks all records that are not known yet.
    pub async fn sync(&mut self) -> Result<(), TenantError> {
        self.require_undisputed()?;
        loop {
            let session = self.session().await?;
            let after = self.statement.number();
            let page = self
                .gateway
                .usage(&session.id, &session.api_key, after)
                .await?;
            for listed in &page.data {
                match self.take(&listed.record) {
                    Ok(()) => {}
                    Err(Taken::Fault(fault)) => return Err(self.dispute(&fault, &listed.record)),
                    Err(Taken::Tab(error)) => return Err(error.into()),
                }
            }
            if !page.has_more || page.data.is_empty() {
                return Ok(());
            }
        }
    }

    /// Posts the receipt for exactly what was consumed, so that settling takes no unit more. Not while anything is held.
    pub async fn exact(&mut self) -> Result<(), TenantError> {
        self.sync().await?;
        let session = self.session().await?;
        let state = self.gateway.session(&session.id, &session.api_key).await?;
        let consumed = self.consumed();
        if state.held == Units::ZERO && state.consumed == consumed && consumed < self.tab.signed() {
            let exact = self.holder.receipt(consumed);
            self.gateway.post_receipt(&session.id, &exact).await?;
        }
        Ok(())
    }

    fn take(&mut self, token: &str) -> Result<(), Taken> {
        let record = self.statement.read(token).map_err(LeaseFault::from)?;
        let published = self
            .published(&record.session)
            .and_then(|published| PoolOffer::of(published, &record.model));
        if published.is_some_and(|offer| record.units_per_second > offer.units_per_second) {
            return Err(LeaseFault::OtherTerms(record.jti).into());
        }
        if let Some(followed) = &self.followed {
            followed.check(&record, &self.pace, &self.common.clock.moment())?;
        }
        self.statement.follow(&record).map_err(LeaseFault::from)?;
        self.records.add(token)?;
        self.pace.count(&record);
        Ok(())
    }

    /// Keeps the evidence. Nothing more is signed.
    fn dispute(&self, fault: &LeaseFault, record: &str) -> TenantError {
        let lease = self.followed.as_ref().map(|followed| &followed.state);
        let session = lease.map(|lease| lease.session.as_str());
        let evidence = self.common.dispute(&Evidence {
            fault,
            at: self.common.clock.now(),
            terms: self.holder.terms(),
            cluster: self.holder.cluster(),
            issuer: &self.issuer,
            gateway: self.gateway.url(),
            voucher: self.tab.token(),
            request: lease.map(|lease| lease.id.as_str()),
            lease,
            records: &[record.to_owned()],
            checked: self.records.path(),
            published: session.and_then(|session| self.published(session)),
            signed: self.tab.signed(),
            consumed: self.consumed(),
        });
        let fault = fault.to_string();
        ChannelError::Overcharged { fault, evidence }.into()
    }

    fn require_undisputed(&self) -> Result<(), ChannelError> {
        self.common.require_undisputed(&self.holder.terms().vault)
    }

    /// Signs and posts a receipt for `wanted` units, if more than was signed before and within the budget.
    async fn allow(&mut self, wanted: Units) -> Result<(), TenantError> {
        self.require_undisputed()?;
        let units = Units::new(self.holder.terms().units).unwrap_or(Units::MAX);
        let next = self
            .common
            .budget
            .next(self.holder.address(), units, wanted)?;
        self.tab.raise(next)?;
        let session = self.session().await?;
        let signed = self.tab.signed();
        if self.posted < signed {
            let receipt = self.holder.receipt(signed);
            self.gateway.post_receipt(&session.id, &receipt).await?;
            self.posted = signed;
        }
        Ok(())
    }

    /// What a pool costs in this voucher's session. One that came on offer since takes a session of newer terms.
    async fn offer(&mut self, pool: &str) -> Result<PoolOffer, TenantError> {
        let session = self.session().await?;
        if let Some(offer) = PoolOffer::of(&session.published, pool) {
            return Ok(offer);
        }
        let newest = self.opening().describe().await?.published;
        if PoolOffer::of(&newest, pool).is_some() {
            let session = self.open_session().await?;
            if let Some(offer) = PoolOffer::of(&session.published, pool) {
                return Ok(offer);
            }
        }
        let offered: Vec<_> = newest["pools"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(id, _)| id.as_str())
            .collect();
        Err(TenantError::NoSuchPool {
            url: self.gateway.url().to_owned(),
            pool: pool.to_owned(),
            offered: match offered.as_slice() {
                [] => "none".to_owned(),
                offered => offered.join(", "),
            },
        })
    }

    /// What was published when a session began, if it was opened here.
    fn published(&self, session: &str) -> Option<&Value> {
        let mut sessions = self.tab.sessions().iter();
        let found = sessions.find(|kept| kept.id == session);
        found.map(|kept| &kept.published)
    }

    /// A session whose key works for a while: the last one, or a new one.
    async fn session(&mut self) -> Result<KeptSession, TenantError> {
        let now = self.common.clock.now();
        match &self.session {
            Some(session) if now.plus(KEY_MARGIN) < session.expires_at => Ok(session.clone()),
            _ => self.open_session().await,
        }
    }

    async fn open_session(&mut self) -> Result<KeptSession, TenantError> {
        self.require_undisputed()?;
        self.tab.raise(self.settled)?;
        let signed = self.tab.signed();
        let now = self.common.clock.now();
        let Opened { session, token, .. } = self.opening().open(signed, now).await?;
        self.tab.keep_session(token, session.clone())?;
        self.posted = signed;
        self.session = Some(session.clone());
        Ok(session)
    }

    fn opening(&self) -> Opening<'_> {
        Opening {
            holder: &self.holder,
            gateway: &self.gateway,
            issuer: self.issuer,
        }
    }
}

/// Why a record was not taken.
enum Taken {
    Fault(LeaseFault),
    Tab(TabError),
}

impl From<LeaseFault> for Taken {
    fn from(fault: LeaseFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<TabError> for Taken {
    fn from(error: TabError) -> Self {
        Self::Tab(error)
    }
}

fn cost(offer: &PoolOffer, accelerators: u32) -> Units {
    let tariff = specie_claims::tariff::Tariff {
        units_per_second: offer.units_per_second.get(),
        ..Default::default()
    };
    tariff.price(specie_claims::tariff::Usage {
        milliseconds: offer.interval_ms.saturating_mul(u64::from(accelerators)),
        ..Default::default()
    })
}

fn ahead(consumed: Units, cost: Units, intervals: u64) -> Units {
    (0..intervals).fold(consumed, |sum, _| sum.saturating_add(cost))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(units: u64) -> Units {
        Units::new(units).unwrap()
    }

    #[test]
    fn two_intervals_are_allowed_ahead() {
        let offer = PoolOffer {
            units_per_second: units(100),
            interval_ms: 10_000,
        };
        assert_eq!(cost(&offer, 2), units(2_000));
        assert_eq!(ahead(units(500), cost(&offer, 2), AHEAD), units(4_500));
        assert_eq!(ahead(Units::MAX, units(1), 1), Units::MAX);
    }
}
