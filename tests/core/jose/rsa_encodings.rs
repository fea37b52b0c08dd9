//! The encodings of a message under RSA at every size of a key: the right one is taken, and any other is refused. Each has a key
//! of its own, made for the signature.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use crate::{
    common::object,
    explained::{MadeKey, pkcs1_encoding, pss_encoding},
};
use handstamp::{
    Code,
    jose::{Signature, key::Key},
};
use sha2::{Digest, Sha256};

const MESSAGE: &[u8] = b"a message";
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];

/// The verdict on the signature that opens to an encoding.
fn verdict(alg: Signature, encoding: &[u8], bits: usize) -> Result<(), Code> {
    let made = MadeKey::of(encoding, bits);
    let key = Key::from_jwk(&object(&made.jwk().to_string()), Some(alg), false).unwrap();
    key.verify(alg, MESSAGE, &made.signature).map_err(|error| error.code())
}

#[test]
fn every_byte_of_an_encoding_counts() {
    let pkcs1 = pkcs1_encoding(&SHA256_INFO, &Sha256::digest(MESSAGE));
    let pss = pss_encoding::<Sha256>(MESSAGE, &[5; 32], 2048);
    for (alg, other, good) in
        [(Signature::RS256, Signature::PS256, pkcs1), (Signature::PS256, Signature::RS256, pss)]
    {
        assert_eq!(verdict(alg, &good, 2048), Ok(()), "{alg:?}");
        assert_eq!(verdict(other, &good, 2048), Err(Code::SignatureInvalid), "{alg:?}");
        for place in 0..good.len() {
            for bit in [1, 0x80] {
                let mut bad = good.clone();
                bad[place] ^= bit;
                let found = verdict(alg, &bad, 2048);
                assert_eq!(found, Err(Code::SignatureInvalid), "{alg:?} {bit} of byte {place}");
            }
        }
    }
}

/// CVE-2006-4339 and its kin: nothing may stand behind the hash, in its parameters, or in the place of the padding.
#[test]
fn what_a_lenient_reader_takes_for_pkcs1_is_refused() {
    let hash = Sha256::digest(MESSAGE);
    let filled = |start: &[u8], end: &[u8]| [start, &vec![0x55; 256 - start.len() - end.len()], end].concat();
    let short = [&[0, 1][..], &[0xff; 8], &[0], &SHA256_INFO, &hash].concat();
    let end = [&[0][..], &SHA256_INFO, &hash].concat();
    let mut without_null = SHA256_INFO.to_vec();
    without_null.drain(15..17);
    (without_null[1], without_null[3]) = (0x2f, 0x0b);
    for (case, encoding) in [
        ("behind the hash", filled(&short, &[])),
        ("any padding", filled(&[0, 1], &end)),
        ("no padding", filled(&[0, 1, 0], &end[1..])),
        ("the padding of encryption", filled(&[0, 2], &end)),
        ("no parameters", pkcs1_encoding(&without_null, &hash)),
        ("no name of the hash", pkcs1_encoding(&[], &hash)),
    ] {
        assert_eq!(verdict(Signature::RS256, &encoding, 2048), Err(Code::SignatureInvalid), "{case}");
    }
}

/// Of a modulus of 2049 bits, the encoding is a byte shorter; of others, some bits of its first byte are unused.
#[test]
fn pss_is_read_at_every_number_of_unused_bits() {
    for bits in 2048..=2056 {
        for salt in 0..8 {
            let good = pss_encoding::<Sha256>(MESSAGE, &[salt; 32], bits);
            assert_eq!(verdict(Signature::PS256, &good, bits), Ok(()), "{bits} bits, salt {salt}");
            // The first bit that the encoding has not.
            let mut bad = good.clone();
            bad[0] |= 1 << ((bits - 1) % 8);
            assert_eq!(verdict(Signature::PS256, &bad, bits), Err(Code::SignatureInvalid), "{bits} bits");
        }
    }
}

#[test]
fn a_key_verifies_by_its_own_row_alone() {
    let encoding = pkcs1_encoding(&SHA256_INFO, &Sha256::digest(MESSAGE));
    let made = MadeKey::of(&encoding, 2048);
    let key = Key::from_jwk(&object(&made.jwk().to_string()), Some(Signature::RS256), false).unwrap();
    let refused = key.verify(Signature::PS256, MESSAGE, &made.signature).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The algorithm is not the one of the configured key. At header/alg. Expected RS256. Got PS256."
    );
    let other = key.verify(Signature::RS256, b"another", &made.signature).unwrap_err();
    assert_eq!((other.code(), other.detail()), (Code::SignatureInvalid, None));
}
