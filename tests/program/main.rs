//! Every instruction of the built program: what it does, and each way in which it refuses.

mod attest_capacity;
mod collateral;
mod create_currency;
mod issue;
mod open_vault;
mod pause;
mod post_price;
mod purchase;
mod reclaim;
mod redeem;
mod settle;
mod update_vault;
