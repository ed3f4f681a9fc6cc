//! The built binaries themselves: what they refuse to start with, what a kill -9 under load leaves, and what they send
//! to a node.

mod check;
mod kill;
mod node;
mod process;
mod settle;
mod start;
