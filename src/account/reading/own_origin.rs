//! The URLs of a document that lead to the origin which serves the campaigns.

use super::fault::Faults;
use crate::{
    json::{Value, members::pointer},
    url::is_at,
};
use alloc::format;

/// Adds a fault for each string below `value` that is a URL at `origin`.
pub fn find_at(value: &Value, origin: &str, path: &str, faults: &Faults) {
    match value {
        Value::String(text) if is_at(text, origin) => {
            faults.invalid(path, "A URL of an account must not be on the origin that serves the campaigns.");
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                find_at(value, origin, &format!("{path}/{index}"), faults);
            }
        }
        Value::Object(members) => {
            for (name, value) in members.iter() {
                find_at(value, origin, &pointer(path, name), faults);
            }
        }
        _ => {}
    }
}
