//! Key management and content encryption of every kind: tokens of another library, the examples of RFC 7518, what
//! is encrypted here, and everything that must fail. Cases are named after the table of negative cases (T33 …).
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use crate::management;
use common::{assert_code, decrypt_key, refusal, rows, source, vectors};
use handstamp::{
    Code,
    jose::{
        Compact, Content, Management, base64url, nested,
        primitives::{
            agreement, content,
            curve::{Curve, Point},
        },
    },
    secret::Secret,
};
use management::{VECTORS, computed, decrypt};

#[test]
fn tokens_of_another_library_decrypt_by_jwk_and_by_pem() {
    let plaintext = vectors(VECTORS)["plaintext"].as_str().unwrap().as_bytes().to_vec();
    let rows = computed();
    for row in &rows {
        let name = format!("{} {} {}", row["alg"], row["enc"], row["curve"]);
        let key = decrypt_key(&row["decrypt"].to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(decrypt(row["token"].as_str().unwrap(), &key).unwrap(), plaintext, "{name}");
        if row["pem"].is_string() {
            let mut setting = row["decrypt"].clone();
            setting["key"] = row["pem"].clone();
            let key = decrypt_key(&setting.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(decrypt(row["token"].as_str().unwrap(), &key).unwrap(), plaintext, "{name} as PEM");
        }
    }
    for alg in Management::ALL.iter().filter(|alg| alg.is_computed()) {
        assert!(rows.iter().any(|row| row["alg"] == alg.name()), "{alg:?} is in no token");
    }
    for enc in Content::ALL {
        assert!(rows.iter().any(|row| row["enc"] == enc.name()), "{enc:?} is in no token");
    }
}

/// A change of one part.
type Change = fn(&mut Vec<u8>);

/// A token with one of its parts changed: 1 is the encrypted key, 2 the IV, 3 the ciphertext, 4 the tag.
fn with_part(token: &str, index: usize, change: impl Fn(&mut Vec<u8>)) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let mut bytes = base64url::decode(&parts[index]).unwrap();
    change(&mut bytes);
    parts[index] = base64url::encode(&bytes);
    parts.join(".")
}

#[test]
fn t33_to_t36_whatever_fails_is_one_error() {
    for row in computed() {
        let token = row["token"].as_str().unwrap();
        let key = decrypt_key(&row["decrypt"].to_string()).unwrap();
        for index in 1..5 {
            let changes: [(&str, Change); 6] = [
                ("another first byte", |bytes| match bytes.first_mut() {
                    Some(first) => *first ^= 0x80,
                    None => bytes.push(1),
                }),
                ("another last byte", |bytes| match bytes.last_mut() {
                    Some(last) => *last ^= 1,
                    None => bytes.push(1),
                }),
                ("a byte more", |bytes| bytes.push(0)),
                ("half of it", |bytes| {
                    if bytes.is_empty() { bytes.push(1) } else { bytes.truncate(bytes.len() / 2) }
                }),
                ("eight bytes more", |bytes| bytes.extend([0; 8])),
                ("a block less", |bytes| {
                    if bytes.is_empty() {
                        bytes.push(1)
                    } else {
                        bytes.truncate(bytes.len().saturating_sub(16))
                    }
                }),
            ];
            for (case, change) in changes {
                let error = decrypt(&with_part(token, index, change), &key).unwrap_err();
                let name = format!("{} {} part {index}: {case}", row["alg"], row["enc"]);
                assert_eq!((error.code(), error.detail()), (Code::DecryptionFailed, None), "{name}");
            }
        }
    }
}

#[test]
fn t35_a_forged_padding_is_not_told_from_a_forged_tag() {
    for (name, cipher) in [
        ("A128CBC-HS256", content::A128CBC_HS256),
        ("A192CBC-HS384", content::A192CBC_HS384),
        ("A256CBC-HS512", content::A256CBC_HS512),
    ] {
        let key = Secret::new(vec![3; cipher.key_bytes]);
        let iv = [9; 16];
        for length in [0, 1, 15, 16, 17, 100] {
            let plaintext = vec![b'x'; length];
            let sealed = (cipher.seal)(&key, &iv, b"aad", &plaintext).unwrap();
            let (ciphertext, tag) = sealed.split_at(sealed.len() - cipher.tag_bytes);
            let open = |iv: &[u8], aad: &[u8], ciphertext: &[u8], tag: &[u8]| {
                (cipher.open)(&key, iv, aad, ciphertext, tag)
            };
            assert_eq!(open(&iv, b"aad", ciphertext, tag), Some(plaintext), "{name} {length}");
            // The additional data and the IV do not run into one another.
            assert_eq!(open(&iv, b"aa", ciphertext, tag), None);
            assert_eq!(open(&iv, b"aad ", ciphertext, tag), None);
            assert_eq!(open(&[9; 12], b"aad", ciphertext, tag), None);
            assert_eq!(open(&iv, b"aad", ciphertext, &tag[..tag.len() - 1]), None);
            assert_eq!(open(&iv, b"aad", ciphertext, &[]), None);
            assert_eq!(open(&iv, b"aad", &[], tag), None);
            for position in 0..sealed.len() {
                let mut forged = sealed.clone();
                forged[position] ^= 1;
                let (ciphertext, tag) = forged.split_at(forged.len() - cipher.tag_bytes);
                assert_eq!(open(&iv, b"aad", ciphertext, tag), None, "{name} byte {position}");
            }
        }
        let short = Secret::new(vec![3; cipher.key_bytes - 1]);
        assert_eq!((cipher.seal)(&short, &iv, b"", b""), None, "{name}");
    }
}

#[test]
fn the_examples_of_rfc_7518_appendix_b() {
    let plaintext = b"A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy without inconvenience";
    let aad = b"The second principle of Auguste Kerckhoffs";
    let iv = [0x1a, 0xf3, 0x8c, 0x2d, 0xc2, 0xb9, 0x6f, 0xfd, 0xd8, 0x66, 0x94, 0x09, 0x23, 0x41, 0xbc, 0x04];
    for (cipher, start, tag) in [
        (content::A128CBC_HS256, [0xc8, 0x0e, 0xdf, 0xa3], "652c3fa36b0a7c5b3219fab3a30bc1c4"),
        (
            content::A192CBC_HS384,
            [0xea, 0x65, 0xda, 0x6b],
            "8490ac0e58949bfe51875d733f93ac2075168039ccc733d7",
        ),
        (
            content::A256CBC_HS512,
            [0x4a, 0xff, 0xaa, 0xad],
            "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5",
        ),
    ] {
        let key: Vec<u8> = (0..u8::try_from(cipher.key_bytes).unwrap()).collect();
        let sealed = (cipher.seal)(&Secret::new(key), &iv, aad, plaintext).unwrap();
        let (ciphertext, given) = sealed.split_at(sealed.len() - cipher.tag_bytes);
        let given: String = given.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&ciphertext[..4], given.as_str()), (&start[..], tag));
    }
}

#[test]
fn the_example_of_rfc_7518_appendix_c() {
    let coordinate = |text: &str| base64url::decode(text).unwrap();
    let point =
        |x: &str, y: &str| Point::from_coordinates(Curve::P256, &coordinate(x), &coordinate(y)).unwrap();
    let alice = agreement::EcPrivateKey::new(
        Curve::P256,
        Secret::new(coordinate("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo")),
        None,
    );
    let bob = agreement::EcPrivateKey::new(
        Curve::P256,
        Secret::new(coordinate("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw")),
        Some(point(
            "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
            "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
        )),
    );
    let (alice, bob) = (alice.unwrap(), bob.unwrap());
    let epk =
        point("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0", "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps");
    assert_eq!(alice.point(), &epk);
    let shared = bob.agree(alice.point()).unwrap();
    assert_eq!(Some(&shared), alice.agree(bob.point()).as_ref());
    let derived = agreement::derive(&shared, "A128GCM", b"Alice", b"Bob", 16).unwrap();
    assert_eq!(base64url::encode(derived.expose()), "VqqN6vgjbSBcIijNcacQGg");
}

#[test]
fn members_that_key_management_needs_are_read_strictly() {
    let token = |header: &str| format!("{}.AAAA.AAAA.AAAA.AAAA", base64url::encode(header.as_bytes()));
    let gcm = |members: &str| token(&format!(r#"{{"alg":"A128GCMKW","enc":"A128GCM"{members}}}"#));
    let (iv, tag) = (r#","iv":"AAAAAAAAAAAAAAAA""#, r#","tag":"AAAAAAAAAAAAAAAAAAAAAA""#);
    assert!(Compact::parse(&gcm(&format!("{iv}{tag}"))).is_ok());
    for (members, at) in [
        (tag.to_owned(), "header/iv"),
        (iv.to_owned(), "header/tag"),
        (format!(r#"{tag},"iv":"AAAA""#), "header/iv"),
        (format!(r#"{tag},"iv":1"#), "header/iv"),
        (format!(r#"{tag},"iv":"AAAAAAAAAAAAAAA=""#), "header/iv"),
        (format!(r#"{iv},"tag":"AAAAAAAAAAAAAAAAAAAAAAAA""#), "header/tag"),
        (format!(r#"{iv},"tag":"AAAAAAAAAAAAAAAAAAAAAB""#), "header/tag"),
    ] {
        let error = refusal(&gcm(&members));
        assert_eq!(
            (error.code(), error.detail().unwrap().at.as_deref()),
            (Code::HeaderInvalid, Some(at)),
            "{members}"
        );
    }
    let (x, y) =
        ("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0", "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps");
    let ecdh = |members: &str| token(&format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM"{members}}}"#));
    let epk = |more: &str| format!(r#","epk":{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"{more}}}"#);
    assert!(Compact::parse(&ecdh(&epk(""))).is_ok());
    let longest = base64url::encode(&[1; 512]);
    assert!(Compact::parse(&ecdh(&format!(r#"{},"apu":"{longest}","apv":"""#, epk("")))).is_ok());
    let longer = base64url::encode(&[1; 513]);
    for (case, members, at) in [
        ("none", String::new(), "header/epk"),
        ("text", r#","epk":"x""#.to_owned(), "header/epk"),
        ("private", epk(r#","d":"AAAA""#), "header/epk/d"),
        ("another type", epk("").replace("EC", "OKP"), "header/epk/kty"),
        ("another curve", epk("").replace("P-256", "X25519"), "header/epk/crv"),
        ("off its curve", epk("").replace(x, y), "header/epk"),
        ("a point of P-256 as P-384", epk("").replace("P-256", "P-384"), "header/epk"),
        ("no coordinate", epk("").replace(y, ""), "header/epk"),
        ("apu too long", format!(r#"{},"apu":"{longer}""#, epk("")), "header/apu"),
        ("apv no base64url", format!(r#"{},"apv":"a+b""#, epk("")), "header/apv"),
        ("apv no text", format!(r#"{},"apv":[]"#, epk("")), "header/apv"),
    ] {
        let error = refusal(&ecdh(&members));
        assert_eq!(
            (error.code(), error.detail().unwrap().at.as_deref()),
            (Code::HeaderInvalid, Some(at)),
            "{case}"
        );
    }
    let p384 = rows(VECTORS, "tokens").into_iter().find(|row| row["curve"] == "P-384").unwrap();
    let key =
        computed().into_iter().find(|row| row["alg"] == "ECDH-ES" && row["enc"] == p384["enc"]).unwrap();
    let key = decrypt_key(&key["decrypt"].to_string()).unwrap();
    let error = decrypt(p384["token"].as_str().unwrap(), &key).unwrap_err();
    assert_eq!(
        error.to_string(),
        "A header member is not valid. At header/epk/crv. Expected the curve of the configured key. Got P-384."
    );
}

#[test]
fn what_only_the_host_computes_says_so() {
    for row in rows(VECTORS, "tokens").iter().filter(|row| row["curve"] == "RSA") {
        for key in [&row["decrypt"]["key"], &row["pem"]] {
            let mut setting = row["decrypt"].clone();
            setting["key"] = key.clone();
            let key = decrypt_key(&setting.to_string()).unwrap();
            assert_code("RSA", decrypt(row["token"].as_str().unwrap(), &key), Code::SyncUnsupported);
        }
    }
}

#[test]
fn faults_of_private_keys_are_named() {
    let find = |curve: &str| rows(VECTORS, "tokens").into_iter().find(|row| row["curve"] == curve).unwrap();
    let (ec, rsa) = (find("P-256"), find("RSA"));
    let set = |row: &serde_json::Value, change: &dyn Fn(&mut serde_json::Value)| {
        let mut setting = row["decrypt"].clone();
        change(&mut setting);
        decrypt_key(&setting.to_string())
    };
    type Setting<'a> = &'a dyn Fn(&mut serde_json::Value);
    let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";
    let cases: [(&str, &serde_json::Value, Setting<'_>, Code, &str); 17] = [
        (
            "public",
            &ec,
            &|s| drop(s["key"].as_object_mut().unwrap().remove("d")),
            Code::KeyWrongType,
            "/decrypt/key",
        ),
        ("public PEM", &ec, &|s| s["key"] = public.into(), Code::KeyWrongType, "/decrypt/key"),
        ("words", &ec, &|s| s["key"] = "words".into(), Code::KeyInvalid, "/decrypt/key"),
        (
            "another d",
            &ec,
            &|s| s["key"]["d"] = base64url::encode(&[1; 32]).into(),
            Code::KeyInvalid,
            "/decrypt/key/d",
        ),
        (
            "d of zero",
            &ec,
            &|s| s["key"]["d"] = base64url::encode(&[0; 32]).into(),
            Code::KeyInvalid,
            "/decrypt/key/d",
        ),
        (
            "d beyond n",
            &ec,
            &|s| s["key"]["d"] = base64url::encode(&[255; 32]).into(),
            Code::KeyInvalid,
            "/decrypt/key/d",
        ),
        (
            "short d",
            &ec,
            &|s| s["key"]["d"] = base64url::encode(&[1; 31]).into(),
            Code::KeyInvalid,
            "/decrypt/key/d",
        ),
        ("off its curve", &ec, &|s| s["key"]["x"] = s["key"]["y"].clone(), Code::KeyOffCurve, "/decrypt/key"),
        ("for signatures", &ec, &|s| s["key"]["use"] = "sig".into(), Code::KeyUse, "/decrypt/key/use"),
        ("for another alg", &ec, &|s| s["key"]["alg"] = "ES256".into(), Code::KeyUse, "/decrypt/key/alg"),
        (
            "RSA with ECDH-ES",
            &ec,
            &|s| s["key"] = rsa["decrypt"]["key"].clone(),
            Code::KeyWrongType,
            "/decrypt/key",
        ),
        ("RSA PEM with ECDH-ES", &ec, &|s| s["key"] = rsa["pem"].clone(), Code::KeyWrongType, "/decrypt/key"),
        ("EC with RSA-OAEP", &rsa, &|s| s["key"] = ec["pem"].clone(), Code::KeyWrongType, "/decrypt/key"),
        (
            "no p",
            &rsa,
            &|s| drop(s["key"].as_object_mut().unwrap().remove("p")),
            Code::KeyInvalid,
            "/decrypt/key/p",
        ),
        (
            "more primes",
            &rsa,
            &|s| s["key"]["oth"] = serde_json::json!([]),
            Code::KeyInvalid,
            "/decrypt/key/oth",
        ),
        ("small", &rsa, &|s| s["key"]["n"] = "AQAB".into(), Code::KeyRsaSize, "/decrypt/key"),
        (
            "a secret",
            &ec,
            &|s| s["key"] = serde_json::json!({"kty":"oct","k":"AAAA"}),
            Code::KeyWrongType,
            "/decrypt/key/kty",
        ),
    ];
    for (case, row, change, code, at) in cases {
        let error = set(row, change).err().unwrap_or_else(|| panic!("{case} is configured"));
        let place = error.detail().and_then(|detail| detail.at.clone()).unwrap_or_default();
        assert_eq!((error.code(), place.as_str()), (code, at), "{case}: {error}");
    }
    let pem = &ec["pem"].as_str().unwrap();
    let setting =
        format!(r#"{{"key":{},"encoding":"utf8","alg":"A128KW","enc":"A128GCM"}}"#, serde_json::json!(pem));
    assert_code("a PEM as a secret", decrypt_key(&setting), Code::KeyIsPem);
}

#[test]
fn one_private_key_serves_one_purpose() {
    let rows = rows(VECTORS, "tokens");
    for (curve, alg) in [("P-256", "ES256"), ("P-384", "ES384"), ("RSA", "RS256")] {
        let row = rows.iter().find(|row| row["curve"] == curve).unwrap();
        let mut public = row["decrypt"]["key"].clone();
        for name in ["d", "p", "q", "dp", "dq", "qi"] {
            public.as_object_mut().unwrap().remove(name);
        }
        let verifying = source(&format!(r#"{{"method":"publicKey","alg":"{alg}","key":{public}}}"#)).unwrap();
        let decrypting = decrypt_key(&row["decrypt"].to_string()).unwrap();
        let error = nested::check_keys(&[decrypting], &[verifying]).unwrap_err();
        assert_eq!(error.code(), Code::KeyShared, "{curve}");
    }
}
