//! Damage to a token on its way: a prefix, a whole link, quotation marks, percent-encoding, white space and invisible
//! characters, the other base64 alphabet.
//! The text is repaired only to look further; the token stays refused.

use crate::{Clue, Code, Error, jose::compact::Compact};
use alloc::{string::String, vec::Vec};

/// A token as it can be looked at.
pub(super) struct Repaired {
    /// The text without what does not belong there.
    pub(super) text: String,
    /// The same before its alphabet was changed, which is what the issuer signed.
    pub(super) signed: String,
    /// The text as it came.
    pub(super) original: String,
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
    let untouched = |fault| Repaired {
        text: original.into(),
        signed: original.into(),
        original: original.into(),
        fault,
        clues: Vec::new(),
    };
    if fault.is_none() {
        return untouched(fault);
    }
    let mut clues = Vec::new();
    let mut rest: String = original.chars().filter(|character| !INVISIBLE.contains(character)).collect();
    if rest != original {
        clues.push(Clue::TokenInvisible);
    }
    rest = rest.trim().into();
    if let Some(inner) = quoted(&rest) {
        clues.push(Clue::TokenQuoted);
        rest = inner.into();
    }
    if let Some((after, clue)) = after_prefix(&rest) {
        clues.push(clue);
        rest = after.into();
    }
    if let Some(token) = in_link(&rest) {
        clues.push(Clue::TokenInLink);
        rest = token.into();
    }
    if let Some((token, clue)) = inside(&rest) {
        clues.push(clue);
        rest = token.into();
    }
    if let Some(plain) = unescaped(&rest) {
        clues.push(Clue::TokenEscaped);
        rest = plain;
    }
    // Twice, as parameters are encoded once for each address that they stand in.
    for round in 0..2 {
        let Some(decoded) = percent_decoded(&rest) else { break };
        if round == 0 {
            clues.push(Clue::TokenPercentEncoded);
        }
        rest = decoded;
    }
    // A string that was encoded as JSON, and then for a URL.
    if let Some(inner) = quoted(&rest) {
        clues.push(Clue::TokenQuoted);
        rest = inner.into();
    }
    if let Some(restored) = with_plus(&rest) {
        clues.push(Clue::TokenPlusAsSpace);
        rest = restored;
    }
    let signed: String = rest.chars().filter(|character| !character.is_whitespace()).collect();
    // A path, or another string, is not a token in the other alphabet.
    if clues.is_empty() && signed.split('.').count() < 3 {
        return untouched(fault);
    }
    let mut text = signed.replace('+', "-").replace('/', "_");
    if text != signed && !clues.contains(&Clue::TokenPlusAsSpace) {
        clues.push(Clue::TokenStandardBase64);
    }
    text.retain(|character| character != '=');
    if text.is_empty() {
        return untouched(None);
    }
    Repaired { text, signed, fault, clues, ..untouched(None) }
}

/// Characters that no editor shows: byte order mark, spaces without width, marks of direction, soft hyphen.
const INVISIBLE: [char; 14] = [
    '\u{feff}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}',
    '\u{202c}', '\u{202d}', '\u{202e}', '\u{2060}', '\u{61c}', '\u{ad}',
];

fn quoted(text: &str) -> Option<&str> {
    let marks = [
        ("\"", "\""),
        ("'", "'"),
        ("`", "`"),
        ("“", "”"),
        ("„", "“"),
        ("‘", "’"),
        ("«", "»"),
        ("&quot;", "&quot;"),
        ("<", ">"),
        ("[", "]"),
        ("(", ")"),
    ];
    // A name in brackets is a placeholder.
    let is_token = |start: &str, inner: &&str| !matches!(start, "<" | "[" | "(") || inner.starts_with("eyJ");
    marks.into_iter().find_map(|(start, end)| {
        text.strip_prefix(start)?.strip_suffix(end).filter(|inner| is_token(start, inner))
    })
}

/// The text after a word such as Bearer, and the clue that it is.
fn after_prefix(text: &str) -> Option<(&str, Clue)> {
    let words =
        ["authorization: bearer ", "bearer: ", "bearer ", "jwt ", "jwt: ", "token ", "token: ", "token="];
    words.into_iter().find_map(|word| {
        let (start, rest) = text.split_at_checked(word.len())?;
        let clue = if word.contains("bearer") { Clue::TokenBearerPrefix } else { Clue::TokenPrefix };
        start.eq_ignore_ascii_case(word).then(|| (rest.trim_start(), clue))
    })
}

/// The token in a link or in the query of one: it begins as every header does, `{"` in base64url.
fn in_link(text: &str) -> Option<&str> {
    if !text.contains("://") && !text.starts_with(['?', '#', '/']) {
        return None;
    }
    let (_, rest) = text.split_at_checked(text.find("eyJ")?)?;
    rest.split(['&', '#', ' ', '"', '\'', '<', '>']).next()
}

/// The token inside a longer text, such as a command, a header, markup or a parameter that goes on, and what the text is.
fn inside(text: &str) -> Option<(&str, Clue)> {
    let (before, rest) = text.split_at_checked(text.find("eyJ")?)?;
    let is_of_token = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
    let end = rest.find(|sign| !is_of_token(sign)).unwrap_or(rest.len());
    let (token, after) = rest.split_at_checked(end)?;
    let is_whole =
        matches!(token.split('.').count(), 3 | 5) && token.split('.').take(2).all(|part| part.len() > 1);
    // In the other alphabet, encoded, or broken over lines, the token itself goes on.
    let goes_on = after.len() > 1 && after.starts_with(['+', '/', '=', '%', ' ', '\n', '\r', '\t'])
        || after.trim_start_matches('=').is_empty() && !after.is_empty();
    // Behind a sign that stands around nothing, the signature goes on, as with a dash for its hyphen.
    let ends = ["\"", "'", "`", ",", ";", "<", ">", "]", ")", "}", "?", "&", "#", "\\", "/"];
    let is_end = after.is_empty() || ends.iter().any(|end| after.starts_with(end)) || !before.is_empty();
    if !is_whole || goes_on || !is_end || (before.is_empty() && after.is_empty()) {
        return None;
    }
    let clue = if before.to_ascii_lowercase().contains("bearer") {
        Clue::TokenBearerPrefix
    } else if before.contains("://") || before.starts_with(['?', '#']) || after.starts_with(['?', '#', '&']) {
        Clue::TokenInLink
    } else if before.ends_with(['=', ':', ' ']) {
        Clue::TokenPrefix
    } else {
        Clue::TokenQuoted
    };
    Some((token, clue))
}

/// The text with its spaces as the plus signs that a form decoder took them for: a token of the standard alphabet in which
/// every part has its full length only with them.
fn with_plus(text: &str) -> Option<String> {
    if !text.contains(' ') || text.contains(['\n', '\r', '\t']) {
        return None;
    }
    let is_whole = |text: &str| {
        text.split('.').all(|part| part.trim_end_matches('=').len() % 4 != 1) && text.split('.').count() > 2
    };
    let lengths = |text: &str| {
        text.rsplit('.').next().map(|part| part.trim_end_matches('=').len().saturating_mul(3) / 4)
    };
    let restored = text.replace(' ', "+");
    let without = text.replace(' ', "");
    let usual = |text: &str| lengths(text).is_some_and(|bytes| SIGNATURE_BYTES.contains(&bytes));
    (is_whole(&restored) && usual(&restored) && !(is_whole(&without) && usual(&without))).then_some(restored)
}

/// Lengths of signatures.
const SIGNATURE_BYTES: [usize; 8] = [32, 48, 64, 96, 132, 256, 384, 512];

/// The text without the escapes of mails (quoted-printable), JSON and HTML, or nothing if it has none.
fn unescaped(text: &str) -> Option<String> {
    let escapes = [
        ("=\r\n", ""),
        ("=\n", ""),
        ("\\u002e", "."),
        ("\\u002E", "."),
        ("&#46;", "."),
        ("&#x2E;", "."),
        ("&#x2e;", "."),
        ("&period;", "."),
    ];
    let found = escapes.iter().filter(|(escape, _)| text.contains(escape));
    let plain = found.fold(None, |plain: Option<String>, (escape, sign)| {
        Some(plain.as_deref().unwrap_or(text).replace(escape, sign))
    });
    // In a mail, the signs = of the text are written as well.
    plain.map(
        |plain| {
            if text.contains("=\n") || text.contains("=\r\n") { plain.replace("=3D", "=") } else { plain }
        },
    )
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
