//! Of a vault: from its opening to its end.

use {
    crate::{
        state::{Attestation, Backing, Balances, Liquidation, Offer, Pending},
        units::*,
    },
    anchor_lang::prelude::*,
};

/// A vault was opened.
#[event(bytemuck)]
pub struct VaultOpened {
    /// The currency.
    pub currency: Address,
    /// The vault.
    pub vault: Address,
    /// The vault's vendor, who founded it.
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
    /// The vendor.
    pub vendor: Address,
    /// Who the vault is being handed to; zero while nobody.
    pub pending_vendor: Address,
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
    /// Of it, paid to the insurance account for a penalty.
    pub to_insurance: Quote,
    /// What the vault owes to the insurance account still.
    pub penalty: Quote,
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
    /// What the vendor paid into revenue.
    pub fee: Quote,
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

/// Guardian or authority suspended a vault.
#[event(bytemuck)]
pub struct VaultSuspended {
    /// The vault.
    pub vault: Address,
    /// Which of the two.
    pub by: Address,
}

/// The authority reinstated a suspended vault.
#[event(bytemuck)]
pub struct VaultReinstated {
    /// The vault.
    pub vault: Address,
}

/// A vault was margin-called, or a margin call was cleared.
#[event(bytemuck)]
pub struct MarginCalled {
    /// The vault.
    pub vault: Address,
    /// Since when it is called; 0 = not any more.
    pub called_at: Timestamp,
    /// The work that it owes.
    pub owed_work: Work,
    /// What it holds and owes.
    pub balances: Balances,
}

/// A vault defaulted, or its default was assessed anew.
#[event(bytemuck)]
pub struct VaultDefaulted {
    /// The currency.
    pub currency: Address,
    /// The vault.
    pub vault: Address,
    /// What a token was backed by before.
    pub backing_before: Backing,
    /// What it is backed by now.
    pub backing: Backing,
    /// Units that nobody is owed any more.
    pub loss: Units,
    /// What is left to do.
    pub liquidation: Liquidation,
    /// What the vault holds and owes now.
    pub balances: Balances,
}

/// Somebody sold tokens to a liquidation.
#[event(bytemuck)]
pub struct Liquidated {
    /// The vault.
    pub vault: Address,
    /// Who sold.
    pub seller: Address,
    /// Tokens burned.
    pub tokens: Tokens,
    /// Units that they stood for.
    pub units: Units,
    /// Paid from the vault's collateral.
    pub from_collateral: Quote,
    /// Paid from the insurance account.
    pub from_insurance: Quote,
    /// What is left to do.
    pub liquidation: Liquidation,
    /// What the vault holds and owes now.
    pub balances: Balances,
}

/// A vault was closed.
#[event(bytemuck)]
pub struct VaultClosed {
    /// The currency.
    pub currency: Address,
    /// The vault.
    pub vault: Address,
    /// What was left in its collateral account.
    pub remainder: Quote,
    /// Token account that it went to.
    pub to: Address,
}
