//! A signature on P-256 is verified: the laws stand in `laws/es256.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/es256.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
