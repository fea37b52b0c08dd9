//! Participations in a campaign: its period, its limits, and the forms submitted to it.

use super::convert::{Returned, answer, json, object};
use super::remembered::fields;
use crate::json::Value;
use crate::participation;
use crate::period;
use crate::profile::check;
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

/// Judges the next participation of a person by every limit: see [`participation::judge`].
#[wasm_bindgen(js_name = judgeLimit)]
pub fn judge_limit(input: &str) -> Returned {
    answer(json(input).and_then(|input| participation::judge(&input)))
}

/// Judges whether a campaign takes part: see [`period::judge`].
#[wasm_bindgen(js_name = judgePeriod)]
pub fn judge_period(input: &str) -> Returned {
    answer(json(input).and_then(|input| period::judge(&input)))
}

/// Checks the submitted values of a form: `{ form, faults: [{ name, reason }] }`.
#[wasm_bindgen(js_name = checkForm)]
pub fn check_form(form: String, submitted: &str, locked: &str) -> Returned {
    let check = || {
        let form = fields(Some(form))?.unwrap_or_default();
        Ok(form.check(&object(submitted)?, &object(locked)?).to_json())
    };
    answer(check())
}

/// The rules of a form's fields, for a page.
#[wasm_bindgen(js_name = fieldRules)]
pub fn field_rules() -> String {
    Value::from(check::rules()).to_text()
}
