//! Sealed values and passes, which only this deployment can open. Salts are random numbers of the host.

use super::convert::{Returned, json, refusal};
use super::remembered;
use crate::oauth;
use crate::pass::{Pass, Technique};
use crate::seal::{self, Purpose};
use crate::{Code, Error, Result};
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::wasm_bindgen;

/// Seals a text for one purpose and account.
#[wasm_bindgen]
pub fn seal(purpose: &str, ring: &str, account: &str, plaintext: &str, salt: &[u8]) -> Returned {
    let seal = || {
        let ring = remembered::ring(ring)?;
        seal::seal(named(purpose)?, &ring, account, plaintext.as_bytes(), sixteen(salt)?)
    };
    seal().map_err(refusal)
}

/// Opens what `seal` made with the same purpose, ring and account.
#[wasm_bindgen]
pub fn open(purpose: &str, ring: &str, account: &str, sealed: &str) -> Returned {
    let open = || {
        let ring = remembered::ring(ring)?;
        utf8(seal::open(named(purpose)?, &ring, account, sealed)?)
    };
    open().map_err(refusal)
}

/// Returns the ticket of a sign-in.
#[wasm_bindgen(js_name = issueTicket)]
pub fn issue_ticket(ring: &str, sid: &str) -> Returned {
    remembered::ring(ring).and_then(|ring| oauth::issue_ticket(&ring, sid)).map_err(refusal)
}

/// Returns the id of the sign-in that a ticket belongs to.
#[wasm_bindgen(js_name = openTicket)]
pub fn open_ticket(ring: &str, ticket: &str) -> Returned {
    remembered::ring(ring).and_then(|ring| oauth::open_ticket(&ring, ticket)).map_err(refusal)
}

/// Seals a pass; what the host adds to it stays in it.
#[wasm_bindgen(js_name = sealPass)]
pub fn seal_pass(ring: &str, pass: &str, salt: &[u8]) -> Returned {
    let seal = || {
        let (ring, account) = (remembered::ring(ring)?, Pass::from_json(&json(pass)?)?.account);
        seal::seal(Purpose::Pass, &ring, &account, pass.as_bytes(), sixteen(salt)?)
    };
    seal().map_err(refusal)
}

/// Issues the pass of an admission, sealed. The admission has its `provenance` in it.
#[wasm_bindgen(js_name = issuePass)]
pub fn issue_pass(
    ring: &str,
    admission: &str,
    account: &str,
    technique: &str,
    limits: bool,
    now: f64,
    salt: &[u8],
) -> Returned {
    let issue = || {
        let (ring, admission) = (remembered::ring(ring)?, super::token::read(admission)?);
        let unknown =
            || Error::new(Code::SettingsInvalid).at("technique").expected("token, oauth or anonymous");
        let technique = Technique::from_name(technique).ok_or_else(unknown)?;
        let pass = Pass::issue(&admission, account, technique, super::convert::time(now))?;
        let pass = if limits { pass } else { pass.without_limit() };
        pass.seal(&ring, sixteen(salt)?)
    };
    issue().map_err(refusal)
}

/// Opens a pass of this account; with a moment, one that has not expired.
#[wasm_bindgen(js_name = openPass)]
pub fn open_pass(ring: &str, account: &str, sealed: &str, now: Option<f64>) -> Returned {
    let open = || {
        let ring = remembered::ring(ring)?;
        let pass = Pass::open(sealed, &ring, account)?;
        now.map_or(Ok(()), |now| pass.check(super::convert::time(now)))?;
        utf8(seal::open(Purpose::Pass, &ring, account, sealed)?)
    };
    open().map_err(refusal)
}

fn named(purpose: &str) -> Result<Purpose> {
    let unknown = || Error::new(Code::SettingsInvalid).at("purpose").expected("state, pass, secret or flow");
    Purpose::from_name(purpose).ok_or_else(unknown)
}

pub(super) fn sixteen(salt: &[u8]) -> Result<[u8; 16]> {
    salt.try_into().map_err(|_| Error::new(Code::SettingsInvalid).at("salt").expected("16 random bytes"))
}

/// Converts opened bytes to a string.
fn utf8(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Error::new(Code::SealInvalid))
}
