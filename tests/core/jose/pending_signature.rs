//! Tokens that wait for the host's answer to their signature: nothing of them comes out without it, the refusals keep
//! their order, and an answer counts for one number alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::common::{SECRET, assert_code, object, rows, signed};
use handstamp::{
    Code, explain,
    jose::{Host, base64url, jws::Place},
    json::Value,
    secure_token::{self, AdmitOptions, Pending, Settings, Waiting},
    time::UnixTime,
};

/// The host wherever it can.
const HOST: u32 = 2;
const NOW: UnixTime = UnixTime(1_800_000_000);
const LATE: UnixTime = UnixTime(4_200_000_000);

fn settings(verify: &str) -> Settings {
    Settings::parse(format!(r#"{{"verify":{verify}}}"#).as_bytes()).unwrap()
}

/// Settings and a good token for each algorithm with public keys.
fn samples() -> Vec<(String, Settings, String)> {
    let rows = rows("python/signed.json", "tokens");
    let samples: Vec<_> = rows
        .iter()
        .filter(|row| row["key"]["method"] == "publicKey")
        .map(|row| {
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            (text(&row["alg"]), settings(&row["key"].to_string()), text(&row["token"]))
        })
        .collect();
    assert!(samples.len() >= 10, "{}", samples.len());
    samples
}

fn pending(settings: &Settings, token: &str) -> Pending {
    let pending = secure_token::begin(settings, token, &mut Host::from_bits(HOST)).unwrap();
    assert!(pending.unproven().is_some(), "opened without an answer");
    pending
}

#[test]
fn the_host_is_told_which_bytes_to_verify_by_which_key() {
    for (alg, settings, token) in samples() {
        let pending = pending(&settings, &token);
        let unproven = pending.unproven().unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        assert_eq!(unproven.signing_input(), input, "{alg}");
        assert_eq!(base64url::encode(unproven.signature()), signature, "{alg}");
        assert_eq!(Place::from_bits(unproven.place().to_bits()), Some(unproven.place()));
        assert_eq!(unproven.place().alg.name(), alg);
        let asked = settings.host_key(unproven.place(), false).unwrap();
        // The long way asks for the same.
        let mut host = Host::from_json(&object(r#"{"way":"host"}"#)).unwrap();
        assert!(secure_token::open_by(&settings, &token, &mut host).is_err());
        let operation = host.take_operation().unwrap();
        assert_eq!(operation.pointer("/algorithm"), asked.get("algorithm"), "{alg}");
        assert_eq!(operation.pointer("/key"), asked.get("key"), "{alg}");
        assert!(asked.get("key").and_then(Value::as_object).unwrap().get("d").is_none());
        // A point may be taken as bytes: the same one, and no other key is left out for them.
        let in_bytes = settings.host_key(unproven.place(), true).unwrap();
        let point = settings.host_point(unproven.place());
        assert_eq!(point.is_some(), alg.starts_with("ES"), "{alg}");
        assert_eq!(in_bytes.get("key").is_none(), point.is_some(), "{alg}");
        if let Some([4, coordinates @ ..]) = point {
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            let key = asked.get("key").and_then(Value::as_object).unwrap();
            assert_eq!(key.get("x"), Some(&Value::from(base64url::encode(x))), "{alg}");
            assert_eq!(key.get("y"), Some(&Value::from(base64url::encode(y))), "{alg}");
        }
    }
    assert_eq!(Place::from_bits(u32::MAX), None);
    let (_, settings, token) = samples().swap_remove(0);
    let place = pending(&settings, &token).unproven().unwrap().place();
    assert!(settings.host_key(Place { source: 1, ..place }, false).is_none());
    assert!(settings.host_key(Place { key: 1, ..place }, false).is_none());
}

#[test]
fn the_answer_decides_and_the_signature_is_judged_before_the_claims() {
    for (alg, settings, token) in samples() {
        for judged in [true, false] {
            let answered = |now, good| {
                let mut pending = pending(&settings, &token);
                if judged {
                    pending.judge(&settings, now);
                }
                pending.verify(good, &settings, now)
            };
            let (header, valid, encrypted) = answered(NOW, true).unwrap().unwrap();
            assert!(!encrypted);
            let same = secure_token::open_by(&settings, &token, &mut Host::none()).unwrap();
            let (same, text) = secure_token::verify_opened(&settings, same, NOW).unwrap();
            assert_eq!((header, &valid.text, &valid.remarks), (same, &text.text, &text.remarks), "{alg}");
            assert_code(&alg, answered(NOW, false), Code::SignatureInvalid);
            assert_code(&alg, answered(LATE, false), Code::SignatureInvalid);
            assert_code(&alg, answered(LATE, true), Code::TokenExpired);
        }
        let admitted = |good| {
            let options = AdmitOptions::new("123456", NOW).participations(0);
            pending(&settings, &token).admit(good, &settings, &options)
        };
        let admission = admitted(true).unwrap().unwrap();
        let same =
            secure_token::admit(&settings, &token, &AdmitOptions::new("123456", NOW).participations(0))
                .unwrap();
        assert_eq!(Value::from(admission.to_json()), Value::from(same.to_json()), "{alg}");
        assert_eq!(admission.provenance.pid, same.provenance.pid, "{alg}");
        assert_code(&alg, admitted(false), Code::SignatureInvalid);
    }
}

#[test]
fn what_the_checks_refuse_never_waits() {
    for (alg, settings, token) in samples() {
        let (input, signature) = token.rsplit_once('.').unwrap();
        let bytes = base64url::decode(signature).unwrap();
        let with = |bytes: &[u8]| format!("{input}.{}", base64url::encode(bytes));
        for bad in [with(&bytes[1..]), with(&vec![0; bytes.len()]), with(&vec![0xff; bytes.len()])] {
            // Zero is below every modulus: that one is for the host to refuse.
            if alg.starts_with(['R', 'P']) && bad == with(&vec![0; bytes.len()]) {
                continue;
            }
            let begun = secure_token::begin(&settings, &bad, &mut Host::from_bits(HOST));
            assert_code(&alg, begun.map(drop), Code::SignatureInvalid);
        }
    }
    // Of a host that has nothing, or lacks this, nothing is asked.
    let (_, settings, token) = samples().into_iter().find(|(alg, ..)| alg == "RS256").unwrap();
    for bits in [HOST | 1 << 4, HOST | 1 << 5] {
        let begun = secure_token::begin(&settings, &token, &mut Host::from_bits(bits)).unwrap();
        assert!(begun.unproven().is_none());
    }
}

#[test]
fn of_several_sources_a_bad_signature_is_no_verdict_yet() {
    let rows = rows("python/signed.json", "tokens");
    let key = |maker: &str| {
        let mine = |row: &&serde_json::Value| row["alg"] == "ES256" && row["maker"] == maker;
        let row = rows.iter().find(mine).unwrap();
        (row["key"].to_string(), row["token"].as_str().unwrap().to_owned())
    };
    let (own, token) = key("PyJWT");
    let secret = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}}"#);
    let settings = settings(&format!("[{own},{secret}]"));
    assert!(pending(&settings, &token).verify(false, &settings, NOW).unwrap().is_none());
    assert_eq!(pending(&settings, &token).verify(true, &settings, NOW).unwrap().unwrap().1.source, 0);
    // By the table so short a message is for the module.
    let shared = signed(r#"{"alg":"HS256"}"#, br#"{"exp":1800000300}"#);
    let begun = secure_token::begin(&settings, &shared, &mut Host::from_bits(0)).unwrap();
    assert!(begun.unproven().is_none());
    assert_eq!(begun.verify(true, &settings, NOW).unwrap().unwrap().1.source, 1);
}

/// Secrets never travel as text: not in an operation that is asked and asked again, not in the key of a place, not in a
/// report, not in what is logged. The one way out is `secret`, as bytes that the host imports once, as a key that it cannot
/// export; the tests of the package hold the host to that.
#[test]
fn a_secret_is_in_no_operation_and_leaves_as_bytes_alone() {
    let secret = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}}"#);
    let settings = settings(&secret);
    let token = signed(r#"{"alg":"HS256"}"#, br#"{"exp":1800000300}"#);
    let pending = pending(&settings, &token);
    assert_eq!(pending.secret(&settings).unwrap().expose(), SECRET.as_bytes());
    let place = pending.unproven().unwrap().place();
    let asked = Value::from(settings.host_key(place, false).unwrap()).to_text();
    assert_eq!(asked, r#"{"algorithm":{"name":"HMAC","hash":"SHA-256"}}"#);

    // The long way computes here, whatever the host would like.
    let mut host = Host::from_json(&object(r#"{"way":"host"}"#)).unwrap();
    assert!(secure_token::open_by(&settings, &token, &mut host).is_ok());
    assert!(host.take_operation().is_none());
    let mut host = Host::from_json(&object(r#"{"way":"host"}"#)).unwrap();
    let report = explain::explain_by(&settings, &token, None, NOW, &mut host);
    assert!(host.take_operation().is_none());

    let shown = [
        format!("{:?} {:?} {settings:?}", pending.unproven(), pending.secret(&settings)),
        Value::from(report.to_json()).to_text(),
    ];
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    for text in shown {
        for spelling in [SECRET.to_owned(), base64url::encode(SECRET.as_bytes()), hex.clone()] {
            assert!(!text.contains(&spelling), "{text}");
        }
    }

    // A public key needs no such way, and a place without a key has nothing.
    let (_, public, token) = samples().swap_remove(0);
    assert!(self::pending(&public, &token).secret(&public).is_none());
    assert!(settings.host_key(Place { key: 1, ..place }, false).is_none());
}

#[test]
fn of_a_message_authenticated_by_the_host_the_answer_decides() {
    let secret = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}}"#);
    let settings = settings(&secret);
    let good = signed(r#"{"alg":"HS256"}"#, br#"{"exp":1800000300}"#);
    assert!(pending(&settings, &good).verify(true, &settings, NOW).unwrap().is_some());
    assert_code("no", pending(&settings, &good).verify(false, &settings, NOW), Code::SignatureInvalid);
    // A tag of another length is refused before, and by the table a message waits from its length on.
    let cut = &good[..good.len() - 3];
    let begun = secure_token::begin(&settings, cut, &mut Host::from_bits(HOST));
    assert_code("cut", begun.map(drop), Code::SignatureInvalid);
    let long = signed(
        r#"{"alg":"HS256"}"#,
        format!(r#"{{"exp":1800000300,"x":"{}"}}"#, "x".repeat(4000)).as_bytes(),
    );
    for (runtime, token, waits) in [
        (0, &good, false),
        (4, &good, false),
        (8, &good, false),
        (0, &long, true),
        (4, &long, true),
        (8, &long, true),
    ] {
        for lacking in [0, 1 << 15] {
            let begun =
                secure_token::begin(&settings, token, &mut Host::from_bits(runtime | lacking)).unwrap();
            assert_eq!(begun.unproven().is_some(), waits && lacking == 0, "{runtime}");
        }
    }
}

#[test]
fn a_number_is_answered_once_and_the_oldest_goes_where_there_is_no_room() {
    let (_, settings, token) = samples().swap_remove(0);
    let mut waiting = Waiting::default();
    assert!(waiting.latest().is_none());
    let numbers: Vec<_> = (0..3).map(|_| waiting.keep(pending(&settings, &token))).collect();
    assert_eq!(waiting.latest().map(|(number, _)| number), numbers.last().copied());
    assert!(waiting.take(numbers[1]).is_some());
    assert!(waiting.take(numbers[1]).is_none(), "answered twice");
    assert!(waiting.get(numbers[1]).is_none() && waiting.get(numbers[2]).is_some());
    assert!(waiting.take(0).is_none() && waiting.take(u64::MAX).is_none());

    let mut last = 0;
    for _ in 0..10_000 {
        last = waiting.keep(pending(&settings, &token));
    }
    assert!(waiting.take(numbers[0]).is_none(), "kept for ever");
    let kept = (numbers[0]..=last).filter(|number| waiting.take(*number).is_some()).count();
    assert!((500..5000).contains(&kept), "{kept}");
    assert!(waiting.latest().is_none());
}
