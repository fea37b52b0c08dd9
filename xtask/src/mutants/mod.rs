//! `cargo xtask mutants`: faults that are planted, and the tests that notice them.

pub mod fault;
pub mod planted_copy;
mod survey;
pub mod trial;

pub use survey::{Options, run};
