//! What is kept for a voucher between runs: what was signed last, the sessions that were opened, and the keys that were the
//! vault's issuer.
//!
//! A receipt leaves only after the file that has it was written and flushed. So a crash at any point leaves either the
//! old amount and no newer receipt, or the new amount, whether or not its receipt has left: the next one is never lower.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use solana_pubkey::Pubkey;
use specie_claims::clock::UnixTime;
use specie_claims::issuers::{Issuers, PastIssuer};
use specie_claims::units::Units;
use specie_service::private;
use specie_wire::{Key, Voucher};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Sessions that are remembered: more than a gateway lets be open at a time.
const SESSIONS: usize = 64;

/// Why what is kept for a voucher cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TabError {
    /// Another process uses the voucher.
    #[error("another proxy or lease is using the voucher {0}: stop it first, or use it")]
    InUse(Pubkey),
    /// A file cannot be read or written. Nothing was signed.
    #[error("{path} cannot be used: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Somebody besides the file's owner can read it.
    #[error("{path} is open to others (mode {mode:o}) and holds API keys: run `chmod 600 {path}`")]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// The file's permission bits.
        mode: u32,
    },
    /// The file holds something else.
    #[error(
        "{path} holds something else than what was signed for the voucher ({problem}): restore it, or move it away and name \
         what was signed with --signed"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with the file.
        problem: String,
    },
    /// The gateway's vault has charged too much before.
    #[error(
        "nothing is signed for the vault {vault} any more: it charged too much, as {evidence} shows. Close the voucher with \
         `specie wallet close`, and use another vendor's"
    )]
    Disputed {
        /// The vault.
        vault: Pubkey,
        /// The file with the evidence.
        evidence: PathBuf,
    },
}

/// A session, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptSession {
    /// The session's identity.
    pub id: String,
    /// The session's API key.
    pub api_key: String,
    /// When the key stops working.
    pub expires_at: UnixTime,
    /// What the gateway published when it began.
    pub published: Value,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    voucher: String,
    opened_at: i64,
    vault: String,
    signed: Units,
    /// As the issuer signed it.
    token: Option<String>,
    sessions: Vec<KeptSession>,
    /// The present one last. Files of earlier versions have none.
    #[serde(default)]
    issuers: Vec<KeptIssuer>,
}

/// A key that is, or was, the vault's issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptIssuer {
    /// Base58.
    key: String,
    /// When it was known that the vault has another; `None` for the present one.
    replaced_at: Option<UnixTime>,
}

/// What is kept for one voucher; no other process can have it meanwhile.
#[derive(Debug)]
pub struct Tab {
    path: PathBuf,
    kept: Kept,
    _lock: File,
}

/// The name of a voucher's files: another voucher at the same address is another one.
pub(crate) fn name(terms: &Voucher) -> String {
    let voucher = Pubkey::new_from_array(terms.voucher);
    format!("{voucher}-{}", terms.opened_at)
}

pub(crate) fn unusable(path: &Path) -> impl Fn(std::io::Error) -> TabError + use<> {
    let path = path.to_owned();
    move |source| TabError::File {
        path: path.clone(),
        source,
    }
}

impl Tab {
    /// Opens what is kept for a voucher in `folder`, which is made if it is missing.
    pub fn open(folder: &Path, terms: &Voucher) -> Result<Self, TabError> {
        private::create_folder(folder).map_err(unusable(folder))?;
        if let Some(evidence) = evidence_against(folder, terms).map_err(unusable(folder))? {
            return Err(TabError::Disputed {
                vault: Pubkey::new_from_array(terms.vault),
                evidence,
            });
        }
        let lock = lock(folder, terms)?;
        let path = folder.join(format!("{}.json", name(terms)));
        refuse_if_open_to_others(&path)?;
        let kept = match std::fs::read(&path) {
            Ok(bytes) => read(&bytes, terms).map_err(|problem| TabError::Damaged {
                path: path.clone(),
                problem,
            })?,
            Err(error) if error.kind() == ErrorKind::NotFound => Kept {
                voucher: Pubkey::new_from_array(terms.voucher).to_string(),
                opened_at: terms.opened_at,
                vault: Pubkey::new_from_array(terms.vault).to_string(),
                signed: Units::ZERO,
                token: None,
                sessions: Vec::new(),
                issuers: Vec::new(),
            },
            Err(error) => return Err(unusable(&path)(error)),
        };
        Ok(Self {
            path,
            kept,
            _lock: lock,
        })
    }

    /// The highest amount that was signed, or was about to be.
    pub fn signed(&self) -> Units {
        self.kept.signed
    }

    /// The signed voucher.
    pub fn token(&self) -> Option<&str> {
        self.kept.token.as_deref()
    }

    /// The sessions that were opened, the last one at the end.
    pub fn sessions(&self) -> &[KeptSession] {
        &self.kept.sessions
    }

    /// Keeps that `units` are signed, durably, before they are. Never lowers it.
    pub fn raise(&mut self, units: Units) -> Result<(), TabError> {
        if units <= self.kept.signed {
            return Ok(());
        }
        self.change(|kept| kept.signed = units)
    }

    /// The vault's issuers, where `current` is the present one at `now`. One that is new is kept, durably.
    pub fn issuers(&mut self, current: Key, now: UnixTime) -> Result<Issuers, TabError> {
        let mut issuers = match self.kept_issuers() {
            Some(issuers) => issuers,
            None => Issuers::from(current),
        };
        issuers.replace(current, now);
        self.keep_issuers(&issuers)?;
        Ok(issuers)
    }

    /// The issuers that are kept. An earlier version kept them only in what the gateway published when a session began, which had to
    /// be what the chain said.
    fn kept_issuers(&self) -> Option<Issuers> {
        let mut issuers: Option<Issuers> = None;
        let mut add = |key: &str, replaced_at: UnixTime| {
            let Ok(key) = key.parse::<Pubkey>() else {
                return;
            };
            match &mut issuers {
                None => issuers = Some(Issuers::from(key.to_bytes())),
                Some(issuers) => {
                    issuers.replace(key.to_bytes(), replaced_at);
                }
            }
        };
        if self.kept.issuers.is_empty() {
            for session in &self.kept.sessions {
                if let Some(issuer) = session.published["issuer"].as_str() {
                    add(issuer, session.expires_at);
                }
            }
            return issuers;
        }
        let past = self.kept.issuers.iter().filter_map(|kept| {
            Some(PastIssuer {
                key: kept.key.parse::<Pubkey>().ok()?.to_bytes(),
                replaced_at: kept.replaced_at?,
            })
        });
        let present = self.kept.issuers.last()?.key.parse::<Pubkey>().ok()?;
        Some(Issuers::new(present.to_bytes(), past.collect()))
    }

    /// Keeps the vault's issuers, durably; of a voucher of which nothing is kept yet, with the first thing that is.
    fn keep_issuers(&mut self, issuers: &Issuers) -> Result<(), TabError> {
        let kept = |key: Key, replaced_at| KeptIssuer {
            key: Pubkey::new_from_array(key).to_string(),
            replaced_at,
        };
        let past = issuers.past().iter();
        let mut all: Vec<_> = past
            .map(|past| kept(past.key, Some(past.replaced_at)))
            .collect();
        all.push(kept(issuers.current(), None));
        if all == self.kept.issuers {
            return Ok(());
        }
        if !self.path.exists() {
            self.kept.issuers = all;
            return Ok(());
        }
        self.change(|kept| kept.issuers = all)
    }

    /// Keeps a session, and the signed voucher that opened it.
    pub fn keep_session(&mut self, token: String, session: KeptSession) -> Result<(), TabError> {
        self.change(|kept| {
            kept.token = Some(token);
            kept.sessions.push(session);
            let surplus = kept.sessions.len().saturating_sub(SESSIONS);
            kept.sessions.drain(..surplus);
        })
    }

    /// What is not on disk does not count: a change that cannot be written is none.
    fn change(&mut self, change: impl FnOnce(&mut Kept)) -> Result<(), TabError> {
        let mut kept = self.kept.clone();
        change(&mut kept);
        let text = serde_json::to_vec_pretty(&kept).expect("it has string keys only");
        write_durably(&self.path, &text).map_err(unusable(&self.path))?;
        self.kept = kept;
        Ok(())
    }
}

/// The last session that is kept for a voucher, if its key still works at `time`. Whoever is using the folder: files are
/// replaced whole, so that reading needs no lock.
pub(crate) fn last_session(
    folder: &Path,
    terms: &Voucher,
    time: UnixTime,
) -> Result<Option<KeptSession>, TabError> {
    let path = folder.join(format!("{}.json", name(terms)));
    let sessions = match std::fs::read(&path) {
        Ok(bytes) => match read(&bytes, terms) {
            Ok(kept) => kept.sessions,
            Err(problem) => return Err(TabError::Damaged { path, problem }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(&path)(error)),
    };
    let last = sessions.into_iter().next_back();
    Ok(last.filter(|session| time < session.expires_at))
}

fn read(bytes: &[u8], terms: &Voucher) -> Result<Kept, String> {
    let kept: Kept = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let base58 = |key: [u8; 32]| Pubkey::new_from_array(key).to_string();
    let expected = (base58(terms.voucher), terms.opened_at, base58(terms.vault));
    if (&kept.voucher, kept.opened_at, &kept.vault) != (&expected.0, expected.1, &expected.2) {
        return Err("it is of another voucher".to_owned());
    }
    Ok(kept)
}

fn lock(folder: &Path, terms: &Voucher) -> Result<File, TabError> {
    let path = folder.join(format!("{}.lock", name(terms)));
    let file = private::only_owner(OpenOptions::new().create(true).append(true))
        .open(&path)
        .map_err(unusable(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(TabError::InUse(Pubkey::new_from_array(terms.voucher)))
        }
        Err(std::fs::TryLockError::Error(error)) => Err(unusable(&path)(error)),
    }
}

/// The name that evidence against a vault begins with.
pub(crate) fn evidence_prefix(terms: &Voucher) -> String {
    format!("evidence-{}-", Pubkey::new_from_array(terms.vault))
}

fn evidence_against(folder: &Path, terms: &Voucher) -> std::io::Result<Option<PathBuf>> {
    let prefix = evidence_prefix(terms);
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            return Ok(Some(entry.path()));
        }
    }
    Ok(None)
}

/// Replaces a file by one with these bytes, so that a crash leaves either all of the old one or all of the new one.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = private::only_owner(OpenOptions::new().create(true).write(true).truncate(true))
        .open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    // The name is durable only once its folder is.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Refuses a file that others can read: it holds API keys, or tells what was signed. One that is not there yet is made private.
pub(crate) fn refuse_if_open_to_others(path: &Path) -> Result<(), TabError> {
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unusable(path)(error)),
    };
    match private::open_to_others(&metadata) {
        Some(mode) => Err(TabError::OpenToOthers {
            path: path.to_owned(),
            mode,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use specie_testing::account::terms;

    fn units(units: u64) -> Units {
        Units::new(units).unwrap()
    }

    #[test]
    fn what_was_signed_is_there_again_and_never_lower() {
        let folder = tempfile::tempdir().unwrap();
        let mut tab = Tab::open(folder.path(), &terms()).unwrap();
        assert_eq!(tab.signed(), Units::ZERO);
        tab.raise(units(700)).unwrap();
        tab.raise(units(300)).unwrap();
        drop(tab);
        let tab = Tab::open(folder.path(), &terms()).unwrap();
        assert_eq!(tab.signed(), units(700));
    }

    #[test]
    fn the_vaults_issuers_are_there_again_also_those_of_an_earlier_version() {
        let (first, second, third) = ([11; 32], [12; 32], [13; 32]);
        let folder = tempfile::tempdir().unwrap();
        let mut tab = Tab::open(folder.path(), &terms()).unwrap();
        assert_eq!(tab.issuers(first, UnixTime(10)).unwrap(), first.into());
        assert!(!tab.path.exists());
        tab.raise(units(1)).unwrap();
        let expected = |present, past: &[(Key, i64)]| {
            let past = past.iter().map(|(key, at)| PastIssuer {
                key: *key,
                replaced_at: UnixTime(*at),
            });
            Issuers::new(present, past.collect())
        };
        let two = expected(second, &[(first, 20)]);
        assert_eq!(tab.issuers(second, UnixTime(20)).unwrap(), two);
        drop(tab);
        let mut tab = Tab::open(folder.path(), &terms()).unwrap();
        assert_eq!(tab.issuers(second, UnixTime(30)).unwrap(), two);
        let three = expected(third, &[(first, 20), (second, 40)]);
        assert_eq!(tab.issuers(third, UnixTime(40)).unwrap(), three);

        for (index, issuer) in [first, second].into_iter().enumerate() {
            let session = KeptSession {
                id: format!("sess_{index}"),
                api_key: "key".to_owned(),
                expires_at: UnixTime(100 * (1 + index as i64)),
                published: serde_json::json!({
                    "issuer": Pubkey::new_from_array(issuer).to_string()
                }),
            };
            tab.keep_session("token".to_owned(), session).unwrap();
        }
        let path = tab.path.clone();
        drop(tab);
        let mut text: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        text.as_object_mut().unwrap().remove("issuers").unwrap();
        std::fs::write(&path, text.to_string()).unwrap();
        let mut tab = Tab::open(folder.path(), &terms()).unwrap();
        let three = expected(third, &[(first, 200), (second, 300)]);
        assert_eq!(tab.issuers(third, UnixTime(300)).unwrap(), three);
    }

    #[test]
    fn only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("proxy");
        let mut tab = Tab::open(&inner, &terms()).unwrap();
        tab.raise(units(1)).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&inner), mode(&tab.path)), (0o700, 0o600));
    }

    #[test]
    fn a_file_that_others_can_read_rejects() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mut tab = Tab::open(folder.path(), &terms()).unwrap();
        tab.raise(units(1)).unwrap();
        let (path, open) = (tab.path.clone(), std::fs::Permissions::from_mode(0o644));
        drop(tab);
        std::fs::set_permissions(&path, open).unwrap();
        let error = Tab::open(folder.path(), &terms()).unwrap_err();
        assert!(
            matches!(error, TabError::OpenToOthers { mode: 0o644, .. }),
            "{error}"
        );
    }

    #[test]
    fn one_process_has_it_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let _tab = Tab::open(folder.path(), &terms()).unwrap();
        let second = Tab::open(folder.path(), &terms());
        assert!(matches!(second, Err(TabError::InUse(_))), "{second:?}");
        let other = Voucher {
            opened_at: 6,
            ..terms()
        };
        assert!(Tab::open(folder.path(), &other).is_ok());
    }

    #[test]
    fn a_damaged_or_foreign_file_rejects_and_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{}.json", name(&terms())));
        let mut tab = Tab::open(folder.path(), &terms()).unwrap();
        tab.raise(units(700)).unwrap();
        let good = std::fs::read_to_string(&path).unwrap();
        drop(tab);
        for text in ["", &good[..good.len() / 2], &good.replace("5,", "6,")] {
            std::fs::write(&path, text).unwrap();
            let error = Tab::open(folder.path(), &terms()).unwrap_err();
            assert!(matches!(error, TabError::Damaged { .. }), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn what_cannot_be_written_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let mut tab = Tab::open(folder.path(), &terms()).unwrap();
        tab.raise(units(10)).unwrap();
        // A folder stands where the new file would be written.
        std::fs::create_dir(tab.path.with_extension("new")).unwrap();
        assert!(matches!(tab.raise(units(20)), Err(TabError::File { .. })));
        assert_eq!(tab.signed(), units(10));
        drop(tab);
        let tab = Tab::open(folder.path(), &terms()).unwrap();
        assert_eq!(tab.signed(), units(10));
    }

    #[test]
    fn evidence_against_a_vault_stops_all_its_vouchers() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = folder.path().join(evidence_prefix(&terms()) + "1.json");
        std::fs::write(&evidence, "{}").unwrap();
        let another_voucher = Voucher {
            voucher: [7; 32],
            ..terms()
        };
        let error = Tab::open(folder.path(), &another_voucher).unwrap_err();
        assert!(matches!(error, TabError::Disputed { .. }), "{error}");
        let another_vault = Voucher {
            vault: [8; 32],
            ..terms()
        };
        assert!(Tab::open(folder.path(), &another_vault).is_ok());
    }
}
