//! What the tests of Specie stand on: worlds in which the built program runs on real parts.

pub mod demo;
pub mod model;
pub mod scenario;
pub mod world;
