//! Damage to a token on its way: a prefix, quotation marks, percent-encoding, white space, the other base64 alphabet.
//! The text is repaired only to look further; the token stays refused.

use crate::{Clue, Code, Error, jose::compact::Compact};
use alloc::{string::String, vec::Vec};

/// A token as it can be looked at.
pub(super) struct Repaired {
    /// The text without what does not belong there.
    pub(super) text: String,
    /// The same before its alphabet was changed, which is what the issuer signed.
    pub(super) signed: String,
    /// Why the text as it came is refused, where it needed repair.
    pub(super) fault: Option<Error>,
    /// The repairs that were made.
    pub(super) clues: Vec<Clue>,
}

/// Repairs a text that is refused for its characters; any other is left as it is.
pub(super) fn repair(original: &str) -> Repaired {
    let fault = Compact::parse(original).err().filter(|fault| {
        let code = fault.code();
        matches!(code, Code::TokenWhitespace | Code::TokenCharacters | Code::TokenPadding)
            && fault.detail().is_none_or(|detail| detail.at.is_none())
    });
    let mut clues = Vec::new();
    if fault.is_none() {
        return Repaired { text: original.into(), signed: original.into(), fault, clues };
    }
    let mut rest = String::from(original.trim());
    if let Some(inner) = quoted(&rest) {
        clues.push(Clue::TokenQuoted);
        rest = inner.into();
    }
    if let Some(after) = after_prefix(&rest) {
        clues.push(Clue::TokenBearerPrefix);
        rest = after.into();
    }
    // Twice, as parameters are encoded once for each address that they stand in.
    for round in 0..2 {
        let Some(decoded) = percent_decoded(&rest) else { break };
        if round == 0 {
            clues.push(Clue::TokenPercentEncoded);
        }
        rest = decoded;
    }
    let signed: String = rest.chars().filter(|character| !character.is_whitespace()).collect();
    let mut text = signed.replace('+', "-").replace('/', "_");
    if text != signed {
        clues.push(Clue::TokenStandardBase64);
    }
    text.retain(|character| character != '=');
    if text.is_empty() {
        return Repaired { text: original.into(), signed: original.into(), fault: None, clues: Vec::new() };
    }
    Repaired { text, signed, fault, clues }
}

fn quoted(text: &str) -> Option<&str> {
    ['"', '\''].into_iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark))
}

fn after_prefix(text: &str) -> Option<&str> {
    let (prefix, rest) = text.split_at_checked(7)?;
    prefix.eq_ignore_ascii_case("bearer ").then(|| rest.trim_start())
}

/// The text with its percent-encoding taken out, or nothing if it has none.
fn percent_decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut out = String::from(parts.next()?);
    let mut changed = false;
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let byte = u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii)?;
        out.push(char::from(byte));
        out.push_str(rest);
        changed = true;
    }
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test may stop.

    use super::*;

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl";

    #[test]
    fn each_change_on_the_way_is_named_and_taken_back() {
        use Clue::{TokenBearerPrefix, TokenPercentEncoded, TokenQuoted};
        for (text, clues) in [
            (alloc::format!("Bearer {TOKEN}"), &[TokenBearerPrefix][..]),
            (alloc::format!("bearer   {TOKEN}\n"), &[TokenBearerPrefix]),
            (alloc::format!("\"{TOKEN}\""), &[TokenQuoted]),
            (alloc::format!("'Bearer {TOKEN}'"), &[TokenQuoted, TokenBearerPrefix]),
            (TOKEN.replace('.', "%2E"), &[TokenPercentEncoded]),
            (TOKEN.replace('.', "%252e"), &[TokenPercentEncoded]),
            (alloc::format!(" {TOKEN} "), &[]),
            (TOKEN.replace('.', ".\n  "), &[]),
            (TOKEN.replace('.', "=."), &[]),
        ] {
            let repaired = repair(&text);
            assert_eq!((repaired.text.as_str(), repaired.clues.as_slice()), (TOKEN, clues), "{text}");
            assert!(repaired.fault.is_some());
        }
        let repaired = repair("ab+/.e30.c2ln+g==");
        assert_eq!(
            (repaired.text.as_str(), repaired.signed.as_str()),
            ("ab-_.e30.c2ln-g", "ab+/.e30.c2ln+g==")
        );
        assert_eq!(repaired.clues, [Clue::TokenStandardBase64]);
    }

    #[test]
    fn what_is_refused_for_another_reason_is_left_alone() {
        for text in [TOKEN, "", "a.b", "{}", "e30.e30.e", "%zz", "Bearer"] {
            let repaired = repair(text);
            assert!(repaired.fault.is_none() || repaired.text == text, "{text}");
            assert!(repaired.clues.is_empty(), "{text}");
        }
    }
}
