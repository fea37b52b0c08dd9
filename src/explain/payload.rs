//! Payloads that are not JSON: what they are instead, by their first bytes.

use crate::{jose::base64url, json::Value};

/// Names the form of a payload that is not an object.
pub(super) fn form_of(payload: &[u8]) -> Option<&'static str> {
    let text = payload.trim_ascii();
    let is_token =
        |dots| text.starts_with(b"eyJ") && text.iter().filter(|byte| **byte == b'.').count() == dots;
    let is_json = |bytes: &[u8]| Value::parse_object(bytes).is_ok();
    Some(match text {
        _ if is_token(2) => "a signed token inside this one",
        _ if is_token(4) => "an encrypted token: sign first, then encrypt the signed token",
        [0x1f, 0x8b, ..] | [0x78, 0x01 | 0x9c | 0xda, ..] => "compressed data",
        [b'<', ..] => "XML",
        [b'{', b'\'', ..] => "the printed form of a Python dictionary",
        [b'a' | b'O' | b's', b':', b'0'..=b'9', ..] => "the output of PHP's serialize",
        _ if text.starts_with(b"[object ") => "the printed form of an object",
        _ if base64url::decode_any(text).is_some_and(|bytes| is_json(&bytes)) => {
            "JSON that was encoded in base64 once more"
        }
        [b'a'..=b'z' | b'A'..=b'Z', ..] if text.contains(&b'=') && !text.contains(&b' ') => {
            "the parameters of a form"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_name_the_form() {
        for (payload, form) in [
            (&b"eyJh.e30."[..], Some("a signed token inside this one")),
            (b"\x1f\x8b\x08", Some("compressed data")),
            (b"{'sub': '1'}", Some("the printed form of a Python dictionary")),
            (b"e30=", Some("JSON that was encoded in base64 once more")),
            (b"sub=1&campaignId=2", Some("the parameters of a form")),
            (b"{\"sub\": True}", None),
            (b"hello", None),
            (b"[{}]", None),
        ] {
            assert_eq!(form_of(payload), form, "{payload:?}");
        }
    }
}
