//! What a vendor offers: plain data, which the configuration says and everything else reads.

use crate::chain::view::Freshness;
use crate::class::Class;
use crate::lease::{self, Pool};
use crate::limits::Limits;
use crate::serving::upstream::{Probing, Tolerance};
use crate::serving::{Model, Repeats};
use crate::{settlement, watch};
use solana_pubkey::Pubkey;

/// What a vendor offers, and within which bounds.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The vault that vouchers must be of.
    pub vault: Pubkey,
    /// The models, in the order in which they are listed.
    pub models: Vec<Model>,
    /// Where clients reach this gateway, without a slash at its end; `None` = where it listens.
    pub public_url: Option<String>,
    /// The pools of accelerators, in the order in which they are listed.
    pub pools: Vec<Pool>,
    /// How leases are followed.
    pub leases: lease::turn::Policy,
    /// Bounds on what clients may ask.
    pub limits: Limits,
    /// When an upstream that fails is left out.
    pub tolerance: Tolerance,
    /// How upstreams are looked at; `None` if only requests tell how they are.
    pub probing: Option<Probing>,
    /// What is kept of answers for those who repeat a request.
    pub repeats: Repeats,
    /// How fresh the chain must be.
    pub freshness: Freshness,
    /// When receipts go to the chain.
    pub settlement: settlement::Policy,
    /// When challenges are answered.
    pub challenges: watch::Policy,
    /// Which web pages may ask.
    pub origins: Origins,
}

impl Offer {
    /// A model by the name that clients ask for.
    pub fn model(&self, id: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.id == id)
    }

    /// A pool by the name that holders ask for.
    pub fn pool(&self, id: &str) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.id == id)
    }

    /// The classes on offer: inference where there are models, and what the pools are for.
    pub fn classes(&self) -> u8 {
        let inference = match self.models.as_slice() {
            [] => 0,
            _ => Class::Inference.bit(),
        };
        let pools = self.pools.iter().map(|pool| pool.class.bit());
        pools.fold(inference, |classes, bit| classes | bit)
    }
}

/// The origins that a browser lets read answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Every page's.
    Any,
    /// These, each as a browser writes it. None at all if empty.
    Listed(Vec<String>),
}
