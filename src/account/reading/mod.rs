//! The strict reader of a document, and the faults that it finds.

mod fault;
pub(super) mod own_origin;
mod reader;

pub(crate) use fault::Faults;
pub(super) use fault::shown;
pub use fault::{Fault, FaultReason};
pub(crate) use reader::is_name;
pub(super) use reader::{MemberReader, bounds, one_of};
