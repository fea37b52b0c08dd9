//! Encrypted tokens that wait for the host to decrypt them: what it says counts as little as what the module decrypts, the
//! refusals are those of the module, and the keys travel as bytes alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::common::{assert_code, encrypt_for, rows, value, vectors};
use handstamp::{
    Code, Error,
    claims::ValidText,
    jose::{
        Compact, Header, Host, HostAnswer, Inputs, Operation, Pending, Progress, base64url, here,
        jwe::{self, EncryptKey, Labels},
        jws,
    },
    secure_token::{self, AdmitOptions, Settings},
    time::UnixTime,
};

/// The host wherever it can.
const HOST: u32 = 2;
const NOW: UnixTime = UnixTime(1_800_000_000);
const DIRECT: &str = "a decryption key of 32 bytes, ok";

/// Header and claims, and whether the token came encrypted.
type Found = (Header, ValidText, bool);

fn begin<'a>(settings: &'a Settings, token: &'a str, host: u32) -> Progress<'a, Found> {
    Pending::start(Host::from_bits(host), |host| async move {
        let opened = secure_token::opening(settings, token, &host).await?;
        let encrypted = opened.encrypted;
        let (header, valid) = secure_token::verify_opened(settings, opened, NOW)?;
        Ok((header, valid, encrypted))
    })
}

fn pending<'a>(settings: &'a Settings, token: &'a str, host: u32) -> Pending<'a, Found> {
    waits(begin(settings, token, host))
}

fn waits<T>(progress: Progress<'_, T>) -> Pending<'_, T> {
    match progress {
        Progress::Needs(pending) => pending,
        Progress::Done(result) => panic!("ended: {:?}", result.err()),
    }
}

fn ended<T>(progress: Progress<'_, T>) -> Result<T, Error> {
    match progress {
        Progress::Done(result) => result,
        Progress::Needs(pending) => panic!("{pending:?}"),
    }
}

fn opens(operation: &Operation) -> bool {
    matches!(operation.inputs(), Inputs::Open { .. })
}

/// Where a configured secret stands; from here on the places are those of decryption.
fn place<T>(pending: &Pending<'_, T>) -> Option<u32> {
    pending.operation(|operation| operation.place.and_then(|place| place.checked_sub(1 << 24))).unwrap()
}

fn with(decrypt: &str, verify: &str) -> Settings {
    Settings::parse(format!(r#"{{"verify":{verify},"decrypt":{decrypt}}}"#).as_bytes()).unwrap()
}

fn direct(key: &str) -> String {
    format!(r#"{{"key":"{key}","encoding":"utf8","alg":"dir","enc":"A256GCM"}}"#)
}

fn encrypted(key: &str, plaintext: &[u8], cty: Option<&str>) -> String {
    encrypt_for(&direct(key), plaintext, [7; 12], cty)
}

/// A signed token of other libraries with the source that verifies it.
fn inner(alg: &str) -> (String, String) {
    let rows = rows("python/signed.json", "tokens");
    let row = rows.iter().find(|row| row["key"]["alg"] == alg && row["key"]["method"] != "jwks").unwrap();
    (row["key"].to_string(), row["token"].as_str().unwrap().to_owned())
}

/// Decrypts as a host does, with what it is given and nothing else.
fn by_host<T>(pending: &Pending<'_, T>, token: &str) -> Option<Vec<u8>> {
    let decrypt = |operation: &Operation| {
        let Inputs::Open { iv, covered, sealed } = operation.inputs() else { panic!("{operation:?}") };
        assert!(token.as_bytes().starts_with(covered));
        host_decrypts(operation.secret().unwrap().expose(), iv, covered, sealed)
    };
    pending.operation(decrypt).unwrap()
}

fn host_decrypts(key: &[u8], iv: &[u8], aad: &[u8], msg: &[u8]) -> Option<Vec<u8>> {
    use aes_gcm::{
        Aes128Gcm, Aes256Gcm, KeyInit,
        aead::{Aead, Payload},
    };
    let (payload, iv) = (Payload { msg, aad }, <&[u8; 12]>::try_from(iv).unwrap());
    match key.len() {
        16 => Aes128Gcm::new_from_slice(key).unwrap().decrypt(iv.into(), payload).ok(),
        _ => Aes256Gcm::new_from_slice(key).unwrap().decrypt(iv.into(), payload).ok(),
    }
}

/// Goes on with an answer of the host: a plaintext, or that it does not fit.
fn answer<T>(pending: Pending<'_, T>, plaintext: Option<Vec<u8>>) -> Progress<'_, T> {
    pending.answer(plaintext.map_or(HostAnswer::Flag(false), HostAnswer::Bytes))
}

#[test]
fn what_the_host_decrypts_goes_on_to_the_signature_inside() {
    for alg in ["HS256", "RS256", "ES256", "EdDSA"] {
        let (verify, signed) = inner(alg);
        let settings = with(&direct(DIRECT), &verify);
        let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
        let opened = || {
            let pending = pending(&settings, &token, HOST);
            assert_eq!(pending.operation(opens), Some(true));
            let plaintext = by_host(&pending, &token).unwrap();
            waits(answer(pending, Some(plaintext)))
        };
        let input = signed.rsplit_once('.').unwrap().0;
        let is_inside = |operation: &Operation| matches!(operation.inputs(), Inputs::Verify { message, .. } if message == input.as_bytes());
        assert_eq!(opened().operation(is_inside), Some(true), "{alg}");
        let (header, valid, was_encrypted) = ended(opened().answer(HostAnswer::Flag(true))).unwrap();
        let same = here(secure_token::opening(&settings, &token, &Host::none())).unwrap();
        let (same, text) = secure_token::verify_opened(&settings, same, NOW).unwrap();
        assert_eq!((header, valid.text, was_encrypted), (same, text.text, true), "{alg}");
        assert_code(alg, ended(opened().answer(HostAnswer::Flag(false))), Code::SignatureInvalid);
        let call = async |host: std::rc::Rc<Host>| {
            let options = AdmitOptions::new("123456", NOW);
            secure_token::admitting(&settings, &token, &options, &host).await
        };
        let admitting = waits(Pending::start(Host::from_bits(HOST), call));
        let plaintext = by_host(&admitting, &token);
        let admitted = ended(waits(answer(admitting, plaintext)).answer(HostAnswer::Flag(true))).unwrap();
        let same = secure_token::admit(&settings, &token, &AdmitOptions::new("123456", NOW)).unwrap();
        assert_eq!((admitted.provenance.pid, admitted.subject), (same.provenance.pid, same.subject), "{alg}");
        // A yes to a content is no plaintext: the module decrypts, and the signature inside is asked for.
        let next = waits(pending(&settings, &token, HOST).answer(HostAnswer::Flag(true)));
        assert_eq!(next.operation(is_inside), Some(true), "{alg}");
    }
}

#[test]
fn every_shared_secret_and_every_gcm_of_other_libraries_by_either_way() {
    let plaintext = vectors("python/management.json")["plaintext"].as_str().unwrap().to_owned();
    let (mut waited, mut here_alone) = (0, 0);
    for row in rows("python/management.json", "tokens") {
        let [alg, enc] = ["alg", "enc"].map(|name| row["decrypt"][name].as_str().unwrap().to_owned());
        if alg.starts_with("RSA") || alg.starts_with("ECDH") {
            continue;
        }
        let settings = with(&row["decrypt"].to_string(), &inner("ES256").0);
        let token = row["token"].as_str().unwrap();
        let begun = begin(&settings, token, HOST);
        if !["A128GCM", "A256GCM"].contains(&enc.as_str()) {
            assert_code(&enc, ended(begun), Code::JweWithoutJws);
            here_alone += 1;
            continue;
        }
        let waiting = waits(begun);
        assert_eq!(place(&waiting), (alg == "dir").then_some(0), "{alg}");
        let found = by_host(&waiting, token).unwrap();
        assert_eq!(found, plaintext.as_bytes(), "{alg} {enc}");
        assert_code(&alg, ended(answer(waiting, Some(found))), Code::JweWithoutJws);
        // A changed tag is for the host to see; the module then says what it always says.
        let (rest, tag) = token.rsplit_once('.').unwrap();
        let mut tag = base64url::decode(tag).unwrap();
        tag[5] ^= 1;
        let changed = format!("{rest}.{}", base64url::encode(&tag));
        let waiting = pending(&settings, &changed, HOST);
        assert!(by_host(&waiting, &changed).is_none(), "{alg} {enc}");
        assert_code(&alg, ended(answer(waiting, None)), Code::DecryptionFailed);
        let refused = here(secure_token::opening(&settings, &changed, &Host::none()));
        assert_code(&alg, refused.map(drop), Code::DecryptionFailed);
        waited += 1;
    }
    assert!(waited >= 14 && here_alone >= 20, "{waited} {here_alone}");
}

#[test]
fn parts_of_another_length_never_wait() {
    let (verify, signed) = inner("HS256");
    let settings = with(&direct(DIRECT), &verify);
    let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
    let parts: Vec<_> = token.split('.').collect();
    for (index, bytes) in [(1, 8), (1, 40), (2, 11), (2, 13), (2, 0), (4, 15), (4, 17), (4, 0), (4, 12)] {
        let other = base64url::encode(&vec![1; bytes]);
        let mut parts = parts.clone();
        parts[index] = &other;
        let (settings, token) = (&settings, parts.join("."));
        let begun = ended(begin(settings, &token, HOST));
        assert_code(&format!("part {index} of {bytes}"), begun, Code::DecryptionFailed);
    }
}

#[test]
fn by_the_table_long_contents_wait_where_the_host_has_what_it_takes() {
    let (verify, signed) = inner("HS256");
    let settings = with(&direct(DIRECT), &verify);
    let short = encrypted(DIRECT, &signed.as_bytes()[..100], Some("JWT"));
    let long = encrypted(DIRECT, "x".repeat(2000).as_bytes(), Some("JWT"));
    for runtime in [0, 4, 8] {
        assert_code("short", ended(begin(&settings, &short, runtime)), Code::JweWithoutJws);
        assert_eq!(pending(&settings, &long, runtime).operation(opens), Some(true), "{runtime}");
        // Of a host without AES-GCM, or with nothing, and by the module's own way, nothing is asked.
        for bits in [runtime | 1 << 16, runtime | 1 << 4, runtime | 1] {
            assert_code("long", ended(begin(&settings, &long, bits)), Code::JweWithoutJws);
        }
    }
}

/// To import the key of one token costs the host as much as a few hundred bytes.
#[test]
fn by_the_table_a_content_with_a_key_of_its_own_waits_later() {
    let wrapped = direct(DIRECT).replace("dir", "A256KW");
    for (runtime, bytes) in [(0, 750), (4, 1000), (8, 700)] {
        for (setting, bytes, waits) in
            [(&direct(DIRECT), bytes, true), (&wrapped, bytes, false), (&wrapped, 1300, true)]
        {
            let key = EncryptKey::from_settings(&value(setting), "/key").unwrap();
            let entropy = vec![7; key.entropy_bytes()];
            let token = jwe::encrypt(&vec![b'x'; bytes], &key, &entropy, Labels::default()).unwrap();
            let settings = with(setting, &inner("HS256").0);
            let begun = begin(&settings, &token, runtime);
            assert_eq!(matches!(begun, Progress::Needs(_)), waits, "{runtime} {bytes} {setting}");
        }
    }
}

#[test]
fn keys_are_tried_in_turn_and_then_by_the_module() {
    let (verify, signed) = inner("HS256");
    let keys = ["another key of exactly 32 bytes!", DIRECT, "a third key of exactly 32 bytes!"];
    let settings = with(&format!("[{}]", keys.map(direct).join(",")), &verify);
    let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
    let first = pending(&settings, &token, HOST);
    assert_eq!(place(&first), Some(0));
    assert!(by_host(&first, &token).is_none());
    let second = waits(answer(first, None));
    assert_eq!(place(&second), Some(1));
    let plaintext = by_host(&second, &token).unwrap();
    assert_eq!(waits(answer(second, Some(plaintext))).operation(opens), Some(false));

    // A no is confirmed by the module, which has the last word: here the host is wrong of the second key.
    let second = waits(answer(pending(&settings, &token, HOST), None));
    assert_eq!(place(&second), Some(1));
    assert_eq!(waits(answer(second, None)).operation(opens), Some(false), "the module decides");

    // Of keys that do not fit at all, each is asked for in its turn.
    let others = with(&format!("[{}]", [keys[0], keys[2]].map(direct).join(",")), &verify);
    let second = waits(answer(pending(&others, &token, HOST), None));
    assert_eq!(place(&second), Some(1));
    assert_code("none fits", ended(answer(second, None)), Code::DecryptionFailed);
}

#[test]
fn what_cannot_be_the_plaintext_is_no_answer() {
    let (verify, signed) = inner("HS256");
    let settings = with(&direct(DIRECT), &verify);
    let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
    for other in [&signed.as_bytes()[1..], &[], format!("{signed}=").as_bytes()] {
        let next = waits(answer(pending(&settings, &token, HOST), Some(other.to_vec())));
        let is_inside = |operation: &Operation| {
            let input = signed.rsplit_once('.').unwrap().0.as_bytes();
            matches!(operation.inputs(), Inputs::Verify { message, .. } if message == input)
        };
        assert_eq!(next.operation(is_inside), Some(true), "the module decrypts");
    }
    // Of the right length it is one, and the module does not decrypt anew.
    let mut other = signed.clone().into_bytes();
    other[0] ^= 1;
    assert_code("other", ended(answer(pending(&settings, &token, HOST), Some(other))), Code::JsonSyntax);
}

/// Where no content key is found, the host is asked with another one, for the time that it takes. Whoever encrypts with
/// that one gains nothing.
#[test]
fn t33_a_content_key_that_was_not_found_opens_nothing() {
    let (verify, signed) = inner("HS256");
    let wrap =
        r#"{"key":"a decryption key of 32 bytes, ok","encoding":"utf8","alg":"A256KW","enc":"A256GCM"}"#;
    let settings = with(wrap, &verify);
    let header = base64url::encode(br#"{"alg":"A256KW","enc":"A256GCM","cty":"JWT"}"#);
    let sealed = {
        use aes_gcm::{
            Aes256Gcm, KeyInit,
            aead::{Aead, Payload},
        };
        let payload = Payload { msg: signed.as_bytes(), aad: header.as_bytes() };
        Aes256Gcm::new_from_slice(&[0; 32]).unwrap().encrypt(&[7; 12].into(), payload).unwrap()
    };
    let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
    for wrapped in [&[1; 40][..], &[0; 40], &[1; 24], &[]] {
        let parts = [wrapped, &[7; 12], ciphertext, tag].map(base64url::encode);
        let token = format!("{header}.{}", parts.join("."));
        let waiting = pending(&settings, &token, HOST);
        assert_eq!(place(&waiting), None);
        let plaintext = by_host(&waiting, &token);
        assert_eq!(plaintext.as_deref(), Some(signed.as_bytes()), "the host decrypts it");
        assert_code("by the host", ended(answer(waiting, plaintext)), Code::DecryptionFailed);
        let refused = here(secure_token::opening(&settings, &token, &Host::none()));
        assert_code("by the module", refused.map(drop), Code::DecryptionFailed);
    }
}

#[test]
fn t42_the_outer_header_is_held_against_what_the_host_has_proven() {
    let (verify, signed) = inner("ES256");
    let settings = with(&direct(DIRECT), &verify);
    for (member, good) in
        [(r#""iss":"https://www.acme.example""#, true), (r#""iss":"https://other.example""#, false)]
    {
        let header = format!(r#"{{"alg":"dir","enc":"A256GCM",{member}}}"#);
        let token = {
            use aes_gcm::{
                Aes256Gcm, KeyInit,
                aead::{Aead, Payload},
            };
            let header = base64url::encode(header.as_bytes());
            let payload = Payload { msg: signed.as_bytes(), aad: header.as_bytes() };
            let cipher = Aes256Gcm::new_from_slice(DIRECT.as_bytes()).unwrap();
            let sealed = cipher.encrypt(&[7; 12].into(), payload).unwrap();
            let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
            let parts = [&[7; 12], ciphertext, tag].map(base64url::encode);
            format!("{header}..{}", parts.join("."))
        };
        let plaintext = by_host(&pending(&settings, &token, HOST), &token);
        let inside = |good| {
            let inside = waits(answer(pending(&settings, &token, HOST), plaintext.clone()));
            ended(inside.answer(HostAnswer::Flag(good)))
        };
        assert_code(member, inside(false), Code::SignatureInvalid);
        match good {
            true => assert!(inside(true).is_ok(), "{member}"),
            false => assert_code(member, inside(true), Code::HeaderInvalid),
        }
    }
}

/// As of signatures: a secret is in no operation, and a debugger's view of a token shows none.
#[test]
fn a_decryption_key_is_in_no_operation() {
    let (verify, signed) = inner("RS256");
    let settings = with(&direct(DIRECT), &verify);
    let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
    let pending = pending(&settings, &token, HOST);
    let host = Host::from_json(&crate::common::object(r#"{"way":"host"}"#)).unwrap();
    assert!(here(secure_token::opening(&settings, &token, &host)).is_err());
    let operation = host.take_operation().unwrap().to_json().to_text();
    assert!(operation.contains(r#""kind":"verify""#), "the signature alone: {operation}");
    let look = |operation: &Operation| {
        let told = operation.to_json().to_text();
        format!("{told} {operation:?} {:?} {settings:?}", operation.secret())
    };
    let shown = pending.operation(look).unwrap();
    for text in [operation, shown, format!("{pending:?}")] {
        assert!(!text.contains(DIRECT) && !text.contains(&base64url::encode(DIRECT.as_bytes())), "{text}");
    }
    assert!(jws::verify(&Compact::parse(&signed).unwrap(), settings.sources()).is_ok());
}
