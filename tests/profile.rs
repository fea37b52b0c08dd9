//! From a profile to a prefilled form: sources, conversions, fields, locks, and everything that is left out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use handstamp::{
    Code,
    json::{Object, Value},
    profile::{
        fields::Fields,
        mapping::{Mapping, map_profile},
        prefill::Prefill,
        source::Source,
    },
};

fn value(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

fn object(text: &str) -> Object {
    Value::parse_object(text.as_bytes()).unwrap()
}

fn mapping(text: &str) -> Mapping {
    Mapping::parse(&value(text), "/mapping").unwrap()
}

fn mapped(profile: &str, rules: &str) -> String {
    Value::from(map_profile(&object(profile), &mapping(rules), None).to_json()).to_text()
}

/// The text of field `f` read from `raw` by a rule, or the reason why it is left out.
fn one(raw: &str, rule: &str) -> Result<String, String> {
    let profile = object(&format!(r#"{{"v":{raw}}}"#));
    let prefill = map_profile(&profile, &mapping(&format!(r#"{{"f":{{"from":"v",{rule}}}}}"#)), None);
    outcome(&prefill, "f")
}

fn outcome(prefill: &Prefill, name: &str) -> Result<String, String> {
    match prefill.form.get(name).or_else(|| prefill.optin.get(name)) {
        Some(found) => Ok(found.as_str().map_or_else(|| found.to_text(), String::from)),
        None => Err(prefill.ignored.first().map_or("absent", |ignored| ignored.reason.as_str()).into()),
    }
}

fn table(rule: &str, rows: &[(&str, Result<&str, &str>)]) {
    for (raw, expected) in rows {
        let expected = expected.map(String::from).map_err(String::from);
        assert_eq!(one(raw, rule), expected, "{raw} with {rule}");
    }
}

fn campaign() -> Fields {
    let text = r#"{"fields":[{"name":"email","type":"email","required":true,"label":{"en":"E-mail"}},
        {"name":"firstname","type":"text"},{"name":"phone","type":"tel"},{"name":"birthdate","type":"date"},
        {"name":"country","type":"country"},{"name":"adult","type":"checkbox"},{"name":"plain"}],
        "optins":[{"name":"news","wording":{"en":"Send me news"}}]}"#;
    Fields::parse(&value(text), "/campaign").unwrap()
}

#[test]
fn a_source_is_a_pointer_or_a_top_level_name() {
    let profile = object(
        r#"{"email":1,"https://acme.example/email":2,"a.b":3,"a":{"b":4,"c/d":5,"e~f":[6,{"g":7}],"":8},"":9}"#,
    );
    for (source, found) in [
        ("email", Some("1")),
        ("https://acme.example/email", Some("2")),
        ("a.b", Some("3")),
        ("/a/b", Some("4")),
        ("/a/c~1d", Some("5")),
        ("/a/e~0f/0", Some("6")),
        ("/a/e~0f/1/g", Some("7")),
        ("/a/", Some("8")),
        ("/", Some("9")),
        ("/a.b", Some("3")),
        ("/a/e~0f/00", None),
        ("/a/e~0f/2", None),
        ("/a/b/c", None),
        ("b", None),
        ("Email", None),
        ("__proto__", None),
    ] {
        let found_here = Source::parse(source, "").unwrap().find(&profile).map(Value::to_text);
        assert_eq!(found_here.as_deref(), found, "{source}");
    }
    for wrong in ["", "/a~2", "/a~", "/~01~"] {
        let fault = Source::parse(wrong, "/mapping/f").unwrap_err();
        assert_eq!(fault.code(), Code::SettingsInvalid, "{wrong}");
    }
    // Outside of a pointer, ~ is a letter like any other.
    assert!(Source::parse("a~2", "").is_ok());
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

#[test]
fn a_mapping_fills_fields_from_anywhere_in_a_profile() {
    let profile =
        r#"{"email":"an@example.org","given_name":"An","address":{"locality":"Ghent"},"tags":["a","b"]}"#;
    let rules = r#"{"email":{"from":"email","lock":true},"firstname":"given_name","city":"/address/locality",
        "tag":"/tags/1","absent":"nowhere","everything":"/address"}"#;
    assert_eq!(
        mapped(profile, rules),
        concat!(
            r#"{"form":{"email":"an@example.org","firstname":"An","city":"Ghent","tag":"b"},"optin":{},"#,
            r#""locked":["email"],"ignored":[{"name":"everything","reason":"not_text"}]}"#
        )
    );
}

#[test]
fn what_is_read_as_a_boolean_is_an_optin_unless_the_campaign_has_such_a_field() {
    let rules =
        r#"{"news":{"from":"news","as":"boolean","lock":true},"adult":{"from":"adult","as":"boolean"}}"#;
    assert_eq!(
        mapped(r#"{"news":1,"adult":"false"}"#, rules),
        r#"{"form":{},"optin":{"news":true,"adult":false},"locked":["news"],"ignored":[]}"#
    );
    let prefill = map_profile(&object(r#"{"news":1,"adult":"0"}"#), &mapping(rules), Some(&campaign()));
    assert_eq!(
        Value::from(prefill.to_json()).to_text(),
        r#"{"form":{"adult":"false"},"optin":{"news":true},"locked":["news"],"ignored":[]}"#
    );
}

#[test]
fn without_a_mapping_each_member_belongs_to_the_field_of_its_name() {
    let prefill = map_profile(
        &object(r#"{"firstname":"An","news":"1","sub":"1234","email":null}"#),
        &Mapping::default(),
        Some(&campaign()),
    );
    assert_eq!(
        Value::from(prefill.to_json()).to_text(),
        concat!(
            r#"{"form":{"firstname":"An"},"optin":{"news":true},"locked":[],"#,
            r#""ignored":[{"name":"sub","reason":"unknown_field"},{"name":"email","reason":"null"}]}"#
        )
    );
}

#[test]
fn each_type_of_field_takes_what_fits_it() {
    for (field, raw, expected) in [
        ("email", r#""an@example.org""#, Ok("an@example.org")),
        ("email", r#"" an@example.org ""#, Ok("an@example.org")),
        ("email", r#""an+news@mail.example.org""#, Ok("an+news@mail.example.org")),
        ("email", r#""an@example.org@evil.example""#, Err("not_an_email")),
        ("email", r#""an""#, Err("not_an_email")),
        ("email", r#""@example.org""#, Err("not_an_email")),
        ("email", r#""an@""#, Err("not_an_email")),
        ("email", r#""an@example..org""#, Err("not_an_email")),
        ("email", r#""An Other <an@example.org>""#, Err("not_an_email")),
        ("email", r#""""#, Err("empty")),
        ("phone", r#""+32 470 12 34 56""#, Ok("+32470123456")),
        ("phone", r#""none""#, Err("not_a_phone")),
        ("birthdate", r#""2000-12-24T12:00:00.000Z""#, Ok("2000-12-24")),
        ("birthdate", r#""24/12/2000""#, Err("not_a_date")),
        ("birthdate", r#""1990""#, Err("partial_date")),
        ("country", r#""be""#, Ok("BE")),
        ("country", r#""Belgium""#, Err("not_a_country")),
        ("adult", "true", Ok("true")),
        ("adult", "0", Ok("false")),
        ("adult", r#""maybe""#, Err("not_a_boolean")),
        ("firstname", r#""An""#, Ok("An")),
        ("plain", "12", Ok("12")),
        ("unknown", r#""An""#, Err("unknown_field")),
        ("Email", r#""an@example.org""#, Err("unknown_field")),
    ] {
        let mut prefill = Prefill::default();
        prefill.add_form(&object(&format!(r#"{{"{field}":{raw}}}"#)), Some(&campaign()));
        assert_eq!(
            outcome(&prefill, field),
            expected.map(String::from).map_err(String::from),
            "{field} {raw}"
        );
    }
}

#[test]
fn optins_take_booleans_and_only_known_names() {
    let mut prefill = Prefill::default();
    prefill.add_optin(&object(r#"{"news":"1","partners":true}"#), Some(&campaign()));
    prefill.add_optin(&object(r#"{"news":false}"#), Some(&campaign()));
    assert_eq!(
        Value::from(prefill.to_json()).to_text(),
        r#"{"form":{},"optin":{"news":true},"locked":[],"ignored":[{"name":"partners","reason":"unknown_field"}]}"#
    );
    let mut prefill = Prefill::default();
    prefill.add_optin(&object(r#"{"news":"yes","other":{}}"#), None);
    let reasons: Vec<_> = prefill.ignored.iter().map(|ignored| ignored.reason.as_str()).collect();
    assert_eq!(reasons, ["not_a_boolean", "not_a_boolean"]);
}

#[test]
fn the_first_usable_value_stands() {
    let mut prefill = Prefill::default();
    prefill.add_form(&object(r#"{"a":"first","b":{}}"#), None);
    prefill.add_form(&object(r#"{"a":"second","b":"second"}"#), None);
    assert_eq!(outcome(&prefill, "a"), Ok("first".into()));
    assert_eq!(outcome(&prefill, "b"), Ok("second".into()));
}

#[test]
fn only_what_is_prefilled_is_locked() {
    let rules = mapping(
        r#"{"a":{"from":"a","lock":true},"b":{"from":"b","lock":true},"c":{"from":"c","lock":false}}"#,
    );
    let prefill = map_profile(&object(r#"{"a":"1","b":{},"c":"3"}"#), &rules, None);
    assert_eq!(prefill.locked, ["a"]);
}

#[test]
fn a_mapping_is_read_strictly_and_says_where_it_is_wrong() {
    for (text, code, place) in [
        ("[]", Code::SettingsInvalid, "/mapping"),
        (r#"{"email":1}"#, Code::SettingsInvalid, "/mapping/email"),
        (r#"{"email":null}"#, Code::SettingsInvalid, "/mapping/email"),
        (r#"{"":"email"}"#, Code::SettingsInvalid, "/mapping/"),
        (r#"{"email":""}"#, Code::SettingsInvalid, "/mapping/email"),
        (r#"{"email":{}}"#, Code::SettingsInvalid, "/mapping/email/from"),
        (r#"{"email":{"from":1}}"#, Code::SettingsInvalid, "/mapping/email/from"),
        (r#"{"email":{"from":"/~"}}"#, Code::SettingsInvalid, "/mapping/email/from"),
        (r#"{"email":{"from":"a","as":"string"}}"#, Code::SettingsInvalid, "/mapping/email/as"),
        (r#"{"email":{"from":"a","lock":"yes"}}"#, Code::SettingsInvalid, "/mapping/email/lock"),
        (r#"{"email":{"from":"a","locked":true}}"#, Code::SettingsUnknown, "/mapping/email/locked"),
        (r#"{"a/b":{"from":"a","format":"DD/MM/YYYY"}}"#, Code::SettingsInvalid, "/mapping/a~1b/format"),
        (r#"{"d":{"from":"a","as":"date","format":"DD/MM/YY"}}"#, Code::SettingsInvalid, "/mapping/d/format"),
        (
            r#"{"d":{"from":"a","as":"date","format":"DD MMM YYYY"}}"#,
            Code::SettingsInvalid,
            "/mapping/d/format",
        ),
    ] {
        let fault = Mapping::parse(&value(text), "/mapping").unwrap_err();
        assert_eq!(fault.code(), code, "{text}");
        assert_eq!(fault.detail().unwrap().at.as_deref(), Some(place), "{text}");
    }
    let fault = Mapping::parse(&value(r#"{"email":{"from":"a","locked":true}}"#), "/mapping").unwrap_err();
    assert_eq!(
        fault.to_string(),
        "A setting has an unknown name. At /mapping/email/locked. Expected one of from, as, format, lock."
    );
    let fault = Mapping::parse(&value(r#"{"email":{"form":"a"}}"#), "/mapping").unwrap_err();
    assert_eq!(
        fault.to_string(),
        "A setting has an unknown name. At /mapping/email/form. Expected a known name, probably \"from\"."
    );
}

#[test]
fn fields_are_read_strictly_where_it_matters() {
    for (text, place) in [
        ("[]", "/c"),
        (r#"{"fields":{}}"#, "/c/fields"),
        (r#"{"fields":[1]}"#, "/c/fields/0"),
        (r#"{"fields":[{"type":"text"}]}"#, "/c/fields/0/name"),
        (r#"{"fields":[{"name":"a"},{"name":"b","type":"number"}]}"#, "/c/fields/1/type"),
        (r#"{"optins":[{"name":""}]}"#, "/c/optins/0/name"),
    ] {
        let fault = Fields::parse(&value(text), "/c").unwrap_err();
        assert_eq!(
            (fault.code(), fault.detail().unwrap().at.as_deref()),
            (Code::SettingsInvalid, Some(place)),
            "{text}"
        );
    }
    assert_eq!(Fields::parse(&value("{}"), "").unwrap(), Fields::default());
}

/// A text of signs that dates, numbers and addresses are made of; the same one for the same seed.
fn scramble(seed: &mut u64) -> String {
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
