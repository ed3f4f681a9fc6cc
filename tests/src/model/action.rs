//! What can happen in a world, and the script that says so: one action a line, its name first, then its fields.
//!
//! A script means the same whatever was taken out of it before: times count from the chain's present one, sequences
//! and epochs from the present ones, vouchers are known by the number of their session and changes by a label.

use {
    super::{Purse, Who},
    std::{
        fmt::{self, Write},
        str::FromStr,
    },
};

/// A field of an action, as text without white space.
trait Field: Sized {
    fn write(&self, text: &mut String);
    fn read(text: &str) -> Result<Self, String>;
}

macro_rules! plain_fields {
    ($($field:ty),*) => {
        $(impl Field for $field {
            fn write(&self, text: &mut String) {
                write!(text, "{self}").expect("memory");
            }
            fn read(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error| format!("{text}: {error}"))
            }
        })*
    };
}

plain_fields!(u8, u32, u64, i64, Who);

/// `-` where there is none.
impl<T: Field> Field for Option<T> {
    fn write(&self, text: &mut String) {
        match self {
            Some(field) => field.write(text),
            None => text.push('-'),
        }
    }
    fn read(text: &str) -> Result<Self, String> {
        if text == "-" {
            Ok(None)
        } else {
            T::read(text).map(Some)
        }
    }
}

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $of:ty),* $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "explained by what carries it")]
        pub struct $name { $(pub $field: $of),* }

        /// Its fields in order, with colons between.
        impl Field for $name {
            fn write(&self, text: &mut String) {
                let fields: Vec<String> = vec![$(written(&self.$field)),*];
                text.push_str(&fields.join(":"));
            }
            fn read(text: &str) -> Result<Self, String> {
                let mut parts = text.split(':');
                let mut next = || parts.next().ok_or(format!("{text}: a part is missing"));
                Ok(Self { $($field: Field::read(next()?)?),* })
            }
        })*
    };
}

records! {
    /// At what a vault sells: price of an SCU, units, and the share of each payment that it keeps.
    Offer { price: u64, units: u64, retained: u64 }
    /// A receipt: the session's number, units consumed in all, and how much earlier than the voucher the one that it was
    /// signed for was opened, in seconds.
    Receipt { session: u32, cumulative: u64, earlier: i64 }
    /// How a quorum signs: how many of its keys, and in which epoch beside the present one.
    Signing { signers: u8, epoch: i64 }
}

impl Signing {
    /// As many keys as are needed, in the present epoch.
    pub const QUORUM: Self = Self {
        signers: 255,
        epoch: 0,
    };
}

impl Field for Vec<Receipt> {
    fn write(&self, text: &mut String) {
        let receipts: Vec<String> = self.iter().map(written).collect();
        text.push_str(&receipts.join(","));
    }
    fn read(text: &str) -> Result<Self, String> {
        text.split(',').map(Receipt::read).collect()
    }
}

fn written(field: &impl Field) -> String {
    let mut text = String::new();
    field.write(&mut text);
    text
}

/// Where donations go.
impl Field for Purse {
    fn write(&self, text: &mut String) {
        match self {
            Purse::Stable(who) => write!(text, "stable:{who}"),
            Purse::Tokens(who) => write!(text, "tokens:{who}"),
            Purse::Payout(n) => write!(text, "payout:{n}"),
            Purse::Treasury(n) => write!(text, "treasury:{n}"),
            Purse::Collateral(n) => write!(text, "collateral:{n}"),
            Purse::Revenue => write!(text, "revenue"),
            Purse::Insurance => write!(text, "insurance"),
            Purse::Staked => write!(text, "staked"),
            Purse::Rewards => write!(text, "rewards"),
        }
        .expect("memory");
    }
    fn read(text: &str) -> Result<Self, String> {
        let (kind, of) = text.split_once(':').unwrap_or((text, ""));
        Ok(match kind {
            "stable" => Purse::Stable(Who::read(of)?),
            "tokens" => Purse::Tokens(Who::read(of)?),
            "payout" => Purse::Payout(u8::read(of)?),
            "treasury" => Purse::Treasury(u8::read(of)?),
            "collateral" => Purse::Collateral(u8::read(of)?),
            "revenue" => Purse::Revenue,
            "insurance" => Purse::Insurance,
            "staked" => Purse::Staked,
            "rewards" => Purse::Rewards,
            _ => return Err(format!("{text} is no token account")),
        })
    }
}

/// What a change of governance is to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// One of the rules, by its number, is to be this.
    Rule(u8, u64),
    /// The Standard.
    Standard(u64),
    /// Threshold, and the attestors that are keys: bit n is attestor n.
    Quorum(u8, u32),
    /// The authority.
    Authority(Who),
    /// The guardian.
    Guardian(Who),
    /// The treasury's account.
    Treasury(u8),
    /// The limit of a vault.
    VaultLimit(u8, u64),
}

impl Field for Proposal {
    fn write(&self, text: &mut String) {
        match self {
            Proposal::Rule(rule, value) => write!(text, "rule:{rule}:{value}"),
            Proposal::Standard(work) => write!(text, "standard:{work}"),
            Proposal::Quorum(threshold, keys) => write!(text, "quorum:{threshold}:{keys}"),
            Proposal::Authority(who) => write!(text, "authority:{who}"),
            Proposal::Guardian(who) => write!(text, "guardian:{who}"),
            Proposal::Treasury(n) => write!(text, "treasury:{n}"),
            Proposal::VaultLimit(vault, limit) => write!(text, "limit:{vault}:{limit}"),
        }
        .expect("memory");
    }
    fn read(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':');
        let mut next = || parts.next().ok_or(format!("{text}: a part is missing"));
        Ok(match next()? {
            "rule" => Proposal::Rule(Field::read(next()?)?, Field::read(next()?)?),
            "standard" => Proposal::Standard(Field::read(next()?)?),
            "quorum" => Proposal::Quorum(Field::read(next()?)?, Field::read(next()?)?),
            "authority" => Proposal::Authority(Field::read(next()?)?),
            "guardian" => Proposal::Guardian(Field::read(next()?)?),
            "treasury" => Proposal::Treasury(Field::read(next()?)?),
            "limit" => Proposal::VaultLimit(Field::read(next()?)?, Field::read(next()?)?),
            other => return Err(format!("{other} is nothing that can be proposed")),
        })
    }
}

/// Declares the actions, an entry each: the type, how a script writes and reads it, and [`INSTRUCTIONS`].
macro_rules! actions {
    (
        instructions { $($(#[$doc:meta])* $name:ident $text:literal $fields:tt)* }
        beside { $($(#[$other_doc:meta])* $other:ident $other_text:literal $other_fields:tt)* }
    ) => {
        /// The program's instructions, in order of their numbers.
        pub const INSTRUCTIONS: &[&str] = &[$($text),*];

        actions! {
            $($(#[$doc])* $name $text $fields)*
            $($(#[$other_doc])* $other $other_text $other_fields)*
        }
    };
    ($($(#[$doc:meta])* $name:ident $text:literal { $($field:ident: $of:ty),* $(,)? })*) => {
        /// Something that happens: an instruction of the program, or something beside it.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "a vault is named by its founder's number, a voucher by its session's")]
        pub enum Action {
            $($(#[$doc])* $name { $($field: $of),* },)*
        }

        impl Action {
            /// Its name: the instruction's.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Action::$name { .. } => $text,)*
                }
            }
        }

        impl fmt::Display for Action {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Action::$name { $($field),* } => {
                        f.write_str($text)?;
                        $(write!(f, " {}={}", stringify!($field), written($field))?;)*
                    })*
                }
                Ok(())
            }
        }

        impl FromStr for Action {
            type Err = String;

            fn from_str(line: &str) -> Result<Self, String> {
                let mut words = line.split_whitespace();
                let name = words.next().ok_or("an empty line")?;
                let fields: Vec<(&str, &str)> =
                    words.map(|word| word.split_once('=').unwrap_or((word, ""))).collect();
                let field = |name: &str| {
                    let found = fields.iter().find(|(field, _)| *field == name);
                    found.map(|(_, value)| *value).ok_or(format!("{line}: {name} is missing"))
                };
                match name {
                    $($text => Ok(Action::$name { $($field: Field::read(field(stringify!($field))?)?),* }),)*
                    _ => Err(format!("{name} is no action")),
                }
            }
        }
    };
}

actions! {
    instructions {
        /// Founds another currency on a fresh mint, of which so much exists already, with one rule changed.
        CreateCurrency "create_currency" {
            mint: u32, supply: u64, rule: u8, value: u64, threshold: u8, keys: u32, work: u64
        }
        ScheduleChange "schedule_change" { label: u32, by: Who, proposal: Proposal }
        /// `by` signs as the subject where there is one.
        ExecuteChange "execute_change" { label: u32, by: Option<Who> }
        CancelChange "cancel_change" { label: u32, by: Who }
        Pause "pause" { by: Who, seconds: i64 }
        Resume "resume" { by: Who }
        PostPrice "post_price" { price: u64, sequence: i64, ago: i64, signing: Signing }
        OpenVault "open_vault" { vendor: u8, by: Who, limit: u64, classes: u8 }
        UpdateVault "update_vault" {
            vault: u8, by: Who, vendor: Option<Who>, operator: Option<Who>, classes: Option<u8>, offer: Option<Offer>
        }
        SuspendVault "suspend_vault" { vault: u8, by: Who }
        ReinstateVault "reinstate_vault" { vault: u8, by: Who }
        /// `ends` counts from now.
        AttestCapacity "attest_capacity" {
            vault: u8, rate: u64, ends: i64, sequence: i64, ago: i64, signing: Signing
        }
        VetoAttestation "veto_attestation" { vault: u8, by: Who }
        DepositCollateral "deposit_collateral" { vault: u8, by: Who, amount: u64 }
        RequestWithdrawal "request_withdrawal" { vault: u8, by: Who, amount: u64 }
        WithdrawCollateral "withdraw_collateral" { vault: u8, by: Who }
        /// For at most so much as a fee.
        Issue "issue" { vault: u8, by: Who, to: Who, tokens: u64, most: u64 }
        Purchase "purchase" { vault: u8, by: Who, tokens: u64, most: u64 }
        Redeem "redeem" { vault: u8, by: Who, session: u32, tokens: u64, class: u8 }
        Settle "settle" { vault: u8, receipts: Vec<Receipt> }
        RequestClose "request_close" { vault: u8, session: u32, by: Who }
        Reclaim "reclaim" { vault: u8, session: u32, to: Who }
        ReleaseVoucher "release_voucher" { vault: u8, session: u32, by: Who }
        Challenge "challenge" { vault: u8, session: u32, by: Who }
        /// `more` is what the signed voucher states beyond the units of the account.
        Answer "answer" { vault: u8, session: u32, by: Who, issuer: Who, more: u64 }
        Compensate "compensate" { vault: u8, session: u32 }
        RuleBreach "rule_breach" { vault: u8, session: u32, by: Who, units: u64, ago: i64, signing: Signing }
        CallMargin "call_margin" { vault: u8 }
        DefaultVault "default_vault" { vault: u8 }
        Liquidate "liquidate" { vault: u8, by: Who, tokens: u64, least: u64 }
        CloseVault "close_vault" { vault: u8, by: Who }
        Distribute "distribute" { treasury: u8 }
        Stake "stake" { by: Who, tokens: u64 }
        Unstake "unstake" { by: Who, tokens: u64 }
        Claim "claim" { by: Who }
    }
    beside {
        /// Time passes.
        Wait "wait" { seconds: i64 }
        /// The collateral token's issuer, or a holder of tokens, gives some to an account.
        Donate "donate" { to: Purse, amount: u64 }
        /// The collateral token's issuer freezes an account of it: a vault's or a treasury's.
        Freeze "freeze" { account: Purse }
        /// And thaws it.
        Thaw "thaw" { account: Purse }
        /// A holder burns tokens by the token program.
        Burn "burn" { by: Who, tokens: u64 }
        /// A holder sends tokens by the token program.
        Transfer "transfer" { by: Who, to: Who, tokens: u64 }
    }
}

impl Action {
    /// Whether somebody signs it as the one who does it.
    pub fn is_signed_by(&self, who: Who) -> bool {
        let by = format!("by={who}");
        self.has_word(&by)
    }

    /// Whether a vault of this number is what it is about.
    pub fn is_at(&self, vault: u8) -> bool {
        self.has_word(&format!("vault={vault}"))
    }

    fn has_word(&self, wanted: &str) -> bool {
        self.to_string()
            .split_whitespace()
            .any(|word| word == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_as_it_is_written() {
        let receipt = |session| Receipt {
            session,
            cumulative: 1_000,
            earlier: 0,
        };
        let actions = [
            Action::Settle {
                vault: 2,
                receipts: vec![receipt(1), receipt(2)],
            },
            Action::UpdateVault {
                vault: 1,
                by: Who::Vendor(1),
                vendor: None,
                operator: Some(Who::Operator(3)),
                classes: Some(7),
                offer: Some(Offer {
                    price: 2_000_000,
                    units: 5,
                    retained: 100,
                }),
            },
            Action::ScheduleChange {
                label: 3,
                by: Who::Authority(0),
                proposal: Proposal::Quorum(2, 0b1011),
            },
            Action::Donate {
                to: Purse::Collateral(3),
                amount: 7,
            },
            Action::Wait { seconds: 60 },
        ];
        for action in actions {
            assert_eq!(action.to_string().parse(), Ok(action));
        }
        assert!("settle vault=1".parse::<Action>().is_err());
        assert!("fly to=moon".parse::<Action>().is_err());
    }
}
