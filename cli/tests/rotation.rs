//! Rotating keys on the command line: what each step makes of a file, and which steps are not taken.

mod common;

use common::{Run, file, run, text};
use serde_json::{Value, json};
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

const NOW: i64 = 1_900_000_000;
const HOUR: i64 = 3600;

/// One call for a file; what it says as JSON.
fn rotate(keys: &str, path: &Path, now: i64, more: &[&str]) -> (i32, Value) {
    let now = now.to_string();
    let arguments = [&["--json", "keys", "rotate", keys, text(path), "--now", &now][..], more].concat();
    let Run { code, out, err } = run(&arguments, "");
    (code, serde_json::from_str(&out).unwrap_or_else(|_| json!(err)))
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Name and status of every key.
fn keys(said: &Value) -> Vec<(String, String)> {
    let rows = said["keys"].as_array().unwrap().iter();
    rows.map(|row| (row["name"].as_str().unwrap().into(), row["status"].as_str().unwrap().into())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, status)| ((*name).to_owned(), (*status).to_owned())).collect()
}

fn secrets(name: &str) -> std::path::PathBuf {
    let ring = json!({ "environment": "production", "keys": [{ "kid": "a", "key": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", "status": "active" }] });
    file(name, &json!({ "NAME_KEY": "kept", "RING": ring.to_string() }).to_string())
}

#[test]
fn the_help_says_how_a_key_is_revoked() {
    let Run { code, out, .. } = run(&["keys", "rotate", "--help"], "");
    assert!(code == 0 && out.contains("To revoke a key") && out.contains("status to \"revoked\""), "{out}");
}

#[test]
fn the_ring_turns_and_every_step_waits_for_its_time() {
    let path = secrets("ring.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::read_to_string(&path).unwrap();
    let (code, said) = rotate("ring", &path, NOW, &[]);
    assert_eq!((code, keys(&said), &said["next"]["step"]), (0, pairs(&[("a", "active")]), &json!("add")));
    let (code, said) = rotate("ring", &path, NOW, &["--step", "add", "--dry-run", "--name", "b"]);
    assert_eq!((code, &said["written"]), (0, &json!(false)));
    assert_eq!(fs::read_to_string(&path).unwrap(), before, "only looked");

    let (code, said) = rotate("ring", &path, NOW, &["--step", "add", "--name", "b"]);
    assert_eq!((code, keys(&said)), (0, pairs(&[("a", "active"), ("b", "next")])));
    assert_eq!(said["next"], json!({ "step": "activate", "from": NOW + 600 }));
    assert!(!said.to_string().contains("AQEB"), "no key is shown");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    let ring: Value = serde_json::from_str(read(&path)["RING"].as_str().unwrap()).unwrap();
    assert_eq!((&read(&path)["NAME_KEY"], &ring["environment"]), (&json!("kept"), &json!("production")));
    assert_ne!(ring["keys"][0]["key"], ring["keys"][1]["key"]);

    let refused = |now, step: &[&str], code: &str| {
        let before = fs::read_to_string(&path).unwrap();
        let (exit, said) = rotate("ring", &path, now, step);
        assert_eq!((exit, said["refused"].as_str()), (1, Some(code)), "{said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), before, "a refused step writes nothing");
        said
    };
    refused(NOW, &["--step", "add"], "waiting_already");
    refused(NOW, &["--step", "drop"], "none_retiring");
    let said = refused(NOW + 599, &["--step", "activate"], "not_spread");
    assert_eq!(said["from"], NOW + 600);
    assert_eq!(rotate("ring", &path, NOW + 600, &["--step", "activate"]).0, 0);
    refused(NOW + 600, &["--step", "activate"], "none_waiting");
    // The life of a pass, and the time for which a machine may still have sealed with the key of before.
    let said = refused(NOW + 600 + 2 * HOUR, &["--step", "drop"], "not_outlived");
    assert_eq!(said["from"], NOW + 600 + 2 * HOUR + 600);
    let (code, said) = rotate("ring", &path, NOW + 1200 + 2 * HOUR, &["--step", "drop"]);
    assert_eq!((code, keys(&said)), (0, pairs(&[("b", "active")])));
    assert_eq!(said["next"]["step"], "add");
}

#[test]
fn what_nobody_has_noted_needs_a_word_of_the_operator() {
    let path = file(
        "ageless.json",
        &json!({ "environment": "dev", "keys": [
            { "kid": "a", "key": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", "status": "active" },
            { "kid": "b", "key": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI", "status": "next" },
            { "kid": "c", "key": "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM", "status": "retiring" }] })
        .to_string(),
    );
    for step in ["activate", "drop"] {
        let (code, said) = rotate("ring", &path, NOW, &["--step", step]);
        assert_eq!((code, &said["refused"]), (1, &json!("age_unknown")));
    }
    let (_, said) = rotate("ring", &path, NOW, &["--step", "activate", "--waited"]);
    assert_eq!(keys(&said), pairs(&[("a", "retiring"), ("b", "active"), ("c", "retiring")]));
    // Of two that retire, only the one goes whose time is over; the other has just begun.
    let (_, said) = rotate("ring", &path, NOW + 3 * HOUR, &["--step", "drop"]);
    assert_eq!(keys(&said), pairs(&[("b", "active"), ("c", "retiring")]));
    let (_, said) = rotate("ring", &path, NOW + 3 * HOUR, &["--step", "drop", "--waited"]);
    assert_eq!(keys(&said), pairs(&[("b", "active")]));
    let broken = file("broken.json", r#"{ "environment": "dev", "keys": [] }"#);
    assert_eq!(rotate("ring", &broken, NOW, &["--step", "add"]).0, 3);
}

fn document(secure_token: &Value) -> Value {
    json!({ "account": "acme", "secureToken": secure_token, "campaigns": { "1": {} } })
}

#[test]
fn a_customers_shared_secret_turns_under_a_new_name_each_time() {
    let verify = json!({ "id": "2025", "method": "symmetricKey", "key": { "secret": "TOKEN_KEY" }, "encoding": "utf8", "alg": "HS384" });
    let path =
        file("acme.json", &document(&json!({ "verify": verify, "maxLifetimeSeconds": 900 })).to_string());
    let store = path.with_file_name("acme.secrets.json");
    let _ = fs::remove_file(&store);
    assert_eq!(rotate("verify", &path, NOW, &["--step", "add"]).0, 3, "a document holds no secrets");
    let more = ["--secrets", text(&store), "--name", "2026"];
    let (code, said) = rotate("verify", &path, NOW, &[&["--step", "add"][..], &more].concat());
    assert_eq!((code, keys(&said)), (0, pairs(&[("2025", "active"), ("2026", "next")])), "{said}");
    assert_eq!(said["secrets"], json!(["TOKEN_KEY.2026"]));
    assert_eq!(read(&store)["TOKEN_KEY.2026"].as_str().unwrap().len(), 64, "48 bytes, as its hash");
    assert_eq!(fs::metadata(&store).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(
        !said.to_string().contains(read(&store)["TOKEN_KEY.2026"].as_str().unwrap()),
        "no secret is shown"
    );
    let key = &read(&path)["secureToken"]["verify"][1];
    assert_eq!(
        (&key["alg"], &key["encoding"], &key["since"]),
        (&json!("HS384"), &json!("base64url"), &json!(NOW))
    );

    assert_eq!(rotate("verify", &path, NOW + 14, &["--step", "activate"]).1["refused"], "not_spread");
    let (_, said) = rotate("verify", &path, NOW + 15, &["--step", "activate"]);
    assert_eq!(keys(&said), pairs(&[("2025", "retiring"), ("2026", "active")]));
    // Fifteen minutes of life and a minute of leeway.
    assert_eq!(said["next"], json!({ "step": "drop", "from": NOW + 15 + 960 }));
    assert_eq!(rotate("verify", &path, NOW + 974, &["--step", "drop"]).1["refused"], "not_outlived");
    let (_, said) = rotate("verify", &path, NOW + 975, &["--step", "drop"]);
    assert_eq!(keys(&said), pairs(&[("2026", "active")]));
    let third = ["--step", "add", "--secrets", text(&store), "--name", "2027"];
    assert_eq!(rotate("verify", &path, NOW + 975, &third).1["secrets"], json!(["TOKEN_KEY.2027"]));
}

#[test]
fn other_peoples_keys_are_given_and_unknown_lives_are_asked_for() {
    let key = |kid: &str| {
        let made = run(&["keys", "generate", "--alg", "ES256", "--public", "--kid", kid], "");
        serde_json::from_str::<Value>(&made.out).unwrap()
    };
    let entry = |id: &str| json!({ "id": id, "method": "publicKey", "key": key(id), "alg": "ES256" });
    let path = file("public.json", &document(&json!({ "verify": [entry("a"), entry("b")] })).to_string());
    assert_eq!(rotate("verify", &path, NOW, &["--step", "add"]).1["refused"], "several_active");
    assert_eq!(
        rotate("verify", &path, NOW, &["--step", "add", "--replaces", "a"]).0,
        3,
        "the customer makes it"
    );
    let fresh = file("c.json", &key("c").to_string());
    let add = ["--step", "add", "--replaces", "a", "--name", "c", "--key", text(&fresh)];
    assert_eq!(rotate("verify", &path, NOW, &add).0, 0);
    assert_eq!(rotate("verify", &path, NOW + HOUR, &["--step", "activate"]).1["refused"], "several_active");
    let (_, said) = rotate("verify", &path, NOW + HOUR, &["--step", "activate", "--replaces", "a"]);
    assert_eq!(keys(&said), pairs(&[("a", "retiring"), ("b", "active"), ("c", "active")]));
    assert_eq!(said["next"], json!({ "step": "drop", "from": null }));
    assert_eq!(rotate("verify", &path, NOW + 9 * HOUR, &["--step", "drop"]).1["refused"], "lifetime_unknown");
    let (_, said) = rotate("verify", &path, NOW + 9 * HOUR, &["--step", "drop", "--outlive", "28800"]);
    assert_eq!(keys(&said), pairs(&[("b", "active"), ("c", "active")]));
    let private = run(&["keys", "generate", "--alg", "ES256"], "").out;
    let private = file("private.json", &private);
    let add = ["--step", "add", "--replaces", "b", "--key", text(&private)];
    assert_eq!(rotate("verify", &path, NOW, &add).0, 3, "a private key has no place there");

    let set = json!({ "method": "jwks", "url": "https://id.acme.example/keys" });
    let path = file("set.json", &document(&json!({ "verify": set })).to_string());
    assert_eq!(rotate("verify", &path, NOW, &["--step", "add"]).1["refused"], "published_elsewhere");
}

#[test]
fn a_decryption_key_leaves_its_public_half_for_the_customer() {
    let key = json!({ "key": { "secret": "JWE" }, "alg": "ECDH-ES+A256KW", "enc": "A256GCM" });
    let verify = json!({ "method": "jwks", "url": "https://id.acme.example/keys" });
    let path = file("jwe.json", &document(&json!({ "verify": verify, "decrypt": key })).to_string());
    let store = path.with_file_name("jwe.secrets.json");
    let _ = fs::remove_file(&store);
    let add = ["--step", "add", "--secrets", text(&store), "--name", "e2"];
    let (code, said) = rotate("decrypt", &path, NOW, &add);
    assert_eq!((code, keys(&said)), (0, pairs(&[("JWE", "active"), ("e2", "next")])), "{said}");
    let public = &said["public"];
    assert_eq!((&public["kid"], &public["use"], public.get("d")), (&json!("e2"), &json!("enc"), None));
    let private: Value = serde_json::from_str(read(&store)["JWE.e2"].as_str().unwrap()).unwrap();
    assert_eq!((&private["x"], private["d"].is_string()), (&public["x"], true));
}

#[test]
fn a_client_secret_waits_until_the_login_server_knows_it() {
    let oauth = |method: &str| {
        json!({ "account": "acme", "origins": ["https://www.acme.example"], "campaigns": { "1": { "signIn": ["oauth"] } },
        "oauth": { "issuer": "https://id.acme.example", "clientId": "c", "sendsIss": true, "clientAuth": { "method": method, "secret": { "secret": "OIDC" } } } })
    };
    for method in ["client_secret_basic", "private_key_jwt"] {
        let path = file(&format!("{method}.json"), &oauth(method).to_string());
        let store = file(&format!("{method}.secrets.json"), r#"{ "OIDC": "the old one", "OTHER": "kept" }"#);
        let given = file("given.txt", "the new one\n");
        let more = ["--secrets", text(&store)];
        let with = |step: &[&str]| rotate("client", &path, NOW, &[step, &more].concat());
        assert_eq!(with(&["--step", "activate"]).1["refused"], "none_waiting");
        let is_key = method == "private_key_jwt";
        let key: &[&str] = if is_key { &[] } else { &["--key", text(&given)] };
        let (code, said) = with(&[&["--step", "add", "--name", "n"][..], key].concat());
        assert_eq!((code, keys(&said)), (0, pairs(&[("OIDC", "active"), ("OIDC.n", "next")])), "{said}");
        assert_eq!(said["public"]["kid"].as_str(), is_key.then_some("n"));
        assert_eq!(with(&["--step", "add"]).1["refused"], "waiting_already");
        assert_eq!(
            read(&path).pointer("/oauth/clientAuth/secret/secret"),
            Some(&json!("OIDC")),
            "still the old one"
        );
        let value = read(&store)["OIDC.n"].as_str().unwrap().to_owned();
        assert!(value == "the new one" || (is_key && value.contains("\"d\"")), "{method}");
        assert_eq!(with(&["--step", "activate"]).0, 0);
        assert_eq!(read(&path).pointer("/oauth/clientAuth/secret/secret"), Some(&json!("OIDC.n")));
        assert_eq!(read(&store).as_object().unwrap().keys().collect::<Vec<_>>(), ["OTHER", "OIDC.n"]);
        assert_eq!(with(&["--step", "drop"]).1["refused"], "none_retiring");
    }
    let public = file("none.json", &json!({ "account": "acme", "origins": ["https://www.acme.example"], "campaigns": { "1": { "signIn": ["oauth"] } },
        "oauth": { "issuer": "https://id.acme.example", "clientId": "c", "sendsIss": true, "clientAuth": { "method": "none" } } }).to_string());
    assert_eq!(rotate("client", &public, NOW, &["--step", "add"]).0, 3, "a public client has no secret");
}
