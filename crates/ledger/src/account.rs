//! What the ledger knows of a voucher, a session and a charge.

use solana_pubkey::Pubkey;
use specie_claims::class::Class;
use specie_claims::clock::UnixTime;
use specie_claims::receipt::Channel;
use specie_claims::tariff::{Tariff, Usage};
use specie_claims::units::Units;
use specie_claims::usage::UsageRecord;

/// A voucher account, and which of those at its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VoucherId {
    /// The account's address.
    pub address: Pubkey,
    /// When the account was opened, in Unix seconds.
    pub opened_at: i64,
}

impl From<&Channel> for VoucherId {
    fn from(channel: &Channel) -> Self {
        Self {
            address: channel.voucher,
            opened_at: channel.opened_at.0,
        }
    }
}

/// A voucher's account in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// What receipts are signed against.
    pub channel: Channel,
    /// What it is for.
    pub class: Class,
    /// Who gets the rent of its account on chain.
    pub rent_payer: Pubkey,
    /// When it expires.
    pub expires_at: UnixTime,
    /// When its owner asked to end it.
    pub closing_at: Option<UnixTime>,
    /// Until when a challenge of it may be answered.
    pub challenged_until: Option<UnixTime>,
    /// Whether its account is gone from the chain.
    pub ended: bool,
    /// Consumed before this ledger saw it.
    pub carried: Units,
    /// The chain's finalized watermark.
    pub settled: Units,
    /// Paid out in cash on chain.
    pub compensated: Units,
    /// The most that may be consumed in all.
    pub allowance: Units,
    /// Consumed in all: carried, charged here, and settled elsewhere.
    pub consumed: Units,
    /// Of that, settled on chain beyond what was consumed here.
    pub elsewhere: Units,
    /// Held by requests that are being served.
    pub held: Units,
    /// How many charges there are.
    pub charges: u64,
    /// Settlements in a row that the chain refused.
    pub refusals: u32,
    /// When settling may be tried again.
    pub settle_after: UnixTime,
    /// Since when it is known that another ledger serves this voucher, so that this one does not.
    pub settled_elsewhere: Option<UnixTime>,
    /// The slot of the last reading of its account that changed anything.
    pub slot: u64,
}

impl Account {
    /// The account and when it was opened: what tells vouchers apart.
    pub fn id(&self) -> VoucherId {
        VoucherId::from(&self.channel)
    }

    /// The sum of its charges.
    pub fn charged(&self) -> Units {
        self.consumed
            .saturating_sub(self.elsewhere)
            .saturating_sub(self.carried)
    }

    /// The most that can be consumed in all, and settled.
    pub fn claimable(&self) -> Units {
        self.channel.units.saturating_sub(self.compensated)
    }

    /// What further requests may hold.
    pub fn available(&self) -> Units {
        self.allowance
            .min(self.claimable())
            .saturating_sub(self.consumed)
            .saturating_sub(self.held)
    }
}

/// What a receipt that is not known yet does to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It raises the allowance to its amount.
    Raises,
    /// It is for exactly what was consumed: no more may be consumed for it, but settling can be exact.
    Exact,
}

/// The receipt is for less than an earlier one, and not for exactly what was consumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the receipt is for less than the allowance of {allowance} units; sign more, or exactly the {consumed} consumed"
)]
pub struct NotHigher {
    /// The allowance as it stands.
    pub allowance: Units,
    /// What was consumed.
    pub consumed: Units,
}

impl Account {
    /// How a receipt that is not known yet stands to this account.
    pub fn standing(&self, cumulative: Units) -> Result<Standing, NotHigher> {
        if cumulative >= self.allowance {
            Ok(Standing::Raises)
        } else if cumulative == self.consumed {
            Ok(Standing::Exact)
        } else {
            Err(NotHigher {
                allowance: self.allowance,
                consumed: self.consumed,
            })
        }
    }
}

/// A short-lived API key's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its identity, which is no secret.
    pub id: String,
    /// The voucher that it consumes.
    pub voucher: VoucherId,
    /// When it was opened.
    pub created_at: UnixTime,
    /// When its key stops working.
    pub expires_at: UnixTime,
    /// The hash of the [terms](crate::KeptTerms) that it was opened under; `None` if that was before they were kept.
    pub terms: Option<String>,
}

/// What one request cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The request's identity: that of the hold it ended.
    pub id: String,
    /// The voucher charged.
    pub voucher: VoucherId,
    /// 1, 2, 3 and so on within the voucher.
    pub number: u64,
    /// The session that asked.
    pub session: String,
    /// The sub-key that asked, if it was not the session's own key.
    pub sub_key: Option<String>,
    /// The model that answered.
    pub model: String,
    /// What it consumed.
    pub usage: Usage,
    /// At what price.
    pub tariff: Tariff,
    /// What that came to, at most the hold.
    pub units: Units,
    /// The voucher's consumption after it.
    pub cumulative: Units,
    /// When.
    pub charged_at: UnixTime,
}

impl Charge {
    /// The record of this charge, of a voucher of `vault`.
    pub fn record(&self, vault: Pubkey) -> UsageRecord {
        let price = |units| Units::new(units).unwrap_or(Units::MAX);
        UsageRecord {
            iss: vault.to_string(),
            sub: self.voucher.address.to_string(),
            opened_at: self.voucher.opened_at,
            number: self.number,
            jti: self.id.clone(),
            session: self.session.clone(),
            key: self.sub_key.clone(),
            model: self.model.clone(),
            input_tokens: self.usage.input,
            cached_tokens: self.usage.cached,
            output_tokens: self.usage.output,
            milliseconds: self.usage.milliseconds,
            input_units_per_1000: price(self.tariff.input_units_per_1000),
            cached_units_per_1000: price(self.tariff.cached_units_per_1000),
            output_units_per_1000: price(self.tariff.output_units_per_1000),
            units_per_second: price(self.tariff.units_per_second),
            units: self.units,
            cumulative: self.cumulative,
            iat: self.charged_at.0,
        }
    }
}
