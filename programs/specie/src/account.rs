//! The program's own accounts in an instruction: Anchor's `Account`, checked by one function for all of them.

use {
    crate::errors::SpecieError,
    anchor_lang::{
        accounts::AccountInitialize, prelude::*, AccountClose, AnchorAccount, Discriminator,
        ErrorCode, IdlAccountType, Space,
    },
    bytemuck::Pod,
    core::{
        marker::PhantomData,
        ops::{Deref, DerefMut},
    },
};

/// An account of this program that holds a `T`.
///
/// Anchor's `Account` writes its checks out wherever one is loaded and again where it is dropped, half a kilobyte each
/// time; these are calls. What was borrowed stays so until the instruction ends, or until [`Account::release`].
pub struct Account<T> {
    view: AccountView,
    writable: bool,
    holds: PhantomData<T>,
}

impl<T> Account<T> {
    /// The account's address.
    #[inline(always)]
    pub fn address(&self) -> &Address {
        self.view.address()
    }

    /// Lets the account be loaded again.
    #[inline(always)]
    pub fn release(mut self) {
        // SAFETY: the header is the runtime's, and `self`, the only borrow of a writable account, ends here.
        unsafe { (*self.view.account_mut_ptr()).borrow_state = pinocchio::account::NOT_BORROWED };
    }
}

/// Bytes of the discriminator, which stands before the state.
const DISCRIMINATOR_LEN: usize = 8;

/// What every account of one type begins with, and the least that it holds.
const fn layout<T: Discriminator>() -> (u64, usize) {
    let [a, b, c, d, e, f, g, h] = *T::DISCRIMINATOR else {
        panic!("a discriminator has eight bytes")
    };
    let discriminator = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    (discriminator, DISCRIMINATOR_LEN.strict_add(size_of::<T>()))
}

/// Refuses an account that is not this program's.
#[inline(always)]
fn check_owner(view: AccountView) -> Result<()> {
    if view.owned_by(&crate::ID) {
        return Ok(());
    }
    Err(not_ours(view))
}

/// Refuses an account that begins with another discriminator.
///
/// # Safety
/// The data is at least as long as a discriminator, and nobody holds it mutably.
#[inline(always)]
unsafe fn check_discriminator(view: AccountView, discriminator: u64) -> Result<()> {
    // SAFETY: as above.
    let found = unsafe { view.data_ptr().cast::<u64>().read_unaligned() };
    require!(found == discriminator, Error::InvalidAccountData);
    Ok(())
}

#[cold]
#[inline(never)]
fn not_ours(view: AccountView) -> Error {
    if view.lamports() == 0 && view.owned_by(&System::id()) {
        Error::UninitializedAccount
    } else {
        Error::IllegalOwner
    }
}

// The order of the checks, and so what is refused first, is Anchor's.

/// Checks an account, and notes that its data is borrowed.
#[inline(never)]
fn check_to_read(mut view: AccountView, discriminator: u64, len: usize) -> Result<()> {
    view.check_borrow()?;
    check_owner(view)?;
    require!(view.data_len() >= len, Error::AccountDataTooSmall);
    // SAFETY: both were checked above.
    unsafe { check_discriminator(view, discriminator)? };
    // SAFETY: the header is the runtime's; the state counts readers down to 1, and was above.
    let state = unsafe { &mut (*view.account_mut_ptr()).borrow_state };
    *state = state.wrapping_sub(1);
    Ok(())
}

/// Checks an account, and notes that its data is borrowed by this one alone.
#[inline(never)]
fn check_to_write(mut view: AccountView, discriminator: u64, len: usize) -> Result<()> {
    require!(view.is_writable(), ErrorCode::ConstraintMut);
    require!(view.data_len() >= len, Error::AccountDataTooSmall);
    view.check_borrow_mut()?;
    check_owner(view)?;
    // SAFETY: both were checked above.
    unsafe { check_discriminator(view, discriminator)? };
    // SAFETY: the header is the runtime's, and 0 stands for a writer.
    unsafe { (*view.account_mut_ptr()).borrow_state = 0 };
    Ok(())
}

impl<T: Pod + Discriminator> AnchorAccount for Account<T> {
    type Data = T;

    #[inline(always)]
    fn load(view: AccountView) -> Result<Self> {
        let (discriminator, len) = const { layout::<T>() };
        check_to_read(view, discriminator, len)?;
        Ok(Self {
            view,
            writable: false,
            holds: PhantomData,
        })
    }

    #[inline(always)]
    unsafe fn load_mut(view: AccountView) -> Result<Self> {
        let (discriminator, len) = const { layout::<T>() };
        check_to_write(view, discriminator, len)?;
        Ok(Self {
            view,
            writable: true,
            holds: PhantomData,
        })
    }

    #[inline(always)]
    fn account(&self) -> &AccountView {
        &self.view
    }
}

impl<T: Pod + Discriminator> AccountInitialize for Account<T> {
    type Params<'a> = ();

    /// Serves `#[account(init)]`.
    #[inline(always)]
    fn create_and_initialize<'a>(
        payer: &AccountView,
        account: &AccountView,
        _space: usize,
        _owner: &Address,
        _params: &(),
        seeds: Option<&[&[u8]]>,
        _payer_seeds: Option<&[&[u8]]>,
    ) -> Result<Self> {
        let (discriminator, len) = const { layout::<T>() };
        create(&Creation {
            payer,
            account,
            len,
            owner: &crate::ID,
            seeds: seeds.unwrap_or_default(),
        })?;
        let mut view = *account;
        // SAFETY: the data was just allocated, of that length or more, and nobody else has it.
        unsafe {
            view.data_mut_ptr()
                .cast::<u64>()
                .write_unaligned(discriminator);
            (*view.account_mut_ptr()).borrow_state = 0;
        }
        Ok(Self {
            view,
            writable: true,
            holds: PhantomData,
        })
    }
}

impl<T: Pod + Discriminator> Account<T> {
    /// Creates an account at an address that `seeds` give, a bump last: the System program creates one there for nobody but
    /// this program's signature.
    ///
    /// The bump is named, not searched for, which costs up to thousands of compute units. Whoever names another than the
    /// first has an account at another address, so this serves only where nobody is harmed by there being two.
    #[inline(always)]
    pub fn create_at(payer: &AccountView, account: &AccountView, seeds: &[&[u8]]) -> Result<Self> {
        // A key that signs for itself could be created, too.
        require!(!account.is_signer(), ErrorCode::ConstraintSeeds);
        require_address(account, seeds)?;
        Self::create_and_initialize(payer, account, 0, &crate::ID, &(), Some(seeds), None)
    }
}

impl<T> Space for Account<T> {
    const INIT_SPACE: usize = DISCRIMINATOR_LEN.strict_add(size_of::<T>());
}

/// Refuses with [`SpecieError::BumpOfOtherAddress`] unless `seeds`, a bump last, give the account's address. The runtime
/// would end the program, and name no reason.
#[inline(never)]
fn require_address(account: &AccountView, seeds: &[&[u8]]) -> Result<()> {
    let address = anchor_lang::create_program_address(seeds, &crate::ID);
    require!(
        address.is_ok_and(|address| address == *account.address()),
        SpecieError::BumpOfOtherAddress
    );
    Ok(())
}

/// An account to create, in one place: a function takes no more than five arguments on chain.
pub(crate) struct Creation<'a> {
    pub(crate) payer: &'a AccountView,
    pub(crate) account: &'a AccountView,
    pub(crate) len: usize,
    pub(crate) owner: &'a Address,
    pub(crate) seeds: &'a [&'a [u8]],
}

/// Creates an account at an address of this program, whether or not it holds lamports already.
#[inline(never)]
pub(crate) fn create(new: &Creation) -> Result<()> {
    anchor_lang::create_account_signed(new.payer, new.account, new.len, new.owner, new.seeds)
}

impl<T: Pod + Discriminator> AccountClose for Account<T> {
    #[inline(always)]
    fn close(&mut self, destination: AccountView) -> Result<()> {
        close(self.view, destination)?;
        self.writable = false;
        Ok(())
    }
}

/// Pays all lamports out and leaves an empty account of the System program, as Anchor does.
#[inline(never)]
fn close(mut view: AccountView, mut destination: AccountView) -> Result<()> {
    let lamports = destination.lamports().checked_add(view.lamports());
    destination.set_lamports(lamports.ok_or(Error::ArithmeticOverflow)?);
    view.set_lamports(0);
    // SAFETY: a loaded account holds a discriminator; spoilt, it cannot be loaded again, whatever comes after.
    unsafe { view.data_mut_ptr().cast::<u64>().write_unaligned(u64::MAX) };
    // SAFETY: the caller held the only borrow, and does not write through it any more.
    unsafe { view.close_unchecked() };
    Ok(())
}

impl<T: Pod> Deref for Account<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: loading checked that a `T`, whose alignment is 1, stands there; the runtime keeps it in place.
        unsafe { &*self.view.data_ptr().add(DISCRIMINATOR_LEN).cast() }
    }
}

impl<T: Pod> DerefMut for Account<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        assert!(self.writable, "add #[account(mut)]");
        // SAFETY: as above, and loading found no other borrow.
        unsafe { &mut *self.view.data_mut_ptr().add(DISCRIMINATOR_LEN).cast() }
    }
}

#[doc(hidden)]
impl<T: IdlAccountType> IdlAccountType for Account<T> {
    const __IDL_ACCOUNT_ENTRY: Option<&'static str> = T::__IDL_ACCOUNT_ENTRY;
    const __IDL_TYPE_DEF: Option<&'static str> = T::__IDL_TYPE_DEF;
    fn __idl_account_entry() -> Option<&'static str> {
        T::__idl_account_entry()
    }
    fn __idl_type_def() -> Option<&'static str> {
        T::__idl_type_def()
    }
    fn __register_idl_deps(
        accounts: &mut anchor_lang::__alloc::vec::Vec<&'static str>,
        types: &mut anchor_lang::__alloc::vec::Vec<&'static str>,
    ) {
        T::__register_idl_deps(accounts, types);
    }
}
