//! The profile of the person who signed in, from any source; the request for it with the access token, and its answer
//! if the identity provider signed it.

use crate::{
    Code, Error,
    claims::standard::Expiry,
    jose::{compact::Compact, jws::Verified},
    json::{Object, Value},
    oauth::{
        host::{Played, Replay, Request, RequestPurpose, said},
        provider::{ProviderKeys, Server, is_same_alg},
        token::{Claims, decryption, policy, refused, shared_key},
    },
};
use alloc::{format, string::String};

/// The known data of a person. `Debug` does not print it.
pub struct Profile {
    /// Whom it is about, where it says so.
    pub subject: Option<String>,
    /// The data to map.
    pub data: Object,
}

/// Returns a request with an access token (RFC 6750 section 2.1).
pub fn bearer(purpose: RequestPurpose, url: &str, access_token: &str, accept: &str) -> Request {
    let mut request = Request::get(purpose, url);
    request.headers = alloc::vec![
        ("accept".into(), accept.into()),
        ("authorization".into(), format!("Bearer {access_token}"))
    ];
    request
}

/// Returns the claims of a profile that the identity provider signed. Refusals have the code and stand at the place
/// that are given. Such a token should name issuer and audience (OpenID Connect Core section 5.3.2); where it does,
/// they must be right.
///
/// # Errors
/// The code, and those of the key set.
pub(super) fn signed(
    text: &str,
    (code, place): (Code, &'static str),
    server: &Server<'_>,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<Object> {
    let failed = |error: Error| refused(code, place, &error);
    let outer = decryption::parse(text.trim_end()).map_err(failed)?;
    let inner;
    let token = if outer.is_encrypted() {
        inner = decryption::contents(&outer, (code, place), server, replay)?;
        // Userinfo that is only encrypted came over the same connection as plain JSON does, and proves as much. A
        // profile API was set to give what the identity provider has signed.
        if code == Code::UserinfoFailed && inner.starts_with('{') {
            return Ok(Value::parse_large(inner.as_bytes()).map_err(failed)?);
        }
        decryption::parse_inner(&inner).map_err(failed)?
    } else {
        outer
    };
    let verified = verify(&token, server, keys, replay).map_err(|pause| pause.refused(failed))?;
    let named = Value::parse_large(verified.payload()).map_err(failed)?;
    let issuer = said(&named, "iss").map(|_| server.settings.issuer.as_str());
    let audience = said(&named, "aud").map(|_| server.settings.client_id.as_str());
    let policy = policy(issuer, audience, Expiry::Optional, server.settings);
    Ok(Claims::check(verified, &policy, server.now, code, place)?.into_members())
}

/// Verifies a signed profile. With the client secret only where the document says so, as a profile is data and no proof of
/// a sign-in: nobody should come to sign it by a slip of the metadata.
fn verify(
    token: &Compact<'_>,
    server: &Server<'_>,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<Verified> {
    let alg = token.header.alg();
    let refused =
        |expected: &str| Error::new(Code::AlgNotAllowed).at("header/alg").expected(expected).got(alg);
    match server.settings.deviations.userinfo_alg {
        Some(only) if !is_same_alg(only, alg) => Err(refused(only).into()),
        None if shared_key::signs(token) => {
            Err(refused("a signature by a public key, or this algorithm as the setting `userinfoAlg`").into())
        }
        _ if shared_key::signs(token) => Ok(shared_key::verify(token, server)?),
        _ => keys.verify(token, server.provider, replay),
    }
}
