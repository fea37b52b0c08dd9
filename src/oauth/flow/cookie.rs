//! The flow cookie: it ties a sign-in to the browser that began it (RFC 9700 section 4.7), and keeps the verifier
//! and the nonce, which never travel in an address. One cookie for each sign-in, so that tabs do not disturb
//! each other.

use super::pkce;
use crate::{jose::base64url, json::Object};
use alloc::{format, string::String};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Prefix of the cookie's name; the first characters of the sign-in's id follow.
const PREFIX: &str = "__Host-hs_flow_";
/// Characters of a sign-in's id: 12 bytes in base64url.
pub const SID_CHARACTERS: usize = 16;
const NONCE_CHARACTERS: usize = 22;

/// The content of the cookie.
pub struct Flow<'a> {
    /// All of it but the id, which the state knows by its hash.
    pub secret: &'a str,
    /// The code verifier.
    pub verifier: &'a str,
    /// The nonce.
    pub nonce: &'a str,
    /// The path of the page to return to, in base64url, where it did not fit into the state.
    page: Option<&'a str>,
}

impl Flow<'_> {
    /// Checks that this is the cookie that the sign-in was begun with. A state of version 2 has no hash: then a cookie
    /// without a page passes.
    fn is(&self, flow: Option<&str>) -> bool {
        let own = || hash(self.secret);
        flow.map_or(self.page.is_none(), |flow| bool::from(own().as_bytes().ct_eq(flow.as_bytes())))
    }

    /// Returns the path of the page to return to.
    pub fn page(&self) -> Option<String> {
        String::from_utf8(base64url::decode(self.page?).ok()?).ok()
    }
}

/// The result of looking up a sign-in in a request's cookies.
pub enum Found<'a> {
    /// This browser began it.
    Ours(Flow<'a>),
    /// There is no cookie for it.
    Missing,
    /// There is a cookie of that name, but not the one that this sign-in was begun with.
    Other,
}

/// Returns the name of a sign-in's cookie.
pub fn name(sid: &str) -> String {
    format!("{PREFIX}{}", sid.get(..8).unwrap_or(sid))
}

/// Returns the secret of a sign-in; `page` is the path of the page to return to, where the state has no room for it.
pub fn secret(verifier: &str, nonce: &str, page: Option<&str>) -> String {
    match page {
        Some(page) => format!("{verifier}.{nonce}.{}", base64url::encode(page.as_bytes())),
        None => format!("{verifier}.{nonce}"),
    }
}

/// Returns the value of a sign-in's cookie.
pub fn value(sid: &str, secret: &str) -> String {
    format!("{sid}.{secret}")
}

/// Returns a sign-in's cookie for the host to set: `{ name, value, maxAge, sameSite? }`, in seconds. Where the answer is
/// posted, it comes from another site, and no Lax cookie comes with it.
pub fn to_json(sid: &str, value: String, max_age: i64, is_posted: bool) -> Object {
    let mut out = Object::new();
    out.set("name", name(sid));
    out.set("value", value);
    out.set("maxAge", max_age);
    out.set_some("sameSite", is_posted.then_some("None"));
    out
}

/// Returns the hash by which a state knows the secret of its own sign-in. Without it, a browser could write the verifier
/// and the nonce of another sign-in into its cookie, and have that one's code redeemed as its own.
pub fn hash(secret: &str) -> String {
    base64url::encode(&Sha256::digest(secret))
}

/// Looks for a sign-in's cookie in a `Cookie` header; `flow` is the hash that the state carries.
pub fn find<'a>(header: &'a str, sid: &str, flow: Option<&str>) -> Found<'a> {
    let name = name(sid);
    let named = header.split(';').filter_map(|pair| trimmed(pair).split_once('='));
    let mut values = named.filter(|(known, _)| *known == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None, _) => Found::Missing,
        (Some(value), None) => {
            read(value, sid).filter(|found| found.is(flow)).map_or(Found::Other, Found::Ours)
        }
        // A browser sends a name with this prefix once.
        (Some(_), Some(_)) => Found::Other,
    }
}

fn read<'a>(value: &'a str, sid: &str) -> Option<Flow<'a>> {
    let (known, secret) = value.split_once('.')?;
    let mut parts = secret.split('.');
    let (verifier, nonce, page) = (parts.next()?, parts.next()?, parts.next());
    let same = known.len() == SID_CHARACTERS && bool::from(known.as_bytes().ct_eq(sid.as_bytes()));
    let whole = parts.next().is_none()
        && pkce::is_verifier(verifier)
        && nonce.len() == NONCE_CHARACTERS
        && base64url::decode(nonce).is_ok();
    (same && whole).then_some(Flow { secret, verifier, nonce, page })
}

/// The pair without the blanks around it: spaces and tabs alone (RFC 6265 section 5.4). A name that begins with another
/// character of the kind is another name, and one that a sibling domain may set.
fn trimmed(pair: &str) -> &str {
    pair.trim_matches([' ', '\t'])
}
