//! Looking at text many bytes at a time, as every byte of every token is looked at: sixteen where the target has vectors, else
//! eight.

#[allow(unused_imports, reason = "the boundary alone writes ASCII")]
#[cfg(all(feature = "variable-time", target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) use handstamp_jwa::scan::{ascii_bytes, dots, plain_bytes};
#[allow(unused_imports, reason = "the boundary alone writes ASCII")]
#[cfg(not(all(feature = "variable-time", target_arch = "wasm32", target_feature = "simd128")))]
pub(crate) use in_words::{ascii_bytes, dots, plain_bytes};

#[cfg_attr(not(feature = "wasm"), allow(dead_code))]
#[cfg(not(all(feature = "variable-time", target_arch = "wasm32", target_feature = "simd128")))]
mod in_words {
    /// How many bytes there are before the first one that is not ASCII.
    pub(crate) fn ascii_bytes(text: &[u8]) -> usize {
        text.iter().position(|byte| !byte.is_ascii()).unwrap_or(text.len())
    }

    /// How many dots there are, eight bytes at a time.
    pub(crate) fn dots(text: &[u8]) -> usize {
        const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
        let (words, rest) = text.as_chunks::<8>();
        let in_words = words.iter().map(|word| {
            let other = u64::from_ne_bytes(*word) ^ u64::from_ne_bytes([b'.'; 8]);
            // A byte's highest bit is set unless the byte is zero; no sum carries into the next.
            let set = ((other & LOW).wrapping_add(LOW)) | other | LOW;
            (!set).count_ones() as usize
        });
        let in_rest = rest.iter().filter(|byte| **byte == b'.').count();
        in_words.sum::<usize>().saturating_add(in_rest)
    }

    /// How many bytes there are before the first quote, backslash or control character.
    #[inline(always)]
    pub(crate) fn plain_bytes(text: &[u8]) -> usize {
        const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
        let mut plain: usize = 0;
        // Eight at a time as long as none of them is special. Subtracting borrows from the byte above only where the byte
        // itself is special, so that no special byte is overlooked.
        for word in text.as_chunks::<8>().0 {
            let word = u64::from_le_bytes(*word);
            let (quote, backslash) =
                (word ^ u64::from_ne_bytes([b'"'; 8]), word ^ u64::from_ne_bytes([b'\\'; 8]));
            let below = |word: u64, bound: u8| word.wrapping_sub(u64::from_ne_bytes([bound; 8])) & !word;
            if (below(quote, 1) | below(backslash, 1) | below(word, 0x20)) & HIGH != 0 {
                break;
            }
            plain = plain.saturating_add(8);
        }
        let rest = text.get(plain..).unwrap_or_default();
        let special = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
        plain.saturating_add(special.unwrap_or(rest.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// Every length up to three words, filled with every byte, with every other byte at every place.
    #[test]
    fn words_say_what_single_bytes_say() {
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        for length in 0..20_usize {
            for filling in [b'a', b'.', b'/', b'-', b'!', 0x7f, 0x80, 0xae, 0xa2, 0xdc, 0xff, b' '] {
                for place in 0..length.max(1) {
                    for byte in 0..=u8::MAX {
                        let mut text: Vec<u8> = alloc::vec![filling; length];
                        if let Some(one) = text.get_mut(place) {
                            *one = byte;
                        }
                        assert_eq!(dots(&text), text.iter().filter(|byte| **byte == b'.').count());
                        let plain = text.iter().position(special).unwrap_or(length);
                        assert_eq!(plain_bytes(&text), plain, "{text:?}");
                    }
                }
            }
        }
    }
}
