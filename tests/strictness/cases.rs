//! Those of the negative cases T01 to T42 that no other file holds.

use crate::{
    HEADER, NOW, admit, claims,
    common::{assert_code, decrypt_key, hs256, signed, vectors},
    token,
};
use handstamp::{
    Code,
    jose::{
        Compact, base64url, jwe,
        key::{DecryptKey, KeySet},
        nested::{self, Encryption},
    },
    json::Value,
    secure_token::{self, AdmitOptions},
};

#[test]
fn t06_duplicate_members_are_refused_wherever_they_stand() {
    for more in [
        r#","sub":"1234""#,
        r#","s\u0075b":"1234""#,
        r#","form":{"a":1,"a":1}"#,
        r#","custom":{"a":{"b":{"c":1,"c":1}}}"#,
        r#","x":[{"a":1},{"a":1,"a":1}]"#,
    ] {
        assert_eq!(admit(&token(more)).unwrap_err().code(), Code::JsonDuplicateMember, "{more}");
    }
    assert!(admit(&token(r#","form":{"a":"1"},"custom":{"a":1}"#)).is_ok(), "two objects, one name each");
    let set = vectors("python/key_set.json")["keySet"].to_string();
    assert!(KeySet::fetched(set.as_bytes(), None).is_ok());
    for twice in [
        set.replacen("\"kty\"", "\"kty\":\"RSA\",\"kty\"", 1),
        set.replacen("\"keys\"", "\"keys\":[],\"keys\"", 1),
    ] {
        assert_code("twice", KeySet::fetched(twice.as_bytes(), None), Code::KeySetInvalid);
    }
}

#[test]
fn t07_texts_that_cost_more_than_they_say_are_refused() {
    let members = |count: usize| (0..count).map(|index| format!(r#","m{index}":0"#)).collect::<String>();
    let nested = |levels: usize| format!(r#","x":{}{}"#, "[".repeat(levels), "]".repeat(levels));
    for (case, more, code) in [
        ("17 levels", nested(16), Code::JsonTooDeep),
        ("5,000 levels", nested(5_000), Code::JsonTooDeep),
        ("257 members", members(254), Code::JsonTooManyMembers),
        ("1,000 members", members(1_000), Code::JsonTooManyMembers),
        ("10,000 members", members(10_000), Code::TokenTooLarge),
        ("10,000 digits", format!(r#","x":{}"#, "7".repeat(10_000)), Code::JsonNumberRange),
        ("1,000 elements", format!(r#","x":[{}0]"#, "0,".repeat(999)), Code::JsonTooManyMembers),
    ] {
        assert_code(case, admit(&token(&more)), code);
    }
    assert!(admit(&token(&nested(15))).is_ok(), "16 levels");
    assert!(admit(&token(&members(253))).is_ok(), "256 members");
}

#[test]
fn t08_a_payload_is_an_object() {
    for (payload, code) in [
        ("[]", Code::JsonNotObject),
        ("\"text\"", Code::JsonNotObject),
        ("null", Code::JsonNotObject),
        ("1800000300", Code::JsonNotObject),
        ("true", Code::JsonNotObject),
        ("", Code::JsonSyntax),
        (" ", Code::JsonSyntax),
    ] {
        let error = admit(&signed(HEADER, payload.as_bytes())).unwrap_err();
        assert_eq!(error.code(), code, "{payload}");
        assert_eq!(error.detail().unwrap().at.as_deref(), Some("payload"), "{payload}");
    }
}

#[test]
fn t10_names_of_the_language_are_plain_data() {
    let more =
        r#","form":{"__proto__":"a","constructor":"b","toString":"c"},"custom":{"__proto__":{"sub":"x"}}"#;
    let admission = admit(&token(more)).unwrap();
    assert_eq!(admission.subject, "1234");
    for (name, text) in [("__proto__", "a"), ("constructor", "b"), ("toString", "c")] {
        assert_eq!(admission.prefill.form.get(name).and_then(Value::as_str), Some(text));
    }
    for kid in ["__proto__", "constructor", "hasOwnProperty"] {
        let token = signed(&format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#), claims("").as_bytes());
        let admission = admit(&token).unwrap();
        assert_eq!(admission.warnings.len(), 1, "one key: the kid is ignored, with a remark");
    }
}

#[test]
fn t22_compressed_content_is_refused_before_it_is_opened() {
    for header in [
        r#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#,
        r#"{"alg":"dir","enc":"A128GCM","zip":"GZ"}"#,
        r#"{"alg":"dir","enc":"A128GCM","zip":null}"#,
    ] {
        // Nothing behind the header is good, so the header alone decides.
        let token = format!("{}..{}.AAAA.AAAA", base64url::encode(header.as_bytes()), "A".repeat(16));
        assert_code(header, Compact::parse(&token).map(|_| ()), Code::ZipRefused);
    }
}

#[test]
fn t37_a_price_set_by_the_token_is_never_paid() {
    for alg in ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"] {
        for p2c in ["0", "1", "1000001", "2147483648", "\"1\"", "1.5", "null"] {
            let header = format!(r#"{{"alg":"{alg}","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":{p2c}}}"#);
            let token = format!("{}.AAAA.{}.AAAA.AAAA", base64url::encode(header.as_bytes()), "A".repeat(16));
            assert_code(&header, Compact::parse(&token).map(|_| ()), Code::AlgRefused);
        }
        let key = decrypt_key(&format!(r#"{{"key":"x","encoding":"utf8","alg":"{alg}","enc":"A128GCM"}}"#));
        assert_code(alg, key, Code::AlgRefused);
    }
}

/// Each fault is told by the header alone: a key agreement with such a point is never begun (CVE-2016-9121).
#[test]
fn t38_an_ephemeral_key_is_checked_like_any_other() {
    let (x, y) =
        ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    let refusal = |rest: &str| {
        let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM"{rest}}}"#);
        let token =
            format!("{}..{}.AAAA.{}", base64url::encode(header.as_bytes()), "A".repeat(16), "A".repeat(22));
        Compact::parse(&token).err().map(|error| error.code())
    };
    let epk = |members: &str| format!(r#","epk":{{"kty":"EC",{members}}}"#);
    let good = format!(r#""crv":"P-256","x":"{x}","y":"{y}""#);
    assert_eq!(refusal(&epk(&good)), None, "the point of RFC 7515 A.3");
    let off = format!(r#""crv":"P-256","x":"{y}","y":"{x}""#);
    let zero = format!(r#""crv":"P-256","x":"{0}","y":"{0}""#, base64url::encode(&[0; 32]));
    for (case, rest) in [
        ("none", String::new()),
        ("null", r#","epk":null"#.into()),
        ("a text", r#","epk":"EC""#.into()),
        ("off the curve", epk(&off)),
        ("zero", epk(&zero)),
        ("without y", epk(&format!(r#""crv":"P-256","x":"{x}""#))),
        ("another curve's length", epk(&good.replace("P-256", "P-384"))),
        ("a curve of bitcoin", epk(&good.replace("P-256", "secp256k1"))),
        ("another kind", epk(&good).replace("\"EC\"", "\"oct\"")),
        ("private", epk(&format!(r#"{good},"d":"{x}""#))),
        ("31 bytes", epk(&good.replace(x, &base64url::encode(&[1; 31])))),
        ("apu is no base64url", format!(r#"{},"apu":"a+b=""#, epk(&good))),
        ("apv is a number", format!(r#"{},"apv":7"#, epk(&good))),
        ("apu of 1,000 bytes", format!(r#"{},"apu":"{}""#, epk(&good), base64url::encode(&[7; 1_000]))),
        ("apu of 64 KiB", format!(r#"{},"apu":"{}""#, epk(&good), "A".repeat(65_536))),
    ] {
        let code = refusal(&rest).unwrap_or_else(|| panic!("epk {case}: accepted"));
        assert_ne!(code, Code::DecryptionFailed, "epk {case}");
    }
}

#[test]
fn t39_no_plaintext_leaves_without_its_tag() {
    let settings =
        Value::parse(br#"{"key":"sixteen bytes ok","encoding":"utf8","alg":"dir","enc":"A128GCM"}"#).unwrap();
    let key = [DecryptKey::from_settings(&settings, "/decrypt").unwrap()];
    let inner = token("");
    let ours = jwe::EncryptKey::from_settings(&settings, "/key").unwrap();
    let labels = jwe::Labels { kid: None, cty: Some("JWT") };
    let outer = jwe::encrypt(inner.as_bytes(), &ours, &[3; 12], labels).unwrap();
    let verify = [hs256()];
    assert!(nested::open(&outer, &key, Encryption::Require, &verify).is_ok());
    let (rest, tag) = outer.rsplit_once('.').unwrap();
    let mut bytes = base64url::decode(tag).unwrap();
    for position in 0..bytes.len() {
        bytes[position] ^= 0x80;
        let changed = format!("{rest}.{}", base64url::encode(&bytes));
        let error = nested::open(&changed, &key, Encryption::Require, &verify).unwrap_err();
        assert_eq!((error.code(), error.detail()), (Code::DecryptionFailed, None), "byte {position}");
        bytes[position] ^= 0x80;
    }
    let error =
        secure_token::admit(&crate::settings(""), &outer, &AdmitOptions::new("100001", NOW)).unwrap_err();
    assert_eq!(error.code(), Code::EncryptionUnexpected);
}
