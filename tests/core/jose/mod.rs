//! Compact tokens, keys, signatures and encryption.

mod compact;
mod coordinates;
mod curve_bounds;
mod disguise;
mod encryption;
mod host;
mod jwe;
mod jws;
mod key_faults;
mod key_sources;
mod keys;
mod management;
mod pending_content;
mod pending_signature;
mod private_keys;
mod rsa_encodings;
mod second_reader;
