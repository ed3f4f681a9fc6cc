use {
    crate::{
        account::Account,
        errors::SpecieError,
        state::{Change, Currency, Standard},
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// What ending a change needs, whether it is executed or cancelled.
#[derive(Accounts)]
pub struct Scheduled {
    /// The currency.
    #[account(mut)]
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(mut, constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The change.
    #[account(mut, constraint = change.currency == *currency.address() @ SpecieError::ChangeOfOtherCurrency)]
    pub change: Account<Change>,
    /// Who paid the change's rent.
    // It may be who cancels it or whom it names, too: only its lamports change.
    #[account(mut, unsafe(dup), address = change.rent_payer @ SpecieError::ChangeRentPayerMismatch)]
    pub rent_payer: UncheckedAccount,
}

impl Scheduled {
    /// Closes the change; its rent goes back to who paid it.
    pub fn close(&mut self) -> Result<()> {
        self.change.close(*self.rent_payer.account())
    }
}
