//! Client authentication with a key instead of a secret: `private_key_jwt` (OpenID Connect Core section 9, RFC 7523
//! section 3). The audience is the issuer as the document has it, or, where the document says so, the very URL that the
//! assertion is sent to; never another URL of the metadata. So an assertion for one server is of no use at another.

use crate::{
    Code, Error,
    jose::key::{RsaSigningKey, SigningKey},
    json::{Object, Value},
    oauth::{
        flow::pkce,
        host::{Played, Replay},
        provider::Server,
    },
};
use alloc::{format, string::String};

/// The type of our assertion (RFC 7523 section 2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long it lives, seconds. It is sent at once, and once.
const LIFE: i64 = 60;
const PLACE: &str = "/oauth/clientAuth/secret";

/// Returns the assertion for one request to a URL. Its id comes from a seed, which no other request has and nobody knows.
/// A P-256 key signs here; with an RSA key, the host does.
///
/// # Errors
/// Those of [`SigningKey::from_jwk`] and of [`RsaSigningKey`]; `key_invalid` for a secret that is not a JSON object.
pub fn make(secret: &str, seed: &str, url: &str, server: &Server<'_>, replay: &mut Replay) -> Played<String> {
    // The reader's own refusal is about a text that must not be spoken of.
    let jwk = Value::parse_object(secret.as_bytes())
        .map_err(|_| Error::new(Code::KeyInvalid).at(PLACE).expected("a private JWK (P-256 or RSA)"))?;
    let Server { settings, now, .. } = *server;
    let mut claims = Object::new();
    claims.set("iss", settings.client_id.as_str());
    claims.set("sub", settings.client_id.as_str());
    claims.set("aud", if settings.deviations.assertion_names_endpoint { url } else { &settings.issuer });
    claims.set("jti", pkce::challenge(&format!("jti.{seed}")));
    claims.set("iat", now.0);
    claims.set("exp", now.0.saturating_add(LIFE));
    let refused = |error: Error| error.within(PLACE);
    if jwk.get("kty").and_then(Value::as_str) == Some("RSA") && jwk.get("n").is_some() {
        let key = RsaSigningKey::from_jwk(&jwk).map_err(refused)?;
        return replay.compute(async |host| key.sign(&claims, host).await);
    }
    Ok(SigningKey::from_jwk(&jwk).map_err(refused)?.sign(&claims))
}
