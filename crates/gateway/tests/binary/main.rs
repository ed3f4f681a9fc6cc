//! The built binaries themselves: what they refuse to start with, what a kill -9 leaves, what they send to a node, and
//! what they run.

mod check;
mod client;
mod dashboards;
mod disk;
mod files;
mod hostile;
mod kill;
mod leases;
mod mutation;
mod points;
mod repeat;
mod replicas;
mod restart;
mod second_ledger;
mod settle;
mod signer;
mod start;
mod traces;

use specie_testing::gateway::{holder, node, process};

#[test]
fn all_of_it_again_on_postgres() {
    let printed = specie_testing::database::run_again_on_a_server("all_of_it_again_on_postgres");
    println!("{printed}");
}
