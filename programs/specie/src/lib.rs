//! Specie: an AI-compute currency.
//!
//! Vendors pledge attested compute capacity and collateral into vaults; fungible tokens are issued against it, never
//! beyond what it can deliver; holders redeem them, for good, for vouchers that a vendor's gateway serves.
//!
//! Start at [`instructions`]: one file each, by name. What accounts hold and how they may
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
pub mod lamports;
pub mod math;
#[cfg(not(feature = "no-entrypoint"))]
pub mod security_txt;
pub mod signatures;
pub mod spl;
pub mod state;
pub mod token_account;
pub mod units;

use instructions::*;
use state::Proposal;
use units::{Quote, Timestamp, Tokens};

declare_id!("5NayjWrtiBgyT4GcsKekbvTuA7YeXaEVXq36nm7MvfcD");

/// The instructions. Their first byte is fixed for good.
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

    /// Announces a change of rules, keys or Standard.
    #[discrim = 1]
    pub fn schedule_change(ctx: &mut Context<ScheduleChange>, proposal: Proposal) -> Result<()> {
        ScheduleChange::handler(ctx, proposal)
    }

    /// Executes a change whose notice has passed.
    #[discrim = 2]
    pub fn execute_change(ctx: &mut Context<ExecuteChange>) -> Result<()> {
        ExecuteChange::handler(ctx)
    }

    /// Cancels a change.
    #[discrim = 3]
    pub fn cancel_change(ctx: &mut Context<CancelChange>) -> Result<()> {
        CancelChange::handler(ctx)
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

    /// Changes a vault's keys, payout, classes or offer, or hands it over.
    #[discrim = 8]
    pub fn update_vault(ctx: &mut Context<UpdateVault>, args: UpdateVaultArgs) -> Result<()> {
        UpdateVault::handler(ctx, args)
    }

    /// Stops one vault from issuing and withdrawing.
    #[discrim = 9]
    pub fn suspend_vault(ctx: &mut Context<SuspendVault>) -> Result<()> {
        SuspendVault::handler(ctx)
    }

    /// Lets a suspended vault do business again.
    #[discrim = 10]
    pub fn reinstate_vault(ctx: &mut Context<ReinstateVault>) -> Result<()> {
        ReinstateVault::handler(ctx)
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

    /// Issues tokens to an account that the vendor names, for at most `max_fee`.
    #[discrim = 16]
    pub fn issue(ctx: &mut Context<Issue>, tokens: Tokens, max_fee: Quote) -> Result<()> {
        Issue::handler(ctx, tokens, max_fee)
    }

    /// Buys tokens at a vault's offer for at most `max_payment`.
    #[discrim = 17]
    pub fn purchase(ctx: &mut Context<Purchase>, tokens: Tokens, max_payment: Quote) -> Result<()> {
        Purchase::handler(ctx, tokens, max_payment)
    }

    /// Burns tokens for a voucher of a class: 0 training, 1 inference, 2 fine-tuning; `bump` is the voucher address's own.
    #[discrim = 18]
    pub fn redeem(ctx: &mut Context<Redeem>, tokens: Tokens, class: u8, bump: u8) -> Result<()> {
        Redeem::handler(ctx, tokens, class, bump)
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

    /// Declines a voucher: what was not consumed returns at once.
    #[discrim = 22]
    pub fn release_voucher(ctx: &mut Context<ReleaseVoucher>) -> Result<()> {
        ReleaseVoucher::handler(ctx)
    }

    /// Calls on a vendor to publish a signed voucher.
    #[discrim = 23]
    pub fn challenge(ctx: &mut Context<Challenge>) -> Result<()> {
        Challenge::handler(ctx)
    }

    /// Publishes a challenged voucher, signed.
    #[discrim = 24]
    pub fn answer(ctx: &mut Context<Answer>) -> Result<()> {
        Answer::handler(ctx)
    }

    /// Pays out a voucher whose challenge went unanswered.
    #[discrim = 25]
    pub fn compensate(ctx: &mut Context<Compensate>) -> Result<()> {
        Compensate::handler(ctx)
    }

    /// Pays for units that the quorum ruled not to be delivered.
    #[discrim = 26]
    pub fn rule_breach(ctx: &mut Context<RuleBreach>) -> Result<()> {
        RuleBreach::handler(ctx)
    }

    /// Margin-calls a vault that is short of capacity, or clears the call.
    #[discrim = 27]
    pub fn call_margin(ctx: &mut Context<CallMargin>) -> Result<()> {
        CallMargin::handler(ctx)
    }

    /// Puts a vault in default, or assesses its default anew.
    #[discrim = 28]
    pub fn default_vault(ctx: &mut Context<DefaultVault>) -> Result<()> {
        DefaultVault::handler(ctx)
    }

    /// Sells tokens to a liquidation for at least `min_payment`.
    #[discrim = 29]
    pub fn liquidate(
        ctx: &mut Context<Liquidate>,
        tokens: Tokens,
        min_payment: Quote,
    ) -> Result<()> {
        Liquidate::handler(ctx, tokens, min_payment)
    }

    /// Closes a vault that owes nothing.
    #[discrim = 30]
    pub fn close_vault(ctx: &mut Context<CloseVault>) -> Result<()> {
        CloseVault::handler(ctx)
    }

    /// Splits the revenue between stakers, insurance and treasury.
    #[discrim = 31]
    pub fn distribute(ctx: &mut Context<Distribute>) -> Result<()> {
        Distribute::handler(ctx)
    }

    /// Stakes tokens; `bump` is the stake address's own, and counts only where the stake is new.
    #[discrim = 32]
    pub fn stake(ctx: &mut Context<StakeTokens>, tokens: Tokens, bump: u8) -> Result<()> {
        StakeTokens::handler(ctx, tokens, bump)
    }

    /// Takes staked tokens back.
    #[discrim = 33]
    pub fn unstake(ctx: &mut Context<UnstakeTokens>, tokens: Tokens) -> Result<()> {
        UnstakeTokens::handler(ctx, tokens)
    }

    /// Pays rewards.
    #[discrim = 34]
    pub fn claim(ctx: &mut Context<ClaimRewards>) -> Result<()> {
        ClaimRewards::handler(ctx)
    }
}
