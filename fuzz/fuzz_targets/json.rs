//! A JSON text is read: the laws stand in `laws/json.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/json.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
