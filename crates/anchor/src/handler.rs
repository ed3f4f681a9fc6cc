//! What a handler is given.

use {
    crate::walk::AccountCursor,
    anchor_lang::{AccountView, Bumps, ErrorCode, Result},
    core::marker::PhantomData,
};

/// What a handler is given: its accounts, checked, and those that nobody declared.
pub struct Context<'a, T: Bumps> {
    /// The declared accounts.
    pub accounts: T,
    /// Bumps that were found while they were checked.
    pub bumps: T::Bumps,
    /// The accounts behind the declared ones.
    pub remaining: Remaining<'a>,
}

/// The accounts behind the declared ones, one after the other. Anchor gathers them in a vector first, and copies that.
pub struct Remaining<'a> {
    cursor: AccountCursor,
    left: usize,
    /// Which of the declared ones are writable.
    writable: &'static [u64; 4],
    /// The runtime's input.
    input: PhantomData<&'a AccountView>,
}

impl<'a> Remaining<'a> {
    /// # Safety
    /// `left` more accounts stand behind those that the cursor walked.
    #[inline(always)]
    pub(crate) unsafe fn new(
        cursor: &'a mut AccountCursor,
        left: usize,
        writable: &'static [u64; 4],
    ) -> Self {
        Self {
            // A copy, which stands in registers.
            cursor: AccountCursor { ..*cursor },
            left,
            writable,
            input: PhantomData,
        }
    }

    /// The next one, unchecked, or `None` behind the last. One that is declared as writable refuses with
    /// [`ErrorCode::ConstraintDuplicateMutableAccount`].
    #[inline(always)]
    pub fn next_account(&mut self) -> Result<Option<AccountView>> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        // SAFETY: one of those that are left.
        let (view, first) = unsafe { self.cursor.next_or_again() };
        if first.is_some_and(|first| is_set(self.writable, first)) {
            return Err(ErrorCode::ConstraintDuplicateMutableAccount.into());
        }
        Ok(Some(view))
    }
}

/// Whether a mask has a position's bit.
pub(crate) fn is_set(mask: &[u64; 4], position: usize) -> bool {
    mask.get(position / 64)
        .is_some_and(|word| word >> (position % 64) & 1 == 1)
}
