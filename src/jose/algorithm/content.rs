//! Content encryption (RFC 7518 sections 5.2 and 5.3): AES-CBC with HMAC, and AES-GCM with an IV of 96 bits and a
//! tag of 128. Every failure is the same `None`, and no byte of an unauthentic plaintext leaves.

use crate::secret::Secret;
use aes_gcm::{
    AesGcm, KeyInit,
    aead::{Aead, Payload, consts::U12},
    aes::{Aes128, Aes192, Aes256},
};
use alloc::vec::Vec;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

/// IV length of AES-GCM, bytes.
pub const IV_BYTES: usize = 12;
/// Tag length of AES-GCM, bytes: a shorter tag would make forgery cheap (CVE-2018-1000539).
pub const TAG_BYTES: usize = 16;

/// Key, IV, additional data, ciphertext and tag to plaintext.
type Open = fn(&Secret, &[u8], &[u8], &[u8], &[u8]) -> Option<Vec<u8>>;
/// Key, IV, additional data and plaintext to ciphertext and tag in one.
type Seal = fn(&Secret, &[u8], &[u8], &[u8]) -> Option<Vec<u8>>;

/// One authenticated cipher: its lengths, and a pair of functions.
#[derive(Clone, Copy)]
pub struct Cipher {
    /// Exact length of the key.
    pub key_bytes: usize,
    /// Exact length of the IV.
    pub iv_bytes: usize,
    /// Exact length of the tag.
    pub tag_bytes: usize,
    /// Decrypts.
    pub open: Open,
    /// Encrypts.
    pub seal: Seal,
}

macro_rules! gcm {
    ($($(#[$doc:meta])* $name:ident $bytes:literal $aes:ty;)*) => {$(
        $(#[$doc])*
        pub const $name: Cipher = Cipher {
            key_bytes: $bytes,
            iv_bytes: IV_BYTES,
            tag_bytes: TAG_BYTES,
            open: |key, iv, aad, ciphertext, tag| {
                let (iv, _) = (<&[u8; IV_BYTES]>::try_from(iv).ok()?, <&[u8; TAG_BYTES]>::try_from(tag).ok()?);
                let cipher = AesGcm::<$aes, U12>::new_from_slice(key.expose()).ok()?;
                cipher.decrypt(&(*iv).into(), Payload { msg: &[ciphertext, tag].concat(), aad }).ok()
            },
            seal: |key, iv, aad, plaintext| {
                let iv = <&[u8; IV_BYTES]>::try_from(iv).ok()?;
                let cipher = AesGcm::<$aes, U12>::new_from_slice(key.expose()).ok()?;
                cipher.encrypt(&(*iv).into(), Payload { msg: plaintext, aad }).ok()
            },
        };
    )*};
}
gcm! {
    /// AES-GCM with 128 bits.
    A128GCM 16 Aes128;
    /// AES-GCM with 192 bits.
    A192GCM 24 Aes192;
    /// AES-GCM with 256 bits.
    A256GCM 32 Aes256;
}

// The first half of the key authenticates, the second encrypts; the tag is the first half of the HMAC over
// additional data, IV, ciphertext and the length of the additional data in bits (RFC 7518 section 5.2.2).
macro_rules! cbc {
    ($($(#[$doc:meta])* $name:ident $bytes:literal $aes:ty, $hash:ty;)*) => {$(
        $(#[$doc])*
        pub const $name: Cipher = Cipher {
            key_bytes: $bytes,
            iv_bytes: 16,
            tag_bytes: $bytes / 2,
            open: |key, iv, aad, ciphertext, tag| {
                let (mac_key, key) = halves(key, $bytes)?;
                let iv = <&[u8; 16]>::try_from(iv).ok()?;
                let mac = authenticate::<Hmac<$hash>>(mac_key, aad, iv, ciphertext)?;
                // Before anything is decrypted: a padding error of a forgery is never seen (CVE-2021-29443).
                let good = tag.len() == $bytes / 2 && bool::from(mac.get(..$bytes / 2)?.ct_eq(tag));
                if !good {
                    return None;
                }
                let cipher = cbc::Decryptor::<$aes>::new_from_slices(key, iv).ok()?;
                cipher.decrypt_padded_vec::<Pkcs7>(ciphertext).ok()
            },
            seal: |key, iv, aad, plaintext| {
                let (mac_key, key) = halves(key, $bytes)?;
                let iv = <&[u8; 16]>::try_from(iv).ok()?;
                let cipher = cbc::Encryptor::<$aes>::new_from_slices(key, iv).ok()?;
                let mut sealed = cipher.encrypt_padded_vec::<Pkcs7>(plaintext);
                let mac = authenticate::<Hmac<$hash>>(mac_key, aad, iv, &sealed)?;
                sealed.extend_from_slice(mac.get(..$bytes / 2)?);
                Some(sealed)
            },
        };
    )*};
}
cbc! {
    /// AES-CBC with 128 bits and HMAC-SHA-256.
    A128CBC_HS256 32 Aes128, Sha256;
    /// AES-CBC with 192 bits and HMAC-SHA-384.
    A192CBC_HS384 48 Aes192, Sha384;
    /// AES-CBC with 256 bits and HMAC-SHA-512.
    A256CBC_HS512 64 Aes256, Sha512;
}

fn halves(key: &Secret, bytes: usize) -> Option<(&[u8], &[u8])> {
    let key = Some(key.expose()).filter(|key| key.len() == bytes)?;
    key.split_at_checked(bytes / 2)
}

fn authenticate<M: Mac + KeyInit>(key: &[u8], aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let bits = u64::try_from(aad.len()).ok()?.checked_mul(8)?;
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    for part in [aad, iv, ciphertext, &bits.to_be_bytes()] {
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().to_vec())
}
