//! OAuth2 and OpenID as a service: a person signs in at the customer's own identity provider and returns.
//!
//! Three stages, each a pure function of its input, the time and the answers so far: [`start`] makes the URL of the
//! sign-in page, [`callback`] reads the answer, [`redeem`] exchanges the code and ends in an admission. The code is
//! never exchanged by the callback: the campaign, once back, redeems it. A profile that `redeem` left for later is fetched by
//! [`fetch_profile`], and [`complete`] puts it into the admission.

mod access_token;
mod account;
mod callback;
mod claims;
mod client_assertion;
mod client_auth;
mod cookie;
mod decryption;
mod exchange;
mod form_encoding;
mod id_token;
mod keys;
mod owed_profile;
pub mod pkce;
mod profile;
mod profile_api;
mod profile_custom;
mod provider;
mod provider_keys;
mod pushed;
mod redeem;
mod redirect_uri;
mod refused_client;
mod replay;
mod response;
mod return_page;
mod shared_key;
mod start;
pub(crate) mod state;
pub(crate) mod step;
mod ticket;
mod userinfo;

pub use callback::{callback, peek_place, peek_state};
pub use keys::check_keys;
pub use owed_profile::{complete, fetch_profile};
pub use redeem::redeem;
pub use redirect_uri::redirect_uri;
pub use return_page::return_page;
pub use start::start;
pub use state::State;
pub use step::{Answer, Request, RequestPurpose, Step};
pub use ticket::{issue_ticket, open_ticket};
