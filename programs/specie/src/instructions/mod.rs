//! One instruction, one file: its accounts and their constraints, what must hold across them, and its few steps.

mod attest_capacity;
mod call_margin;
mod close_vault;
mod create_currency;
mod default_vault;
mod deposit_collateral;
mod issue;
mod issuing;
mod liquidate;
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
mod update_vault;
mod veto_attestation;
mod withdraw_collateral;

pub use {
    attest_capacity::*, call_margin::*, close_vault::*, create_currency::*, default_vault::*,
    deposit_collateral::*, issue::*, issuing::*, liquidate::*, open_vault::*, pause::*,
    post_price::*, purchase::*, reclaim::*, redeem::*, request_close::*, request_withdrawal::*,
    resume::*, settle::*, update_vault::*, veto_attestation::*, withdraw_collateral::*,
};
