//! DER (X.690), as far as keys need it: one element after the other, with definite lengths in their shortest form. All
//! other DER, such as tags of several bytes, is refused.

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
#[cfg(feature = "whole")]
pub(crate) const UTC_TIME: u8 = 0x17;
#[cfg(feature = "whole")]
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;

/// The tag `[number]` of a constructed element.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// An algorithm (AlgorithmIdentifier, RFC 5280 section 4.1.1.2): its object identifier, and the one that its parameters
/// are, if they are one.
pub(crate) struct AlgorithmIdentifier<'a> {
    pub(crate) identifier: &'a [u8],
    pub(crate) parameters: Option<&'a [u8]>,
}

/// Reads a sequence of two integers that are not negative: an RSAPublicKey (RFC 8017 appendix A.1.1), or a signature of
/// ECDSA (RFC 3279 section 2.2.3).
pub(crate) fn two_integers(bytes: &[u8]) -> Option<[&[u8]; 2]> {
    let mut members = Elements::of_sequence(bytes)?;
    let numbers = [members.unsigned()?, members.unsigned()?];
    members.end()?;
    Some(numbers)
}

/// Elements that are still to be read.
#[derive(Clone, Copy)]
pub(crate) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    /// The members of a sequence that is the whole of some bytes.
    pub(crate) fn of_sequence(bytes: &'a [u8]) -> Option<Self> {
        let mut outer = Self(bytes);
        let members = outer.sequence()?;
        outer.end()?;
        Some(members)
    }

    /// The elements in the content of another one.
    pub(crate) const fn of(content: &'a [u8]) -> Self {
        Self(content)
    }

    /// The tag of the next element.
    pub(crate) fn tag(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element: its tag and its content.
    pub(crate) fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, length, rest) = match self.0 {
            [tag, length @ 0..=0x7f, rest @ ..] => (*tag, usize::from(*length), rest),
            [tag, 0x81, length @ 0x80..=0xff, rest @ ..] => (*tag, usize::from(*length), rest),
            [tag, 0x82, high @ 1..=0xff, low, rest @ ..] => {
                (*tag, usize::from(u16::from_be_bytes([*high, *low])), rest)
            }
            _ => return None,
        };
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The content of the next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.any().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }

    /// The next element as it stands.
    pub(crate) fn whole(&mut self) -> Option<&'a [u8]> {
        let before = self.0;
        self.any()?;
        before.get(..before.len().checked_sub(self.0.len())?)
    }

    /// The members of the next element, a sequence.
    pub(crate) fn sequence(&mut self) -> Option<Self> {
        self.take(SEQUENCE).map(Self)
    }

    /// The next element, an integer that is not negative: its bytes without the zero that keeps it so.
    pub(crate) fn unsigned(&mut self) -> Option<&'a [u8]> {
        match self.take(INTEGER)? {
            [0, number @ ..] if number.first().is_some_and(|first| *first >= 0x80) => Some(number),
            number @ ([0] | [1..=0x7f, ..]) => Some(number),
            _ => None,
        }
    }

    /// The next element, a string of whole bytes in bits.
    pub(crate) fn bits(&mut self) -> Option<&'a [u8]> {
        self.take(BIT_STRING)?.strip_prefix(&[0])
    }

    /// The next element, an algorithm.
    pub(crate) fn algorithm(&mut self) -> Option<AlgorithmIdentifier<'a>> {
        let mut members = self.sequence()?;
        let identifier = members.take(OBJECT_IDENTIFIER).filter(|bytes| is_identifier(bytes))?;
        if members.0.is_empty() {
            return Some(AlgorithmIdentifier { identifier, parameters: None });
        }
        let (tag, parameters) = members.any()?;
        members.end()?;
        Some(AlgorithmIdentifier {
            identifier,
            parameters: Some(parameters).filter(|_| tag == OBJECT_IDENTIFIER),
        })
    }

    /// Nothing, if nothing is left.
    pub(crate) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// Whether bytes are numbers to the base of 128, each to its end and without zeros in front.
fn is_identifier(bytes: &[u8]) -> bool {
    let starts = core::iter::once(0x7f).chain(bytes.iter().copied()).zip(bytes);
    bytes.last().is_some_and(|last| *last < 0x80)
        && starts.into_iter().all(|(before, first)| before >= 0x80 || *first != 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_form() {
        let long = |head: &[u8], length: usize| [head, &alloc::vec![7; length]].concat();
        for (bytes, length) in [
            (long(&[4, 0x7f], 0x7f), Some(0x7f)),
            (long(&[4, 0x81, 0x80], 0x80), Some(0x80)),
            (long(&[4, 0x82, 1, 0], 0x100), Some(0x100)),
            (long(&[4, 0x81, 0x7f], 0x7f), None),
            (long(&[4, 0x82, 0, 0x80], 0x80), None),
            (long(&[4, 0x80], 0), None),
            (long(&[4, 5], 4), None),
            (long(&[0x1f, 1], 1), None),
            (long(&[4], 0), None),
        ] {
            assert_eq!(Elements::of(&bytes).any().map(|(_, content)| content.len()), length, "{bytes:?}");
        }
    }

    #[test]
    fn integers_are_short_and_not_negative() {
        for (bytes, number) in [
            (&[2, 1, 0][..], Some(&[0][..])),
            (&[2, 1, 0x7f], Some(&[0x7f])),
            (&[2, 2, 0, 0x80], Some(&[0x80])),
            (&[2, 2, 0, 0x7f], None),
            (&[2, 1, 0x80], None),
            (&[2, 0], None),
            (&[4, 1, 1], None),
        ] {
            assert_eq!(Elements::of(bytes).unsigned(), number, "{bytes:?}");
        }
    }

    #[test]
    fn identifiers_are_whole() {
        for (bytes, good) in [
            (&[0x2b, 0x65, 0x70][..], true),
            (&[0x2a, 0x86, 0x48], true),
            (&[], false),
            (&[0x2a, 0x86], false),
            (&[0x2a, 0x80, 1], false),
            (&[0x80, 1], false),
            (&[0x81, 0x80], false),
        ] {
            assert_eq!(is_identifier(bytes), good, "{bytes:?}");
        }
    }
}
