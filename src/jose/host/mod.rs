//! The host's WebCrypto: its abilities, the checks before it is asked, and the calls that wait for it.

mod abilities;
mod boundary;
pub(in crate::jose) mod checks;
mod line;
mod names;
mod operation;
mod pending;
mod waiting;

pub use abilities::Host;
pub(in crate::jose) use abilities::{ASYMMETRIC, Outcome, Work};
pub use operation::{HostAnswer, Inputs, Operation};
pub use pending::{Pending, Progress, here};
pub use waiting::Waiting;
