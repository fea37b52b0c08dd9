//! OAuth2 and OpenID as a service: a person signs in at the customer's own identity provider and returns.
//!
//! Three stages, each a pure function of its input, the time and the answers so far: [`start`] makes the URL of the
//! sign-in page, [`callback`] reads the answer, [`redeem`] exchanges the code and ends in an admission. The code is
//! never exchanged by the callback: the campaign, once back, redeems it. A profile that `redeem` left for later is fetched by
//! [`fetch_profile`], and [`complete`] puts it into the admission.

mod account;
mod callback;
mod client;
mod flow;
mod host;
mod owed_profile;
mod profile;
mod provider;
mod redeem;
mod start;
mod token;

pub use callback::{callback, peek_place, peek_state};
pub use flow::{State, issue_ticket, open_ticket, pkce, redirect_uri, return_page};
pub use host::{Answer, Request, RequestPurpose, Step};
pub use owed_profile::{complete, fetch_profile};
pub use redeem::redeem;
pub use start::start;
pub use token::check_keys;
