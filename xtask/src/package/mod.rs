//! `cargo xtask pkg`: the npm package, from the modules to the static files.

pub mod account_types;
mod assembly;
pub mod bounds;
pub mod catalogue;
pub mod entries;
pub mod minify;
pub mod module;
pub mod notices;
pub mod public;

pub use assembly::make;
