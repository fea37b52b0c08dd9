//! Our requests as a client of the identity provider, with our credentials.

mod client_assertion;
mod client_auth;
pub(super) mod exchange;
pub(super) mod pushed;
mod refused_client;

pub(super) use refused_client::RefusedClient;
