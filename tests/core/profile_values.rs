//! How single values are read: text, booleans, dates, countries, telephone numbers; what does not fit is left out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::profiles;

use handstamp::{
    json::{Object, Value},
    profile::map_profile,
};
use profiles::{campaign, mapping, object, outcome};

/// The text of field `f` read from `raw` by a rule, or the reason why it is left out.
fn one(raw: &str, rule: &str) -> Result<String, String> {
    let profile = object(&format!(r#"{{"v":{raw}}}"#));
    let prefill = map_profile(&profile, &mapping(&format!(r#"{{"f":{{"from":"v",{rule}}}}}"#)), None);
    outcome(&prefill, "f")
}

fn table(rule: &str, rows: &[(&str, Result<&str, &str>)]) {
    for (raw, expected) in rows {
        let expected = expected.map(String::from).map_err(String::from);
        assert_eq!(one(raw, rule), expected, "{raw} with {rule}");
    }
}

#[test]
fn scalars_become_text_as_they_are_written() {
    table(
        r#""as":"text""#,
        &[
            (r#""An""#, Ok("An")),
            (r#""  kept  ""#, Ok("  kept  ")),
            (r#""""#, Ok("")),
            ("12345678901234567890", Ok("12345678901234567890")),
            ("1.50", Ok("1.50")),
            ("1e3", Ok("1e3")),
            ("true", Ok("true")),
            ("false", Ok("false")),
            ("null", Err("null")),
            ("[]", Err("not_text")),
            (r#"["An"]"#, Err("not_text")),
            (r#"{"a":1}"#, Err("not_text")),
            (r#""<script>alert(1)</script>""#, Ok("<script>alert(1)</script>")),
        ],
    );
}

#[test]
fn long_values_are_left_out() {
    let at = |length: usize| one(&format!("\"{}\"", "é".repeat(length)), r#""as":"text""#);
    assert_eq!(at(1024), Ok("é".repeat(1024)));
    assert_eq!(at(1025), Err("too_long".into()));
}

#[test]
fn invisible_and_reordering_characters_are_taken_out_and_reported() {
    for (raw, text) in [
        (r#""a\u0000b""#, "ab"),
        (r#""a\nb\tc""#, "a b c"),
        (r#""a\r\nb""#, "a b"),
        (r#""a\u007fb\u0085c""#, "abc"),
        (r#""a\u202eb\u202ac\u2066d\u2069e""#, "abcde"),
    ] {
        let prefill = map_profile(&object(&format!(r#"{{"f":{raw}}}"#)), &mapping(r#"{"f":"f"}"#), None);
        assert_eq!(prefill.form.get("f").and_then(Value::as_str), Some(text), "{raw}");
        assert_eq!(prefill.ignored.len(), 1);
        assert_eq!(prefill.ignored[0].reason.as_str(), "characters_removed");
    }
    let plain = map_profile(&object(r#"{"f":"Zoë \u200f 👩‍🚀"}"#), &mapping(r#"{"f":"f"}"#), None);
    assert!(plain.ignored.is_empty());
}

#[test]
fn booleans_are_read_from_their_usual_spellings() {
    table(
        r#""as":"boolean""#,
        &[
            ("true", Ok("true")),
            ("false", Ok("false")),
            ("1", Ok("true")),
            ("0", Ok("false")),
            (r#""true""#, Ok("true")),
            (r#""false""#, Ok("false")),
            (r#""1""#, Ok("true")),
            (r#""0""#, Ok("false")),
            (r#""yes""#, Err("not_a_boolean")),
            (r#""True""#, Err("not_a_boolean")),
            (r#""""#, Err("not_a_boolean")),
            ("2", Err("not_a_boolean")),
            ("[]", Err("not_a_boolean")),
            ("null", Err("null")),
        ],
    );
}

#[test]
fn dates_are_taken_as_they_are_written() {
    table(
        r#""as":"date""#,
        &[
            (r#""2000-12-24""#, Ok("2000-12-24")),
            (r#""2000-12-24T12:00:00.000Z""#, Ok("2000-12-24")),
            (r#""2000-12-24T23:30:00-11:00""#, Ok("2000-12-24")),
            (r#""2000-12-24T00:30:00+14:00""#, Ok("2000-12-24")),
            (r#""2000-12-24T00:30+0200""#, Ok("2000-12-24")),
            (r#""2000-12-24 08:15""#, Ok("2000-12-24")),
            (r#"" 2000-12-24 ""#, Ok("2000-12-24")),
            (r#""2000-02-29""#, Ok("2000-02-29")),
            (r#""1900-02-29""#, Err("not_a_date")),
            (r#""2001-02-29""#, Err("not_a_date")),
            (r#""2000-04-31""#, Err("not_a_date")),
            (r#""2000-13-01""#, Err("not_a_date")),
            (r#""2000-00-10""#, Err("not_a_date")),
            (r#""2000-01-00""#, Err("not_a_date")),
            (r#""2000-1-2""#, Err("not_a_date")),
            (r#""24/12/2000""#, Err("not_a_date")),
            (r#""24.12.2000""#, Err("not_a_date")),
            (r#""20001224""#, Err("not_a_date")),
            (r#""2000-12-24T""#, Err("not_a_date")),
            (r#""2000-12-24T25:00:00Z""#, Err("not_a_date")),
            (r#""2000-12-24T12:61:00Z""#, Err("not_a_date")),
            (r#""2000-12-24T12:00:00.Z""#, Err("not_a_date")),
            (r#""2000-12-24T12:00:00Z ago""#, Err("not_a_date")),
            (r#""2000-12-24T12:00:00+99:00""#, Err("not_a_date")),
            (r#""2000-12-24x12:00""#, Err("not_a_date")),
            (r#""2000-12-24é""#, Err("not_a_date")),
            (r#""+000-12-24""#, Err("not_a_date")),
            (r#""""#, Err("empty")),
            ("977659200000", Err("not_a_date")),
            ("null", Err("null")),
            ("{}", Err("not_text")),
        ],
    );
}

#[test]
fn partial_dates_of_openid_are_kept_with_a_remark_but_not_for_a_date_field() {
    for raw in ["1990", "0000-12-31", "0000-02-29"] {
        let profile = object(&format!(r#"{{"birthdate":"{raw}"}}"#));
        let rules = mapping(r#"{"birthdate":{"from":"birthdate","as":"date"}}"#);
        let kept = map_profile(&profile, &rules, None);
        assert_eq!(outcome(&kept, "birthdate"), Ok(raw.into()));
        assert_eq!(kept.ignored[0].reason.as_str(), "partial_date");
        let left_out = map_profile(&profile, &rules, Some(&campaign()));
        assert_eq!(outcome(&left_out, "birthdate"), Err("partial_date".into()));
    }
    table(r#""as":"date""#, &[(r#""0000""#, Err("not_a_date")), (r#""0000-02-30""#, Err("not_a_date"))]);
}

#[test]
fn other_spellings_of_dates_need_a_format() {
    table(
        r#""as":"date","format":"DD/MM/YYYY""#,
        &[
            (r#""24/12/2000""#, Ok("2000-12-24")),
            (r#"" 24/12/2000 ""#, Ok("2000-12-24")),
            (r#""12/24/2000""#, Err("not_a_date")),
            (r#""2000-12-24""#, Err("not_a_date")),
            (r#""4/12/2000""#, Err("not_a_date")),
        ],
    );
    table(
        r#""as":"date","format":"YYYYMMDD""#,
        &[(r#""20001224""#, Ok("2000-12-24")), ("20001224", Ok("2000-12-24"))],
    );
    table(
        r#""as":"date","format":"milliseconds""#,
        &[
            ("977659200000", Ok("2000-12-24")),
            ("0", Ok("1970-01-01")),
            ("-1", Ok("1969-12-31")),
            ("1e300", Err("not_a_date")),
        ],
    );
    table(
        r#""as":"date","format":"seconds""#,
        &[
            ("977659200", Ok("2000-12-24")),
            (r#""977659200""#, Ok("2000-12-24")),
            (r#""soon""#, Err("not_a_date")),
        ],
    );
}

#[test]
fn countries_are_two_letters_in_capitals() {
    table(
        r#""as":"country""#,
        &[
            (r#""be""#, Ok("BE")),
            (r#"" Fr ""#, Ok("FR")),
            (r#""BEL""#, Err("not_a_country")),
            (r#""Belgium""#, Err("not_a_country")),
            (r#""b1""#, Err("not_a_country")),
            (r#""é""#, Err("not_a_country")),
            (r#""""#, Err("empty")),
            ("56", Err("not_a_country")),
        ],
    );
}

#[test]
fn telephone_numbers_keep_their_digits_and_a_leading_plus() {
    table(
        r#""as":"phone""#,
        &[
            (r#""+32 (0)470 12.34-56""#, Ok("+32470123456")),
            (r#""0470/12 34 56""#, Ok("0470123456")),
            (r#""(02) 123 45 67""#, Ok("021234567")),
            ("32470123456", Ok("32470123456")),
            (r#""112""#, Ok("112")),
            (r#""12""#, Err("not_a_phone")),
            (r#""+""#, Err("not_a_phone")),
            (r#""32+470""#, Err("not_a_phone")),
            (r#""call me""#, Err("not_a_phone")),
            (r#""123456789012345678901""#, Err("not_a_phone")),
            (r#""""#, Err("empty")),
        ],
    );
}

/// A text of signs that dates, numbers and addresses are made of; the same one for the same seed.
pub fn scramble(seed: &mut u64) -> String {
    const SIGNS: [&str; 24] = [
        "0",
        "1",
        "2",
        "9",
        "12",
        "2000",
        "-",
        "-",
        "/",
        ":",
        ".",
        "T",
        "Z",
        "+",
        " ",
        "(0)",
        "@",
        "a",
        "BE",
        "é",
        "\u{202e}",
        "\0",
        "\"",
        "👩‍🚀",
    ];
    let mut next = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 40).unwrap()
    };
    let length = next() % 12;
    (0..length).map(|_| SIGNS[next() % SIGNS.len()]).collect()
}

#[test]
fn whatever_comes_in_what_is_kept_has_the_form_it_should_have() {
    let rules = mapping(
        r#"{"date":{"from":"v","as":"date"},"other":{"from":"v","as":"date","format":"DD/MM/YYYY"},
        "seconds":{"from":"v","as":"date","format":"seconds"},"phone":{"from":"v","as":"phone"},
        "country":{"from":"v","as":"country"},"text":"v"}"#,
    );
    let is_date = |text: &str| {
        text.len() == 10
            && text.bytes().enumerate().all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    let (mut seed, mut kept) = (1, 0);
    for _ in 0..20_000 {
        let raw = scramble(&mut seed);
        let mut profile = Object::new();
        profile.set("v", raw.as_str());
        let prefill = map_profile(&profile, &rules, None);
        for (name, found) in prefill.form.iter() {
            let text = found.as_str().unwrap();
            let partial =
                prefill.ignored.iter().any(|one| one.name == name && one.reason.as_str() == "partial_date");
            let fits = match name {
                "date" => is_date(text) || (partial && text.len() == 4),
                "other" | "seconds" => is_date(text),
                "phone" => text.strip_prefix('+').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit()),
                "country" => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
                _ => !text.chars().any(char::is_control) && !text.contains('\u{202e}'),
            };
            assert!(fits, "{name} {text:?} of {raw:?}");
            kept += usize::from(name != "text");
        }
    }
    assert!(kept > 500, "the texts are near enough to be kept now and then: {kept}");
}
