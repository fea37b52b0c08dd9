//! The vectors of project Wycheproof through our own doors: keys are read as JWK and as PEM with every policy of
//! ours, signatures are checked by `Key::verify`, content is opened by the ciphers that `enc` names. A further
//! algorithm is one more row. The counts are printed whether or not output is captured, as they are the result.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.
#![allow(clippy::arithmetic_side_effects)]

mod content;
mod management;
mod points;
mod rsa_oaep;
mod signatures;
mod table;
