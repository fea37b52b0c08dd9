//! `handstamp keys rotate`: the sealing keys of a deployment, and the keys and the client secret of an account, one safe
//! step after the other. A file goes in, the same file with the next step leaves; a step that would refuse somebody is
//! not taken.

mod account;
mod client;
mod command;
mod fresh;
mod kept;
mod ring;
mod secrets;
mod turn;

pub use command::run;
pub use turn::Options;
