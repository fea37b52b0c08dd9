//! The command line as people use it: files in, text or JSON out, and its exit codes.

mod common;

use common::{file, good, root, run, text};
use serde_json::{Value, json};
use std::fs;

const NOW: i64 = 1_900_000_000;
const CLAIMS: &str = r#"{"sub":"1234","campaignId":"123456","exp":1900000300}"#;

#[test]
fn every_signature_algorithm_makes_keys_and_tokens_that_verify() {
    for alg in [
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
        "ES512", "EdDSA",
    ] {
        let key = good(&["keys", "generate", "--alg", alg, "--kid", "one", "--seed", "sign"], "");
        let private = file(&format!("{alg}.json"), &key);
        let token = good(&["token", "sign", "--key", text(&private)], CLAIMS);
        let mut keys = vec![private.clone()];
        if !alg.starts_with("HS") {
            let pem = good(&["keys", "public", "--form", "pem", text(&private)], "");
            assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----"), "{pem}");
            let public = good(
                &["keys", "generate", "--alg", alg, "--kid", "one", "--seed", "sign", "--form", "jwks"],
                "",
            );
            assert!(!public.contains("\"d\""), "{public}");
            keys = vec![file(&format!("{alg}.pem"), &pem), file(&format!("{alg}.jwks.json"), &public)];
            // The private PEM signs as well.
            let pem = good(&["keys", "generate", "--alg", alg, "--seed", "sign", "--form", "pem"], "");
            let private = file(&format!("{alg}.private.pem"), &pem);
            good(&["token", "sign", "--alg", alg, "--key", text(&private)], CLAIMS);
        }
        for key in keys {
            let said = good(
                &["--json", "token", "verify", "--key", text(&key), "--alg", alg, "--now", &NOW.to_string()],
                &format!("{token}\n"),
            );
            let said: Value = serde_json::from_str(&said).unwrap();
            assert_eq!((&said["header"]["alg"], &said["claims"]["sub"]), (&alg.into(), &"1234".into()));
        }
    }
}

#[test]
fn every_way_of_encrypting_is_decrypted_by_the_settings() {
    let signing =
        file("encrypt-sign.json", &good(&["keys", "generate", "--alg", "ES256", "--seed", "s"], ""));
    let token = good(&["token", "sign", "--key", text(&signing)], CLAIMS);
    let public = good(&["keys", "public", text(&signing)], "");
    let verify = json!({ "method": "publicKey", "alg": "ES256", "key": serde_json::from_str::<Value>(&public).unwrap() });
    let mut tried = 0;
    for alg in ["dir", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A256GCMKW", "ECDH-ES", "ECDH-ES+A256KW"] {
        for enc in ["A128GCM", "A256GCM", "A256CBC-HS512"] {
            for crv in if alg.starts_with("ECDH") { &["P-256", "P-384", "P-521"][..] } else { &["P-256"] } {
                let key =
                    good(&["keys", "generate", "--alg", alg, "--enc", enc, "--crv", crv, "--seed", "e"], "");
                let mut private: Value = serde_json::from_str(&key).unwrap();
                let recipient = if alg.starts_with("ECDH") {
                    good(&["keys", "public", "-"], &key)
                } else {
                    private.as_object_mut().unwrap().remove("use");
                    private.as_object_mut().unwrap().remove("alg");
                    private.to_string()
                };
                let path = file(&format!("recipient-{tried}.json"), &recipient);
                let with = ["token", "encrypt", "--key", text(&path), "--alg", alg, "--enc", enc];
                let encrypted = good(&with, &token);
                assert_eq!(encrypted.split('.').count(), 5);
                let settings =
                    json!({ "verify": verify, "decrypt": { "key": private, "alg": alg, "enc": enc } });
                let settings = file(&format!("settings-{tried}.json"), &settings.to_string());
                good(
                    &["token", "verify", "--settings", text(&settings), "--now", &NOW.to_string()],
                    &encrypted,
                );
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 36);
    // RSA-OAEP is encrypted here; only WebCrypto decrypts it.
    for alg in ["RSA-OAEP", "RSA-OAEP-256"] {
        let key = good(&["keys", "generate", "--alg", alg, "--seed", "e"], "");
        let path = file("recipient-rsa.json", &good(&["keys", "public", "-"], &key));
        let encrypted =
            good(&["token", "encrypt", "--key", text(&path), "--alg", alg, "--enc", "A256GCM"], &token);
        assert_eq!(encrypted.split('.').nth(1).unwrap().len(), 342, "256 bytes");
    }
}

#[test]
fn the_published_example_expired_before_it_was_issued_and_the_issuer_fixes_it() {
    let claims = r#"{ "sub": "298776628", "iat": 1619102989, "exp": 1619101489, "iss": "ABC Company", "campaignId": "123456" }"#;
    let key = file("example.json", &good(&["keys", "generate", "--alg", "HS256"], ""));
    let token = good(&["token", "sign", "--key", text(&key)], claims);
    let said = run(&["token", "explain", "--key", text(&key), "--campaign", "123456", &token], "");
    assert_eq!(said.code, 1);
    assert!(said.out.starts_with("rejected  exp_before_iat\n"), "{}", said.out);
    for line in [
        "got: 1,500 seconds (25 minutes) before iat",
        "who fixes it: the issuer: the team that creates the token",
        "how: Set exp",
    ] {
        assert!(said.out.contains(line), "{line} in {}", said.out);
    }
    assert!(!said.out.contains('\u{1b}'), "no colours but on a terminal");
    assert!(!said.out.contains("298776628") && !said.out.contains(&token[40..60]), "no value, no token");
    let said = run(&["--json", "token", "explain", "--key", text(&key)], &token);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (said.code, &report["verdict"], &report["code"]),
        (1, &"rejected".into(), &"exp_before_iat".into())
    );
}

#[test]
fn exit_codes_tell_a_refusal_from_a_wrong_command_and_a_file_that_is_not_there() {
    let key = file("codes.json", &good(&["keys", "generate", "--alg", "HS256"], ""));
    let other = file("codes-other.json", &good(&["keys", "generate", "--alg", "HS256"], ""));
    let token = good(&["token", "sign", "--key", text(&key), "--expires-in", "300"], CLAIMS);
    assert_eq!(run(&["token", "verify", "--key", text(&key), &token], "").code, 0);
    let refused = run(&["--json", "token", "verify", "--key", text(&other), &token], "");
    assert_eq!(refused.code, 1);
    assert_eq!(serde_json::from_str::<Value>(&refused.out).unwrap()["code"], "signature_invalid");
    assert_eq!(run(&["token", "verify"], &token).code, 2);
    assert_eq!(run(&["tokens"], "").code, 2);
    let place = ["--to", "http://127.0.0.1:9", "--client", "operator", "--account", "acme"];
    let removed = run(&[&["people", "remove"][..], &place, &["-ZtoI-NUcTkxxdIL"]].concat(), "");
    assert_eq!(removed.code, 3, "an id may begin with a hyphen: {}", removed.err);
    let missing = run(&["token", "verify", "--key", "/nowhere/key.json", &token], "");
    assert_eq!(missing.code, 3);
    assert!(missing.err.contains("cannot read /nowhere/key.json"), "{}", missing.err);
    assert_eq!(run(&["token", "verify", "--key", text(&key)], "").code, 3, "no token");
}

#[test]
fn a_secret_from_a_file_is_read_without_its_line_break() {
    let path = file("secret.txt", "a secret of exactly 32 bytes ...\n");
    let with = ["--key", text(&path), "--alg", "HS256", "--encoding", "utf8"];
    let token = good(&[&["token", "sign"][..], &with].concat(), CLAIMS);
    good(&[&["token", "verify", "--now", "1900000000"][..], &with].concat(), &token);
}

#[test]
fn a_key_set_is_looked_at_before_customers_find_out() {
    let one = |kid: &str| -> Value {
        let key = good(&["keys", "generate", "--alg", "ES256", "--kid", kid, "--seed", kid, "--public"], "");
        serde_json::from_str(&key).unwrap()
    };
    let lint = |keys: Value| {
        let said = run(&["--json", "jwks", "lint"], &json!({ "keys": keys }).to_string());
        let out: Value = serde_json::from_str(&said.out).unwrap();
        let codes: Vec<String> = out["remarks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["code"].as_str().unwrap().to_owned())
            .collect();
        (said.code, codes)
    };
    assert_eq!(lint(json!([one("a"), one("b")])), (0, vec![]));
    assert_eq!(lint(json!([one("a"), one("a")])), (1, vec!["kid_ambiguous".to_owned()]));
    let mut bad = one("a");
    bad["d"] = "AQ".into();
    assert!(lint(json!([bad])).1.contains(&"key_is_private".to_owned()));
    let mut plain = one("a");
    for member in ["alg", "use", "kid"] {
        plain.as_object_mut().unwrap().remove(member);
    }
    assert_eq!(
        lint(json!([plain])),
        (1, ["kid_missing", "alg_missing", "key_use"].map(str::to_owned).to_vec())
    );
    assert_eq!(lint(json!([])).1, ["key_set_empty"]);
}

#[test]
fn a_key_that_another_reader_judges_differently_is_named() {
    let made = |alg: &str| -> Value {
        let key = good(&["keys", "generate", "--alg", alg, "--kid", alg, "--seed", alg, "--public"], "");
        serde_json::from_str(&key).unwrap()
    };
    let differing = |keys: Value| -> Vec<(String, String)> {
        let said = run(&["--json", "jwks", "lint"], &json!({ "keys": keys }).to_string());
        let out: Value = serde_json::from_str(&said.out).unwrap();
        let rows = out["remarks"].as_array().unwrap().iter().filter(|row| row["code"] == "readers_differ");
        rows.map(|row| (row["path"].as_str().unwrap().to_owned(), row["says"].as_str().unwrap().to_owned()))
            .collect()
    };
    assert_eq!(differing(json!([made("ES256"), made("EdDSA"), made("ES512")])), []);
    // Its types have no name for an algorithm of JWE, and none for Ed448 as an algorithm of its own.
    let of_encryption = differing(json!([made("ES256"), made("ECDH-ES+A256KW")]));
    assert_eq!(of_encryption.len(), 1);
    assert!(
        of_encryption[0].0 == "/keys/1" && of_encryption[0].1.contains("the whole set"),
        "{of_encryption:?}"
    );
    // It does not look at points: this one is on no curve.
    let mut off = made("ES256");
    off["y"] = off["x"].clone();
    let off = differing(json!([off]));
    assert!(off.len() == 1 && off[0].1.contains("not used here"), "{off:?}");
}

#[test]
fn account_documents_are_checked_with_the_path_of_every_fault() {
    let mut checked = 0;
    for entry in fs::read_dir(root().join("worker/accounts")).unwrap() {
        let path = entry.unwrap().path();
        good(&["account", "check", "--development", text(&path)], "");
        checked += 1;
    }
    assert!(checked >= 2);
    let said = run(&["--json", "account", "check"], r#"{ "account": "acme", "orgins": [] }"#);
    assert_eq!(said.code, 1);
    let out: Value = serde_json::from_str(&said.out).unwrap();
    assert!(out["faults"].as_array().unwrap().iter().any(|fault| fault["path"] == "/orgins"), "{out}");
}

#[test]
fn the_pack_is_made_again_byte_for_byte_and_holds() {
    let path = root().join("tests/vectors/tokens/pack.json");
    let kept = fs::read_to_string(&path).unwrap();
    let made = run(&["pack", "make", "--seed", "handstamp"], "");
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    assert!(made.out == kept, "made anew by `handstamp pack make --seed handstamp`, the pack is another");
    let said = good(&["--json", "pack", "check", text(&path)], "");
    let out: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((out["rows"].as_i64(), out["differing"].as_array().map(Vec::len)), (Some(154), Some(0)));
    let mut changed: Value = serde_json::from_str(&kept).unwrap();
    changed["rows"][0]["code"] = "token_expired".into();
    assert_eq!(run(&["pack", "check", "-"], &changed.to_string()).code, 1);
    // A row whose code is not the one it is meant to show would be no example of it.
    for row in changed["rows"].as_array().unwrap().iter().skip(1) {
        let found = row["found"].as_array().unwrap();
        assert!(row["code"].is_null() == found.is_empty(), "{}", row["name"]);
        assert!(row["code"].is_null() || found.contains(&row["code"]), "{}", row["name"]);
    }
}
