//! A state is opened: the laws stand in `laws/state.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/state.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
