//! Why a token is refused, or would be: every check that can be made is made, also after one has failed.
//!
//! The verdict is that of [`admit`](crate::secure_token::admit). The report holds types, lengths, times and
//! names of the standards, never a token, a secret or a claim's value; of an encrypted token it says nothing
//! about the inside unless it decrypts and its signature is good, but for the code that refused it.

mod budget;
mod checklist;
mod claims;
mod der;
mod inspect;
mod keys;
mod payload;
mod probes;
mod report;
mod secrets;
mod shape;
mod signatures;
mod token;
mod trail;
mod transport;

pub use checklist::{explain, explaining};
pub use inspect::inspect;
pub use report::{Check, Report, Status, Verdict};
