//! Reports of tokens that are refused, and an RSA key that signs any encoding.
#![allow(dead_code)] // Each test file uses its part.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common::rows;
use handstamp::{
    explain::{Check, Report, Verdict, explain},
    jose::base64url,
    secure_token::{self, AdmitOptions, Settings},
    time::UnixTime,
};
use p256::elliptic_curve::bigint::{
    BoxedUint, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use serde_json::json;
use sha2::Digest;

/// The time of all reports.
pub const NOW: UnixTime = UnixTime(1_800_000_000);
/// Good claims.
pub const CLAIMS: &str = r#"{"sub":"1234","campaignId":"100001","exp":1800000300}"#;
/// A secret for every HMAC.
pub const SECRET: &[u8] = b"a secret of exactly 64 bytes, so that every HMAC may have it ...";

/// Settings with one source.
pub fn settings(verify: &serde_json::Value, more: serde_json::Value) -> Settings {
    let mut all = json!({ "verify": verify });
    for (name, value) in more.as_object().unwrap() {
        all[name] = value.clone();
    }
    Settings::parse(all.to_string().as_bytes()).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Settings with a shared secret.
pub fn shared(secret: &[u8], alg: &str) -> Settings {
    let key = base64url::encode(secret);
    let source = json!({ "method": "symmetricKey", "alg": alg, "key": key, "encoding": "base64url" });
    settings(&source, json!({ "allowShortSecret": true }))
}

/// Base64url.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    base64url::encode(bytes.as_ref())
}

/// Hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Standard base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    let mut text = encode(bytes).replace('-', "+").replace('_', "/");
    text.extend(core::iter::repeat_n('=', (4 - text.len() % 4) % 4));
    text
}

/// The signing input of the claims under a header.
pub fn input(header: &str) -> String {
    format!("{}.{}", encode(header), encode(CLAIMS))
}

/// The report of a token that must be refused, with the code that stands first.
#[track_caller]
pub fn refused(settings: &Settings, token: &str, first: &str) -> Report {
    let report = explain(settings, token, Some("100001"), NOW);
    assert_eq!((report.verdict(), report.code()), (Verdict::Rejected, Some(first)), "{token} {report:?}");
    let admitted = secure_token::admit(settings, token, &AdmitOptions::new("100001", NOW));
    assert!(admitted.is_err(), "a clue never accepts: {report:?}");
    report
}

/// The check of a code.
#[track_caller]
pub fn one<'a>(report: &'a Report, code: &str) -> &'a Check {
    report.checks.iter().find(|check| check.code == code).unwrap_or_else(|| panic!("no {code} in {report:?}"))
}

/// What a check found.
pub fn got(report: &Report, code: &str) -> String {
    one(report, code).got.clone().unwrap_or_default()
}

/// The RSA key of RFC 7517 A.2, which signs any encoding.
pub struct Rsa {
    /// The modulus.
    pub n: Vec<u8>,
    d: Vec<u8>,
}

impl Rsa {
    /// Reads it.
    pub fn new() -> Self {
        let sets = rows("rfc/rfc7517.json", "keys");
        let all = sets.iter().flat_map(|row| row["keySet"]["keys"].as_array().cloned().unwrap_or_default());
        let key = all.into_iter().find(|key| key["kty"] == "RSA" && key["d"].is_string()).unwrap();
        let bytes = |name: &str| base64url::decode(key[name].as_str().unwrap()).unwrap();
        Self { n: bytes("n"), d: bytes("d") }
    }

    /// Settings with its public half.
    pub fn settings(&self, alg: &str) -> Settings {
        let jwk = json!({ "kty": "RSA", "e": "AQAB", "n": encode(&self.n) });
        settings(&json!({ "method": "publicKey", "alg": alg, "key": jwk }), json!({}))
    }

    /// Signs an encoding.
    pub fn raw(&self, encoded: &[u8]) -> Vec<u8> {
        let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, 2048).unwrap();
        let params = BoxedMontyParams::new(Odd::new(number(&self.n)).unwrap());
        BoxedMontyForm::new(number(encoded), &params).pow(&number(&self.d)).retrieve().to_be_bytes().to_vec()
    }

    /// Signs a hash by PKCS #1 v1.5.
    pub fn pkcs1(&self, info: &[u8], hash: &[u8]) -> Vec<u8> {
        self.raw(&pkcs1_encoding(info, hash))
    }

    /// Signs by PSS with any salt.
    pub fn pss<H: Digest>(&self, message: &[u8], salt: &[u8]) -> Vec<u8> {
        self.raw(&pss_encoding::<H>(message, salt, 2048))
    }
}

/// Encodes a message by PSS with any salt, for a modulus of so many bits (RFC 8017 section 9.1.1).
pub fn pss_encoding<H: Digest>(message: &[u8], salt: &[u8], bits: usize) -> Vec<u8> {
    let hash = H::new().chain_update([0; 8]).chain_update(H::digest(message)).chain_update(salt).finalize();
    let bytes = (bits - 1).div_ceil(8);
    let mut block = vec![0; bytes - hash.len() - salt.len() - 2];
    block.push(1);
    block.extend_from_slice(salt);
    for (counter, part) in (0_u32..).zip(block.chunks_mut(hash.len())) {
        let mask = H::new().chain_update(&hash).chain_update(counter.to_be_bytes()).finalize();
        part.iter_mut().zip(&mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    block[0] &= 0xff >> (8 * bytes - (bits - 1));
    [&vec![0; bits.div_ceil(8) - bytes][..], &block, &hash, &[0xbc]].concat()
}

/// An RSA key that is made for one signature: the modulus is the signature's cube less the encoding. So any encoding can be
/// signed at any size of the key, and without the time that a private key takes.
pub struct MadeKey {
    n: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl MadeKey {
    /// Makes the key of so many bits for an encoding.
    pub fn of(encoding: &[u8], bits: usize) -> Self {
        let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, 4096).unwrap();
        // The modulus is to be 97 % of what the bits can hold: the cube is that much more than the encoding.
        let zeros = (bits - 1) / 3 - 20;
        let first = u64::from_be_bytes(encoding[..8].try_into().unwrap()) as f64;
        let share = first * 2_f64.powi(i32::try_from(encoding.len() * 8 - bits).unwrap() - 64) + 0.97;
        let root = (share * 2_f64.powi(i32::try_from(bits - 3 * zeros).unwrap())).cbrt() as u64;
        let parity = 1 ^ (encoding.last().unwrap() & 1);
        let signature =
            number(&root.to_be_bytes()).shl(u32::try_from(zeros).unwrap()).wrapping_add(number(&[parity]));
        let cube = signature.wrapping_mul(&signature).wrapping_mul(&signature);
        let n = cube.wrapping_sub(number(encoding));
        assert_eq!(usize::try_from(n.bit_width()).unwrap(), bits);
        let bytes = |number: &BoxedUint| number.to_be_bytes()[512 - encoding.len()..].to_vec();
        Self { n: bytes(&n), signature: bytes(&signature) }
    }

    /// The public key.
    pub fn jwk(&self) -> serde_json::Value {
        json!({ "kty": "RSA", "e": "Aw", "n": encode(&self.n) })
    }
}

/// The encoding of a hash by PKCS #1 v1.5 for a modulus of 2048 bits.
pub fn pkcs1_encoding(info: &[u8], hash: &[u8]) -> Vec<u8> {
    let end = [&[0], info, hash].concat();
    [&[0, 1][..], &vec![0xff; 256 - 2 - end.len()], &end].concat()
}
