//! Strictness through the front door: settings and a token go in, an admission or an exact refusal comes out.
//! Every token here is signed with the right secret unless it says otherwise, so only its fault can refuse it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

#[path = "../support/common.rs"]
mod common;
#[path = "../support/login.rs"]
mod login;

mod bounds;
mod cases;
mod flips;
mod probes;
mod table;

use common::{SECRET, signed};
use handstamp::{
    Error,
    admission::Admission,
    secure_token::{self, AdmitOptions, Settings},
    time::UnixTime,
};
use std::io::Write as _;

const NOW: UnixTime = UnixTime(1_800_000_000);

/// The header of the tokens here.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Settings with the secret of the tests and whatever else is written.
fn settings(more: &str) -> Settings {
    let key = format!(r#"{{"method":"symmetricKey","key":"{SECRET}","encoding":"utf8","alg":"HS256"}}"#);
    Settings::parse(format!(r#"{{"verify":{key}{more}}}"#).as_bytes()).unwrap()
}

/// The claims of a good token, with more of them.
fn claims(more: &str) -> String {
    format!(r#"{{"sub":"1234","campaignId":"100001","exp":1800000300{more}}}"#)
}

/// A good token with more claims.
fn token(more: &str) -> String {
    signed(HEADER, claims(more).as_bytes())
}

/// Asks for admission with nothing but the key configured.
fn admit(token: &str) -> Result<Admission, Error> {
    secure_token::admit(&settings(""), token, &AdmitOptions::new("100001", NOW))
}

/// Says something past the capture of the test runner.
fn say(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).unwrap();
}
