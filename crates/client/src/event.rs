//! Events from a transaction's log.

use anchor_lang::Discriminator;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
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

/// The program's events in a transaction's log, in order.
///
/// Only lines that the program itself wrote count: whatever another program logs in the same transaction does not.
pub fn events<S: AsRef<str>>(logs: &[S]) -> Vec<Event> {
    let program = specie::ID.to_string();
    let mut running: Vec<&str> = Vec::new();
    let mut events = Vec::new();
    for line in logs {
        let line = line.as_ref();
        if let Some(data) = line.strip_prefix("Program data: ") {
            if running.last() == Some(&program.as_str()) {
                events.extend(
                    BASE64
                        .decode(data)
                        .ok()
                        .and_then(|data| Event::decode(&data)),
                );
            }
        } else if let Some(rest) = line.strip_prefix("Program ") {
            match rest.split(' ').collect::<Vec<_>>()[..] {
                [id, "invoke", _] => running.push(id),
                [_, "success"] | [_, "failed:", ..] => {
                    running.pop();
                }
                _ => {}
            }
        }
    }
    events
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
