//! Compact tokens, keys, signatures and encryption.

mod compact;
mod coordinates;
mod disguise;
mod encryption;
mod host;
mod jwe;
mod jws;
mod key_sources;
mod keys;
mod management;
mod pending_content;
mod pending_signature;
mod second_reader;
