//! `jose-jws` and `jose-jwk` as second readers of everything in the vectors: where both accept, header, payload and signature
//! are the same; where one refuses, the difference is listed here with its reason.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::common::{vectors, verify};
use handstamp::{
    Code,
    jose::{Compact, Form, key::Key, key::KeySet},
    json::Value,
};
use jose_jwk::{Jwk, JwkSet};
use jose_jws::{Flattened, Protected};
use serde_json::json;
use std::collections::BTreeSet;

const FILES: [&str; 14] = [
    "rfc/examples.json",
    "rfc/rfc7515.json",
    "rfc/rfc7516.json",
    "rfc/rfc7517.json",
    "rfc/rfc7519.json",
    "rfc/rfc7520.json",
    "rfc/rfc7797.json",
    "rfc/rfc8037.json",
    "python/encrypted.json",
    "python/key_set.json",
    "python/keys.json",
    "python/refused.json",
    "python/signed.json",
    "tokens/pack.json",
];

/// Every value of a file that `is` one, at any depth.
fn found<T>(value: &serde_json::Value, is: &dyn Fn(&serde_json::Value) -> Option<T>, out: &mut Vec<T>) {
    out.extend(is(value));
    match value {
        serde_json::Value::Array(elements) => elements.iter().for_each(|value| found(value, is, out)),
        serde_json::Value::Object(members) => members.values().for_each(|value| found(value, is, out)),
        _ => {}
    }
}

fn every<T>(is: impl Fn(&serde_json::Value) -> Option<T>) -> Vec<T> {
    let mut out = Vec::new();
    FILES.iter().for_each(|file| found(&vectors(file), &is, &mut out));
    out
}

/// Checks that two readers of one token have read the same.
fn same(token: &str, ours: &Compact<'_>, theirs: &Flattened) {
    let Form::Jws { payload, signature, .. } = &ours.form else { panic!("{token} has three parts") };
    assert_eq!(theirs.payload.as_ref().map_or(&[][..], |payload| payload.as_ref()), &payload[..], "{token}");
    assert_eq!(&theirs.signature.signature[..], &signature[..], "{token}");
    let read = &theirs.signature.protected.as_ref().unwrap().oth;
    let given = Protected::try_from(&ours.header).unwrap().oth;
    assert_eq!((&given.alg, &given.kid, &given.typ), (&read.alg, &read.kid, &read.typ), "{token}");
    assert_eq!(given.cty, read.cty, "{token}");
}

/// The codes of what `jose-jws` reads and we refuse: it reads unsigned tokens, and `crit` is left to its caller.
const OURS_ALONE_REFUSE: [&str; 2] = ["alg_none", "crit_unsupported"];
/// The algorithm that it does not know: the name of RFC 9864, which is younger than it.
const OURS_ALONE_READ: &str = r#"{"alg":"Ed25519"}"#;

#[test]
fn a_second_reader_reads_the_same_of_every_token() {
    let tokens: BTreeSet<String> = every(|value| {
        value
            .as_str()
            .filter(|text| text.starts_with("ey") && text.matches('.').count() == 2)
            .map(String::from)
    })
    .into_iter()
    .collect();
    assert!(tokens.len() > 120, "{}", tokens.len());
    let (mut both, mut refused, mut unread) = (0, BTreeSet::new(), Vec::new());
    for token in &tokens {
        match (Compact::parse(token), token.parse::<Flattened>()) {
            (Ok(ours), Ok(theirs)) => {
                same(token, &ours, &theirs);
                both += 1;
            }
            (Err(ours), Ok(_)) => drop(refused.insert(ours.code().as_str())),
            (Ok(ours), Err(_)) => unread.push(Value::from(ours.header.members().clone()).to_text()),
            (Err(_), Err(_)) => {}
        }
    }
    assert!(both > 100, "{both}");
    assert_eq!(refused.into_iter().collect::<Vec<_>>(), OURS_ALONE_REFUSE);
    assert_eq!(unread, [OURS_ALONE_READ]);
}

#[test]
fn the_header_of_an_encrypted_token_is_no_protected_header_of_a_jws() {
    let tokens =
        every(|value| value.as_str().filter(|text| text.matches('.').count() == 4).map(String::from));
    let encrypted: Vec<_> = tokens.iter().filter_map(|token| Compact::parse(token).ok()).collect();
    assert!(encrypted.len() > 10);
    for token in encrypted {
        assert_eq!(Protected::try_from(&token.header).unwrap_err().code(), Code::AlgNotAllowed);
    }
}

fn is_public(jwk: &serde_json::Value) -> bool {
    jwk["kty"].is_string() && ["d", "k"].iter().all(|member| jwk.get(*member).is_none())
}

#[test]
fn a_public_key_goes_to_its_jwk_and_back() {
    let jwks: Vec<serde_json::Value> = every(|value| is_public(value).then(|| value.clone()));
    let mut both = 0;
    for jwk in &jwks {
        let ours = Key::from_jwk(&Value::parse_object(jwk.to_string().as_bytes()).unwrap(), None, false);
        let theirs = serde_json::from_value::<Jwk>(jwk.clone());
        let (Ok(ours), Ok(theirs)) = (ours, theirs) else { continue };
        let converted = Key::try_from(&theirs).unwrap();
        assert_eq!((converted.thumbprint(), converted.rows()), (ours.thumbprint(), ours.rows()), "{jwk}");
        let back = Jwk::try_from(&converted).unwrap();
        assert_eq!(
            (&back.prm.kid, back.prm.alg.is_some()),
            (&theirs.prm.kid, ours.rows().len() == 1),
            "{jwk}"
        );
        assert_eq!(Key::try_from(&back).unwrap().thumbprint(), ours.thumbprint(), "{jwk}");
        both += 1;
    }
    assert!(both > 10, "{both} of {}", jwks.len());
}

#[test]
fn a_key_of_theirs_is_checked_as_one_in_json_is() {
    let refused = |jwk: serde_json::Value| {
        let fault = Key::try_from(&serde_json::from_value::<Jwk>(jwk).unwrap()).unwrap_err();
        (fault.code(), fault.detail().and_then(|detail| detail.at.clone()))
    };
    let x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
    let off = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": x });
    assert_eq!(refused(off).0, Code::KeyOffCurve);
    let private = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": x, "d": x });
    assert_eq!(refused(private), (Code::KeyIsPrivate, Some("/d".into())));
    let other = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": x, "use": "enc" });
    assert_eq!(refused(other), (Code::KeyUse, Some("/use".into())));
    assert_eq!(
        refused(json!({ "kty": "EC", "crv": "secp256k1", "x": x, "y": x })),
        (Code::KeyWrongType, Some("/crv".into()))
    );
}

/// RFC 6979 appendix A.2.5.
const PRIVATE: &str = r#"{ "kty": "EC", "crv": "P-256", "kid": "a",
    "d": "ya-p2EW6dRZrXCFXZ7HWk05Qw9s26JsSe4piKxIPZyE",
    "x": "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y", "y": "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk" }"#;

#[test]
fn private_keys_come_from_a_jwk_and_only_their_public_half_goes_back() {
    use handstamp::jose::{
        Content, Management,
        key::{DecryptKey, KeySource, SigningKey},
    };
    let theirs: Jwk = serde_json::from_str(PRIVATE).unwrap();
    let signing = SigningKey::try_from(&theirs).unwrap();
    let public = Jwk::try_from(&signing).unwrap();
    let text = serde_json::to_string(&public).unwrap();
    assert!(!text.contains("\"d\"") && text.contains("\"ES256\"") && text.contains("\"a\""), "{text}");
    let token = signing.sign(&Value::parse_object(br#"{ "sub": "1" }"#).unwrap());
    let source = KeySource::from(Key::try_from(&public).unwrap());
    assert_eq!(verify(&token, &[source]).unwrap().payload(), br#"{"sub":"1"}"#);

    let alg = *Management::ALL.iter().find(|row| row.name() == "ECDH-ES+A256KW").unwrap();
    let enc = *Content::ALL.iter().find(|row| row.name() == "A256GCM").unwrap();
    let decrypt = DecryptKey::try_from((&theirs, alg, enc)).unwrap();
    let text = serde_json::to_string(&Jwk::try_from(&decrypt).unwrap()).unwrap();
    assert!(!text.contains("\"d\"") && text.contains("\"enc\""), "{text}");
    let wrong = serde_json::from_str::<Jwk>(r#"{ "kty": "oct", "k": "AQ" }"#).unwrap();
    let fault = DecryptKey::try_from((&wrong, alg, enc)).unwrap_err();
    assert_eq!((fault.code(), fault.detail().unwrap().at.as_deref()), (Code::KeyWrongType, Some("/key/kty")));
}

#[test]
fn a_shared_secret_has_no_public_jwk() {
    let jwk: Jwk =
        serde_json::from_value(json!({ "kty": "oct", "alg": "HS256", "k": "A".repeat(43) })).unwrap();
    assert_eq!(Key::try_from(&jwk).unwrap_err().code(), Code::KeyTooShort, "only zero bytes");
    let jwk: Jwk =
        serde_json::from_value(json!({ "kty": "oct", "alg": "HS256", "k": "abcd".repeat(11) })).unwrap();
    let key = Key::try_from(&jwk).unwrap();
    assert_eq!(Jwk::try_from(&key).unwrap_err().code(), Code::KeyWrongType);
}

#[test]
fn a_set_goes_to_theirs_and_back_with_its_names() {
    let key: serde_json::Value = serde_json::from_str(PRIVATE).unwrap();
    let mut public = key.as_object().unwrap().clone();
    public.remove("d");
    let set: JwkSet = serde_json::from_value(json!({ "keys": [public] })).unwrap();
    let ours = KeySet::try_from(&set).unwrap();
    assert_eq!(ours.keys()[0].kid(), Some("a"));
    assert_eq!(JwkSet::try_from(&ours).unwrap().keys[0].key, set.keys[0].key);
    public.remove("kid");
    let nameless: JwkSet = serde_json::from_value(json!({ "keys": [public] })).unwrap();
    let fault = KeySet::try_from(&nameless).unwrap_err();
    assert_eq!(
        (fault.code(), fault.detail().unwrap().at.as_deref()),
        (Code::KeyInvalid, Some("/keys/0/kid"))
    );
}
