//! An RSA key of ours for identity providers that take no other client key. The host alone computes with it, as no private
//! RSA operation runs here (RUSTSEC-2023-0071).

use super::{jwk, private::PrivateKey};
use crate::{
    Code, Error, Result,
    jose::{
        algorithm::rsa_private::RsaPrivateKey,
        base64url,
        header::check_kid,
        host::{ASYMMETRIC, Host, Outcome, Work, checks},
    },
    json::{Object, Value},
};
use alloc::{format, string::String};

/// A private RSA key that signs with RS256.
pub struct RsaSigningKey {
    key: RsaPrivateKey,
    kid: Option<String>,
}

impl RsaSigningKey {
    /// Reads a private JWK (RFC 7518 section 6.3.2).
    ///
    /// # Errors
    /// `key_use` for a key of another algorithm or use, and those of the private key.
    pub fn from_jwk(members: &Object) -> Result<Self> {
        jwk::check_purpose(members, "sig", &["sign"])?;
        if members.get("alg").is_some_and(|alg| alg.as_str() != Some("RS256")) {
            return Err(Error::new(Code::KeyUse).at("/alg").expected("RS256"));
        }
        let kid = members.get("kid").map(check_kid).transpose()?.map(String::from);
        match PrivateKey::from_jwk(members)? {
            PrivateKey::Rsa(key) => Ok(Self { key, kid }),
            PrivateKey::Ec(_) => Err(Error::new(Code::KeyWrongType).at("/kty").expected("RSA")),
        }
    }

    /// Signs a JWT with RS256, by the host. The key's own `kid` is named where it has one.
    ///
    /// # Errors
    /// `sync_unsupported`, also where the host is asked first; `needs_webcrypto`.
    pub async fn sign(&self, claims: &Object, host: &Host) -> Result<String> {
        let mut header = Object::new();
        header.set("alg", "RS256");
        header.set_some("kid", self.kid.as_deref());
        header.set("typ", "JWT");
        let part = |object: Object| base64url::encode(Value::from(object).to_text().as_bytes());
        let input = format!("{}.{}", part(header), part(claims.clone()));
        let work = Work { name: ASYMMETRIC, bytes: input.len() };
        match host.compute(false, work, &|| checks::signing(&self.key, &input)).await? {
            Outcome::Bytes(signature) => Ok(format!("{input}.{}", base64url::encode(&signature))),
            Outcome::Here | Outcome::Flag(_) => Err(Error::new(Code::NeedsWebcrypto)),
        }
    }
}
