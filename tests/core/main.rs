//! The tests of the core, a file for each stage: one program, because linking forty of them takes longer than running
//! them.

#[path = "../support/common.rs"]
mod common;
#[path = "../support/explained.rs"]
mod explained;
#[path = "../support/login.rs"]
mod login;
#[path = "../support/management.rs"]
mod management;
#[path = "../support/profiles.rs"]
mod profiles;

mod accepted_values;
mod account;
mod account_reasons;
mod claims;
mod cookbook;
mod corpus;
mod errors;
mod explain;
mod explain_clues;
mod explain_everyday;
mod explain_forms;
mod explain_shapes;
mod first_look;
mod form_check;
mod freshness;
mod inline_secrets;
mod jose;
mod json;
mod key_watch;
mod layout;
mod misspelt;
mod no_panic;
mod oauth;
mod participation;
mod pass;
mod period;
mod preview;
mod profile;
mod profile_values;
mod reference;
mod rotation;
mod seal;
mod secure_token;
mod typed;
mod words;
