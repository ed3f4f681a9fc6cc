//! One instruction, one file: its accounts and their constraints, what must hold across them, and its few steps.
//!
//! What keeps them small and cheap (docs/adr/0020):
//! - `account::Account`, not Anchor's; `events::emit(…)`, not Anchor's `emit!`.
//! - A handler is `#[inline(always)]`, having one caller. What two handlers share is `#[inline(never)]` where it is long, and
//!   takes at most four arguments beside its result: the fifth register is the result's.
//! - Tokens move through `spl`; two moves or more through `spl::carry_out_together`.
//! - An account that is used more than twice is borrowed once: `let vault: &mut Vault = &mut accounts.vault`.

mod answer;
mod attest_capacity;
mod call_margin;
mod cancel_change;
mod challenge;
mod claim;
mod close_vault;
mod compensate;
mod compensating;
mod create_currency;
mod default_vault;
mod deposit_collateral;
mod distribute;
mod execute_change;
mod issue;
mod issuing;
mod liquidate;
mod open_vault;
mod pause;
mod post_price;
mod purchase;
mod reclaim;
mod redeem;
mod reinstate_vault;
mod release_voucher;
mod request_close;
mod request_withdrawal;
mod resume;
mod returning;
mod rule_breach;
mod schedule_change;
mod scheduled;
mod settle;
mod stake;
mod suspend_vault;
mod unstake;
mod update_vault;
mod veto_attestation;
mod withdraw_collateral;

pub use {
    answer::*, attest_capacity::*, call_margin::*, cancel_change::*, challenge::*, claim::*,
    close_vault::*, compensate::*, compensating::*, create_currency::*, default_vault::*,
    deposit_collateral::*, distribute::*, execute_change::*, issue::*, issuing::*, liquidate::*,
    open_vault::*, pause::*, post_price::*, purchase::*, reclaim::*, redeem::*, reinstate_vault::*,
    release_voucher::*, request_close::*, request_withdrawal::*, resume::*, returning::*,
    rule_breach::*, schedule_change::*, scheduled::*, settle::*, stake::*, suspend_vault::*,
    unstake::*, update_vault::*, veto_attestation::*, withdraw_collateral::*,
};
