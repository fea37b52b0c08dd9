//! Secrets that are written into a document: refused in every place but the keys of tokens, which may stand there in development.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::account::EVERY_PLACE;
use handstamp::{Code, account::Account, json::Value};

#[test]
fn a_secret_for_an_identity_provider_or_a_server_stands_in_no_document_also_in_development() {
    let text = r#""c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I""#;
    let jwk = r#"{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"}"#;
    let decrypt =
        |key: &str| format!(r#"{{"key":{key},"encoding":"base64url","alg":"A256KW","enc":"A256GCM"}}"#);
    let beside_client = |decrypt: &str| {
        EVERY_PLACE.replace(r#""clientId":"c","#, &format!(r#""clientId":"c","decrypt":{decrypt},"#))
    };
    let of_campaign = format!(
        r#""campaigns":{{"1":{{"signIn":["oauth"],"oauth":{{"issuer":"https://id.b.example","clientId":"b","clientAuth":{{"method":"none"}},"decrypt":[{}]}}}}}},"origins""#,
        decrypt(text)
    );
    let of_challenge = format!(r#""challenge":{{"siteKey":"k","secret":{text}}},"origins""#);
    for (document, path, purpose) in [
        (beside_client(&decrypt(text)), "/oauth/decrypt/key", "decrypt"),
        (beside_client(&format!("[{}]", decrypt(jwk))), "/oauth/decrypt/0/key", "decrypt"),
        (
            EVERY_PLACE.replacen(r#""origins""#, &of_campaign, 1),
            "/campaigns/1/oauth/decrypt/0/key",
            "decrypt",
        ),
        (EVERY_PLACE.replace(r#"{"secret":"C"}"#, text), "/oauth/clientAuth/secret", "client"),
        (EVERY_PLACE.replace(r#"{"secret":"W"}"#, text), "/webhook/secret", "webhook"),
        (EVERY_PLACE.replacen(r#""origins""#, &of_challenge, 1), "/challenge/secret", "challenge"),
    ] {
        for development in [false, true] {
            let faults = Account::parse(document.as_bytes(), development).unwrap_err();
            let [fault] = faults.as_slice() else { panic!("{faults:?} of {document}") };
            assert_eq!((&*fault.path, fault.code), (path, Code::SecretInline), "{document}");
            assert!(fault.message.contains(&format!("secret put --purpose {purpose}")), "{}", fault.message);
            assert!(!fault.message.contains("c2Vjc"), "the secret is not told");
        }
        if purpose == "decrypt" {
            assert!(Account::stored(&Value::parse(document.as_bytes()).unwrap()).is_ok(), "taken before");
        }
    }
}
