//! Columns to types, and back.

use super::account::{Account, Charge, Session, VoucherId};
use solana_pubkey::Pubkey;
use specie_claims::class::Class;
use specie_claims::clock::UnixTime;
use specie_claims::receipt::Channel;
use specie_claims::tariff::{Tariff, Usage};
use specie_claims::units::Units;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// The columns of [`account`], in a statement of their own so that every reader names the same ones.
macro_rules! select_account {
    ($condition:literal) => {
        concat!(
            "SELECT address, opened_at, session_key, rent_payer, class, units, expires_at, closing_at, ",
            "challenged_until, ended, carried, ",
            "settled, compensated, allowance, consumed, elsewhere, held, charges, refusals, settle_after, ",
            "unsettled_since, settled_elsewhere, slot ",
            "FROM vouchers ",
            $condition
        )
    };
}
pub(super) use select_account;

/// The columns of [`charge`].
macro_rules! select_charge {
    ($condition:literal) => {
        concat!(
            "SELECT id, voucher, opened_at, number, session, sub_key, model, input_tokens, cached_tokens, output_tokens, ",
            "milliseconds, input_units_per_1000, cached_units_per_1000, output_units_per_1000, units_per_second, ",
            "units, cumulative, charged_at FROM charges ",
            $condition
        )
    };
}
pub(super) use select_charge;

pub(super) fn account(row: &AnyRow) -> Result<Account, sqlx::Error> {
    let elsewhere = units(row, "elsewhere")?;
    Ok(Account {
        channel: Channel {
            voucher: key(row, "address")?,
            opened_at: time(row, "opened_at")?,
            session: key(row, "session_key")?.to_bytes(),
            units: units(row, "units")?,
        },
        class: class(row, "class")?,
        rent_payer: key(row, "rent_payer")?,
        expires_at: time(row, "expires_at")?,
        closing_at: Some(time(row, "closing_at")?).filter(|at| at.0 != 0),
        challenged_until: Some(time(row, "challenged_until")?).filter(|at| at.0 != 0),
        ended: row.try_get::<i64, _>("ended")? != 0,
        carried: units(row, "carried")?,
        settled: units(row, "settled")?,
        compensated: units(row, "compensated")?,
        allowance: units(row, "allowance")?,
        consumed: units(row, "consumed")?.saturating_add(elsewhere),
        elsewhere,
        held: units(row, "held")?,
        charges: count(row, "charges")?,
        refusals: count(row, "refusals")? as u32,
        settle_after: time(row, "settle_after")?,
        settled_elsewhere: Some(time(row, "settled_elsewhere")?).filter(|at| at.0 != 0),
        slot: count(row, "slot")?,
    })
}

pub(super) fn session(row: &AnyRow) -> Result<Session, sqlx::Error> {
    Ok(Session {
        id: row.try_get("id")?,
        voucher: voucher(row, "voucher")?,
        created_at: time(row, "created_at")?,
        expires_at: time(row, "expires_at")?,
        terms: row.try_get("terms")?,
    })
}

pub(super) fn charge(row: &AnyRow) -> Result<Charge, sqlx::Error> {
    Ok(Charge {
        id: row.try_get("id")?,
        voucher: voucher(row, "voucher")?,
        number: count(row, "number")?,
        session: row.try_get("session")?,
        sub_key: row.try_get("sub_key")?,
        model: row.try_get("model")?,
        usage: Usage {
            input: count(row, "input_tokens")?,
            cached: count(row, "cached_tokens")?,
            output: count(row, "output_tokens")?,
            milliseconds: count(row, "milliseconds")?,
        },
        tariff: Tariff {
            input_units_per_1000: count(row, "input_units_per_1000")?,
            cached_units_per_1000: count(row, "cached_units_per_1000")?,
            output_units_per_1000: count(row, "output_units_per_1000")?,
            units_per_second: count(row, "units_per_second")?,
        },
        units: units(row, "units")?,
        cumulative: units(row, "cumulative")?,
        charged_at: time(row, "charged_at")?,
    })
}

pub(super) fn units(row: &AnyRow, column: &str) -> Result<Units, sqlx::Error> {
    Units::from_row(row.try_get(column)?).ok_or_else(|| unreadable(column))
}

pub(super) fn class(row: &AnyRow, column: &str) -> Result<Class, sqlx::Error> {
    let number = u8::try_from(row.try_get::<i64, _>(column)?).ok();
    number.and_then(Class::of).ok_or_else(|| unreadable(column))
}

pub(super) fn time(row: &AnyRow, column: &str) -> Result<UnixTime, sqlx::Error> {
    row.try_get(column).map(UnixTime)
}

pub(super) fn count(row: &AnyRow, column: &str) -> Result<u64, sqlx::Error> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| unreadable(column))
}

/// The voucher whose address is in `column`, and its opening time in `opened_at`.
pub(super) fn voucher(row: &AnyRow, column: &str) -> Result<VoucherId, sqlx::Error> {
    Ok(VoucherId {
        address: key(row, column)?,
        opened_at: row.try_get("opened_at")?,
    })
}

pub(super) fn key(row: &AnyRow, column: &str) -> Result<Pubkey, sqlx::Error> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| unreadable(column))
}

/// An address as a parameter: its 32 bytes, which is what [`key`] reads.
pub(super) fn bytes(address: &Pubkey) -> &[u8] {
    address.as_array()
}

/// Only a file that something else has written to holds such a column.
pub(super) fn unreadable(column: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("the column {column} holds what no gateway writes").into())
}

/// Counts of tokens and prices are far below `i64::MAX`; one that is not is kept as that.
pub(super) fn column(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
