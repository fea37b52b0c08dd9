//! The arithmetic below JWA (RFC 7518), in variable time: ECDSA on P-256 and RSA for **public data only**. A crate of its
//! own because cargo chooses between speed and size for a whole crate: what every verification spends its time in is
//! compiled for speed, Handstamp around it for size.
//!
//! ```text
//! public key, hash, signature ─ secp256r1 ─ yes or no
//! modulus, exponent, signature ─ rsa_power ─ signature^exponent modulo modulus, whose encoding Handstamp checks
//! ```
//! Beside it, for the same reason, the loops that every byte of a token goes through, where the target has vectors:
//! `base64url` and `scan`.
//!
//! Nothing here knows a token, a key's encoding, a clock or randomness, and nothing can fail but by saying no.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod base64url;
pub mod rsa_power;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod scan;
pub mod secp256r1;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vectors;
