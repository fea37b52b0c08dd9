//! The small modules: verification by HS, RS and ES256 and of standard claims, for `handstamp/verify`; a page's first look at a
//! token, for the campaign frame. They have no glue: JavaScript writes text where [`room`] says, calls, and reads what stands
//! at [`answer`]. What they say is put into words there.
//!
//! A call that can refuse returns 0 for good, or 1 more than the place of the refusal's code in the catalogue; then the
//! answer is the place of the fault.
#![no_std]

extern crate alloc;

#[cfg(feature = "look")]
mod look;
#[cfg(feature = "verification")]
mod verification;

use alloc::{string::String, vec::Vec};
use handstamp::{Code, Error, Result};
use spin::Mutex;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// There are no panics, by test; and if there were one, JavaScript would go on with a new instance.
#[cfg(target_family = "wasm")]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// What is kept between two calls.
struct State {
    text: Vec<u8>,
    answer: String,
    #[cfg(feature = "verification")]
    verifications: Vec<Option<verification::Prepared>>,
    #[cfg(feature = "verification")]
    handle: usize,
    #[cfg(feature = "look")]
    first_look: Option<handstamp::secure_token::FirstLook>,
}

// One thread: nobody waits for the lock.
static STATE: Mutex<State> = Mutex::new(State {
    text: Vec::new(),
    answer: String::new(),
    #[cfg(feature = "verification")]
    verifications: Vec::new(),
    #[cfg(feature = "verification")]
    handle: 0,
    #[cfg(feature = "look")]
    first_look: None,
});

/// Makes room for a text of at most that many bytes and says where. Each call that takes the text is told how many it has.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    let mut state = STATE.lock();
    state.text.clear();
    state.text.resize(bytes, 0);
    state.text.as_mut_ptr()
}

/// Where the answer is.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn answer() -> *const u8 {
    STATE.lock().answer.as_ptr()
}

/// How many bytes the answer has.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn length() -> usize {
    STATE.lock().answer.len()
}

impl State {
    /// Runs a call; a refusal becomes its number, with [`ISSUER`] where that is the owner, and its place the answer.
    fn run(&mut self, call: impl FnOnce(&mut Self) -> Result<()>) -> usize {
        self.answer.clear();
        let Err(error) = call(self) else { return 0 };
        if let Some(place) = error.detail().and_then(|detail| detail.at.as_deref()) {
            self.answer.push_str(place);
        }
        let owner = if error.fix() == error.code().fix() { 0 } else { ISSUER };
        (error.code() as usize).saturating_add(1).saturating_add(owner)
    }

    fn text(&self, bytes: usize) -> &[u8] {
        self.text.get(..bytes).unwrap_or_default()
    }
}

/// Added to the number of a refusal that is the issuer's to fix, whatever the catalogue says of its code.
const ISSUER: usize = 1000;

fn closed() -> Error {
    Error::new(Code::SettingsInvalid).at("verifier")
}
