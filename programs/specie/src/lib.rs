//! Specie: an AI-compute currency.
//!
//! Vendors pledge attested compute capacity and collateral into vaults; fungible tokens are issued against it, never
//! beyond what it can deliver; holders redeem them, for good, for vouchers that a vendor's gateway serves.
//!
//! Start at [`instructions`]: one file each, in the order in which a currency lives. What accounts hold and how they may
//! change is in [`state`]; every refusal in [`errors`].
#![cfg_attr(target_os = "solana", no_std)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use anchor_lang::prelude::*;

pub mod account;
pub mod clock;
pub mod constants;
pub mod errors;
pub mod events;
pub mod instructions;
pub mod math;
pub mod signatures;
pub mod spl;
pub mod state;
pub mod token_account;
pub mod units;

use instructions::*;
use units::{Quote, Timestamp, Tokens};

declare_id!("5NayjWrtiBgyT4GcsKekbvTuA7YeXaEVXq36nm7MvfcD");

/// The instructions. Their first byte is fixed for good; numbers left out belong to instructions to come.
#[program]
pub mod specie {
    use super::*;

    /// Founds a currency on an existing mint.
    #[discrim = 0]
    pub fn create_currency(
        ctx: &mut Context<CreateCurrency>,
        args: CreateCurrencyArgs,
    ) -> Result<()> {
        CreateCurrency::handler(ctx, args)
    }

    /// Stops issuing and withdrawing for a while.
    #[discrim = 4]
    pub fn pause(ctx: &mut Context<Pause>, until: Timestamp) -> Result<()> {
        Pause::handler(ctx, until)
    }

    /// Ends a pause before its time.
    #[discrim = 5]
    pub fn resume(ctx: &mut Context<Resume>) -> Result<()> {
        Resume::handler(ctx)
    }

    /// Takes a price that the quorum signed.
    #[discrim = 6]
    pub fn post_price(ctx: &mut Context<PostPrice>) -> Result<()> {
        PostPrice::handler(ctx)
    }

    /// Opens a vendor's vault.
    #[discrim = 7]
    pub fn open_vault(ctx: &mut Context<OpenVault>, args: OpenVaultArgs) -> Result<()> {
        OpenVault::handler(ctx, args)
    }

    /// Changes a vault's keys, payout, classes or offer.
    #[discrim = 8]
    pub fn update_vault(ctx: &mut Context<UpdateVault>, args: UpdateVaultArgs) -> Result<()> {
        UpdateVault::handler(ctx, args)
    }

    /// Takes a capacity that the quorum signed.
    #[discrim = 11]
    pub fn attest_capacity(ctx: &mut Context<AttestCapacity>) -> Result<()> {
        AttestCapacity::handler(ctx)
    }

    /// Removes a pending attestation.
    #[discrim = 12]
    pub fn veto_attestation(ctx: &mut Context<VetoAttestation>) -> Result<()> {
        VetoAttestation::handler(ctx)
    }

    /// Deposits collateral.
    #[discrim = 13]
    pub fn deposit_collateral(ctx: &mut Context<DepositCollateral>, amount: Quote) -> Result<()> {
        DepositCollateral::handler(ctx, amount)
    }

    /// Requests collateral back.
    #[discrim = 14]
    pub fn request_withdrawal(ctx: &mut Context<RequestWithdrawal>, amount: Quote) -> Result<()> {
        RequestWithdrawal::handler(ctx, amount)
    }

    /// Pays requested collateral out.
    #[discrim = 15]
    pub fn withdraw_collateral(ctx: &mut Context<WithdrawCollateral>) -> Result<()> {
        WithdrawCollateral::handler(ctx)
    }

    /// Issues tokens to an account that the vendor names.
    #[discrim = 16]
    pub fn issue(ctx: &mut Context<Issue>, tokens: Tokens) -> Result<()> {
        Issue::handler(ctx, tokens)
    }

    /// Buys tokens at a vault's offer for at most `max_payment`.
    #[discrim = 17]
    pub fn purchase(ctx: &mut Context<Purchase>, tokens: Tokens, max_payment: Quote) -> Result<()> {
        Purchase::handler(ctx, tokens, max_payment)
    }

    /// Burns tokens for a voucher of a class: 0 training, 1 inference, 2 fine-tuning.
    #[discrim = 18]
    pub fn redeem(ctx: &mut Context<Redeem>, tokens: Tokens, class: u8) -> Result<()> {
        Redeem::handler(ctx, tokens, class)
    }

    /// Settles one to five receipts.
    #[discrim = 19]
    pub fn settle(ctx: &mut Context<Settle>) -> Result<()> {
        Settle::handler(ctx)
    }

    /// Starts a voucher's dispute window.
    #[discrim = 20]
    pub fn request_close(ctx: &mut Context<RequestClose>) -> Result<()> {
        RequestClose::handler(ctx)
    }

    /// Returns what was not consumed of a voucher.
    #[discrim = 21]
    pub fn reclaim(ctx: &mut Context<Reclaim>) -> Result<()> {
        Reclaim::handler(ctx)
    }
}
