//! Names that both sides of the JavaScript boundary number, generated from `boundary.json`.

include!(concat!(env!("OUT_DIR"), "/host.rs"));
