//! HMAC with SHA-2 (RFC 7518 section 3.2): HS256, HS384, HS512.

use crate::secret::Secret;
use alloc::vec::Vec;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

// `verify_slice` refuses another length and compares in constant time (CVE-2016-7036).
macro_rules! rows {
    ($($verify:ident $sign:ident $hash:ty;)*) => {$(
        /// Whether the tag is this hash's HMAC of the message.
        pub(super) fn $verify(secret: &Secret, message: &[u8], tag: &[u8]) -> bool {
            Hmac::<$hash>::new_from_slice(secret.expose())
                .is_ok_and(|mac| mac.chain_update(message).verify_slice(tag).is_ok())
        }

        /// This hash's HMAC of the message.
        pub(super) fn $sign(secret: &Secret, message: &[u8]) -> Option<Vec<u8>> {
            let mac = Hmac::<$hash>::new_from_slice(secret.expose()).ok()?;
            Some(mac.chain_update(message).finalize().into_bytes().to_vec())
        }
    )*};
}
rows! {
    verify_sha256 sign_sha256 Sha256;
    verify_sha384 sign_sha384 Sha384;
    verify_sha512 sign_sha512 Sha512;
}
