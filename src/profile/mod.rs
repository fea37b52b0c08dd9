//! The data of a participant: where a value comes from, which field it belongs to, whether it fits, and the prefilled
//! form that comes of it. A value that does not fit is left out and listed; it never refuses anybody.

pub(crate) mod check;
pub(crate) mod fields;
pub(crate) mod mapping;
pub(crate) mod prefill;
pub(crate) mod source;
pub(crate) mod value;

pub use check::{Checked, rules as field_rules};
pub use fields::Fields;
pub use mapping::{Mapping, map_profile};
pub use prefill::{Ignored, Prefill};
pub use source::Source;
pub use value::Unfit;
