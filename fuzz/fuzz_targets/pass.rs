//! A pass is opened: the laws stand in `laws/pass.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/pass.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
