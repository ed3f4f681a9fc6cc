//! The built binaries themselves: what they refuse to start with, what a kill -9 leaves, what they send to a node, and
//! what they run.

mod check;
mod kill;
mod leases;
mod node;
mod process;
mod provisioner;
mod settle;
mod start;
