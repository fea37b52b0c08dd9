//! The encrypted tokens of another library, for the tests of encryption and of decryption.
#![allow(clippy::unwrap_used)] // A test may stop.

use crate::common::rows;
use handstamp::{
    Error,
    jose::{
        Compact, Management, jwe,
        key::DecryptKey,
        primitives::{agreement, curve::Curve},
    },
};

pub const VECTORS: &str = "python/management.json";

pub fn decrypt(token: &str, key: &DecryptKey) -> Result<Vec<u8>, Error> {
    jwe::decrypt(&Compact::parse(token)?, core::slice::from_ref(key)).map(|decrypted| decrypted.plaintext)
}

/// The rows that are computed in this build.
pub fn computed() -> Vec<serde_json::Value> {
    let here = |row: &serde_json::Value| {
        let curve = row["curve"].as_str().and_then(Curve::from_name);
        Management::from_name(row["alg"].as_str().unwrap()).unwrap().is_computed()
            && curve.is_none_or(agreement::is_computed)
    };
    rows(VECTORS, "tokens").into_iter().filter(here).collect()
}
