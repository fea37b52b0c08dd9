//! Account documents.

use super::convert::{Returned, answer, json, object, refusal};
use crate::account::{Account, KeyName, SecretPlace, SecretPurpose, key_turn, watch_keys};
use crate::json::{Object, Value};
use crate::{Code, Error, Result};
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::wasm_bindgen;

/// Checks a document: `{ account, warnings }` with the document in normal form, or `{ faults }` with all of them. No URL
/// of it may lead to `own_origin`, where there is one.
#[wasm_bindgen(js_name = parseAccount)]
pub fn parse_account(text: &[u8], development: bool, own_origin: Option<String>) -> String {
    let mut out = Object::new();
    let elsewhere = |account: Account| match own_origin.map(|origin| account.faults_at(&origin)) {
        Some(faults) if !faults.is_empty() => Err(faults),
        _ => Ok(account),
    };
    match Account::parse(text, development).and_then(elsewhere) {
        Ok(account) => {
            out.set("account", account.to_json());
            out.set(
                "warnings",
                account.remarks().iter().map(crate::admission::remark_to_json).collect::<Vec<_>>(),
            );
        }
        Err(faults) => {
            out.set("faults", faults.iter().map(crate::account::Fault::to_json).collect::<Vec<_>>())
        }
    }
    Value::from(out).to_text()
}

/// Returns the normal form of a document that was accepted before, with the defaults of this release.
#[wasm_bindgen(js_name = storedAccount)]
pub fn stored_account(document: &str) -> Returned {
    answer(account(document).map(|account| account.to_json()))
}

/// Returns the settings of the secure token of a document in normal form: secrets in place, revoked keys gone, the mapping of
/// the campaign where it has one.
#[wasm_bindgen(js_name = tokenSettings)]
pub fn token_settings(document: &str, secrets: &str, campaign: Option<String>) -> Returned {
    let settings = || {
        let (account, secrets) = (account(document)?, object(secrets)?);
        campaign.map_or_else(
            || account.token_settings(&secrets),
            |campaign| account.campaign_token_settings(&campaign, &secrets),
        )
    };
    answer(settings())
}

/// Returns the places of a document that name a secret or contain one: `[{ path, purpose, name? }]`.
#[wasm_bindgen(js_name = secretPlaces)]
pub fn secret_places(document: &str) -> Returned {
    let places = json(document).map(|document| SecretPlace::of(&document));
    places
        .map(|places| Value::Array(places.iter().map(SecretPlace::to_json).collect()).to_text())
        .map_err(refusal)
}

/// Returns the purposes that a secret may have, as a JSON array of names.
#[wasm_bindgen(js_name = secretPurposes)]
pub fn secret_purposes() -> String {
    Value::Array(SecretPurpose::ALL.map(|purpose| purpose.as_str().into()).to_vec()).to_text()
}

/// Returns the names of the keys of a document in normal form: `[{ list, index, revoked, shared, names }]`.
#[wasm_bindgen(js_name = keyNames)]
pub fn key_names(document: &str, secrets: &str) -> Returned {
    let names = || Ok(account(document)?.key_names(&object(secrets)?));
    let names: Result<Vec<KeyName>> = names();
    names.map(|names| Value::Array(names.iter().map(KeyName::to_json).collect()).to_text()).map_err(refusal)
}

/// Takes a step of the rotation of a document's keys, as it was sent, or says where they stand.
#[wasm_bindgen(js_name = rotateKeys)]
pub fn rotate_keys(document: &str, request: &str) -> Returned {
    let turned = || key_turn::turn(&json(document)?, &json(request)?);
    answer(turned())
}

/// Returns a warning for each fact about the keys of an account that will refuse somebody: `[{ code, at, from?, got? }]`.
#[wasm_bindgen(js_name = watchKeys)]
pub fn watched_keys(facts: &str) -> Returned {
    let watched = json(facts).and_then(|facts| watch_keys(&facts));
    watched.map(|warnings| Value::Array(warnings).to_text()).map_err(refusal)
}

/// A document that was accepted before.
fn account(document: &str) -> Result<Account> {
    Account::stored(&json(document)?).map_err(|faults| {
        let place = faults.first().map(|fault| fault.path.clone()).unwrap_or_default();
        Error::new(Code::AccountInvalid).at(place)
    })
}
