//! Key sets and the settings of key sources: what is taken, what is skipped, and which place is named.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{SECRET, assert_code, hs256, signed, source, value, vectors, verify};
use handstamp::{
    Code, Error, Warning,
    jose::{
        Signature, base64url,
        key::{Key, KeySet, KeySource, KeyStatus},
    },
    json::Value,
};

fn place(error: &Error) -> &str {
    error.detail().and_then(|detail| detail.at.as_deref()).unwrap_or_default()
}

fn rsa_jwk(bits: usize, exponent: &[u8]) -> String {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    modulus[0] = 0xff >> (modulus.len() * 8 - bits);
    let (n, e) = (base64url::encode(&modulus), base64url::encode(exponent));
    format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#)
}

const ED25519: &str = r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;

#[test]
fn of_a_fetched_set_unusable_keys_are_skipped_and_named() {
    let vectors = vectors("python/key_set.json");
    let (set, remarks) = KeySet::fetched(vectors["keySet"].to_string().as_bytes(), None).unwrap();
    let kids: Vec<_> = set.keys().iter().filter_map(Key::kid).collect();
    assert_eq!(kids, ["rsa-sig", "ec", "ed", "ec384"]);
    assert!(remarks.iter().all(|remark| remark.warning == Warning::KeySkipped));
    let places: Vec<_> = remarks.iter().filter_map(|remark| remark.at.as_deref()).collect();
    let keys = vectors["keySet"]["keys"].as_array().unwrap();
    let skipped: Vec<_> = vectors["skipped"].as_array().unwrap().clone();
    let expected: Vec<_> = (0..keys.len())
        .filter(|index| skipped.contains(keys[*index].get("kid").unwrap_or(&serde_json::Value::Null)))
        .map(|index| format!("/keys/{index}"))
        .collect();
    assert_eq!(places, expected);
    for (kid, alg, code, at) in [
        ("rsa-enc", Signature::RS256, Code::KeyUse, "/keys/1/use"),
        ("ec384", Signature::ES256, Code::AlgNotAllowed, "header/alg"),
        ("post-quantum", Signature::RS256, Code::KeyUse, "/keys/5/alg"),
        ("small", Signature::RS256, Code::KeyRsaSize, "/keys/6"),
        ("private", Signature::ES256, Code::KeyIsPrivate, "/keys/7/d"),
        ("secret", Signature::HS256, Code::KeyWrongType, "/keys/8/kty"),
        ("rsa-sig", Signature::PS256, Code::AlgNotAllowed, "header/alg"),
        ("nobody", Signature::RS256, Code::KidUnknown, "header/kid"),
    ] {
        let error = set.select(Some(kid), alg).unwrap_err();
        assert_eq!((error.code(), place(&error)), (code, at), "{kid}: {error}");
    }
    for row in vectors["tokens"].as_array().unwrap() {
        let mut source = source(r#"{"method":"jwks","url":"https://id.acme.example/keys"}"#).unwrap();
        source.install(vectors["keySet"].to_string().as_bytes()).unwrap();
        assert!(verify(row["token"].as_str().unwrap(), &[source]).is_ok(), "{}", row["kid"]);
    }
}

/// The set with one more key that nobody can use, alone and beside a good one: the fault, its place, and its owner.
#[test]
fn a_fault_of_a_fetched_set_names_key_position_member_and_is_the_issuers() {
    let rsa = rsa_jwk(2048, &[1, 0, 1]);
    let with = |jwk: &str, members: &str| jwk.replace('}', &format!(r#","kid":"one",{members}}}"#));
    let ed = format!("{{{ED25519}}}");
    let padded = rsa.replace(r#"","e""#, r#"==","e""#);
    let short = rsa_jwk(1024, &[1, 0, 1]).replace('}', r#","kid":"one"}"#);
    for (key, code, member, got) in [
        (
            with(&ed, r#""d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A""#),
            Code::KeyIsPrivate,
            "/d",
            "a private key (the key \"one\")",
        ),
        (with(&rsa, r#""d":"AQAB""#), Code::KeyIsPrivate, "/d", "a private key (the key \"one\")"),
        (with(&rsa, r#""oth":[{"r":"AQ"}]"#), Code::KeyIsPrivate, "/oth", "a private key (the key \"one\")"),
        (with(&rsa, r#""use":"enc""#), Code::KeyUse, "/use", "the key \"one\""),
        (with(&rsa, r#""key_ops":["wrapKey"]"#), Code::KeyUse, "/key_ops", "the key \"one\""),
        (with(&rsa, r#""alg":"RSA-OAEP-256""#), Code::KeyUse, "/alg", "the key \"one\""),
        (with(&padded, r#""use":"sig""#), Code::KeyInvalid, "/n", "'=' at position 342 (the key \"one\")"),
        (
            with(&rsa.replace("AQAB", "65537="), r#""use":"sig""#),
            Code::KeyInvalid,
            "/e",
            "'=' at position 5 (the key \"one\")",
        ),
        (short, Code::KeyRsaSize, "", "1024 bits (the key \"one\")"),
        (rsa.replace('}', r#","kid":7}"#), Code::KeyInvalid, "/kid", "a number (the key \"7\")"),
        (rsa.replace('}', r#","kid":true}"#), Code::KeyInvalid, "/kid", "a boolean (a key without kid)"),
        (r#"{"kty":"AKP","kid":"one"}"#.into(), Code::KeyWrongType, "/kty", "the key \"one\""),
        (
            r#"{"kty":"oct","kid":"one","k":"c2VjcmV0"}"#.into(),
            Code::KeyWrongType,
            "/kty",
            "a shared secret (the key \"one\")",
        ),
        (r#""a string""#.into(), Code::KeyInvalid, "", "a string (a key without kid)"),
    ] {
        let good =
            r#"{"kty":"OKP","crv":"Ed25519","kid":"good","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let text = |keys: &[&str]| format!(r#"{{"keys":[{}]}}"#, keys.join(","));
        let (alone, beside) = (text(&[&key]), text(&[good, &key]));
        let faults = KeySet::faults(beside.as_bytes(), None).unwrap();
        let [fault] = faults.as_slice() else { panic!("{key}: {faults:?}") };
        let detail = fault.detail().unwrap();
        assert_eq!((fault.code(), fault.fix()), (code, "issuer"), "{key}");
        assert_eq!(detail.at, Some(format!("/keys/1{member}")), "{key}");
        assert_eq!(detail.got.as_deref(), Some(got), "{key}");
        // A token that names the key is told why it cannot be used.
        if let Some(kid) = ["one", "7"].into_iter().find(|kid| got.contains(&format!("\"{kid}\""))) {
            let (set, _) = KeySet::fetched(beside.as_bytes(), None).unwrap();
            let error = set.select(Some(kid), Signature::RS256).unwrap_err();
            assert_eq!(
                (error.code(), error.fix(), place(&error)),
                (code, "issuer", &*format!("/keys/1{member}")),
                "{key}"
            );
        }
        // Alone, it is why the set has no usable key.
        let error = KeySet::fetched(alone.as_bytes(), None).unwrap_err();
        assert_eq!(
            (error.code(), error.fix(), place(&error)),
            (Code::KeySetEmpty, "issuer", &*format!("/keys/0{member}"))
        );
        assert_eq!(error.detail().unwrap().got, Some(format!("{got}: {}", code.as_str())), "{key}");
    }
    // A key that is disclosed is told before any other fault.
    let keys = [r#"{"kty":"AKP"}"#, &with(&ed, r#""d":"AQAB""#)].join(",");
    let error = KeySet::fetched(format!(r#"{{"keys":[{keys}]}}"#).as_bytes(), None).unwrap_err();
    assert_eq!(place(&error), "/keys/1/d");
}

/// A test of a connection says what a set is good for: as many keys as verify, and every fault with its owner.
#[test]
fn a_published_set_is_judged_for_the_algorithms_of_its_issuer() {
    let rsa = rsa_jwk(2048, &[1, 0, 1]).replace('}', r#","kid":"r"}"#);
    let ed = format!(r#"{{{ED25519},"kid":"e"}}"#);
    let judged = |keys: &[&str], algs: Option<&[&str]>| {
        let text = format!(r#"{{"keys":[{}]}}"#, keys.join(","));
        let judged = Value::from(handstamp::jose::key::judge(text.as_bytes(), algs));
        let number = |at: &str| judged.pointer(at).and_then(Value::as_i64);
        let code = |at: &str| judged.pointer(at).and_then(Value::as_str).map(String::from);
        let faults = judged.pointer("/faults").and_then(Value::as_array).unwrap();
        assert!(faults.iter().all(|fault| fault.pointer("/fix").and_then(Value::as_str) == Some("issuer")));
        (number("/usable").unwrap(), code("/refusal/code"), code("/refusal/at"), faults.len())
    };
    let empty = |at: &str| (Some("key_set_empty".to_owned()), Some(at.to_owned()));
    assert_eq!(judged(&[&rsa, &ed], None), (2, None, None, 0));
    assert_eq!(judged(&[&rsa, &ed], Some(&["RS256"])), (1, None, None, 0));
    // Keys for encryption only, a padded n and a numeric kid verify nothing.
    for (key, at) in [
        (rsa.replace('}', r#","use":"enc"}"#), "/keys/0/use"),
        (rsa.replace('}', r#","alg":"RSA-OAEP"}"#), "/keys/0/alg"),
        (rsa.replace(r#"","e""#, r#"==","e""#), "/keys/0/n"),
        (rsa.replace(r#""kid":"r""#, r#""kid":7"#), "/keys/0/kid"),
    ] {
        let (code, place) = empty(at);
        assert_eq!(judged(&[&key], Some(&["RS256"])), (0, code, place, 1), "{key}");
        assert_eq!(judged(&[&key, &ed], None), (1, None, None, 1), "{key}");
    }
    // An empty set is a fault only where no token can be signed with the client secret; one with keys that verify nothing is.
    let (code, place) = empty("/keys");
    assert_eq!(judged(&[], None), (0, code.clone(), place.clone(), 0));
    assert_eq!(judged(&[], Some(&["RS256"])), (0, code.clone(), place.clone(), 0));
    assert_eq!(judged(&[], Some(&["RS256", "HS256"])), (0, None, None, 0));
    assert_eq!(judged(&[], Some(&["HS256", "ES256"])), (0, None, None, 0));
    assert_eq!(judged(&[&ed], Some(&["RS256", "HS256"])), (0, code.clone(), Some("/keys/0".into()), 0));
    let for_encryption = rsa.replace('}', r#","use":"enc"}"#);
    let unusable = (0, code.clone(), Some("/keys/0/use".into()), 1);
    assert_eq!(judged(&[&for_encryption], Some(&["RS256", "HS256"])), unusable);
    assert_eq!(judged(&[&for_encryption], Some(&["HS256"])), (0, None, None, 1));
    assert_eq!(judged(&[], Some(&[])), (0, code, place, 0));
    assert_eq!(judged(&[], Some(&["HS256"])), (0, None, None, 0));
    // Where no key is needed, or the issuer names no algorithm, every key counts.
    assert_eq!(judged(&[&ed], Some(&["HS256"])), (1, None, None, 0));
    assert_eq!(judged(&[&ed], Some(&[])), (1, None, None, 0));
    assert_eq!(judged(&[], Some(&["HS256", "HS512"])), (0, None, None, 0));
    let (code, place) = (Some("key_set_invalid".to_owned()), None);
    let not_json = Value::from(handstamp::jose::key::judge(b"<html>", Some(&["HS256"])));
    let told = |at: &str| not_json.pointer(at).and_then(Value::as_str).map(String::from);
    assert_eq!((told("/refusal/code"), told("/refusal/at")), (code, place));
}

/// Members that some libraries write into every key disclose nothing while they are empty.
#[test]
fn empty_members_of_a_published_key_disclose_nothing() {
    let rsa = rsa_jwk(2048, &[1, 0, 1]);
    for members in [
        r#""oth":[]"#,
        r#""d":null"#,
        r#""d":"","p":"","q":"","dp":"","dq":"","qi":"""#,
        r#""x5c":[]"#,
        r#""x5c":null,"x5t":null,"x5u":null"#,
        r#""use":null,"key_ops":null,"alg":null"#,
    ] {
        let key = rsa.replace('}', &format!(r#","kid":"one",{members}}}"#));
        let set = KeySet::fetched(format!(r#"{{"keys":[{key}]}}"#).as_bytes(), None);
        let (set, remarks) = set.unwrap_or_else(|error| panic!("{members}: {error}"));
        assert!(remarks.is_empty() && set.select(Some("one"), Signature::PS384).is_ok(), "{members}");
    }
    // An empty list of operations allows none; a key without a name is not one of that name.
    let key = rsa.replace('}', r#","kid":"one","key_ops":[]}"#);
    let error = KeySet::fetched(format!(r#"{{"keys":[{key}]}}"#).as_bytes(), None).unwrap_err();
    assert_eq!((error.code(), place(&error)), (Code::KeySetEmpty, "/keys/0/key_ops"));
    assert!(error.to_string().contains("key_use"), "{error}");
    let nameless = rsa.replace('}', r#","kid":null}"#);
    let (set, _) = KeySet::fetched(format!(r#"{{"keys":[{nameless}]}}"#).as_bytes(), None).unwrap();
    assert_eq!(set.keys()[0].kid(), None);
}

#[test]
fn keys_outside_the_configured_algs_are_not_chosen() {
    let vectors = vectors("python/key_set.json");
    let text = vectors["keySet"].to_string();
    let (set, remarks) = KeySet::fetched(text.as_bytes(), Some(&[Signature::ES256])).unwrap();
    assert_eq!(set.keys().iter().filter_map(Key::kid).collect::<Vec<_>>(), ["ec"]);
    assert_eq!(remarks.len(), 6, "a good key of another algorithm is no fault");
    assert_eq!(set.select(Some("ed"), Signature::EDDSA).unwrap_err().code(), Code::AlgNotAllowed);
    assert_code("none left", KeySet::fetched(text.as_bytes(), Some(&[Signature::HS256])), Code::KeySetEmpty);
}

#[test]
fn a_set_that_is_fetched_serves_its_algs_alone() {
    let vectors = vectors("python/key_set.json");
    let settings = r#"{"method":"jwks","url":"https://id.acme.example/keys","algs":["ES256"]}"#;
    let mut source = source(settings).unwrap();
    source.install(vectors["keySet"].to_string().as_bytes()).unwrap();
    let sources = [source];
    let mut refused = 0;
    for row in vectors["tokens"].as_array().unwrap() {
        let found = verify(row["token"].as_str().unwrap(), &sources);
        if row["kid"] == "ec" {
            assert!(found.is_ok(), "{:?}", found.err());
            continue;
        }
        let error = found.unwrap_err();
        let detail = error.detail().unwrap();
        assert_eq!((error.code(), place(&error)), (Code::AlgNotAllowed, "header/alg"), "{}", row["kid"]);
        assert_eq!(detail.expected, None, "before any key is looked for");
        refused += 1;
    }
    assert!(refused > 1, "{refused}");
}

/// By these names the keys of all accounts are compared, and a revoked one is known.
#[test]
fn a_source_names_its_key_by_the_thumbprint_and_a_set_by_its_url() {
    let key = format!(r#"{{"method":"publicKey","alg":"EdDSA","key":{{{ED25519}}}}}"#);
    // RFC 8037 appendix A.3.
    assert_eq!(source(&key).unwrap().names(), ["key:kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"]);
    let set = r#"{"method":"jwks","url":"https://id.acme.example/keys"}"#;
    assert_eq!(source(set).unwrap().names(), ["url:https://id.acme.example/keys"]);
}

#[test]
fn t76_one_name_for_two_keys_is_ambiguous_only_if_both_fit() {
    let rsa = rsa_jwk(2048, &[1, 0, 1]).replace('}', r#","kid":"same"}"#);
    let ed = format!(r#"{{{ED25519},"kid":"same"}}"#);
    let set = |keys: &[&str]| {
        KeySet::fetched(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes(), None).unwrap().0
    };
    assert!(set(&[&rsa, &ed]).select(Some("same"), Signature::EDDSA).is_ok());
    assert!(set(&[&rsa, &ed]).select(Some("same"), Signature::PS256).is_ok());
    let other = ed.replace(
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
    );
    assert_code("twice", set(&[&ed, &other]).select(Some("same"), Signature::EDDSA), Code::KidAmbiguous);
    // A key that is listed twice is one key, whatever its other members say.
    let again = ed.replace("}", r#","use":"sig"}"#);
    assert!(set(&[&ed, &ed, &again]).select(Some("same"), Signature::EDDSA).is_ok());
    assert_code("three", set(&[&ed, &ed, &other]).select(Some("same"), Signature::EDDSA), Code::KidAmbiguous);
    assert_code("no kid", set(&[&ed]).select(None, Signature::EDDSA), Code::KidMissing);
}

#[test]
fn a_key_set_has_at_most_64_kib_and_100_keys() {
    let set = |count: usize| format!(r#"{{"keys":[{}]}}"#, vec![format!("{{{ED25519}}}"); count].join(","));
    assert_eq!(KeySet::fetched(set(100).as_bytes(), None).unwrap().0.keys().len(), 100);
    assert_code("101 keys", KeySet::fetched(set(101).as_bytes(), None), Code::KeySetInvalid);
    let padded = |bytes: usize| format!("{}{}", set(1), " ".repeat(bytes - set(1).len()));
    assert!(KeySet::fetched(padded(64 * 1024).as_bytes(), None).is_ok());
    let error = KeySet::fetched(padded(64 * 1024 + 1).as_bytes(), None).unwrap_err();
    assert_eq!(error.to_string(), "The key set is not valid. Expected at most 65536 bytes. Got 65537 bytes.");
}

#[test]
fn texts_that_are_no_key_set_are_refused() {
    for text in [
        "",
        "<html>",
        "[]",
        "null",
        "{}",
        r#"{"keys":{}}"#,
        r#"{"keys":null}"#,
        r#"{"keys":[],"keys":[]}"#,
        "\u{feff}{\"keys\":[]}",
        r#"{"keys":[{"kty":"RSA","kty":"oct"}]}"#,
        r#"{"keys":[]} x"#,
    ] {
        assert_code(text, KeySet::fetched(text.as_bytes(), None), Code::KeySetInvalid);
    }
    for text in [r#"{"keys":[]}"#, r#"{"keys":[{"kty":"AKP"}]}"#, r#"{"keys":["x",1,null]}"#] {
        assert_code(text, KeySet::fetched(text.as_bytes(), None), Code::KeySetEmpty);
    }
    let html = KeySet::fetched(b"<html>", None).unwrap_err();
    assert_eq!(
        html.to_string(),
        "The key set is not valid. Expected a JSON object. Got json_syntax (an unexpected character at position 0)."
    );
}

#[test]
fn of_a_configured_set_every_fault_is_an_error_with_its_place() {
    let set = |keys: &str| source(&format!(r#"{{"method":"jwks","keys":{{"keys":[{keys}]}}}}"#));
    let ed = format!(r#"{{{ED25519},"kid":"ed"}}"#);
    let oct = format!(r#"{{"kty":"oct","kid":"oct","k":"{}"}}"#, base64url::encode(SECRET.as_bytes()));
    assert!(set(&ed).is_ok());
    assert!(set(&oct).is_ok());
    for (keys, code, at) in [
        (format!("{ed},{oct}"), Code::KeySetMixed, "/verify/keys/keys/1"),
        (format!("{oct},{ed}"), Code::KeySetMixed, "/verify/keys/keys/1"),
        (format!("{{{ED25519}}}"), Code::KeyInvalid, "/verify/keys/keys/0/kid"),
        (format!(r#"{ed},{{{ED25519},"kid":"e","use":"enc"}}"#), Code::KeyUse, "/verify/keys/keys/1/use"),
        (format!(r#"{ed},{{"kty":"AKP","kid":"a"}}"#), Code::KeyWrongType, "/verify/keys/keys/1/kty"),
        (format!(r#"{{{ED25519},"kid":"e","d":"AAAA"}}"#), Code::KeyIsPrivate, "/verify/keys/keys/0/d"),
        (r#"{"kty":"oct","kid":"a","k":"c2hvcnQ"}"#.into(), Code::KeyTooShort, "/verify/keys/keys/0/k"),
        ("7".into(), Code::KeyInvalid, "/verify/keys/keys/0"),
        (String::new(), Code::KeySetEmpty, "/verify/keys/keys"),
    ] {
        let error = set(&keys).unwrap_err();
        assert_eq!((error.code(), place(&error)), (code, at), "{keys:.60}: {error}");
    }
    let by_alg = format!(r#"{{"method":"jwks","keys":{{"keys":[{ed}]}},"algs":["ES256"]}}"#);
    assert_code("outside algs", source(&by_alg), Code::AlgNotAllowed);
}

#[test]
fn a_secret_is_read_in_its_stated_encoding() {
    let settings = |key: &str, encoding: &str| {
        source(
            &serde_json::json!({"method":"symmetricKey","alg":"HS256","key":key,"encoding":encoding})
                .to_string(),
        )
    };
    let bytes = SECRET.as_bytes();
    let url = base64url::encode(bytes);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let token = signed(r#"{"alg":"HS256"}"#, b"{}");
    for (key, encoding) in [
        (SECRET, "utf8"),
        (&url, "base64url"),
        (&format!("{url}="), "base64url"),
        (&url, "base64"),
        (&format!("{url}="), "base64"),
        (&hex, "hex"),
        (&hex.to_uppercase(), "hex"),
    ] {
        assert!(verify(&token, &[settings(key, encoding).unwrap()]).is_ok(), "{encoding} {key}");
    }
    let other = base64url::encode(&[0xfb; 32]);
    assert!(other.contains('-'), "the alphabets differ here");
    for (key, encoding) in [
        (other.as_str(), "base64"),
        (&other.replace('-', "+"), "base64url"),
        (&format!("{url}=="), "base64url"),
        (&format!("{url} "), "base64url"),
        (&format!("{url}\n"), "base64"),
        (&url[..41], "base64url"),
        (&hex[1..], "hex"),
        (&hex.replace('6', "g"), "hex"),
    ] {
        let error = settings(key, encoding).unwrap_err();
        assert_eq!((error.code(), place(&error)), (Code::KeyEncodingInvalid, "/verify/key"), "{encoding}");
        assert!(!error.to_string().contains(key), "the secret is not in the text");
    }
    let missing = source(r#"{"method":"symmetricKey","alg":"HS256","key":"x"}"#).unwrap_err();
    assert_eq!((missing.code(), place(&missing)), (Code::KeyEncodingMissing, "/verify/encoding"));
    assert_code("another word", settings(SECRET, "latin1"), Code::SettingsInvalid);
}

#[test]
fn faults_of_settings_are_named_with_their_place() {
    for (text, code, at) in [
        ("7", Code::SettingsInvalid, "/verify"),
        ("{}", Code::SettingsInvalid, "/verify/method"),
        (r#"{"method":"jwk"}"#, Code::SettingsInvalid, "/verify/method"),
        (r#"{"method":1}"#, Code::SettingsInvalid, "/verify/method"),
        (r#"{"method":"jwks"}"#, Code::SettingsInvalid, "/verify/keys"),
        (r#"{"method":"jwks","url":"ftp://x"}"#, Code::SettingsInvalid, "/verify/url"),
        (r#"{"method":"jwks","url":1}"#, Code::SettingsInvalid, "/verify/url"),
        (r#"{"method":"jwks","url":"https://x","keys":{"keys":[]}}"#, Code::SettingsInvalid, "/verify/url"),
        (r#"{"method":"jwks","keys":[]}"#, Code::SettingsInvalid, "/verify/keys"),
        (r#"{"method":"jwks","url":"https://x","algs":[]}"#, Code::SettingsInvalid, "/verify/algs"),
        (
            r#"{"method":"jwks","url":"https://x","algs":["RS256","rs256"]}"#,
            Code::SettingsInvalid,
            "/verify/algs/1",
        ),
        (r#"{"method":"jwks","url":"https://x","algs":["HS256"]}"#, Code::SettingsInvalid, "/verify/algs"),
        (r#"{"method":"jwks","url":"https://x","alg":"RS256"}"#, Code::SettingsUnknown, "/verify/alg"),
        (r#"{"method":"publicKey","key":"x"}"#, Code::SettingsInvalid, "/verify/alg"),
        (r#"{"method":"publicKey","alg":"RS256"}"#, Code::KeyInvalid, "/verify/key"),
        (r#"{"method":"publicKey","alg":"RS256","key":7}"#, Code::KeyInvalid, "/verify/key"),
        (
            r#"{"method":"publicKey","alg":"RS256","key":{"secret":"NAME"}}"#,
            Code::KeyInvalid,
            "/verify/key/kty",
        ),
        (r#"{"method":"publicKey","alg":"HS256","key":"x"}"#, Code::KeyWrongType, "/verify/alg"),
        (r#"{"method":"publicKey","alg":"none","key":"x"}"#, Code::SettingsInvalid, "/verify/alg"),
        (
            r#"{"method":"publicKey","alg":"RS256","key":"x","encoding":"utf8"}"#,
            Code::SettingsUnknown,
            "/verify/encoding",
        ),
        (
            r#"{"method":"symmetricKey","alg":"RS256","key":"x","encoding":"utf8"}"#,
            Code::KeyWrongType,
            "/verify/alg",
        ),
        (
            r#"{"method":"symmetricKey","alg":"HS256","key":"x","encoding":"utf8"}"#,
            Code::KeyTooShort,
            "/verify/key",
        ),
        (
            r#"{"method":"symmetricKey","alg":"HS256","key":"x","encoding":"utf8","status":1}"#,
            Code::SettingsInvalid,
            "/verify/status",
        ),
    ] {
        let error = source(text).unwrap_err();
        assert_eq!((error.code(), place(&error)), (code, at), "{text}: {error}");
    }
    let misspelt =
        source(r#"{"method":"symmetricKey","alg":"HS265","key":"x","encoding":"utf8"}"#).unwrap_err();
    assert!(misspelt.to_string().contains("HS256"), "{misspelt}");
}

#[test]
fn at_most_eight_sources_are_taken() {
    let one = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}}"#);
    let list = |text: &str| KeySource::list_from_settings(&value(text), "/verify", false);
    let many = |count: usize| format!("[{}]", vec![one.as_str(); count].join(","));
    assert_eq!(list(&one).unwrap()[0].place(), "/verify");
    let eight = list(&many(8)).unwrap();
    assert_eq!((eight.len(), eight[7].place(), eight[7].status()), (8, "/verify/7", KeyStatus::Active));
    assert_code("nine", list(&many(9)), Code::SettingsInvalid);
    assert_code("none", list("[]"), Code::KeysMissing);
    assert_eq!(place(&list(&format!("[{one},{{}}]")).unwrap_err()), "/verify/1/method");
}

#[test]
fn a_source_without_address_takes_no_key_set() {
    let mut source = hs256();
    assert_eq!(source.url(), None);
    assert_code("nothing to install", source.install(b"{}"), Code::SettingsInvalid);
}

#[test]
fn a_key_set_is_fetched_by_https_or_from_this_machine_and_with_no_user_name() {
    let settings = |url: &str| {
        handstamp::secure_token::Settings::parse(
            format!(r#"{{"verify":{{"method":"jwks","url":"{url}"}}}}"#).as_bytes(),
        )
    };
    let good = [
        "https://keys.example/jwks.json",
        "https://10.0.0.7:8443/keys",
        "http://localhost:8788/keys.json",
        "http://127.0.0.1/keys",
        "http://[::1]:8080/keys",
    ];
    for url in good {
        assert!(settings(url).is_ok(), "{url}");
    }
    let bad = [
        "http://keys.example/jwks.json",
        "http://localhost.evil.example/keys",
        "http://127.0.0.1.evil.example/keys",
        "http://localhost@evil.example/keys",
        "https://user:pw@keys.example/",
        "https://keys.example/#a",
        "ftp://keys.example/",
        "https://",
    ];
    for url in bad {
        let error = settings(url).expect_err(url);
        assert_eq!(error.code(), handstamp::Code::SettingsInvalid, "{url}");
    }
}
