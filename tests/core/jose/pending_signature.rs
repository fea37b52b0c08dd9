//! Tokens that wait for the host's answer to their signature: nothing of them comes out without it, the refusals keep
//! their order, and an answer counts for one number alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::common::{SECRET, assert_code, object, rows, signed};
use handstamp::{
    Code, Error,
    claims::ValidText,
    explain,
    jose::{
        Header, Host, HostAnswer, Inputs, Operation, Pending, Progress, Signature, Waiting, base64url, here,
        jws,
        key::{Key, KeySource},
    },
    json::Value,
    secure_token::{self, AdmitOptions, Settings},
    time::UnixTime,
};
use std::rc::Rc;

/// The host wherever it can.
const HOST: u32 = 2;
const NOW: UnixTime = UnixTime(1_800_000_000);
const LATE: UnixTime = UnixTime(4_200_000_000);

type Found = (Header, ValidText);

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

fn start<'a>(settings: &'a Settings, token: &'a str, now: UnixTime, bits: u32) -> Progress<'a, Found> {
    Pending::start(Host::from_bits(bits), |host| async move {
        let opened = secure_token::opening(settings, token, &host).await?;
        assert!(!opened.encrypted);
        secure_token::verify_opened(settings, opened, now)
    })
}

fn pending<'a>(settings: &'a Settings, token: &'a str, now: UnixTime) -> Pending<'a, Found> {
    waits(start(settings, token, now, HOST))
}

fn waits<T>(progress: Progress<'_, T>) -> Pending<'_, T> {
    match progress {
        Progress::Needs(pending) => pending,
        Progress::Done(_) => panic!("opened without an answer"),
    }
}

fn ended<T>(progress: Progress<'_, T>) -> Result<T, Error> {
    match progress {
        Progress::Done(result) => result,
        Progress::Needs(pending) => panic!("{pending:?}"),
    }
}

/// Whether a call is to verify a signature.
fn is_signature<T>(progress: &Progress<'_, T>) -> bool {
    let verifies = |operation: &Operation| matches!(operation.inputs(), Inputs::Verify { .. });
    matches!(progress, Progress::Needs(pending) if pending.operation(verifies).unwrap())
}

fn answered(settings: &Settings, token: &str, now: UnixTime, good: bool) -> Result<Found, Error> {
    ended(pending(settings, token, now).answer(HostAnswer::Flag(good)))
}

/// Each row as WebCrypto names it: the ability, and the algorithm.
const WEBCRYPTO: [(&str, &str, &str); 11] = [
    ("RS256", "RSASSA-PKCS1-v1_5", r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#),
    ("RS384", "RSASSA-PKCS1-v1_5", r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-384"}"#),
    ("RS512", "RSASSA-PKCS1-v1_5", r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-512"}"#),
    ("PS256", "RSA-PSS", r#"{"name":"RSA-PSS","hash":"SHA-256","saltLength":32}"#),
    ("PS384", "RSA-PSS", r#"{"name":"RSA-PSS","hash":"SHA-384","saltLength":48}"#),
    ("PS512", "RSA-PSS", r#"{"name":"RSA-PSS","hash":"SHA-512","saltLength":64}"#),
    ("ES256", "ECDSA P-256", r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#),
    ("ES384", "ECDSA P-384", r#"{"name":"ECDSA","namedCurve":"P-384","hash":"SHA-384"}"#),
    ("ES512", "ECDSA P-521", r#"{"name":"ECDSA","namedCurve":"P-521","hash":"SHA-512"}"#),
    ("EdDSA", "Ed25519", r#"{"name":"Ed25519"}"#),
    ("Ed25519", "Ed25519", r#"{"name":"Ed25519"}"#),
];

#[test]
fn the_host_is_told_which_bytes_to_verify_by_which_key() {
    for (alg, settings, token) in samples() {
        let (input, signature) = token.rsplit_once('.').unwrap();
        // A host without access to the memory is asked for the same.
        let host = Host::from_json(&object(r#"{"way":"host"}"#)).unwrap();
        assert!(here(secure_token::opening(&settings, &token, &host)).is_err());
        let told = host.take_operation().unwrap().to_json();
        let look = |operation: &Operation| {
            let bytes = base64url::decode(signature).unwrap();
            let inputs = Inputs::Verify { message: input.as_bytes(), signature: &bytes };
            assert_eq!(operation.inputs(), inputs, "{alg}");
            let asked = operation.parameters();
            assert_eq!(told.pointer("/algorithm"), asked.get("algorithm"), "{alg}");
            let (_, name, algorithm) = WEBCRYPTO.iter().find(|(row, ..)| *row == alg).unwrap();
            assert_eq!(told.pointer("/name"), Some(&Value::from(*name)), "{alg}");
            assert_eq!(asked.get("algorithm").map(Value::to_text).as_deref(), Some(*algorithm), "{alg}");
            assert_eq!(told.pointer("/key"), asked.get("key"), "{alg}");
            assert!(asked.get("key").and_then(Value::as_object).unwrap().get("d").is_none());
            // A point may be taken as bytes: the same one.
            let point = operation.point();
            assert_eq!(point.is_some(), alg.starts_with("ES"), "{alg}");
            if let Some([4, coordinates @ ..]) = point {
                let (x, y) = coordinates.split_at(coordinates.len() / 2);
                let key = asked.get("key").and_then(Value::as_object).unwrap();
                assert_eq!(key.get("x"), Some(&Value::from(base64url::encode(x))), "{alg}");
                assert_eq!(key.get("y"), Some(&Value::from(base64url::encode(y))), "{alg}");
            }
            operation.place.unwrap()
        };
        // The first key of the first source; the last byte is the row.
        let row = Signature::ALL.iter().position(|row| row.name() == alg).unwrap();
        let place = pending(&settings, &token, NOW).operation(look).unwrap();
        assert_eq!(usize::try_from(place), Ok(row), "{alg}");
    }
}

/// A host knows an imported key by its place: no two keys have the same, and no key the same for two rows.
#[test]
fn each_key_of_the_settings_has_a_place_of_its_own_for_each_row() {
    let rows = rows("python/signed.json", "tokens");
    let wanted = ["RS256", "RS384", "PS256", "ES256", "EdDSA"];
    let own = |row: &&serde_json::Value| {
        row["key"]["method"] == "publicKey" && wanted.contains(&row["alg"].as_str().unwrap())
    };
    let own: Vec<_> = rows.iter().filter(own).collect();
    let sources: Vec<_> = own.iter().map(|row| row["key"].to_string()).collect();
    let settings = settings(&format!("[{}]", sources.join(",")));
    let mut places = Vec::new();
    for alg in wanted {
        let token = own.iter().find(|row| row["alg"] == alg).unwrap()["token"].as_str().unwrap();
        let mut progress = start(&settings, token, NOW, HOST);
        // The host says no to each key that serves the algorithm.
        while let Progress::Needs(pending) = progress {
            places.push(pending.operation(|operation| operation.place.unwrap()).unwrap());
            progress = pending.answer(HostAnswer::Flag(false));
        }
    }
    places.sort_unstable();
    places.dedup();
    // For one of them a signature of this length is refused beforehand.
    assert_eq!((own.len(), places.len()), (7, 6), "{places:?}");
}

#[test]
fn the_answer_decides_and_the_signature_is_judged_before_the_claims() {
    for (alg, settings, token) in samples() {
        let (header, valid) = answered(&settings, &token, NOW, true).unwrap();
        let same = here(secure_token::opening(&settings, &token, &Host::none())).unwrap();
        let (same, text) = secure_token::verify_opened(&settings, same, NOW).unwrap();
        assert_eq!((header, &valid.text, &valid.remarks), (same, &text.text, &text.remarks), "{alg}");
        assert_code(&alg, answered(&settings, &token, NOW, false), Code::SignatureInvalid);
        assert_code(&alg, answered(&settings, &token, LATE, false), Code::SignatureInvalid);
        assert_code(&alg, answered(&settings, &token, LATE, true), Code::TokenExpired);
        let admitted = |good| {
            let call = async |host: Rc<Host>| {
                let options = AdmitOptions::new("123456", NOW).participations(0);
                secure_token::admitting(&settings, &token, &options, &host).await
            };
            ended(waits(Pending::start(Host::from_bits(HOST), call)).answer(HostAnswer::Flag(good)))
        };
        let admission = admitted(true).unwrap();
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
            let begun = ended(start(&settings, &bad, NOW, HOST));
            assert_code(&alg, begun.map(drop), Code::SignatureInvalid);
        }
    }
    // Of a host that has nothing, or lacks this, nothing is asked.
    let (_, settings, token) = samples().into_iter().find(|(alg, ..)| alg == "RS256").unwrap();
    for bits in [HOST | 1 << 4, HOST | 1 << 5] {
        assert!(ended(start(&settings, &token, NOW, bits)).is_ok());
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
    let settings = settings(&format!("[{own},{secret},{own}]"));
    // No from the first: the next that serves the algorithm is asked, and vouches.
    let next = pending(&settings, &token, NOW).answer(HostAnswer::Flag(false));
    assert!(is_signature(&next));
    assert_eq!(ended(waits(next).answer(HostAnswer::Flag(true))).unwrap().1.source, 2);
    assert_eq!(answered(&settings, &token, NOW, true).unwrap().1.source, 0);
    // By the table so short a message is for the module.
    let shared = signed(r#"{"alg":"HS256"}"#, br#"{"exp":1800000300}"#);
    let begun = ended(start(&settings, &shared, NOW, 0));
    assert_eq!(begun.unwrap().1.source, 1);
}

/// Secrets never travel as text: not in an operation that is asked and asked again, not in the key of a place, not in a
/// report, not in what is logged. The one way out is `secret`, as bytes that the host imports once, as a key that it cannot
/// export; the tests of the package hold the host to that.
#[test]
fn a_secret_is_in_no_operation_and_leaves_as_bytes_alone() {
    let secret = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}}"#);
    let settings = settings(&secret);
    let token = signed(r#"{"alg":"HS256"}"#, br#"{"exp":1800000300}"#);
    let pending = pending(&settings, &token, NOW);
    let look = |operation: &Operation| {
        assert_eq!(operation.secret().unwrap().expose(), SECRET.as_bytes());
        let asked = Value::from(operation.parameters()).to_text();
        assert_eq!(asked, r#"{"algorithm":{"name":"HMAC","hash":"SHA-256"}}"#);
        [operation.to_json().to_text(), format!("{operation:?} {:?}", operation.secret())]
    };
    let [told, shown] = pending.operation(look).unwrap();

    // Where operations are text the module computes, whatever the host would like.
    let host = Host::from_json(&object(r#"{"way":"host"}"#)).unwrap();
    assert!(here(secure_token::opening(&settings, &token, &host)).is_ok());
    assert!(host.take_operation().is_none());
    let host = Host::from_bits(HOST).without_secrets();
    assert!(here(secure_token::opening(&settings, &token, &host)).is_ok());
    let host = Host::from_json(&object(r#"{"way":"host"}"#)).unwrap();
    let report = here(explain::explaining(&settings, &token, None, NOW, &host)).unwrap();
    assert!(host.take_operation().is_none());

    let shown = [told, shown, format!("{pending:?} {settings:?}"), Value::from(report.to_json()).to_text()];
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    for text in shown {
        for spelling in [SECRET.to_owned(), base64url::encode(SECRET.as_bytes()), hex.clone()] {
            assert!(!text.contains(&spelling), "{text}");
        }
    }

    // A public key needs no such way.
    let (_, public, token) = samples().swap_remove(0);
    let public = self::pending(&public, &token, NOW).operation(|operation| operation.secret().is_none());
    assert_eq!(public, Some(true));
}

#[test]
fn of_a_message_authenticated_by_the_host_the_answer_decides() {
    let secret = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}}"#);
    let settings = settings(&secret);
    let good = signed(r#"{"alg":"HS256"}"#, br#"{"exp":1800000300}"#);
    assert!(answered(&settings, &good, NOW, true).is_ok());
    assert_code("no", answered(&settings, &good, NOW, false), Code::SignatureInvalid);
    // Bytes are no truth, and a host that could not leaves it to the module.
    let bytes = pending(&settings, &good, NOW).answer(HostAnswer::Bytes(vec![1]));
    assert_code("bytes", ended(bytes), Code::SignatureInvalid);
    assert!(ended(pending(&settings, &good, NOW).answer(HostAnswer::Failed)).is_ok());
    // A host that could not compute with one secret is given no other.
    let other = secret.replace(SECRET, "another secret, of 33 bytes or so");
    let both = self::settings(&format!("[{other},{secret}]"));
    assert!(ended(pending(&both, &good, NOW).answer(HostAnswer::Failed)).is_ok());
    assert!(is_signature(&pending(&both, &good, NOW).answer(HostAnswer::Flag(false))), "the second, too");
    // A tag of another length is refused before, and by the table a message waits from its length on.
    let cut = &good[..good.len() - 3];
    assert_code("cut", ended(start(&settings, cut, NOW, HOST)).map(drop), Code::SignatureInvalid);
    let [middle, long] = [2000, 4000].map(|bytes| {
        let payload = format!(r#"{{"exp":1800000300,"x":"{}"}}"#, "x".repeat(bytes));
        signed(r#"{"alg":"HS256"}"#, payload.as_bytes())
    });
    // A host of the last number is closest to a browser.
    for (runtime, token, waits) in [
        (0, &good, false),
        (4, &good, false),
        (8, &good, false),
        (0, &middle, true),
        (4, &middle, false),
        (8, &middle, true),
        (12, &middle, false),
        (0, &long, true),
        (4, &long, true),
        (8, &long, true),
        (12, &long, true),
    ] {
        for lacking in [0, 1 << 15] {
            let begun = start(&settings, token, NOW, runtime | lacking);
            assert_eq!(is_signature(&begun), waits && lacking == 0, "{runtime}");
        }
    }
    // A longer hash the module computes as fast as the host is asked.
    let secret = SECRET.repeat(2);
    let key = Key::from_secret(secret.as_bytes(), Signature::HS512, false).unwrap();
    let token = jws::sign_hmac(&object("{}"), &[b'x'; 8000], &key).unwrap();
    let source = format!(r#"{{"method":"symmetricKey","alg":"HS512","key":"{secret}","encoding":"utf8"}}"#);
    let settings = self::settings(&source);
    assert_code("table", ended(start(&settings, &token, NOW, 0)), Code::JsonSyntax);
    assert!(is_signature(&start(&settings, &token, NOW, HOST)));
}

/// A key of P-256 in frequent use gets tables, with which a verification costs less than asking; hashing a long message does not.
#[test]
fn with_a_key_in_frequent_use_the_host_is_asked_for_long_hashes_alone() {
    use p256::ecdsa::{SigningKey, signature::Signer};
    use sha2::{Digest, Sha256};
    let key = SigningKey::from_slice(&[0x6d; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    let settings = settings(&format!(
        r#"{{"method":"publicKey","alg":"ES256","key":{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}}}"#,
        base64url::encode(x),
        base64url::encode(y)
    ));
    let [short, long] = [1, 2000].map(|bytes| {
        let payload = format!(r#"{{"exp":1800000300,"x":"{}"}}"#, "x".repeat(bytes));
        let parts = [&br#"{"alg":"ES256"}"#[..], payload.as_bytes()].map(base64url::encode);
        let signature: p256::ecdsa::Signature = key.sign(parts.join(".").as_bytes());
        format!("{}.{}", parts.join("."), base64url::encode(&signature.to_bytes()))
    });
    assert!(is_signature(&start(&settings, &short, NOW, 0)), "the first use");
    let message = long.rsplit_once('.').unwrap().0.as_bytes();
    let hashes = |operation: &Operation| operation.inputs() == Inputs::Digest { message };
    let is_hash = |progress: &Progress<'_, Found>| matches!(progress, Progress::Needs(pending) if pending.operation(hashes).unwrap());
    // Other tests use keys at the same time.
    let asked = || (0..1000).map(|_| start(&settings, &long, NOW, 0)).find(is_hash).expect("a hash");
    let answered = |bytes: &[u8]| ended(waits(asked()).answer(HostAnswer::Bytes(bytes.to_vec())));
    assert!(answered(&Sha256::digest(message)).is_ok());
    assert_code("of another message", answered(&[7; 32]), Code::SignatureInvalid);
    assert!(answered(&[7; 31]).is_ok(), "that is not a hash, and the module computes it");
    assert!(ended(waits(asked()).answer(HostAnswer::Failed)).is_ok());
    let mut short = (0..1000).map(|_| start(&settings, &short, NOW, 0));
    assert!(short.any(|progress| matches!(progress, Progress::Done(Ok(_)))), "the module verifies");
}

#[test]
fn a_synchronous_call_is_the_same_without_a_host() {
    for (alg, settings, token) in samples() {
        let computed = alg != "ES384" && alg != "ES512" || cfg!(all(feature = "p384", feature = "p521"));
        let found = ended(start(&settings, &token, NOW, 3));
        match computed {
            true => assert!(found.is_ok(), "{alg}"),
            false => assert_code(&alg, found, Code::SyncUnsupported),
        }
    }
}

#[test]
fn a_number_is_answered_once_and_the_oldest_goes_where_its_answer_never_comes() {
    fn pending(source: &Rc<KeySource>, token: &Rc<str>) -> Pending<'static, jws::Verified> {
        let (source, token) = (Rc::clone(source), Rc::clone(token));
        waits(Pending::start(Host::from_bits(HOST), |host| async move {
            let compact = handstamp::jose::Compact::parse(&token)?;
            jws::verifying(compact, core::slice::from_ref(&*source), &host).await
        }))
    }
    let rows = rows("python/signed.json", "tokens");
    let row = rows.iter().find(|row| row["key"]["method"] == "publicKey").unwrap();
    let source = Rc::new(crate::common::source(&row["key"].to_string()).unwrap());
    let token: Rc<str> = row["token"].as_str().unwrap().into();
    let pending = || pending(&source, &token);

    let mut waiting = Waiting::default();
    let numbers: Vec<_> = (0..3).map(|_| waiting.keep(pending(), token.len())).collect();
    assert!(waiting.take(numbers[1]).is_some());
    assert!(waiting.take(numbers[1]).is_none(), "answered twice");
    assert!(waiting.get(numbers[1]).is_none() && waiting.get(numbers[2]).is_some());
    assert!(waiting.take(0).is_none() && waiting.take(u64::MAX).is_none());

    // Whoever came first keeps the place, as long as an answer may come.
    let mut last = 0;
    for _ in 0..2_000 {
        last = waiting.keep(pending(), token.len());
    }
    assert!(waiting.get(numbers[0]).is_some() && waiting.get(last).is_some());
    for _ in 0..8_000 {
        last = waiting.keep(pending(), token.len());
    }
    assert!(waiting.take(numbers[0]).is_none(), "kept for ever");
    let kept = (numbers[0]..=last).filter(|number| waiting.take(*number).is_some()).count();
    assert!((500..5000).contains(&kept), "{kept}");
    assert!((0..=last).all(|number| waiting.get(number).is_none()));

    // Exactly what may be held is held: twice 2 MiB, three times this and what a call takes beside its token.
    let mut waiting = Waiting::default();
    let [first, second] = [0; 2].map(|_| waiting.keep(pending(), 698_368));
    assert!(waiting.get(first).is_some() && waiting.get(second).is_some());
    let third = waiting.keep(pending(), 0);
    assert_eq!([first, second, third].map(|number| waiting.get(number).is_some()), [true, false, true]);
}
