//! Encrypted tokens (RFC 7516). Decryption proves nothing about the sender: what comes out must be verified.

mod decrypt;
mod encrypt;
mod pending;

pub use decrypt::{Decrypting, begin, decrypt, decrypt_by};
pub use encrypt::{EncryptKey, Labels, encrypt, encrypt_agreed, encrypt_wrapped};
pub use pending::{Decrypted, Unopened};
