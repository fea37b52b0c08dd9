//! The negative cases T01 to T42: which test holds each, and those that no other file holds.

use crate::{
    HEADER, NOW, admit, claims,
    common::{assert_code, decrypt_key, hs256, signed, vectors},
    token,
};
use handstamp::{
    Code,
    jose::{
        algorithm::{Content, Management},
        base64url,
        compact::Compact,
        jwe::{self, DecryptKey},
        key_set::KeySet,
        nested::{self, Encryption},
    },
    json::Value,
    secure_token,
};
use std::fs;

/// Where a case is tested.
enum Held {
    /// By a test of a file under `tests`.
    By(&'static str, &'static str),
    /// By such a test from the day that a key management algorithm is computed here; until then by its absence.
    Management(&'static str, &'static str, &'static str),
    /// The same for a content encryption.
    Content(&'static str, &'static str, &'static str),
}
use Held::By;

const CASES: [(&str, &[Held]); 42] = [
    ("T01", &[By("compact", "t01_another_number_of_parts_is_refused")]),
    ("T02", &[By("compact", "t02_a_token_of_16_kib_is_read_and_one_byte_more_is_not")]),
    ("T03", &[By("compact", "t03_foreign_characters_are_named_with_their_position")]),
    ("T04", &[By("compact", "t04_a_part_that_is_not_the_only_spelling_of_its_bytes_is_refused")]),
    ("T05", &[By("compact", "t05_a_header_that_is_not_plain_json_is_refused")]),
    (
        "T06",
        &[
            By("compact", "t06_duplicate_members_of_the_header_are_refused"),
            By("strictness/cases", "t06_duplicate_members_are_refused_wherever_they_stand"),
        ],
    ),
    ("T07", &[By("strictness/cases", "t07_texts_that_cost_more_than_they_say_are_refused")]),
    ("T08", &[By("strictness/cases", "t08_a_payload_is_an_object")]),
    ("T09", &[By("compact", "t09_the_json_serialization_is_refused_by_name")]),
    ("T10", &[By("strictness/cases", "t10_names_of_the_language_are_plain_data")]),
    ("T11", &[By("compact", "t11_unsigned_and_unknown_algorithms_are_refused")]),
    (
        "T12",
        &[
            By("jws", "t12_a_public_key_never_verifies_hmac"),
            By("keys", "t12_a_public_key_is_no_shared_secret"),
        ],
    ),
    ("T13", &[By("jws", "t13_a_key_serves_the_configured_algorithm_only")]),
    ("T14", &[By("keys", "t14_a_key_without_alg_serves_the_rows_of_its_kind_only")]),
    ("T15", &[By("jws", "t15_to_t17_keys_and_addresses_in_the_token_mean_nothing")]),
    ("T16", &[By("jws", "t15_to_t17_keys_and_addresses_in_the_token_mean_nothing")]),
    ("T17", &[By("jws", "t15_to_t17_keys_and_addresses_in_the_token_mean_nothing")]),
    ("T18", &[By("compact", "t18_a_kid_is_a_short_name_and_nothing_else")]),
    ("T19", &[By("compact", "t19_and_t20_extensions_are_refused")]),
    ("T20", &[By("compact", "t19_and_t20_extensions_are_refused")]),
    ("T21", &[By("compact", "t21_types_are_texts"), By("claims", "the_type_is_compared_as_a_media_type")]),
    ("T22", &[By("strictness/cases", "t22_compressed_content_is_refused_before_it_is_opened")]),
    ("T23", &[By("jws", "t23_ecdsa_numbers_out_of_range_are_refused"), By("wycheproof/signatures", "ecdsa")]),
    (
        "T24",
        &[
            By("jws", "t24_every_flipped_byte_and_every_truncation_is_refused"),
            By("jwe", "every_flipped_byte_and_every_truncation_is_refused"),
        ],
    ),
    (
        "T25",
        &[
            By("jws", "t25_and_t28_other_paddings_salts_and_spellings_are_refused"),
            By("wycheproof/signatures", "rsa_pkcs1"),
        ],
    ),
    ("T26", &[By("keys", "t26_rsa_keys_are_checked_for_size_modulus_and_exponent")]),
    ("T27", &[By("keys", "t27_hmac_secrets_have_at_least_the_bytes_of_their_hash")]),
    ("T28", &[By("wycheproof/signatures", "rsa_pss")]),
    ("T29", &[By("keys", "t29_points_are_on_their_curve"), By("wycheproof/points", "p256_points")]),
    ("T30", &[By("keys", "t30_a_key_says_what_it_is_for")]),
    ("T31", &[By("jws", "t31_hmac_is_compared_in_constant_time")]),
    ("T32", &[By("jwe", "t32_algorithms_are_refused_by_name")]),
    (
        "T33",
        &[
            Held::Management("RSA-OAEP", "jwe", "t33_every_failure_of_rsa_decryption_is_the_same"),
            Held::Management("RSA-OAEP-256", "jwe", "t33_every_failure_of_rsa_decryption_is_the_same"),
        ],
    ),
    (
        "T34",
        &[
            By("jwe", "t34_and_t36_parts_of_another_length_fail_like_everything_else"),
            By("wycheproof/content", "aes_gcm"),
        ],
    ),
    (
        "T35",
        &[
            Held::Content("A128CBC-HS256", "wycheproof/content", "aes_cbc_hmac"),
            Held::Content("A192CBC-HS384", "wycheproof/content", "aes_cbc_hmac"),
            Held::Content("A256CBC-HS512", "wycheproof/content", "aes_cbc_hmac"),
        ],
    ),
    (
        "T36",
        &[
            By("jwe", "t34_and_t36_parts_of_another_length_fail_like_everything_else"),
            Held::Management("A128KW", "wycheproof/management", "aes_key_wrap"),
            Held::Management("A256GCMKW", "wycheproof/management", "aes_gcm_key_wrap"),
        ],
    ),
    ("T37", &[By("strictness/cases", "t37_a_price_set_by_the_token_is_never_paid")]),
    (
        "T38",
        &[
            Held::Management("ECDH-ES", "wycheproof/management", "ecdh_es_on_p256"),
            By("strictness/cases", "t38_an_ephemeral_key_is_checked_like_any_other"),
        ],
    ),
    ("T39", &[By("strictness/cases", "t39_no_plaintext_leaves_without_its_tag")]),
    ("T40", &[By("jwe", "t40_the_form_must_be_the_configured_one")]),
    ("T41", &[By("jwe", "t41_what_is_not_signed_inside_is_refused")]),
    ("T42", &[By("jwe", "t42_the_outer_header_must_not_contradict_the_inner_token")]),
];

#[test]
fn every_case_names_the_tests_that_hold_it() {
    for (index, (case, held)) in CASES.iter().enumerate() {
        assert_eq!(*case, format!("T{:02}", index + 1));
        for by in *held {
            match by {
                By(file, test) => exists(case, file, test),
                Held::Management(name, file, test) if Management::from_name(name).unwrap().is_computed() => {
                    exists(case, file, test);
                }
                Held::Content(name, file, test) if Content::from_name(name).unwrap().is_computed() => {
                    exists(case, file, test);
                }
                Held::Management(name, ..) => takes_no_secret(name, "A128GCM"),
                Held::Content(name, ..) => takes_no_secret("dir", name),
            }
        }
    }
}

fn exists(case: &str, file: &str, test: &str) {
    let path = format!("{}/tests/{file}.rs", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{case}: no tests/{file}.rs"));
    assert!(text.contains(&format!("#[test]\nfn {test}()")), "{case}: tests/{file}.rs has no test {test}");
}

/// What is not computed here takes no secret, so no token that it made opens.
fn takes_no_secret(alg: &str, enc: &str) {
    let secret = base64url::encode(&[7; 32]);
    for encoding in ["utf8", "base64url"] {
        let settings = format!(r#"{{"key":"{secret}","encoding":"{encoding}","alg":"{alg}","enc":"{enc}"}}"#);
        assert!(decrypt_key(&settings).is_err(), "{alg} with {enc} takes a secret");
    }
}

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
    if !Management::ECDH_ES.is_computed() {
        return takes_no_secret("ECDH-ES", "A128GCM");
    }
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
    let outer = jwe::encrypt_dir(inner.as_bytes(), &key[0], [3; 12], None, Some("JWT")).unwrap();
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
    let error = secure_token::admit(&crate::settings(""), &outer, "100001", None, NOW, None).unwrap_err();
    assert_eq!(error.code(), Code::EncryptionUnexpected);
}
