//! Builds loadable Solana programs from Debian packages and the crate registry alone.
//!
//! [`build`] drives the packaged cargo and rustc for a BPF target whose std it prepares, and [`link`]
//! turns the bitcode they leave into a program: it removes what the BPF code generator or the SVM
//! cannot do, and stops with the function's name where it does not know how. Why a build of its own:
//! docs/adr/0002-hermetic-sbf-build.md.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod arch;
pub mod build;
mod demangle;
pub mod link;
mod llvm;
mod passes;

pub use arch::Arch;
