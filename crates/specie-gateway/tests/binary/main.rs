//! The built binaries themselves: what they refuse to start with, what a kill -9 under load leaves, and what they send
//! to a node.

mod check;
#[path = "../database/mod.rs"]
mod database;
mod kill;
mod node;
mod process;
mod settle;
mod signer;
mod start;

#[test]
fn all_of_it_again_on_postgres() {
    database::run_again_on_a_server("all_of_it_again_on_postgres");
}
