//! The stages of a login: JSON text in, JSON text out.

use super::convert::{Returned, answer, json, object, refusal};
use super::token::whole;
use crate::json::{Object, Value};
use crate::oauth::Step;
use crate::{Result, oauth};
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

/// Returns the redirect URI that is registered at an identity provider, as a JSON string.
#[wasm_bindgen(js_name = oauthRedirectUri)]
pub fn redirect_uri(input: &str) -> Returned {
    let uri = object(input).and_then(|input| oauth::redirect_uri(&input));
    uri.map(|uri| uri.to_text()).map_err(refusal)
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

/// Returns the account of a callback's state, and the place that it leads back to.
#[wasm_bindgen(js_name = peekState)]
pub fn peek_state(ring: &str, query: &str) -> Returned {
    answer(json(ring).and_then(|ring| oauth::peek_place(&ring, query)))
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
