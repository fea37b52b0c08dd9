//! Keys: where they come from, what they are made of, and which of the algorithms each may serve. A key that verifies,
//! one that decrypts and one that signs are three types, so that none can stand in another's place.

mod certificate;
pub(in crate::jose) mod decryption;
mod disguise;
mod judgement;
pub(crate) mod jwk;
pub(crate) mod pem;
mod private;
mod rsa_signing;
mod set;
pub(in crate::jose) mod settings;
mod signing;
mod source;
mod thumbprint;
mod verification;

pub use decryption::DecryptKey;
pub use judgement::judge;
#[cfg(feature = "whole")]
pub use pem::certificate_end;
pub(crate) use private::PrivateKey;
pub(crate) use rsa_signing::RsaSigningKey;
pub use set::KeySet;
pub use settings::KeyStatus;
pub use signing::SigningKey;
pub use source::KeySource;
pub use thumbprint::Thumbprint;
pub use verification::Key;
pub(crate) use verification::Signed;
