//! Encrypted tokens (RFC 7516). Decryption proves nothing about the sender: what comes out must be verified.

mod decrypt;
mod encrypt;
mod pending;

pub(crate) use decrypt::{Decrypting, begin};
pub use decrypt::{decrypt, decrypt_by};
pub use encrypt::{AgreedKey, EncryptKey, Labels, WrappedKey, encrypt, encrypt_agreed, encrypt_wrapped};
pub use pending::{Decrypted, Unopened};
