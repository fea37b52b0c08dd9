//! Encrypted tokens (RFC 7516). Decryption proves nothing about the sender: what comes out must be verified.

mod decrypt;
mod encrypt;

pub use decrypt::{Decrypted, decrypt, decrypting};
pub use encrypt::{AgreedKey, EncryptKey, Labels, WrappedKey, encrypt, encrypt_agreed, encrypt_wrapped};
