//! The campaigns of an account: the pages, the texts and the times of each.

mod brand;
pub(super) mod campaign;
mod consent;
mod content;
mod localised;
mod period;
mod texts;
