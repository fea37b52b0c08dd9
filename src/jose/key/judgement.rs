//! The judgement of a published key set, for a test of a connection: its text in, the number of usable keys and every fault
//! out.

use super::KeySet;
use crate::{
    Code, Error,
    jose::algorithm::Signature,
    json::{Object, Value},
};
use alloc::vec::Vec;

/// Judges a fetched key set: `{ needed, usable, refusal?, faults }`, each fault as `{ code, at?, expected?, got?, fix }`.
///
/// `algs` are the algorithms that the issuer says it signs with, if it says so. Where all of them take a shared secret, no
/// key is needed. Where one of them does, a set without any key is not a fault: ID tokens can be signed with the secret.
///
/// ```
/// use handstamp::{jose::key::judge, json::Value};
/// let judged = Value::from(judge(br#"{ "keys": [] }"#, Some(&["HS256"])));
/// assert_eq!(judged.pointer("/needed").and_then(Value::as_bool), Some(false));
/// assert_eq!(judged.pointer("/refusal"), None);
/// ```
pub fn judge(text: &[u8], algs: Option<&[&str]>) -> Object {
    let rows: Option<Vec<Signature>> =
        algs.map(|algs| algs.iter().filter_map(|name| Signature::from_name(name)).collect());
    let needed =
        rows.as_ref().is_none_or(|rows| rows.is_empty() || rows.iter().any(|row| !row.is_symmetric()));
    let may_share = rows.iter().flatten().any(|row| row.is_symmetric());
    let rows = rows.filter(|rows| needed && !rows.is_empty());
    let fetched = KeySet::fetched(text, rows.as_deref());
    let mut out = Object::new();
    out.set("needed", needed);
    out.set_some("usable", i64::try_from(fetched.as_ref().map_or(0, |(set, _)| set.keys().len())).ok());
    // A good key of another algorithm is no fault.
    let faults = KeySet::faults(text, None).unwrap_or_default();
    let lists_none = faults.is_empty() && KeySet::fetched(text, None).is_err();
    let is_fault = needed && !(may_share && lists_none);
    let refusal = fetched.err().filter(|error| is_fault || error.code() != Code::KeySetEmpty);
    out.set_some("refusal", refusal.as_ref().map(told));
    out.set("faults", faults.iter().map(|fault| told(fault).into()).collect::<Vec<Value>>());
    out
}

fn told(fault: &Error) -> Object {
    let mut out = Object::new();
    out.set("code", fault.code().as_str());
    if let Some(detail) = fault.detail() {
        out.set_some("at", detail.at.as_deref());
        out.set_some("expected", detail.expected.as_deref());
        out.set_some("got", detail.got.as_deref());
    }
    out.set("fix", fault.fix());
    out
}
