//! Signed tokens, from text to a verified payload. Cases are named after the table of negative cases (T01 …).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{SECRET, assert_code, hs256, rows, signed, signed_with, source, value, vectors, verify};
use handstamp::{
    Code, Warning,
    jose::{
        Compact, Host, Signature, base64url, jws,
        key::{Key, KeySet, KeySource},
    },
    json::Value,
};

const HS256: &str = r#"{"alg":"HS256"}"#;

#[test]
fn the_examples_of_the_rfcs_verify() {
    for row in rows("rfc/examples.json", "signed") {
        let name = row["source"].as_str().unwrap();
        let method = if row["key"]["kty"] == "oct" { "symmetricKey" } else { "publicKey" };
        let settings = format!(r#"{{"method":"{method}","alg":{},"key":{}}}"#, row["alg"], row["key"]);
        let verified = verify(row["token"].as_str().unwrap(), &[source(&settings).unwrap()])
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(verified.payload(), row["payload"].as_str().unwrap().as_bytes(), "{name}");
        assert_eq!(verified.header().alg(), row["alg"], "{name}");
    }
}

#[test]
fn larger_curves_verify_where_they_are_built_in() {
    let row = &rows("rfc/examples.json", "unsupported")[0];
    let settings = format!(r#"{{"method":"publicKey","alg":"ES512","key":{}}}"#, row["key"]);
    let verified = verify(row["token"].as_str().unwrap(), &[source(&settings).unwrap()]);
    match (Signature::ES512.is_computed(), verified) {
        (true, verified) => assert_eq!(verified.unwrap().header().alg(), "ES512"),
        (false, verified) => {
            let error = verified.unwrap_err();
            let place = error.detail().unwrap().at.as_deref();
            assert_eq!((error.code(), place), (Code::SyncUnsupported, Some("header/alg")));
        }
    }
    assert_code("ES512", verify(row["token"].as_str().unwrap(), &[hs256()]), Code::AlgNotAllowed);
}

#[test]
fn tokens_of_other_libraries_are_admitted() {
    for row in rows("python/signed.json", "tokens") {
        let name = format!("{} {}", row["maker"], row["alg"]);
        let verified = verify(row["token"].as_str().unwrap(), &[source(&row["key"].to_string()).unwrap()])
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let read = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
        assert_eq!(read(verified.payload()), row["claims"], "{name}");
        let header = Value::from(verified.header().members().clone()).to_text();
        assert_eq!(read(header.as_bytes()), row["header"], "{name}");
        assert!(verified.remarks().is_empty(), "{name}: {:?}", verified.remarks());
    }
}

#[test]
fn a_token_is_admitted_with_its_own_key_only() {
    let rows = rows("python/signed.json", "tokens");
    let (mut other_algorithms, mut other_keys) = (0, 0);
    for row in &rows {
        for other in rows.iter().filter(|other| other["key"] != row["key"]) {
            let case = format!(
                "{} {} with the key of {} {}",
                row["maker"], row["alg"], other["maker"], other["alg"]
            );
            let result =
                verify(row["token"].as_str().unwrap(), &[source(&other["key"].to_string()).unwrap()]);
            if other["key"]["method"] == "jwks" {
                let code = result.expect_err(&case).code();
                assert!(
                    matches!(code, Code::KidMissing | Code::KidUnknown | Code::AlgNotAllowed),
                    "{case}: {code:?}"
                );
            } else if other["alg"] != row["alg"] {
                assert_code(&case, result, Code::AlgNotAllowed);
                other_algorithms += 1;
            } else if row["maker"] != "jwcrypto" {
                assert_code(&case, result, Code::SignatureInvalid);
                other_keys += 1;
            }
        }
    }
    assert!(other_algorithms > 100 && other_keys == 6, "{other_algorithms} {other_keys}");
}

#[test]
fn t12_a_public_key_never_verifies_hmac() {
    for row in rows("python/keys.json", "good") {
        let (case, pem) = (row["case"].as_str().unwrap(), row["pem"].as_str().unwrap());
        let public =
            source(&format!(r#"{{"method":"publicKey","alg":{},"key":{}}}"#, row["alg"], row["pem"]))
                .unwrap();
        let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        for secret in
            [pem.as_bytes(), pem.trim().as_bytes(), format!("\n {pem}").as_bytes(), der.as_bytes(), b""]
        {
            let forged = signed_with(secret, HS256.as_bytes(), b"{}");
            assert_code(case, verify(&forged, core::slice::from_ref(&public)), Code::AlgNotAllowed);
        }
    }
}

#[test]
fn t13_a_key_serves_the_configured_algorithm_only() {
    let rows = rows("python/signed.json", "tokens");
    let row = |alg: &str| rows.iter().find(|row| row["alg"] == alg && row["maker"] == "PyJWT").unwrap();
    let settings = row("RS256")["key"].to_string();
    let error = verify(row("PS256")["token"].as_str().unwrap(), &[source(&settings).unwrap()]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The algorithm is not the one of the configured key. At header/alg. Expected RS256. Got PS256."
    );
    assert_code(
        "same bytes, other hash",
        verify(&signed(r#"{"alg":"HS512"}"#, b"{}"), &[hs256()]),
        Code::AlgNotAllowed,
    );
}

#[test]
fn t15_to_t17_keys_and_addresses_in_the_token_mean_nothing() {
    let attacker = r#""jwk":{"kty":"oct","k":"YXR0YWNrZXIncyBrZXkgb2YgMzIgYnl0ZXMgb2suLi4"}"#;
    for header in [
        format!(r#"{{"alg":"HS256",{attacker}}}"#),
        r#"{"alg":"HS256","jku":"http://127.0.0.1:1/keys"}"#.into(),
        r#"{"alg":"HS256","x5u":"http://127.0.0.1:1/keys"}"#.into(),
        r#"{"alg":"HS256","x5c":["MIIB"]}"#.into(),
    ] {
        let forged = signed_with(b"attacker's key of 32 bytes ok...", header.as_bytes(), b"{}");
        assert_code(&header, verify(&forged, &[hs256()]), Code::SignatureInvalid);
        assert!(verify(&signed(&header, b"{}"), &[hs256()]).is_ok(), "with the right key they do no harm");
    }
}

#[test]
fn t23_ecdsa_numbers_out_of_range_are_refused() {
    let rows = rows("python/signed.json", "tokens");
    let row = rows.iter().find(|row| row["alg"] == "ES256").unwrap();
    let sources = [source(&row["key"].to_string()).unwrap()];
    let (input, signature) = row["token"].as_str().unwrap().rsplit_once('.').unwrap();
    let good = base64url::decode(signature).unwrap();
    let order = [
        &[0xff; 4][..],
        &[0; 4],
        &[0xff; 8],
        &[0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51],
    ]
    .concat();
    let zero = [0; 32];
    let (r, s) = good.split_at(32);
    for (case, bytes) in [
        ("r = s = 0", [&zero[..], &zero].concat()),
        ("r = 0", [&zero, s].concat()),
        ("s = 0", [r, &zero].concat()),
        ("r = n", [&order, s].concat()),
        ("s = n", [r, &order].concat()),
        ("r = s = 2^256 - 1", vec![0xff; 64]),
        ("63 bytes", good[..63].to_vec()),
        ("65 bytes", [&good[..], &[0]].concat()),
        ("a zero in front", [&[0], &good[..]].concat()),
        ("no bytes", Vec::new()),
        ("r and s exchanged", [s, r].concat()),
    ] {
        let token = format!("{input}.{}", base64url::encode(&bytes));
        assert_code(case, verify(&token, &sources), Code::SignatureInvalid);
    }
}

#[test]
fn t25_and_t28_other_paddings_salts_and_spellings_are_refused() {
    for row in rows("python/refused.json", "tokens") {
        let sources = [source(&row["key"].to_string()).unwrap()];
        let error = verify(row["token"].as_str().unwrap(), &sources).unwrap_err();
        assert_eq!(error.code(), Code::SignatureInvalid, "{}", row["case"]);
        assert_eq!(error.detail(), None, "a wrong signature says nothing more: {}", row["case"]);
    }
}

#[test]
fn t31_hmac_is_compared_in_constant_time() {
    let source = include_str!("../../../src/jose/algorithm/hmac.rs");
    let lines: Vec<_> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    assert!(lines.iter().any(|line| line.contains(".verify_slice(")));
    assert!(lines.iter().all(|line| !line.contains("==")), "no comparison that ends early");
}

#[test]
fn a_signature_of_another_length_is_refused() {
    let token = signed(HS256, b"{}");
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mac = base64url::decode(signature).unwrap();
    for bytes in [&mac[..31], &mac[..16], &mac[..1], &[], &[&mac[..], &[0]].concat()] {
        let cut = format!("{input}.{}", base64url::encode(bytes));
        assert_code("cut", verify(&cut, &[hs256()]), Code::SignatureInvalid);
    }
}

#[test]
fn with_several_sources_the_one_that_fits_decides() {
    let rows = rows("python/signed.json", "tokens");
    let row = rows.iter().find(|row| row["alg"] == "ES256" && row["maker"] == "PyJWT").unwrap();
    let sources = [hs256(), source(&row["key"].to_string()).unwrap()];
    assert_eq!(verify(row["token"].as_str().unwrap(), &sources).unwrap().source(), 1);
    assert_eq!(verify(&signed(HS256, b"{}"), &sources).unwrap().source(), 0);
    assert_code("none", verify(&signed(HS256, b"{}"), &[]), Code::KeysMissing);
    let forged = signed_with(b"another secret", HS256.as_bytes(), b"{}");
    assert_code("forged", verify(&forged, &sources), Code::SignatureInvalid);
    let nine: Vec<_> = (0..9).map(|_| hs256()).collect();
    assert!(verify(&signed(HS256, b"{}"), &nine[..8]).is_ok());
    assert_code("nine sources", verify(&signed(HS256, b"{}"), &nine), Code::SettingsInvalid);
}

#[test]
fn a_key_set_that_must_be_fetched_says_so_before_a_signature_fails() {
    let vectors = vectors("python/key_set.json");
    let token = vectors["tokens"][0]["token"].as_str().unwrap();
    let old = rows("python/signed.json", "tokens");
    let old = old.iter().find(|row| row["maker"] == "PyJWT, RSA of 4096 bits").unwrap();
    let fetched = source(r#"{"method":"jwks","url":"https://id.acme.example/keys"}"#).unwrap();
    let mut sources = [source(&old["key"].to_string()).unwrap(), fetched];
    assert_eq!(sources[1].url(), Some("https://id.acme.example/keys"));
    assert_code("not loaded", verify(token, &sources), Code::KeySetNotLoaded);
    let without = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"x","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    sources[1].install(without.as_bytes()).unwrap();
    assert_code("rotated", verify(token, &sources), Code::KidUnknown);
    let remarks = sources[1].install(vectors["keySet"].to_string().as_bytes()).unwrap();
    assert!(remarks.iter().all(|remark| remark.warning == Warning::KeySkipped));
    assert_eq!(verify(token, &sources).unwrap().source(), 1);
    assert_code("HMAC needs no fetching", verify(&signed(HS256, b"{}"), &sources), Code::AlgNotAllowed);
    assert_code("a broken set", sources[1].install(b"<html>"), Code::KeySetInvalid);
    assert!(verify(token, &sources).is_ok(), "the earlier set stays");
}

#[test]
fn a_revoked_source_verifies_nothing() {
    let settings = |status: &str| {
        source(&format!(
            r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8","id":"a","status":"{status}"}}"#
        ))
    };
    let token = signed(HS256, b"{}");
    for status in ["next", "active", "retiring"] {
        assert!(verify(&token, &[settings(status).unwrap()]).is_ok(), "{status}");
    }
    assert_code("revoked", verify(&token, &[settings("revoked").unwrap()]), Code::KeysMissing);
    assert_eq!(verify(&token, &[settings("revoked").unwrap(), hs256()]).unwrap().source(), 1);
    assert_code("misspelt", settings("revoke"), Code::SettingsInvalid);
}

#[test]
fn a_key_of_a_set_that_stands_beside_it_as_revoked_verifies_nothing() {
    let key = |kid: &str, secret: &str| {
        format!(r#"{{"kty":"oct","kid":"{kid}","k":"{}"}}"#, base64url::encode(secret.as_bytes()))
    };
    let set = |keys: &[String], status: &str| {
        source(&format!(r#"{{"method":"jwks","keys":{{"keys":[{}]}},"status":"{status}"}}"#, keys.join(",")))
            .unwrap()
    };
    let other = "another secret of 64 bytes, which is as long as each HMAC needs!";
    let (good, bad) = (key("good", other), key("bad", SECRET));
    let whole = || set(&[good.clone(), bad.clone()], "active");
    let token = signed(r#"{"alg":"HS256","kid":"bad"}"#, b"{}");
    let verified = verify(&token, &[whole()]).unwrap();
    assert_eq!(whole().names_of(verified.key()), [whole().names()[1].clone()], "known by its own name");
    // Under another name it is the same key.
    let revoked = || set(&[key("renamed", SECRET)], "revoked");
    for sources in [[whole(), revoked()], [revoked(), whole()]] {
        assert_code("revoked", verify(&token, &sources), Code::KeyRevoked);
        let fine = signed_with(other.as_bytes(), br#"{"alg":"HS256","kid":"good"}"#, b"{}");
        assert!(verify(&fine, &sources).is_ok(), "and no other");
    }
}

#[test]
fn remarks_name_what_should_be_put_right() {
    let token = signed(r#"{"alg":"HS256","kid":"any"}"#, b"{}");
    let verified = verify(&token, &[hs256()]).unwrap();
    let remarks: Vec<_> =
        verified.remarks().iter().map(|remark| (remark.warning, remark.at.as_deref())).collect();
    assert_eq!(remarks, [(Warning::KidIgnored, Some("header/kid"))]);
    let short = r#"{"method":"symmetricKey","alg":"HS256","key":"sixteen bytes ok","encoding":"utf8"}"#;
    assert_code("short", source(short), Code::KeyTooShort);
    let short = KeySource::from_settings(&value(short), "/verify/0", true).unwrap();
    let verified = verify(&signed_with(b"sixteen bytes ok", HS256.as_bytes(), b"{}"), &[short]).unwrap();
    let remarks: Vec<_> =
        verified.remarks().iter().map(|remark| (remark.warning, remark.at.as_deref())).collect();
    assert_eq!(remarks, [(Warning::SecretShort, Some("/verify/0"))]);
}

#[test]
fn without_kid_the_only_key_that_fits_is_taken_where_that_is_allowed() {
    let vectors = vectors("python/key_set.json");
    let (set, _) = KeySet::fetched(vectors["keySet"].to_string().as_bytes(), None).unwrap();
    let signed = rows("python/signed.json", "tokens");
    let token = |alg: &str| {
        let row = signed.iter().find(|row| row["alg"] == alg && row["maker"] == "PyJWT").unwrap();
        row["token"].as_str().unwrap().to_owned()
    };
    for alg in ["RS256", "ES256", "EdDSA"] {
        let token = token(alg);
        let compact = Compact::parse(&token).unwrap();
        assert!(jws::verify_with(&compact, &set, true, &mut Host::none()).is_ok(), "{alg}");
        assert_code(alg, jws::verify_with(&compact, &set, false, &mut Host::none()), Code::KidMissing);
    }
    assert_code(
        "no key for it",
        jws::verify_with(&Compact::parse(&token("HS256")).unwrap(), &set, true, &mut Host::none()),
        Code::AlgNotAllowed,
    );
    let two = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},{"kty":"OKP","crv":"Ed25519","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}]}"#;
    let (two, _) = KeySet::fetched(two.as_bytes(), None).unwrap();
    assert_code(
        "two keys fit",
        jws::verify_with(&Compact::parse(&token("EdDSA")).unwrap(), &two, true, &mut Host::none()),
        Code::KidMissing,
    );
}

#[test]
fn what_is_signed_here_verifies_here() {
    let key = Key::from_secret(SECRET.as_bytes(), handstamp::jose::Signature::HS256, false).unwrap();
    let header = common::object(r#"{"typ":"JWT","kid":"k"}"#);
    let token = jws::sign_hmac(&header, "{\"a\":\"é\"}".as_bytes(), &key).unwrap();
    let verified = verify(&token, &[hs256()]).unwrap();
    assert_eq!(
        Value::from(verified.header().members().clone()).to_text(),
        r#"{"alg":"HS256","typ":"JWT","kid":"k"}"#
    );
    assert_eq!(verified.payload(), "{\"a\":\"é\"}".as_bytes());
    let other = common::object(r#"{"alg":"HS512"}"#);
    assert_code("another alg", jws::sign_hmac(&other, b"{}", &key), Code::AlgNotAllowed);
    assert_code(
        "alg is no text",
        jws::sign_hmac(&common::object(r#"{"alg":1}"#), b"{}", &key),
        Code::HeaderInvalid,
    );
    let pem = rows("python/keys.json", "good")[0]["pem"].as_str().unwrap().to_owned();
    let public = Key::from_pem(&pem, handstamp::jose::Signature::RS256).unwrap();
    assert_code("a public key", jws::sign_hmac(&common::object("{}"), b"{}", &public), Code::KeyWrongType);
}
