//! One voucher at one gateway: its session, what is signed for it, and what was charged.

use crate::ask::{Ask, model_of};
use crate::book::{Book, BookError, Bound, Fault, Ticket, Unwatched};
use crate::budget::{Budget, BudgetReached};
use crate::evidence::Evidence;
use crate::gateway::{Description, GatewayClient, GatewayError, Refusal};
use crate::holder::Holder;
use crate::tab::{KeptSession, Tab, TabError};
use solana_pubkey::Pubkey;
use specie_claims::clock::{Clock, UnixTime};
use specie_claims::session::{OpenRequest, SessionState};
use specie_claims::units::Units;
use specie_wire::Key;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Seconds before its end from which on a key is not used any more.
const KEY_MARGIN: i64 = 5;

/// What all channels of a holder have in common.
pub struct Common {
    /// Where files are kept.
    pub folder: PathBuf,
    /// What may be signed.
    pub budget: Budget,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Vaults that charged too much in this run, and the evidence.
    disputes: Mutex<Vec<(Key, PathBuf)>>,
}

impl Common {
    /// Nothing is disputed yet but what evidence in `folder` says.
    pub fn new(folder: PathBuf, budget: Budget, clock: Arc<dyn Clock>) -> Self {
        Self {
            folder,
            budget,
            clock,
            disputes: Mutex::default(),
        }
    }

    fn evidence(&self, vault: &Key) -> Option<PathBuf> {
        let disputes = lock(&self.disputes);
        let found = disputes.iter().find(|(disputed, _)| disputed == vault);
        found.map(|(_, path)| path.clone())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An open session, as requests need it.
#[derive(Clone, Debug)]
pub struct Live {
    /// Its identity.
    pub id: String,
    /// Its API key.
    pub api_key: String,
    /// When the key stops working.
    pub expires_at: UnixTime,
    /// What the gateway published when it began; models that came later are added.
    pub description: Arc<Description>,
}

/// Why a channel did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The gateway did not.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The files that are kept.
    #[error(transparent)]
    Tab(#[from] TabError),
    /// The budget.
    #[error(transparent)]
    Budget(#[from] BudgetReached),
    /// The gateway charged too much.
    #[error(
        "the gateway charged too much: {fault}. Nothing is signed for it any more; {evidence} says what to do"
    )]
    Overcharged {
        /// By what.
        fault: String,
        /// The file with the evidence.
        evidence: PathBuf,
    },
    /// The gateway is not the voucher's.
    #[error(
        "the gateway at {url} is not that of the voucher's vault: its {what} is {found}, not {expected}"
    )]
    AnotherVaults {
        /// Its address.
        url: String,
        /// What differs.
        what: &'static str,
        /// What the gateway publishes.
        found: Pubkey,
        /// What the chain says.
        expected: Pubkey,
    },
    /// The gateway's voucher is not the one on chain, or not signed by the vault's issuer.
    #[error(
        "the gateway at {url} answered something else than the voucher signed by its vault's issuer {issuer}"
    )]
    VoucherDiffers {
        /// Its address.
        url: String,
        /// The vault's issuer.
        issuer: Pubkey,
    },
    /// More was signed before than is known here.
    #[error(
        "the gateway says that {allowance} units were signed for this voucher, and here {signed} are known: if that is so, \
         say it with --signed"
    )]
    SignedElsewhere {
        /// What the gateway says.
        allowance: Units,
        /// What is known here.
        signed: Units,
    },
    /// The gateway wants a receipt for more than its prices make of what was asked.
    #[error(
        "the gateway wants a receipt for {wanted} units, and by its own prices what was asked costs at most {most}: nothing \
         was signed"
    )]
    WantsTooMuch {
        /// The receipt that it wants.
        wanted: Units,
        /// The most that can be owed.
        most: Units,
    },
    /// What the gateway says was consumed is not what its records come to.
    #[error(
        "the gateway says that {said} units were consumed, and its records come to {recorded}: nothing was signed"
    )]
    SumDiffers {
        /// What the gateway says.
        said: Units,
        /// What its records come to.
        recorded: Units,
    },
    /// Requests are still being served.
    #[error(
        "{held} units are held for requests that are being served: try again once they are answered"
    )]
    StillServing {
        /// Units held.
        held: Units,
    },
}

/// How a voucher stands when it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// What was consumed, by the records: the exact receipt is for this.
    pub consumed: Units,
    /// The highest receipt that was signed.
    pub signed: Units,
    /// Charges in all.
    pub charges: u64,
}

/// How a channel stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What was signed.
    pub signed: Units,
    /// What was consumed, by the records that were checked.
    pub consumed: Units,
    /// Records that were checked.
    pub charges: u64,
    /// Requests whose answer has not ended, or whose record has not come.
    pub outstanding: usize,
    /// What was charged while nobody was watching.
    pub unwatched: Unwatched,
    /// The file with evidence, if the gateway charged too much.
    pub evidence: Option<PathBuf>,
    /// Why nothing more can be consumed.
    pub over: Option<String>,
    /// When the present key stops working.
    pub session_expires_at: Option<UnixTime>,
}

/// One voucher at one gateway.
pub struct Channel {
    holder: Holder,
    gateway: GatewayClient,
    issuer: Key,
    common: Arc<Common>,
    tab: tokio::sync::Mutex<Tab>,
    session: tokio::sync::Mutex<Option<Live>>,
    syncing: tokio::sync::Mutex<()>,
    book: Mutex<Book>,
    live: Mutex<Option<Live>>,
    signed: Mutex<Units>,
    token: Mutex<Option<String>>,
    nearly_used_up: AtomicBool,
    over: Mutex<Option<String>>,
}

impl Channel {
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
        let mut book = Book::open(&common.folder, terms, issuer, settled)?;
        let token = tab.token().map(str::to_owned);
        let mut live = None;
        for kept in tab.sessions() {
            if let Ok(description) = Description::read(kept.published.clone()) {
                book.session(&kept.id, description.prices());
                live = Some(Live {
                    id: kept.id.clone(),
                    api_key: kept.api_key.clone(),
                    expires_at: kept.expires_at,
                    description: Arc::new(description),
                });
            }
        }
        common.budget.count(holder.address(), tab.signed());
        Ok(Self {
            issuer,
            signed: Mutex::new(tab.signed()),
            tab: tokio::sync::Mutex::new(tab),
            session: tokio::sync::Mutex::new(live),
            syncing: tokio::sync::Mutex::default(),
            book: Mutex::new(book),
            live: Mutex::default(),
            token: Mutex::new(token),
            nearly_used_up: AtomicBool::new(false),
            over: Mutex::default(),
            holder,
            gateway,
            common,
        })
    }

    /// The voucher's holder.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// The gateway.
    pub fn gateway(&self) -> &GatewayClient {
        &self.gateway
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        let live = lock(&self.live).clone();
        let signed = *lock(&self.signed);
        let over = lock(&self.over).clone();
        let book = lock(&self.book);
        Standing {
            signed,
            consumed: book.consumed(),
            charges: book.number(),
            outstanding: book.outstanding(),
            unwatched: book.unwatched(),
            evidence: self.common.evidence(&self.holder.terms().vault),
            over,
            session_expires_at: live.map(|live| live.expires_at),
        }
    }

    /// Whether requests may go here.
    pub fn is_usable(&self) -> bool {
        lock(&self.over).is_none() && self.require_undisputed().is_ok()
    }

    /// Whether it had too little for a request.
    pub fn is_nearly_used_up(&self) -> bool {
        self.nearly_used_up.load(Ordering::Relaxed)
    }

    /// It has too little for a request; a smaller one may still fit.
    pub(crate) fn has_too_little(&self) {
        self.nearly_used_up.store(true, Ordering::Relaxed);
    }

    /// Nothing more can be consumed here, for this reason.
    pub fn retire(&self, reason: &str) {
        lock(&self.over).get_or_insert_with(|| reason.to_owned());
    }

    fn require_undisputed(&self) -> Result<(), ChannelError> {
        match self.common.evidence(&self.holder.terms().vault) {
            None => Ok(()),
            Some(evidence) => Err(ChannelError::Overcharged {
                fault: "a charge was too much".to_owned(),
                evidence,
            }),
        }
    }

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
        if lock(&self.book).is_watching() {
            return Ok(());
        }
        self.list(live).await?;
        lock(&self.book).watch(state.held);
        Ok(())
    }

    async fn begin(&self, now: UnixTime) -> Result<Live, ChannelError> {
        let description = self.gateway.describe().await?;
        self.require_own(&description)?;
        let address = self.holder.address();
        let voucher = self.gateway.voucher(&address).await?;
        let terms = self.holder.terms();
        let cluster = self.holder.cluster();
        if specie_claims::voucher::read(&voucher, &self.issuer, cluster) != Ok(*terms) {
            return Err(ChannelError::VoucherDiffers {
                url: self.gateway.url().to_owned(),
                issuer: Pubkey::new_from_array(self.issuer),
            });
        }
        let mut tab = self.tab.lock().await;
        let first = lock(&self.book).first_allowance();
        if tab.signed() < first {
            self.sign(&mut tab, first)?;
        }
        let request = OpenRequest {
            voucher: voucher.clone(),
            proof: self.holder.proof(now),
            receipt: self.holder.receipt(tab.signed()),
        };
        let opened = match self.gateway.open(&request).await {
            Ok(opened) => opened,
            Err(GatewayError::Refused(refusal)) if refusal.reason == "receipt_not_higher" => {
                return Err(signed_elsewhere(&refusal, tab.signed()));
            }
            Err(error) => return Err(error.into()),
        };
        let live = Live {
            id: opened.state.id.clone(),
            api_key: opened.api_key,
            expires_at: opened.state.expires_at,
            description: Arc::new(description),
        };
        let kept = KeptSession {
            id: live.id.clone(),
            api_key: live.api_key.clone(),
            expires_at: live.expires_at,
            published: live.description.published.clone(),
        };
        *lock(&self.token) = Some(voucher.clone());
        tab.keep_session(voucher, kept)?;
        drop(tab);
        lock(&self.book).session(&live.id, live.description.prices());
        self.start_watching(&live, &opened.state).await?;
        Ok(live)
    }

    fn require_own(&self, description: &Description) -> Result<(), ChannelError> {
        let terms = self.holder.terms();
        let facts = [
            ("vault", description.vault, terms.vault),
            ("issuer", description.issuer, self.issuer),
            ("cluster", description.cluster, *self.holder.cluster()),
        ];
        for (what, found, expected) in facts {
            let expected = Pubkey::new_from_array(expected);
            if found != expected {
                return Err(ChannelError::AnotherVaults {
                    url: self.gateway.url().to_owned(),
                    what,
                    found,
                    expected,
                });
            }
        }
        Ok(())
    }

    /// What a request can cost at most. A model that came on offer since the session began is looked up.
    pub async fn bound(&self, live: &Live, body: &[u8]) -> Result<Option<Ask>, ChannelError> {
        if let Some(ask) = Ask::read(body, &live.description) {
            return Ok(Some(ask));
        }
        let Some(model) = model_of(body) else {
            return Ok(None);
        };
        let newer = self.gateway.describe().await?;
        let Some(price) = newer.tariffs.get(&model).copied() else {
            return Ok(None);
        };
        let mut session = self.session.lock().await;
        let Some(current) = session.as_mut().filter(|current| current.id == live.id) else {
            return Ok(None);
        };
        let mut description = (*current.description).clone();
        // What was published first counts.
        description.tariffs.entry(model).or_insert(price);
        current.description = Arc::new(description);
        lock(&self.book).session(&current.id, current.description.prices());
        Ok(Ask::read(body, &current.description))
    }

    /// A request is about to be sent.
    pub(crate) fn ask(&self, ask: &Ask) -> (Ticket, Bound) {
        lock(&self.book).ask(ask.most)
    }

    /// The request costs nothing.
    pub(crate) fn refused(&self, ticket: Ticket) {
        lock(&self.book).refused(ticket);
    }

    /// Whether the request was heard is not known.
    pub(crate) fn lost(&self, ticket: Ticket) {
        lock(&self.book).lost(ticket);
    }

    /// The answer begins.
    pub(crate) fn named(&self, ticket: Ticket, id: &str, ask: &Ask) {
        let named = lock(&self.book).named(ticket, id, ask);
        if let Err(fault) = named {
            self.dispute(&fault, Some(id), &[]);
        }
    }

    /// The answer has ended.
    pub(crate) fn answered(&self, id: &str, ask: &Ask, output: u64, token: &str) {
        let taken = lock(&self.book).answered(id, ask, output, token);
        self.settle_with(taken, Some(id), token);
    }

    /// The answer has ended whole, without a charge.
    pub(crate) fn was_free(&self, id: &str) {
        lock(&self.book).was_free(id);
    }

    fn settle_with(&self, taken: Result<(), BookError>, id: Option<&str>, token: &str) {
        match taken {
            Ok(()) => {}
            Err(BookError::Fault(fault)) => self.dispute(&fault, id, &[token.to_owned()]),
            Err(BookError::Tab(error)) => {
                self.retire(&error.to_string());
            }
        }
    }

    /// Keeps the evidence and signs nothing more. Where it cannot be written, at least this run signs nothing.
    fn dispute(&self, fault: &Fault, request: Option<&str>, records: &[String]) {
        if self.require_undisputed().is_err() {
            return;
        }
        let live = lock(&self.live).clone();
        let signed = *lock(&self.signed);
        let (consumed, checked) = {
            let book = lock(&self.book);
            (book.consumed(), book.records_file().to_owned())
        };
        let token = lock(&self.token).clone();
        let evidence = Evidence {
            fault,
            at: self.common.clock.now(),
            terms: self.holder.terms(),
            cluster: self.holder.cluster(),
            issuer: &self.issuer,
            gateway: self.gateway.url(),
            voucher: token.as_deref(),
            request,
            records,
            checked: &checked,
            published: live.as_ref().map(|live| &live.description.published),
            signed,
            consumed,
        };
        let path = match evidence.keep(&self.common.folder) {
            Ok(path) => path,
            Err(error) => PathBuf::from(format!("(no evidence could be written: {error})")),
        };
        let vault = self.holder.terms().vault;
        lock(&self.common.disputes).push((vault, path));
        self.retire(&format!("the gateway charged too much: {fault}"));
    }

    /// Reads and checks all records that are not known yet.
    pub async fn sync(&self) -> Result<(), ChannelError> {
        let live = self.session().await?;
        self.list(&live).await
    }

    async fn list(&self, live: &Live) -> Result<(), ChannelError> {
        let _one_at_a_time = self.syncing.lock().await;
        loop {
            let after = lock(&self.book).number();
            let page = self.gateway.usage(&live.id, &live.api_key, after).await?;
            for listed in &page.data {
                let taken = lock(&self.book).take_listed(&listed.record);
                self.settle_with(taken, None, &listed.record);
                self.require_undisputed()?;
            }
            if !page.has_more || page.data.is_empty() {
                return Ok(());
            }
        }
    }

    /// Signs and posts the next receipt, for at least what the refusal wants, if that can be owed.
    pub(crate) async fn raise(
        &self,
        live: &Live,
        wanted: Units,
        bound: Bound,
    ) -> Result<(), ChannelError> {
        self.list(live).await?;
        let most = lock(&self.book).most_wanted(bound);
        if wanted > most {
            return Err(ChannelError::WantsTooMuch { wanted, most });
        }
        self.allow(live, wanted).await
    }

    /// Signs and posts a receipt for at least `wanted` units, or posts the last one again.
    pub async fn allow(&self, live: &Live, wanted: Units) -> Result<(), ChannelError> {
        let mut tab = self.tab.lock().await;
        self.require_undisputed()?;
        self.sign(&mut tab, wanted)?;
        let receipt = self.holder.receipt(tab.signed());
        match self.gateway.post_receipt(&live.id, &receipt).await {
            Err(GatewayError::Refused(refusal)) if refusal.reason == "receipt_not_higher" => {
                Err(signed_elsewhere(&refusal, tab.signed()))
            }
            posted => posted.map(|_| ()).map_err(ChannelError::from),
        }
    }

    /// Decides on the next receipt and keeps it, before it is signed.
    fn sign(&self, tab: &mut Tab, wanted: Units) -> Result<(), ChannelError> {
        self.require_undisputed()?;
        if wanted <= tab.signed() {
            return Ok(());
        }
        let units = Units::new(self.holder.terms().units).unwrap_or(Units::MAX);
        let next = self
            .common
            .budget
            .next(self.holder.address(), units, wanted)?;
        tab.raise(next)?;
        *lock(&self.signed) = tab.signed();
        Ok(())
    }

    /// Posts the receipt for exactly what was consumed, so that settling takes no unit more.
    pub async fn close(&self) -> Result<Closed, ChannelError> {
        let live = self.session().await?;
        self.list(&live).await?;
        let state = self.gateway.session(&live.id, &live.api_key).await?;
        if state.held != Units::ZERO {
            return Err(ChannelError::StillServing { held: state.held });
        }
        self.list(&live).await?;
        let tab = self.tab.lock().await;
        self.require_undisputed()?;
        let (consumed, charges) = {
            let book = lock(&self.book);
            (book.consumed_or(state.consumed), book.number())
        };
        if state.consumed != consumed {
            return Err(ChannelError::SumDiffers {
                said: state.consumed,
                recorded: consumed,
            });
        }
        if consumed < tab.signed() {
            let exact = self.holder.receipt(consumed);
            self.gateway.post_receipt(&live.id, &exact).await?;
        }
        Ok(Closed {
            consumed,
            signed: tab.signed(),
            charges,
        })
    }
}

fn signed_elsewhere(refusal: &Refusal, signed: Units) -> ChannelError {
    match refusal.units("allowance") {
        Some(allowance) => ChannelError::SignedElsewhere { allowance, signed },
        None => GatewayError::from(refusal.clone()).into(),
    }
}
