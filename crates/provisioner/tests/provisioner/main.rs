//! The provisioner's binary: real processes in real namespaces, and attacks on everything that watches them.

mod apart;
mod clocks;
mod connections;
mod disk;
mod jobs;
mod leftovers;
mod requests;

const BINARY: &str = env!("CARGO_BIN_EXE_specie-provisioner");
