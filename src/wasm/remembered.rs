//! The values parsed last from strings that come repeatedly: forms, rings, and the headers of tokens. Reading a form takes
//! as long as admitting a participant's claims does; reading a header, a tenth of a verification.

extern crate std;

use super::convert::json;
use crate::Result;
use crate::jose::Header;
use crate::profile::fields::Fields;
#[cfg(feature = "accounts")]
use crate::seal::Ring;
use alloc::{rc::Rc, string::String, vec::Vec};
use core::cell::RefCell;
use zeroize::Zeroizing;

/// Forms of the campaigns that are played just now.
const FORMS: usize = 32;
/// A deployment has one ring, and another one while it changes.
#[cfg(feature = "accounts")]
const RINGS: usize = 2;
/// Signers write few.
const HEADERS: usize = 16;
/// A longer header is not remembered.
const HEADER_CHARACTERS: usize = 512;

std::thread_local! {
    static LATEST_FORMS: RefCell<Latest<Fields>> = const { RefCell::new(Latest::new(FORMS)) };
    #[cfg(feature = "accounts")]
    static LATEST_RINGS: RefCell<Latest<Ring>> = const { RefCell::new(Latest::new(RINGS)) };
    static LATEST_HEADERS: RefCell<Latest<Header>> = const { RefCell::new(Latest::new(HEADERS)) };
}

/// Returns a campaign's form, where one is given.
pub fn fields(text: Option<String>) -> Result<Option<Rc<Fields>>> {
    let parse = |text: &str| Fields::parse(&json(text)?, "fields");
    text.map(|text| LATEST_FORMS.with_borrow_mut(|latest| latest.read(&text, parse))).transpose()
}

/// Returns the sealing keys.
#[cfg(feature = "accounts")]
pub fn ring(text: &str) -> Result<Rc<Ring>> {
    LATEST_RINGS.with_borrow_mut(|latest| latest.read(text, |text| Ring::parse(&json(text)?)))
}

/// Returns the header of a signed token whose first part this is.
pub fn header(text: &str) -> Result<Header> {
    if text.len() > HEADER_CHARACTERS {
        return Header::from_part(text);
    }
    let header = LATEST_HEADERS.with_borrow_mut(|latest| latest.read(text, Header::from_part));
    header.map(|header| header.as_ref().clone())
}

/// The values of the texts that were read last, oldest first. A text may hold secrets, so it is wiped when it leaves.
struct Latest<T> {
    most: usize,
    known: Vec<(Zeroizing<String>, Rc<T>)>,
}

impl<T> Latest<T> {
    const fn new(most: usize) -> Self {
        Self { most, known: Vec::new() }
    }

    fn read(&mut self, text: &str, parse: impl FnOnce(&str) -> Result<T>) -> Result<Rc<T>> {
        if let Some((_, value)) = self.known.iter().find(|(known, _)| known.as_str() == text) {
            return Ok(Rc::clone(value));
        }
        let value = Rc::new(parse(text)?);
        if self.known.len() >= self.most {
            self.known.remove(0);
        }
        self.known.push((Zeroizing::new(text.into()), Rc::clone(&value)));
        Ok(value)
    }
}
