//! Coordinates that were written without their leading zeros: taken where the point, made whole, is on its curve, with a
//! warning; any other length is refused by name.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{object, source, value, verify};
use handstamp::{
    Code, Warning,
    explain::{Status, Verdict, explain},
    jose::{
        Signature, base64url,
        jwe::{self, AgreedKey, EncryptKey, Labels},
        key::{Key, KeySet},
        primitives::{agreement, curve::Curve},
    },
    json::Value,
    secret::Secret,
    secure_token::Settings,
    time::UnixTime,
};
use serde_json::json;

const NOW: UnixTime = UnixTime(1_800_000_000);
const CLAIMS: &str = r#"{"sub":"1234","campaignId":"100001","exp":1800000300}"#;
const ALGS: [(Curve, &str); 3] = [(Curve::P256, "ES256"), (Curve::P384, "ES384"), (Curve::P521, "ES512")];

/// A token and the public key of a number: x, then y.
fn signed(curve: Curve, number: u16, kid: &str) -> (String, Vec<u8>, Vec<u8>) {
    let alg = ALGS.iter().find(|(known, _)| *known == curve).unwrap().1;
    let header = format!(r#"{{"alg":"{alg}","kid":"{kid}"}}"#);
    let input = format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(CLAIMS.as_bytes()));
    macro_rules! sign {
        ($curve:ident) => {{
            use $curve::ecdsa::{Signature, SigningKey, signature::Signer};
            let key = SigningKey::from_slice(&scalar(curve, number)).unwrap();
            let signature: Signature = key.sign(input.as_bytes());
            (signature.to_bytes().to_vec(), key.verifying_key().to_sec1_point(false).as_bytes()[1..].to_vec())
        }};
    }
    let (signature, point) = match curve {
        Curve::P256 => sign!(p256),
        Curve::P384 => sign!(p384),
        Curve::P521 => sign!(p521),
    };
    let (x, y) = point.split_at(curve.bytes());
    (format!("{input}.{}", base64url::encode(&signature)), x.to_vec(), y.to_vec())
}

fn scalar(curve: Curve, number: u16) -> Vec<u8> {
    [&vec![0; curve.bytes() - 2][..], &number.to_be_bytes()].concat()
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

fn jwk(curve: Curve, x: &[u8], y: &[u8]) -> serde_json::Value {
    json!({ "kty": "EC", "crv": curve.name(), "kid": "one", "x": base64url::encode(x), "y": base64url::encode(y) })
}

/// The first numbers from two on whose points begin with a zero, in x and in y, and the first whose point does not.
fn numbers(curve: Curve) -> [(u16, Option<&'static str>); 3] {
    let [x, y, neither] = match curve {
        Curve::P256 => [379, 43, 2],
        Curve::P384 => [197, 176, 2],
        Curve::P521 => [5, 9, 3],
    };
    [(x, Some("x")), (y, Some("y")), (neither, None)]
}

#[test]
fn a_coordinate_without_its_leading_zeros_is_accepted_with_a_warning() {
    for (curve, alg) in ALGS {
        for (number, short) in numbers(curve) {
            let (token, x, y) = signed(curve, number, "one");
            let (whole, key) = (jwk(curve, &x, &y), jwk(curve, trimmed(&x), trimmed(&y)));
            let set = |key: &serde_json::Value| json!({ "keys": [key] });
            let (fetched, remarks) = KeySet::fetched(set(&key).to_string().as_bytes(), None).unwrap();
            let expected: Vec<_> = short
                .iter()
                .map(|name| (Warning::CoordinateShort, Some(format!("/keys/0/{name}"))))
                .collect();
            let found: Vec<_> = remarks.into_iter().map(|remark| (remark.warning, remark.at)).collect();
            assert_eq!(found, expected, "{alg}");
            let row = Signature::from_name(alg).unwrap();
            let good = Key::from_jwk(&object(&whole.to_string()), Some(row), false).unwrap();
            assert_eq!(fetched.keys()[0].thumbprint(), good.thumbprint(), "it is the same key");
            let mut by_url = source(r#"{"method":"jwks","url":"https://id.acme.example/keys"}"#).unwrap();
            by_url.install(set(&key).to_string().as_bytes()).unwrap();
            let by_data = json!({ "method": "jwks", "keys": set(&key) });
            let alone = json!({ "method": "publicKey", "alg": alg, "key": key });
            for source in [by_url, source(&by_data.to_string()).unwrap(), source(&alone.to_string()).unwrap()]
            {
                let verified =
                    verify(&token, &[source]).unwrap_or_else(|error| panic!("{alg} {number}: {error}"));
                let has = verified.remarks().iter().any(|remark| remark.warning == Warning::CoordinateShort);
                assert_eq!(has, short.is_some(), "{alg} {number}");
            }
            let settings = Settings::parse(json!({ "verify": alone }).to_string().as_bytes()).unwrap();
            let report = explain(&settings, &token, Some("100001"), NOW);
            assert_eq!(report.verdict(), Verdict::Accepted);
            let check = report.checks.iter().find(|check| check.code == "coordinate_short");
            assert_eq!(check.map(|check| (check.check, check.status)), short.map(|_| ("key", Status::Warn)));
        }
    }
}

#[test]
fn any_other_length_of_a_coordinate_is_refused_by_name() {
    for (curve, alg) in ALGS {
        let (_, x, y) = signed(curve, numbers(curve)[2].0, "one");
        let zero = |bytes: &[u8]| [&[0], bytes].concat();
        let bytes = curve.bytes();
        for (x, y, code, at, got) in [
            (zero(&x), y.clone(), Code::KeyInvalid, "/x", bytes + 1),
            (x.clone(), zero(&y), Code::KeyInvalid, "/y", bytes + 1),
            (x[1..].to_vec(), y.clone(), Code::KeyInvalid, "/x", bytes - 1),
            (x[..bytes - 1].to_vec(), y.clone(), Code::KeyInvalid, "/x", bytes - 1),
            (x.clone(), y[1..].to_vec(), Code::KeyInvalid, "/y", bytes - 1),
            (x.clone(), vec![7], Code::KeyInvalid, "/y", 1),
        ] {
            let key = object(&jwk(curve, &x, &y).to_string());
            let error = Key::from_jwk(&key, Signature::from_name(alg), false).unwrap_err();
            let detail = error.detail().unwrap();
            assert_eq!((error.code(), detail.at.as_deref()), (code, Some(at)), "{alg}");
            assert_eq!(detail.expected, Some(format!("{bytes} bytes")), "{alg}");
            assert_eq!(detail.got, Some(format!("{got} bytes")), "{alg}");
        }
    }
}

#[test]
fn an_ephemeral_key_without_leading_zeros_is_accepted_with_a_warning() {
    for (curve, _) in ALGS {
        let ours = agreement::EcPrivateKey::new(curve, Secret::new(scalar(curve, 777)), None).unwrap();
        let mut key = ours.point().to_jwk();
        let public = Value::from(key.clone());
        key.set("d", base64url::encode(&scalar(curve, 777)));
        let setting = |key: &Value| format!(r#"{{"key":{},"alg":"ECDH-ES","enc":"A128GCM"}}"#, key.to_text());
        let settings = format!(
            r#"{{"verify":{{"method":"symmetricKey","alg":"HS256","key":"{}","encoding":"utf8"}},"decrypt":{}}}"#,
            common::SECRET,
            setting(&key.into())
        );
        let settings = Settings::parse(settings.as_bytes()).unwrap();
        let theirs = EncryptKey::from_settings(&value(&setting(&public)), "/key").unwrap();
        for (number, short) in numbers(curve) {
            let sender =
                agreement::EcPrivateKey::new(curve, Secret::new(scalar(curve, number)), None).unwrap();
            let (_, x, y) = signed(curve, number, "one");
            let epk = |x: &[u8], y: &[u8]| {
                value(&json!({ "kty": "EC", "crv": curve.name(), "x": base64url::encode(x), "y": base64url::encode(y) }).to_string())
            };
            let shared = sender.agree(ours.point()).unwrap();
            let seal = |epk: &Value| {
                let content_key = Secret::new([]);
                let by_host = AgreedKey { epk, shared: &shared, content_key: &content_key };
                let inner = common::signed(r#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
                jwe::encrypt_agreed(inner.as_bytes(), &theirs, &by_host, &[5; 12], Labels::default())
            };
            // By hand, as what is encrypted here writes every coordinate whole.
            let token = {
                use aes_gcm::{
                    Aes128Gcm, KeyInit,
                    aead::{Aead, Payload},
                };
                let epk = epk(trimmed(&x), trimmed(&y)).to_text();
                let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{epk}}}"#);
                let header = base64url::encode(header.as_bytes());
                let key = agreement::derive(&shared, "A128GCM", &[], &[], 16).unwrap();
                let inner = common::signed(r#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
                let payload = Payload { msg: inner.as_bytes(), aad: header.as_bytes() };
                let sealed = Aes128Gcm::new_from_slice(key.expose())
                    .unwrap()
                    .encrypt(&[5; 12].into(), payload)
                    .unwrap();
                let (content, tag) = sealed.split_at(sealed.len() - 16);
                let encode = base64url::encode;
                format!("{header}..{}.{}.{}", encode(&[5; 12]), encode(content), encode(tag))
            };
            let report = explain(&settings, &token, Some("100001"), NOW);
            assert_eq!(report.verdict(), Verdict::Accepted, "{report:?}");
            let check = report.checks.iter().find(|check| check.code == "coordinate_short");
            let place = short.map(|name| format!("header/epk/{name}"));
            assert_eq!(check.map(|check| check.check), short.map(|_| "decryption"));
            assert_eq!(check.and_then(|check| check.path.clone()), place);
            for (name, long) in
                [("x", epk(&[&[0][..], &x].concat(), &y)), ("y", epk(&x, &[&[0][..], &y].concat()))]
            {
                let error = seal(&long).unwrap_err();
                assert_eq!(error.detail().unwrap().at, Some(format!("header/epk/{name}")));
                assert_eq!(error.detail().unwrap().got, Some(format!("{} bytes", curve.bytes() + 1)));
            }
        }
    }
}
