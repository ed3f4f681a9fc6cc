//! Every instruction of the built program: what it does, and each way in which it refuses.

mod accounts;
mod answer;
mod attest_capacity;
mod call_margin;
mod canary;
mod cancel_change;
mod captured_attestors;
mod challenge;
mod claim;
mod close_vault;
mod compensate;
mod create_currency;
mod default_anew;
mod default_vault;
mod deposit_collateral;
mod distribute;
mod equal_shares;
mod execute_change;
mod executed_bytes;
mod exits;
mod hand_over;
mod issue;
mod liquidate;
mod not_serving;
mod open_vault;
mod pause;
mod post_price;
mod purchase;
mod quorum_rotation;
mod reclaim;
mod redeem;
mod release_voucher;
mod rule_breach;
mod schedule_change;
mod security_txt;
mod settle;
mod shares;
mod signatures;
mod stake;
mod suspend_vault;
mod threats;
mod unstake;
mod update_vault;
mod withdrawal;

/// A change of an account past the program, and the refusal that it leads to.
type Case<T> = (fn(&mut T), specie::errors::SpecieError);
