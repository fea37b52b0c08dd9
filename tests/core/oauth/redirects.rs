//! The callbacks of an account: each identity provider has one of its own, so that no answer of one is taken for the other's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use super::callback::{Flow, assert_outcome};
use crate::login;

use handstamp::{Code, account::Account, oauth};
use login::{ISSUER, REDIRECT, detail, document, parameter, started};
use serde_json::{Value, json};

/// The settings of a campaign's own identity provider.
fn own(patch: Value) -> Value {
    let mut settings = json!({ "issuer": "https://id.brand.example", "clientId": "brand", "clientAuth": { "method": "none" } });
    login::merge(&mut settings, patch);
    settings
}

/// An account with its own callback, whose campaign has settings of its own.
fn with_own(settings: Value) -> Value {
    document(json!({
        "oauth": { "redirectUri": "account" }, "campaigns": { "123456": { "oauth": settings } },
    }))
}

fn read(document: &Value, is_new: bool) -> Result<Account, Vec<(Code, String)>> {
    let value = handstamp::json::Value::from(login::object(document));
    let account = if is_new { Account::read(&value, true) } else { Account::stored(&value) };
    account.map_err(|faults| faults.into_iter().map(|fault| (fault.code, fault.path)).collect())
}

/// The codes and places of a document's warnings.
fn warnings(document: &Value) -> Vec<(String, String)> {
    let read = read(document, true).unwrap();
    let place = |at: &Option<String>| at.clone().unwrap_or_default();
    read.remarks().iter().map(|remark| (remark.warning.as_str().to_owned(), place(&remark.at))).collect()
}

#[test]
fn a_campaign_with_its_own_identity_provider_has_its_own_callback() {
    let account = with_own(own(json!({ "issuer": ISSUER })));
    assert_eq!(account["campaigns"]["123456"]["oauth"]["redirectUri"], json!("campaign"));
    let done = started(&account, json!({}));
    let uri = format!("{REDIRECT}/acme/123456");
    assert_eq!(parameter(done["location"].as_str().unwrap(), "redirect_uri"), uri);
    let flow = Flow::of(account);
    let there = json!({ "pathAccount": "acme", "pathCampaign": "123456" });
    let result = flow.changed("&code=c", there).unwrap();
    assert_eq!((&result["outcome"], &result["redirectUri"]), (&json!("code"), &json!(uri)));
}

#[test]
fn an_answer_at_the_callback_of_another_identity_provider_of_the_account_brings_no_code() {
    let (of_campaign, of_account) = (
        Flow::of(with_own(own(json!({ "issuer": ISSUER })))),
        Flow::of(document(json!({ "oauth": { "redirectUri": "account" } }))),
    );
    let at = |campaign: Option<&str>| json!({ "pathAccount": "acme", "pathCampaign": campaign });
    for (flow, path) in [
        (&of_campaign, at(None)),
        (&of_campaign, at(Some("654321"))),
        (&of_account, at(Some("123456"))),
        (&of_account, at(Some("654321"))),
    ] {
        let result = flow.changed("&code=c", path).unwrap();
        assert_outcome(&result, "error", Code::IssuerParamMismatch);
        assert_eq!(result["at"], json!("redirect_uri"));
    }
    // Without the document, the state itself knows the campaign.
    let alone = of_campaign
        .changed("&code=c", json!({ "account": null, "pathAccount": "acme", "pathCampaign": "654321" }));
    assert_outcome(&alone.unwrap(), "error", Code::IssuerParamMismatch);
    // The shared callback and another account's are no place for it at all.
    let elsewhere = json!({ "pathAccount": "umbrella", "pathCampaign": "123456" });
    for path in [json!({}), elsewhere] {
        assert_eq!(of_campaign.changed("&code=c", path).unwrap_err().code(), Code::StateInvalid);
    }
}

#[test]
fn the_accounts_callback_is_warned_of_where_nothing_tells_two_identity_providers_apart() {
    let beside = vec![("callback_not_own".to_owned(), "/campaigns/123456/oauth/redirectUri".to_owned())];
    for (settings, expected) in [
        (json!({}), vec![]),
        (json!({ "redirectUri": "campaign" }), vec![]),
        (json!({ "redirectUri": "account" }), beside.clone()),
        (json!({ "redirectUri": "account", "sendsIss": false }), beside),
        (json!({ "redirectUri": "account", "sendsIss": true }), vec![]),
        (json!({ "redirectUri": "account", "issuer": ISSUER }), vec![]),
    ] {
        assert_eq!(warnings(&with_own(own(settings.clone()))), expected, "{settings}");
    }
}

#[test]
fn the_campaigns_callback_is_for_campaigns_and_a_stored_campaign_stays_at_the_accounts() {
    let mut account = document(json!({}));
    account["oauth"]["redirectUri"] = json!("campaign");
    assert_eq!(read(&account, true).unwrap_err(), [(Code::SettingsInvalid, "/oauth/redirectUri".to_owned())]);
    let mut stored = with_own(own(json!({ "issuer": ISSUER })));
    stored["campaigns"]["123456"]["oauth"].as_object_mut().unwrap().remove("redirectUri");
    let again: Value = serde_json::from_str(&read(&stored, false).unwrap().to_json().to_text()).unwrap();
    assert_eq!(again["campaigns"]["123456"]["oauth"]["redirectUri"], json!("account"));
    let location = started(&stored, json!({}))["location"].as_str().unwrap().to_owned();
    assert_eq!(parameter(&location, "redirect_uri"), format!("{REDIRECT}/acme"));
}

#[test]
fn a_campaign_that_may_not_use_the_shared_callback_is_told_its_own() {
    let mut account = with_own(own(json!({ "issuer": ISSUER })));
    account["campaigns"]["123456"]["oauth"]["redirectUri"] = json!("shared");
    let place = "/campaigns/123456/oauth/redirectUri".to_owned();
    assert!(read(&account, true).unwrap_err().contains(&(Code::MixupRefused, place)));
    let input = login::start_input(&account, json!({}));
    let error = login::play(oauth::start, &input, |_| panic!("nobody is asked")).0.unwrap_err();
    let (_, expected, _) = detail(&error);
    assert!(
        expected.contains("\"campaign\"") && expected.contains(&format!("{REDIRECT}/acme/123456")),
        "{expected}"
    );
}

#[test]
fn the_redirect_uri_to_register_is_the_one_that_a_sign_in_asks_for() {
    let registered = |account: &Value, campaign: Option<&str>| {
        let input = json!({ "account": account, "campaignId": campaign, "redirectUri": REDIRECT });
        oauth::redirect_uri(&login::object(&input)).unwrap().as_str().unwrap().to_owned()
    };
    let of = |choice: &str| document(json!({ "oauth": { "redirectUri": choice } }));
    let brand = with_own(own(json!({ "issuer": ISSUER })));
    let mut stored = brand.clone();
    stored["campaigns"]["123456"]["oauth"].as_object_mut().unwrap().remove("redirectUri");
    for account in [&of("account"), &of("shared"), &brand, &stored] {
        let location = started(account, json!({}))["location"].as_str().unwrap().to_owned();
        assert_eq!(registered(account, Some("123456")), parameter(&location, "redirect_uri"));
    }
    assert_eq!(registered(&brand, None), format!("{REDIRECT}/acme"), "that of the account");
    assert_eq!(registered(&of("shared"), Some("unknown")), REDIRECT);
    let mut bare = of("shared");
    bare.as_object_mut().unwrap().remove("oauth");
    assert_eq!(registered(&bare, None), format!("{REDIRECT}/acme"), "that it will have");
}
