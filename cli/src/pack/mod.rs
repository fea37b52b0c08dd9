//! `handstamp pack`: the conformance pack, made from a seed, and held against what the library says today.

mod command;
mod everyday;
mod further;
mod maker;
mod material;
mod row;
mod rows;
mod shapes;

pub use command::{Command, run};
