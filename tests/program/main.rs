//! Every instruction of the built program: what it does, and each way in which it refuses.

mod accounts;
mod attest_capacity;
mod call_margin;
mod canary;
mod close_vault;
mod create_currency;
mod default_anew;
mod default_vault;
mod deposit_collateral;
mod equal_shares;
mod executed_bytes;
mod issue;
mod liquidate;
mod open_vault;
mod pause;
mod post_price;
mod purchase;
mod reclaim;
mod redeem;
mod settle;
mod signatures;
mod update_vault;
mod withdrawal;

/// A change of an account past the program, and the refusal that it leads to.
type Case<T> = (fn(&mut T), specie::errors::SpecieError);
