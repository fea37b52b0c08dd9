//! ECDSA signatures in DER (RFC 3279 section 2.2.3), which JOSE does not take: turned into r and s side by side, only
//! to say that this is what is wrong.

use crate::jose::der;
use alloc::vec::Vec;

/// The signature in its right form, if it is `SEQUENCE { r INTEGER, s INTEGER }` for a curve of that many bytes.
pub(super) fn to_fixed(signature: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for number in der::two_integers(signature)? {
        out.resize(out.len().saturating_add(bytes.checked_sub(number.len())?), 0);
        out.extend_from_slice(number);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_become_two_halves() {
        let der = [0x30, 7, 2, 2, 0, 0x81, 2, 1, 5];
        assert_eq!(to_fixed(&der, 3), Some(alloc::vec![0, 0, 0x81, 0, 0, 5]));
        assert_eq!(to_fixed(&der, 1), Some(alloc::vec![0x81, 5]));
        // On P-521 the sequence is longer than 127 bytes, which takes the long form of a length.
        let half = [&[2, 65, 7][..], &[9; 64]].concat();
        let long = [&[0x30, 0x81, 134][..], &half, &half].concat();
        let fixed = [&[0, 7][..], &[9; 64]].concat();
        assert_eq!(to_fixed(&long, 66), Some([&fixed[..], &fixed].concat()));
    }

    #[test]
    fn anything_else_is_not_der() {
        let der = [0x30, 7, 2, 2, 0, 0x81, 2, 1, 5];
        for length in 0..der.len() {
            assert_eq!(to_fixed(der.get(..length).unwrap_or_default(), 3), None);
        }
        assert_eq!(to_fixed(&[&der[..], &[0]].concat(), 3), None);
        assert_eq!(to_fixed(&[0x30, 6, 2, 1, 1, 2, 1, 5, 0], 3), None);
        assert_eq!(to_fixed(&[0x30, 8, 2, 2, 1, 1, 2, 2, 1, 5], 1), None, "a number too large for the curve");
        assert_eq!(
            to_fixed(&[&[0x30, 0x81, 7][..], &der[2..]].concat(), 1),
            None,
            "a length longer than it must be"
        );
        assert_eq!(to_fixed(&[0x31, 6, 2, 1, 1, 2, 1, 5], 3), None);
    }
}
