//! Sealed texts: what was sealed opens, and nothing else does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use handstamp::{
    Code,
    jose::base64url,
    json::Value,
    seal::{Purpose, Ring, open, seal},
};

const SALT: [u8; 16] = *b"sixteen bytes !!";

fn key(byte: u8) -> String {
    base64url::encode(&[byte; 32])
}

fn ring_text(environment: &str, keys: &[(&str, u8, &str)]) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|(kid, byte, status)| format!(r#"{{"kid":"{kid}","key":"{}","status":"{status}"}}"#, key(*byte)))
        .collect();
    format!(r#"{{"environment":"{environment}","keys":[{}]}}"#, keys.join(","))
}

fn ring(environment: &str, keys: &[(&str, u8, &str)]) -> Ring {
    Ring::parse(&Value::parse(ring_text(environment, keys).as_bytes()).unwrap()).unwrap()
}

fn dev() -> Ring {
    ring("dev", &[("k1", 1, "active")])
}

fn code(result: handstamp::Result<Vec<u8>>) -> Code {
    result.unwrap_err().code()
}

#[test]
fn what_is_sealed_opens_again() {
    for purpose in Purpose::ALL {
        for plaintext in [&b""[..], b"x", b"a longer text with \x00 and \xff bytes", &[7; 5000]] {
            let text = seal(purpose, &dev(), "acme", plaintext, SALT).unwrap();
            assert!(text.starts_with("1.k1.") && text.split('.').count() == 4, "{text}");
            assert_eq!(open(purpose, &dev(), "acme", &text).unwrap(), plaintext);
        }
    }
}

/// The value was computed by two other implementations: Node (`hkdfSync`, `aes-256-gcm`) and Python `cryptography`.
#[test]
fn the_text_form_is_the_documented_one() {
    let text = seal(Purpose::Pass, &dev(), "acme", b"hello", SALT).unwrap();
    assert_eq!(text, "1.k1.c2l4dGVlbiBieXRlcyAhIQ.s84HzDxgp0f5A8aUGtT3cx_34P6n");
}

#[test]
fn purposes_have_their_names() {
    for purpose in Purpose::ALL {
        assert_eq!(Purpose::from_name(purpose.as_str()), Some(purpose));
    }
    assert_eq!(Purpose::from_name("passes"), None);
}

#[test]
fn the_same_text_is_sealed_differently_under_another_salt() {
    let first = seal(Purpose::Pass, &dev(), "acme", b"hello", SALT).unwrap();
    let second = seal(Purpose::Pass, &dev(), "acme", b"hello", [0; 16]).unwrap();
    let content = |text: &str| text.rsplit('.').next().unwrap().to_owned();
    assert_ne!(content(&first), content(&second));
}

#[test]
fn each_purpose_is_refused_in_the_place_of_every_other() {
    for made in Purpose::ALL {
        let text = seal(made, &dev(), "acme", b"hello", SALT).unwrap();
        for asked in Purpose::ALL {
            let result = open(asked, &dev(), "acme", &text);
            if made == asked {
                assert_eq!(result.unwrap(), b"hello");
            } else {
                assert_eq!(code(result), Code::SealInvalid, "{made:?} as {asked:?}");
            }
        }
    }
}

#[test]
fn a_sealed_text_belongs_to_one_account() {
    for purpose in [Purpose::Flow, Purpose::Pass, Purpose::Secret] {
        let text = seal(purpose, &dev(), "acme", b"hello", SALT).unwrap();
        for other in ["acm", "acme ", "ACME", "", "*"] {
            assert_eq!(code(open(purpose, &dev(), other, &text)), Code::SealInvalid, "{purpose:?} {other:?}");
        }
    }
}

#[test]
fn a_state_opens_before_its_account_is_known() {
    let text = seal(Purpose::State, &dev(), "acme", b"hello", SALT).unwrap();
    assert_eq!(open(Purpose::State, &dev(), "", &text).unwrap(), b"hello");
}

#[test]
fn a_sealed_text_belongs_to_one_environment_and_one_key() {
    let text = seal(Purpose::Pass, &dev(), "acme", b"hello", SALT).unwrap();
    let production = ring("production", &[("k1", 1, "active")]);
    assert_eq!(code(open(Purpose::Pass, &production, "acme", &text)), Code::SealInvalid);
    let other_key = ring("dev", &[("k1", 2, "active")]);
    assert_eq!(code(open(Purpose::Pass, &other_key, "acme", &text)), Code::SealInvalid);
    let other_kid = ring("dev", &[("k2", 1, "active")]);
    assert_eq!(code(open(Purpose::Pass, &other_kid, "acme", &text)), Code::SealKeyUnknown);
    // The kid is bound: the same bytes under another name do not open.
    let renamed = text.replacen("1.k1.", "1.k2.", 1);
    assert_eq!(code(open(Purpose::Pass, &other_kid, "acme", &renamed)), Code::SealInvalid);
}

#[test]
fn rotation_refuses_nobody() {
    let before = ring("dev", &[("old", 1, "active"), ("new", 2, "next")]);
    let after = ring("dev", &[("old", 1, "retiring"), ("new", 2, "active")]);
    let sealed_before = seal(Purpose::State, &before, "acme", b"hello", SALT).unwrap();
    let sealed_after = seal(Purpose::State, &after, "acme", b"hello", SALT).unwrap();
    assert!(sealed_before.starts_with("1.old.") && sealed_after.starts_with("1.new."));
    let noted = format!(
        r#"{{"environment":"dev","keys":[{{"kid":"new","key":"{}","status":"active","since":1800000000}},{{"kid":"old","key":"{}","status":"retiring"}}]}}"#,
        key(2),
        key(1)
    );
    let noted = Ring::parse(&Value::parse(noted.as_bytes()).unwrap()).unwrap();
    for ring in [&before, &after, &noted] {
        for text in [&sealed_before, &sealed_after] {
            assert_eq!(open(Purpose::State, ring, "acme", text).unwrap(), b"hello");
        }
    }
}

#[test]
fn every_changed_byte_is_refused() {
    let text = seal(Purpose::Pass, &dev(), "acme", b"hello", SALT).unwrap();
    for position in 0..text.len() {
        for replacement in ["A", "B", "-", ".", "=", " ", "é", "\0"] {
            if text[position..].starts_with(replacement) {
                continue;
            }
            let changed = format!("{}{replacement}{}", &text[..position], &text[position + 1..]);
            let got = code(open(Purpose::Pass, &dev(), "acme", &changed));
            assert!(matches!(got, Code::SealInvalid | Code::SealKeyUnknown), "{position} {replacement:?}");
            let in_kid = (2..4).contains(&position) && replacement != ".";
            assert_eq!(got == Code::SealKeyUnknown, in_kid, "{position} {replacement:?}");
        }
    }
}

#[test]
fn every_flipped_bit_of_salt_and_content_is_refused() {
    let text = seal(Purpose::Pass, &dev(), "acme", b"hello", SALT).unwrap();
    let parts: Vec<&str> = text.split('.').collect();
    for part in [2, 3] {
        let bytes = base64url::decode(parts[part]).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let encoded = base64url::encode(&changed);
            let mut changed = parts.clone();
            changed[part] = &encoded;
            assert_eq!(code(open(Purpose::Pass, &dev(), "acme", &changed.join("."))), Code::SealInvalid);
        }
    }
}

#[test]
fn what_is_no_sealed_text_is_refused() {
    let text = seal(Purpose::Pass, &dev(), "acme", b"hello", SALT).unwrap();
    let truncations = (0..text.len()).map(|length| text[..length].to_owned());
    let others = [
        "",
        ".",
        "...",
        "1.k1..",
        "1.k1.AAAA.AAAA",
        "2.k1.c2l4dGVlbiBieXRlcyAhIQ.AAAA",
        "1..c2l4dGVlbiBieXRlcyAhIQ.AAAA",
        "01.k1.c2l4dGVlbiBieXRlcyAhIQ.AAAA",
    ];
    let longer = [
        format!("{text}A"),
        format!("{text}."),
        format!("{text}.AAAA"),
        format!(" {text}"),
        format!("{text}\n"),
    ];
    for broken in truncations.chain(others.map(String::from)).chain(longer) {
        let got = code(open(Purpose::Pass, &dev(), "acme", &broken));
        assert!(matches!(got, Code::SealInvalid | Code::SealKeyUnknown), "{broken:?} {got:?}");
        if !broken.starts_with("1..") {
            assert_eq!(got, Code::SealInvalid, "{broken:?}");
        }
    }
}

#[test]
fn a_refusal_gives_nothing_away() {
    let fault = open(Purpose::Pass, &dev(), "acme", "1.k1.x.y").unwrap_err();
    assert_eq!(fault.detail(), None);
    assert_eq!(fault.to_string(), "A sealed value was not made by this deployment, or it was changed.");
}

#[test]
fn a_sealed_state_of_300_bytes_stays_within_512_characters() {
    let text = seal(Purpose::State, &dev(), "acme", &[b'x'; 300], SALT).unwrap();
    assert!(text.len() <= handstamp::bounds::STATE_CHARACTERS, "{}", text.len());
}

#[test]
fn the_ring_is_read_strictly_and_says_where_it_is_wrong() {
    let good = key(1);
    let one = format!(r#"{{"kid":"a","key":"{good}","status":"active"}}"#);
    for (text, code, place) in [
        ("[]".to_owned(), Code::SettingsInvalid, ""),
        (format!(r#"{{"keys":[{one}]}}"#), Code::SettingsInvalid, "/environment"),
        (format!(r#"{{"environment":"","keys":[{one}]}}"#), Code::SettingsInvalid, "/environment"),
        (format!(r#"{{"environment":"dev","keys":[{one}],"kyes":[]}}"#), Code::SettingsUnknown, "/kyes"),
        (r#"{"environment":"dev"}"#.into(), Code::SettingsInvalid, "/keys"),
        (r#"{"environment":"dev","keys":{}}"#.into(), Code::SettingsInvalid, "/keys"),
        (r#"{"environment":"dev","keys":[]}"#.into(), Code::SettingsInvalid, "/keys"),
        (format!(r#"{{"environment":"dev","keys":[{one},{one}]}}"#), Code::SettingsInvalid, "/keys/1/kid"),
        (
            format!(r#"{{"environment":"dev","keys":[{one},{}]}}"#, one.replace("\"a\"", "\"b\"")),
            Code::SettingsInvalid,
            "/keys/1/status",
        ),
        (
            format!(r#"{{"environment":"dev","keys":[{}]}}"#, one.replace("active", "next")),
            Code::SettingsInvalid,
            "/keys",
        ),
        (
            format!(r#"{{"environment":"dev","keys":[{}]}}"#, one.replace("active", "actve")),
            Code::SettingsInvalid,
            "/keys/0/status",
        ),
        (
            format!(r#"{{"environment":"dev","keys":[{}]}}"#, one.replace('}', r#","since":"today"}"#)),
            Code::SettingsInvalid,
            "/keys/0/since",
        ),
        (
            format!(r#"{{"environment":"dev","keys":[{}]}}"#, one.replace("\"a\"", "\"a.b\"")),
            Code::SettingsInvalid,
            "/keys/0/kid",
        ),
        (
            format!(r#"{{"environment":"dev","keys":[{}]}}"#, one.replace(&good, "AAAA")),
            Code::SettingsInvalid,
            "/keys/0/key",
        ),
        (
            format!(r#"{{"environment":"dev","keys":[{}]}}"#, one.replace(&good, &format!("{good}="))),
            Code::SettingsInvalid,
            "/keys/0/key",
        ),
    ] {
        let fault = Ring::parse(&Value::parse(text.as_bytes()).unwrap()).unwrap_err();
        assert_eq!(fault.code(), code, "{text}");
        assert_eq!(fault.detail().unwrap().at.as_deref(), Some(place), "{text}");
        assert!(!fault.to_string().contains(&good), "a key must not show");
    }
}

#[test]
fn a_ring_holds_32_keys_and_a_kid_32_characters() {
    let read = |keys: &[(String, u8, &str)]| {
        let keys: Vec<_> = keys.iter().map(|(kid, byte, status)| (kid.as_str(), *byte, *status)).collect();
        Ring::parse(&Value::parse(ring_text("dev", &keys).as_bytes()).unwrap())
    };
    let keys = |count: u8| -> Vec<_> {
        (0..count).map(|byte| (format!("k{byte}"), byte, if byte == 0 { "active" } else { "next" })).collect()
    };
    let ring = read(&keys(32)).unwrap();
    let last = read(&[("k31".into(), 31, "active")]).unwrap();
    let text = seal(Purpose::Pass, &last, "acme", b"hello", SALT).unwrap();
    assert_eq!(open(Purpose::Pass, &ring, "acme", &text).unwrap(), b"hello", "the 32nd key opens");
    let fault = read(&keys(33)).unwrap_err();
    let detail = fault.detail().unwrap();
    assert_eq!((fault.code(), detail.at.as_deref()), (Code::SettingsInvalid, Some("/keys")));
    assert_eq!(
        (detail.expected.as_deref(), detail.got.as_deref()),
        (Some("at most 32 keys"), Some("33 keys"))
    );
    let named = |characters: usize| read(&[("k".repeat(characters), 1, "active")]);
    let ring = named(32).unwrap();
    let text = seal(Purpose::Pass, &ring, "acme", b"hello", SALT).unwrap();
    assert_eq!(open(Purpose::Pass, &ring, "acme", &text).unwrap(), b"hello");
    let fault = named(33).unwrap_err();
    let detail = fault.detail().unwrap();
    assert_eq!((fault.code(), detail.at.as_deref()), (Code::SettingsInvalid, Some("/keys/0/kid")));
    assert_eq!(detail.expected.as_deref(), Some("1 to 32 letters, digits, - or _"));
    assert_eq!(named(0).unwrap_err().detail().unwrap().at.as_deref(), Some("/keys/0/kid"));
}

#[test]
fn a_ring_does_not_show_its_keys() {
    let shown = format!("{:?}", dev());
    assert!(!shown.contains(&key(1)) && !shown.contains("1, 1, 1"), "{shown}");
}

#[test]
fn a_key_of_the_ring_is_as_old_as_any_time_since_1970() {
    let with = |since: i64| {
        let text =
            ring_text("dev", &[("k1", 1, "active")]).replace("\"}]", &format!("\",\"since\":{since}}}]"));
        Ring::parse(&Value::parse(text.as_bytes()).unwrap()).map(drop).map_err(|error| error.code())
    };
    for since in [0, 1, 1_800_000_000] {
        assert_eq!(with(since), Ok(()), "{since}");
    }
    for since in [-1, i64::MIN] {
        assert_eq!(with(since), Err(Code::SettingsInvalid), "{since}");
    }
}
