//! Handstamp signs people into campaigns at the edge: it verifies secure tokens, runs the OAuth2/OpenID
//! callback, prefills the form, and says exactly why when it refuses.
//!
//! The README's quick start is compiled and run with the tests.
#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

// What everything stands on.
#[macro_use]
pub mod error;
pub mod bounds;
pub mod secret;

// The strict reader, time, and the input of a stage.
mod input;
pub mod json;
pub mod time;

// In the order data flows.
pub mod claims;
pub mod freshness;
pub mod jose;
pub mod profile;
pub mod seal;

// Limit and count, what both techniques meet in, and its sealed proof.
pub mod admission;
pub mod participation;
pub mod pass;
pub mod secure_token;

// Why not.
pub mod explain;

// Customers as data, and the login at their own server.
pub mod account;
pub mod oauth;

// The boundary to JavaScript.
#[cfg(feature = "wasm")]
pub mod wasm;

pub use error::{Clue, Code, Error, Public, Result, Warning};
