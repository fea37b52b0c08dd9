//! What a deployment answered, as it is read and shown.

use crate::deployment::sentence;
use anstream::println;
use serde_json::Value;

/// Shows why a deployment refused, with the place of each fault.
pub fn show_refusal(problem: &Value) {
    println!("✗ {}", sentence(problem));
    for fault in rows(&problem["faults"]) {
        println!(
            "✗ {}  {}  {}",
            text_of(&fault["path"]),
            text_of(&fault["code"]),
            text_of(&fault["message"])
        );
    }
}

pub fn rows(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
