//! Every instruction of the built program: what it does, and each way in which it refuses.

mod accounts;
mod attest_capacity;
mod canary;
mod collateral;
mod create_currency;
mod executed_bytes;
mod issue;
mod open_vault;
mod pause;
mod post_price;
mod purchase;
mod reclaim;
mod redeem;
mod settle;
mod signatures;
mod update_vault;
