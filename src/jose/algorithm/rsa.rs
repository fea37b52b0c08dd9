//! RSA public keys and signatures (RFC 7518 sections 3.3 and 3.5): RS and PS with SHA-2. Verification only; an
//! RSA private key never enters the module (RUSTSEC-2023-0071).

use super::roca;
#[cfg(feature = "variable-time")]
use super::rsa_encoding::{Hash, is_of_another_message, is_pkcs1, is_pss, other_hash, pss_salt_bytes};
use crate::{Code, Error, Result, bounds, jose::base64url, json::Object};
use alloc::vec::Vec;
#[cfg(feature = "variable-time")]
use handstamp_jwa::rsa_power::Power;
#[cfg(not(feature = "variable-time"))]
use rsa::{BoxedUint, Pkcs1v15Sign, Pss};
use sha2::{Sha256, Sha384, Sha512};

#[cfg(not(any(feature = "variable-time", feature = "rsa")))]
compile_error!("RSA needs one of the features `variable-time` and `rsa`");

/// A checked public key: its size, an odd modulus, an odd exponent of 3 or more.
#[derive(Clone)]
pub struct RsaPublicKey {
    #[cfg(feature = "variable-time")]
    key: Power,
    #[cfg(not(feature = "variable-time"))]
    key: rsa::PublicKey,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl RsaPublicKey {
    /// Takes modulus and exponent as big-endian bytes.
    ///
    /// # Errors
    /// `key_rsa_size`, before any arithmetic, `key_rsa_exponent` and `key_rsa_weak`.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self> {
        let (modulus, exponent) = (trimmed(modulus), trimmed(exponent));
        let spare = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
        let bits = modulus.len().saturating_mul(8).saturating_sub(spare);
        if !bounds::RSA_BITS.contains(&bits) {
            let (least, most) = bounds::RSA_BITS.into_inner();
            return Err(Error::new(Code::KeyRsaSize)
                .expected(told!("{least} to {most} bits"))
                .got(told!("{bits} bits")));
        }
        let odd = |bytes: &[u8]| bytes.last().is_some_and(|last| last & 1 == 1);
        if !odd(modulus) {
            return Err(Error::new(Code::KeyRsaExponent).expected("an odd modulus").got("an even modulus"));
        }
        if !odd(exponent) || exponent == [1] {
            return Err(
                Error::new(Code::KeyRsaExponent).expected("an odd exponent of 3 or more, such as 65537")
            );
        }
        if roca::bears_mark(modulus) {
            return Err(Error::new(Code::KeyRsaWeak).expected("a modulus of two random primes"));
        }
        // As the rsa crate has it: 33 bits at most.
        if exponent.len() > 5 || (exponent.len() == 5 && exponent.first() != Some(&1)) {
            return Err(Error::new(Code::KeyRsaExponent).expected("an exponent below 2 to the power of 33"));
        }
        #[cfg(feature = "variable-time")]
        let key = Power::new(modulus, exponent);
        #[cfg(not(feature = "variable-time"))]
        let key = {
            let number = BoxedUint::from_be_slice_vartime;
            rsa::PublicKey::new(number(modulus), number(exponent)).ok()
        };
        let key = key.ok_or_else(|| Error::new(Code::KeyRsaExponent))?;
        Ok(Self { key, modulus: modulus.to_vec(), exponent: exponent.to_vec() })
    }

    /// Returns the modulus, big-endian, without zeros in front.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// Returns the exponent, big-endian, without zeros in front.
    pub fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    /// The key as a public JWK.
    pub fn to_jwk(&self) -> Object {
        let mut jwk = Object::new();
        jwk.set("e", base64url::encode(&self.exponent));
        jwk.set("kty", "RSA");
        jwk.set("n", base64url::encode(&self.modulus));
        jwk
    }

    /// Returns how a signature was made with the private key of this one where no algorithm makes it so, in words: to
    /// explain, never to verify.
    pub(crate) fn made_otherwise(&self, message: &[u8], signature: &[u8]) -> Option<Otherwise> {
        #[cfg(feature = "variable-time")]
        {
            let encoded = self.key.of(signature)?;
            let bits = self.key.bits();
            let salts = [
                ("SHA-256", pss_salt_bytes::<Sha256>(&encoded, bits, message)),
                ("SHA-384", pss_salt_bytes::<Sha384>(&encoded, bits, message)),
                ("SHA-512", pss_salt_bytes::<Sha512>(&encoded, bits, message)),
            ];
            let salt = salts.into_iter().find_map(|(hash, salt)| Some(Otherwise::Salt(hash, salt?)));
            salt.or_else(|| other_hash(&encoded, message).map(Otherwise::Hash))
                .or_else(|| is_of_another_message(&encoded, bits).then_some(Otherwise::Message))
        }
        #[cfg(not(feature = "variable-time"))]
        {
            let _ = (message, signature);
            None
        }
    }

    #[cfg(feature = "variable-time")]
    fn pkcs1<H: Hash>(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.of(signature).is_some_and(|encoded| is_pkcs1::<H>(&encoded, message))
    }

    #[cfg(feature = "variable-time")]
    fn pss<H: Hash>(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.of(signature).is_some_and(|encoded| is_pss::<H>(&encoded, self.key.bits(), message))
    }

    #[cfg(not(feature = "variable-time"))]
    fn pkcs1<H: sha2::Digest + rsa::pkcs8::AssociatedOid>(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify(Pkcs1v15Sign::new::<H>(), &H::digest(message), signature).is_ok()
    }

    #[cfg(not(feature = "variable-time"))]
    fn pss<H>(&self, message: &[u8], signature: &[u8]) -> bool
    where
        H: sha2::Digest + sha2::digest::FixedOutputReset,
    {
        self.key.verify(Pss::<H>::new(), &H::digest(message), signature).is_ok()
    }
}

/// How a signature was made that no algorithm of JOSE makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// PSS with a hash and a salt of so many bytes.
    Salt(&'static str, usize),
    /// PKCS #1 v1.5 with this hash.
    Hash(&'static str),
    /// As the algorithm has it, of another message.
    Message,
}

// A public key says nothing to a reader.
impl core::fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PublicKey(RSA)")
    }
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// RS256: RSASSA-PKCS1-v1_5 with SHA-256.
pub(super) fn pkcs1_sha256(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    key.pkcs1::<Sha256>(message, signature)
}

/// RS384: RSASSA-PKCS1-v1_5 with SHA-384.
pub(super) fn pkcs1_sha384(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    key.pkcs1::<Sha384>(message, signature)
}

/// RS512: RSASSA-PKCS1-v1_5 with SHA-512.
pub(super) fn pkcs1_sha512(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    key.pkcs1::<Sha512>(message, signature)
}

// A salt of any length but the hash's is refused, as RFC 7518 section 3.5 fixes it.
/// PS256: RSASSA-PSS with SHA-256, MGF1 with the same and a salt of 32 bytes.
pub(super) fn pss_sha256(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    key.pss::<Sha256>(message, signature)
}

/// PS384: RSASSA-PSS with SHA-384, MGF1 with the same and a salt of 48 bytes.
pub(super) fn pss_sha384(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    key.pss::<Sha384>(message, signature)
}

/// PS512: RSASSA-PSS with SHA-512, MGF1 with the same and a salt of 64 bytes.
pub(super) fn pss_sha512(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    key.pss::<Sha512>(message, signature)
}
