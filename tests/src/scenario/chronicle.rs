//! What happened in the year, in order, and what became of each vendor that failed.

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The market fell.
    Crash,
    /// A vendor failed, or stopped doing what it should.
    Failure,
    /// A vault was margin-called, or the call was cleared.
    MarginCall,
    /// A vault defaulted, or its default was wound up.
    Default,
    /// The Standard was announced or rose.
    Standard,
    /// Attestors, disputes and whatever else deserves a row.
    Note,
}

/// One thing that happened.
pub(super) struct Entry {
    pub(super) step: usize,
    pub(super) kind: Kind,
    /// A sentence for the table.
    pub(super) text: String,
    /// A few letters for the plot; none where it stays unmarked there.
    pub(super) label: Option<String>,
}

/// A vendor whose capacity fell short, from its side and from the chain's.
#[derive(Clone)]
pub(super) struct Failure {
    pub(super) vendor: usize,
    /// Whether it fell silent: the chain learns of that only when the attestation runs out.
    pub(super) vanished: bool,
    /// When it failed.
    pub(super) failed: usize,
    /// When it was margin-called.
    pub(super) called: Option<usize>,
    /// When the call was cleared.
    pub(super) cured: Option<usize>,
    /// What its default came to.
    pub(super) default: Option<Default>,
}

/// A default, as its event told it.
#[derive(Clone, Copy)]
pub(super) struct Default {
    pub(super) step: usize,
    /// Units owed, to holders of tokens and of vouchers.
    pub(super) owed: u64,
    /// Units that its collateral and insurance buy back.
    pub(super) shortage: u64,
    /// Units written off.
    pub(super) loss: u64,
    /// Backing before and after, in parts per 10⁹.
    pub(super) backing: [u64; 2],
    /// When nothing was left to buy back.
    pub(super) wound_up: Option<usize>,
}

/// What happened in the year.
#[derive(std::default::Default)]
pub(super) struct Chronicle {
    pub(super) entries: Vec<Entry>,
    pub(super) failures: Vec<Failure>,
    pub(super) counts: Counts,
}

/// How often things happened that have no row of their own.
#[derive(Clone, Copy, std::default::Default)]
pub(super) struct Counts {
    /// Transactions sent.
    pub(super) sent: u64,
    pub(super) purchases: u64,
    /// Units bought.
    pub(super) bought: u64,
    pub(super) redemptions: u64,
    pub(super) receipts: u64,
    pub(super) reclaims: u64,
    pub(super) attestations: u64,
    /// Collateral base units of revenue distributed, and claimed by stakers.
    pub(super) distributed: u64,
    pub(super) claimed: u64,
    pub(super) deposits: u64,
    pub(super) withdrawals: u64,
    /// Vouchers that a vendor would not serve and that were paid in cash, and units so paid.
    pub(super) compensations: u64,
    pub(super) compensated: u64,
    /// Units of such vouchers that returned as tokens.
    pub(super) returned: u64,
    /// Units that liquidations bought back, and collateral base units paid for them.
    pub(super) liquidated: u64,
    pub(super) paid_to_liquidators: u64,
    /// Purchases tried at margin-called or defaulted vaults, and how many of them went through.
    pub(super) probes: u64,
    pub(super) probes_sold: u64,
    /// Steps in which the quorum could not post the market's price, because it had moved too far.
    pub(super) price_lagged: u64,
}

impl Chronicle {
    /// Notes what happened, for the table.
    pub(super) fn note(&mut self, step: usize, kind: Kind, text: impl Into<String>) {
        self.entries.push(Entry {
            step,
            kind,
            text: text.into(),
            label: None,
        });
    }

    /// Notes what happened, for table and plot.
    pub(super) fn mark(&mut self, step: usize, kind: Kind, label: &str, text: impl Into<String>) {
        self.entries.push(Entry {
            step,
            kind,
            text: text.into(),
            label: Some(label.into()),
        });
    }

    /// A vendor's last failure, which is begun now if it has none that is open.
    pub(super) fn failure(&mut self, vendor: usize, step: usize) -> &mut Failure {
        let open = self
            .failures
            .iter()
            .rposition(|f| f.vendor == vendor && f.cured.is_none());
        let index = open.unwrap_or_else(|| {
            self.failures.push(Failure {
                vendor,
                vanished: false,
                failed: step,
                called: None,
                cured: None,
                default: None,
            });
            self.failures.len() - 1
        });
        &mut self.failures[index]
    }
}
