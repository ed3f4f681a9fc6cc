//! The walk over an instruction's accounts, as the runtime lays them out.

use {
    crate::handler::is_set,
    anchor_lang::{
        pinocchio::account::{RuntimeAccount, MAX_PERMITTED_DATA_INCREASE, NOT_BORROWED},
        AccountView, ErrorCode,
    },
};

/// What stands between an account's data and the next account, beside the data itself: its header, the room that it may
/// grow into, and the epoch of its rent.
const AROUND_DATA: usize = size_of::<RuntimeAccount>() + MAX_PERMITTED_DATA_INCREASE + EPOCH;

const EPOCH: usize = size_of::<u64>();

/// Goes from account to account in what the runtime hands a program:
///
/// ```text
/// count u64 │ accounts, each from an address that 8 divides: header 88 │ data │ room 10,240 │ epoch of rent 8
///                                                         or: position of the same account before u8 │ 0 × 7
/// ```
pub struct AccountCursor {
    /// The next account.
    pub(crate) at: *mut u8,
    /// Those that were walked.
    pub(crate) views: *mut AccountView,
    /// How many were.
    pub(crate) walked: usize,
}

impl AccountCursor {
    /// Before the first account.
    ///
    /// # Safety
    /// `input` is what the runtime handed over, and `views` has room for all the accounts in it.
    #[inline(always)]
    pub unsafe fn new(input: *mut u8, views: *mut AccountView) -> Self {
        Self {
            // SAFETY: the count stands first.
            at: unsafe { input.add(size_of::<u64>()) },
            views,
            walked: 0,
        }
    }

    /// The accounts that were walked.
    #[inline(always)]
    pub(crate) fn views(&self) -> *const AccountView {
        self.views
    }

    /// The next account. What Anchor's entrypoint calls for instructions of its own.
    ///
    /// # Safety
    /// There is one more.
    #[allow(clippy::should_implement_trait, reason = "Anchor's name for it")]
    #[inline(always)]
    pub unsafe fn next(&mut self) -> AccountView {
        // SAFETY: the caller's promise, handed on.
        unsafe { self.next_or_again() }.0
    }

    /// The next account, and the position at which it stood before if it did.
    ///
    /// # Safety
    /// There is one more.
    #[inline(always)]
    pub(crate) unsafe fn next_or_again(&mut self) -> (AccountView, Option<usize>) {
        // SAFETY: one more stands at `at`, as the runtime laid it out: its position before if it stood before, which is one
        // of those that were walked, and else an account, whose end is where it says; `views` has room for it.
        unsafe {
            let account: *mut RuntimeAccount = self.at.cast();
            let before = (*account).borrow_state;
            let (view, first) = if before == NOT_BORROWED {
                let len = (*account).data_len as usize;
                // Where resizing looks up how long the data was.
                (*account).padding = (len as u32).to_le_bytes();
                let end = self.at.add(AROUND_DATA).add(len);
                self.at = end.add(end.align_offset(EPOCH));
                (AccountView::new_unchecked(account), None)
            } else {
                self.at = self.at.add(EPOCH);
                let before = usize::from(before);
                (*self.views.add(before), Some(before))
            };
            self.views.add(self.walked).write(view);
            self.walked = self.walked.wrapping_add(1);
            (view, first)
        }
    }

    /// Walks the declared accounts, the first `declared` of `accounts`, none of which may be writable and stand there twice.
    #[inline(never)]
    pub(crate) fn walk(
        &mut self,
        accounts: usize,
        declared: usize,
        writable: &[u64; 4],
    ) -> core::result::Result<(), ErrorCode> {
        if accounts < declared {
            return Err(ErrorCode::AccountNotEnoughKeys);
        }
        // A copy, which stands in registers.
        let mut cursor = Self { ..*self };
        while cursor.walked < declared {
            // SAFETY: there are at least as many as are declared.
            let (_, first) = unsafe { cursor.next_or_again() };
            if let Some(first) = first {
                let again = cursor.walked.wrapping_sub(1);
                if is_set(writable, first) || is_set(writable, again) {
                    return Err(ErrorCode::ConstraintDuplicateMutableAccount);
                }
            }
        }
        *self = cursor;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use {
        super::*,
        crate::handler::Remaining,
        anchor_lang::Error,
        core::mem::MaybeUninit,
        std::{vec, vec::Vec},
    };

    /// An account in the runtime's input: one of so many bytes, or the same as an earlier one.
    #[derive(Clone, Copy)]
    enum Record {
        New(usize),
        Again(u8),
    }
    use Record::{Again, New};

    /// What the runtime hands over; the account at each position has that position for its lamports.
    fn input(records: &[Record]) -> Vec<u64> {
        let mut words = vec![records.len() as u64];
        for (position, record) in records.iter().enumerate() {
            match *record {
                New(len) => {
                    let mut header = [0; size_of::<RuntimeAccount>() / 8];
                    header[0] = u64::from(NOT_BORROWED);
                    header[9] = position as u64;
                    header[10] = len as u64;
                    words.extend(header);
                    let room = len.next_multiple_of(8) + MAX_PERMITTED_DATA_INCREASE + EPOCH;
                    words.resize(words.len() + room / 8, 0);
                }
                Again(first) => words.push(first.into()),
            }
        }
        words
    }

    /// Walks the first `declared` accounts, then gives the rest one by one; their lamports and lengths, or why not. The first
    /// account is writable where `writable` has its first bit, the second where it has its second.
    fn walk(
        records: &[Record],
        declared: usize,
        writable: usize,
    ) -> Result<Vec<(u64, usize)>, Error> {
        static MASKS: [[u64; 4]; 4] = [[0; 4], [1, 0, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0]];
        let mask = &MASKS[writable];
        let mut input = input(records);
        let mut views = [const { MaybeUninit::<AccountView>::uninit() }; 16];
        // SAFETY: the input is laid out as the runtime does, and there are no more than 16 accounts in it.
        let mut cursor =
            unsafe { AccountCursor::new(input.as_mut_ptr().cast(), views.as_mut_ptr().cast()) };
        cursor.walk(records.len(), declared, mask)?;
        // SAFETY: so many were walked.
        let walked = unsafe { core::slice::from_raw_parts(cursor.views(), declared) };
        let mut all: Vec<AccountView> = walked.to_vec();
        // SAFETY: the rest of the accounts.
        let mut remaining = unsafe { Remaining::new(&mut cursor, records.len() - declared, mask) };
        while let Some(view) = remaining.next_account()? {
            all.push(view);
        }
        assert!(remaining.next_account()?.is_none());
        Ok(all
            .iter()
            .map(|view| (view.lamports(), view.data_len()))
            .collect())
    }

    #[test]
    fn every_account_is_found_whatever_its_length() {
        let records = [New(0), New(1), New(7), New(8), New(9), New(10_240)];
        let expected = [(0, 0), (1, 1), (2, 7), (3, 8), (4, 9), (5, 10_240)];
        for declared in 0..=records.len() {
            assert_eq!(walk(&records, declared, 3), Ok(expected.to_vec()));
        }
    }

    #[test]
    fn an_account_that_stands_there_again_is_the_same() {
        let records = [New(3), New(4), Again(0), New(5), Again(2), Again(3)];
        let expected = [(0, 3), (1, 4), (0, 3), (3, 5), (0, 3), (3, 5)];
        for declared in 0..=records.len() {
            assert_eq!(walk(&records, declared, 2), Ok(expected.to_vec()));
        }
    }

    #[test]
    fn a_writable_account_that_stands_there_again_rejects() {
        let twice = Err(ErrorCode::ConstraintDuplicateMutableAccount.into());
        let records = [New(3), New(4), Again(0)];
        // The first of the two is writable, among the declared and behind them.
        assert_eq!(walk(&records, 3, 1), twice);
        assert_eq!(walk(&records, 2, 1), twice);
        // The second is.
        assert_eq!(walk(&[New(3), Again(0), New(4)], 2, 2), twice);
    }

    #[test]
    fn fewer_accounts_than_are_declared_reject() {
        assert_eq!(
            walk(&[New(3), New(4)], 3, 0),
            Err(ErrorCode::AccountNotEnoughKeys.into())
        );
    }
}
