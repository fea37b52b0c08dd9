//! The key material of one JWK (RFC 7518 section 6, RFC 8037 section 2), one key at a time, so that one odd key of
//! a set cannot spoil the others. `x5c`, `x5u` and unknown members are not looked at.

use super::{disguise, pem::CURVES};
use crate::{
    Code, Error, Result,
    jose::{
        algorithm::{
            curve::{Curve, Point},
            ecdsa,
            material::Material,
            rsa,
        },
        base64url,
    },
    json::{Object, Value},
    secret::Secret,
};
use alloc::vec::Vec;

const KINDS: &str = if cfg!(feature = "whole") { "RSA, EC, OKP or oct" } else { "RSA, EC or oct" };
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "oth"];

/// Reads and checks the key material.
///
/// # Errors
/// `key_invalid` with the member, `key_wrong_type`, `key_is_private`, and the checks of the key itself.
pub fn read(jwk: &Object) -> Result<Material> {
    let kty = text(jwk, "kty")?;
    if kty != "oct"
        && let Some(member) = PRIVATE.iter().find(|member| jwk.get(member).is_some_and(discloses))
    {
        let fault = Error::new(Code::KeyIsPrivate).at(["/", member].concat());
        return Err(fault.expected("a public key").got("a private key"));
    }
    match kty {
        "RSA" => rsa::RsaPublicKey::new(&bytes(jwk, "n")?, &bytes(jwk, "e")?).map(Material::Rsa),
        "EC" => {
            let curve = match text(jwk, "crv")? {
                "P-256" => Curve::P256,
                "P-384" if cfg!(feature = "whole") => Curve::P384,
                "P-521" if cfg!(feature = "whole") => Curve::P521,
                _ => return Err(Error::new(Code::KeyWrongType).at("/crv").expected(CURVES)),
            };
            let key = ecdsa::EcPublicKey::from_coordinates(curve, &bytes(jwk, "x")?, &bytes(jwk, "y")?);
            key.map(Material::Ec)
        }
        #[cfg(feature = "whole")]
        "OKP" if text(jwk, "crv")? == "Ed25519" => {
            crate::jose::algorithm::eddsa::Ed25519PublicKey::new(&bytes(jwk, "x")?).map(Material::Ed25519)
        }
        "OKP" if cfg!(feature = "whole") => {
            Err(Error::new(Code::KeyWrongType).at("/crv").expected("Ed25519"))
        }
        "oct" => {
            let secret = Secret::new(bytes(jwk, "k")?);
            disguise::check(secret.expose()).map_err(|error| error.at("/k"))?;
            Ok(Material::Secret(secret))
        }
        _ => Err(Error::new(Code::KeyWrongType).at("/kty").expected(KINDS)),
    }
}

/// Whether a private member says anything: some libraries write all of them, and leave those of a public key empty.
fn discloses(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
        _ => true,
    }
}

/// Takes out the members that are `null`: in a published key they count as absent. In settings they are mistakes.
pub(super) fn without_nulls(jwk: &Object) -> Object {
    let mut out = Object::new();
    for (name, value) in jwk.iter().filter(|(_, value)| **value != Value::Null) {
        out.set(name, value.clone());
    }
    out
}

/// Returns the coordinate of a point that was written without its leading zeros.
pub(in crate::jose) fn short_coordinate(jwk: &Object, point: &Point) -> Option<&'static str> {
    // Of base64url that was decoded, the length says how many bytes it is.
    let is_short =
        |name| text(jwk, name).is_ok_and(|text| text.len().saturating_mul(3) / 4 < point.curve().bytes());
    ["x", "y"].into_iter().find(|name| is_short(name))
}

/// The values that `key_ops` may have beside each `use` (RFC 7517 section 4.3: what the two convey must be consistent).
const SIGNING: [&str; 2] = ["sign", "verify"];
const ENCRYPTING: [&str; 6] = ["encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"];

/// Checks that `use` and `key_ops`, where they are there, allow one of these operations (RFC 7517 sections 4.2 and
/// 4.3).
///
/// # Errors
/// `key_use`.
pub(in crate::jose) fn check_purpose(jwk: &Object, purpose: &str, operations: &[&str]) -> Result<()> {
    let refuse = |place: &str, expected: &str| Err(Error::new(Code::KeyUse).at(place).expected(expected));
    if jwk.get("use").is_some_and(|given| given.as_str() != Some(purpose)) {
        return refuse("/use", purpose);
    }
    let Some(given) = jwk.get("key_ops") else { return Ok(()) };
    let names = given.as_array().and_then(|all| all.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    let names = names.unwrap_or_default();
    if !names.iter().any(|name| operations.contains(name)) {
        return refuse("/key_ops", &told!("an array that contains {}", operations.join(" or ")));
    }
    let mut rest = names.as_slice();
    while let Some((name, others)) = rest.split_first() {
        if others.contains(name) {
            return refuse("/key_ops", "each operation once");
        }
        rest = others;
    }
    let others: &[&str] = if purpose == "sig" { &ENCRYPTING } else { &SIGNING };
    if jwk.get("use").is_some() && names.iter().any(|name| others.contains(name)) {
        return refuse("/key_ops", "operations that agree with use");
    }
    Ok(())
}

/// A member that is text.
pub(in crate::jose) fn text<'a>(jwk: &'a Object, name: &str) -> Result<&'a str> {
    let fault =
        |got: &str| Error::new(Code::KeyInvalid).at(["/", name].concat()).expected("a string").got(got);
    match jwk.get(name) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(fault(other.kind())),
        None => Err(fault("nothing")),
    }
}

/// Characters from which on hexadecimal digits are not base64url by chance.
const HEXADECIMAL: usize = 64;

/// A member that is base64url, not empty.
pub(in crate::jose) fn bytes(jwk: &Object, name: &str) -> Result<Vec<u8>> {
    let fault =
        |got: &str| Error::new(Code::KeyInvalid).at(["/", name].concat()).expected("base64url").got(got);
    let text = text(jwk, name)?;
    // Read as base64url, they would be a longer number that verifies nothing.
    let is_hexadecimal = text.len() >= HEXADECIMAL && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hexadecimal && matches!(name, "n" | "x" | "y") {
        return Err(fault("hexadecimal digits"));
    }
    match base64url::decode(text) {
        Ok(bytes) if bytes.is_empty() => Err(fault("an empty string")),
        Ok(bytes) => Ok(bytes),
        Err(error) => Err(fault(
            error.detail().and_then(|detail| detail.got.as_deref()).unwrap_or("a different string"),
        )),
    }
}
