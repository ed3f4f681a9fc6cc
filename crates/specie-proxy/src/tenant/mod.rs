//! The holder's side of leases: a voucher that pays for jobs on leased accelerators.
//!
//! A [`Tenant`] signs two intervals ahead of what the checked records say was consumed, and no further: that is what a
//! dishonest gateway could take. Every record is checked as it comes: who signed it, what it follows, and for the lease
//! that is followed, that it is at the agreed price and for no more time than has passed.

mod followed;

pub use followed::LeaseFault;

use crate::budget::Budget;
use crate::channel::ChannelError;
use crate::gateway::{Description, GatewayClient, GatewayError};
use crate::holder::Holder;
use crate::records::Records;
use crate::tab::{self, KeptSession, Tab, TabError};
use followed::Followed;
use reqwest::Method;
use serde::Deserialize;
use solana_pubkey::Pubkey;
use specie_claims::clock::{Clock, UnixTime};
use specie_claims::lease::{LeaseRequest, LeaseState};
use specie_claims::session::OpenRequest;
use specie_claims::units::Units;
use specie_claims::usage::Statement;
use specie_wire::Key;
use std::path::Path;
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
    /// A record is not what it must be.
    #[error(
        "the gateway charged wrongly: {fault}. Nothing more is signed for this lease; the signed record is {record}"
    )]
    Charged {
        /// What is wrong with it.
        fault: LeaseFault,
        /// The record.
        record: String,
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

/// What a pool offers, as far as a tenant needs it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PoolOffer {
    /// Units for a second of one accelerator.
    pub units_per_second: Units,
    /// Milliseconds that are held, and charged, at a time.
    pub interval_ms: u64,
}

/// A voucher that pays for leases at one gateway.
pub struct Tenant {
    holder: Holder,
    gateway: GatewayClient,
    issuer: Key,
    settled: Units,
    budget: Budget,
    clock: Arc<dyn Clock>,
    tab: Tab,
    statement: Statement,
    records: Records,
    session: Option<KeptSession>,
    /// The highest receipt that the gateway is known to have.
    posted: Units,
    followed: Option<Followed>,
}

impl Tenant {
    /// Opens what is kept for a voucher in `folder`, asking nobody. `issuer` signs the vault's records, `settled` is what
    /// the chain says was settled of the voucher, `signed` what is known to have been signed elsewhere.
    pub fn open(
        folder: &Path,
        holder: Holder,
        gateway: GatewayClient,
        issuer: Key,
        [settled, signed]: [Units; 2],
        budget: Budget,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TabError> {
        let terms = holder.terms();
        let mut tab = Tab::open(folder, terms)?;
        tab.raise(signed)?;
        budget.count(holder.address(), tab.signed());
        let mut statement = Statement::new(terms, issuer, settled);
        let (records, _) = Records::open(folder, terms, &mut statement)?;
        Ok(Self {
            session: tab.sessions().last().cloned(),
            holder,
            gateway,
            issuer,
            settled,
            budget,
            clock,
            tab,
            statement,
            records,
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
        self.budget.most()
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
        let name = match name {
            Some(name) => name.to_owned(),
            None => specie_claims::jws::encode_bytes(&chance),
        };
        let asked_at = self.clock.millis();
        let api_key = self.session().await?.api_key;
        let asked = self
            .gateway
            .request(Method::POST, "/v1/leases", Some(&api_key))
            .header("idempotency-key", name)
            .json(request);
        let state: LeaseState = self.gateway.answer(asked).await?;
        if state.units_per_second > offer.units_per_second || state.interval_ms > offer.interval_ms
        {
            self.stop(&state.id).await?;
            return Err(TenantError::Charged {
                fault: LeaseFault::OtherTerms(state.id.clone()),
                record: "none yet".to_owned(),
            });
        }
        self.followed = Some(Followed {
            state: state.clone(),
            asked_at,
            charged_ms: 0,
        });
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
        Ok(Leases {
            api_key: self.session().await?.api_key,
            gateway: self.gateway.clone(),
        })
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
        loop {
            let session = self.session().await?;
            let after = self.statement.number();
            let page = self
                .gateway
                .usage(&session.id, &session.api_key, after)
                .await?;
            for listed in &page.data {
                self.take(&listed.record).map_err(|fault| match fault {
                    Taken::Fault(fault) => TenantError::Charged {
                        fault,
                        record: listed.record.clone(),
                    },
                    Taken::Tab(error) => error.into(),
                })?;
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
        let charged_ms = match &self.followed {
            Some(followed) => followed.check(&record, self.clock.millis())?,
            None => 0,
        };
        self.statement.follow(&record).map_err(LeaseFault::from)?;
        self.records.add(token)?;
        if let Some(followed) = &mut self.followed {
            followed.charged_ms = followed.charged_ms.saturating_add(charged_ms);
        }
        Ok(())
    }

    /// Signs and posts a receipt for `wanted` units, if more than was signed before and within the budget.
    async fn allow(&mut self, wanted: Units) -> Result<(), TenantError> {
        let units = Units::new(self.holder.terms().units).unwrap_or(Units::MAX);
        let next = self
            .budget
            .next(self.holder.address(), units, wanted)
            .map_err(ChannelError::from)?;
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

    async fn offer(&self, pool: &str) -> Result<PoolOffer, TenantError> {
        let description = self.describe().await?;
        let pools = &description.published["pools"];
        serde_json::from_value(pools[pool].clone()).map_err(|_| {
            let offered: Vec<_> = pools
                .as_object()
                .into_iter()
                .flatten()
                .map(|(id, _)| id.as_str())
                .collect();
            TenantError::NoSuchPool {
                url: self.gateway.url().to_owned(),
                pool: pool.to_owned(),
                offered: match offered.as_slice() {
                    [] => "none".to_owned(),
                    offered => offered.join(", "),
                },
            }
        })
    }

    /// What the gateway publishes, once it is known to be the voucher's vault's.
    async fn describe(&self) -> Result<Description, TenantError> {
        let description = self.gateway.describe().await?;
        description.require_of(&self.holder, self.issuer, &self.gateway)?;
        Ok(description)
    }

    /// A session whose key works for a while: the last one, or a new one.
    async fn session(&mut self) -> Result<KeptSession, TenantError> {
        let now = self.clock.now();
        if let Some(session) = &self.session
            && now.plus(KEY_MARGIN) < session.expires_at
        {
            return Ok(session.clone());
        }
        let description = self.describe().await?;
        let voucher = self.gateway.voucher(&self.holder.address()).await?;
        let (terms, cluster) = (self.holder.terms(), self.holder.cluster());
        if specie_claims::voucher::read(&voucher, &self.issuer, cluster) != Ok(*terms) {
            return Err(ChannelError::VoucherDiffers {
                url: self.gateway.url().to_owned(),
                issuer: Pubkey::new_from_array(self.issuer),
            }
            .into());
        }
        self.tab.raise(self.settled)?;
        let request = OpenRequest {
            voucher: voucher.clone(),
            proof: self.holder.proof(now),
            receipt: self.holder.receipt(self.tab.signed()),
        };
        let opened = match self.gateway.open(&request).await {
            Err(GatewayError::Refused(refusal)) if refusal.reason == "receipt_not_higher" => {
                let signed = self.tab.signed();
                return Err(match refusal.units("allowance") {
                    Some(allowance) => ChannelError::SignedElsewhere { allowance, signed },
                    None => GatewayError::from(refusal).into(),
                }
                .into());
            }
            opened => opened?,
        };
        let session = KeptSession {
            id: opened.state.id.clone(),
            api_key: opened.api_key,
            expires_at: opened.state.expires_at,
            published: description.published,
        };
        self.tab.keep_session(voucher, session.clone())?;
        self.posted = self.tab.signed();
        self.session = Some(session.clone());
        Ok(session)
    }
}

/// A voucher's leases, by a session's key. Nothing can be signed with it, so whoever pays for one may do so meanwhile.
#[derive(Clone, Debug)]
pub struct Leases {
    gateway: GatewayClient,
    api_key: String,
}

impl Leases {
    /// By the last key that is kept in `folder` for a voucher, if there is one that still works at `now`.
    pub fn kept(
        folder: &Path,
        terms: &specie_wire::Voucher,
        gateway: &GatewayClient,
        now: UnixTime,
    ) -> Result<Option<Self>, TabError> {
        let sessions = tab::kept_sessions(folder, terms)?;
        let last = sessions.into_iter().next_back();
        Ok(last
            .filter(|session| now.plus(KEY_MARGIN) < session.expires_at)
            .map(|session| Self {
                gateway: gateway.clone(),
                api_key: session.api_key,
            }))
    }

    /// A lease as it is now.
    pub async fn show(&self, id: &str) -> Result<LeaseState, TenantError> {
        let path = format!("/v1/leases/{id}");
        Ok(self.gateway.get(&path, Some(&self.api_key)).await?)
    }

    /// All of them, the latest first.
    pub async fn list(&self) -> Result<Vec<LeaseState>, TenantError> {
        #[derive(Deserialize)]
        struct List {
            data: Vec<LeaseState>,
        }
        let list: List = self.gateway.get("/v1/leases", Some(&self.api_key)).await?;
        Ok(list.data)
    }

    /// Stops one; its job has its grace period.
    pub async fn stop(&self, id: &str) -> Result<LeaseState, TenantError> {
        let path = format!("/v1/leases/{id}/stop");
        let nothing = serde_json::json!({});
        Ok(self
            .gateway
            .post(&path, Some(&self.api_key), &nothing)
            .await?)
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
