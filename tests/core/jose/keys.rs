//! Keys, key sets and their settings: what is taken, what is refused, and which place is named.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{SECRET, assert_code, object, rows, source, vectors, verify};
use handstamp::{
    Code, Error,
    jose::{
        Signature, base64url,
        key::{Key, KeySource, certificate_end},
        primitives::read_pem,
    },
};

fn public(alg: &str, pem: &str) -> Result<KeySource, Error> {
    source(&serde_json::json!({"method": "publicKey", "alg": alg, "key": pem}).to_string())
}

fn place(error: &Error) -> &str {
    error.detail().and_then(|detail| detail.at.as_deref()).unwrap_or_default()
}

#[test]
fn every_pem_form_is_read() {
    for row in rows("python/keys.json", "good") {
        let (case, pem) = (row["case"].as_str().unwrap(), row["pem"].as_str().unwrap());
        let key = public(row["alg"].as_str().unwrap(), pem).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert!(verify(row["token"].as_str().unwrap(), &[key]).is_ok(), "{case}");
    }
}

#[test]
fn bent_pem_texts_are_read() {
    for row in rows("python/keys.json", "good") {
        let pem = row["pem"].as_str().unwrap();
        let lines: Vec<_> = pem.lines().collect();
        let (first, body, last) = (lines[0], lines[1..lines.len() - 1].concat(), lines[lines.len() - 1]);
        let wrapped = |width: usize| {
            let chunks: Vec<_> =
                body.as_bytes().chunks(width).map(|chunk| std::str::from_utf8(chunk).unwrap()).collect();
            format!("{first}\n{}\n{last}", chunks.join("\n"))
        };
        for (case, bent) in [
            ("without last newline", pem.trim_end().to_owned()),
            ("with \\n as two characters", pem.replace('\n', "\\n")),
            ("with \\r\\n as four characters", pem.replace('\n', "\\r\\n")),
            ("with CRLF", pem.replace('\n', "\r\n")),
            ("in one line", format!("{first} {body} {last}")),
            ("without any break", format!("{first}{body}{last}")),
            ("wrapped at 20", wrapped(20)),
            ("wrapped at 76", wrapped(76)),
            ("indented", pem.replace('\n', "\n    ")),
            ("after an explanation", format!("Bag Attributes\n  friendlyName: acme\n{pem}")),
            ("without base64 padding", format!("{first}\n{}\n{last}\n", body.trim_end_matches('='))),
        ] {
            let key = public(row["alg"].as_str().unwrap(), &bent);
            let key = key.unwrap_or_else(|error| panic!("{} {case}: {error}", row["case"]));
            assert!(verify(row["token"].as_str().unwrap(), &[key]).is_ok(), "{} {case}", row["case"]);
        }
    }
}

#[test]
fn t26_and_t30_pem_keys_that_are_not_for_us_are_refused() {
    for row in rows("python/keys.json", "bad") {
        let case = row["case"].as_str().unwrap();
        let error = public(row["alg"].as_str().unwrap(), row["pem"].as_str().unwrap()).unwrap_err();
        assert_eq!(error.code().as_str(), row["code"], "{case}: {error}");
        let expected = if row["alg"] == "ES384" { "/verify/alg" } else { "/verify/key" };
        assert_eq!(place(&error), expected, "{case}");
    }
}

#[test]
fn a_key_of_another_kind_is_named_by_its_object_identifier() {
    for (identifier, name) in [
        (&[0x2b, 0x65, 0x6e][..], "1.3.101.110"),
        (&[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1], "1.2.840.10040.4.1"),
        (&[0x88, 0x37, 0x7f], "2.999.127"),
        (&[0x2a, 0x81, 0x80, 1], "1.2.16385"),
    ] {
        let tagged = |tag: u8, bytes: &[u8]| [&[tag, u8::try_from(bytes.len()).unwrap()], bytes].concat();
        let algorithm = tagged(0x30, &tagged(6, identifier));
        let der = tagged(0x30, &[algorithm, tagged(3, &[0, 1])].concat());
        let body = base64url::encode(&der).replace('-', "+").replace('_', "/");
        let body = format!("{body}{}", "=".repeat((4 - body.len() % 4) % 4));
        let error =
            public("RS256", &format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"));
        let error = error.unwrap_err();
        let got = error.detail().and_then(|detail| detail.got.clone()).unwrap_or_default();
        assert_eq!(
            (error.code(), got),
            (Code::KeyWrongType, format!("a key with the object identifier {name}"))
        );
    }
}

#[test]
fn texts_that_are_no_pem_are_refused() {
    let good = rows("python/keys.json", "good")[0]["pem"].as_str().unwrap().to_owned();
    for (case, text) in [
        ("nothing", String::new()),
        ("words", "the public key".into()),
        ("the body alone", good.lines().filter(|line| !line.starts_with('-')).collect()),
        ("no end", good.split("-----END").next().unwrap().into()),
        ("another end", good.replace("END PUBLIC KEY", "END CERTIFICATE")),
        ("nothing between", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----".into()),
        ("no base64 between", "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----".into()),
        ("another label", good.replace("PUBLIC KEY", "DH PARAMETERS")),
        ("a key labelled as certificate", good.replace("PUBLIC KEY", "CERTIFICATE")),
        ("a key labelled as PKCS #1", good.replace("PUBLIC KEY", "RSA PUBLIC KEY")),
    ] {
        assert_code(case, read_pem(&text), Code::KeyInvalid);
    }
}

#[test]
fn no_cut_or_changed_certificate_panics() {
    for row in rows("python/keys.json", "good") {
        let pem = row["pem"].as_str().unwrap();
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let label = pem.lines().next().unwrap().replace("-----BEGIN ", "").replace("-----", "");
        for cut in (0..body.len()).step_by(4) {
            let text = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", &body[..cut]);
            assert!(read_pem(&text).is_err(), "{} cut at {cut}", row["case"]);
        }
        let (mut read, mut refused) = (0, 0);
        for position in 0..body.len() {
            let mut changed = body.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let text = format!("-----BEGIN {label}-----\n{changed}\n-----END {label}-----");
            if read_pem(&text).is_ok() { read += 1 } else { refused += 1 }
        }
        assert!(refused > 0, "{}: {read} of {} read", row["case"], body.len());
    }
}

#[test]
fn a_certificate_says_when_it_ends_and_no_other_key_does() {
    let mut certificates = 0;
    for row in rows("python/keys.json", "good") {
        let pem = row["pem"].as_str().unwrap();
        let is_certificate = pem.contains("BEGIN CERTIFICATE");
        certificates += usize::from(is_certificate);
        let end = is_certificate.then(|| "2035-12-30T00:00:00Z".to_owned());
        assert_eq!(certificate_end(pem), end, "{}", row["case"]);
        for cut in 0..pem.trim_end().len() {
            assert_eq!(certificate_end(&pem[..cut]), None, "{} cut at {cut}", row["case"]);
        }
    }
    assert_eq!(certificates, 3);
}

#[test]
fn no_der_is_read_that_the_crates_of_rustcrypto_do_not_read() {
    use rsa::{
        pkcs1::RsaPublicKey,
        pkcs8::{
            SubjectPublicKeyInfoRef,
            der::{Decode, asn1::UintRef},
        },
    };
    let (mut read, mut refused) = (0, 0);
    for row in rows("python/keys.json", "good") {
        let pem = row["pem"].as_str().unwrap();
        let label = pem.lines().next().unwrap().replace("-----BEGIN ", "").replace("-----", "");
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let body = body.replace('+', "-").replace('/', "_");
        let mut der = base64url::decode(body.trim_end_matches('=')).unwrap();
        let theirs: fn(&[u8]) -> bool = match label.as_str() {
            "PUBLIC KEY" => |der| SubjectPublicKeyInfoRef::from_der(der).is_ok(),
            "RSA PUBLIC KEY" => |der| RsaPublicKey::<UintRef<'_>>::from_der(der).is_ok(),
            _ => continue,
        };
        // The parameters of RSA are NULL; of whatever else they may be, nothing is read.
        let null = der.windows(2).position(|two| two == [5, 0]).unwrap_or(der.len());
        for place in (0..der.len()).filter(|place| *place != null) {
            for bit in 0..8 {
                der[place] ^= 1 << bit;
                let text = base64url::encode(&der).replace('-', "+").replace('_', "/");
                let text = format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----");
                let good = read_pem(&text).is_ok();
                assert!(!good || theirs(&der), "{} bit {bit} of byte {place}", row["case"]);
                *(if good { &mut read } else { &mut refused }) += 1;
                der[place] ^= 1 << bit;
            }
        }
    }
    assert!(read > 1000 && refused > 1000, "{read} read, {refused} refused");
}

fn rsa_jwk(bits: usize, exponent: &[u8]) -> String {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    modulus[0] = 0xff >> (modulus.len() * 8 - bits);
    let (n, e) = (base64url::encode(&modulus), base64url::encode(exponent));
    format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#)
}

fn jwk(text: &str, alg: Signature) -> Result<Key, Error> {
    Key::from_jwk(&object(text), Some(alg), false)
}

#[test]
fn t26_rsa_keys_are_checked_for_size_modulus_and_exponent() {
    let usual = [1, 0, 1];
    for bits in [2048, 2049, 3072, 4096] {
        assert!(jwk(&rsa_jwk(bits, &usual), Signature::RS256).is_ok(), "{bits} bits");
    }
    for bits in [8, 512, 1024, 2047, 4097, 8192, 16384] {
        let error = jwk(&rsa_jwk(bits, &usual), Signature::RS256).unwrap_err();
        assert_eq!(error.code(), Code::KeyRsaSize, "{bits}");
        assert_eq!(error.detail().unwrap().got.as_deref(), Some(format!("{bits} bits").as_str()));
    }
    for exponent in [&[3][..], &[0x11], &[0, 1, 0, 1], &[1, 0, 0, 0, 1]] {
        assert!(jwk(&rsa_jwk(2048, exponent), Signature::RS256).is_ok(), "{exponent:?}");
    }
    for exponent in [&[0][..], &[1], &[2], &[1, 0, 0], &[0, 0], &[0xff; 32]] {
        assert_code(
            &format!("{exponent:?}"),
            jwk(&rsa_jwk(2048, exponent), Signature::RS256),
            Code::KeyRsaExponent,
        );
    }
    let mut even = vec![0xff; 256];
    even[255] = 0xfe;
    let even = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, base64url::encode(&even));
    assert_code("an even modulus", jwk(&even, Signature::RS256), Code::KeyRsaExponent);
}

#[test]
fn t27_hmac_secrets_have_at_least_the_bytes_of_their_hash() {
    for (alg, least) in [(Signature::HS256, 32), (Signature::HS384, 48), (Signature::HS512, 64)] {
        let secret = |bytes: usize| (1..=bytes).map(|byte| u8::try_from(byte).unwrap()).collect::<Vec<_>>();
        assert!(Key::from_secret(&secret(least), alg, false).is_ok(), "{alg:?}");
        let error = Key::from_secret(&secret(least - 1), alg, false).unwrap_err();
        assert_eq!(error.code(), Code::KeyTooShort);
        assert_eq!(
            error.to_string(),
            format!(
                "A shared secret is too short for its algorithm. Expected at least {least} bytes for {}. Got {} bytes.",
                alg.name(),
                least - 1
            )
        );
        assert!(Key::from_secret(&secret(16), alg, true).unwrap().is_short());
        assert!(!Key::from_secret(&secret(least), alg, true).unwrap().is_short());
        assert_code("15 bytes", Key::from_secret(&secret(15), alg, true), Code::KeyTooShort);
        assert_code("no bytes", Key::from_secret(&[], alg, true), Code::KeyTooShort);
    }
    for blank in [&[b' '; 64][..], &[0; 64], b"\t\n                                              "] {
        assert_code("blank", Key::from_secret(blank, Signature::HS256, false), Code::KeyTooShort);
    }
    assert_code(
        "no secret",
        Key::from_secret(SECRET.as_bytes(), Signature::RS256, false),
        Code::KeyWrongType,
    );
}

#[test]
fn t12_a_public_key_is_no_shared_secret() {
    for row in rows("python/keys.json", "good") {
        let (case, pem) = (row["case"].as_str().unwrap(), row["pem"].as_str().unwrap());
        let settings = |key: &str, encoding: &str| {
            source(
                &serde_json::json!({"method": "symmetricKey", "alg": "HS256", "key": key, "encoding": encoding})
                    .to_string(),
            )
        };
        assert_code(case, settings(pem, "utf8"), Code::KeyIsPem);
        assert_code(case, settings(&format!("\r\n  {pem}"), "utf8"), Code::KeyIsPem);
        let wrapped = base64url::encode(pem.as_bytes());
        assert_code(case, settings(&wrapped, "base64url"), Code::KeyIsPem);
        if !pem.contains("CERTIFICATE") {
            let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            assert_code(case, settings(&body, "base64"), Code::KeyIsPem);
        }
    }
}

#[test]
fn t26_moduli_of_weak_devices_are_refused() {
    // A power of 65537 is one modulo every prime, as the moduli of those devices are.
    let mut modulus: Vec<u8> = vec![1];
    for _ in 0..128 {
        // Times 65537, in little-endian bytes: the number, and the number two bytes higher.
        let mut carry = 0;
        let sums = (0..modulus.len() + 2).map(|index| {
            let byte = |index: usize| modulus.get(index).copied().map_or(0, u16::from);
            let sum = byte(index) + index.checked_sub(2).map_or(0, byte) + carry;
            carry = sum >> 8;
            u8::try_from(sum & 0xff).unwrap()
        });
        modulus = sums.collect();
    }
    modulus.reverse();
    let rsa = |modulus: &[u8]| format!(r#"{{"kty":"RSA","e":"AQAB","n":"{}"}}"#, base64url::encode(modulus));
    assert_code("ROCA", jwk(&rsa(&modulus), Signature::RS256), Code::KeyRsaWeak);
    *modulus.last_mut().unwrap() ^= 2;
    assert!(jwk(&rsa(&modulus), Signature::RS256).is_ok(), "its neighbour");
}

#[test]
fn thumbprints_are_those_of_the_standards() {
    let rsa = r#"{"kty":"RSA","alg":"RS256","kid":"2011-04-29","e":"AQAB","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}"#;
    let thumbprint = |text: &str| Key::from_jwk(&object(text), None, false).unwrap().thumbprint();
    assert_eq!(thumbprint(rsa).as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"), "RFC 7638");
    let secret = r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
    assert_eq!(thumbprint(secret), None, "the hash of a secret would be a way to guess it");
}

#[test]
fn t29_points_are_on_their_curve() {
    let point = |x: &[u8], y: &[u8]| {
        format!(
            r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}"#,
            base64url::encode(x),
            base64url::encode(y)
        )
    };
    let good = vectors("rfc/examples.json")["signed"][2]["key"].clone();
    let (x, y) = (good["x"].as_str().unwrap(), good["y"].as_str().unwrap());
    let (x, y) = (base64url::decode(x).unwrap(), base64url::decode(y).unwrap());
    assert!(jwk(&point(&x, &y), Signature::ES256).is_ok());
    for (case, text, code) in [
        ("exchanged", point(&y, &x), Code::KeyOffCurve),
        ("zero", point(&[0; 32], &[0; 32]), Code::KeyOffCurve),
        ("beyond the field", point(&[0xff; 32], &y), Code::KeyOffCurve),
        ("short x", point(&x[..31], &y), Code::KeyInvalid),
        ("long y", point(&x, &[&[0], &y[..]].concat()), Code::KeyInvalid),
        ("no y", point(&x, &[]), Code::KeyInvalid),
        ("compressed", point(&[&[2], &x[..]].concat(), &y), Code::KeyInvalid),
        ("other curve", point(&x, &y).replace("P-256", "P-384"), Code::KeyInvalid),
        ("curve of bitcoin", point(&x, &y).replace("P-256", "secp256k1"), Code::KeyWrongType),
        ("misspelt curve", point(&x, &y).replace("P-256", "p-256"), Code::KeyWrongType),
    ] {
        assert_code(case, jwk(&text, Signature::ES256), code);
    }
    let edwards = |x: &[u8]| format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, base64url::encode(x));
    let mut identity = [0; 32];
    identity[0] = 1;
    // y = p + 1 is the identity again, in a spelling that RFC 8032 refuses.
    let mut not_canonical = [0xff; 32];
    (not_canonical[0], not_canonical[31]) = (0xee, 0x7f);
    for (case, bytes, code) in [
        ("the identity", identity, Code::KeyOffCurve),
        ("of order four", [0; 32], Code::KeyOffCurve),
        ("not canonical", not_canonical, Code::KeyOffCurve),
        ("no point", [2; 32], Code::KeyOffCurve),
    ] {
        assert_code(case, jwk(&edwards(&bytes), Signature::EDDSA), code);
    }
    assert_code("31 bytes", jwk(&edwards(&[7; 31]), Signature::EDDSA), Code::KeyInvalid);
    assert_code(
        "X25519",
        jwk(&edwards(&[9; 32]).replace("Ed25519", "X25519"), Signature::EDDSA),
        Code::KeyWrongType,
    );
}

const ED25519: &str = r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;

#[test]
fn t30_a_key_says_what_it_is_for() {
    for members in [
        "",
        r#","use":"sig""#,
        r#","key_ops":["verify"]"#,
        r#","use":"sig","key_ops":["verify"]"#,
        r#","key_ops":["verify","wrapKey"]"#,
        r#","alg":"EdDSA""#,
        r#","alg":"Ed25519""#,
        r#","x5c":[1],"unknown":{}"#,
    ] {
        assert!(jwk(&format!("{{{ED25519}{members}}}"), Signature::EDDSA).is_ok(), "{members}");
    }
    for (members, at, code) in [
        (r#""use":"enc""#, "/use", Code::KeyUse),
        (r#""use":"SIG""#, "/use", Code::KeyUse),
        (r#""use":1"#, "/use", Code::KeyUse),
        (r#""use":null"#, "/use", Code::KeyUse),
        (r#""alg":null"#, "/alg", Code::KeyUse),
        (r#""key_ops":["sign"]"#, "/key_ops", Code::KeyUse),
        (r#""key_ops":"verify""#, "/key_ops", Code::KeyUse),
        (r#""key_ops":[]"#, "/key_ops", Code::KeyUse),
        (r#""alg":"ECDH-ES""#, "/alg", Code::KeyUse),
        (r#""alg":1"#, "/alg", Code::KeyUse),
        (r#""alg":"ES256""#, "/alg", Code::KeyWrongType),
        (r#""d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A""#, "/d", Code::KeyIsPrivate),
        (r#""d":1"#, "/d", Code::KeyIsPrivate),
        (r#""kid":"""#, "/kid", Code::KeyInvalid),
        (r#""kid":1"#, "/kid", Code::KeyInvalid),
    ] {
        let error = jwk(&format!("{{{ED25519},{members}}}"), Signature::EDDSA).unwrap_err();
        assert_eq!((error.code(), place(&error)), (code, at), "{members}");
    }
    assert_code("another alg", jwk(&format!("{{{ED25519}}}"), Signature::RS256), Code::KeyWrongType);
    // A key of another kind that says so, and other spellings of the name.
    let named = |alg: &str| format!(r#"{{{ED25519},"alg":"{alg}"}}"#);
    for alg in ["ed25519", "ED25519", "Ed448", "Edwards25519"] {
        assert_code(alg, jwk(&named(alg), Signature::EDDSA), Code::KeyUse);
    }
    let rsa = rsa_jwk(2048, &[1, 0, 1]).replace('}', r#","alg":"Ed25519"}"#);
    assert_code("an RSA key", Key::from_jwk(&object(&rsa), None, false), Code::KeyWrongType);
    let rsa = rsa_jwk(2048, &[1, 0, 1]).replace('}', r#","alg":"RS256"}"#);
    assert_code("RS256 as PS256", jwk(&rsa, Signature::PS256), Code::KeyUse);
}

#[test]
fn a_number_in_hexadecimal_is_no_longer_number_in_base64url() {
    let digits = "b3".repeat(256);
    let rsa = jwk(&format!(r#"{{"kty":"RSA","n":"{digits}","e":"AQAB"}}"#), Signature::RS256).unwrap_err();
    let point = format!(r#"{{"kty":"EC","crv":"P-256","x":"{0}","y":"{0}"}}"#, &digits[..64]);
    for (error, at) in [(rsa, "/n"), (jwk(&point, Signature::ES256).unwrap_err(), "/x")] {
        let got = error.detail().unwrap().got.as_deref();
        assert_eq!((error.code(), place(&error), got), (Code::KeyInvalid, at, Some("hexadecimal digits")));
    }
}

#[test]
fn members_of_a_jwk_are_strict_base64url() {
    for (text, at) in [
        (r#"{"crv":"Ed25519"}"#, "/kty"),
        (r#"{"kty":1}"#, "/kty"),
        (r#"{"kty":"OKP","crv":"Ed25519"}"#, "/x"),
        (r#"{"kty":"OKP","crv":"Ed25519","x":1}"#, "/x"),
        (r#"{"kty":"OKP","crv":"Ed25519","x":""}"#, "/x"),
        (r#"{"kty":"OKP","crv":"Ed25519","x":"a+/="}"#, "/x"),
        (r#"{"kty":"OKP","x":"AAAA"}"#, "/crv"),
        (r#"{"kty":"RSA","n":"AQAB","e":"AQAB=="}"#, "/e"),
        (r#"{"kty":"RSA","e":"AQAB"}"#, "/n"),
    ] {
        let error = jwk(text, Signature::EDDSA).unwrap_err();
        assert_eq!((error.code(), place(&error)), (Code::KeyInvalid, at), "{text}");
    }
    assert_code("unknown kty", jwk(r#"{"kty":"AKP"}"#, Signature::EDDSA), Code::KeyWrongType);
    assert_code("case", jwk(r#"{"kty":"rsa"}"#, Signature::RS256), Code::KeyWrongType);
}

#[test]
fn t14_a_key_without_alg_serves_the_rows_of_its_kind_only() {
    let rows_of = |text: &str| {
        let key = Key::from_jwk(&object(text), None, false).unwrap();
        key.rows().iter().map(|row| row.name()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(rows_of(&rsa_jwk(2048, &[1, 0, 1])), "RS256 RS384 RS512 PS256 PS384 PS512");
    assert_eq!(rows_of(&format!("{{{ED25519}}}")), "EdDSA");
    let oct = |bytes: usize| format!(r#"{{"kty":"oct","k":"{}"}}"#, base64url::encode(&vec![7; bytes]));
    assert_eq!(rows_of(&oct(64)), "HS256 HS384 HS512");
    assert_eq!(rows_of(&oct(48)), "HS256 HS384");
    assert_code("31 bytes", Key::from_jwk(&object(&oct(31)), None, false), Code::KeyTooShort);
}
