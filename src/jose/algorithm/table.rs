//! The tables of algorithms (RFC 7518 sections 3.1, 4.1, 5.1; RFC 8037; RFC 9864): one row each with what it needs and what
//! it computes. The row travels, not the name: whoever holds one has already been told yes. A row without a
//! function is known by name and answered with `sync_unsupported`.

use super::{
    content, ecdsa, eddsa, hmac,
    key_management::Scheme,
    key_wrap,
    material::{Kind, Material},
    rsa,
};
use crate::secret::Secret;
use alloc::vec::Vec;

type Verify = fn(&Material, &[u8], &[u8]) -> bool;
type Sign = fn(&Secret, &[u8]) -> Option<Vec<u8>>;

struct SignatureRow {
    name: &'static str,
    kind: Kind,
    hash_bytes: usize,
    verify: Option<Verify>,
    sign: Option<Sign>,
}

/// A signature algorithm (`alg` of a JWS).
#[derive(Clone, Copy)]
pub struct Signature(&'static SignatureRow);

macro_rules! signatures {
    ($($(#[$doc:meta])* $row:ident $name:literal $kind:ident $bytes:literal $verify:expr, $sign:expr;)*) => {
        impl Signature {
            $($(#[$doc])* pub const $row: Self = Self(&SignatureRow {
                name: $name, kind: Kind::$kind, hash_bytes: $bytes, verify: $verify,
                sign: if cfg!(feature = "whole") { $sign } else { None },
            });)*
            /// Every row.
            pub const ALL: &'static [Self] = &[$(Self::$row),*];
        }
    };
}

// A function of one kind of key as a function of any: another kind never verifies.
macro_rules! by {
    ($curve:ident) => {
        Some(|material, message, signature| match material {
            Material::Ec(key) if matches!(material.kind(), Kind::$curve) => {
                ecdsa::verify(key, message, signature)
            }
            _ => false,
        })
    };
    ($feature:literal $curve:ident) => {
        if cfg!(feature = $feature) { by!($curve) } else { None }
    };
    ($feature:literal $kind:ident $verify:path) => {
        if cfg!(feature = $feature) { by!($kind $verify) } else { None }
    };
    ($kind:ident $verify:path) => {
        Some(|material, message, signature| match material {
            Material::$kind(key) => $verify(key, message, signature),
            _ => false,
        })
    };
}

signatures! {
    /// HMAC with SHA-256.
    HS256 "HS256" Secret 32 by!(Secret hmac::verify_sha256), Some(hmac::sign_sha256);
    /// HMAC with SHA-384.
    HS384 "HS384" Secret 48 by!(Secret hmac::verify_sha384), Some(hmac::sign_sha384);
    /// HMAC with SHA-512.
    HS512 "HS512" Secret 64 by!(Secret hmac::verify_sha512), Some(hmac::sign_sha512);
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256 "RS256" Rsa 32 by!(Rsa rsa::pkcs1_sha256), None;
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384 "RS384" Rsa 48 by!(Rsa rsa::pkcs1_sha384), None;
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512 "RS512" Rsa 64 by!(Rsa rsa::pkcs1_sha512), None;
    /// RSASSA-PSS with SHA-256.
    PS256 "PS256" Rsa 32 by!("whole" Rsa rsa::pss_sha256), None;
    /// RSASSA-PSS with SHA-384.
    PS384 "PS384" Rsa 48 by!("whole" Rsa rsa::pss_sha384), None;
    /// RSASSA-PSS with SHA-512.
    PS512 "PS512" Rsa 64 by!("whole" Rsa rsa::pss_sha512), None;
    /// ECDSA on P-256 with SHA-256.
    ES256 "ES256" P256 32 by!(P256), None;
    /// ECDSA on P-384 with SHA-384.
    ES384 "ES384" P384 48 by!("p384" P384), None;
    /// ECDSA on P-521 with SHA-512.
    ES512 "ES512" P521 64 by!("p521" P521), None;
    /// EdDSA on Ed25519.
    EDDSA "EdDSA" Ed25519 64 by!("whole" Ed25519 eddsa::verify_ed25519), None;
}

/// The other name of the row `EdDSA` (RFC 9864 section 2.2).
const ED25519: &str = "Ed25519";

impl Signature {
    /// Every name: those of the rows, and `Ed25519` (RFC 9864), which is `EdDSA` with a key of that curve, the only one
    /// that the row takes.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        Self::ALL.iter().map(|row| row.name()).chain([ED25519])
    }

    /// Returns the row of a name; names are case-sensitive (RFC 7515 section 4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        let name = if name == ED25519 { Self::EDDSA.name() } else { name };
        Self::ALL.iter().copied().find(|row| row.name() == name)
    }

    /// Returns the registered name.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns the kind of key it takes.
    pub const fn kind(self) -> Kind {
        self.0.kind
    }

    /// Returns the length of its hash, which is also the least length of an HMAC secret (RFC 7518 section 3.2).
    pub const fn hash_bytes(self) -> usize {
        self.0.hash_bytes
    }

    /// Checks whether it is computed here.
    pub const fn is_computed(self) -> bool {
        self.0.verify.is_some()
    }

    /// Whether it may be configured: in the whole module what is not computed here may be the host's.
    pub(in crate::jose) const fn is_served(self) -> bool {
        cfg!(feature = "whole") || self.is_computed()
    }

    /// Checks whether one side can both sign and verify.
    pub const fn is_symmetric(self) -> bool {
        matches!(self.0.kind, Kind::Secret)
    }

    pub(crate) fn verify(self, material: &Material, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify.is_some_and(|verify| verify(material, message, signature))
    }

    pub(in crate::jose) fn sign(self, secret: &Secret, message: &[u8]) -> Option<Vec<u8>> {
        self.0.sign.and_then(|sign| sign(secret, message))
    }
}

struct ManagementRow {
    name: &'static str,
    scheme: Scheme,
}

/// A key management algorithm (`alg` of a JWE).
#[derive(Clone, Copy)]
pub struct Management(&'static ManagementRow);

macro_rules! managements {
    ($($(#[$doc:meta])* $row:ident $name:literal $scheme:expr;)*) => {
        impl Management {
            $($(#[$doc])* pub const $row: Self = Self(&ManagementRow { name: $name, scheme: $scheme });)*
            /// Every row.
            pub const ALL: &'static [Self] = &[$(Self::$row),*];
            /// Every name.
            pub(in crate::jose) const NAMES: &'static [&'static str] = &[$($name),*];
        }
    };
}

managements! {
    /// The shared secret is the content key (RFC 7518 section 4.5); the encrypted key must be empty.
    DIR "dir" Scheme::Direct;
    /// AES key wrap with 128 bits.
    A128KW "A128KW" Scheme::Wrap(key_wrap::A128);
    /// AES key wrap with 192 bits.
    A192KW "A192KW" Scheme::Wrap(key_wrap::A192);
    /// AES key wrap with 256 bits.
    A256KW "A256KW" Scheme::Wrap(key_wrap::A256);
    /// AES-GCM key wrap with 128 bits.
    A128GCMKW "A128GCMKW" Scheme::GcmWrap(content::A128GCM);
    /// AES-GCM key wrap with 192 bits.
    A192GCMKW "A192GCMKW" Scheme::GcmWrap(content::A192GCM);
    /// AES-GCM key wrap with 256 bits.
    A256GCMKW "A256GCMKW" Scheme::GcmWrap(content::A256GCM);
    /// RSA-OAEP with SHA-1.
    RSA_OAEP "RSA-OAEP" Scheme::Oaep("SHA-1");
    /// RSA-OAEP with SHA-256.
    RSA_OAEP_256 "RSA-OAEP-256" Scheme::Oaep("SHA-256");
    /// ECDH-ES, the agreed key used directly.
    ECDH_ES "ECDH-ES" Scheme::Agree(None);
    /// ECDH-ES with AES key wrap of 128 bits.
    ECDH_ES_A128KW "ECDH-ES+A128KW" Scheme::Agree(Some(key_wrap::A128));
    /// ECDH-ES with AES key wrap of 192 bits.
    ECDH_ES_A192KW "ECDH-ES+A192KW" Scheme::Agree(Some(key_wrap::A192));
    /// ECDH-ES with AES key wrap of 256 bits.
    ECDH_ES_A256KW "ECDH-ES+A256KW" Scheme::Agree(Some(key_wrap::A256));
}

impl Management {
    /// Returns the row of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|row| row.name() == name)
    }

    /// Returns the registered name.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns how the content key is found.
    pub(crate) const fn scheme(self) -> &'static Scheme {
        &self.0.scheme
    }

    /// Checks whether it is computed here, on one curve at least.
    pub const fn is_computed(self) -> bool {
        !matches!(self.0.scheme, Scheme::Oaep(_))
    }

    /// Checks whether both sides have the same key.
    pub const fn is_symmetric(self) -> bool {
        !matches!(self.0.scheme, Scheme::Oaep(_) | Scheme::Agree(_))
    }

    /// Returns the key that it takes, in words.
    pub(crate) const fn key_in_words(self) -> &'static str {
        match self.0.scheme {
            Scheme::Direct | Scheme::Wrap(_) | Scheme::GcmWrap(_) => "a shared secret",
            Scheme::Oaep(_) => "an RSA key",
            Scheme::Agree(_) => "a P-256, P-384 or P-521 key",
        }
    }
}

/// Names that are registered and refused for what they are: a padding oracle, and a price set by the attacker.
const REFUSED: [&str; 4] = ["RSA1_5", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"];

/// Checks whether a name is refused on purpose.
pub fn is_refused(name: &str) -> bool {
    REFUSED.contains(&name)
}

struct ContentRow {
    name: &'static str,
    cipher: content::Cipher,
}

/// A content encryption algorithm (`enc` of a JWE).
#[derive(Clone, Copy)]
pub struct Content(&'static ContentRow);

macro_rules! contents {
    ($($(#[$doc:meta])* $row:ident $name:literal $cipher:expr;)*) => {
        impl Content {
            $($(#[$doc])* pub const $row: Self = Self(&ContentRow { name: $name, cipher: $cipher });)*
            /// Every row.
            pub const ALL: &'static [Self] = &[$(Self::$row),*];
        }
    };
}

contents! {
    /// AES-GCM with 128 bits.
    A128GCM "A128GCM" content::A128GCM;
    /// AES-GCM with 192 bits.
    A192GCM "A192GCM" content::A192GCM;
    /// AES-GCM with 256 bits.
    A256GCM "A256GCM" content::A256GCM;
    /// AES-CBC with 128 bits and HMAC-SHA-256.
    A128CBC_HS256 "A128CBC-HS256" content::A128CBC_HS256;
    /// AES-CBC with 192 bits and HMAC-SHA-384.
    A192CBC_HS384 "A192CBC-HS384" content::A192CBC_HS384;
    /// AES-CBC with 256 bits and HMAC-SHA-512.
    A256CBC_HS512 "A256CBC-HS512" content::A256CBC_HS512;
}

impl Content {
    /// Returns the row of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|row| row.name() == name)
    }

    /// Returns the registered name.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns the exact length of its key.
    pub const fn key_bytes(self) -> usize {
        self.0.cipher.key_bytes
    }

    /// Exact lengths of its IV and its tag.
    pub(crate) const fn iv_and_tag_bytes(self) -> (usize, usize) {
        (self.0.cipher.iv_bytes, self.0.cipher.tag_bytes)
    }

    pub(in crate::jose) const fn cipher(self) -> content::Cipher {
        self.0.cipher
    }
}

macro_rules! by_name {
    ($($row:ident)*) => {$(
        impl PartialEq for $row {
            fn eq(&self, other: &Self) -> bool {
                self.name() == other.name()
            }
        }
        impl Eq for $row {}
        impl core::fmt::Debug for $row {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }
    )*};
}
by_name!(Signature Management Content);
