//! Tokens as text: what is taken apart, and what is refused before any key is touched. Cases are named after the
//! table of negative cases (T01 …).
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{SECRET, assert_code, hs256, refusal, signed, signed_with, source, verify};
use handstamp::{
    Code,
    jose::{Compact, base64url},
};

const HS256: &str = r#"{"alg":"HS256"}"#;

#[test]
fn t01_another_number_of_parts_is_refused() {
    for (token, code) in [
        ("", Code::TokenMissing),
        ("a", Code::TokenSegments),
        ("a.b", Code::TokenSegments),
        ("a.b.c.d", Code::TokenSegments),
        ("a.b.c.d.e.f", Code::TokenSegments),
        (&".".repeat(10_000), Code::TokenSegments),
        ("..", Code::TokenSegments),
        ("....", Code::TokenSegments),
    ] {
        assert_eq!(refusal(token).code(), code, "{token:.20}");
    }
    assert_eq!(
        refusal("a.b").to_string(),
        "The token does not have three parts (JWS) or five parts (JWE). Expected 3 parts (JWS) or 5 parts (JWE). Got 2 parts."
    );
}

#[test]
fn t02_a_token_of_16_kib_is_read_and_one_byte_more_is_not() {
    let limit = 16 * 1024;
    let fixed = signed(HS256, b"").len();
    let token = signed(HS256, &vec![b'x'; (limit - fixed) / 4 * 3]);
    assert!(token.len() <= limit && limit - token.len() < 4);
    assert!(verify(&token, &[hs256()]).is_ok());
    let longest = format!("{token}{}", "A".repeat(limit - token.len()));
    assert_ne!(refusal_code(&longest), Some(Code::TokenTooLarge));
    let error = refusal(&format!("{longest}A"));
    assert_eq!(error.code(), Code::TokenTooLarge);
    assert_eq!(error.detail().unwrap().got.as_deref(), Some("16385 bytes"));
    assert_eq!(refusal_code(&"a".repeat(8 << 20)), Some(Code::TokenTooLarge));
}

fn refusal_code(token: &str) -> Option<Code> {
    Compact::parse(token).err().map(|error| error.code())
}

#[test]
fn t03_foreign_characters_are_named_with_their_position() {
    let token = signed(HS256, b"{}");
    let (first, rest) = token.split_at(5);
    for (inserted, code, got) in [
        (" ", Code::TokenWhitespace, "a space at position 5"),
        ("\n", Code::TokenWhitespace, "a line break at position 5"),
        ("\r\n", Code::TokenWhitespace, "a line break at position 5"),
        ("\t", Code::TokenWhitespace, "white space at position 5"),
        ("\u{a0}", Code::TokenWhitespace, "white space at position 5"),
        ("+", Code::TokenCharacters, "'+' of the standard alphabet at position 5"),
        ("/", Code::TokenCharacters, "'/' of the standard alphabet at position 5"),
        ("%2E", Code::TokenCharacters, "'%' of a percent-encoding at position 5"),
        ("\"", Code::TokenCharacters, "a quotation mark at position 5"),
        ("\0", Code::TokenCharacters, "a control character at position 5"),
        ("é", Code::TokenCharacters, "a character outside ASCII at position 5"),
        ("{", Code::TokenCharacters, "'{' at position 5"),
        ("=", Code::TokenCharacters, "'=' at position 5"),
    ] {
        let error = refusal(&format!("{first}{inserted}{rest}"));
        assert_eq!(error.code(), code, "{inserted:?}");
        assert_eq!(error.detail().unwrap().got.as_deref(), Some(got), "{inserted:?}");
    }
    assert_eq!(refusal(&format!(" {token}")).code(), Code::TokenWhitespace);
    assert_eq!(refusal(&format!("{token}\n")).code(), Code::TokenWhitespace);
    assert_eq!(refusal(&format!("{token}=")).code(), Code::TokenPadding);
    assert_eq!(refusal(&token.replacen('.', "==.", 1)).code(), Code::TokenPadding);
    let bearer = refusal(&format!("Bearer {token}"));
    assert_eq!(bearer.code(), Code::TokenCharacters);
    assert_eq!(bearer.detail().unwrap().got.as_deref(), Some("the prefix Bearer at position 0"));
}

#[test]
fn t04_a_part_that_is_not_the_only_spelling_of_its_bytes_is_refused() {
    let token = signed(HS256, b"{\"a\":1}");
    let parts: Vec<_> = token.split('.').collect();
    for (index, name) in ["header", "payload", "signature"].iter().enumerate() {
        let mut longer: Vec<_> = parts.iter().map(|part| (*part).to_owned()).collect();
        while longer[index].len() % 4 != 1 {
            longer[index].push('A');
        }
        let error = refusal(&longer.join("."));
        assert_eq!(error.code(), Code::TokenTrailingBits, "{name}");
        let detail = error.detail().unwrap();
        assert_eq!(detail.at.as_deref(), Some(*name));
        assert_eq!(detail.got, Some(format!("{} characters", longer[index].len())));
    }
    // The last of 43 symbols carries 4 bits: two are unused and must be zero.
    let signature = parts[2];
    let last = signature.chars().last().unwrap();
    assert!("AEIMQUYcgkosw048".contains(last), "the unused bits of a good signature are zero");
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let next = alphabet.chars().nth(alphabet.find(last).unwrap() + 1).unwrap();
    let other = format!("{}.{}.{}{next}", parts[0], parts[1], &signature[..42]);
    let error = refusal(&other);
    let got = error.detail().unwrap().got.as_deref();
    let unused = "a last character whose unused bits are not zero";
    assert_eq!((error.code(), got), (Code::TokenTrailingBits, Some(unused)));
}

#[test]
fn t05_a_header_that_is_not_plain_json_is_refused() {
    for (case, header, code) in [
        ("invalid UTF-8", &b"{\"alg\":\"HS256\",\"a\":\"\xff\"}"[..], Code::JsonNotUtf8),
        ("UTF-16", b"\xff\xfe{\0}\0", Code::JsonNotUtf8),
        ("byte order mark", b"\xef\xbb\xbf{\"alg\":\"HS256\"}", Code::JsonNotUtf8),
        ("text behind it", b"{\"alg\":\"HS256\"}x", Code::JsonSyntax),
        ("a comment", b"{\"alg\":\"HS256\"/**/}", Code::JsonSyntax),
        ("single quotes", b"{'alg':'HS256'}", Code::JsonSyntax),
        ("an array", b"[\"HS256\"]", Code::JsonNotObject),
        ("a string", b"\"HS256\"", Code::JsonNotObject),
    ] {
        let error = refusal(&signed_with(SECRET.as_bytes(), header, b"{}"));
        assert_eq!(error.code(), code, "{case}");
        assert_eq!(error.detail().unwrap().at.as_deref(), Some("header"), "{case}");
    }
}

#[test]
fn t06_duplicate_members_of_the_header_are_refused() {
    for header in [r#"{"alg":"HS256","alg":"HS256"}"#, r#"{"alg":"HS256","x":{"a":1,"a":1}}"#] {
        assert_eq!(refusal(&signed(header, b"{}")).code(), Code::JsonDuplicateMember, "{header}");
    }
}

#[test]
fn t07_a_header_of_2_kib_is_read_and_one_byte_more_is_not() {
    let header = |bytes: usize| format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(bytes - 22));
    assert_eq!(header(2048).len(), 2048);
    assert!(verify(&signed(&header(2048), b"{}"), &[hs256()]).is_ok());
    let error = refusal(&signed(&header(2049), b"{}"));
    assert_eq!(error.code(), Code::HeaderTooLarge);
    assert_eq!(error.detail().unwrap().got.as_deref(), Some("2049 bytes"));
}

#[test]
fn t09_the_json_serialization_is_refused_by_name() {
    for token in [
        r#"{"payload":"e30","protected":"e30","signature":""}"#,
        " \n{\"payload\":\"e30\",\"signatures\":[]}",
        r#"{"protected":"e30","ciphertext":"a","iv":"b","tag":"c"}"#,
    ] {
        assert_eq!(refusal(token).code(), Code::TokenIsJson, "{token}");
    }
    let embedded = signed(r#"{"alg":"HS256","  \"protected\"":"e30"}"#, b"{}");
    assert!(verify(&embedded, &[hs256()]).is_ok(), "an unknown member means nothing");
}

#[test]
fn t11_unsigned_and_unknown_algorithms_are_refused() {
    for (header, code) in [
        (r#"{"alg":"none"}"#, Code::AlgNone),
        (r#"{"alg":"None"}"#, Code::AlgNone),
        (r#"{"alg":"nOnE"}"#, Code::AlgNone),
        (r#"{"alg":"NONE"}"#, Code::AlgNone),
        (r#"{"alg":""}"#, Code::AlgUnknown),
        (r#"{"alg":"none "}"#, Code::AlgUnknown),
        (r#"{"alg":"hs256"}"#, Code::AlgUnknown),
        (r#"{"alg":"HS257"}"#, Code::AlgUnknown),
        (r#"{"alg":"ES256K"}"#, Code::AlgUnknown),
        (r#"{"typ":"JWT"}"#, Code::AlgMissing),
        (r#"{"ALG":"HS256"}"#, Code::AlgMissing),
        (r#"{"alg":256}"#, Code::HeaderInvalid),
        (r#"{"alg":["HS256"]}"#, Code::HeaderInvalid),
        (r#"{"alg":null}"#, Code::HeaderInvalid),
        (r#"{"alg":"dir"}"#, Code::AlgNotAllowed),
        (r#"{"alg":"RSA1_5"}"#, Code::AlgRefused),
    ] {
        for payload in [&b"{}"[..], b""] {
            let token = signed(header, payload);
            assert_eq!(refusal(&token).code(), code, "{header}");
            let (unsigned, _) = token.rsplit_once('.').unwrap();
            assert_eq!(refusal(&format!("{unsigned}.")).code(), code, "{header} without signature");
        }
    }
    for (name, got) in [("hs256", "Expected HS256. Got hs256."), ("", "Got an empty name.")] {
        let unknown = refusal(&signed(&format!(r#"{{"alg":"{name}"}}"#), b"{}"));
        let says = format!("The header names an unknown algorithm (alg). At header/alg. {got}");
        assert_eq!(unknown.to_string(), says);
    }
    let long = refusal(&signed(&format!(r#"{{"alg":"{}"}}"#, "<script>".repeat(9)), b"{}"));
    assert_eq!(long.detail().unwrap().got.as_deref(), Some("a name of 72 characters"));
}

#[test]
fn t18_a_kid_is_a_short_name_and_nothing_else() {
    let with_kid = |kid: &str| signed(&format!(r#"{{"alg":"HS256","kid":{kid}}}"#), b"{}");
    for kid in [
        "\"\"",
        "7",
        "[\"a\"]",
        "null",
        "{}",
        "\"a\\u0000b\"",
        "\"a\\nb\"",
        &format!("\"{}\"", "k".repeat(257)),
    ] {
        let error = refusal(&with_kid(kid));
        assert_eq!(error.code(), Code::KidInvalid, "{kid:.20}");
        assert_eq!(error.detail().unwrap().at.as_deref(), Some("header/kid"), "{kid:.20}");
    }
    let set = r#"{"method":"jwks","keys":{"keys":[{"kty":"oct","kid":"k1","alg":"HS256","k":"YW4gZXhhbXBsZSBzZWNyZXQgb2YgMzIgYnl0ZXMgb2s"}]}}"#;
    let set = [source(set).unwrap()];
    assert!(verify(&with_kid("\"k1\""), &set).is_ok());
    let longest = format!("\"{}\"", "k".repeat(256));
    for kid in [
        "\"../../etc/passwd\"",
        "\"' OR 1=1 --\"",
        "\"http://127.0.0.1/key\"",
        "\"K1\"",
        "\"k1 \"",
        "\"\u{212a}1\"",
        "\"__proto__\"",
        "\"toString\"",
        &longest,
    ] {
        assert_code(kid, verify(&with_kid(kid), &set), Code::KidUnknown);
    }
    assert_code("no kid", verify(&signed(HS256, b"{}"), &set), Code::KidMissing);
}

#[test]
fn t19_and_t20_extensions_are_refused() {
    for (member, code) in [
        (r#""crit":["exp"]"#, Code::CritUnsupported),
        (r#""crit":[]"#, Code::CritUnsupported),
        (r#""crit":"exp""#, Code::CritUnsupported),
        (r#""crit":null"#, Code::CritUnsupported),
        (r#""crit":["alg"]"#, Code::CritUnsupported),
        (r#""crit":["b64"],"b64":false"#, Code::CritUnsupported),
        (r#""crit":["x","x"],"x":1"#, Code::CritUnsupported),
        (r#""b64":false"#, Code::B64Unsupported),
        (r#""b64":true"#, Code::B64Unsupported),
        (r#""zip":"DEF""#, Code::ZipRefused),
    ] {
        assert_eq!(
            refusal(&signed(&format!(r#"{{"alg":"HS256",{member}}}"#), b"{}")).code(),
            code,
            "{member}"
        );
    }
}

#[test]
fn t21_types_are_texts() {
    for member in [r#""typ":1"#, r#""typ":null"#, r#""cty":["JWT"]"#] {
        assert_eq!(
            refusal(&signed(&format!(r#"{{"alg":"HS256",{member}}}"#), b"{}")).code(),
            Code::HeaderInvalid
        );
    }
    let verified = verify(&signed(r#"{"alg":"HS256","typ":"at+jwt","cty":"x"}"#, b"{}"), &[hs256()]).unwrap();
    assert_eq!((verified.header().typ(), verified.header().cty()), (Some("at+jwt"), Some("x")));
}

#[test]
fn base64url_has_one_text_for_one_value() {
    for length in 0..70_u8 {
        let bytes: Vec<u8> = (0..length).map(|index| index.wrapping_mul(37) ^ length).collect();
        let text = base64url::encode(&bytes);
        assert_eq!(text.len(), (bytes.len() * 4).div_ceil(3));
        assert_eq!(base64url::decode(&text).unwrap(), bytes);
    }
    // RFC 4648 section 10, without padding.
    for (bytes, text) in
        [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")]
    {
        assert_eq!(base64url::encode(bytes.as_bytes()), text);
        assert_eq!(base64url::decode(text).unwrap(), bytes.as_bytes());
    }
    for (text, code) in [
        ("Zh", Code::TokenTrailingBits),
        ("Zm9", Code::TokenTrailingBits),
        ("Zm9vY", Code::TokenTrailingBits),
        ("Zg==", Code::TokenPadding),
        ("Zm 8", Code::TokenWhitespace),
        ("Zm+8", Code::TokenCharacters),
        ("Zm\u{0}8", Code::TokenCharacters),
    ] {
        assert_code(text, base64url::decode(text), code);
    }
    // Foreign characters at any places, alone and together: none hides another.
    for length in 2..=8_u32 {
        for places in 1..1_u32 << length {
            let letter = |place: u32| if (places >> place) & 1 == 1 { '+' } else { 'A' };
            let text: String = (0..length).map(letter).collect();
            assert!(base64url::decode(&text).is_err(), "{text}");
        }
    }
}
