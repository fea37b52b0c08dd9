//! A PEM text is read as a key: the laws stand in `laws/pem.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/pem.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
