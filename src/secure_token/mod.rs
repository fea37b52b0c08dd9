//! Technique 2 from end to end: settings, a token and the time in, an admission out.

mod admit;
mod admit_options;
mod newer_keys;
mod pending;
mod settings;
mod verification;
mod verify;
mod waiting;

pub use admit::{admit, admit_by, complete};
pub use admit_options::AdmitOptions;
pub use newer_keys::{Refused, newer_keys};
pub use pending::{Pending, begin};
pub(crate) use settings::MEMBERS;
pub use settings::Settings;
pub use verification::Verification;
pub use verify::{open_by, verify, verify_by, verify_opened};
pub use waiting::Waiting;
