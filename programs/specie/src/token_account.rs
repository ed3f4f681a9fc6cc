//! Token accounts that an instruction creates at addresses of this program.

use {
    crate::account::{create, Creation},
    anchor_lang::{
        accounts::AccountInitialize, prelude::*, AccountConstraint, AnchorAccount, IdlAccountType,
        Space,
    },
    anchor_spl::token::{AuthorityConstraint, MintConstraint},
    core::ops::Deref,
    pinocchio_token::{instructions::InitializeAccount3, state::Account as State},
};

/// A token account that an instruction creates at an address of this program.
pub struct NewTokenAccount {
    view: AccountView,
}

/// What a new token account holds, and for whom.
#[derive(Default)]
pub struct TokenAccountInit<'a> {
    pub mint: Option<&'a AccountView>,
    pub authority: Option<&'a AccountView>,
}

impl NewTokenAccount {
    /// The token account's address.
    #[inline(always)]
    pub fn address(&self) -> &Address {
        self.view.address()
    }
}

impl AnchorAccount for NewTokenAccount {
    type Data = AccountView;

    #[inline(always)]
    fn load(view: AccountView) -> Result<Self> {
        Ok(Self { view })
    }

    #[inline(always)]
    fn account(&self) -> &AccountView {
        &self.view
    }
}

impl Deref for NewTokenAccount {
    type Target = AccountView;

    #[inline(always)]
    fn deref(&self) -> &AccountView {
        &self.view
    }
}

impl AccountInitialize for NewTokenAccount {
    type Params<'a> = TokenAccountInit<'a>;

    /// Serves `#[account(init, token::mint = …, token::authority = …)]`.
    #[inline(never)]
    fn create_and_initialize<'a>(
        payer: &AccountView,
        account: &AccountView,
        _space: usize,
        _owner: &Address,
        params: &TokenAccountInit<'a>,
        seeds: Option<&[&[u8]]>,
        _payer_seeds: Option<&[&[u8]]>,
    ) -> Result<Self> {
        let (Some(mint), Some(authority)) = (params.mint, params.authority) else {
            return Err(Error::InvalidArgument);
        };
        create(&Creation {
            payer,
            account,
            len: State::LEN,
            owner: &pinocchio_token::ID,
            seeds: seeds.unwrap_or_default(),
        })?;
        initialize(account, mint, authority.address())?;
        Self::load(*account)
    }
}

#[inline(never)]
fn initialize(account: &AccountView, mint: &AccountView, owner: &Address) -> Result<()> {
    InitializeAccount3 {
        account,
        mint,
        owner,
    }
    .invoke()
}

impl Space for NewTokenAccount {
    const INIT_SPACE: usize = State::LEN;
}

#[doc(hidden)]
impl IdlAccountType for NewTokenAccount {}

// `create_and_initialize` is what makes these two hold.
impl AccountConstraint<NewTokenAccount> for MintConstraint {
    type Value = Address;
}

impl AccountConstraint<NewTokenAccount> for AuthorityConstraint {
    type Value = Address;
}
