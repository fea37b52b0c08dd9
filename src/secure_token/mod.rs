//! Technique 2 from end to end: settings, a token and the time in, an admission out.

mod admit;
mod admit_options;
mod builder;
mod first_look;
mod newer_keys;
mod settings;
mod verification;
mod verify;

pub(crate) use admit::prefill;
pub use admit::{admit, admitting, complete};
pub use admit_options::AdmitOptions;
pub use builder::SettingsBuilder;
pub use first_look::{FirstLook, Seen};
pub use newer_keys::{Refused, newer_keys};
pub(crate) use settings::MEMBERS;
pub use settings::Settings;
pub use verification::Verification;
pub use verify::{opening, verify, verify_opened};
