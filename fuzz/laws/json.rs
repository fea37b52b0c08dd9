//! The laws of the JSON reader, for any input.

use handstamp::{bounds, json::Value};

/// Never a panic. What is read, written and read again is the same; no name stands twice; the caps hold. A text
/// that is refused says at which code.
pub fn hold(input: &[u8]) {
    let value = match Value::parse(input) {
        Ok(value) => value,
        Err(error) => return assert!(error.code().as_str().starts_with("json_")),
    };
    let text = value.to_text();
    let again = Value::parse(text.as_bytes()).expect("what we write we read");
    assert_eq!(again, value);
    assert_eq!(again.to_text(), text);
    caps(&value, 1);
}

fn caps(value: &Value, depth: usize) {
    match value {
        Value::Object(object) => {
            assert!(depth <= bounds::JSON_DEPTH && object.len() <= bounds::JSON_MEMBERS);
            for (name, member) in object.iter() {
                assert_eq!(object.iter().filter(|(other, _)| *other == name).count(), 1);
                caps(member, depth + 1);
            }
        }
        Value::Array(elements) => {
            assert!(depth <= bounds::JSON_DEPTH && elements.len() <= bounds::JSON_MEMBERS);
            elements.iter().for_each(|element| caps(element, depth + 1));
        }
        Value::Number(number) => assert!(number.as_f64().is_finite()),
        _ => {}
    }
}
