//! Operations that LLVM's BPF code generator cannot emit, written with what it can.
//!
//! A program does not depend on this crate: the link step replaces each wide operation with a call of
//! one of [`wide`]'s functions, links this crate's bitcode in, and optimises the whole once more, so
//! that the short functions are inlined and the unused ones vanish. On the host this is an ordinary
//! library, which lets its tests compare every function with the processor's own answer.
#![cfg_attr(not(test), no_std)]
// The memory functions must not be compiled into calls of themselves.
#![no_builtins]

pub mod memory;
pub mod wide;
