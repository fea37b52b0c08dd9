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
mod state;
#[cfg(feature = "verification")]
mod verification;

use state::STATE;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// There are no panics, by test; and if there were one, JavaScript would go on with a new instance.
#[cfg(target_family = "wasm")]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

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
