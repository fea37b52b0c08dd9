//! The sign-in at the customer's own login server, a stage in each file.

mod answer;
mod callback;
mod clients;
mod computing;
mod deviations;
mod encryption;
mod id_token;
mod mutations;
mod owed_profile;
mod pushed;
mod recent_login;
mod redeem;
mod redirects;
mod register;
mod start;
mod state;
mod test_origins;
