//! The ties between a sign-in and one browser, on its way to the identity provider and back.

pub(super) mod cookie;
pub mod pkce;
mod redirect_uri;
pub(super) mod return_page;
pub(super) mod state;
mod ticket;

pub use redirect_uri::redirect_uri;
pub use return_page::return_page;
pub use state::State;
pub(super) use state::issuer_mark;
pub use ticket::{issue_ticket, open_ticket};
