//! A key set is read: the laws stand in `laws/jwks.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/jwks.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
