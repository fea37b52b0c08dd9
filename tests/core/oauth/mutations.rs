//! Every byte of what comes from outside, changed: a stage ends in a refusal or in the same person, and never in a
//! panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.
#![allow(clippy::arithmetic_side_effects)]

use crate::login;

use handstamp::{Code, account::Account, oauth};
use login::{NOW, Server, account, object, parameter, ring, start_input, started};
use serde_json::{Value, json};

/// The text with each byte changed in turn, where that is still text, and each beginning of it.
fn mutations(text: &str) -> Vec<String> {
    let changed = (0..text.len()).flat_map(|position| {
        [1_u8, 0x20].into_iter().filter_map(move |bit| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[position] ^= bit;
            String::from_utf8(bytes).ok()
        })
    });
    changed.chain((0..text.len()).filter_map(|end| text.get(..end).map(str::to_owned))).collect()
}

/// Redeems with each mutation of one server's answer; gives back how many were refused.
fn redeem_with_mutations(purpose: &'static str) -> usize {
    let document = account(json!({}));
    let mut good = Server::new();
    let request = json!({ "purpose": purpose });
    let body = good.answer(&request)["body"].as_str().unwrap().to_owned();
    let mut refused = 0;
    for mutation in mutations(&body) {
        let mut server = Server::new();
        server.answers = vec![(purpose, login::text_answer(200, "application/json", &mutation))];
        match server.redeem(&document).0 {
            Ok(done) => assert_eq!(done["subject"], json!("u-1"), "{mutation}"),
            Err(error) => {
                assert!(!error.to_string().contains("ada@example"), "{error}");
                refused += 1;
            }
        }
    }
    refused
}

#[test]
fn changed_metadata_never_leads_to_another_person() {
    assert!(redeem_with_mutations("discovery") > 500);
}

#[test]
fn a_changed_token_answer_never_leads_to_another_person() {
    assert!(redeem_with_mutations("token") > 1000);
}

#[test]
fn a_changed_key_set_never_leads_to_another_person() {
    assert!(redeem_with_mutations("keySet") > 400);
}

#[test]
fn a_changed_userinfo_answer_never_leads_to_another_person() {
    assert!(redeem_with_mutations("userinfo") > 100);
}

#[test]
fn a_changed_query_or_cookie_never_leads_to_another_sign_in() {
    let document = account(json!({}));
    let done = started(&document, json!({}));
    let query = format!("?state={}&code=c", parameter(done["location"].as_str().unwrap(), "state"));
    let cookie =
        format!("{}={}", done["cookie"]["name"].as_str().unwrap(), done["cookie"]["value"].as_str().unwrap());
    let play = |query: &str, cookie: &str| {
        let input = json!({ "query": query, "cookies": cookie, "ring": ring("k1", 1), "now": NOW, "account": document });
        match oauth::callback(&object(&input)) {
            Ok(handstamp::oauth::Step::Done(done)) => login::plain(&done),
            Ok(_) => panic!("the callback asks nothing"),
            Err(error) => json!(error.code().as_str()),
        }
    };
    for mutation in mutations(&query) {
        let result = play(&mutation, &cookie);
        assert!(result.is_string() || result["sid"] == done["sid"], "{mutation}: {result}");
    }
    let sid = done["sid"].as_str().unwrap();
    let ours = format!("{}={sid}.", done["cookie"]["name"].as_str().unwrap());
    let mut strangers = 0;
    for mutation in mutations(&cookie) {
        let result = play(&query, &mutation);
        assert_eq!(result["sid"], done["sid"], "{mutation}");
        if result["outcome"] == "code" {
            // Another verifier or nonce is for the login server to refuse; it is still the cookie of this sign-in.
            assert!(mutation.starts_with(&ours), "{mutation}: {result}");
        } else {
            assert_eq!(result["outcome"], json!("wrong_browser"), "{mutation}");
            strangers += 1;
        }
    }
    assert!(strangers >= 3 * ours.len(), "{strangers}");
}

#[test]
fn a_changed_document_is_refused_or_read_and_its_normal_form_reads_again() {
    let text = login::document(json!({
        "mapping": { "email": { "from": "email", "lock": true } },
        "secureToken": { "verify": { "method": "symmetricKey", "key": { "secret": "K" }, "encoding": "hex", "alg": "HS256" } },
        "profileApi": { "url": "https://api.acme.example/me", "object": "/data", "subject": "/data/id" },
    }))
    .to_string();
    let (mut accepted, mut refused) = (0, 0);
    for mutation in mutations(&text) {
        match Account::parse(mutation.as_bytes(), false) {
            Ok(account) => {
                accepted += 1;
                assert!(Account::read(&account.to_json(), false).is_ok(), "{mutation}");
            }
            Err(faults) => {
                refused += 1;
                assert!(
                    !faults.is_empty()
                        && faults.iter().all(|fault| fault.path.is_empty() || fault.path.starts_with('/'))
                );
            }
        }
    }
    assert!(accepted > 100 && refused > 1000, "{accepted} accepted, {refused} refused");
}

#[test]
fn a_stage_without_one_of_its_inputs_says_which() {
    let start = start_input(&account(json!({})), json!({}));
    for name in ["account", "campaignId", "ring", "redirectUri", "now", "entropy"] {
        let mut input = start.clone();
        input.as_object_mut().unwrap().remove(name);
        let error = oauth::start(&object(&input)).unwrap_err();
        assert_eq!((error.code(), login::detail(&error).0), (Code::SettingsInvalid, format!("/{name}")));
    }
    for (name, value) in
        [("now", json!("today")), ("account", json!([])), ("entropy", json!("?")), ("answers", json!([{}]))]
    {
        let mut input = start.clone();
        input[name] = value;
        let error = oauth::start(&object(&input)).unwrap_err();
        assert_eq!((error.code(), login::detail(&error).0), (Code::SettingsInvalid, format!("/{name}")));
    }
    let empty: Value = json!({});
    assert_eq!(oauth::redeem(&object(&empty)).unwrap_err().code(), Code::SettingsInvalid);
    assert_eq!(oauth::callback(&object(&empty)).unwrap_err().code(), Code::SettingsInvalid);
}
