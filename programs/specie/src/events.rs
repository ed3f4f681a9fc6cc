//! What each instruction tells the world: one event of fixed size, with the state after it, so that an indexer can
//! rebuild every balance from events alone and check it against the accounts.

use {
    crate::{
        state::{Attestation, Balances, Offer, Params, Pending},
        units::*,
    },
    anchor_lang::{pod::PodU32, prelude::*},
};

/// A currency was created.
#[event(bytemuck)]
pub struct CurrencyCreated {
    /// The currency.
    pub currency: Address,
    /// Its mint.
    pub mint: Address,
    /// Mint of its collateral.
    pub collateral_mint: Address,
    /// Its authority.
    pub authority: Address,
    /// Its guardian.
    pub guardian: Address,
    /// Genesis hash of its cluster.
    pub cluster: [u8; 32],
    /// Its first Standard.
    pub work_per_scu: WorkPerScu,
    /// The quorum's first epoch.
    pub quorum_epoch: PodU32,
    /// Its rules.
    pub params: Params,
}

/// Issuing and withdrawing are paused.
#[event(bytemuck)]
pub struct Paused {
    /// The currency.
    pub currency: Address,
    /// Until when.
    pub until: Timestamp,
}

/// A pause ended early.
#[event(bytemuck)]
pub struct Resumed {
    /// The currency.
    pub currency: Address,
}

/// The quorum posted a price.
#[event(bytemuck)]
pub struct PricePosted {
    /// The currency.
    pub currency: Address,
    /// Its number.
    pub price_sequence: Sequence,
    /// The price.
    pub price: Price,
    /// When it was observed.
    pub published_at: Timestamp,
    /// When it was taken.
    pub seen_at: Timestamp,
}

/// A vault was opened.
#[event(bytemuck)]
pub struct VaultOpened {
    /// The currency.
    pub currency: Address,
    /// The vault.
    pub vault: Address,
    /// Its vendor and founder.
    pub vendor: Address,
    /// Signs its vouchers.
    pub issuer: Address,
    /// Settles for it.
    pub operator: Address,
    /// Where its sales are paid to.
    pub payout: Address,
    /// The most it may owe.
    pub limit: Units,
    /// Classes it offers.
    pub classes: u8,
}

/// A vendor changed its vault.
#[event(bytemuck)]
pub struct VaultUpdated {
    /// The vault.
    pub vault: Address,
    /// Signs its vouchers.
    pub issuer: Address,
    /// Settles for it.
    pub operator: Address,
    /// Where its sales are paid to.
    pub payout: Address,
    /// At what it sells.
    pub offer: Offer,
    /// Classes it offers.
    pub classes: u8,
}

/// The quorum attested a vault's capacity.
#[event(bytemuck)]
pub struct CapacityAttested {
    /// The vault.
    pub vault: Address,
    /// The attestation's number.
    pub sequence: Sequence,
    /// What counts now.
    pub attested: Attestation,
    /// What waits.
    pub pending: Pending,
}

/// An attestor vetoed a pending attestation.
#[event(bytemuck)]
pub struct AttestationVetoed {
    /// The vault.
    pub vault: Address,
    /// Who vetoed.
    pub attestor: Address,
    /// What counts still.
    pub attested: Attestation,
}

/// A vendor deposited collateral.
#[event(bytemuck)]
pub struct CollateralDeposited {
    /// The vault.
    pub vault: Address,
    /// How much.
    pub amount: Quote,
    /// What it holds and owes now.
    pub balances: Balances,
}

/// A vendor requested collateral back, or took a request back.
#[event(bytemuck)]
pub struct WithdrawalRequested {
    /// The vault.
    pub vault: Address,
    /// When it may be paid; 0 = nothing is requested any more.
    pub available_at: Timestamp,
    /// What it holds and owes now.
    pub balances: Balances,
}

/// A requested withdrawal was paid.
#[event(bytemuck)]
pub struct CollateralWithdrawn {
    /// The vault.
    pub vault: Address,
    /// How much.
    pub amount: Quote,
    /// What it holds and owes now.
    pub balances: Balances,
}

/// A vendor issued tokens.
#[event(bytemuck)]
pub struct Issued {
    /// The vault.
    pub vault: Address,
    /// Token account they went to.
    pub to: Address,
    /// How many.
    pub tokens: Tokens,
    /// What the vault owes for them.
    pub units: Units,
    /// What it holds and owes now.
    pub balances: Balances,
}

/// Somebody bought tokens from a vault's offer.
#[event(bytemuck)]
pub struct Purchased {
    /// The vault.
    pub vault: Address,
    /// Who paid.
    pub buyer: Address,
    /// Token account they went to.
    pub to: Address,
    /// How many.
    pub tokens: Tokens,
    /// What the vault owes for them.
    pub units: Units,
    /// What was paid, in all.
    pub payment: Quote,
    /// Of it, to the currency's revenue.
    pub fee: Quote,
    /// Of it, kept as collateral.
    pub retained: Quote,
    /// Units left in the offer.
    pub offer_units: Units,
    /// What the vault holds and owes now.
    pub balances: Balances,
}

/// A holder burned tokens for a voucher.
#[event(bytemuck)]
pub struct Redeemed {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// Who redeemed.
    pub owner: Address,
    /// Signs receipts.
    pub session: Address,
    /// Tokens burned.
    pub tokens: Tokens,
    /// Units claimed.
    pub units: Units,
    /// The Standard it is served under.
    pub work_per_scu: WorkPerScu,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// What the vault holds and owes now.
    pub balances: Balances,
    /// What it is for.
    pub class: u8,
}

/// A receipt was settled: one event for each.
#[event(bytemuck)]
pub struct Settled {
    /// The vault.
    pub vault: Address,
    /// The voucher; with `settled` at all its units it is closed.
    pub voucher: Address,
    /// Units consumed in all.
    pub settled: Units,
    /// What the vault holds and owes now.
    pub balances: Balances,
}

/// An owner began to close a voucher.
#[event(bytemuck)]
pub struct CloseRequested {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// When.
    pub closing_at: Timestamp,
    /// Until when receipts still count.
    pub settles_until: Timestamp,
}

/// What was not consumed of a voucher went back to its owner; the voucher is closed.
#[event(bytemuck)]
pub struct Reclaimed {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// Its owner.
    pub owner: Address,
    /// Units that were open.
    pub units: Units,
    /// Tokens returned.
    pub tokens: Tokens,
    /// What the vault holds and owes now.
    pub balances: Balances,
}
