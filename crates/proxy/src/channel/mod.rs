//! One voucher at one gateway: its session, what is signed for it, and what was charged.

mod charges;
mod error;
mod issuer;
mod session;
mod signing;

pub use error::ChannelError;

use crate::book::{Book, Unwatched};
use crate::budget::Budget;
use crate::doubt::{self, Doubted, KeptDoubt};
use crate::evidence::Evidence;
use crate::gateway::{Description, GatewayClient};
use crate::holder::Holder;
use crate::issuer::{Strangers, VaultIssuer, Verdict};
use crate::tab::{self, Tab, TabError};
use specie_claims::clock::{Clock, Moment, UnixTime};
use specie_claims::issuers::Issuers;
use specie_claims::units::Units;
use specie_claims::usage::RecordFault;
use specie_wire::Key;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What all channels of a holder have in common.
pub struct Common {
    /// Where files are kept.
    pub folder: PathBuf,
    /// What may be signed.
    pub budget: Budget,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of a vault's present issuer.
    pub chain: Arc<dyn VaultIssuer>,
    pub(crate) strangers: Strangers,
    /// Models, and pools, of vaults whose counts are in doubt.
    doubts: Mutex<Vec<(Key, KeptDoubt)>>,
    /// Vaults that charged too much in this run, and the evidence.
    disputes: Mutex<Vec<(Key, PathBuf)>>,
}

impl Common {
    /// Nothing is disputed yet but what evidence in `folder` says.
    pub fn new(
        folder: PathBuf,
        budget: Budget,
        clock: Arc<dyn Clock>,
        chain: Arc<dyn VaultIssuer>,
    ) -> Self {
        Self {
            folder,
            budget,
            clock,
            chain,
            strangers: Strangers::default(),
            doubts: Mutex::default(),
            disputes: Mutex::default(),
        }
    }

    /// Opens what is kept for a voucher and counts it in the budget. `issuer` is the vault's present issuer, `signed` what is
    /// known to have been signed elsewhere.
    pub(crate) fn open_tab(
        &self,
        holder: &Holder,
        issuer: Key,
        signed: Units,
    ) -> Result<(Tab, Issuers), TabError> {
        let terms = holder.terms();
        let mut tab = Tab::open(&self.folder, terms)?;
        tab.raise(signed)?;
        let issuers = tab.issuers(issuer, self.clock.now())?;
        self.read_doubts(&terms.vault)?;
        self.budget.count(holder.address(), tab.signed());
        Ok((tab, issuers))
    }

    /// Asks the chain about the signer of a record that is not the issuer that is `known`: the vault's new issuer, or `None` if
    /// the signer is certainly none, so that the record is a fault.
    pub(crate) async fn new_issuer(
        &self,
        vault: Key,
        known: Key,
        fault: RecordFault,
    ) -> Result<Option<Key>, ChannelError> {
        let unknown = |cause: String| ChannelError::IssuerUnknown { fault, cause };
        let RecordFault::UnknownIssuer { issuer: found } = fault else {
            let cause = "the gateway must be given the vault's present issuer key";
            return Err(unknown(cause.to_owned()));
        };
        let (chain, now) = (self.chain.as_ref(), self.clock.moment());
        let judged = self.strangers.judge(chain, vault, known, found, now);
        match judged.await {
            Verdict::Issuer => Ok(Some(found.to_bytes())),
            Verdict::NotKnown(cause) => Err(unknown(cause)),
            Verdict::Stranger => Ok(None),
        }
    }

    /// The vault's issuer by the chain, if it is another than is `known`.
    pub(crate) async fn replaced_issuer(&self, vault: Key, known: Key) -> Option<Key> {
        let issuer = self.chain.issuer(vault).await.ok()?;
        (issuer != known).then_some(issuer)
    }

    pub(crate) fn evidence(&self, vault: &Key) -> Option<PathBuf> {
        let disputes = lock(&self.disputes);
        let found = disputes.iter().find(|(disputed, _)| disputed == vault);
        found.map(|(_, path)| path.clone())
    }

    /// Refuses a vault that charged too much.
    pub(crate) fn require_undisputed(&self, vault: &Key) -> Result<(), ChannelError> {
        match self.evidence(vault) {
            None => Ok(()),
            Some(evidence) => Err(ChannelError::Overcharged {
                fault: "a charge was too much".to_owned(),
                evidence,
            }),
        }
    }

    /// Reads what is in doubt of a vault since earlier runs.
    pub(crate) fn read_doubts(&self, vault: &Key) -> Result<(), TabError> {
        let kept = doubt::kept(&self.folder, vault).map_err(tab::unusable(&self.folder))?;
        let mut doubts = lock(&self.doubts);
        doubts.retain(|(of, _)| of != vault);
        doubts.extend(kept.into_iter().map(|doubt| (*vault, doubt)));
        Ok(())
    }

    /// Keeps a doubt, after which nothing is signed for its model. Where it cannot be written, at least this run signs nothing.
    pub(crate) fn doubt(&self, doubted: &Doubted<'_>) -> KeptDoubt {
        let kept = doubted
            .keep(&self.folder)
            .unwrap_or_else(|error| KeptDoubt {
                model: doubted.model.to_owned(),
                what: doubted.doubt.to_string(),
                file: PathBuf::from(format!("(it could not be written: {error})")),
            });
        lock(&self.doubts).push((doubted.terms.vault, kept.clone()));
        kept
    }

    /// What is in doubt of a vault.
    pub(crate) fn doubts(&self, vault: &Key) -> Vec<KeptDoubt> {
        let doubts = lock(&self.doubts);
        let of_vault = doubts.iter().filter(|(of, _)| of == vault);
        of_vault.map(|(_, doubt)| doubt.clone()).collect()
    }

    /// Refuses a model, or a pool, whose counts are in doubt. One whose file was removed is not any more.
    pub(crate) fn require_undoubted(&self, vault: &Key, model: &str) -> Result<(), ChannelError> {
        lock(&self.doubts)
            .retain(|(_, doubt)| doubt.model != model || !self.is_removed(&doubt.file));
        let mut doubts = self.doubts(vault).into_iter();
        match doubts.find(|doubt| doubt.model == model) {
            None => Ok(()),
            Some(KeptDoubt { model, what, file }) => {
                Err(ChannelError::Doubted { model, what, file })
            }
        }
    }

    /// Whether a file of the folder is not there any more.
    fn is_removed(&self, file: &Path) -> bool {
        file.starts_with(&self.folder) && matches!(file.try_exists(), Ok(false))
    }

    /// Keeps the evidence, after which nothing is signed for its vault. Where it cannot be written, at least this run signs
    /// nothing.
    pub(crate) fn dispute(&self, evidence: &Evidence<'_>) -> PathBuf {
        let path = match evidence.keep(&self.folder) {
            Ok(path) => path,
            Err(error) => PathBuf::from(format!("(no evidence could be written: {error})")),
        };
        lock(&self.disputes).push((evidence.terms.vault, path.clone()));
        path
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An open session, as requests need it.
#[derive(Clone, Debug)]
pub struct Live {
    /// The session's identity.
    pub id: String,
    /// The session's API key.
    pub api_key: String,
    /// When the key stops working.
    pub expires_at: UnixTime,
    /// What the gateway published when it began, and holds it to.
    pub description: Arc<Description>,
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
    /// What is in doubt of the vault's counts.
    pub doubts: Vec<KeptDoubt>,
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
///
/// What takes several steps with the gateway between them (opening a session, posting a receipt, reading the list of records)
/// holds the [`Turn`], of which there is one. What is known is behind one lock, which nobody holds while asking anybody.
pub struct Channel {
    holder: Holder,
    gateway: GatewayClient,
    common: Arc<Common>,
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

/// The right to change what is signed, which session is open, and who the issuer is. One task has it at a time.
struct Turn<'a> {
    _guard: tokio::sync::MutexGuard<'a, ()>,
}

/// What is known of a voucher.
struct State {
    tab: Tab,
    book: Book,
    /// The session that requests are made in; `None` once its key has ended.
    session: Option<Live>,
    /// The last session whose account was read in this run, also after its key has ended.
    live: Option<Live>,
    /// What was published when each session began.
    published: HashMap<String, Arc<Description>>,
    /// Until when a request may be charged whose answer will not come.
    expecting_until: Moment,
    /// Whether a request cost more than was left.
    nearly_used_up: bool,
    /// Why nothing more can be consumed.
    over: Option<String>,
}

impl Channel {
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
        let mut book = Book::open(&common.folder, holder.terms(), issuers, settled)?;
        let mut session = None;
        let mut published = HashMap::new();
        for kept in tab.sessions() {
            if let Ok(description) = Description::read(kept.published.clone()) {
                book.session(&kept.id, description.prices());
                let description = Arc::new(description);
                published.insert(kept.id.clone(), Arc::clone(&description));
                session = Some(Live {
                    id: kept.id.clone(),
                    api_key: kept.api_key.clone(),
                    expires_at: kept.expires_at,
                    description,
                });
            }
        }
        let state = State {
            tab,
            book,
            session,
            live: None,
            published,
            expecting_until: Moment::default(),
            nearly_used_up: false,
            over: None,
        };
        Ok(Self {
            turn: tokio::sync::Mutex::default(),
            state: Mutex::new(state),
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

    /// How the voucher stands.
    pub fn standing(&self) -> Standing {
        let vault = &self.holder.terms().vault;
        let (doubts, evidence) = (self.common.doubts(vault), self.common.evidence(vault));
        let state = self.state();
        let book = &state.book;
        Standing {
            signed: state.tab.signed(),
            consumed: book.consumed(),
            charges: book.number(),
            outstanding: book.outstanding(),
            doubts,
            unwatched: book.unwatched(),
            evidence,
            over: state.over.clone(),
            session_expires_at: state.live.as_ref().map(|live| live.expires_at),
        }
    }

    /// Whether requests may go here.
    pub fn is_usable(&self) -> bool {
        self.state().over.is_none() && self.require_undisputed().is_ok()
    }

    /// Whether the voucher had too little for a request.
    pub fn is_nearly_used_up(&self) -> bool {
        self.state().nearly_used_up
    }

    /// Notes that the voucher has too little for a request; a smaller one may still fit.
    pub(crate) fn has_too_little(&self) {
        self.state().nearly_used_up = true;
    }

    /// Nothing more can be consumed here, for this reason.
    pub fn retire(&self, reason: &str) {
        let mut state = self.state();
        state.over.get_or_insert_with(|| reason.to_owned());
    }

    fn require_undisputed(&self) -> Result<(), ChannelError> {
        self.common.require_undisputed(&self.holder.terms().vault)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    async fn turn(&self) -> Turn<'_> {
        Turn {
            _guard: self.turn.lock().await,
        }
    }
}
