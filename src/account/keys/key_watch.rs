//! The watch over an account's keys and identity providers: facts that the host has gathered enter; a warning for each that will refuse somebody in
//! days or weeks leaves.

use crate::{
    Result, bounds,
    error::Warning,
    json::{
        Object, Value,
        members::{Members, element, invalid},
    },
    metadata,
};
use alloc::{format, string::String, vec::Vec};

/// Judges the keys of an account. Reads `{ now, certificates?, secrets?, keySets?, metadata?, ahead? }`; times are in seconds.
///
/// - `certificates`: `[{ at, ends }]`, those that stand for a public key
/// - `secrets`: `[{ at, written }]`
/// - `keySets`: `[{ at, fetchedAt, keys, seen }]`: when the copy that serves was fetched (0 for none), the IDs of its usable
///   keys, and all that were seen there, `[{ kid, first, last, used? }]` with the first and the last time in the set, and in a token
/// - `metadata`: `[{ at, fetchedAt, issuer, answer? }]`, of identity providers: when the copy that serves was fetched, and the text
///   of a newer answer that does not serve
/// - `ahead`: how far the newest time of issue of the last hour was ahead of our clock
///
/// Returns `[{ code, at, from?, got? }]`: the place, a time that the warning is about, and the value that was found.
///
/// # Errors
/// `settings_invalid` with the place of a member that is not valid.
pub fn watch(facts: &Value) -> Result<Vec<Value>> {
    let facts = Members::of(facts, "", &["now", "certificates", "secrets", "keySets", "metadata", "ahead"])?;
    let now = facts.whole("now", 0..=i64::MAX)?.ok_or_else(|| invalid("/now", "a time", &Value::Null))?;
    let mut out = Vec::new();
    for (at, ends) in times(&facts, "certificates", "ends")? {
        if ends.saturating_sub(now) <= bounds::CERTIFICATE_SECONDS {
            out.push(warning(Warning::CertificateEnds, &at, Some(ends), None));
        }
    }
    for (at, written) in times(&facts, "secrets", "written")? {
        if now.saturating_sub(written) >= bounds::SECRET_SECONDS {
            out.push(warning(Warning::SecretOld, &at, Some(written), None));
        }
    }
    for (index, set) in list(&facts, "keySets")?.iter().enumerate() {
        let place = element("/keySets", index);
        let set = Members::of(set, &place, &["at", "fetchedAt", "keys", "seen"])?;
        let at = set.text("at")?.unwrap_or_default();
        let fetched_at = set.whole("fetchedAt", 0..=i64::MAX)?.unwrap_or_default();
        out.extend(silent(Warning::KeySetUnreachable, at, fetched_at, now));
        let gone = missing(&set, &set.texts("keys")?, now)?;
        if fetched_at > 0 && !gone.is_empty() {
            out.push(warning(Warning::KeySetShrunk, at, None, Some(gone.join(", "))));
        }
    }
    for (index, copy) in list(&facts, "metadata")?.iter().enumerate() {
        let place = element("/metadata", index);
        let copy = Members::of(copy, &place, &["at", "fetchedAt", "issuer", "answer"])?;
        let at = copy.text("at")?.unwrap_or_default();
        let fetched_at = copy.whole("fetchedAt", 0..=i64::MAX)?.unwrap_or_default();
        let fault = fault_of(copy.text("answer")?, copy.text("issuer")?.unwrap_or_default());
        if fault.is_some() {
            out.push(warning(Warning::MetadataChanged, at, Some(fetched_at).filter(|at| *at > 0), fault));
        } else {
            out.extend(silent(Warning::MetadataUnreachable, at, fetched_at, now));
        }
    }
    let ahead = facts.whole("ahead", i64::MIN..=i64::MAX)?.unwrap_or_default();
    if ahead > bounds::CLOCK_AHEAD_SECONDS {
        out.push(warning(Warning::ClockAhead, "/secureToken", None, Some(format!("{ahead} s"))));
    }
    Ok(out)
}

/// The warning about a copy that was not renewed for too long.
fn silent(code: Warning, at: &str, fetched_at: i64, now: i64) -> Option<Value> {
    let is_silent = now.saturating_sub(fetched_at) >= bounds::KEY_SET_SILENT_SECONDS;
    is_silent.then(|| warning(code, at, Some(fetched_at).filter(|at| *at > 0), None))
}

/// The member of newer metadata that stops sign-ins, and its value. An answer that is not an object says nothing of a change.
fn fault_of(answer: Option<&str>, issuer: &str) -> Option<String> {
    let members = Value::parse_object(answer?.as_bytes()).ok()?;
    let error = metadata::check_usable(&members, issuer).err()?;
    let detail = error.detail()?;
    let [at, got] = [&detail.at, &detail.got].map(|part| part.as_deref().unwrap_or_default());
    Some(format!("{} {got}", at.trim_start_matches('/')))
}

/// The keys that are not in a set any more though tokens named them a moment ago. Where no token has named any key of the set,
/// those that were there, if fewer have come since.
fn missing(set: &Members<'_>, keys: &[String], now: i64) -> Result<Vec<String>> {
    let is_recent = |at: i64| now.saturating_sub(at) < bounds::KEY_SET_SEEN_SECONDS;
    let (mut used, mut seen, mut is_used) = (Vec::new(), Vec::new(), false);
    let (mut came, mut left) = (Vec::new(), now);
    for row in list(set, "seen")? {
        let row = Members::any(row, "/keySets/seen")?;
        let kid = String::from(row.text("kid")?.unwrap_or_default());
        let time = |name| row.whole(name, 0..=i64::MAX);
        let last_used = time("used")?;
        is_used |= last_used.is_some();
        let last = time("last")?.unwrap_or_default();
        if keys.contains(&kid) {
            came.extend(time("first")?);
        } else if last_used.is_some_and(is_recent) {
            used.push(kid);
        } else if is_recent(last) {
            seen.push(kid);
            left = left.min(last);
        }
    }
    came.retain(|first| *first > left);
    let is_smaller = seen.len() > came.len();
    Ok(if is_used {
        used
    } else if is_smaller {
        seen
    } else {
        Vec::new()
    })
}

/// The places and times of a list of facts.
fn times(facts: &Members<'_>, name: &str, time: &str) -> Result<Vec<(String, i64)>> {
    let mut out = Vec::new();
    for (index, fact) in list(facts, name)?.iter().enumerate() {
        let place = element(&format!("/{name}"), index);
        let fact = Members::of(fact, &place, &["at", time])?;
        let at = String::from(fact.text("at")?.unwrap_or_default());
        out.push((at, fact.whole(time, 0..=i64::MAX)?.unwrap_or_default()));
    }
    Ok(out)
}

fn list<'a>(facts: &Members<'a>, name: &str) -> Result<&'a [Value]> {
    let Some(value) = facts.get(name) else { return Ok(&[]) };
    value.as_array().ok_or_else(|| invalid(&facts.place(name), "an array", value))
}

fn warning(code: Warning, at: &str, from: Option<i64>, got: Option<String>) -> Value {
    let mut out = Object::new();
    out.set("code", code.as_str());
    out.set("at", at);
    out.set_some("from", from);
    out.set_some("got", got);
    out.into()
}
