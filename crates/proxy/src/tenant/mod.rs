//! The holder's side of leases: a voucher that pays for jobs on leased accelerators.
//!
//! A [`Tenant`] signs two intervals ahead of what the checked records say was consumed, and no further: that is what a
//! dishonest gateway could take. Every record is checked as it comes: who signed it, what it follows, that it is at the price
//! that was published when its session began, and for the lease that is followed, that it is for no more time than has passed.
//! A charge that is too much ends as it does for requests: in a file of evidence, and nothing is signed for that vault any more.
//! More time than has passed, which only two clocks can say, ends what is signed for the pool.

mod followed;
mod leases;

pub use leases::Leases;

use crate::budget::BudgetReached;
use crate::channel::{ChannelError, Common};
use crate::doubt::{Doubt, Doubted, KeptDoubt};
use crate::evidence::Evidence;
use crate::gateway::{Description, GatewayClient, GatewayError};
use crate::holder::Holder;
use crate::opening::{Opened, Opening};
use crate::records::Records;
use crate::tab::{KeptSession, Tab, TabError};
use followed::{Followed, LeaseFault, Pace};
use reqwest::Method;
use serde_json::Value;
use specie_claims::api::discovery::PoolOffer;
use specie_claims::api::path::{self, segments};
use specie_claims::clock::UnixMillis;
use specie_claims::lease::{LeaseRequest, LeaseState};
use specie_claims::tariff::Tariff;
use specie_claims::units::Units;
use specie_claims::usage::{RecordFault, Statement, UsageRecord};
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

/// What a pool offers, if it was published.
fn pool_of(published: &Value, pool: &str) -> Option<PoolOffer> {
    serde_json::from_value(published["pools"].get(pool)?.clone()).ok()
}

/// A voucher that pays for leases at one gateway.
pub struct Tenant {
    holder: Holder,
    gateway: GatewayClient,
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
    /// Opens what is kept for a voucher, asking nobody. `issuer` is the vault's present issuer, `settled` what
    /// the chain says was settled of the voucher, `signed` what is known to have been signed elsewhere.
    pub fn open(
        holder: Holder,
        gateway: GatewayClient,
        issuer: Key,
        settled: Units,
        signed: Units,
        common: Arc<Common>,
    ) -> Result<Self, TabError> {
        let (tab, issuers) = common.open_tab(&holder, issuer, signed)?;
        let terms = holder.terms();
        let mut statement = Statement::new(terms, issuers, settled);
        let (records, known) = Records::open(&common.folder, terms, &mut statement)?;
        let mut pace = Pace::default();
        known.iter().for_each(|record| pace.count(record));
        Ok(Self {
            session: tab.sessions().last().cloned(),
            holder,
            gateway,
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
        self.require_undoubted(&request.pool)?;
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
            .request(Method::POST, &segments(path::LEASES, &[]), Some(&api_key))
            .header("idempotency-key", key)
            .json(request);
        let state: LeaseState = self.gateway.answer(request).await?;
        // One that is gone on with was begun before, in a session of its own.
        let agreed = self
            .published(&state.session)
            .and_then(|published| pool_of(published, &state.pool))
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
        self.require_undoubted(&lease.pool)?;
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
                self.check(&listed.record).await?;
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

    /// Takes a record in, asking the chain about a signer that is not known.
    async fn check(&mut self, token: &str) -> Result<(), TenantError> {
        let mut taken = self.take(token);
        if let Err(Taken::Fault(LeaseFault::Record(
            fault @ (RecordFault::UnknownIssuer { .. } | RecordFault::IssuerReplaced { .. }),
        ))) = taken
            && self.meet(fault).await?
        {
            taken = self.take(token);
        }
        match taken {
            Ok(None) => Ok(()),
            Ok(Some((doubt, record))) => Err(self.doubt(&doubt, &record, token)),
            Err(Taken::Fault(fault)) => Err(self.dispute(&fault, token)),
            Err(Taken::Tab(error)) => Err(error.into()),
        }
    }

    fn take(&mut self, token: &str) -> Result<Option<(Doubt, UsageRecord)>, Taken> {
        let record = self.statement.read(token).map_err(LeaseFault::from)?;
        self.check_price(&record)?;
        let doubt = match &self.followed {
            Some(followed) => followed.check(&record, &self.pace, &self.common.clock.moment())?,
            None => None,
        };
        self.statement.follow(&record).map_err(LeaseFault::from)?;
        self.records.add(token)?;
        self.pace.count(&record);
        Ok(doubt.map(|doubt| (doubt, record)))
    }

    /// What was published when a session began is what its charges may be at, for pools as for models.
    fn check_price(&self, record: &UsageRecord) -> Result<(), LeaseFault> {
        let Some(published) = self.published(&record.session) else {
            return Ok(());
        };
        let charged = record.tariff();
        let most = match pool_of(published, &record.model) {
            Some(offer) => Some(Tariff {
                units_per_second: offer.units_per_second.get(),
                ..Tariff::default()
            }),
            None => Description::read(published.clone())
                .ok()
                .and_then(|description| Some(description.tariffs.get(&record.model)?.tariff())),
        };
        if most.is_some_and(|most| charged.is_at_most(&most)) {
            return Ok(());
        }
        Err(LeaseFault::OtherTerms(record.jti.clone()))
    }

    /// Asks the chain about the signer of a record that is not known as the issuer. Whether it is the issuer by now; if it
    /// certainly is not, the record is a fault.
    async fn meet(&mut self, fault: RecordFault) -> Result<bool, TenantError> {
        let (vault, known) = (
            self.holder.terms().vault,
            self.statement.issuers().current(),
        );
        let found = self.common.new_issuer(vault, known, fault).await?;
        Ok(self.learn(found)?)
    }

    /// Asks the chain who the vault's issuer is. Whether it is another than was known.
    async fn relearn(&mut self) -> Result<bool, TenantError> {
        let (vault, known) = (
            self.holder.terms().vault,
            self.statement.issuers().current(),
        );
        let found = self.common.replaced_issuer(vault, known).await;
        Ok(self.learn(found)?)
    }

    fn learn(&mut self, issuer: Option<Key>) -> Result<bool, TabError> {
        let Some(issuer) = issuer else {
            return Ok(false);
        };
        let issuers = self.tab.issuers(issuer, self.common.clock.now())?;
        self.statement.set_issuers(issuers);
        Ok(true)
    }

    /// Keeps a doubt, and signs nothing more for its pool.
    fn doubt(&self, doubt: &Doubt, record: &UsageRecord, token: &str) -> TenantError {
        let KeptDoubt { model, what, file } = self.common.doubt(&Doubted {
            doubt,
            at: self.common.clock.now(),
            terms: self.holder.terms(),
            gateway: self.gateway.url(),
            model: &record.model,
            record: token,
            number: record.number,
            published: self.published(&record.session),
        });
        ChannelError::Doubted { model, what, file }.into()
    }

    fn require_undoubted(&self, pool: &str) -> Result<(), ChannelError> {
        let vault = &self.holder.terms().vault;
        self.common.require_undoubted(vault, pool)
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
            issuers: self.statement.issuers(),
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
        if let Some(offer) = pool_of(&session.published, pool) {
            return Ok(offer);
        }
        let newest = self.opening().describe().await?.published;
        if pool_of(&newest, pool).is_some() {
            let session = self.open_session().await?;
            if let Some(offer) = pool_of(&session.published, pool) {
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
        let opened = match self.opening().open(signed, now).await {
            Err(error) if error.is_of_another_issuer() && self.relearn().await? => {
                self.opening().open(signed, now).await
            }
            opened => opened,
        };
        let Opened { session, token, .. } = opened?;
        self.tab.keep_session(token, session.clone())?;
        self.posted = signed;
        self.session = Some(session.clone());
        Ok(session)
    }

    fn opening(&self) -> Opening<'_> {
        Opening {
            holder: &self.holder,
            gateway: &self.gateway,
            issuer: self.statement.issuers().current(),
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
    let tariff = Tariff {
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
        let offer = followed::offer();
        assert_eq!(cost(&offer, 2), units(2_000));
        assert_eq!(ahead(units(500), cost(&offer, 2), AHEAD), units(4_500));
        assert_eq!(ahead(Units::MAX, units(1), 1), Units::MAX);
    }
}
