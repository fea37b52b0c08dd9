//! Account documents: what is accepted and in which normal form, and what is refused, where and in which words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use handstamp::Code;
use handstamp::account::{Account, Fault, SecretPlace, SecretPurpose};
use handstamp::json::{Object, Value};

fn vectors(list: &str) -> Vec<Value> {
    let text = std::fs::read("tests/vectors/accounts/documents.json").unwrap();
    // The file as a whole is deeper than a document may be, so it is read by the lenient reader of the tests.
    let all: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let entries = all[list].as_array().unwrap();
    entries.iter().map(|entry| Value::parse(entry.to_string().as_bytes()).unwrap()).collect()
}

fn text<'a>(entry: &'a Value, pointer: &str) -> &'a str {
    entry.pointer(pointer).and_then(Value::as_str).unwrap()
}

fn parse(text: &str) -> Result<Account, Vec<Fault>> {
    Account::parse(text.as_bytes(), false)
}

fn faults(text: &str) -> Vec<Fault> {
    parse(text).expect_err("the document is faulty")
}

#[test]
fn good_documents_are_accepted_and_their_normal_form_is_stable() {
    for entry in vectors("good") {
        let development = entry.pointer("/development").is_some();
        let document = entry.pointer("/document").unwrap();
        let account = Account::parse(document.to_text().as_bytes(), development)
            .unwrap_or_else(|faults| panic!("{}: {faults:?}", text(&entry, "/name")));
        let normal = account.to_json();
        let again = Account::read(&normal, development).unwrap();
        assert_eq!(again.to_json().to_text(), normal.to_text(), "{}", text(&entry, "/name"));
        assert_eq!(again.secrets(), account.secrets());
    }
}

#[test]
fn development_documents_are_refused_in_production() {
    for entry in vectors("good").iter().filter(|entry| entry.pointer("/development").is_some()) {
        let document = entry.pointer("/document").unwrap();
        let faults = Account::read(document, false).expect_err("loopback addresses are for development");
        assert!(
            faults.iter().all(|fault| fault.message.contains("loopback host is allowed in development only")),
            "{faults:?}"
        );
    }
}

#[test]
fn each_fault_of_a_bad_document_is_named_with_its_path() {
    let entries = vectors("bad");
    assert!(entries.len() >= 30);
    for entry in entries {
        let name = text(&entry, "/name").to_owned();
        let faults = Account::read(entry.pointer("/document").unwrap(), false).expect_err(&name);
        let mut found: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        let mut expected: Vec<&str> = entry
            .pointer("/paths")
            .and_then(Value::as_array)
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        found.sort_unstable();
        found.dedup();
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}: {faults:?}");
        for fault in &faults {
            assert!(fault.message.ends_with(['.', '?']), "{name}: {}", fault.message);
            assert!(!fault.message.contains("hunter2"), "{name} shows a secret");
        }
    }
}

#[test]
fn unknown_names_come_with_a_suggestion() {
    let cases = [
        (
            r#"{"account":"a","orgins":[]}"#,
            "/orgins",
            r#"There is no setting "orgins". Did you mean "origins"?"#,
        ),
        (
            r#"{"account":"a","secure_token":{}}"#,
            "/secure_token",
            r#"There is no setting "secure_token". Did you mean "secureToken"?"#,
        ),
        (
            r#"{"account":"a","profileApi":{"url":"https://a.example","quota":1}}"#,
            "/profileApi/quota",
            r#"There is no setting "quota". Use one of url, answer, object, subject, headers."#,
        ),
    ];
    for (document, path, message) in cases {
        let faults = faults(document);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(
            (faults[0].path.as_str(), faults[0].code, faults[0].message.as_str()),
            (path, Code::SettingsUnknown, message)
        );
    }
}

#[test]
fn messages_say_what_to_write_instead() {
    let origin = faults(r#"{"account":"a","origins":["https://www.acme.example/shop"]}"#);
    assert_eq!(
        origin[0].message,
        r#"This is not a valid origin. An origin must not have a path: write "https://www.acme.example"."#
    );
    let dot = faults(r#"{"account":"a","origins":["https://www.acme.example."]}"#);
    assert_eq!(dot[0].message, "This is not a valid origin. Its host is not a valid host name.");
    let upper = faults(r#"{"account":"a","origins":["https://WWW.acme.example"]}"#);
    assert_eq!(
        upper[0].message,
        r#"This is not a valid origin. An origin must be in lower case: write "https://www.acme.example"."#
    );
    let missing = faults("{}");
    assert_eq!(missing[0].message, "`account` is missing.");
    let kind = faults(r#"{"account":"a","origins":"https://www.acme.example"}"#);
    assert_eq!(kind[0].message, "`origins` must be a list, not a string.");
}

#[test]
fn faults_of_keys_and_mappings_have_the_codes_of_their_stage() {
    let cases = [
        ("a shared secret that is too short", Code::KeyTooShort),
        ("a point that is not on its curve", Code::KeyOffCurve),
        ("a private key where a public one belongs", Code::KeyIsPrivate),
        ("a shared secret without encoding", Code::KeyEncodingMissing),
        ("a public client open to mix-up", Code::MixupRefused),
        ("a mapping that reads in an unknown way", Code::SettingsInvalid),
    ];
    let entries = vectors("bad");
    for (name, code) in cases {
        let entry = entries.iter().find(|entry| text(entry, "/name") == name).unwrap();
        let faults = Account::read(entry.pointer("/document").unwrap(), false).unwrap_err();
        assert_eq!(faults[0].code, code, "{name}: {faults:?}");
        assert!(!faults[0].message.contains(" At /"), "the path says where: {}", faults[0].message);
    }
}

#[test]
fn the_published_schema_names_what_the_reader_knows() {
    let schema = std::fs::read_to_string("worker/account.schema.json").unwrap();
    let reasons = handstamp::Public::ALL.iter().map(|public| public.as_str());
    let presets = handstamp::account::PRESETS.iter().map(|preset| preset.name);
    let signatures = handstamp::jose::Signature::ALL.iter().map(|row| row.name());
    for name in reasons.chain(presets).chain(signatures) {
        assert!(schema.contains(name), "{name}");
    }
}

#[test]
fn text_that_is_not_json_is_one_fault_with_its_position() {
    let faults = faults("{\"account\":\"a\",}");
    assert_eq!((faults.len(), faults[0].path.as_str(), faults[0].code), (1, "", Code::JsonSyntax));
    assert!(faults[0].message.contains("position 15"), "{}", faults[0].message);
    let twice = parse(r#"{"account":"a","account":"b"}"#).unwrap_err();
    assert_eq!(twice[0].code, Code::JsonDuplicateMember);
}

#[test]
fn no_url_of_a_document_leads_to_the_origin_that_serves_the_campaigns() {
    let own = "https://play.example";
    let account = |url: &str| {
        let oauth = format!(
            r#"{{"issuer":"https://id.acme.example","clientId":"c","clientAuth":{{"method":"none"}},"endpoints":{{"authorization":"{url}"}}}}"#
        );
        parse(&format!(r#"{{"account":"a","origins":["https://www.acme.example"],"oauth":{oauth}}}"#))
            .unwrap()
    };
    let spellings = [
        "https://play.example/oauth/start?account=b",
        "https://PLAY.example/",
        "https://play.example:443/x",
        "https://play.example",
    ];
    for url in spellings {
        let faults = account(url).faults_at(own);
        assert_eq!((faults.len(), faults[0].path.as_str()), (1, "/oauth/endpoints/authorization"), "{url}");
    }
    for url in [
        "https://play.example.evil.example/",
        "https://id.acme.example/?next=https://play.example/",
        "https://play.example:8443/",
    ] {
        assert_eq!(account(url).faults_at(own), [], "{url}");
    }
    let origins =
        parse(r#"{"account":"a","origins":["https://www.acme.example","https://play.example"]}"#).unwrap();
    assert_eq!(origins.faults_at(own)[0].path, "/origins/1");
    let text = r#"{"account":"a","campaigns":{"1":{"signIn":["anonymous"],"texts":{"en":{"exit.title":"https://play.example/x"}}}}}"#;
    assert_eq!(parse(text).unwrap().faults_at(own)[0].path, "/campaigns/1/texts/en/exit.title");
}

#[test]
fn defaults_are_filled() {
    let entry = vectors("good")
        .into_iter()
        .find(|entry| text(entry, "/name") == "a login server and one campaign")
        .unwrap();
    let account = Account::read(entry.pointer("/document").unwrap(), false).unwrap();
    let normal = account.to_json();
    let expected = [
        ("/oauth/scope", r#""openid email profile""#),
        ("/oauth/profileFrom", r#""userinfo""#),
        ("/oauth/userinfoMethod", r#""GET""#),
        ("/oauth/redirectUri", r#""account""#),
        ("/oauth/preset", r#""generic""#),
        ("/oauth/stateMinutes", "30"),
        ("/campaigns/123456/login", r#""button""#),
        ("/campaigns/123456/form", r#""show""#),
        ("/campaigns/123456/limits", r#""on""#),
        ("/campaigns/123456/limit", r#"{"unstated":1}"#),
        ("/campaigns/123456/retentionDays", "90"),
        ("/campaigns/123456/title/en", r#""123456""#),
        ("/campaigns/123456/languages", r#"["en"]"#),
        ("/campaigns/123456/fields/0/required", "true"),
    ];
    for (pointer, value) in expected {
        assert_eq!(normal.pointer(pointer).map(Value::to_text).as_deref(), Some(value), "{pointer}");
    }
    assert_eq!(account.secrets(), ["OIDC_CLIENT"]);
    assert_eq!(account.remarks().len(), 0, "the account's own callback needs no warning");
}

#[test]
fn a_campaign_that_was_stored_without_a_limit_has_none() {
    let document = |limit: &str| {
        let text = format!(r#"{{"account":"a","campaigns":{{"1":{{"signIn":["anonymous"]{limit}}}}}}}"#);
        Value::parse(text.as_bytes()).unwrap()
    };
    let limit = |account: Account| account.to_json().pointer("/campaigns/1/limit").map(Value::to_text);
    assert_eq!(limit(Account::stored(&document("")).unwrap()), None);
    assert_eq!(limit(Account::read(&document(""), false).unwrap()).as_deref(), Some(r#"{"unstated":1}"#));
    for given in ["{}", r#"{"total":3}"#, r#"{"total":1000000,"unstated":2}"#] {
        let account = Account::read(&document(&format!(r#","limit":{given}"#)), false).unwrap();
        assert_eq!(limit(account).as_deref(), Some(given), "nothing is added to a limit that is set");
    }
}

#[test]
fn token_settings_hold_the_secrets_and_no_revoked_key() {
    let document = r#"{"account":"a","mapping":{"email":"mail"},"secureToken":{"verify":[
        {"id":"old","status":"revoked","method":"symmetricKey","key":{"secret":"OLD"},"encoding":"base64url","alg":"HS256"},
        {"id":"new","status":"next","method":"symmetricKey","key":{"secret":"NEW"},"encoding":"base64url","alg":"HS256"}]}}"#;
    let account = parse(document).unwrap();
    assert_eq!(account.secrets(), ["OLD", "NEW"]);
    let mut secrets = Object::new();
    let missing = account.token_settings(&secrets).unwrap_err();
    assert_eq!(missing.code(), Code::SecretUnknown);
    assert!(
        missing.to_string().ends_with("At /secureToken/verify/1/key. Expected the secret NEW."),
        "{missing}"
    );
    secrets.set("NEW", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I");
    let settings = account.token_settings(&secrets).unwrap();
    assert_eq!(
        settings.pointer("/verify").unwrap().to_text(),
        r#"[{"method":"symmetricKey","key":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I","encoding":"base64url","alg":"HS256"}]"#
    );
    assert_eq!(settings.pointer("/mapping/email").and_then(Value::as_str), Some("mail"));
}

/// A document with a secret of each purpose in each place, by name.
pub const EVERY_PLACE: &str = r#"{"account":"a","origins":["https://www.a.example"],
    "secureToken":{"verify":{"method":"symmetricKey","key":{"secret":"V"},"encoding":"utf8","alg":"HS256"},
        "decrypt":[{"key":{"secret":"D"},"encoding":"base64url","alg":"dir","enc":"A256GCM"}]},
    "oauth":{"issuer":"https://id.a.example","clientId":"c","clientAuth":{"method":"client_secret_basic","secret":{"secret":"C"}}},
    "webhook":{"url":"https://www.a.example/in","secret":{"secret":"W"},"authorization":{"secret":"A"}}}"#;

#[test]
fn the_places_of_secrets_are_the_same_in_a_document_as_it_was_sent_and_in_normal_form() {
    let found = |document: &Value| {
        let row = |place: SecretPlace| (place.path, place.purpose.as_str(), place.name.unwrap_or_default());
        SecretPlace::of(document).into_iter().map(row).collect::<Vec<_>>()
    };
    let expected = |verify: &str| {
        [
            (verify, "verify", "V"),
            ("/secureToken/decrypt/0/key", "decrypt", "D"),
            ("/oauth/clientAuth/secret", "client", "C"),
            ("/webhook/secret", "webhook", "W"),
            ("/webhook/authorization", "webhook", "A"),
        ]
        .map(|(path, purpose, name)| (path.to_owned(), purpose, name.to_owned()))
    };
    let sent = Value::parse(EVERY_PLACE.as_bytes()).unwrap();
    assert_eq!(found(&sent), expected("/secureToken/verify/key"));
    let normal = parse(EVERY_PLACE).unwrap();
    assert_eq!(found(&normal.to_json()), expected("/secureToken/verify/0/key"));
    assert_eq!(normal.secrets(), ["V", "D", "C", "W", "A"]);
}

#[test]
fn a_secret_resolves_for_its_own_purpose_alone() {
    let account = parse(EVERY_PLACE).unwrap();
    let stored = |purposes: &[&str]| {
        let mut secret = Object::new();
        secret.set("value", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I");
        secret.set("purposes", purposes.iter().map(|name| Value::from(*name)).collect::<Vec<_>>());
        Value::from(secret)
    };
    let resolved = |verify: &[&str], decrypt: &[&str]| {
        let mut secrets = Object::new();
        secrets.set("V", stored(verify));
        secrets.set("D", stored(decrypt));
        account.token_settings(&secrets).map(|_| ()).map_err(|error| (error.code(), error.to_string()))
    };
    assert_eq!(resolved(&["verify"], &["decrypt"]), Ok(()));
    assert_eq!(
        resolved(&["webhook", "verify"], &["decrypt"]),
        Ok(()),
        "one of a release that had no purposes"
    );
    for purpose in SecretPurpose::ALL.map(SecretPurpose::as_str) {
        for (place, own, refused) in [
            ("/secureToken/verify/0/key", "verify", resolved(&[purpose], &["decrypt"])),
            ("/secureToken/decrypt/0/key", "decrypt", resolved(&["verify"], &[purpose])),
        ] {
            if own != purpose {
                let (code, says) = refused.unwrap_err();
                assert_eq!(code, Code::SecretPurpose);
                assert!(says.ends_with(&format!("At {place}. Expected {own}. Got {purpose}.")), "{says}");
            }
        }
    }
    assert_eq!(resolved(&[], &["decrypt"]).unwrap_err().0, Code::SecretPurpose, "no purpose is none");
}

#[test]
fn outside_development_no_secret_stands_in_a_document() {
    let verify = |entry: &str| format!(r#"{{"account":"a","secureToken":{{"verify":{entry}}}}}"#);
    let oct = r#"{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I","kid":"k","alg":"HS256"}"#;
    let shared = r#""method":"symmetricKey","alg":"HS256""#;
    let inside = [
        (
            verify(&format!(
                r#"{{{shared},"key":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I","encoding":"base64url"}}"#
            )),
            "/secureToken/verify/key",
            "verify",
        ),
        (verify(&format!(r#"[{{{shared},"key":{oct}}}]"#)), "/secureToken/verify/0/key", "verify"),
        (
            verify(&format!(r#"[{{"method":"jwks","keys":{{"keys":[{oct}]}}}}]"#)),
            "/secureToken/verify/0/keys",
            "verify",
        ),
        (
            EVERY_PLACE.replace(r#"{"secret":"D"}"#, r#""c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I""#),
            "/secureToken/decrypt/0/key",
            "decrypt",
        ),
    ];
    for (document, path, purpose) in inside {
        let faults = faults(&document);
        assert_eq!(
            (faults.len(), &*faults[0].path, faults[0].code),
            (1, path, Code::SecretInline),
            "{document}"
        );
        assert!(
            faults[0].message.contains(&format!("secret put --purpose {purpose}")),
            "{}",
            faults[0].message
        );
        assert!(!faults[0].message.contains("c2Vjc"), "the secret is not told");
        assert!(Account::parse(document.as_bytes(), true).is_ok(), "in development");
        assert!(Account::stored(&Value::parse(document.as_bytes()).unwrap()).is_ok(), "taken before");
    }
    let public = r#"{"method":"publicKey","alg":"ES256","key":{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}"#;
    assert!(parse(&verify(public)).is_ok(), "a public key is not a secret");
}

#[test]
fn a_url_has_one_name_in_every_spelling() {
    let named = |url: &str| {
        let document =
            format!(r#"{{"account":"a","secureToken":{{"verify":{{"method":"jwks","url":"{url}"}}}}}}"#);
        let names = parse(&document).unwrap_or_else(|faults| panic!("{faults:?}")).key_names(&Object::new());
        assert!(!names[0].is_shared);
        names.into_iter().flat_map(|key| key.names).collect::<Vec<_>>()
    };
    let one = "https://id.a.example/keys.json";
    assert_eq!(named(one), [format!("url:{one}")]);
    for other in [
        "https://id.a.example:443/keys.json",
        "https://ID.A.Example/keys.json",
        "https://id.a.example/keys.json?",
        "https://id.a.example/x/../keys.json",
        "https://id.a.example/./keys.json",
        "https://id.a.example/%6Beys%2Ejson",
    ] {
        assert_eq!(named(other), [format!("url:{one}"), format!("url:{other}")], "and the name of before");
    }
    assert_eq!(named("https://id.a.example/a%2fb?q=%c3%a9")[0], "url:https://id.a.example/a%2Fb?q=%C3%A9");
    assert_eq!(named("https://id.a.example")[0], named("https://id.a.example/")[0]);
    for another in [
        "https://id.a.example/Keys.json",
        "https://id.a.example/keys.json/",
        "https://id.a.example/keys.json?a",
        "https://id.a.example:8443/keys.json",
        "https://id2.a.example/keys.json",
    ] {
        assert_ne!(named(another)[0], format!("url:{one}"));
    }
}

#[test]
fn a_revoked_public_key_stays_in_the_settings_as_a_set_may_still_have_it() {
    let key = |kid: &str| {
        format!(
            r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#
        )
    };
    let document = format!(
        r#"{{"account":"a","secureToken":{{"verify":[
        {{"method":"jwks","keys":{{"keys":[{}]}},"status":"revoked"}},{{"method":"jwks","url":"https://a.example/old","status":"revoked"}},
        {{"method":"jwks","url":"https://a.example/keys"}}]}}}}"#,
        key("a")
    );
    let settings = parse(&document).unwrap().token_settings(&Object::new()).unwrap();
    assert_eq!(
        settings.pointer("/verify").unwrap().to_text(),
        format!(
            r#"[{{"method":"jwks","url":"https://a.example/keys"}},{{"method":"jwks","keys":{{"keys":[{}]}},"status":"revoked"}}]"#,
            key("a")
        ),
        "behind the others; a set that is fetched is not"
    );
}

#[test]
fn the_documents_of_the_demo_are_accepted_in_development() {
    for name in ["demo", "acme"] {
        let text = std::fs::read(format!("worker/accounts/{name}.json")).unwrap();
        let account = Account::parse(&text, true).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        assert_eq!(account.name(), name);
    }
}

#[test]
fn every_text_of_the_page_can_be_replaced_and_no_other_is_taken() {
    let document = |key: &str| {
        format!(
            r#"{{"account":"a","campaigns":{{"1":{{"signIn":["anonymous"],"texts":{{"en":{{"{key}":"x"}}}}}}}}}}"#
        )
    };
    let texts = |account: &Account| {
        let normal = account.to_json();
        normal.pointer("/campaigns/1/texts/en").and_then(Value::as_object).unwrap().iter().count()
    };
    let schema: serde_json::Value =
        serde_json::from_slice(&std::fs::read("worker/account.schema.json").unwrap()).unwrap();
    let keys =
        schema["$defs"]["campaign"]["properties"]["texts"]["additionalProperties"]["propertyNames"]["enum"]
            .as_array()
            .unwrap();
    assert!(keys.len() > 90);
    for key in keys {
        let account = parse(&document(key.as_str().unwrap())).unwrap();
        assert_eq!(texts(&account), 1);
    }
    for (key, meant) in [
        ("form.sned", "Did you mean \"form.send\"?"),
        (
            "exit.headline",
            "Use one of exit.copied, exit.go, exit.right, exit.score, exit.share, exit.text, exit.title, exit.title.known, exit.when, exit.yours.",
        ),
        ("send", "Use one of back, exit.copied"),
        ("form.send.", "Did you mean \"form.send\"?"),
    ] {
        let found = faults(&document(key));
        assert_eq!(found[0].code, Code::SettingsUnknown, "{key}");
        assert!(found[0].message.contains(meant), "{key}: {}", found[0].message);
        let stored = Value::parse(document(key).as_bytes()).unwrap();
        let account = Account::stored(&stored).expect("a document that was accepted before");
        assert_eq!(texts(&account), 0);
    }
}

#[test]
fn an_origin_on_the_own_machine_is_pointed_to_the_test_origins() {
    let found = faults(r#"{ "account": "acme", "origins": ["http://localhost:3000"] }"#);
    assert!(
        found[0].message.ends_with("To try campaigns out there, list it in `testOrigins`."),
        "{}",
        found[0].message
    );
    let account = parse(r#"{ "account": "acme", "testOrigins": ["http://localhost:3000"] }"#).unwrap();
    assert_eq!(account.to_json().pointer("/testOrigins/0").unwrap().as_str(), Some("http://localhost:3000"));
}
