//! A token that the identity provider signed with our client secret (OpenID Connect Core section 10.1): the key is the
//! secret's UTF-8 bytes, at least as many as the hash has.

use crate::{
    Code, Error, Result,
    jose::{
        Signature,
        compact::Compact,
        jws::{self, Verified},
        key::KeySource,
    },
    json::Object,
    oauth::provider::Server,
};

/// Checks whether a token says that it was signed with a shared secret.
pub fn signs(token: &Compact<'_>) -> bool {
    token.header.signature().is_some_and(Signature::is_symmetric)
}

/// Verifies such a token.
///
/// # Errors
/// `alg_not_allowed` without a client secret that both sides know, `client_secret_short`, `signature_invalid`.
pub fn verify(token: &Compact<'_>, server: &Server<'_>) -> Result<Verified> {
    let alg = token.header.alg();
    let secret =
        server.shared_secret.ok_or_else(|| Error::new(Code::AlgNotAllowed).at("header/alg").got(alg))?;
    let mut source = Object::new();
    source.set("method", "symmetricKey");
    source.set("key", secret);
    source.set("encoding", "utf8");
    source.set("alg", alg);
    let source = KeySource::from_settings(&source.into(), "/oauth/clientAuth/secret", false);
    let source =
        source.map_err(|error| if error.code() == Code::KeyTooShort { short(&error) } else { error })?;
    jws::verify(token, core::slice::from_ref(&source))
}

/// The same refusal, as one of a client secret.
fn short(error: &Error) -> Error {
    let mut out = Error::new(Code::ClientSecretShort).at("/oauth/clientAuth/secret");
    if let Some(detail) = error.detail() {
        out = match (&detail.expected, &detail.got) {
            (Some(expected), Some(got)) => out.expected(expected.as_str()).got(got.as_str()),
            _ => out,
        };
    }
    out
}
