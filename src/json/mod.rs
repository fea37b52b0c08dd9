//! The strict JSON reader (RFC 8259), for headers, claims, keys and settings alike: duplicate members, depth,
//! member count, UTF-8 and number range are checked, and a fault names its position.

pub(crate) mod decimal;
pub(crate) mod members;
mod names;
mod parse;
mod reader;
pub(crate) mod scan;
#[cfg(any(feature = "serde", feature = "wasm"))]
pub(crate) mod serde;
mod value;
pub(crate) mod writer;

pub use value::{Number, Object, Value};
