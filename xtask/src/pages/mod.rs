//! Pages of reference that are made from the catalogue and the schema.

pub mod codes;
pub mod settings;
