//! What the host computes with its WebCrypto: what it is able to, and what is checked before it is asked.

mod abilities;
pub(in crate::jose) mod checks;

pub use abilities::Host;
pub(in crate::jose) use abilities::{Outcome, Work};
