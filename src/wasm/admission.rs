//! Decisions, prefills and submitted forms, without a token.

use super::convert::{Returned, answer, json, object};
use super::remembered::fields;
use crate::json::Value;
use crate::participation::{self, Limit};
use crate::period;
use crate::profile::check;
use crate::profile::mapping::{Mapping, map_profile};
use crate::{Code, Error};
use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

/// Decides by a limit (JSON, or empty for none) and the number of participations so far: `{ decision, reason? }`.
#[wasm_bindgen]
pub fn decide(limit: &str, participations: Option<f64>) -> Returned {
    let decide = || {
        let limit = if limit.is_empty() { None } else { Some(Limit::parse(&json(limit)?, "limit")?) };
        Ok(participation::decide(limit.as_ref(), super::convert::count(participations)).to_json())
    };
    answer(decide())
}

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

/// Maps a profile onto a form.
#[wasm_bindgen(js_name = mapProfile)]
pub fn map(profile: &str, mapping: &str, form: Option<String>) -> Returned {
    let map = || {
        let profile = json(profile)?;
        let object =
            profile.as_object().ok_or_else(|| Error::new(Code::ProfileNotObject).got(profile.kind()))?;
        let mapping = Mapping::parse(&json(mapping)?, "mapping")?;
        Ok(map_profile(object, &mapping, fields(form)?.as_deref()).to_json())
    };
    answer(map())
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
