//! Account documents.

use crate::account::Account;
use crate::json::{Object, Value};
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::wasm_bindgen;

/// Checks a document: `{ account, warnings }` with the document in normal form, or `{ faults }` with all of them.
#[wasm_bindgen(js_name = parseAccount)]
pub fn parse_account(text: &[u8], development: bool) -> String {
    let mut out = Object::new();
    match Account::parse(text, development) {
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
