//! The state between two calls: text that came in, the answer that lies ready, and settings with their keys.

use alloc::{string::String, vec::Vec};
use handstamp::{Code, Error, Result};
use spin::Mutex;

/// What is kept between two calls.
pub struct State {
    pub text: Vec<u8>,
    pub answer: String,
    #[cfg(feature = "verification")]
    pub verifications: Vec<Option<Prepared>>,
    #[cfg(feature = "verification")]
    pub handle: usize,
    #[cfg(feature = "look")]
    pub first_look: Option<handstamp::secure_token::FirstLook>,
}

/// Settings, and the copies of their key sets, by the places of their sources.
#[cfg(feature = "verification")]
pub struct Prepared {
    pub verification: handstamp::secure_token::Verification,
    pub copies: Vec<handstamp::freshness::Copy>,
}

// One thread: nobody waits for the lock.
pub static STATE: Mutex<State> = Mutex::new(State {
    text: Vec::new(),
    answer: String::new(),
    #[cfg(feature = "verification")]
    verifications: Vec::new(),
    #[cfg(feature = "verification")]
    handle: 0,
    #[cfg(feature = "look")]
    first_look: None,
});

impl State {
    /// Runs a call; a refusal becomes its number, with [`ISSUER`] where that is the owner, and its place the answer.
    pub fn run(&mut self, call: impl FnOnce(&mut Self) -> Result<()>) -> usize {
        self.answer.clear();
        let Err(error) = call(self) else { return 0 };
        if let Some(place) = error.detail().and_then(|detail| detail.at.as_deref()) {
            self.answer.push_str(place);
        }
        let owner = if error.detail().is_some_and(|detail| detail.fix.is_some()) { ISSUER } else { 0 };
        (error.code() as usize).saturating_add(1).saturating_add(owner)
    }

    pub fn text(&self, bytes: usize) -> &[u8] {
        self.text.get(..bytes).unwrap_or_default()
    }
}

/// Added to the number of a refusal that is the issuer's to fix, whatever the catalogue says of its code.
const ISSUER: usize = 1000;

/// Refuses settings that were released.
pub fn closed() -> Error {
    Error::new(Code::SettingsInvalid).at("verifier")
}
