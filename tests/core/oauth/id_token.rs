//! ID tokens: every claim, the signature, and the keys. The cases follow the OpenID Foundation's tests for relying
//! parties.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{Code, jose::base64url};
use hmac::{Hmac, KeyInit, Mac};
use login::{
    ISSUER, NOW, SECRET, Server, Signer256, account, at_hash, detail, json_answer, purposes, sign_hs256,
    text_answer, unsigned,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The refusal of the ID token whose claims were changed.
#[track_caller]
fn id_token_refusal(patch: Value) -> (Code, String, String) {
    let mut server = Server::new();
    login::merge(&mut server.id_claims, patch);
    let error = server.refusal(&account(json!({})));
    let (at, _, got) = detail(&error);
    (error.code(), at, got)
}

#[test]
fn every_single_claim_of_the_id_token_counts() {
    let wrong = |at: &str, got: &str| (Code::IdTokenInvalid, format!("id_token/{at}"), got.to_owned());
    assert_eq!(id_token_refusal(json!({ "sub": null })), wrong("sub", "nothing"));
    assert_eq!(id_token_refusal(json!({ "sub": 7 })), wrong("sub", "a number"));
    assert_eq!(
        id_token_refusal(json!({ "sub": "a\u{0}b" })),
        wrong("sub", "a string that is empty, too long or has control characters")
    );
    assert_eq!(id_token_refusal(json!({ "iat": null })), wrong("iat", "nothing"));
    assert_eq!(id_token_refusal(json!({ "aud": ["hand stamp:1", "other"] })), wrong("azp", "nothing"));
    assert_eq!(id_token_refusal(json!({ "azp": "other" })), wrong("azp", "a different client"));
    assert_eq!(id_token_refusal(json!({ "azp": 1 })), wrong("azp", "a number"));
    let cases = [
        (json!({ "iss": "https://evil.example" }), "/iss", "issuer_mismatch"),
        (json!({ "iss": format!("{ISSUER}/") }), "/iss", "issuer_mismatch"),
        (json!({ "iss": null }), "/iss", "issuer_missing"),
        (json!({ "iss": [ISSUER] }), "/iss", "claim_type"),
        (json!({ "aud": "another client" }), "/aud", "audience_mismatch"),
        (json!({ "aud": null }), "/aud", "audience_missing"),
        (json!({ "aud": [] }), "/aud", "audience_mismatch"),
        (json!({ "aud": ["hand stamp:1", 5] }), "/aud/1", "claim_type"),
        (json!({ "exp": null }), "/exp", "expiry_missing"),
        (json!({ "exp": "soon" }), "/exp", "claim_type"),
        (json!({ "exp": NOW - 61, "iat": NOW - 300 }), "/exp", "token_expired"),
        (json!({ "exp": (NOW + 300) * 1000 }), "/exp", "exp_looks_like_milliseconds"),
        (json!({ "iat": NOW + 301, "exp": NOW + 900 }), "/iat", "iat_in_future"),
        (json!({ "nbf": NOW + 301 }), "/nbf", "token_not_yet_valid"),
    ];
    for (patch, at, name) in cases {
        let (code, found, got) = id_token_refusal(patch.clone());
        assert_eq!((code, found), (Code::IdTokenInvalid, format!("id_token{at}")), "{patch}");
        assert!(got.starts_with(name), "{patch}: {got}");
    }
}

#[test]
fn good_variants_of_the_id_token_are_accepted() {
    let variants = [
        json!({ "aud": ["hand stamp:1"] }),
        json!({ "aud": ["other", "hand stamp:1"], "azp": "hand stamp:1" }),
        json!({ "azp": "hand stamp:1" }),
        json!({ "exp": NOW - 60, "iat": NOW - 300 }),
        json!({ "at_hash": at_hash("opaque-access-token") }),
    ];
    for patch in variants {
        let mut server = Server::new();
        login::merge(&mut server.id_claims, patch.clone());
        assert!(server.redeem(&account(json!({}))).0.is_ok(), "{patch}");
    }
}

#[test]
fn a_code_of_another_sign_in_is_seen_by_its_nonce() {
    for nonce in [json!("bm9uY2Utb2Ytc2l4dGVlbZ"), json!(""), Value::Null, json!(5)] {
        let (code, at, _) = id_token_refusal(json!({ "nonce": nonce }));
        assert_eq!((code, at.as_str()), (Code::NonceMismatch, "id_token/nonce"), "{nonce}");
    }
}

#[test]
fn an_access_token_that_does_not_belong_to_the_id_token_is_seen_by_its_hash() {
    for hash in [json!(at_hash("another")), json!(""), json!(1)] {
        let (code, at, _) = id_token_refusal(json!({ "at_hash": hash }));
        assert_eq!((code, at.as_str()), (Code::IdTokenInvalid, "id_token/at_hash"));
    }
}

/// The hash is that of the algorithm (OpenID Connect Core section 3.1.3.6): each algorithm with its own, and with those of
/// the others.
#[test]
fn the_hash_of_an_access_token_is_that_of_the_algorithm() {
    const LONG: &str = "a client secret that is long enough for each HMAC: sixty-four bytes.";
    let access = "opaque-access-token";
    let half = |hash: &[u8]| json!(base64url::encode(&hash[..hash.len() / 2]));
    let hashes =
        [half(&Sha256::digest(access)), half(&Sha384::digest(access)), half(&Sha512::digest(access))];
    // A whole hash is none, nor is the right half.
    let none = [
        json!(base64url::encode(&Sha512::digest(access))),
        json!(base64url::encode(&Sha512::digest(access)[32..])),
    ];
    type Sign = fn(&str) -> (Vec<u8>, Value);
    macro_rules! mac {
        ($hash:ident) => {
            |input| {
                let mac = Hmac::<$hash>::new_from_slice(LONG.as_bytes()).unwrap();
                (mac.chain_update(input).finalize().into_bytes().to_vec(), Value::Null)
            }
        };
    }
    macro_rules! curve {
        ($curve:ident, $crv:literal, $bytes:literal) => {
            |input| {
                use $curve::ecdsa::{Signature, SigningKey, signature::Signer};
                let mut number = [7; $bytes];
                number[0] = 0;
                let key = SigningKey::from_slice(&number).unwrap();
                let signature: Signature = key.sign(input.as_bytes());
                let public = key.verifying_key().to_sec1_point(false);
                let (x, y) = public.as_bytes()[1..].split_at($bytes);
                let (x, y) = (base64url::encode(x), base64url::encode(y));
                (signature.to_bytes().to_vec(), json!({ "kty": "EC", "crv": $crv, "x": x, "y": y, "kid": "k1" }))
            }
        };
    }
    let ed25519: Sign = |input| {
        use ed25519_dalek::{Signer, SigningKey};
        let key = SigningKey::from_bytes(&[7; 32]);
        let x = base64url::encode(key.verifying_key().as_bytes());
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "k1" });
        (key.sign(input.as_bytes()).to_bytes().to_vec(), jwk)
    };
    let rows: [(&str, &[usize], Sign); 8] = [
        ("HS256", &[0], mac!(Sha256)),
        ("HS384", &[1], mac!(Sha384)),
        ("HS512", &[2], mac!(Sha512)),
        ("ES256", &[0], curve!(p256, "P-256", 32)),
        ("ES384", &[1], curve!(p384, "P-384", 48)),
        ("ES512", &[2], curve!(p521, "P-521", 66)),
        // No standard says which: of SHA-512, as in the signature itself, and SHA-256, either is met.
        ("EdDSA", &[0, 2], ed25519),
        ("Ed25519", &[0, 2], ed25519),
    ];
    for (alg, own, sign) in rows {
        for (index, hash) in hashes.iter().chain(&none).enumerate() {
            let mut server = Server::new();
            login::merge(&mut server.id_claims, json!({ "at_hash": hash }));
            let part = |value: &Value| base64url::encode(value.to_string().as_bytes());
            let input = format!("{}.{}", part(&json!({ "alg": alg, "kid": "k1" })), part(&server.id_claims));
            let (signature, jwk) = sign(&input);
            server.key_sets = vec![vec![jwk]];
            server.metadata["id_token_signing_alg_values_supported"] = json!([alg]);
            server.id_token = Some(json!(format!("{input}.{}", base64url::encode(&signature))));
            let mut input = login::redemption(&account(json!({})));
            input["secrets"]["OIDC_CLIENT"] = json!(LONG);
            let (done, _) = login::play(handstamp::oauth::redeem, &input, |request| server.answer(request));
            match done {
                Ok(_) => assert!(own.contains(&index), "{alg} takes the hash {index}"),
                Err(error) => {
                    assert!(!own.contains(&index), "{alg}: {error}");
                    assert_eq!(detail(&error).0, "id_token/at_hash", "{alg}: {error}");
                }
            }
        }
    }
}

#[test]
fn unsigned_and_wrongly_signed_id_tokens_are_refused() {
    let server = Server::new();
    let good = server.signer.sign(&json!({}), &server.id_claims);
    let (body, _) = good.rsplit_once('.').unwrap();
    let other = Signer256::new(Some("k1"), 8).sign(&json!({}), &server.id_claims);
    let public = server.signer.jwk().to_string();
    let encrypted = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA";
    let typed = server.signer.sign(&json!({ "typ": "logout+jwt" }), &server.id_claims);
    let cases = [
        ("none", json!(unsigned(&server.id_claims)), "alg_none"),
        ("a key of another", json!(other), "signature_invalid"),
        ("no signature", json!(format!("{body}.")), "signature_invalid"),
        ("a public key as secret", json!(sign_hs256(&public, &server.id_claims)), "signature_invalid"),
        ("not a token", json!("not-a-token"), "token_segments"),
        ("another kind of token", json!(typed), "logout+jwt"),
        ("encrypted", json!(encrypted), "an encrypted token"),
    ];
    for (name, token, got) in cases {
        let mut server = Server::new();
        server.id_token = Some(token);
        let error = server.refusal(&account(json!({})));
        assert_eq!(error.code(), Code::IdTokenInvalid, "{name}");
        assert!(detail(&error).2.starts_with(got), "{name}: {error}");
    }
}

#[test]
fn each_changed_character_of_the_signature_is_noticed() {
    let server = Server::new();
    let good = server.signer.sign(&json!({}), &server.id_claims);
    let start = good.rfind('.').unwrap() + 1;
    // The last character carries bits that do not count; the reader refuses it for that.
    for position in start..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        let mut server = Server::new();
        server.id_token = Some(json!(String::from_utf8(changed).unwrap()));
        assert_eq!(server.refusal(&account(json!({}))).code(), Code::IdTokenInvalid, "{position}");
    }
}

#[test]
fn an_id_token_may_be_signed_with_the_client_secret() {
    let mut server = Server::new();
    server.id_token = Some(json!(sign_hs256(SECRET, &server.id_claims)));
    let (done, requests) = server.redeem(&account(json!({})));
    assert!(done.is_ok());
    assert_eq!(purposes(&requests), ["discovery", "token", "userinfo"], "no key set is needed");
    server.id_token =
        Some(json!(sign_hs256("another secret of at least thirty-two bytes", &server.id_claims)));
    assert_eq!(server.refusal(&account(json!({}))).code(), Code::IdTokenInvalid);
    // A server that lists its algorithms is held to them.
    server.id_token = Some(json!(sign_hs256(SECRET, &server.id_claims)));
    server.metadata["id_token_signing_alg_values_supported"] = json!(["ES256"]);
    let error = server.refusal(&account(json!({})));
    assert_eq!((error.code(), detail(&error).2.as_str()), (Code::IdTokenInvalid, "alg_not_allowed (HS256)"));
}

#[test]
fn a_public_client_takes_no_id_token_signed_with_a_secret() {
    let mut server = Server::new();
    server.id_token = Some(json!(sign_hs256(SECRET, &server.id_claims)));
    let public =
        account(json!({ "clientAuth": { "method": "none", "secret": null }, "redirectUri": "account" }));
    assert_eq!(server.refusal(&public).code(), Code::IdTokenInvalid);
}

#[test]
fn a_missing_id_token_is_told() {
    for token in [json!(""), Value::Null] {
        let mut server = Server::new();
        server.answers = vec![(
            "token",
            json_answer(&json!({ "access_token": "a", "token_type": "Bearer", "id_token": token })),
        )];
        let code = server.refusal(&account(json!({}))).code();
        assert!(matches!(code, Code::IdTokenMissing | Code::IdTokenInvalid), "{code:?}");
    }
    let mut server = Server::new();
    server.answers = vec![("token", json_answer(&json!({ "access_token": "a", "token_type": "Bearer" })))];
    assert_eq!(server.refusal(&account(json!({}))).code(), Code::IdTokenMissing);
    // Without openid nobody asked for one, and the profile itself says who it is.
    let (done, requests) = server.redeem(&account(json!({ "scope": "profile" })));
    assert_eq!(done.unwrap()["subject"], json!("u-1"));
    assert_eq!(purposes(&requests), ["discovery", "token", "userinfo"]);
}

#[test]
fn keys_are_rotated_without_a_refusal() {
    let old = Signer256::new(Some("k0"), 9).jwk();
    let mut server = Server::new();
    server.key_sets.insert(0, vec![old.clone()]);
    let (done, requests) = server.redeem(&account(json!({})));
    assert!(done.is_ok());
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet", "keySet", "userinfo"]);
    assert_eq!((&requests[2]["refresh"], &requests[3]["refresh"]), (&json!(false), &json!(true)));
    // The same name for a new key: the signature tells.
    let mut server = Server::new();
    server.key_sets.insert(0, vec![Signer256::new(Some("k1"), 9).jwk()]);
    assert!(server.redeem(&account(json!({}))).0.is_ok());
    // Only once: a key that is nowhere is refused after the second set.
    let mut server = Server::new();
    server.key_sets = vec![vec![old]];
    let (done, requests) = server.redeem(&account(json!({})));
    let error = done.unwrap_err();
    assert_eq!((error.code(), detail(&error).2.as_str()), (Code::IdTokenInvalid, "kid_unknown"));
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet", "keySet"]);
}

#[test]
fn an_algorithm_that_is_not_listed_is_told_how_to_allow_it() {
    for (alg, names_the_secret) in [("HS256", true), ("ES384", false)] {
        let mut server = Server::new();
        server.metadata["id_token_signing_alg_values_supported"] = json!(["ES256"]);
        let part = |value: &Value| base64url::encode(value.to_string().as_bytes());
        let header = part(&json!({ "alg": alg, "kid": "k1" }));
        server.id_token = Some(json!(format!("{header}.{}.AAAA", part(&server.id_claims))));
        let error = server.refusal(&account(json!({})));
        let expected = detail(&error).1;
        assert!(expected.contains("id_token_signing_alg_values_supported"), "{alg}: {error}");
        assert_eq!(expected.contains("the client secret"), names_the_secret, "{alg}: {expected}");
    }
}

#[test]
fn a_token_without_kid_is_accepted_if_one_key_fits() {
    let nameless = Signer256::new(None, 7);
    let mut server = Server::new();
    server.signer = Signer256::new(None, 7);
    server.key_sets = vec![vec![nameless.jwk()]];
    assert!(server.redeem(&account(json!({}))).0.is_ok());
    // A key of another kind does not make it ambiguous.
    let rsa = json!({ "kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB", "kid": "r" });
    server.key_sets = vec![vec![rsa, Signer256::new(Some("k1"), 7).jwk()]];
    assert!(server.redeem(&account(json!({}))).0.is_ok());
    server.key_sets = vec![vec![nameless.jwk(), Signer256::new(Some("k2"), 8).jwk()]];
    let error = server.refusal(&account(json!({})));
    assert!(detail(&error).2.starts_with("kid_missing"), "{error}");
}

#[test]
fn a_key_set_that_cannot_be_had_is_not_the_tokens_fault() {
    let cases = [
        (json!({ "failed": "timeout" }), Code::KeySetUnavailable),
        (text_answer(500, "application/json", "{}"), Code::KeySetUnavailable),
        (text_answer(302, "", ""), Code::KeySetUnavailable),
        (text_answer(200, "text/html", "<html>"), Code::KeySetInvalid),
        (json_answer(&json!({ "keys": [] })), Code::KeySetEmpty),
    ];
    for (answer, code) in cases {
        let mut server = Server::new();
        server.answers = vec![("keySet", answer.clone())];
        let (refused, requests) = server.redeem(&account(json!({})));
        assert_eq!(refused.unwrap_err().code(), code, "{answer}");
        // A set that cannot be read may have been mended since; a server that does not answer is not asked again.
        let times = if code == Code::KeySetUnavailable { 1 } else { 2 };
        assert_eq!(purposes(&requests)[2..], ["keySet", "keySet"][..times], "{answer}");
    }
}

#[test]
fn a_client_secret_too_short_to_sign_is_a_matter_of_settings() {
    let mut server = Server::new();
    server.id_token = Some(json!(sign_hs256("short", &server.id_claims)));
    let input = json!({
        "account": account(json!({})), "secrets": { "OIDC_CLIENT": "short" }, "campaignId": "123456", "code": "c",
        "verifier": login::VERIFIER, "nonce": login::NONCE, "redirectUri": login::REDIRECT, "now": NOW,
    });
    let (done, _) = login::play(handstamp::oauth::redeem, &input, |request| server.answer(request));
    let error = done.unwrap_err();
    let (at, expected, got) = detail(&error);
    assert_eq!((error.code(), at.as_str()), (Code::ClientSecretShort, "/oauth/clientAuth/secret"));
    assert_eq!((expected.as_str(), got.as_str()), ("at least 32 bytes for HS256", "5 bytes"));
}
