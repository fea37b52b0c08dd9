//! `cargo xtask check` and `cargo xtask test`, stage by stage.

pub mod check;
pub mod stage;
pub mod test;
