//! The ID token (OpenID Connect Core section 3.1.3.7): the person who signed in, for this client, in this sign-in. The
//! signature is checked always, though the token comes straight from the identity provider.

use super::{
    claims::{Claims, policy, refused},
    decryption, shared_key,
};
use crate::{
    Code, Error, Result,
    account::OAuth,
    claims::standard::Expiry,
    jose::{base64url, compact::Compact, jws::Verified},
    json::{Object, Value},
    oauth::{
        host::{Pause, Played, Replay},
        provider::{ProviderKeys, Server, is_same_alg},
    },
    time::UnixTime,
};
use alloc::{format, string::String, vec::Vec};
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

const PLACE: &str = "id_token";
/// So much may the identity provider's clock be behind ours, seconds.
const CLOCK_SECONDS: i64 = 60;
/// Types of other tokens, which must not pass for an ID token (RFC 8725 section 3.11).
const OTHER_TYPES: [&str; 5] = ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt"];

/// The expected values of an ID token.
pub struct Expected<'a> {
    /// The identity provider, and our name there.
    pub server: &'a Server<'a>,
    /// The values that bind it to this sign-in.
    pub fresh: &'a Binding<'a>,
    /// The access token that came with it.
    pub access_token: &'a str,
}

/// The values that bind an ID token to one sign-in.
pub struct Binding<'a> {
    /// The nonce of this sign-in.
    pub nonce: &'a str,
    /// The person must not have been asked before, where that was wanted.
    pub authenticated_after: Option<UnixTime>,
}

/// A checked ID token.
pub struct IdToken {
    /// The person who signed in.
    pub subject: String,
    /// All claims.
    pub claims: Object,
}

/// Verifies an ID token. In order: form, type, signature, times, issuer, audience, authorized party,
/// nonce, time of the login, access token hash, subject.
///
/// # Errors
/// `id_token_invalid` with the claim, `nonce_mismatch`, `auth_time_too_old`, and those of the key set.
pub fn verify(
    text: &str,
    expected: &Expected<'_>,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<IdToken> {
    let invalid = |error: Error| refused(Code::IdTokenInvalid, PLACE, &error);
    let outer = decryption::parse(text).map_err(invalid)?;
    let inner;
    let token = if outer.is_encrypted() {
        inner = decryption::contents(&outer, (Code::IdTokenInvalid, PLACE), expected.server, replay)?;
        decryption::parse_inner(&inner).map_err(invalid)?
    } else {
        outer
    };
    let typ = token.header.typ().unwrap_or_default().to_ascii_lowercase();
    if OTHER_TYPES.contains(&typ.as_str()) {
        return Err(Error::new(Code::IdTokenInvalid)
            .at(format!("{PLACE}/header/typ"))
            .expected("JWT")
            .got(typ)
            .into());
    }
    let verified = check_signature(&token, expected, keys, replay).map_err(|pause| pause.refused(invalid))?;
    keys.note(&verified);
    let alg = verified.header().alg();
    let Server { settings, now, .. } = *expected.server;
    let policy = policy(Some(&settings.issuer), Some(&settings.client_id), Expiry::Required, settings);
    let claims = Claims::check(verified, &policy, now, Code::IdTokenInvalid, PLACE)?;
    check_party(&claims, settings)?;
    if claims.get("iat").is_none() {
        return Err(claims.fault("iat").expected("a time").got("nothing").into());
    }
    if settings.deviations.nonce {
        check_nonce(&claims, expected.fresh.nonce)?;
    }
    check_login_time(&claims, expected)?;
    check_access_token(&claims, alg, expected.access_token)?;
    let subject = claims.subject()?;
    Ok(IdToken { subject, claims: claims.into_members() })
}

fn check_signature(
    token: &Compact<'_>,
    expected: &Expected<'_>,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<Verified> {
    let Server { settings, provider, .. } = *expected.server;
    let alg = token.header.alg();
    let refused =
        |expected: &str| Error::new(Code::AlgNotAllowed).at("header/alg").expected(expected).got(alg);
    let renewed;
    let provider = match settings.deviations.id_token_alg {
        Some(only) if is_same_alg(only, alg) => provider,
        Some(only) => return Err(refused(only).into()),
        None if provider.lists(alg) => provider,
        // The identity provider may have changed its algorithm since its metadata were read.
        None => match provider.renewed(settings, &["jwks"], replay) {
            Ok(newer) if newer.lists(alg) => {
                renewed = newer;
                &renewed
            }
            Ok(_) | Err(Pause::Refuse(_)) if shared_key::signs(token) => {
                return Err(refused(
                    "an algorithm of id_token_signing_alg_values_supported, or this one as the setting `idTokenAlg`: its key is then the client secret",
                )
                .into());
            }
            Ok(_) | Err(Pause::Refuse(_)) => {
                return Err(refused("an algorithm of id_token_signing_alg_values_supported").into());
            }
            Err(question) => return Err(question),
        },
    };
    if shared_key::signs(token) {
        return Ok(shared_key::verify(token, expected.server)?);
    }
    keys.verify(token, provider, replay)
}

/// We are in `aud`. If others are too, `azp` says that it was issued to us, or the document trusts all of them (OpenID
/// Connect Core section 3.1.3.7 points 3 to 5); wherever `azp` stands, it must be us.
fn check_party(claims: &Claims, settings: &OAuth) -> Result<()> {
    let client_id = settings.client_id.as_str();
    let trusted = &settings.deviations.trusted_audiences;
    let is_known = |other: &Value| {
        other.as_str().is_some_and(|other| other == client_id || trusted.iter().any(|known| known == other))
    };
    let audience = claims.get("aud").and_then(Value::as_array);
    match claims.get("azp").map(|party| (party.as_str(), party.kind())) {
        None if audience.is_some_and(|list| !list.iter().all(is_known)) => {
            let expected = format!("{client_id}, or every other aud in the setting `trustedAudiences`");
            Err(claims.fault("azp").expected(expected).got("nothing"))
        }
        Some((Some(party), _)) if party != client_id => {
            Err(claims.fault("azp").expected(client_id).got("a different client"))
        }
        Some((None, kind)) => Err(claims.fault("azp").expected(client_id).got(kind)),
        _ => Ok(()),
    }
}

/// The nonce of this sign-in, which an ID token of another one does not have.
fn check_nonce(claims: &Claims, nonce: &str) -> Result<()> {
    let mismatch = || {
        Error::new(Code::NonceMismatch)
            .at("id_token/nonce")
            .expected("the nonce of the authorization request")
    };
    let found = claims.get("nonce").and_then(Value::as_str).ok_or_else(|| mismatch().got("no nonce"))?;
    if bool::from(found.as_bytes().ct_eq(nonce.as_bytes())) {
        Ok(())
    } else {
        Err(mismatch().got("a different nonce"))
    }
}

/// When the person was asked (`auth_time`, OpenID Connect Core section 3.1.3.7 point 12). An identity provider must say
/// so when it is sent `max_age`; after a mere `prompt=login` it may, and then it must be true. A time of 0 is the unset
/// field of a server, and as good as none.
fn check_login_time(claims: &Claims, expected: &Expected<'_>) -> Result<()> {
    let Some(after) = expected.fresh.authenticated_after else { return Ok(()) };
    let is_unset = |value: &Value| *value == Value::Null || value.as_i64() == Some(0);
    match claims.get("auth_time").filter(|value| !is_unset(value)) {
        None if expected.server.settings.max_age.is_none() => Ok(()),
        None => Err(claims.fault("auth_time").expected("the time of the sign-in").got("nothing")),
        Some(value) => {
            let time = UnixTime::from_claim(value, "auth_time").map_err(|_| {
                claims.fault("auth_time").expected("the time of the sign-in").got(value.kind())
            })?;
            let early = after.since(time);
            if early <= CLOCK_SECONDS {
                return Ok(());
            }
            let error = Error::new(Code::AuthTimeTooOld).at("id_token/auth_time");
            Err(error
                .expected("an authentication during this sign-in")
                .got(format!("one that is {early} seconds too early")))
        }
    }
}

/// `at_hash`, where it is there: the left half of the access token's hash (OpenID Connect Core section 3.1.3.6).
fn check_access_token(claims: &Claims, alg: &str, access_token: &str) -> Result<()> {
    let Some(value) = claims.get("at_hash") else { return Ok(()) };
    let bytes = access_token.as_bytes();
    let half = |hash: &[u8]| base64url::encode(hash.get(..hash.len() / 2).unwrap_or_default());
    let hashes = match alg {
        _ if alg.ends_with("384") => Vec::from([half(&Sha384::digest(bytes))]),
        // Ed25519 hashes with SHA-512 (RFC 8032), but some identity providers use SHA-256 and no standard says which.
        "EdDSA" | "Ed25519" => Vec::from([half(&Sha512::digest(bytes)), half(&Sha256::digest(bytes))]),
        _ if alg.ends_with("512") => Vec::from([half(&Sha512::digest(bytes))]),
        _ => Vec::from([half(&Sha256::digest(bytes))]),
    };
    let is_one = |found: &str| hashes.iter().any(|hash| bool::from(found.as_bytes().ct_eq(hash.as_bytes())));
    match value {
        Value::String(found) if is_one(found) => Ok(()),
        _ => Err(claims.fault("at_hash").expected("the hash of the access token").got("a different value")),
    }
}
