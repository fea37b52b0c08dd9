//! Causes that the shape of a refused token shows without any key: a placeholder, a token that was cut or changed in case, and
//! a header that calls things by other names.

use super::{
    report::{Evidence, Report, Status},
    transport::Repaired,
};
use crate::{
    Clue,
    jose::{algorithm::Signature, base64url, header::Header, hexadecimal},
    json::Value,
};
use alloc::{format, string::String, vec::Vec};

/// Adds a clue where the shape names a cause.
pub(super) fn check(token: &Repaired, header: Option<&Header>, report: &mut Report) {
    let mut found = |path: &str, clue| report.clue("form", Status::Fail, path, Evidence::new(clue));
    let text = token.text.as_str();
    if is_placeholder(&token.original) {
        return found("token", Clue::TokenPlaceholder);
    }
    if is_shortened(&token.original) {
        return found("token", Clue::TokenTruncated);
    }
    let is_changed = (text.starts_with("eyj") && !text.bytes().any(|byte| byte.is_ascii_uppercase()))
        || (text.starts_with("EYJ") && !text.bytes().any(|byte| byte.is_ascii_lowercase()));
    if is_changed {
        return found("token", Clue::TokenLowerCased);
    }
    if let Some(got) = of_several(text) {
        return report.clue(
            "form",
            Status::Fail,
            "token",
            Evidence::new(Clue::TokenSeveral).expected("one token").got(got),
        );
    }
    let parts: Vec<&str> = text.split('.').collect();
    if let Some(got) = of_other_kind(&parts) {
        let evidence =
            Evidence::new(Clue::TokenOtherKind).expected("a signed token, header.payload.signature");
        return report.clue("form", Status::Fail, "token", evidence.got(got));
    }
    let bytes = parts.first().and_then(|part| base64url::decode(part).ok()).unwrap_or_default();
    let Ok(members) = Value::parse_object(&bytes) else { return };
    if matches!(parts.len(), 3 | 4) && members.get("enc").is_some() {
        let evidence = Evidence::new(Clue::TokenTruncated).expected("5 parts, because the header has enc");
        return report.clue("form", Status::Fail, "token", evidence.got(format!("{} parts", parts.len())));
    }
    match parts.as_slice() {
        [_, "", _] => {
            let evidence = Evidence::new(Clue::TokenOtherKind).expected("header.payload.signature");
            return report.clue(
                "form",
                Status::Fail,
                "token",
                evidence.got("a token without its payload (detached)"),
            );
        }
        [.., ""] if matches!(parts.len(), 4 | 6) => {
            let evidence = Evidence::new(Clue::TokenQuoted).got("a dot at its end, as of a sentence");
            return report.clue("form", Status::Fail, "token", evidence);
        }
        _ => {}
    }
    for name in ["alg", "enc"] {
        let Some(value) = members.get(name).and_then(Value::as_str) else { continue };
        let place = format!("header/{name}");
        if let Some(right) = of_xmldsig(value) {
            report.clue("form", Status::Fail, &place, Evidence::new(Clue::AlgXmldsig).expected(right));
        } else if let Some(right) = of_library(name, value) {
            report.clue("form", Status::Fail, &place, Evidence::new(Clue::AlgOtherName).expected(right));
        }
    }
    let of_token = |cty: &str| ["JWT", "application/jwt"].iter().any(|name| name.eq_ignore_ascii_case(cty));
    if header.filter(|_| parts.len() == 5).and_then(Header::cty).is_some_and(|cty| !of_token(cty)) {
        let evidence = Evidence::new(Clue::ContentType).expected("JWT").got("a different type");
        report.clue("form", Status::Fail, "header/cty", evidence);
    }
}

/// Words of languages for no value.
const NOTHING: [&str; 8] = ["undefined", "null", "nil", "none", "nan", "true", "false", "void"];
/// Signs that templates put around a name.
const MARKS: &[char] =
    &['{', '}', '$', '<', '>', '%', '=', '[', ']', '(', ')', '#', '@', '*', '|', ':', '!', '"', '\'', '`'];
/// Longest name of a token in a template.
const NAME_CHARACTERS: usize = 64;

/// Whether a text is the name of a token in a template, or no value in the words of a language.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let name = text.trim_matches(MARKS).trim();
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['_', '-', ' ', '.']).collect();
    let is_name = !name.is_empty()
        && name.len() <= NAME_CHARACTERS
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_- .".contains(&byte));
    let is_of_token = words.iter().any(|word| matches!(*word, "token" | "jwt"));
    let is_nothing = NOTHING.iter().any(|nothing| words.iter().all(|word| word == nothing));
    let is_object = text.starts_with("[object ") && text.ends_with(']');
    // A sign alone may stand before or after a token that was cut.
    let is_marked = text.starts_with(MARKS) && !name.starts_with("eyJ");
    is_object || (is_name && (is_nothing || is_marked || is_of_token))
}

/// Whether a text ends or goes on with dots or stars, as tokens are shortened to be shown.
fn is_shortened(text: &str) -> bool {
    let text = text.trim().trim_matches(['"', '\'']);
    text.starts_with("eyJ")
        && (text.ends_with('…') || text.ends_with("...") || text.contains("***") || text.contains("[...]"))
}

/// Names a text that holds more or other than one token: the same one twice, or one that was encoded once more.
fn of_several(text: &str) -> Option<&'static str> {
    let (first, second) = text.split_at_checked(text.len() / 2)?;
    if text.len() > 8 && first == second {
        return Some("the same token twice");
    }
    if text.contains('.') {
        return None;
    }
    let is_token = |bytes: &[u8]| {
        bytes.starts_with(b"eyJ") && matches!(bytes.iter().filter(|byte| **byte == b'.').count(), 2 | 4)
    };
    let bytes = base64url::decode_secret(text.as_bytes());
    if bytes.is_some_and(|bytes| is_token(&bytes)) {
        return Some("a token that was encoded in base64 once more");
    }
    hexadecimal::decode(text.as_bytes())
        .is_some_and(|bytes| is_token(&bytes))
        .then_some("a token in hexadecimal")
}

/// Names a string that was at hand in place of a token, or a token that lacks what it says.
fn of_other_kind(parts: &[&str]) -> Option<&'static str> {
    match parts {
        ["v1" | "v2" | "v3" | "v4", "public" | "local", ..] => Some("a PASETO token"),
        [one] => match base64url::decode_any(one.as_bytes()).unwrap_or_default().as_slice() {
            [b'{', .., b'}'] => Some("an object alone, which nobody has signed"),
            [b'<', ..] => Some("an XML document, such as a SAML response"),
            _ if one.len() >= OPAQUE_CHARACTERS && is_opaque(one) => {
                Some("a session ID, an access token or another opaque string")
            }
            _ => None,
        },
        _ => None,
    }
}

/// Least length of a string that names a session.
const OPAQUE_CHARACTERS: usize = 16;

fn is_opaque(text: &str) -> bool {
    !text.starts_with("eyJ")
        && text.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-_~+/=".contains(&sign))
}

/// The algorithm that programs and key services call by another name, such as `SHA256withRSA` or `aes-256-gcm`.
fn of_library(member: &str, name: &str) -> Option<&'static str> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect();
    let content = plain.replace("AES", "A");
    let content = CONTENT.iter().find(|known| known.get(..7) == content.get(..7) && content.starts_with('A'));
    if member == "enc" {
        return content.copied().filter(|known| *known != name && content_is_misnamed(name));
    }
    if content.is_some() && content_is_misnamed(name) || CONTENT.contains(&name) {
        return Some("a way to encrypt the content key, such as dir; this is a value of enc");
    }
    let has = |part: &str| plain.contains(part);
    let family = match plain.get(..2) {
        Some(family @ ("HS" | "RS" | "ES" | "PS")) if plain.len() == 5 => family,
        _ if has("OAEP") => return None,
        _ if has("PSS") => "PS",
        _ if has("ECDSA") => "ES",
        _ if has("RSA") => "RS",
        _ if has("HMAC") => "HS",
        _ => return None,
    };
    let known = |known: &&str| {
        known.strip_prefix(family).is_some_and(|bits| has(bits) && bits.len() == 3) && *known != name
    };
    Signature::names().find(known)
}

/// The content encryptions by their first letters.
const CONTENT: [&str; 6] =
    ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"];

fn content_is_misnamed(name: &str) -> bool {
    !CONTENT.contains(&name) && !name.contains("KW")
}

/// The name of an algorithm that is given as a URI of XML signatures (RFC 6931).
fn of_xmldsig(uri: &str) -> Option<&'static str> {
    let (_, name) = uri.strip_prefix("http://www.w3.org/")?.split_once('#')?;
    let (family, hash) = ["hmac-sha", "rsa-sha", "ecdsa-sha"]
        .into_iter()
        .zip(["HS", "RS", "ES"])
        .find_map(|(start, family)| Some((family, name.strip_prefix(start)?)))
        .or_else(|| Some(("PS", name.strip_prefix("sha")?.strip_suffix("-rsa-MGF1")?)))?;
    Signature::names().find(|known| known.strip_prefix(family) == Some(hash))
}
