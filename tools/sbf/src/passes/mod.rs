//! The rewriting that LLVM's BPF code generator needs before it can serve the SVM.
//!
//! Each pass makes one kind of code disappear; [`check`] then refuses whatever is left, so that a gap
//! in a pass stops the build instead of becoming a wrong program.

pub(crate) mod arguments;
pub(crate) mod check;
pub(crate) mod memory;
pub(crate) mod overflow;
pub(crate) mod wide;

/// The SVM passes five arguments in registers; LLVM 22's BPF backend has no others.
pub(crate) const ARGUMENT_SLOTS: u64 = 5;

/// The SVM's stack frame.
pub(crate) const FRAME_BYTES: u64 = 4096;
