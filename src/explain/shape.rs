//! Causes that the shape of a refused token shows without any key: a placeholder, a token that was cut or changed in case, and
//! a header that calls things by other names.

use super::{
    report::{Evidence, Report, Status},
    transport::Repaired,
};
use crate::{
    Clue,
    jose::{algorithm::Signature, base64url, header::Header},
    json::Value,
};
use alloc::{format, vec::Vec};

/// Adds a clue where the shape names a cause.
pub(super) fn check(token: &Repaired, header: Option<&Header>, report: &mut Report) {
    let mut found = |path: &str, clue| report.clue("form", Status::Fail, path, Evidence::new(clue));
    let text = token.text.as_str();
    if is_placeholder(&token.original) {
        return found("token", Clue::TokenPlaceholder);
    }
    if text.starts_with("eyj") && !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return found("token", Clue::TokenLowerCased);
    }
    let parts: Vec<&str> = text.split('.').collect();
    let bytes = parts.first().and_then(|part| base64url::decode(part).ok()).unwrap_or_default();
    let Ok(members) = Value::parse_object(&bytes) else { return };
    if matches!(parts.len(), 3 | 4) && members.get("enc").is_some() {
        let evidence = Evidence::new(Clue::TokenTruncated).expected("5 parts, because the header has enc");
        return report.clue("form", Status::Fail, "token", evidence.got(format!("{} parts", parts.len())));
    }
    if let Some(name) = members.get("alg").and_then(Value::as_str).and_then(of_xmldsig) {
        report.clue("form", Status::Fail, "header/alg", Evidence::new(Clue::AlgXmldsig).expected(name));
    }
    let of_token = |cty: &str| ["JWT", "application/jwt"].iter().any(|name| name.eq_ignore_ascii_case(cty));
    if header.filter(|_| parts.len() == 5).and_then(Header::cty).is_some_and(|cty| !of_token(cty)) {
        let evidence = Evidence::new(Clue::ContentType).expected("JWT").got("a different type");
        report.clue("form", Status::Fail, "header/cty", evidence);
    }
}

/// Whether a text is the name of a token in a template, or no value in the words of a language.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches(['"', '\'']);
    let marks =
        [("{{", "}}"), ("{", "}"), ("${", "}"), ("<%", "%>"), ("<", ">"), ("[", "]"), ("%", "%"), ("$", "")];
    let is_name = |name: &str| {
        let name = name.trim();
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_- .".contains(&byte))
    };
    let marked = |(start, end): &(&str, &str)| {
        text.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some_and(is_name)
    };
    ["undefined", "null", "nil", "None", "NaN", "[object Object]", "[object Promise]"].contains(&text)
        || marks.iter().any(marked)
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
