//! The `secureToken` member of a document: the settings of the secure token, where a key may be a reference to a
//! stored secret and carries its place in the rotation.

use super::report_only;
use crate::{
    Code, Result,
    account::{
        keys::{is_reference, read_secret_reference},
        profile::profile_sources,
        reading::{Faults, MemberReader, one_of},
    },
    bounds,
    claims::standard::is_receipt,
    jose::{
        algorithm::{Content, Management, Signature},
        key::{DecryptKey, KeySource},
    },
    json::{Object, Value},
    profile::{mapping::Mapping, source::Source},
    secure_token,
};
use alloc::{format, string::String, vec::Vec};

const STATUSES: [&str; 4] = ["next", "active", "retiring", "revoked"];
/// The last second of the year 9999.
const SINCE_MAX: i64 = 253_402_300_799;
const ENCODINGS: [&str; 4] = ["utf8", "base64", "base64url", "hex"];
/// Reads the member into its normal form: lists of keys, every default filled.
pub fn read(value: &Value, path: &str, development: bool, faults: &Faults) -> Option<Object> {
    let known: Vec<&str> = secure_token::MEMBERS.into_iter().chain([report_only::MEMBER]).collect();
    let settings = MemberReader::open(value, path, &known, faults)?;
    let mut out = Object::new();
    let _ = settings.required("verify");
    let allow_short = settings.flag("allowShortSecret").unwrap_or(false);
    let source = |value: &Value, path: &str| KeySource::from_settings(value, path, allow_short).map(|_| ());
    let verify = read_keys(&settings, "verify", |key| read_source(key, development), source);
    let decrypt = read_decrypt_keys(&settings);
    let by_default = if decrypt.is_empty() { "off" } else { "require" };
    let encryption = settings.choice("encryption", &["off", "accept", "require"]).unwrap_or(by_default);
    if encryption != "off" && decrypt.is_empty() && settings.get("decrypt").is_none() {
        settings
            .invalid("encryption", format!("`encryption` is \"{encryption}\", but `decrypt` has no key."));
    }
    out.set("verify", verify);
    if !decrypt.is_empty() {
        out.set("decrypt", decrypt);
    }
    out.set("encryption", encryption);
    for name in ["issuer", "audience"] {
        out.set_some(name, settings.text_or_list(name, 512, bounds::ACCEPTED_VALUES));
    }
    out.set_some("typ", settings.text("typ", 512));
    if settings.get("typ").and_then(Value::as_str).is_some_and(is_receipt) {
        settings.invalid("typ", "`typ` must not be \"participation+jwt\": that is the type of our receipts.");
    }
    out.set("expiry", settings.choice("expiry", &["required", "optional"]).unwrap_or("required"));
    let leeway = settings.number("leewaySeconds", 0..=i64::from(bounds::LEEWAY_SECONDS_MAX));
    out.set("leewaySeconds", leeway.unwrap_or(i64::from(bounds::LEEWAY_SECONDS)));
    out.set_some("maxLifetimeSeconds", settings.number("maxLifetimeSeconds", 1..=i64::from(u32::MAX)));
    let access_token = settings.text("accessToken", 256).unwrap_or("access_token");
    if let Err(error) = Source::parse(access_token, &settings.path("accessToken")) {
        faults.refused(&settings.path("accessToken"), &error);
    }
    out.set("accessToken", access_token);
    out.set("accessTokenInClear", settings.flag("accessTokenInClear").unwrap_or(false));
    out.set("allowShortSecret", allow_short);
    if let Some(mapping) = settings.get("mapping") {
        if let Err(error) = Mapping::parse(mapping, &settings.path("mapping")) {
            faults.refused(&settings.path("mapping"), &error);
        }
        out.set("mapping", mapping.clone());
    }
    out.set_some("profileLimit", profile_sources::limit(&settings, "profileLimit"));
    let reported = report_only::read(&settings, &out);
    out.set_some(report_only::MEMBER, reported);
    Some(out)
}

/// Reads `decrypt`: one key for encrypted tokens, or several during a rotation.
pub fn read_decrypt_keys(settings: &MemberReader<'_>) -> Vec<Value> {
    let check = |value: &Value, path: &str| DecryptKey::from_settings(value, path).map(|_| ());
    read_keys(settings, "decrypt", read_decrypt_key, check)
}

/// One entry or a list of them. `read` judges the spelling; what needs no secret is also prepared as `check` does.
fn read_keys(
    settings: &MemberReader<'_>,
    name: &str,
    read: impl Fn(&MemberReader<'_>) -> Object,
    check: impl Fn(&Value, &str) -> Result<()>,
) -> Vec<Value> {
    let entries: Vec<(String, &Value)> = match settings.get(name) {
        Some(Value::Array(_)) => settings.list(name, 1, bounds::KEY_SOURCES).into_iter().flatten().collect(),
        Some(single) => Vec::from([(settings.path(name), single)]),
        None => Vec::new(),
    };
    let mut out = Vec::new();
    let mut usable = false;
    for (path, value) in &entries {
        let before = settings.faults().len();
        let Some(known) = names_of(name, value) else {
            settings.faults().invalid(path, format!("This must be an object, not {}.", value.kind()));
            continue;
        };
        let Some(key) = MemberReader::open(value, path, known, settings.faults()) else { continue };
        let mut normal = Object::new();
        normal.set_some("id", key.text("id", 64));
        let status = key.choice("status", &STATUSES).unwrap_or("active");
        normal.set("status", status);
        // For those who rotate; nothing here depends on it, so the normal form is without.
        let _ = key.number("since", 0..=SINCE_MAX);
        usable |= status != "revoked";
        for (member, value) in read(&key).iter() {
            normal.set(member, value.clone());
        }
        let normal = Value::from(normal);
        let secret =
            [normal.pointer("/key"), normal.pointer("/keys")].into_iter().flatten().any(is_reference);
        if !secret
            && settings.faults().len() == before
            && let Err(error) = check(&normal, path)
        {
            settings.faults().refused(path, &error);
        }
        out.push(normal);
    }
    if !usable && !out.is_empty() {
        settings.invalid(name, format!("Every key of `{name}` is revoked."));
    }
    out
}

/// The names that an entry may have.
fn names_of(list: &str, entry: &Value) -> Option<&'static [&'static str]> {
    let method = entry.as_object()?.get("method").and_then(Value::as_str);
    Some(match (list, method) {
        ("decrypt", _) => &["id", "status", "since", "key", "encoding", "alg", "enc"],
        (_, Some("jwks")) => &["id", "status", "since", "method", "keys", "url", "algs"],
        (_, Some("publicKey")) => &["id", "status", "since", "method", "key", "alg"],
        (_, Some("symmetricKey")) => &["id", "status", "since", "method", "key", "encoding", "alg"],
        _ => &["id", "status", "since", "method", "keys", "url", "algs", "key", "encoding", "alg"],
    })
}

fn read_source(source: &MemberReader<'_>, development: bool) -> Object {
    let mut out = Object::new();
    if source.required("method").is_none() {
        return out;
    }
    let Some(method) = source.choice("method", &["jwks", "publicKey", "symmetricKey"]) else { return out };
    out.set("method", method);
    if method == "jwks" {
        read_key_set(source, development, &mut out);
    } else {
        let symmetric = method == "symmetricKey";
        let is_of_kind = |row: Signature| row.is_symmetric() == symmetric;
        let names = Signature::names().filter(|name| Signature::from_name(name).is_some_and(is_of_kind));
        let algs: Vec<&'static str> = names.collect();
        read_key(source, symmetric, &mut out);
        let _ = source.required("alg");
        out.set_some("alg", source.choice("alg", &algs));
    }
    out
}

fn read_key_set(source: &MemberReader<'_>, development: bool, out: &mut Object) {
    match (source.get("keys"), source.text("url", 2048)) {
        (None, None) if source.get("url").is_none() => {
            source.invalid("url", "A key set must have `url` or `keys`.")
        }
        (Some(_), Some(_)) => {
            source.invalid("keys", "A key set must not have both `url` and `keys`; remove one.")
        }
        (Some(keys), None) => {
            if is_reference(keys) {
                let _ = read_secret_reference(keys, &source.path("keys"), source.faults());
            } else if keys.pointer("/keys").is_none_or(|list| list.as_array().is_none()) {
                source.invalid("keys", "`keys` must be a JWK set: { \"keys\": [ … ] }.");
            }
            out.set("keys", keys.clone());
        }
        (None, Some(url)) => {
            if let Err(sentence) = crate::url::check_url(url, development) {
                source.invalid("url", format!("`url` is not a valid URL. {sentence}"));
            }
            out.set("url", url);
        }
        (None, None) => {}
    }
    let Some(algs) = source.list("algs", 1, 16) else { return };
    let known: Vec<&'static str> = Signature::names().collect();
    let mut names = Vec::new();
    for (path, value) in algs {
        names.extend(one_of(value.as_str().unwrap_or_default(), &path, "algs", &known, source.faults()));
    }
    out.set("algs", names);
}

fn read_decrypt_key(key: &MemberReader<'_>) -> Object {
    let mut out = Object::new();
    let _ = key.required("alg");
    let _ = key.required("enc");
    let algs: Vec<&'static str> = Management::ALL.iter().map(|row| row.name()).collect();
    let encs: Vec<&'static str> = Content::ALL.iter().map(|row| row.name()).collect();
    let alg = key.choice("alg", &algs);
    read_key(key, alg.is_some_and(|alg| !alg.starts_with("RSA") && !alg.starts_with("ECDH")), &mut out);
    out.set_some("alg", alg);
    out.set_some("enc", key.choice("enc", &encs));
    out
}

/// A key as text, JWK or reference; a shared secret in text form says how its bytes are written.
fn read_key(entry: &MemberReader<'_>, is_shared: bool, out: &mut Object) {
    let Some(key) = entry.required("key") else { return };
    match key {
        Value::String(text) if text.trim().is_empty() => entry.invalid("key", "`key` is empty."),
        Value::String(_) => {}
        Value::Object(_) if is_reference(key) => {
            let _ = read_secret_reference(key, &entry.path("key"), entry.faults());
        }
        Value::Object(jwk) if jwk.get("kty").is_some() => {}
        Value::Object(_) => {
            entry.invalid("key", "`key` must be a string, a JWK (with kty) or { \"secret\": \"NAME\" }.")
        }
        other => entry.invalid(
            "key",
            format!("`key` must be a string, a JWK or {{ \"secret\": \"NAME\" }}, not {}.", other.kind()),
        ),
    }
    out.set("key", key.clone());
    let encoding = entry.choice("encoding", &ENCODINGS);
    out.set_some("encoding", encoding);
    let is_jwk = key.as_object().is_some_and(|jwk| jwk.get("kty").is_some());
    if is_shared && !is_jwk && entry.get("encoding").is_none() {
        let message =
            format!("`encoding` is missing: set it to how the secret is encoded ({}).", ENCODINGS.join(", "));
        entry.faults().add(&entry.path("encoding"), Code::KeyEncodingMissing, message);
    }
}
