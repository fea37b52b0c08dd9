//! Verification of ECDSA signatures on P-256 with SHA-256 (RFC 7518 section 3.4, FIPS 186-5 section 6.4), in variable
//! time and with prepared keys: several times faster in wasm than constant time would be.
//!
//! **Public data only.** Public keys, hashes of messages and signatures come in, a yes or no goes out. No secret has
//! a type that could be passed here: a [`PublicKey`] is made of a checked point, and nothing else takes part.
//!
//! `words` 256 bits · `field` modulo p · `scalar` modulo n · `inverse` of both · `point` sums, fast · `textbook` sums
//! with every case · `table` multiples of a point · `public_key` · `hot_keys` who has which tables · `verify`. Each file argues its bounds. The feature
//! `variable-time` switches all of it off; then the `p256` crate verifies.

mod field;
mod hot_keys;
mod inverse;
mod point;
mod public_key;
mod scalar;
mod table;
mod textbook;
mod verify;
mod words;

pub use public_key::PublicKey;
pub use table::Preparation;
pub use verify::PreparedKey;
