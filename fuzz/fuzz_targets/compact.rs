//! A token is taken apart and verified: the laws stand in `laws/compact.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/compact.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
