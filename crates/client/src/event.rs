//! Events from a transaction's log.

use anchor_lang::Discriminator;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use solana_pubkey::Pubkey;
use specie::events::*;

/// An event's bytes: the whole type, unless the entry names a function that returns those in the log.
macro_rules! bytes {
    ($event:expr) => {
        bytemuck::bytes_of($event)
    };
    ($event:expr, $bytes:expr) => {
        $bytes($event)
    };
}

/// Decodes an event: by a copy of the type, unless the entry names a function.
macro_rules! read {
    ($body:expr) => {
        bytemuck::try_pod_read_unaligned($body).ok()
    };
    ($body:expr, $read:expr) => {
        $read($body)
    };
}

/// Declares the events, an entry each. An event of variable length names its decoder and its encoder.
macro_rules! events {
    ($($name:ident $({ $read:expr, $bytes:expr })?),* $(,)?) => {
        /// One of the program's events.
        #[derive(Clone, Copy)]
        #[allow(clippy::large_enum_variant, reason = "events are read one at a time")]
        pub enum Event {
            $(
                #[doc = concat!("See [`", stringify!($name), "`].")]
                $name($name),
            )*
        }

        impl Event {
            /// Every event's name and its length in the log, in bytes, discriminator included; the longest where it varies.
            pub const ALL: &[(&str, usize)] = &[
                $((stringify!($name), $name::DISCRIMINATOR.len() + size_of::<$name>()),)*
            ];

            /// The event's name.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                }
            }

            /// The event's fields as they stand in the log, behind its discriminator.
            pub fn bytes(&self) -> &[u8] {
                match self {
                    $(Self::$name(event) => bytes!(event $(, $bytes)?),)*
                }
            }

            /// Reads an event's bytes; `None` for what is not one of them, to the byte.
            pub fn decode(data: &[u8]) -> Option<Self> {
                let (discriminator, body) = data.split_at_checked(8)?;
                $(
                    if discriminator == $name::DISCRIMINATOR {
                        return read!(body $(, $read)?).map(Self::$name);
                    }
                )*
                None
            }
        }
    };
}

events!(
    CurrencyCreated,
    Paused,
    Resumed,
    PricePosted,
    ChangeScheduled,
    ChangeExecuted,
    ChangeCancelled,
    VaultOpened,
    VaultUpdated,
    CapacityAttested,
    AttestationVetoed,
    CollateralDeposited,
    WithdrawalRequested,
    CollateralWithdrawn,
    Issued,
    Purchased,
    Redeemed,
    Settled { Settled::decode, Settled::bytes },
    CloseRequested,
    Reclaimed,
    VaultSuspended,
    VaultReinstated,
    MarginCalled,
    VaultDefaulted,
    Liquidated,
    VaultClosed,
    VoucherReleased,
    Challenged,
    Answered,
    Compensated,
    Distributed,
    Staked,
    Unstaked,
    Claimed,
);

/// What a transaction's log says that the program did.
#[derive(Clone, Default)]
pub struct Logged {
    /// The program's events, in order.
    pub events: Vec<Event>,
    /// Whether the runtime cut the log off: then events may be missing, and a transaction's instructions say what was asked
    /// for. See [`crate::answer`].
    pub is_truncated: bool,
}

/// What the runtime writes once, when a log is full. Shorter lines may still follow.
const TRUNCATED: &str = "Log truncated";

/// A line of the runtime's that opens or closes a program's frame.
enum Frame {
    Opens(Pubkey),
    Closes(Pubkey),
}

impl Frame {
    /// Reads one, to the byte. Whatever a program says of itself begins with `Program log: ` or `Program return: `, whose
    /// second word is no address.
    fn read(line: &str) -> Option<Self> {
        let (program, rest) = line.strip_prefix("Program ")?.split_once(' ')?;
        let program = program.parse().ok()?;
        match rest {
            "success" => Some(Self::Closes(program)),
            _ if rest.starts_with("failed: ") => Some(Self::Closes(program)),
            _ => {
                let depth = rest.strip_prefix("invoke [")?.strip_suffix(']')?;
                depth.parse::<u8>().ok()?;
                Some(Self::Opens(program))
            }
        }
    }
}

/// The program's events in a transaction's log.
///
/// Only lines that the program itself wrote count, whatever another program logs in the same transaction. Behind the place
/// where a log was cut off nothing counts: which program was running there is unknown.
pub fn read_log<S: AsRef<str>>(logs: &[S]) -> Logged {
    let mut running: Vec<Pubkey> = Vec::new();
    let mut logged = Logged::default();
    for line in logs {
        let line = line.as_ref();
        if line == TRUNCATED {
            logged.is_truncated = true;
            break;
        }
        if let Some(data) = line.strip_prefix("Program data: ") {
            if running.last() == Some(&specie::ID) {
                let data = BASE64.decode(data).ok();
                logged
                    .events
                    .extend(data.and_then(|data| Event::decode(&data)));
            }
            continue;
        }
        match Frame::read(line) {
            Some(Frame::Opens(program)) => running.push(program),
            Some(Frame::Closes(program)) if running.last() == Some(&program) => {
                running.pop();
            }
            _ => {}
        }
    }
    logged
}

/// The program's events in a transaction's log, where it does not matter whether the log was cut off.
pub fn events<S: AsRef<str>>(logs: &[S]) -> Vec<Event> {
    read_log(logs).events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(event: &Resumed) -> String {
        let mut data = Resumed::DISCRIMINATOR.to_vec();
        data.extend(bytemuck::bytes_of(event));
        format!("Program data: {}", BASE64.encode(data))
    }

    #[test]
    fn only_what_the_program_itself_logged_counts() {
        let (ours, other) = (specie::ID.to_string(), "1".repeat(32));
        let resumed = line(&Resumed {
            currency: specie::ID,
        });
        let logs = [
            format!("Program {other} invoke [1]"),
            resumed.clone(),
            format!("Program {ours} invoke [2]"),
            format!("Program {other} invoke [3]"),
            resumed.clone(),
            format!("Program {other} success"),
            resumed.clone(),
            format!("Program {ours} success"),
            resumed,
            format!("Program {other} success"),
        ];
        let events = events(&logs);
        assert_eq!(events.len(), 1);
        assert!(
            matches!(events[0], Event::Resumed(Resumed { currency }) if currency == specie::ID)
        );
    }

    #[test]
    fn every_event_of_the_program_is_listed() {
        let idl: serde_json::Value =
            serde_json::from_str(include_str!("../../../idl/specie.json")).unwrap();
        let names = idl["events"].as_array().unwrap().iter();
        let mut of_program: Vec<_> = names.map(|event| event["name"].as_str().unwrap()).collect();
        let mut listed: Vec<_> = Event::ALL.iter().map(|(name, _)| *name).collect();
        of_program.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, of_program);
    }

    /// A program writes lines that look like the runtime's: before, they ended or began a program's part of the log, and the
    /// program's events were lost, or another's taken for them.
    #[test]
    fn lines_that_look_like_the_runtimes_open_and_close_nothing() {
        let (ours, other) = (specie::ID.to_string(), "1".repeat(32));
        let resumed = line(&Resumed {
            currency: specie::ID,
        });
        for forged in [
            "Program log: success".to_owned(),
            "Program log: failed: nothing".to_owned(),
            "Program log: invoke [1]".to_owned(),
            format!("Program log: Program {ours} invoke [1]"),
            format!("Program log: \nProgram {ours} invoke [1]"),
            "Program return: success".to_owned(),
            format!("Program {ours} consumed 1 of 2 compute units"),
            format!("Program {ours} invoke [x]"),
            format!("Program {ours} success "),
            format!("Program {ours}"),
        ] {
            let logs = [
                format!("Program {ours} invoke [1]"),
                format!("Program {other} invoke [2]"),
                forged.clone(),
                resumed.clone(),
                format!("Program {other} success"),
                forged.clone(),
                resumed.clone(),
                format!("Program {ours} success"),
                resumed.clone(),
            ];
            assert_eq!(events(&logs).len(), 1, "{forged}");
        }
    }

    #[test]
    fn nothing_counts_behind_the_end_of_a_full_log() {
        let (ours, other) = (specie::ID.to_string(), "1".repeat(32));
        let resumed = line(&Resumed {
            currency: specie::ID,
        });
        let logs = [
            format!("Program {ours} invoke [1]"),
            resumed.clone(),
            // The log was full, so the program's end and another's beginning are missing.
            "Log truncated".to_owned(),
            resumed,
            format!("Program {other} success"),
        ];
        let logged = read_log(&logs);
        assert_eq!((logged.events.len(), logged.is_truncated), (1, true));
        assert!(!read_log(&logs[..2]).is_truncated);
    }

    #[test]
    fn a_longer_or_shorter_event_is_none() {
        let mut data = Resumed::DISCRIMINATOR.to_vec();
        data.extend([0; 33]);
        assert!(Event::decode(&data).is_none());
        data.truncate(39);
        assert!(Event::decode(&data).is_none());
        assert!(Event::decode(&[]).is_none());
    }
}
