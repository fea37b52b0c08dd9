//! A key of ours for what we sign ourselves. P-256 only: ES256 takes its nonce from key and message
//! (RFC 6979), so it needs no randomness, and no RSA private key is ever computed with here (RUSTSEC-2023-0071).

use super::jwk;
use crate::{
    Code, Error, Result,
    jose::{base64url, header::check_kid},
    json::{Object, Value},
};
use alloc::{format, string::String};
use p256::ecdsa::{Signature, SigningKey as P256, signature::Signer};

/// A private P-256 key. Not printable; wiped when it is dropped.
pub struct SigningKey {
    key: P256,
    kid: Option<String>,
}

impl SigningKey {
    /// Reads a private JWK (RFC 7518 section 6.2.2). Its public half must be the one of `d`: a key that was put
    /// together from two would sign what nobody can verify.
    ///
    /// # Errors
    /// `key_wrong_type`, `key_use`, and `key_invalid` with the member. No error shows a value.
    pub fn from_jwk(members: &Object) -> Result<Self> {
        let stated = |name: &str| members.get(name).and_then(Value::as_str);
        if stated("kty") != Some("EC") {
            return Err(Error::new(Code::KeyWrongType).at("/kty").expected("EC"));
        }
        if stated("crv") != Some("P-256") {
            return Err(Error::new(Code::KeyWrongType).at("/crv").expected("P-256"));
        }
        for (name, right) in [("alg", "ES256"), ("use", "sig")] {
            if members.get(name).is_some_and(|value| value.as_str() != Some(right)) {
                return Err(Error::new(Code::KeyUse).at(format!("/{name}")).expected(right));
            }
        }
        let invalid = |expected: &str| Error::new(Code::KeyInvalid).at("/d").expected(expected);
        let secret = jwk::bytes(members, "d")?;
        if secret.len() != 32 {
            return Err(invalid("32 bytes").got(format!("{} bytes", secret.len())));
        }
        let key = P256::from_slice(&secret).map_err(|_| invalid("a number from 1 to n - 1"))?;
        let point = key.verifying_key().to_sec1_point(false);
        let halves = [("x", point.x()), ("y", point.y())];
        for (name, half) in halves {
            if Some(jwk::bytes(members, name)?.as_slice()) != half.map(|half| half.as_slice()) {
                let error = Error::new(Code::KeyInvalid).at(format!("/{name}"));
                return Err(error.expected("the public key of d").got("a different point"));
            }
        }
        let kid = members.get("kid").map(check_kid).transpose()?.map(String::from);
        Ok(Self { key, kid })
    }

    /// Returns the public half as a JWK, with `kid`, `alg` and `use`.
    #[cfg(feature = "interop")]
    pub(in crate::jose) fn public_jwk(&self) -> Object {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut jwk = Object::new();
        for (name, value) in [("kty", "EC"), ("crv", "P-256"), ("alg", "ES256"), ("use", "sig")] {
            jwk.set(name, value);
        }
        for (name, half) in [("x", point.x()), ("y", point.y())] {
            jwk.set_some(name, half.map(|half| base64url::encode(half)));
        }
        jwk.set_some("kid", self.kid.as_deref());
        jwk
    }

    /// Signs a JWT with ES256. The key's own `kid` is named where it has one.
    pub fn sign(&self, claims: &Object) -> String {
        let mut header = Object::new();
        header.set("alg", "ES256");
        header.set_some("kid", self.kid.as_deref());
        header.set("typ", "JWT");
        let part = |object: Object| base64url::encode(Value::from(object).to_text().as_bytes());
        let input = format!("{}.{}", part(header), part(claims.clone()));
        let signature: Signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", base64url::encode(&signature.to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test may stop.

    use super::*;

    /// RFC 6979 appendix A.2.5.
    const KEY: &str = r#"{
        "kty": "EC", "crv": "P-256", "d": "ya-p2EW6dRZrXCFXZ7HWk05Qw9s26JsSe4piKxIPZyE",
        "x": "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y", "y": "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk"
    }"#;

    fn key(change: impl FnOnce(&mut Object)) -> Result<SigningKey> {
        let mut members = Value::parse_object(KEY.as_bytes()).unwrap();
        change(&mut members);
        SigningKey::from_jwk(&members)
    }

    #[test]
    fn the_signature_of_sample_is_the_one_of_rfc_6979() {
        let signature: Signature = key(|_| ()).unwrap().key.sign(b"sample");
        let expected = "79SLKqy2qP0RQN2c1F6B1p0sh3tWqvmRw00OqE6vNxb\
                        3yxyULWV8QdQ2x6G24p9l8-kA27mv9AZNxKsvhDrNqA";
        assert_eq!(base64url::encode(&signature.to_bytes()), expected);
    }

    #[test]
    fn a_key_that_cannot_sign_for_us_is_named() {
        let refused = |name: &str, value: &str| {
            let error = key(|members| members.set(name, value)).err().unwrap();
            let at = error.detail().and_then(|detail| detail.at.clone()).unwrap();
            assert!(!alloc::format!("{error} {error:?}").contains("ya-p2EW6"), "no value is shown");
            (error.code(), at)
        };
        assert_eq!(refused("kty", "RSA"), (Code::KeyWrongType, "/kty".into()));
        assert_eq!(refused("crv", "P-384"), (Code::KeyWrongType, "/crv".into()));
        assert_eq!(refused("alg", "ES384"), (Code::KeyUse, "/alg".into()));
        assert_eq!(refused("use", "enc"), (Code::KeyUse, "/use".into()));
        assert_eq!(refused("d", "AQ"), (Code::KeyInvalid, "/d".into()));
        assert_eq!(refused("d", &base64url::encode(&[0; 32])), (Code::KeyInvalid, "/d".into()));
        assert_eq!(refused("d", &base64url::encode(&[255; 32])), (Code::KeyInvalid, "/d".into()));
        assert_eq!(refused("d", &base64url::encode(&[1; 32])), (Code::KeyInvalid, "/x".into()));
        assert_eq!(refused("y", &base64url::encode(&[1; 32])), (Code::KeyInvalid, "/y".into()));
        assert_eq!(refused("x", "not base64url"), (Code::KeyInvalid, "/x".into()));
        let public = key(|members| {
            members.remove("d");
        });
        assert_eq!(public.err().unwrap().code(), Code::KeyInvalid);
    }
}
