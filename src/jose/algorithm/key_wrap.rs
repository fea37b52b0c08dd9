//! AES key wrap (RFC 3394, RFC 7518 section 4.4): a content key under a key of 128, 192 or 256 bits. It checks
//! itself; every failure is the same `None`.

use crate::secret::Secret;
use aes_gcm::aes::{Aes128, Aes192, Aes256};
use aes_kw::{AesKw, KeyInit};
use alloc::vec::Vec;

/// The length that wrapping adds, in bytes.
const CHECK_BYTES: usize = 8;

/// One size of the wrapping key, as a pair of functions.
#[derive(Clone, Copy)]
pub struct KeyWrap {
    /// Exact length of the wrapping key.
    pub key_bytes: usize,
    /// Wrapping key and wrapped key to content key.
    pub unwrap: fn(&Secret, &[u8]) -> Option<Secret>,
    /// Wrapping key and content key to wrapped key.
    pub wrap: fn(&Secret, &Secret) -> Option<Vec<u8>>,
}

macro_rules! sizes {
    ($($(#[$doc:meta])* $name:ident $bytes:literal $aes:ty;)*) => {$(
        $(#[$doc])*
        pub const $name: KeyWrap = KeyWrap {
            key_bytes: $bytes,
            unwrap: |key, wrapped| {
                let mut content_key = alloc::vec![0; wrapped.len().checked_sub(CHECK_BYTES)?];
                AesKw::<$aes>::new_from_slice(key.expose()).ok()?.unwrap_key(wrapped, &mut content_key).ok()?;
                Some(Secret::new(content_key))
            },
            wrap: |key, content_key| {
                let mut wrapped = alloc::vec![0; content_key.len().checked_add(CHECK_BYTES)?];
                AesKw::<$aes>::new_from_slice(key.expose()).ok()?.wrap_key(content_key.expose(), &mut wrapped).ok()?;
                Some(wrapped)
            },
        };
    )*};
}
sizes! {
    /// AES key wrap with 128 bits.
    A128 16 Aes128;
    /// AES key wrap with 192 bits.
    A192 24 Aes192;
    /// AES key wrap with 256 bits.
    A256 32 Aes256;
}
