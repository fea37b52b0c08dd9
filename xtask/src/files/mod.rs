//! The repository as files: where things are, folders that are written as a whole, and the marks of what they were made from.

pub mod fingerprint;
pub mod folder;
pub mod repository;
