//! Decisions and prefills, without a token.

use super::convert::{Returned, answer, json};
use super::remembered::fields;
use crate::participation::{self, Limit};
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
