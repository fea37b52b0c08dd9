//! What is encrypted here, and what a host has begun to encrypt, decrypts here.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use crate::management;
use common::{assert_code, decrypt_key, object, rows, value};
use handstamp::{
    Code,
    jose::{
        Compact, Content, Host, base64url, here,
        jwe::{self, AgreedKey, EncryptKey, Labels, WrappedKey},
        primitives::{
            agreement,
            curve::{Curve, Point},
        },
    },
    json::Value,
    secret::Secret,
};
use management::{computed, decrypt};

#[test]
fn what_is_encrypted_here_decrypts_here() {
    let mut entropy = 0_u8;
    for row in computed() {
        let mut setting = row["decrypt"].clone();
        let decrypting = decrypt_key(&setting.to_string()).unwrap();
        if setting["key"]["kty"] == "EC" {
            let error = EncryptKey::from_settings(&value(&setting.to_string()), "/key").err().unwrap();
            assert_eq!(error.code(), Code::KeyIsPrivate, "{error}");
            setting["key"].as_object_mut().unwrap().remove("d");
        }
        let key = EncryptKey::from_settings(&value(&setting.to_string()), "/key").unwrap();
        for plaintext in [&b""[..], b"x", &[0xff; 3000]] {
            entropy = entropy.wrapping_add(1);
            let labels = Labels { kid: Some("k"), cty: Some("JWT") };
            let token = jwe::encrypt(plaintext, &key, &vec![entropy; key.entropy_bytes()], labels).unwrap();
            assert_eq!(decrypt(&token, &decrypting).unwrap(), plaintext, "{} {}", row["alg"], row["enc"]);
            let header = Compact::parse(&token).unwrap().header;
            assert_eq!((header.kid(), header.cty()), (Some("k"), Some("JWT")));
        }
        for wrong in [0, key.entropy_bytes() - 1, key.entropy_bytes() + 1] {
            let refused = jwe::encrypt(b"x", &key, &vec![1; wrong], Labels::default());
            assert_code("entropy", refused, Code::SettingsInvalid);
        }
    }
}

#[test]
fn each_way_to_send_a_content_key_takes_its_own_random_bytes() {
    let ways = [
        ("A128GCMKW", "", 12 + 12 + 16),
        ("ECDH-ES", "P-256", 12 + 2 * 32),
        ("ECDH-ES+A128KW", "P-256", 12 + 2 * 32 + 16),
        ("ECDH-ES", "P-521", 12 + 2 * 66),
    ];
    for (alg, curve, bytes) in ways {
        let of = |row: &&serde_json::Value| {
            row["alg"] == alg && row["curve"].as_str().unwrap_or_default() == curve
        };
        let mut setting = computed().iter().find(of).unwrap()["decrypt"].clone();
        setting["enc"] = "A128GCM".into();
        let decrypting = decrypt_key(&setting.to_string()).unwrap();
        setting["key"].as_object_mut().and_then(|key| key.remove("d"));
        let key = EncryptKey::from_settings(&value(&setting.to_string()), "/key").unwrap();
        assert_eq!(key.entropy_bytes(), bytes, "{alg} {curve}");
        // Of 521 bits the first byte holds one, and the others of it are left out.
        let token = jwe::encrypt(b"x", &key, &vec![6; bytes], Labels::default()).unwrap();
        assert_eq!(decrypt(&token, &decrypting).unwrap(), b"x", "{alg} {curve}");
    }
}

#[test]
fn the_host_is_handed_what_only_it_computes_and_nothing_else() {
    for row in rows("python/management.json", "tokens").iter().filter(|row| row["curve"] == "RSA") {
        let setting = serde_json::json!({ "key": {
            "kty": "RSA", "n": row["decrypt"]["key"]["n"], "e": row["decrypt"]["key"]["e"],
        }, "alg": row["alg"], "enc": row["enc"] });
        let key = EncryptKey::from_settings(&value(&setting.to_string()), "/key").unwrap();
        let over: serde_json::Value =
            serde_json::from_str(&Value::from(key.handed_over().unwrap()).to_text()).unwrap();
        let hash = if row["alg"] == "RSA-OAEP-256" { "SHA-256" } else { "SHA-1" };
        assert_eq!(over["algorithm"], serde_json::json!({ "name": "RSA-OAEP", "hash": hash }));
        assert_eq!((&over["key"]["n"], &over["key"]["e"]), (&setting["key"]["n"], &setting["key"]["e"]));
        let bytes = over["keyBytes"].as_u64().unwrap() + over["ivBytes"].as_u64().unwrap();
        assert_eq!(usize::try_from(bytes).unwrap(), key.entropy_bytes());
    }
    for row in computed() {
        let mut setting = row["decrypt"].clone();
        setting["key"].as_object_mut().and_then(|key| key.remove("d"));
        let key = EncryptKey::from_settings(&value(&setting.to_string()), "/key").unwrap();
        assert!(key.handed_over().is_none(), "{} {}", row["alg"], row["curve"]);
    }
}

#[test]
fn what_is_encrypted_under_a_key_that_the_host_wrapped_opens_by_that_key() {
    for row in rows("python/management.json", "tokens").iter().filter(|row| row["curve"] == "RSA") {
        let setting = |e: &serde_json::Value| {
            let key = serde_json::json!({ "kty": "RSA", "n": row["decrypt"]["key"]["n"], "e": e });
            value(&serde_json::json!({ "key": key, "alg": row["alg"], "enc": row["enc"] }).to_string())
        };
        let key = EncryptKey::from_settings(&setting(&row["decrypt"]["key"]["e"]), "/key").unwrap();
        let content = Content::from_name(row["enc"].as_str().unwrap()).unwrap();
        let content_key = Secret::new(vec![9; content.key_bytes()]);
        let by_host = WrappedKey { content_key: &content_key, wrapped: &[7; 256] };
        let iv = vec![5; if content.name().contains("CBC") { 16 } else { 12 }];
        let seal = |iv: &[u8]| jwe::encrypt_wrapped(b"hello", &key, &by_host, iv, Labels::default());
        assert_code("IV", seal(&iv[1..]), Code::SettingsInvalid);
        let token = seal(&iv).unwrap();
        let keys = [decrypt_key(&row["decrypt"].to_string()).unwrap()];
        let decrypt = |words: &str| {
            let host = Host::from_json(&object(words)).unwrap();
            let result = here(jwe::decrypting(&Compact::parse(&token).unwrap(), &keys, &host));
            (result, host.take_operation().map(|operation| operation.to_json()))
        };
        let asked = decrypt("{}").1.unwrap();
        let [data, id] =
            ["/data", "/id"].map(|member| asked.pointer(member).and_then(Value::as_str).unwrap());
        assert_eq!(data, base64url::encode(&[7; 256]));
        let unwrapped = base64url::encode(content_key.expose());
        let opened = decrypt(&format!(r#"{{"answers":[{{"id":"{id}","value":"{unwrapped}"}}]}}"#)).0;
        assert_eq!(opened.unwrap().plaintext, b"hello", "{} {}", row["alg"], row["enc"]);
        // Some hosts refuse other exponents.
        let error = EncryptKey::from_settings(&setting(&"BQ".into()), "/key").unwrap_err();
        let place = error.detail().unwrap().at.as_deref();
        assert_eq!((error.code(), place), (Code::SyncUnsupported, Some("/key/alg")));
    }
    let direct =
        r#"{"key":"a decryption key of 32 bytes, ok","encoding":"utf8","alg":"dir","enc":"A256GCM"}"#;
    let key = EncryptKey::from_settings(&value(direct), "/key").unwrap();
    let by_host = WrappedKey { content_key: &Secret::new([9; 32]), wrapped: &[7; 256] };
    let error = jwe::encrypt_wrapped(b"hello", &key, &by_host, &[5; 12], Labels::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{} Expected RSA-OAEP or RSA-OAEP-256. Got dir.", Code::AlgNotAllowed.says())
    );
}

#[test]
fn random_bytes_that_are_no_private_key_are_passed_over() {
    let row = computed().into_iter().find(|row| row["alg"] == "ECDH-ES" && row["curve"] == "P-256").unwrap();
    let mut setting = row["decrypt"].clone();
    let decrypting = decrypt_key(&setting.to_string()).unwrap();
    setting["key"].as_object_mut().unwrap().remove("d");
    let key = EncryptKey::from_settings(&value(&setting.to_string()), "/key").unwrap();
    let mut entropy = vec![0xff; key.entropy_bytes()];
    assert_code("two misses", jwe::encrypt(b"x", &key, &entropy, Labels::default()), Code::SettingsInvalid);
    *entropy.last_mut().unwrap() = 1;
    let second = entropy.len() - 32;
    entropy[second..].fill(1);
    let token = jwe::encrypt(b"x", &key, &entropy, Labels::default()).unwrap();
    assert_eq!(decrypt(&token, &decrypting).unwrap(), b"x");
}

/// The package leaves the agreement on the larger curves to the host; what it then makes is the same.
#[test]
fn what_a_host_has_agreed_encrypts_like_what_is_agreed_here() {
    for row in computed().iter().filter(|row| row["alg"].as_str().unwrap().starts_with("ECDH-ES")) {
        let curve = Curve::from_name(row["curve"].as_str().unwrap()).unwrap();
        let mut setting = row["decrypt"].clone();
        let ours = decrypt_key(&setting.to_string()).unwrap();
        for private in ["d", "use", "key_ops", "alg"] {
            setting["key"].as_object_mut().unwrap().remove(private);
        }
        let key = EncryptKey::from_settings(&value(&setting.to_string()), "/key").unwrap();
        let scalar = [&vec![0; curve.bytes() - 2][..], &[3, 7]].concat();
        let ephemeral = agreement::EcPrivateKey::new(curve, Secret::new(scalar), None).unwrap();
        let coordinate = |name: &str| base64url::decode(setting["key"][name].as_str().unwrap()).unwrap();
        let theirs = Point::from_coordinates(curve, &coordinate("x"), &coordinate("y")).unwrap();
        let shared = ephemeral.agree(&theirs).unwrap();
        let content = Content::from_name(row["enc"].as_str().unwrap()).unwrap();
        let fresh = if row["alg"] == "ECDH-ES" { 0 } else { content.key_bytes() };
        let seal = |epk: &Value, shared: &Secret, fresh: usize| {
            let (content_key, iv) =
                (Secret::new(vec![9; fresh]), vec![5; if content.name().contains("CBC") { 16 } else { 12 }]);
            let by_host = AgreedKey { epk, shared, content_key: &content_key };
            jwe::encrypt_agreed(b"hello", &key, &by_host, &iv, Labels::default())
        };
        let epk = Value::from(ephemeral.point().to_jwk());
        assert_eq!(decrypt(&seal(&epk, &shared, fresh).unwrap(), &ours).unwrap(), b"hello", "{row}");
        // A host's mistakes are told, not sealed.
        let short = Secret::new(&shared.expose()[1..]);
        assert_code("shared", seal(&epk, &short, fresh), Code::SettingsInvalid);
        if fresh > 0 {
            assert_code("content key", seal(&epk, &shared, fresh - 1), Code::SettingsInvalid);
        }
        assert_code("epk", seal(&Value::Null, &shared, fresh), Code::HeaderInvalid);
    }
}
