//! The data of a participant: where a value comes from, which field it belongs to, whether it fits, and the prefilled
//! form that comes of it. A value that does not fit is left out and listed; it never refuses anybody.

pub mod check;
pub mod fields;
pub mod mapping;
pub mod prefill;
pub mod source;
pub mod value;
