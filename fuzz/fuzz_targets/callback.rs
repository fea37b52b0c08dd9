//! A callback is read: the laws stand in `laws/callback.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/callback.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
