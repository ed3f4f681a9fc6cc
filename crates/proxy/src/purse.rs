//! The vouchers that a proxy consumes, in the order in which they are used up.

use crate::channel::{Channel, ChannelError, Closed, Common};
use crate::keys::{self, KeptKey};
use crate::tab::TabError;
use solana_pubkey::Pubkey;
use specie_claims::units::Units;
use std::sync::Arc;

/// Vouchers, of one gateway or of several.
pub struct Purse {
    /// What all of them have in common.
    pub common: Arc<Common>,
    channels: Vec<Arc<Channel>>,
}

impl Purse {
    /// Vouchers in the order in which they are to be used.
    pub fn new(common: Arc<Common>, channels: Vec<Channel>) -> Self {
        Self {
            common,
            channels: channels.into_iter().map(Arc::new).collect(),
        }
    }

    /// All of them.
    pub fn channels(&self) -> &[Arc<Channel>] {
        &self.channels
    }

    /// The vouchers that have something left, in the order in which a request tries them: one that had too little for an earlier
    /// request comes after the others.
    pub fn usable(&self) -> impl Iterator<Item = &Arc<Channel>> {
        let of = |nearly: bool| {
            let channels = self.channels.iter().filter(|channel| channel.is_usable());
            channels.filter(move |channel| channel.is_nearly_used_up() == nearly)
        };
        of(false).chain(of(true))
    }

    /// What a key of the proxy's own stands for, and the voucher that it is of.
    pub(crate) fn key(&self, api_key: &str) -> Result<Option<(Arc<Channel>, KeptKey)>, TabError> {
        for channel in &self.channels {
            let terms = channel.holder().terms();
            if let Some(kept) = keys::find(&self.common.folder, terms, api_key)? {
                return Ok(Some((Arc::clone(channel), kept)));
            }
        }
        Ok(None)
    }

    /// Posts, for every voucher that anything was signed for, the receipt for exactly what was consumed; what became of
    /// each. A gateway that is out of reach holds up its own voucher alone.
    pub async fn close(&self) -> Vec<(Pubkey, Result<Closed, ChannelError>)> {
        let mut closed = Vec::new();
        for channel in &self.channels {
            if channel.standing().signed != Units::ZERO {
                closed.push((channel.holder().address(), channel.close().await));
            }
        }
        closed
    }

    /// Asks for the records of all charges that have not come by themselves, of requests that were left early. What
    /// fails is tried again the next time.
    pub async fn catch_up(&self) {
        for channel in self.channels.iter().filter(|channel| channel.is_usable()) {
            if channel.expects_records() {
                let _ = channel.sync().await;
            }
        }
    }
}
