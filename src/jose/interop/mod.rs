//! Keys, key sets and headers for programs that use `jose-jwk` and `jose-jws`: their types in, ours out, and back. Every
//! value passes the one strict reader, so a key from here is checked as one from JSON is.

mod jwk;
mod jws;
