//! Numbers that both sides of the boundary know by name, generated from `boundary.json`.

include!(concat!(env!("OUT_DIR"), "/wasm.rs"));
