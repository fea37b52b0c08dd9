//! A token is decrypted, and what is inside verified: the laws stand in `laws/jwe.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/jwe.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
