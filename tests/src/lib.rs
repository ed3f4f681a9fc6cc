//! What the tests of Specie stand on: worlds in which the built program runs on real parts.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod demo;
pub mod model;
pub mod scenario;
pub mod world;
