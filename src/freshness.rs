//! When a fetched document (a key set, or an identity provider's metadata) is used, fetched again, or given up: a pure
//! machine of a cache entry, an event and the time. The host keeps the entry and does the fetching.
//!
//! Fresh for at most an hour, as the server's `cache-control` says. A token whose key is unknown may ask for a
//! newer copy, at most every 30 seconds. So may a token that only its signature stands against, as some servers
//! replace a key under its name: at most every five minutes, and not while the copy is younger than 30 seconds, for
//! anybody can make such tokens. After a failure nothing is asked for 10 seconds, growing to 60, and the
//! last good copy serves for up to a day: so 50 sign-ins against a broken server make two requests, not 50.

use crate::{
    Code, Error, Result, bounds,
    input::Input,
    jose::key::KeySet,
    json::{Object, Value},
    metadata,
    time::UnixTime,
};
use alloc::string::String;

/// Fresh without a word of the server, seconds.
const FRESH: i64 = 10 * 60;
/// Least and most that the server's word counts, seconds.
const FRESH_RANGE: (i64, i64) = (60, 60 * 60);
/// Between two fetches that unknown keys ask for, seconds.
const COOL_DOWN: i64 = 30;
/// Between two fetches that bad signatures ask for, and the least age of a copy that they may doubt, seconds.
const DOUBT: (i64, i64) = (5 * 60, 30);
/// After the first failure, and at most, seconds.
const RETRY: (i64, i64) = (10, 60);
/// How long the last good copy serves when the server fails, seconds.
const STALE: i64 = 24 * 60 * 60;

/// The event that a refused token is to the set of keys that refused it: nothing where no newer set may lift the refusal.
///
/// A key may have been published since, replaced under its name, or given another algorithm. The last two are doubts, as
/// anybody can make such a token.
pub const fn event_of(refusal: Code) -> Option<&'static str> {
    match refusal {
        Code::KeySetNotLoaded => Some("need"),
        Code::KidUnknown | Code::KeySetEmpty | Code::KeySetInvalid => Some("refresh"),
        Code::SignatureInvalid | Code::AlgNotAllowed => Some(DOUBTFUL),
        _ => None,
    }
}

/// The event of a token that only its signature stands against.
pub const DOUBTFUL: &str = "doubt";

/// A cache entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cache {
    text: Option<String>,
    fetched_at: i64,
    fresh_until: i64,
    refreshed_at: Option<i64>,
    doubted_at: Option<i64>,
    failures: i64,
    retry_at: i64,
    /// Whether the last failure was an answer that does not serve, and not a server that does not answer.
    answered: bool,
}

/// The host's next action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Use,
    Fetch,
    Refuse,
}

/// Returns the next decision and cache entry.
///
/// `cache` is `null` or what the last call gave. `event` is one of `{ "type": "need" }`, `{ "type": "refresh" }`
/// (the copy does not know a key), `{ "type": "doubt" }` (only a signature is wrong), `{ "type": "test" }` (somebody looks
/// at the server itself), `{ "type": "fetched", purpose: "keySet" | "discovery", status, contentType, body, cacheControl?,
/// issuer? }`, `{ "type": "failed" }`. Metadata of another issuer than the one that is given count as a failure. The result is `{ decision: "use" | "fetch" | "refuse", cache }`; to be
/// used is `cache.text`.
///
/// # Errors
/// `settings_invalid` for an event or entry that is none.
pub fn next(cache: &Value, event: &Object, now: UnixTime) -> Result<Value> {
    let mut cache = Cache::read(cache)?;
    let now = now.0;
    let kind = Input(event).required_text("type")?;
    let decision = match kind {
        "need" => cache.need(now),
        "refresh" => cache.refresh(now),
        DOUBTFUL => cache.doubt(now),
        "test" => Action::Fetch,
        "fetched" => cache.fetched(event, now)?,
        "failed" => cache.failed(now),
        _ => {
            let expected = "need, refresh, doubt, test, fetched or failed";
            return Err(Error::new(Code::SettingsInvalid).at("/type").expected(expected));
        }
    };
    // Only what unknown keys ask for: a key that is new right after the first fetch must not wait.
    match kind {
        "refresh" if decision == Action::Fetch => cache.refreshed_at = Some(now),
        DOUBTFUL if decision == Action::Fetch => cache.doubted_at = Some(now),
        _ => {}
    }
    let mut out = Object::new();
    out.set(
        "decision",
        match decision {
            Action::Use => "use",
            Action::Fetch => "fetch",
            Action::Refuse => "refuse",
        },
    );
    out.set("cache", cache.to_json());
    Ok(out.into())
}

impl Cache {
    fn need(&self, now: i64) -> Action {
        if self.text.is_some() && now < self.fresh_until {
            Action::Use
        } else if now < self.retry_at {
            self.stale(now)
        } else {
            Action::Fetch
        }
    }

    /// A newer copy, unless one was asked for a moment ago.
    fn refresh(&self, now: i64) -> Action {
        let just_refreshed = self.refreshed_at.is_some_and(|asked| now < asked.saturating_add(COOL_DOWN));
        if self.text.is_some() && (just_refreshed || now < self.retry_at) {
            self.stale(now)
        } else if self.answered && !just_refreshed {
            // The server has just answered, though with nothing that serves: the next answer may be a good one.
            Action::Fetch
        } else {
            self.need_new(now)
        }
    }

    /// A newer copy of one that is old enough, unless it was doubted not long ago.
    fn doubt(&self, now: i64) -> Action {
        let (pause, age) = DOUBT;
        let is_young = now <= self.fetched_at.saturating_add(age);
        let just_doubted = self.doubted_at.is_some_and(|asked| now < asked.saturating_add(pause));
        if self.text.is_some() && (is_young || just_doubted || now < self.retry_at) {
            self.stale(now)
        } else {
            self.need_new(now)
        }
    }

    fn need_new(&self, now: i64) -> Action {
        if now < self.retry_at { Action::Refuse } else { Action::Fetch }
    }

    /// The last good copy, while it is not too old.
    fn stale(&self, now: i64) -> Action {
        let usable = self.text.is_some() && now.saturating_sub(self.fetched_at) <= STALE;
        if usable { Action::Use } else { Action::Refuse }
    }

    fn fetched(&mut self, event: &Object, now: i64) -> Result<Action> {
        let input = Input(event);
        let purpose = input.required_text("purpose")?;
        let body = input.text("body")?.unwrap_or_default();
        let answered = input.get("status").and_then(Value::as_i64) == Some(200);
        if !answered || !is_usable(purpose, body, input.text("issuer")?)? {
            let action = self.failed(now);
            self.answered = answered;
            return Ok(action);
        }
        let (least, most) = FRESH_RANGE;
        let told = input.text("cacheControl")?.and_then(max_age).unwrap_or(FRESH);
        *self = Self {
            text: Some(body.into()),
            fetched_at: now,
            fresh_until: now.saturating_add(told.clamp(least, most)),
            refreshed_at: self.refreshed_at,
            doubted_at: self.doubted_at,
            failures: 0,
            retry_at: 0,
            answered: false,
        };
        Ok(Action::Use)
    }

    fn failed(&mut self, now: i64) -> Action {
        let (first, most) = RETRY;
        let doublings = u32::try_from(self.failures.clamp(0, 10)).unwrap_or_default();
        let pause = first.saturating_mul(2_i64.saturating_pow(doublings)).min(most);
        self.failures = self.failures.saturating_add(1);
        self.retry_at = now.saturating_add(pause);
        self.answered = false;
        self.stale(now)
    }

    fn read(value: &Value) -> Result<Self> {
        let wrong = || {
            Error::new(Code::SettingsInvalid)
                .at("/cache")
                .expected("the value that the last call returned")
                .got(value.kind())
        };
        if *value == Value::Null {
            return Ok(Self::default());
        }
        let object = value.as_object().ok_or_else(wrong)?;
        let number = |name: &str| object.get(name).and_then(Value::as_i64);
        Ok(Self {
            text: object.get("text").and_then(Value::as_str).map(String::from),
            fetched_at: number("fetchedAt").ok_or_else(wrong)?,
            fresh_until: number("freshUntil").ok_or_else(wrong)?,
            refreshed_at: number("refreshedAt"),
            doubted_at: number("doubtedAt"),
            failures: number("failures").ok_or_else(wrong)?,
            retry_at: number("retryAt").ok_or_else(wrong)?,
            answered: object.get("answered").and_then(Value::as_bool).unwrap_or(false),
        })
    }

    fn to_json(&self) -> Object {
        let mut out = Object::new();
        out.set_some("text", self.text.as_deref());
        out.set("fetchedAt", self.fetched_at);
        out.set("freshUntil", self.fresh_until);
        out.set_some("refreshedAt", self.refreshed_at);
        out.set_some("doubtedAt", self.doubted_at);
        out.set("failures", self.failures);
        out.set("retryAt", self.retry_at);
        out.set_some("answered", self.answered.then_some(true));
        out
    }
}

/// Whether an answer is a document of its kind; a page of HTML with status 200 is not, and must not replace a
/// good copy.
fn is_usable(purpose: &str, body: &str, issuer: Option<&str>) -> Result<bool> {
    match purpose {
        "keySet" => Ok(KeySet::fetched(body.as_bytes(), None).is_ok()),
        "discovery" => {
            let read = Value::parse_object(body.as_bytes());
            let is_good = read.is_ok_and(|members| metadata::is_usable(&members, issuer));
            Ok(body.len() <= bounds::RESPONSE_BYTES && is_good)
        }
        other => {
            let got = crate::error::shown(other);
            Err(Error::new(Code::SettingsInvalid).at("/purpose").expected("keySet or discovery").got(got))
        }
    }
}

/// The seconds of `max-age`; none at all for a copy that must not be kept (RFC 9111 section 5.2.2).
fn max_age(cache_control: &str) -> Option<i64> {
    let directives = || cache_control.split(',').map(|directive| directive.trim().to_ascii_lowercase());
    if directives().any(|directive| directive == "no-store" || directive == "no-cache") {
        return Some(0);
    }
    let age = directives().find_map(|directive| directive.strip_prefix("max-age=").map(String::from))?;
    age.trim_matches('"').parse().ok()
}
