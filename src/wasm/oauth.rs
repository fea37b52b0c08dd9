//! The stages of a login, and the freshness of fetched documents: JSON text in, JSON text out.

use super::convert::{Returned, answer, json, object, time};
use super::token::whole;
use crate::jose::key;
use crate::json::{Object, Value};
use crate::oauth::step::Step;
use crate::{Result, freshness, oauth};
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts a login: `{ done }` or `{ request }`.
#[wasm_bindgen(js_name = oauthStart)]
pub fn start(input: &str) -> Returned {
    stage(input, oauth::start)
}

/// Returns the page that a sign-in would return to: `{ bind, return }`, or `null`.
#[wasm_bindgen(js_name = oauthReturnPage)]
pub fn return_page(input: &str) -> Returned {
    answer(object(input).and_then(|input| oauth::return_page(&input)))
}

/// Reads what the login page sent back: `{ done }`.
#[wasm_bindgen(js_name = oauthCallback)]
pub fn callback(input: &str) -> Returned {
    stage(input, oauth::callback)
}

/// Redeems a code: `{ done }`, `{ request }` or `{ operation }`.
#[wasm_bindgen(js_name = oauthRedeem)]
pub fn redeem(input: &str) -> Returned {
    stage(input, oauth::redeem)
}

/// Fetches the profile that a sign-in left for later: `{ done }`, `{ request }` or `{ operation }`.
#[wasm_bindgen(js_name = oauthFetchProfile)]
pub fn fetch_profile(input: &str) -> Returned {
    stage(input, oauth::fetch_profile)
}

/// Completes the admission of a sign-in with that profile.
#[wasm_bindgen(js_name = oauthComplete)]
pub fn complete(input: &str) -> Returned {
    answer(object(input).and_then(|input| oauth::complete(&input)).map(|admission| whole(&admission)))
}

/// Tries the keys that decrypt the tokens of the identity provider: `null`, or the refusal.
#[wasm_bindgen(js_name = oauthCheckKeys)]
pub fn check_keys(input: &str) -> Returned {
    answer(object(input).and_then(|input| oauth::check_keys(&input)).map(|()| Value::Null))
}

/// Returns the account of a callback's state, and the place that it leads back to.
#[wasm_bindgen(js_name = peekState)]
pub fn peek_state(ring: &str, query: &str) -> Returned {
    answer(json(ring).and_then(|ring| oauth::peek_place(&ring, query)))
}

/// Returns the next decision about a fetched document: `{ decision, cache }`.
#[wasm_bindgen(js_name = keySetNext)]
pub fn key_set_next(cache: &str, event: &str, now: f64) -> Returned {
    let next = || freshness::next(&json(cache)?, &object(event)?, time(now));
    answer(next())
}

/// Judges a key set that an identity provider publishes; `algs` is a JSON array of names, or null.
#[wasm_bindgen(js_name = keySetJudge)]
pub fn key_set_judge(text: &str, algs: &str) -> Returned {
    let judged = || {
        let algs = json(algs)?;
        let names: Option<Vec<&str>> =
            algs.as_array().map(|all| all.iter().filter_map(Value::as_str).collect());
        Ok(key::judge(text.as_bytes(), names.as_deref()))
    };
    answer(judged())
}

fn stage(input: &str, run: impl Fn(&Object) -> Result<Step<Value>>) -> Returned {
    let step = object(input).and_then(|input| run(&input)).map(|step| {
        let mut out = Object::new();
        match step {
            Step::Done(done) => out.set("done", done),
            Step::Request(request) => out.set("request", request.to_json()),
            Step::Operation(operation) => out.set("operation", operation),
        }
        out
    });
    answer(step)
}
