//! Encrypted tokens that wait for the host to decrypt them: what it says counts as little as what the module decrypts, the
//! refusals are those of the module, and the keys travel as bytes alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::common::{assert_code, encrypt_for, rows, vectors};
use handstamp::{
    Code, Error,
    jose::{Compact, Host, base64url, jws},
    secure_token::{self, AdmitOptions, Pending, Settings},
    time::UnixTime,
};

/// The host wherever it can.
const HOST: u32 = 2;
const NOW: UnixTime = UnixTime(1_800_000_000);
const DIRECT: &str = "a decryption key of 32 bytes, ok";

fn begin(settings: &Settings, token: &str, host: u32) -> Result<Pending, Error> {
    secure_token::begin(settings, token, &mut Host::from_bits(host))
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
fn by_host(pending: &Pending, settings: &Settings, token: &str) -> Option<Vec<u8>> {
    let unopened = pending.unopened().unwrap();
    let (key, covered) = (pending.secret(settings).unwrap(), &token.as_bytes()[..unopened.covered_bytes()]);
    host_decrypts(key.expose(), unopened.iv(), covered, unopened.sealed())
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

/// Goes on with an answer of the host.
fn answer(
    pending: Pending,
    plaintext: Option<Vec<u8>>,
    settings: &Settings,
) -> Result<Option<Pending>, Error> {
    pending.decrypted(plaintext, settings, &mut Host::from_bits(HOST))
}

#[test]
fn what_the_host_decrypts_goes_on_to_the_signature_inside() {
    for alg in ["HS256", "RS256", "ES256", "EdDSA"] {
        let (verify, signed) = inner(alg);
        let settings = with(&direct(DIRECT), &verify);
        let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
        let opened = || {
            let pending = begin(&settings, &token, HOST).unwrap();
            assert!(pending.unproven().is_none() && pending.is_asking());
            let plaintext = by_host(&pending, &settings, &token).unwrap();
            answer(pending, Some(plaintext), &settings).unwrap().unwrap()
        };
        let pending = opened();
        assert!(pending.is_inside() && pending.unopened().is_none(), "{alg}");
        assert_eq!(pending.unproven().unwrap().signing_input(), signed.rsplit_once('.').unwrap().0);
        let (header, valid, was_encrypted) = pending.verify(true, &settings, NOW).unwrap().unwrap();
        let same = secure_token::open_by(&settings, &token, &mut Host::none()).unwrap();
        let (same, text) = secure_token::verify_opened(&settings, same, NOW).unwrap();
        assert_eq!((header, valid.text, was_encrypted), (same, text.text, true), "{alg}");
        assert_code(alg, opened().verify(false, &settings, NOW), Code::SignatureInvalid);
        let admitted = opened().admit(true, &settings, &AdmitOptions::new("123456", NOW)).unwrap().unwrap();
        let same = secure_token::admit(&settings, &token, &AdmitOptions::new("123456", NOW)).unwrap();
        assert_eq!((admitted.provenance.pid, admitted.subject), (same.provenance.pid, same.subject), "{alg}");
        // An answer to a signature is none to a content.
        let pending = begin(&settings, &token, HOST).unwrap();
        assert!(pending.verify(true, &settings, NOW).unwrap().is_none());
    }
}

#[test]
fn every_shared_secret_and_every_gcm_of_other_libraries_by_either_way() {
    let plaintext = vectors("python/management.json")["plaintext"].as_str().unwrap().to_owned();
    let (mut waited, mut here) = (0, 0);
    for row in rows("python/management.json", "tokens") {
        let [alg, enc] = ["alg", "enc"].map(|name| row["decrypt"][name].as_str().unwrap().to_owned());
        if alg.starts_with("RSA") || alg.starts_with("ECDH") {
            continue;
        }
        let settings = with(&row["decrypt"].to_string(), &inner("ES256").0);
        let token = row["token"].as_str().unwrap();
        let begun = begin(&settings, token, HOST);
        if !["A128GCM", "A256GCM"].contains(&enc.as_str()) {
            assert_code(&enc, begun.map(drop), Code::JweWithoutJws);
            here += 1;
            continue;
        }
        let pending = begun.unwrap();
        assert_eq!(pending.unopened().unwrap().place(), (alg == "dir").then_some(0), "{alg}");
        let found = by_host(&pending, &settings, token).unwrap();
        assert_eq!(found, plaintext.as_bytes(), "{alg} {enc}");
        assert_code(&alg, answer(pending, Some(found), &settings).map(drop), Code::JweWithoutJws);
        // A changed tag is for the host to see; the module then says what it always says.
        let (rest, tag) = token.rsplit_once('.').unwrap();
        let mut tag = base64url::decode(tag).unwrap();
        tag[5] ^= 1;
        let changed = format!("{rest}.{}", base64url::encode(&tag));
        let pending = begin(&settings, &changed, HOST).unwrap();
        assert!(by_host(&pending, &settings, &changed).is_none(), "{alg} {enc}");
        assert!(answer(pending, None, &settings).unwrap().is_none(), "{alg} {enc}");
        let refused = secure_token::open_by(&settings, &changed, &mut Host::none());
        assert_code(&alg, refused.map(drop), Code::DecryptionFailed);
        waited += 1;
    }
    assert!(waited >= 14 && here >= 20, "{waited} {here}");
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
        let begun = begin(&settings, &parts.join("."), HOST);
        assert_code(&format!("part {index} of {bytes}"), begun.map(drop), Code::DecryptionFailed);
    }
}

#[test]
fn by_the_table_long_contents_wait_where_the_host_has_what_it_takes() {
    let (verify, signed) = inner("HS256");
    let settings = with(&direct(DIRECT), &verify);
    let short = encrypted(DIRECT, &signed.as_bytes()[..100], Some("JWT"));
    let long = encrypted(DIRECT, "x".repeat(2000).as_bytes(), Some("JWT"));
    for runtime in [0, 4, 8] {
        assert_code("short", begin(&settings, &short, runtime).map(drop), Code::JweWithoutJws);
        assert!(begin(&settings, &long, runtime).unwrap().unopened().is_some(), "{runtime}");
        // Of a host without AES-GCM, or with nothing, and by the module's own way, nothing is asked.
        for bits in [runtime | 1 << 16, runtime | 1 << 4, runtime | 1] {
            assert_code("long", begin(&settings, &long, bits).map(drop), Code::JweWithoutJws);
        }
    }
}

#[test]
fn keys_are_tried_in_turn_and_then_by_the_module() {
    let (verify, signed) = inner("HS256");
    let keys = ["another key of exactly 32 bytes!", DIRECT, "a third key of exactly 32 bytes!"];
    let settings = with(&format!("[{}]", keys.map(direct).join(",")), &verify);
    let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
    let pending = begin(&settings, &token, HOST).unwrap();
    assert_eq!(pending.unopened().unwrap().place(), Some(0));
    assert!(by_host(&pending, &settings, &token).is_none());
    let pending = answer(pending, None, &settings).unwrap().unwrap();
    assert_eq!(pending.unopened().unwrap().place(), Some(1));
    let plaintext = by_host(&pending, &settings, &token).unwrap();
    assert!(answer(pending, Some(plaintext), &settings).unwrap().is_some());

    let mut pending = begin(&settings, &token, HOST).unwrap();
    for place in [1, 2] {
        pending = answer(pending, None, &settings).unwrap().unwrap();
        assert_eq!(pending.unopened().unwrap().place(), Some(place));
    }
    assert!(answer(pending, None, &settings).unwrap().is_none(), "the module decides");
}

#[test]
fn what_cannot_be_the_plaintext_is_no_answer() {
    let (verify, signed) = inner("HS256");
    let settings = with(&direct(DIRECT), &verify);
    let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
    for other in [&signed.as_bytes()[1..], &[], format!("{signed}=").as_bytes()] {
        let pending = begin(&settings, &token, HOST).unwrap();
        assert!(answer(pending, Some(other.to_vec()), &settings).unwrap().is_none());
    }
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
        let pending = begin(&settings, &token, HOST).unwrap();
        assert_eq!(pending.unopened().unwrap().place(), None);
        let plaintext = by_host(&pending, &settings, &token);
        assert_eq!(plaintext.as_deref(), Some(signed.as_bytes()), "the host decrypts it");
        assert!(answer(pending, plaintext, &settings).unwrap().is_none());
        let refused = secure_token::open_by(&settings, &token, &mut Host::none());
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
        let pending = begin(&settings, &token, HOST).unwrap();
        let plaintext = by_host(&pending, &settings, &token);
        let inside = || {
            answer(begin(&settings, &token, HOST).unwrap(), plaintext.clone(), &settings).unwrap().unwrap()
        };
        assert_code(member, inside().verify(false, &settings, NOW), Code::SignatureInvalid);
        match good {
            true => assert!(inside().verify(true, &settings, NOW).unwrap().is_some(), "{member}"),
            false => assert_code(member, inside().verify(true, &settings, NOW), Code::HeaderInvalid),
        }
    }
}

/// As of signatures: a secret is in no operation, and a debugger's view of a token shows none.
#[test]
fn a_decryption_key_is_in_no_operation() {
    let (verify, signed) = inner("RS256");
    let settings = with(&direct(DIRECT), &verify);
    let token = encrypted(DIRECT, signed.as_bytes(), Some("JWT"));
    let pending = begin(&settings, &token, HOST).unwrap();
    let mut host = Host::from_json(&crate::common::object(r#"{"way":"host"}"#)).unwrap();
    assert!(secure_token::open_by(&settings, &token, &mut host).is_err());
    let operation = host.take_operation().unwrap().to_text();
    assert!(operation.contains(r#""kind":"verify""#), "the signature alone: {operation}");
    for text in [operation, format!("{:?} {:?} {settings:?}", pending.unopened(), pending.secret(&settings))]
    {
        assert!(!text.contains(DIRECT) && !text.contains(&base64url::encode(DIRECT.as_bytes())), "{text}");
    }
    assert!(jws::verify(&Compact::parse(&signed).unwrap(), settings.sources()).is_ok());
}
