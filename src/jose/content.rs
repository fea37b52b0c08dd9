//! Content encryption (RFC 7518 section 5.3): AES-GCM with an IV of 96 bits and a tag of 128. Every failure is
//! the same `None`, and no byte of an unauthentic plaintext leaves.

use crate::secret::Secret;
use aes_gcm::{
    AesGcm, KeyInit,
    aead::{Aead, Payload, consts::U12},
    aes::{Aes128, Aes192, Aes256},
};
use alloc::vec::Vec;

/// IV length, bytes.
pub const IV_BYTES: usize = 12;
/// Tag length, bytes: a shorter tag would make forgery cheap (CVE-2018-1000539).
pub const TAG_BYTES: usize = 16;

/// Key, IV, additional data, ciphertext and tag to plaintext.
type Open = fn(&Secret, &[u8], &[u8], &[u8], &[u8]) -> Option<Vec<u8>>;
/// Key, IV, additional data and plaintext to ciphertext and tag in one.
type Seal = fn(&Secret, &[u8; IV_BYTES], &[u8], &[u8]) -> Option<Vec<u8>>;

/// One authenticated cipher as a pair of functions.
#[derive(Clone, Copy)]
pub struct Cipher {
    /// Decrypts.
    pub open: Open,
    /// Encrypts.
    pub seal: Seal,
}

macro_rules! gcm {
    ($($(#[$doc:meta])* $name:ident $aes:ty;)*) => {$(
        $(#[$doc])*
        pub const $name: Cipher = Cipher {
            open: |key, iv, aad, ciphertext, tag| {
                let (iv, _) = (<&[u8; IV_BYTES]>::try_from(iv).ok()?, <&[u8; TAG_BYTES]>::try_from(tag).ok()?);
                let cipher = AesGcm::<$aes, U12>::new_from_slice(key.expose()).ok()?;
                cipher.decrypt(&(*iv).into(), Payload { msg: &[ciphertext, tag].concat(), aad }).ok()
            },
            seal: |key, iv, aad, plaintext| {
                let cipher = AesGcm::<$aes, U12>::new_from_slice(key.expose()).ok()?;
                cipher.encrypt(&(*iv).into(), Payload { msg: plaintext, aad }).ok()
            },
        };
    )*};
}
gcm! {
    /// AES-GCM with 128 bits.
    A128GCM Aes128;
    /// AES-GCM with 192 bits.
    A192GCM Aes192;
    /// AES-GCM with 256 bits.
    A256GCM Aes256;
}
