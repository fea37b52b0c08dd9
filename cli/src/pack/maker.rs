//! Tokens as they should be, and the ways in which they come out wrong.

use super::{
    material::{Material, base64, content_key},
    row::{CAMPAIGN, NOW},
};
use crate::sign::{Encryption, Header, encrypt, sign, signature};
use anyhow::Result;
use handstamp::jose::base64url;
use serde_json::{Value, json};

/// The claims of a good token.
pub fn claims() -> Value {
    json!({ "sub": "298776628", "campaignId": CAMPAIGN, "iat": NOW - 10, "exp": NOW + 300, "form": { "firstname": "Ada" } })
}

/// The good claims with some changed; null takes one out.
pub fn with(changes: Value) -> Value {
    let mut claims = claims();
    if let (Some(claims), Value::Object(changes)) = (claims.as_object_mut(), changes) {
        for (name, value) in changes {
            if value.is_null() {
                claims.remove(&name);
            } else {
                claims.insert(name, value);
            }
        }
    }
    claims
}

/// Makes tokens of the keys of the pack.
pub struct Maker<'a>(pub &'a mut Material);

impl Maker<'_> {
    pub fn token(&mut self, key: &str, alg: &str, claims: &Value) -> Result<String> {
        self.with_kid(key, alg, None, claims)
    }

    pub fn with_kid(&mut self, key: &str, alg: &str, kid: Option<&str>, claims: &Value) -> Result<String> {
        let entropy = self.0.entropy.bytes(32);
        let mut entropy = crate::entropy::Entropy::new(Some(&base64url::encode(&entropy)))?;
        let header = Header { alg, kid, typ: Some("JWT") };
        sign(claims.to_string().as_bytes(), self.0.key(key)?, &header, &mut entropy)
    }

    /// Signed with a secret that is none of the pack's.
    pub fn hmac(&self, secret: &[u8], claims: &Value) -> Result<String> {
        let encode = base64url::encode;
        let input = format!(
            "{}.{}",
            encode(br#"{"alg":"HS256","typ":"JWT"}"#),
            encode(claims.to_string().as_bytes())
        );
        Ok(format!("{input}.{}", encode(&hmac(secret, input.as_bytes())?)))
    }

    /// The signing input under any header, and its signature by any algorithm.
    pub fn parts(
        &mut self,
        header: &Value,
        claims: &Value,
        key: &str,
        alg: &str,
    ) -> Result<(String, Vec<u8>)> {
        let encode = |value: &Value| base64url::encode(value.to_string().as_bytes());
        let input = format!("{}.{}", encode(header), encode(claims));
        let mut entropy = crate::entropy::Entropy::new(Some(&input))?;
        let bytes = signature(input.as_bytes(), self.0.key(key)?, alg, &mut entropy)?;
        Ok((input, bytes))
    }

    pub fn encrypted(&mut self, inner: &str) -> Result<String> {
        self.encrypted_as(inner, "JWT")
    }

    /// Encrypted, with any type of its content.
    pub fn encrypted_as(&mut self, inner: &str, cty: &str) -> Result<String> {
        let key = content_key(self.0)?;
        let with = Encryption { alg: "dir", enc: "A256GCM", kid: None, cty: Some(cty) };
        encrypt(inner.as_bytes(), &key, &with, &mut self.0.entropy)
    }
}

/// Without its last characters.
pub fn cut(token: &str, characters: usize) -> String {
    token.get(..token.len().saturating_sub(characters)).unwrap_or_default().to_owned()
}

/// Encoded and signed in the other alphabet, as a plain base64 function does it.
pub fn standard_base64(make: &mut Maker<'_>) -> Result<String> {
    // A header and claims whose encodings differ in the two alphabets.
    let claims = with(json!({ "form": { "firstname": "Zoë??>>ÿÿ" } }));
    let input =
        format!("{}.{}", base64(br#"{"alg":"HS256","typ":"JWT"}"#), base64(claims.to_string().as_bytes()));
    let secret = make.0.secret("secret")?;
    let signature = hmac(secret, input.as_bytes())?;
    Ok(format!("{input}.{}", base64(&signature)))
}

/// HMAC with SHA-256, over a text or with a secret that the library would not sign with.
pub fn hmac(secret: &[u8], message: &[u8]) -> Result<Vec<u8>> {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mac = Hmac::<sha2::Sha256>::new_from_slice(secret).map_err(|_| anyhow::anyhow!("no HMAC key"))?;
    Ok(mac.chain_update(message).finalize().into_bytes().to_vec())
}

/// r and s as a SEQUENCE of two INTEGERs.
pub fn der(fixed: &[u8]) -> Vec<u8> {
    let (r, s) = fixed.split_at(fixed.len() / 2);
    let number = |half: &[u8]| {
        let mut digits: Vec<u8> = half.iter().copied().skip_while(|byte| *byte == 0).collect();
        if digits.first().is_some_and(|first| *first > 127) {
            digits.insert(0, 0);
        }
        let length = u8::try_from(digits.len()).unwrap_or(u8::MAX);
        [&[2, length][..], &digits].concat()
    };
    let body = [number(r), number(s)].concat();
    let length = u8::try_from(body.len()).unwrap_or(u8::MAX);
    [&[0x30, length][..], &body].concat()
}
