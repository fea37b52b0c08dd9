//! The tokens that the specifications say to refuse and that libraries in wide use accept: of these fifteen, nine
//! studied libraries accept one to eleven each. Beside them the ones that are a matter of policy.

use crate::{
    HEADER, NOW, admit, claims,
    common::{SECRET, signed, signed_with},
    say, settings, token,
};
use handstamp::{
    Code,
    jose::base64url,
    secure_token::{self, AdmitOptions},
};
use std::fmt::Write as _;

/// Encodes the parts anew around a good signature's text.
fn with_signature(change: impl Fn(&str) -> String) -> String {
    let token = token("");
    let (input, signature) = token.rsplit_once('.').unwrap();
    format!("{input}.{}", change(signature))
}

/// The same bytes with an unused bit of the last symbol set.
fn with_trailing_bits(text: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = text.split_at(text.len() - 1);
    let next = ALPHABET.find(last).unwrap() + 1;
    format!("{rest}{}", &ALPHABET[next..=next])
}

#[test]
fn the_fifteen_probes_are_refused() {
    let expires = |exp: &str| format!(r#"{{"sub":"1234","campaignId":"100001","exp":{exp}}}"#);
    let invalid_utf8 = [&claims("")[..49], "\"name\":\"\u{1}\"}"].concat().into_bytes();
    let invalid_utf8: Vec<u8> =
        invalid_utf8.into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    let deep = |levels: usize| format!(r#","custom":{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let probes: [(&str, String, Code); 15] = [
        (
            "duplicate alg in the header",
            signed(r#"{"alg":"HS256","typ":"JWT","alg":"HS256"}"#, claims("").as_bytes()),
            Code::JsonDuplicateMember,
        ),
        ("duplicate sub", token(r#","sub":"1234""#), Code::JsonDuplicateMember),
        ("duplicate exp", token(r#","exp":1800000300"#), Code::JsonDuplicateMember),
        ("exp of 1e400", signed(HEADER, expires("1e400").as_bytes()), Code::JsonNumberRange),
        (
            "unknown crit",
            signed(r#"{"alg":"HS256","crit":["x"],"x":1}"#, claims("").as_bytes()),
            Code::CritUnsupported,
        ),
        ("empty crit", signed(r#"{"alg":"HS256","crit":[]}"#, claims("").as_bytes()), Code::CritUnsupported),
        ("signature with padding", with_signature(|text| format!("{text}=")), Code::TokenPadding),
        (
            "signature with a space",
            with_signature(|text| format!("{} {}", &text[..20], &text[20..])),
            Code::TokenWhitespace,
        ),
        ("trailing bits that are not zero", with_signature(with_trailing_bits), Code::TokenTrailingBits),
        (
            "payload with a byte order mark",
            signed(HEADER, format!("\u{feff}{}", claims("")).as_bytes()),
            Code::JsonNotUtf8,
        ),
        ("payload that is not UTF-8", signed(HEADER, &invalid_utf8), Code::JsonNotUtf8),
        (
            "payload that is an array",
            signed(HEADER, format!("[{}]", claims("")).as_bytes()),
            Code::JsonNotObject,
        ),
        ("nesting of 100,000", token(&deep(100_000)), Code::TokenTooLarge),
        ("token of 8 MiB", token(&format!(r#","x":"{}""#, "x".repeat(6 << 20))), Code::TokenTooLarge),
        (
            "forged with the empty HMAC key",
            signed_with(b"", HEADER.as_bytes(), claims("").as_bytes()),
            Code::SignatureInvalid,
        ),
    ];
    admit(&token("")).expect("without a fault the token is good");
    let mut text = String::from("\nProbe that must be refused            ours\n");
    let mut refused = 0;
    for (name, token, code) in &probes {
        let verdict = match admit(token) {
            Ok(_) => "ACCEPTED".to_owned(),
            Err(error) => {
                assert_eq!(error.code(), *code, "{name}: {error}");
                refused += 1;
                format!("refused: {}", error.code().as_str())
            }
        };
        writeln!(text, "{name:<38} {verdict}").unwrap();
    }
    writeln!(text, "{refused} of {} probes refused", probes.len()).unwrap();
    say(&text);
    assert_eq!(refused, probes.len());
    // Within the size too, depth is refused for what it is.
    assert_eq!(admit(&token(&deep(2_000))).unwrap_err().code(), Code::JsonTooDeep);
    // The same fault in a claim of the customer's own is refused as well.
    for more in
        [r#","x":1,"x":2"#, r#","form":{"email":"a","email":"b"}"#, r#","custom":{"a":[{"b":1,"b":1}]}"#]
    {
        assert_eq!(admit(&token(more)).unwrap_err().code(), Code::JsonDuplicateMember, "{more}");
    }
}

#[test]
fn what_the_specifications_leave_open_is_settled() {
    let with_exp =
        |exp: &str| signed(HEADER, format!(r#"{{"sub":"1234","campaignId":"100001"{exp}}}"#).as_bytes());
    let mut text = String::from("\nLeft open by the specifications       ours\n");
    for (name, token, expected) in [
        ("exp as a string", with_exp(r#","exp":"1800000300""#), Err(Code::ClaimType)),
        ("exp missing", with_exp(""), Err(Code::ExpiryMissing)),
        ("exp with a fraction", with_exp(r#","exp":1800000300.5"#), Ok(())),
        ("iat one day ahead", token(r#","iat":1800086400"#), Err(Code::ExpBeforeIat)),
        ("iat ahead, before exp", with_exp(r#","exp":1800172800,"iat":1800086400"#), Err(Code::IatInFuture)),
        ("nbf ahead", token(r#","nbf":1800000100"#), Err(Code::TokenNotYetValid)),
        (
            "b64 without crit",
            signed(r#"{"alg":"HS256","b64":false}"#, claims("").as_bytes()),
            Err(Code::B64Unsupported),
        ),
        ("__proto__ as a claim", token(r#","__proto__":{"sub":"other"}"#), Ok(())),
    ] {
        let verdict = admit(&token).map(|admission| assert_eq!(admission.subject, "1234"));
        let shown = verdict.as_ref().map_or_else(|error| error.code().as_str(), |()| "accepted");
        writeln!(text, "{name:<38} {shown}").unwrap();
        assert_eq!(verdict.map_err(|error| error.code()), expected, "{name}");
    }
    say(&text);
    let endless = settings(r#","expiry":"optional""#);
    let admission = secure_token::admit(&endless, &with_exp(""), &AdmitOptions::new("100001", NOW)).unwrap();
    assert_eq!(admission.warnings[0].warning.as_str(), "no_expiry");
}

#[test]
fn what_a_forger_knows_does_not_help() {
    for secret in
        [&b""[..], b" ", b"\0", &[0; 32], &SECRET.as_bytes()[..31], format!("{SECRET}\n").as_bytes()]
    {
        let forged = signed_with(secret, HEADER.as_bytes(), claims("").as_bytes());
        assert_eq!(admit(&forged).unwrap_err().code(), Code::SignatureInvalid);
    }
    // HMAC pads its key with zeros: a secret and the same secret with zeros behind it are one key.
    let padded = [SECRET.as_bytes(), &[0; 8]].concat();
    assert!(admit(&signed_with(&padded, HEADER.as_bytes(), claims("").as_bytes())).is_ok());
    let (input, _) = token("").rsplit_once('.').map(|(input, rest)| (input.to_owned(), rest.len())).unwrap();
    for signature in ["", "AA", &base64url::encode(&[0; 32]), &base64url::encode(&[0xff; 32])] {
        assert_eq!(admit(&format!("{input}.{signature}")).unwrap_err().code(), Code::SignatureInvalid);
    }
}
