//! The programs of this machine that the steps run, and their installation.

pub mod browser;
pub mod command;
pub mod setup;
