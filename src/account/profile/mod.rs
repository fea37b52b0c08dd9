//! Where the data of a profile come from: a claim of a token, or an API of the customer.

pub(super) mod profile_api;
pub(super) mod profile_sources;
