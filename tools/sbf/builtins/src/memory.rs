//! `memcpy` and its family for lengths that the compiler does not know.
//!
//! Up to sixteen bytes are two overlapping words; more goes to the SVM's own memory syscalls, which
//! cost ten compute units up to 2.5 KB: a loop of words has spent those after twenty bytes. Known
//! short lengths never get here, they become loads and stores where they stand.

use core::ptr::{read_unaligned as load, write_unaligned as store};

/// The longest length that is cheaper in words than as a syscall.
const SHORT: usize = 16;

#[cfg(target_os = "solana")]
unsafe extern "C" {
    fn sol_memmove_(to: *mut u8, from: *const u8, length: u64);
    fn sol_memset_(to: *mut u8, value: u8, length: u64);
    fn sol_memcmp_(left: *const u8, right: *const u8, length: u64, result: *mut i32);
}

/// The host's stand-ins, so that the short paths can be tested there.
#[cfg(not(target_os = "solana"))]
mod host {
    pub(super) unsafe fn sol_memmove_(to: *mut u8, from: *const u8, length: u64) {
        // SAFETY: the caller's promise, handed on.
        unsafe { core::ptr::copy(from, to, length as usize) }
    }

    pub(super) unsafe fn sol_memset_(to: *mut u8, value: u8, length: u64) {
        // SAFETY: the caller's promise, handed on.
        unsafe { core::ptr::write_bytes(to, value, length as usize) }
    }

    pub(super) unsafe fn sol_memcmp_(
        left: *const u8,
        right: *const u8,
        length: u64,
        result: *mut i32,
    ) {
        // SAFETY: the caller's promise, handed on.
        unsafe {
            let (left, right) = (
                core::slice::from_raw_parts(left, length as usize),
                core::slice::from_raw_parts(right, length as usize),
            );
            let difference = left
                .iter()
                .zip(right)
                .find(|(a, b)| a != b)
                .map_or(0, |(a, b)| i32::from(*a) - i32::from(*b));
            *result = difference;
        }
    }
}
#[cfg(not(target_os = "solana"))]
use host::{sol_memcmp_, sol_memmove_, sol_memset_};

/// Copies `length` bytes between regions that do not overlap.
///
/// Long copies use `sol_memmove_`: `sol_memcpy_` refuses equal pointers, which LLVM permits itself.
///
/// # Safety
/// Both regions are valid for `length` bytes.
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    // SAFETY: the caller's promise, handed on.
    unsafe { copy(to, from, length) }
}

/// Copies `length` bytes between regions that may overlap.
///
/// # Safety
/// Both regions are valid for `length` bytes.
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    // SAFETY: the caller's promise, handed on.
    unsafe { copy(to, from, length) }
}

/// Every load comes before the first store, so overlapping regions are copied rightly.
#[inline(always)]
unsafe fn copy(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    // SAFETY: both regions hold `length` bytes; each branch stays within its lower bound on `length`.
    unsafe {
        if length > SHORT {
            sol_memmove_(to, from, length as u64);
        } else if length >= 8 {
            let (head, tail) = (
                load(from.cast::<u64>()),
                load(from.add(length).sub(8).cast::<u64>()),
            );
            store(to.cast(), head);
            store(to.add(length).sub(8).cast(), tail);
        } else if length >= 4 {
            let (head, tail) = (
                load(from.cast::<u32>()),
                load(from.add(length).sub(4).cast::<u32>()),
            );
            store(to.cast(), head);
            store(to.add(length).sub(4).cast(), tail);
        } else if length != 0 {
            // One to three bytes: first, middle and last name them all.
            let (head, middle, tail) = (*from, *from.add(length >> 1), *from.add(length).sub(1));
            *to = head;
            *to.add(length >> 1) = middle;
            *to.add(length).sub(1) = tail;
        }
    }
    to
}

/// Fills `length` bytes with the low byte of `value`.
///
/// # Safety
/// The region is valid for `length` bytes.
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub unsafe extern "C" fn memset(to: *mut u8, value: i32, length: usize) -> *mut u8 {
    // SAFETY: the region holds `length` bytes; each branch stays within its lower bound on `length`.
    unsafe {
        let byte = value as u8;
        if length > SHORT {
            sol_memset_(to, byte, length as u64);
        } else if length >= 8 {
            let word = u64::from(byte).wrapping_mul(0x0101_0101_0101_0101);
            store(to.cast(), word);
            store(to.add(length).sub(8).cast(), word);
        } else if length >= 4 {
            let word = u32::from(byte).wrapping_mul(0x0101_0101);
            store(to.cast(), word);
            store(to.add(length).sub(4).cast(), word);
        } else if length != 0 {
            *to = byte;
            *to.add(length >> 1) = byte;
            *to.add(length).sub(1) = byte;
        }
    }
    to
}

/// The order of two byte strings: negative, zero or positive.
///
/// # Safety
/// Both regions are valid for `length` bytes.
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, length: usize) -> i32 {
    // SAFETY: both regions hold `length` bytes; each branch stays within its lower bound on `length`.
    unsafe {
        if length > SHORT {
            let mut result = 0;
            sol_memcmp_(left, right, length as u64, &mut result);
            return result;
        }
        let (a, b) = if length >= 8 {
            // Big-endian words order as the bytes do.
            let (a, b) = (load(left.cast::<u64>()), load(right.cast::<u64>()));
            if a != b {
                return order(a.to_be(), b.to_be());
            }
            (
                load(left.add(length).sub(8).cast::<u64>()).to_be(),
                load(right.add(length).sub(8).cast::<u64>()).to_be(),
            )
        } else if length >= 4 {
            let (a, b) = (load(left.cast::<u32>()), load(right.cast::<u32>()));
            if a != b {
                return order(a.to_be().into(), b.to_be().into());
            }
            let tail = (
                load(left.add(length).sub(4).cast::<u32>()),
                load(right.add(length).sub(4).cast::<u32>()),
            );
            (tail.0.to_be().into(), tail.1.to_be().into())
        } else if length != 0 {
            let key = |from: *const u8| {
                let (head, middle, tail) =
                    (*from, *from.add(length >> 1), *from.add(length).sub(1));
                (u64::from(head) << 16) | (u64::from(middle) << 8) | u64::from(tail)
            };
            (key(left), key(right))
        } else {
            return 0;
        };
        order(a, b)
    }
}

#[inline(always)]
fn order(a: u64, b: u64) -> i32 {
    i32::from(a > b).wrapping_sub(i32::from(a < b))
}

/// Whether two byte strings differ: zero if they are equal.
///
/// # Safety
/// Both regions are valid for `length` bytes.
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, length: usize) -> i32 {
    // SAFETY: both regions hold `length` bytes; each branch stays within its lower bound on `length`.
    unsafe {
        if length > SHORT {
            let mut result = 0;
            sol_memcmp_(left, right, length as u64, &mut result);
            return result;
        }
        let difference = if length >= 8 {
            let head = load(left.cast::<u64>()) ^ load(right.cast::<u64>());
            head | (load(left.add(length).sub(8).cast::<u64>())
                ^ load(right.add(length).sub(8).cast::<u64>()))
        } else if length >= 4 {
            let head = load(left.cast::<u32>()) ^ load(right.cast::<u32>());
            let tail = load(left.add(length).sub(4).cast::<u32>())
                ^ load(right.add(length).sub(4).cast::<u32>());
            u64::from(head | tail)
        } else if length != 0 {
            let head = *left ^ *right;
            let middle = *left.add(length >> 1) ^ *right.add(length >> 1);
            u64::from(head | middle | (*left.add(length).sub(1) ^ *right.add(length).sub(1)))
        } else {
            0
        };
        i32::from(difference != 0)
    }
}
