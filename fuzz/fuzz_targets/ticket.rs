//! A ticket is opened: the laws stand in `laws/ticket.rs`, where the ordinary tests find them too.
#![no_main]

#[path = "../laws/ticket.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::hold(input));
