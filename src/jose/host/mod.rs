//! The host's WebCrypto: its abilities, and the checks before it is asked.

mod abilities;
pub(in crate::jose) mod checks;

pub use abilities::Host;
pub(in crate::jose) use abilities::{Outcome, Work};
