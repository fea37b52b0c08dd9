//! The encoding of a signed message under RSA (RFC 8017 section 9): EMSA-PKCS1-v1_5, and EMSA-PSS with MGF1 of the same
//! hash and a salt of its length (RFC 7518 section 3.5). Public data only.
#![allow(clippy::arithmetic_side_effects, reason = "each step says what it holds")]

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
    check_pss::<H>(encoded, modulus_bits, message).unwrap_or_default()
}

fn check_pss<H: Hash>(encoded: &[u8], modulus_bits: usize, message: &[u8]) -> Option<bool> {
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
        return Some(false);
    }
    let unused = 8 * encoded.len() - bits; // 0 to 7
    let mut block = masked.to_vec();
    let first = block.first_mut()?;
    if *first & !(0xff_u8 >> unused) != 0 {
        return Some(false);
    }
    unmask::<H>(&mut block, hash);
    *block.first_mut()? &= 0xff >> unused;
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(length)?)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|byte| *byte != 0) {
        return Some(false);
    }
    let again = H::new().chain_update([0; 8]).chain_update(H::digest(message)).chain_update(salt).finalize();
    Some(again.as_slice() == hash)
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
