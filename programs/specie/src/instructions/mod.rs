//! One instruction, one file: its accounts and their constraints, what must hold across them, and its few steps.

mod attest_capacity;
mod claim;
mod create_currency;
mod deposit_collateral;
mod distribute;
mod issue;
mod issuing;
mod open_vault;
mod pause;
mod post_price;
mod purchase;
mod reclaim;
mod redeem;
mod request_close;
mod request_withdrawal;
mod resume;
mod settle;
mod stake;
mod unstake;
mod update_vault;
mod veto_attestation;
mod withdraw_collateral;

pub use {
    attest_capacity::*, claim::*, create_currency::*, deposit_collateral::*, distribute::*,
    issue::*, issuing::*, open_vault::*, pause::*, post_price::*, purchase::*, reclaim::*,
    redeem::*, request_close::*, request_withdrawal::*, resume::*, settle::*, stake::*, unstake::*,
    update_vault::*, veto_attestation::*, withdraw_collateral::*,
};
