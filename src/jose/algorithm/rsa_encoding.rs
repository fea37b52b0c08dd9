//! The encoding of a signed message under RSA (RFC 8017 section 9): EMSA-PKCS1-v1_5, and EMSA-PSS with MGF1 of the same
//! hash and a salt of its length (RFC 7518 section 3.5). Public data only.
#![allow(clippy::arithmetic_side_effects, reason = "each step says what it holds")]

use alloc::vec::Vec;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A hash with the beginning of its DigestInfo (RFC 8017 section 9.2, note 1).
pub(super) trait Hash: Digest {
    const DIGEST_INFO: [u8; 19];
}

impl Hash for Sha256 {
    const DIGEST_INFO: [u8; 19] =
        [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];
}

impl Hash for Sha384 {
    const DIGEST_INFO: [u8; 19] =
        [0x30, 0x41, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30];
}

impl Hash for Sha512 {
    const DIGEST_INFO: [u8; 19] =
        [0x30, 0x51, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40];
}

/// Whether this is the one encoding of the message: 00 01, FF as often as fits, 00, the DigestInfo. Compared as a whole;
/// nothing in it is parsed, so there is nothing to be lenient about (CVE-2006-4339).
pub(super) fn is_pkcs1<H: Hash>(encoded: &[u8], message: &[u8]) -> bool {
    let hash = H::digest(message);
    let Some(rest) = encoded.strip_suffix(hash.as_slice()) else { return false };
    let Some(rest) = rest.strip_suffix(&H::DIGEST_INFO) else { return false };
    match rest {
        // RFC 8017 asks for eight bytes FF at least; keys of 2048 bits have room for many more.
        [0, 1, padding @ .., 0] => padding.len() >= 8 && padding.iter().all(|byte| *byte == 0xff),
        _ => false,
    }
}

/// Whether this encodes the message, by RFC 8017 section 9.1.2. The encoding is of one bit less than the modulus, whose
/// bits are `modulus_bits`.
pub(super) fn is_pss<H: Hash>(encoded: &[u8], modulus_bits: usize, message: &[u8]) -> bool {
    pss_salt_bytes::<H>(encoded, modulus_bits, message) == Some(<H as Digest>::output_size())
}

/// Returns how long the salt is, where this encodes the message with a salt of any length.
pub(super) fn pss_salt_bytes<H: Hash>(encoded: &[u8], modulus_bits: usize, message: &[u8]) -> Option<usize> {
    let (salt, hash) = pss_parts::<H>(encoded, modulus_bits)?;
    let again = H::new().chain_update([0; 8]).chain_update(H::digest(message)).chain_update(&salt).finalize();
    (again.as_slice() == hash).then_some(salt.len())
}

/// Returns salt and hash, where this is an encoding of any message.
pub(super) fn pss_parts<H: Hash>(encoded: &[u8], modulus_bits: usize) -> Option<(Vec<u8>, &[u8])> {
    let bits = modulus_bits.checked_sub(1)?;
    // A modulus of one bit more than whole bytes has a first byte that the encoding has not.
    let encoded = match bits % 8 {
        0 => encoded.strip_prefix(&[0])?,
        _ => encoded,
    };
    let length = <H as Digest>::output_size();
    let (rest, trailer) = encoded.split_at_checked(bits.div_ceil(8).checked_sub(1)?)?;
    let (masked, hash) = rest.split_at_checked(rest.len().checked_sub(length)?)?;
    if trailer != [0xbc] {
        return None;
    }
    let unused = 8 * encoded.len() - bits; // 0 to 7
    let mut block = masked.to_vec();
    let first = block.first_mut()?;
    if *first & !(0xff_u8 >> unused) != 0 {
        return None;
    }
    unmask::<H>(&mut block, hash);
    *block.first_mut()? &= 0xff >> unused;
    let zeros = block.iter().take_while(|byte| **byte == 0).count();
    let [1, salt @ ..] = block.get(zeros..)? else { return None };
    Some((salt.to_vec(), hash))
}

/// The DigestInfo of hashes that no algorithm of JOSE has, to name them: the beginning, the hash's length, and its name.
const OTHER_HASHES: [(&[u8], usize, &str); 3] = [
    (&[0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14], 20, "SHA-1"),
    (&[0x30, 0x20, 0x30, 0x0c, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5, 5, 0, 4, 0x10], 16, "MD5"),
    (&[0x30, 0x2d, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4, 5, 0, 4, 0x1c], 28, "SHA-224"),
];

/// Returns the content of an encoding of PKCS #1: the DigestInfo, where it is made right.
fn pkcs1_content(encoded: &[u8]) -> Option<&[u8]> {
    let [0, 1, rest @ ..] = encoded else { return None };
    let padding = rest.iter().take_while(|byte| **byte == 0xff).count();
    let [0, info @ ..] = rest.get(padding..)? else { return None };
    (padding >= 8).then_some(info)
}

/// Returns the name of the hash, where this is an encoding of PKCS #1 with one that no algorithm of JOSE has, or with the hash
/// of the message and without its name.
pub(super) fn other_hash(encoded: &[u8], message: &[u8]) -> Option<&'static str> {
    let info = pkcs1_content(encoded)?;
    let named = |(start, length, _): &&(&[u8], usize, &str)| {
        info.strip_prefix(*start).is_some_and(|hash| hash.len() == *length)
    };
    let bare =
        || (info == Sha256::digest(message).as_slice()).then_some("a bare SHA-256, without its DigestInfo");
    OTHER_HASHES.iter().find(named).map(|(.., name)| *name).or_else(bare)
}

/// Checks whether this is an encoding of some message, so that the key is right and the message another.
pub(super) fn is_of_another_message(encoded: &[u8], modulus_bits: usize) -> bool {
    let infos = [&Sha256::DIGEST_INFO, &Sha384::DIGEST_INFO, &Sha512::DIGEST_INFO];
    pkcs1_content(encoded).is_some_and(|info| infos.iter().any(|start| info.starts_with(*start)))
        || pss_parts::<Sha256>(encoded, modulus_bits).is_some()
        || pss_parts::<Sha384>(encoded, modulus_bits).is_some()
        || pss_parts::<Sha512>(encoded, modulus_bits).is_some()
}

/// Takes MGF1's mask off (RFC 8017 appendix B.2.1).
fn unmask<H: Hash>(block: &mut [u8], seed: &[u8]) {
    for (counter, part) in (0_u32..).zip(block.chunks_mut(<H as Digest>::output_size())) {
        let mask = H::new().chain_update(seed).chain_update(counter.to_be_bytes()).finalize();
        for (byte, mask) in part.iter_mut().zip(&mask) {
            *byte ^= mask;
        }
    }
}
