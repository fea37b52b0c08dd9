//! The start of a sign-in: the address of the login page, the cookie, discovery, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{Code, jose::base64url, oauth};
use login::{
    ISSUER, REDIRECT, Server, account, detail, json_answer, parameter, parameters, play, start_input, started,
};
use serde_json::{Value, json};

fn start(account: &Value, patch: Value) -> Result<Value, handstamp::Error> {
    let mut server = Server::new();
    play(oauth::start, &start_input(account, patch), |request| server.answer(request)).0
}

#[test]
fn the_address_of_the_login_page_has_all_parameters_once() {
    let done = started(&account(json!({ "extra": { "prompt": "login", "ui_locales": "fr nl" } })), json!({}));
    let location = done["location"].as_str().unwrap();
    assert!(
        location.starts_with(&format!("{ISSUER}/authorize?client_id=hand%20stamp%3A1&redirect_uri=")),
        "{location}"
    );
    assert!(!location.contains('+'), "a space is %20: {location}");
    let names: Vec<String> = parameters(location).into_iter().map(|(name, _)| name).collect();
    let expected = [
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "ui_locales",
    ];
    assert_eq!(names, expected);
    assert_eq!(parameter(location, "response_type"), "code");
    assert_eq!(parameter(location, "redirect_uri"), REDIRECT);
    assert_eq!(parameter(location, "scope"), "openid email profile");
    assert_eq!(parameter(location, "code_challenge_method"), "S256");
    assert_eq!(parameter(location, "ui_locales"), "fr nl");
    assert!(parameter(location, "state").len() <= 512);
}

#[test]
fn the_challenge_is_of_the_verifier_in_the_cookie() {
    let done = started(&account(json!({})), json!({}));
    let location = done["location"].as_str().unwrap();
    let cookie = &done["cookie"];
    let sid = done["sid"].as_str().unwrap();
    assert_eq!(cookie["name"], json!(format!("__Host-hs_flow_{}", &sid[..8])));
    assert_eq!(cookie["maxAge"], json!(1800));
    let parts: Vec<&str> = cookie["value"].as_str().unwrap().split('.').collect();
    let [known, verifier, nonce] = parts[..] else { panic!("three parts: {parts:?}") };
    assert_eq!((known, verifier.len()), (sid, 43));
    assert_eq!(parameter(location, "code_challenge"), oauth::pkce::challenge(verifier));
    assert_eq!(parameter(location, "nonce"), nonce);
    assert!(!location.contains(verifier), "the verifier stays with us");
}

#[test]
fn the_challenge_is_the_one_of_rfc_7636_appendix_b() {
    assert_eq!(oauth::pkce::challenge(login::VERIFIER), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    assert!(oauth::pkce::is_verifier(login::VERIFIER));
    assert!(!oauth::pkce::is_verifier(&login::VERIFIER[1..]), "42 characters are too few");
    assert!(!oauth::pkce::is_verifier(&"a".repeat(129)));
}

#[test]
fn other_randomness_gives_another_sign_in() {
    let entropy = |byte: u8| json!({ "entropy": base64url::encode(&[byte; 48]) });
    let (one, two) = (started(&account(json!({})), entropy(1)), started(&account(json!({})), entropy(2)));
    let part = |done: &Value, index: usize| {
        done["cookie"]["value"].as_str().unwrap().split('.').nth(index).unwrap().to_owned()
    };
    for index in 0..3 {
        assert_ne!(part(&one, index), part(&two, index));
    }
    let short = start(&account(json!({})), json!({ "entropy": base64url::encode(&[1; 47]) })).unwrap_err();
    assert_eq!((short.code(), detail(&short).2.as_str()), (Code::SettingsInvalid, "47 bytes"));
}

#[test]
fn the_redirect_address_is_the_configured_one_or_the_accounts_own() {
    let own = started(&account(json!({ "redirectUri": "account" })), json!({}));
    assert_eq!(parameter(own["location"].as_str().unwrap(), "redirect_uri"), format!("{REDIRECT}/acme"));
    assert_eq!(own["warnings"], json!([]));
}

#[test]
fn an_authorization_endpoint_with_a_query_keeps_it() {
    let settings = json!({ "redirectUri": "account", "endpoints": { "authorization": "https://id.acme.example/login?tenant=1" } });
    let done = started(&account(settings), json!({}));
    assert!(
        done["location"].as_str().unwrap().starts_with("https://id.acme.example/login?tenant=1&client_id=")
    );
}

#[test]
fn who_is_the_wrong_person_is_asked_again_whatever_the_document_says() {
    let plain = started(&account(json!({})), json!({}));
    assert!(!plain["location"].as_str().unwrap().contains("prompt="));
    let document = account(json!({ "extra": { "prompt": "none", "hd": "acme.example" } }));
    let silent = started(&document, json!({}));
    assert_eq!(parameter(silent["location"].as_str().unwrap(), "prompt"), "none");
    let again = started(&document, json!({ "prompt": "login" }));
    assert_eq!(parameter(again["location"].as_str().unwrap(), "prompt"), "login");
    assert_eq!(parameter(again["location"].as_str().unwrap(), "hd"), "acme.example");
    for prompt in ["none", "consent", "login consent", "", "LOGIN"] {
        let error = start(&account(json!({})), json!({ "prompt": prompt })).unwrap_err();
        assert_eq!((error.code(), detail(&error).0.as_str()), (Code::QueryInvalid, "prompt"), "{prompt}");
    }
}

#[test]
fn metadata_is_asked_for_only_when_it_is_needed() {
    let named = account(
        json!({ "redirectUri": "account", "endpoints": { "authorization": "https://id.acme.example/login" } }),
    );
    let (done, requests) = play(oauth::start, &start_input(&named, json!({})), |_| panic!("nothing to ask"));
    assert_eq!((done.is_ok(), requests.len()), (true, 0));
    let mut server = Server::new();
    let (_, requests) =
        play(oauth::start, &start_input(&account(json!({})), json!({})), |request| server.answer(request));
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["url"], json!(format!("{ISSUER}/.well-known/openid-configuration")));
    assert_eq!(requests[0]["purpose"], json!("discovery"));
}

#[test]
fn a_plain_oauth_server_has_its_metadata_before_the_path() {
    let mut server = Server::new();
    let (done, requests) = play(oauth::start, &start_input(&account(json!({})), json!({})), |request| {
        match request["url"].as_str().unwrap().contains("openid-configuration") {
            true => json!({ "status": 404, "contentType": "text/html", "body": "not here" }),
            false => server.answer(request),
        }
    });
    assert!(done.is_ok());
    let fallback = "https://id.acme.example/.well-known/oauth-authorization-server/realms/acme";
    assert_eq!(requests[1]["url"], json!(fallback));
}

#[test]
fn a_discovery_address_of_the_document_is_the_only_one_asked() {
    let settings = account(json!({ "redirectUri": "account", "discovery": "https://id.acme.example/meta" }));
    let missing = json!({ "status": 404, "contentType": "text/html", "body": "" });
    let (done, requests) = play(oauth::start, &start_input(&settings, json!({})), |_| missing.clone());
    let error = done.unwrap_err();
    assert_eq!((error.code(), detail(&error).2.as_str()), (Code::DiscoveryFailed, "status 404"));
    assert_eq!(requests.len(), 1);
}

#[test]
fn bad_metadata_is_refused() {
    let with = |name: &str, value: Value| {
        let mut metadata = Server::new().metadata;
        metadata[name] = value;
        json_answer(&metadata)
    };
    let failed = |why: &str| json!({ "failed": why });
    let cases = [
        (
            "issuer of another server",
            with("issuer", json!("https://evil.example")),
            Code::DiscoveryIssuerMismatch,
        ),
        (
            "issuer with a slash more",
            with("issuer", json!(format!("{ISSUER}/"))),
            Code::DiscoveryIssuerMismatch,
        ),
        ("issuer of the wrong type", with("issuer", json!([ISSUER])), Code::DiscoveryIssuerMismatch),
        (
            "http endpoint",
            with("authorization_endpoint", json!("http://id.acme.example/a")),
            Code::AddressRefused,
        ),
        (
            "inner endpoint",
            with("token_endpoint", json!("https://169.254.169.254/token")),
            Code::AddressRefused,
        ),
        ("loopback endpoint", with("jwks_uri", json!("http://127.0.0.1:8080/keys")), Code::AddressRefused),
        ("file endpoint", with("jwks_uri", json!("file:///etc/passwd")), Code::AddressRefused),
        ("endpoint of the wrong type", with("jwks_uri", json!(7)), Code::DiscoveryInvalid),
        ("no authorization endpoint", with("authorization_endpoint", Value::Null), Code::DiscoveryInvalid),
        (
            "HTML",
            json!({ "status": 200, "contentType": "text/html", "body": "<html>" }),
            Code::DiscoveryInvalid,
        ),
        (
            "cut JSON",
            json!({ "status": 200, "contentType": "application/json", "body": "{\"issuer\":" }),
            Code::DiscoveryInvalid,
        ),
        (
            "500",
            json!({ "status": 500, "contentType": "application/json", "body": "{}" }),
            Code::DiscoveryFailed,
        ),
        ("a redirect", json!({ "status": 302, "contentType": "", "body": "" }), Code::DiscoveryFailed),
        ("timeout", failed("timeout"), Code::DiscoveryFailed),
        ("10 MB", failed("too_large"), Code::DiscoveryFailed),
        (
            "64 KiB and a byte",
            json!({ "status": 200, "contentType": "application/json", "body": " ".repeat(65_537) }),
            Code::DiscoveryFailed,
        ),
    ];
    for (name, answer, code) in cases {
        let (done, _) = play(oauth::start, &start_input(&account(json!({})), json!({})), |_| answer.clone());
        assert_eq!(done.expect_err(name).code(), code, "{name}");
    }
}

#[test]
fn an_endpoint_that_is_null_is_one_that_is_not_there() {
    let mut metadata = Server::new().metadata;
    metadata["userinfo_endpoint"] = Value::Null;
    let (done, _) =
        play(oauth::start, &start_input(&account(json!({})), json!({})), |_| json_answer(&metadata));
    assert!(done.is_ok());
}

#[test]
fn the_two_issuers_are_shown_when_they_differ() {
    let mut metadata = Server::new().metadata;
    metadata["issuer"] = json!(format!("{ISSUER}/"));
    let (done, _) =
        play(oauth::start, &start_input(&account(json!({})), json!({})), |_| json_answer(&metadata));
    let expected = format!(
        "The identity provider's metadata names a different issuer. At /issuer. Expected {ISSUER}. Got {ISSUER}/."
    );
    assert_eq!(done.unwrap_err().to_string(), expected);
}

#[test]
fn a_server_without_s256_in_its_metadata_gets_a_challenge_all_the_same() {
    let mut metadata = Server::new().metadata;
    metadata["code_challenge_methods_supported"] = json!(["plain"]);
    let (done, _) =
        play(oauth::start, &start_input(&account(json!({})), json!({})), |_| json_answer(&metadata));
    assert_eq!(parameter(done.unwrap()["location"].as_str().unwrap(), "code_challenge_method"), "S256");
}

#[test]
fn mix_up_is_warned_of_where_the_identity_provider_does_not_name_itself() {
    let confidential = started(&account(json!({})), json!({}));
    assert_eq!(confidential["warnings"][0]["code"], json!("mixup_unprotected"));
    let promised = started(&account(json!({ "sendsIss": true })), json!({}));
    assert_eq!(promised["warnings"], json!([]));
}

/// Settings that may not use the shared callback.
fn unsafe_on_the_shared_callback() -> [Value; 5] {
    let elsewhere = "https://evil.example/token";
    [
        json!({ "clientAuth": { "method": "none", "secret": null } }),
        json!({ "clientAuth": { "method": "none", "secret": null }, "sendsIss": true }),
        json!({ "endpoints": { "token": elsewhere }, "sendsIss": true }),
        json!({ "endpoints": { "userinfo": elsewhere } }),
        json!({ "discovery": "https://evil.example/metadata" }),
    ]
}

#[test]
fn the_shared_callback_is_for_confidential_clients_of_what_the_issuer_itself_names() {
    for settings in unsafe_on_the_shared_callback() {
        // A document of an earlier release, as a new one would not be accepted.
        let mut document = account(json!({}));
        login::merge(&mut document["oauth"], settings.clone());
        let error = start(&document, json!({})).expect_err("the shared callback is refused");
        assert_eq!(error.code(), Code::MixupRefused, "{settings}");
        let (at, expected, _) = detail(&error);
        assert_eq!(at, "/oauth/redirectUri");
        assert!(expected.contains(&format!("{REDIRECT}/acme")), "it names the URI to register: {expected}");
        let redeemed = play(oauth::redeem, &login::redemption(&document), |_| panic!("no code is sent")).0;
        assert_eq!(redeemed.unwrap_err().code(), Code::MixupRefused, "{settings}");
        document["oauth"]["redirectUri"] = json!("account");
        start(&document, json!({})).expect("the account's own callback serves");
    }
}

#[test]
fn a_new_document_that_is_unsafe_on_the_shared_callback_is_refused_and_a_stored_one_still_reads() {
    for settings in unsafe_on_the_shared_callback() {
        let mut document = account(json!({}));
        login::merge(&mut document["oauth"], settings.clone());
        let value = handstamp::json::Value::from(login::object(&document));
        let faults = handstamp::account::Account::read(&value, true).expect_err("it is new");
        assert_eq!((faults[0].code, faults[0].path.as_str()), (Code::MixupRefused, "/oauth/redirectUri"));
        assert!(handstamp::account::Account::stored(&value).is_ok(), "its tokens are still verified");
    }
}

#[test]
fn campaigns_that_do_not_offer_a_login_are_refused() {
    let cases = [("999", Code::CampaignUnknown), ("654321", Code::TechniqueOff)];
    for (campaign, code) in cases {
        let error = start(&account(json!({})), json!({ "campaignId": campaign })).unwrap_err();
        assert_eq!(error.code(), code, "{campaign}");
    }
    let mut without = account(json!({}));
    without.as_object_mut().unwrap().remove("oauth");
    assert_eq!(start(&without, json!({})).unwrap_err().code(), Code::TechniqueOff);
}

/// The page that the state of a sign-in holds: its bind and its place.
fn returns(account: &Value, patch: Value) -> Option<(bool, Option<(i64, String)>)> {
    let done = started(account, patch);
    let sealed = parameter(done["location"].as_str().unwrap(), "state");
    let ring = handstamp::json::Value::from(login::object(&login::ring("k1", 1)));
    let state = oauth::State::open(&handstamp::seal::Ring::parse(&ring).unwrap(), &sealed).unwrap();
    (state.bind.is_some() || state.back.is_some()).then_some((state.bind.is_some(), state.back))
}

#[test]
fn the_page_to_return_to_is_the_one_that_the_browser_names() {
    let document = account(json!({}));
    let shop = "https://shop.acme.example";
    let long = format!("/play?id=7&{}", "x".repeat(90));
    let cases = [
        (format!("{shop}/game?x=1"), Some("/game?x=1")),
        (format!("{shop}/a/b?c=d&e=%20"), Some("/a/b?c=d&e=%20")),
        (format!("{shop}/list?filter[a]=b|c&d={{e}}"), Some("/list?filter[a]=b|c&d={e}")),
        (format!("{shop}/@me"), Some("/@me")),
        (format!("{shop}{long}"), Some(long.as_str())),
        (shop.to_owned(), None),
        (format!("{shop}/"), None),
        (format!("{shop}//evil.example"), None),
        (format!("{shop}/\\evil.example"), None),
        (format!("{shop}/%2f/evil.example"), None),
        (format!("{shop}/game?x=\"1\""), None),
        (format!("{shop}/game?x=<b>"), None),
        (format!("{shop}.evil.example/game"), None),
        (format!("{shop}:444/game"), None),
        (format!("{shop}@evil.example/game"), None),
        ("https://evil.example/game?x=https://shop.acme.example/game".to_owned(), None),
        ("http://shop.acme.example/game".to_owned(), None),
        ("about:blank".to_owned(), None),
        (String::new(), None),
    ];
    for (referer, path) in cases {
        let found = returns(&document, json!({ "referer": referer, "return": "1/game?x=1" }));
        assert_eq!(found, path.map(|path| (true, Some((1, path.to_owned())))), "{referer}");
    }
    // What the link asks for does not matter beside it.
    let asked = json!({ "referer": format!("{shop}/game"), "return": "1/out?to=https://evil.example" });
    assert_eq!(returns(&document, asked), Some((true, Some((1, "/game".into())))));
    let silent = json!({ "referer": null });
    assert_eq!(returns(&document, silent), None, "without a Referer nothing is proved");
    let neither = json!({ "bind": null, "return": null });
    assert_eq!(returns(&document, neither), None, "nothing waits on that page");
    let unbound = json!({ "bind": null });
    assert_eq!(returns(&document, unbound), Some((false, Some((1, "/game?x=1".into())))));
}

#[test]
fn a_shortened_referer_proves_the_paths_that_the_account_lists() {
    let document = login::document(json!({ "returnPaths": ["/play", "/game?x=1"] }));
    let cases = [
        ("1/play", Some("/play")),
        ("1/play?to=https://evil.example", Some("/play")),
        ("1/game?x=1", Some("/game?x=1")),
        ("1/game?x=2", None),
        ("1/out?to=https://evil.example", None),
        ("1/", Some("/")),
        // The Referer is of another origin than the one that is asked for.
        ("0/play", None),
    ];
    for (asked, path) in cases {
        let found = returns(&document, json!({ "referer": "https://shop.acme.example/", "return": asked }));
        assert_eq!(found, path.map(|path| (true, Some((1, path.to_owned())))), "{asked}");
        let origin = json!({ "referer": "https://shop.acme.example", "return": asked });
        assert_eq!(returns(&document, origin), found, "without its slash: {asked}");
    }
    let bare = json!({ "referer": "https://shop.acme.example/", "return": "1/play" });
    assert_eq!(returns(&account(json!({})), bare), None, "an account that lists none");
}

#[test]
fn from_our_own_origin_only_the_campaigns_of_the_account_may_wait() {
    let document =
        login::document(json!({ "origins": ["https://www.acme.example", "https://play.example"] }));
    let cases = [
        ("https://play.example/campaign/acme/123456?lang=fr", Some((true, None))),
        ("https://play.example/campaign/acme/123456", Some((true, None))),
        ("https://play.example/campaign/acme/", None),
        ("https://play.example/campaign/acme/../evil/1", None),
        ("https://play.example/campaign/acme/..", None),
        ("https://play.example/campaign/acme/%2e%2e", None),
        ("https://play.example/campaign/acme2/123456", None),
        ("https://play.example/campaign/evil/123456", None),
        ("https://play.example/campaign/acme", None),
        ("https://play.example/diagnosis/", None),
        ("https://play.example/", None),
    ];
    for (referer, page) in cases {
        assert_eq!(returns(&document, json!({ "referer": referer, "return": "1/x" })), page, "{referer}");
    }
}

#[test]
fn a_host_may_ask_for_the_page_alone() {
    let page = |input: &Value| login::plain(&oauth::return_page(&login::object(input)).unwrap());
    let input = start_input(&account(json!({})), json!({}));
    let expected =
        json!({ "bind": base64url::encode(&[9; 32]), "return": { "index": 1, "path": "/game?x=1" } });
    assert_eq!(page(&input), expected);
    let silent = start_input(&account(json!({})), json!({ "referer": null }));
    assert_eq!(page(&silent), Value::Null);
}

#[test]
fn a_sign_in_of_the_hosts_own_is_held_by_its_session() {
    let session = base64url::encode(&[7; 32]);
    let patch = json!({ "bind": null, "return": null, "referer": null, "session": session });
    assert_eq!(returns(&account(json!({})), patch), Some((true, None)));
}

#[test]
fn a_requested_page_is_an_origin_of_the_account_and_a_plain_path() {
    let long = format!("0/{}", "a".repeat(200));
    let bad = [
        "2/",
        "-1/",
        "/",
        "",
        "x/",
        "0//evil.example",
        "0/\\evil.example",
        "0\\evil",
        "0https://evil.example",
        "0/%2f/evil.example",
        "0/%5Cevil.example",
        "0/a\tb",
        "0/a\nb",
        "0/a b",
        "0/a#b",
        "0/é",
        "0:javascript:alert(1)",
        "99999999999999999999999/",
        "0:data:text/html,x",
        "0.evil",
        "0@evil",
        long.as_str(),
    ];
    for text in bad {
        let error = start(&account(json!({})), json!({ "return": text })).expect_err(text);
        assert_eq!(error.code(), Code::ReturnRefused, "{text}");
    }
}

#[test]
fn what_comes_from_the_address_bar_is_judged() {
    let long = "a".repeat(17);
    let cases = [
        ("step", "form/../x"),
        ("step", long.as_str()),
        ("lang", "f r"),
        ("lang", "french-belgium"),
        ("bind", "abc"),
        ("bind", "not base64url"),
    ];
    for (name, text) in cases {
        let error = start(&account(json!({})), json!({ name: text })).expect_err(text);
        assert_eq!((error.code(), detail(&error).0.as_str()), (Code::QueryInvalid, name), "{text}");
    }
}

#[test]
fn a_page_that_does_not_fit_into_the_state_waits_in_the_cookie() {
    let of = |length: usize| {
        let path = format!("/play?id=7&to=https://evil.example&{}", "b".repeat(length - 35));
        let referer = json!({ "referer": format!("https://shop.acme.example{path}") });
        (path, started(&account(json!({})), referer))
    };
    let parts = |done: &Value| done["cookie"]["value"].as_str().unwrap().split('.').count();
    let (_, usual) = of(100);
    assert_eq!(parts(&usual), 3);
    assert!((400..=512).contains(&parameter(usual["location"].as_str().unwrap(), "state").len()));
    let (path, long) = of(1_500);
    let value = long["cookie"]["value"].as_str().unwrap();
    let page = base64url::decode(value.split('.').nth(3).unwrap()).unwrap();
    assert_eq!(String::from_utf8(page).unwrap(), path, "whole, or not at all");
    assert!(value.len() < 4_000, "a cookie has room for 4 KiB: {}", value.len());
    assert!(parameter(long["location"].as_str().unwrap(), "state").len() <= 512);
    let (_, longer) = of(1_501);
    assert_eq!(parts(&longer), 3, "one past it, and the sign-in ends on our own origin");
}
