//! The profile of the person who signed in, from each of its sources.

pub(super) mod access_token;
mod fetched;
mod profile_api;
pub(super) mod profile_custom;
pub(super) mod userinfo;

pub(super) use fetched::Profile;
pub(super) use profile_api::ProfileApi;
