//! Keys: where they come from, what they are made of, and which of the algorithms each may serve. A key that verifies,
//! one that decrypts and one that signs are three types, so that none can stand in another's place.

pub(in crate::jose) mod decryption;
pub(crate) mod jwk;
pub(crate) mod pem;
mod private;
mod set;
pub(in crate::jose) mod settings;
mod signing;
mod source;
mod verification;

pub use decryption::DecryptKey;
pub(crate) use private::PrivateKey;
pub use set::KeySet;
pub use settings::KeyStatus;
pub(crate) use settings::hexadecimal;
pub use signing::SigningKey;
pub use source::KeySource;
pub use verification::Key;
pub(in crate::jose) use verification::KeyOutcome;
