//! The strict JSON reader: what it takes, what it refuses, and where it says the fault is.
#![allow(clippy::unwrap_used)] // A test may stop.

use crate::common;
use common::{assert_code, object, value};
use handstamp::{
    Code,
    json::{Object, Value},
};

fn parse(text: &str) -> handstamp::Result<Value> {
    Value::parse(text.as_bytes())
}

#[test]
fn every_kind_of_value_is_read() {
    let all = value(" { \"a\" : [ null , true , false , -0.5e+3 , \"x\" ] , \"b\" : { } , \"c\" : [ ] } ");
    assert_eq!(all.to_text(), r#"{"a":[null,true,false,-0.5e+3,"x"],"b":{},"c":[]}"#);
    let elements = all.pointer("/a").unwrap().as_array().unwrap();
    let kinds: Vec<_> = elements.iter().map(Value::kind).collect();
    assert_eq!(kinds, ["null", "a boolean", "a boolean", "a number", "a string"]);
    assert_eq!(elements[3].as_f64(), Some(-500.0));
}

#[test]
fn duplicate_members_are_refused_at_any_depth() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":[{"b":[{"c":0,"d":0,"c":0}]}]}"#,
        r#"{"form":{"email":"a","email":"b"}}"#,
        r#"{"a":1,"\u0061":2}"#,
    ] {
        assert_code(text, parse(text), Code::JsonDuplicateMember);
    }
    assert_eq!(object(r#"{"a":{"a":{"a":1}},"A":2}"#).len(), 2);
}

#[test]
fn depth_16_is_read_and_17_is_not() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(&nested(16)).is_ok());
    assert_code("17 arrays", parse(&nested(17)), Code::JsonTooDeep);
    assert_code("100,000 arrays", parse(&nested(100_000)), Code::JsonTooDeep);
    let objects = |depth: usize| r#"{"a":"#.repeat(depth) + "1" + &"}".repeat(depth);
    assert!(parse(&objects(16)).is_ok());
    assert_code("17 objects", parse(&objects(17)), Code::JsonTooDeep);
    assert!(parse(&format!("[{}]", vec!["[[]]"; 100].join(","))).is_ok(), "depth is not a count of brackets");
}

#[test]
fn members_256_are_read_and_257_are_not() {
    let members = |count: usize| {
        let members: Vec<_> = (0..count).map(|index| format!("\"m{index}\":0")).collect();
        format!("{{{}}}", members.join(","))
    };
    let elements = |count: usize| format!("[{}]", vec!["0"; count].join(","));
    assert_eq!(object(&members(256)).len(), 256);
    assert_code("257 members", parse(&members(257)), Code::JsonTooManyMembers);
    assert_eq!(value(&elements(256)).as_array().unwrap().len(), 256);
    assert_code("257 elements", parse(&elements(257)), Code::JsonTooManyMembers);
}

#[test]
fn numbers_outside_a_double_are_refused() {
    for text in [
        "1e400",
        "-1e400",
        "1e99999999999",
        &"9".repeat(10_000),
        &format!("0.{}", "1".repeat(63)),
        &"1".repeat(65),
    ] {
        assert_code(text, parse(text), Code::JsonNumberRange);
    }
    for text in ["1e308", "0", "-0", "1E-400", &"9".repeat(64), "2.5e-3"] {
        assert_eq!(value(text).to_text(), text, "a number keeps its spelling");
    }
}

#[test]
fn a_number_is_whole_only_as_it_is_written() {
    assert_eq!(
        value("9007199254740993").as_i64(),
        Some(9_007_199_254_740_993),
        "no rounding through a double"
    );
    assert_eq!(value("-7").as_i64(), Some(-7));
    for text in ["1.0", "1e3", "9223372036854775808"] {
        assert_eq!(value(text).as_i64(), None, "{text}");
    }
}

#[test]
fn numbers_that_json_does_not_know_are_refused() {
    for text in ["01", "+1", ".5", "1.", "1e", "1e+", "-", "0x10", "NaN", "Infinity", "-Infinity", "1_000"] {
        assert_code(text, parse(text), Code::JsonSyntax);
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_position() {
    let error = Value::parse(b"{\"a\":\"\xff\"}").unwrap_err();
    assert_eq!(error.code(), Code::JsonNotUtf8);
    assert_eq!(error.detail().unwrap().got.as_deref(), Some("an invalid byte at position 6"));
    for bytes in [
        &b"\"\xc0\xaf\""[..],
        b"\"\xed\xa0\x80\"",
        b"\xff\xfe{\0}\0",
        b"\"\xf4\x90\x80\x80\"",
        b"\"\xe2\x82\"",
    ] {
        assert_code("not UTF-8", Value::parse(bytes), Code::JsonNotUtf8);
    }
    assert_code("a byte order mark", parse("\u{feff}{}"), Code::JsonNotUtf8);
    assert_eq!(value("\"\u{feff}\"").as_str(), Some("\u{feff}"), "inside a string it is a character");
}

#[test]
fn what_follows_the_value_is_refused_with_its_position() {
    for (text, position) in
        [("{}x", 2), ("{} {}", 3), ("[1],", 3), ("1 2", 2), ("{}\0", 2), ("null// end", 4)]
    {
        let error = parse(text).unwrap_err();
        assert_eq!(error.code(), Code::JsonSyntax, "{text}");
        let detail = error.detail().unwrap();
        assert_eq!(detail.expected.as_deref(), Some("the end of the input"), "{text}");
        assert_eq!(
            detail.got.as_deref(),
            Some(format!("an unexpected character at position {position}").as_str()),
            "{text}"
        );
    }
}

#[test]
fn broken_texts_are_refused() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "tru",
        "True",
        "nul",
        "undefined",
        "\"",
        "\"a",
        "\"\\\"",
        "/* c */ {}",
        "{}//",
        "[1\u{a0}]",
        "\u{b}1",
        "{\"a\":1}}",
        "[\"\t\"]",
        "\"\u{1f}\"",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\U0041\"",
        "\"\\u+123\"",
    ] {
        assert_code(text, parse(text), Code::JsonSyntax);
    }
}

#[test]
fn escapes_and_surrogate_pairs_are_read() {
    assert_eq!(value(r#""\"\\\/\b\f\n\r\t\u00e9\u20AC""#).as_str(), Some("\"\\/\u{8}\u{c}\n\r\té€"));
    assert_eq!(value(r#""\ud83d\ude00""#).as_str(), Some("😀"));
    assert_eq!(value(r#""\u0000""#).as_str(), Some("\0"));
    for half in [
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\u0041""#,
        r#""\ude00\ud83d""#,
        r#""\ud83d\ud83d""#,
    ] {
        assert_code(half, parse(half), Code::JsonSyntax);
    }
}

#[test]
fn what_was_written_reads_back_the_same() {
    let text =
        r#"{"quote\"":"back\\slash\n\u0001é😀","list":[1,-2.50,true,null,{}],"nested":{"a":{"b":[]}}}"#;
    assert_eq!(value(text).to_text(), text);
    assert_eq!(value(&value(text).to_text()), value(text));
}

#[test]
fn names_of_the_language_are_plain_data() {
    let names = object(r#"{"__proto__":{"isAdmin":true},"constructor":1,"toString":2}"#);
    assert_eq!(names.get("constructor").and_then(Value::as_i64), Some(1));
    assert_eq!(names.get("isAdmin"), None);
    assert_eq!(names.len(), 3);
}

#[test]
fn pointers_of_rfc_6901_find_their_values() {
    let document = value(
        r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#,
    );
    assert_eq!(document.pointer(""), Some(&document));
    assert_eq!(document.pointer("/foo").unwrap().to_text(), r#"["bar","baz"]"#);
    assert_eq!(document.pointer("/foo/0").and_then(Value::as_str), Some("bar"));
    for (pointer, expected) in [
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ("/k\"l", 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ] {
        assert_eq!(document.pointer(pointer).and_then(Value::as_i64), Some(expected), "{pointer}");
    }
    for nowhere in
        ["foo", "/nowhere", "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/+1", "/foo/0/0", "/foo/", "/m~1n"]
    {
        assert_eq!(document.pointer(nowhere), None, "{nowhere}");
    }
    assert_eq!(value(r#"{"~1":1}"#).pointer("/~01").and_then(Value::as_i64), Some(1), "~01 is ~1, not /");
}

#[test]
fn an_object_is_changed_in_place_and_keeps_its_order() {
    let mut object = Object::new();
    object.set("b", "1");
    object.set("a", true);
    object.set("b", 2_i64);
    object.set_some("none", None::<&str>);
    assert_eq!(Value::from(object.clone()).to_text(), r#"{"b":2,"a":true}"#);
    assert_eq!(object.remove("b").and_then(|value| value.as_i64()), Some(2));
    assert_eq!(object.remove("b"), None);
    assert!(!object.is_empty());
    assert_code("an array", Value::parse_object(b"[]"), Code::JsonNotObject);
}
