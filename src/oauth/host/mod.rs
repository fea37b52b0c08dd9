//! The world outside, asked as data: requests, their answers, and the stage that is run again with each answer.

pub(super) mod form_encoding;
pub(super) mod replay;
pub(super) mod response;
mod step;

pub(super) use replay::{Pause, Played, Replay};
pub(super) use response::{Response, said};
pub use step::{Answer, Request, RequestPurpose, Step};
