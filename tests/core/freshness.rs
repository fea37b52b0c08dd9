//! The freshness of fetched documents, with a clock that is an argument: how often a server is asked, good or broken.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)] // A test may stop.

use crate::{common, login};

use common::{assert_code, source, vectors, verify};
use handstamp::{Code, freshness, json::Value as Json, time::UnixTime};
use login::{NOW, Signer256, object, plain};
use serde_json::{Value, json};

/// A host with one cache entry and a server that answers as told.
struct Host {
    cache: Value,
    fetches: u32,
}

impl Host {
    fn new() -> Self {
        Self { cache: Value::Null, fetches: 0 }
    }

    fn event(&mut self, event: Value, at: i64) -> String {
        let cache = if self.cache.is_null() { Json::Null } else { object(&self.cache).into() };
        let result = plain(&freshness::next(&cache, &object(&event), UnixTime(NOW + at)).unwrap());
        self.cache = result["cache"].clone();
        result["decision"].as_str().unwrap().to_owned()
    }

    /// Asks; where the machine says fetch, the server's answer is its next event.
    fn ask(&mut self, event: &str, at: i64, answer: Value) -> String {
        let decision = self.event(json!({ "type": event }), at);
        if decision != "fetch" {
            return decision;
        }
        self.fetches += 1;
        self.event(answer, at)
    }

    fn need(&mut self, at: i64, answer: Value) -> String {
        self.ask("need", at, answer)
    }
}

fn good(cache_control: Option<&str>) -> Value {
    let body = json!({ "keys": [Signer256::new(Some("k1"), 7).jwk()] }).to_string();
    let mut event = json!({
        "type": "fetched", "purpose": "keySet", "status": 200, "contentType": "application/json", "body": body,
    });
    if let Some(text) = cache_control {
        event["cacheControl"] = json!(text);
    }
    event
}

fn bad(status: u16, body: &str) -> Value {
    json!({ "type": "fetched", "purpose": "keySet", "status": status, "contentType": "text/html", "body": body })
}

#[test]
fn a_good_copy_is_used_while_it_is_fresh() {
    let mut host = Host::new();
    for at in 0..600 {
        assert_eq!(host.need(at, good(None)), "use");
    }
    assert_eq!(host.fetches, 1);
    assert_eq!(host.need(600, good(None)), "use");
    assert_eq!(host.fetches, 2);
}

#[test]
fn the_servers_word_counts_between_a_minute_and_an_hour() {
    for (cache_control, fresh) in [
        ("max-age=1200", 1200),
        ("public, max-age=1200, must-revalidate", 1200),
        ("MAX-AGE=\"1200\"", 1200),
        ("max-age=5", 60),
        ("no-store", 60),
        ("no-cache, max-age=1200", 60),
        ("max-age=999999", 3600),
        ("max-age=99999999999999999999", 600),
        ("max-age=soon", 600),
        ("private", 600),
    ] {
        let mut host = Host::new();
        host.need(0, good(Some(cache_control)));
        assert_eq!(host.event(json!({ "type": "need" }), fresh - 1), "use", "{cache_control}");
        assert_eq!(host.event(json!({ "type": "need" }), fresh), "fetch", "{cache_control}");
    }
}

#[test]
fn fifty_tokens_with_unknown_keys_make_two_fetches() {
    let mut host = Host::new();
    assert_eq!(host.need(0, good(None)), "use");
    for token in 0..50 {
        assert_eq!(host.ask("refresh", 31 + token % 30, good(None)), "use");
    }
    assert_eq!(host.fetches, 2);
    assert_eq!(host.event(json!({ "type": "refresh" }), 61), "fetch");
}

#[test]
fn a_second_refresh_within_the_cool_down_uses_what_is_there() {
    let mut host = Host::new();
    host.need(0, good(None));
    // A key that is new right after the first fetch does not wait.
    assert_eq!(host.ask("refresh", 1, good(None)), "use");
    assert_eq!(host.event(json!({ "type": "refresh" }), 30), "use");
    assert_eq!(host.event(json!({ "type": "refresh" }), 31), "fetch");
}

#[test]
fn a_bad_signature_does_not_doubt_a_young_copy() {
    let mut host = Host::new();
    host.need(0, good(None));
    for at in [0, 1, 30] {
        assert_eq!(host.event(json!({ "type": "doubt" }), at), "use", "after {at} seconds");
    }
    assert_eq!(host.event(json!({ "type": "doubt" }), 31), "fetch");
}

#[test]
fn bad_signatures_make_one_fetch_in_five_minutes() {
    let mut host = Host::new();
    host.need(0, good(Some("max-age=3600")));
    for at in 31..331 {
        assert_eq!(host.ask("doubt", at, good(Some("max-age=3600"))), "use");
    }
    assert_eq!(host.fetches, 2);
    assert_eq!(host.ask("doubt", 331, good(None)), "use");
    assert_eq!(host.fetches, 3);
    // They take nothing from a key that is really unknown.
    assert_eq!(host.event(json!({ "type": "refresh" }), 332), "fetch");
}

#[test]
fn a_doubted_copy_serves_on_when_the_server_fails() {
    let mut host = Host::new();
    host.need(0, good(Some("max-age=3600")));
    assert_eq!(host.ask("doubt", 40, bad(500, "")), "use");
    assert_eq!(host.event(json!({ "type": "doubt" }), 41), "use", "a pause, and five minutes");
    assert_eq!(host.fetches, 2);
}

#[test]
fn fifty_sign_ins_against_a_broken_server_make_at_most_two_requests() {
    let broken = [
        json!({ "type": "failed" }),
        bad(500, "oops"),
        bad(302, ""),
        bad(200, "<html>"),
        bad(200, "{\"keys\":[]}"),
        bad(200, &format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(70_000))),
    ];
    for answer in broken {
        let mut host = Host::new();
        for attempt in 0..50 {
            assert_eq!(host.need(attempt / 5, answer.clone()), "refuse", "{answer:.80}");
        }
        assert_eq!(host.fetches, 1, "{answer:.80}");
    }
}

#[test]
fn the_pause_after_failures_grows_to_a_minute() {
    let mut host = Host::new();
    let mut asked = Vec::new();
    for at in 0..300 {
        let before = host.fetches;
        host.need(at, json!({ "type": "failed" }));
        if host.fetches > before {
            asked.push(at);
        }
    }
    assert_eq!(asked, [0, 10, 30, 70, 130, 190, 250]);
    assert_eq!(host.need(310, good(None)), "use");
    assert_eq!(host.cache["failures"], json!(0));
}

#[test]
fn the_last_good_copy_serves_for_a_day_when_the_server_fails() {
    let mut host = Host::new();
    host.need(0, good(None));
    let text = host.cache["text"].clone();
    assert_eq!(host.need(600, bad(200, "<html>")), "use");
    assert_eq!(host.cache["text"], text, "a page of HTML does not replace a good copy");
    assert_eq!(host.need(605, good(None)), "use");
    assert_eq!(host.fetches, 2, "within the pause nothing is asked");
    assert_eq!(host.need(24 * 3600, json!({ "type": "failed" })), "use");
    assert_eq!(host.need(24 * 3600 + 61, json!({ "type": "failed" })), "refuse");
}

#[test]
fn metadata_is_kept_like_a_key_set() {
    let metadata =
        |body: &str| json!({ "type": "fetched", "purpose": "discovery", "status": 200, "body": body });
    let mut host = Host::new();
    assert_eq!(host.need(0, metadata("{\"issuer\":\"https://id.acme.example\"}")), "use");
    assert_eq!(host.need(700, metadata("{\"hello\":1}")), "use");
    assert_eq!(host.cache["text"], json!("{\"issuer\":\"https://id.acme.example\"}"));
    let mut host = Host::new();
    assert_eq!(host.need(0, metadata("{\"hello\":1}")), "refuse");
}

#[test]
fn a_copy_that_serves_is_not_replaced_by_metadata_that_do_not() {
    let issuer = "https://id.acme.example";
    let good = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/a"), "token_endpoint": format!("{issuer}/t"),
    });
    let metadata = |change: &dyn Fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        json!({
            "type": "fetched", "purpose": "discovery", "status": 200, "body": body.to_string(), "issuer": issuer,
        })
    };
    let bad: [&dyn Fn(&mut Value); 6] = [
        &|body| body["issuer"] = json!("https://id.acme.example/"),
        &|body| body["issuer"] = Value::Null,
        &|body| body["token_endpoint"] = json!(""),
        &|body| body["token_endpoint"] = json!(7),
        &|body| body["authorization_endpoint"] = json!("https://10.0.0.1/a"),
        &|body| *body = json!([]),
    ];
    for change in bad {
        let mut host = Host::new();
        assert_eq!(host.need(0, metadata(&|_| ())), "use");
        assert_eq!(host.need(700, metadata(change)), "use");
        assert_eq!(host.cache["text"], json!(good.to_string()), "the good copy stays");
        assert_eq!(host.cache["failures"], json!(1));
        // A good answer ends it at once, and an endpoint that is not used is not looked at.
        assert_eq!(host.ask("test", 701, metadata(&|body| body["userinfo_endpoint"] = json!(""))), "use");
        assert_eq!(host.cache["failures"], json!(0));
    }
}

#[test]
fn metadata_that_never_served_are_asked_for_once_more_and_then_with_pauses() {
    let mut host = Host::new();
    let wrong = json!({
        "type": "fetched", "purpose": "discovery", "status": 200, "body": "{\"issuer\":\"x\"}", "issuer": "y",
    });
    assert_eq!(host.need(0, wrong.clone()), "refuse");
    assert_eq!(host.ask("refresh", 0, wrong.clone()), "refuse");
    for at in 1..10 {
        assert_eq!(host.need(at, wrong.clone()), "refuse");
        assert_eq!(host.ask("refresh", at, wrong.clone()), "refuse");
    }
    assert_eq!(host.fetches, 2);
    assert_eq!(host.event(json!({ "type": "test" }), 10), "fetch", "a test waits for nothing");
}

#[test]
fn a_call_that_fetches_nothing_uses_a_copy_of_up_to_a_day_and_changes_nothing() {
    let mut host = Host::new();
    assert_eq!(host.ask("use", 0, good(None)), "refuse", "there is none");
    assert_eq!(host.need(0, good(None)), "use");
    let cache = host.cache.clone();
    for (at, decision) in [(0, "use"), (601, "use"), (86_400, "use"), (86_401, "refuse"), (5, "use")] {
        assert_eq!(host.ask("use", at, good(None)), decision, "{at}");
    }
    assert_eq!((host.fetches, &host.cache), (1, &cache));
}

#[test]
fn a_set_that_was_let_go_of_serves_no_token_until_another_is_installed() {
    let vectors = vectors("python/key_set.json");
    let set = vectors["keySet"].to_string();
    let token = vectors["tokens"][0]["token"].as_str().unwrap();
    let mut sources = [source(r#"{"method":"jwks","url":"https://id.acme.example/keys"}"#).unwrap()];
    for _ in 0..2 {
        sources[0].install(set.as_bytes()).unwrap();
        assert!(verify(token, &sources).is_ok());
        sources[0].forget();
        assert_code("let go of", verify(token, &sources), Code::KeySetNotLoaded);
    }
}

#[test]
fn a_hosts_mistake_is_named() {
    let wrong = |cache: Json, event: Value| {
        freshness::next(&cache, &object(&event), UnixTime(NOW)).unwrap_err().to_string()
    };
    assert!(
        wrong(Json::Null, json!({ "type": "nede" }))
            .contains("At /type. Expected need, refresh, doubt, test, use, fetched or failed.")
    );
    assert!(wrong(Json::Null, json!({})).contains("At /type. Got nothing."));
    assert!(wrong(Json::from("x"), json!({ "type": "need" })).contains("At /cache."));
    let purpose = json!({ "type": "fetched", "purpose": "x", "status": 200, "body": "" });
    assert!(wrong(Json::Null, purpose).contains("Expected keySet or discovery."));
}

#[test]
fn a_refusal_is_an_event_only_where_a_newer_set_may_lift_it() {
    use handstamp::Code;
    use std::{fs, path::PathBuf};
    let event = |wanted: Option<&str>| {
        Code::ALL.iter().copied().filter(move |code| freshness::event_of(*code) == wanted).collect::<Vec<_>>()
    };
    assert_eq!(event(Some("need")), [Code::KeySetNotLoaded]);
    let mut refreshed = event(Some("refresh"));
    refreshed.sort_by_key(|code| code.as_str());
    assert_eq!(refreshed, [Code::KeySetEmpty, Code::KeySetInvalid, Code::KidUnknown]);
    let mut doubted = event(Some("doubt"));
    doubted.sort_by_key(|code| code.as_str());
    assert_eq!(doubted, [Code::AlgNotAllowed, Code::SignatureInvalid]);
    assert_eq!(event(None).len() + 6, Code::ALL.len());
    // One list, here; those who ask for newer keys have none of their own.
    let mut folders = vec![PathBuf::from("src/oauth"), PathBuf::from("src/secure_token")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            assert!(!text.contains("KidUnknown"), "{} judges refusals by key sets itself", path.display());
            read += 1;
        }
    }
    assert!(read > 40, "only {read} files were read");
}
