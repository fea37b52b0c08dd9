//! JSON out: compact text, members in their order, numbers as they were written.

use super::{Value, scan};
use alloc::string::String;

impl Value {
    /// Returns the value as compact JSON text.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => out.push_str(&number.text),
            Self::String(text) => write_string(text, out),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(object) => {
                out.push('{');
                for (index, (name, value)) in object.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// One character for so many bytes may be outside ASCII for a text to be written [`in_ascii`].
const BYTES_FOR_ONE: usize = 32;

/// Escapes the characters of a JSON text that are not ASCII, where they are few: a host decodes ASCII ten times as fast.
#[cfg_attr(not(feature = "wasm"), allow(dead_code))]
pub(crate) fn in_ascii(text: String) -> String {
    let mut left = text.len() / BYTES_FOR_ONE;
    let mut out = String::new();
    let mut rest = text.as_str();
    loop {
        let (plain, special) = rest.split_at_checked(scan::ascii_bytes(rest.as_bytes())).unwrap_or_default();
        let mut characters = special.chars();
        match characters.next() {
            None if out.is_empty() => return text,
            None => {
                out.push_str(plain);
                return out;
            }
            Some(_) if left == 0 => return text,
            Some(character) => {
                if out.is_empty() {
                    out.reserve(text.len().saturating_add(BYTES_FOR_ONE));
                }
                out.push_str(plain);
                escape(character, &mut out);
            }
        }
        left = left.saturating_sub(1);
        rest = characters.as_str();
    }
}

/// Writes a character as its halves in UTF-16.
fn escape(character: char, out: &mut String) {
    for half in character.encode_utf16(&mut [0; 2]) {
        let digit = |shift: u32| char::from_digit(u32::from(*half) >> shift & 15, 16).unwrap_or_default();
        out.push_str("\\u");
        out.extend([12, 8, 4, 0].map(digit));
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    // Nearly every text is taken as a whole.
    while let Some(place) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        let (plain, special) = rest.split_at_checked(place).unwrap_or_default();
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(control) => escape(control, out),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_outside_ascii_are_escaped_where_they_are_few() {
        let plain = "x".repeat(200);
        for (given, expected) in [
            ("", ""),
            ("Li\u{e8}ge", "Li\\u00e8ge"),
            ("\u{e8}", "\\u00e8"),
            ("\u{1f600}", "\\ud83d\\ude00"),
            ("\u{ffff}\u{2028}", "\\uffff\\u2028"),
        ] {
            for (before, after) in [("", &*plain), (&*plain, ""), (&*plain, &*plain), (&plain[..15], &plain)]
            {
                let [text, escaped] = [given, expected].map(|text| [before, text, after].concat());
                assert_eq!(in_ascii(text), escaped);
            }
        }
        let many = "\u{4e2d}".repeat(100);
        assert_eq!(in_ascii(many.clone()), many);
    }
}
