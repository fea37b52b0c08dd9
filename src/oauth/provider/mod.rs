//! The identity provider: its endpoints and its keys.

mod discovery;
mod provider_keys;

pub(super) use discovery::{Provider, Server, is_same_alg};
pub(super) use provider_keys::ProviderKeys;
