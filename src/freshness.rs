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

/// The memory of a fetched document, but for its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copy {
    is_there: bool,
    fetched_at: i64,
    fresh_until: i64,
    refreshed_at: Option<i64>,
    doubted_at: Option<i64>,
    failures: i64,
    retry_at: i64,
    /// Whether the last failure was an answer that does not serve, and not a server that does not answer.
    answered: bool,
}

/// An event in the life of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A token needs the document.
    Need,
    /// The copy does not know a key.
    Refresh,
    /// Only a signature is wrong.
    Doubt,
    /// Somebody looks at the server itself.
    Test,
    /// A call that fetches nothing wants the copy.
    Use,
    /// A document that serves was fetched, with this `cache-control`.
    Fetched(Option<&'a str>),
    /// The server answered with something that does not serve (`true`), or not at all.
    Failed(bool),
}

/// The host's next action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Use the copy.
    Use,
    /// Fetch the document.
    Fetch,
    /// Refuse: there is no copy that may be used.
    Refuse,
}

/// Returns the next decision and cache entry.
///
/// `cache` is `null` or what the last call gave. `event` is one of `{ "type": "need" }`, `{ "type": "refresh" }`
/// (the copy does not know a key), `{ "type": "doubt" }` (only a signature is wrong), `{ "type": "test" }` (somebody looks
/// at the server itself), `{ "type": "use" }` (a call that fetches nothing), `{ "type": "fetched", purpose: "keySet" | "discovery", status, contentType, body, cacheControl?,
/// issuer? }`, `{ "type": "failed" }`. Metadata of another issuer than the one that is given count as a failure. The result is `{ decision: "use" | "fetch" | "refuse", cache }`; to be
/// used is `cache.text`.
///
/// # Errors
/// `settings_invalid` for an event or entry that is none.
pub fn next(cache: &Value, event: &Object, now: UnixTime) -> Result<Value> {
    let (mut copy, mut text) = read(cache)?;
    let input = Input(event);
    let step = match input.required_text("type")? {
        "need" => Event::Need,
        "refresh" => Event::Refresh,
        DOUBTFUL => Event::Doubt,
        "test" => Event::Test,
        "use" => Event::Use,
        "fetched" => fetched(input, &mut text)?,
        "failed" => Event::Failed(false),
        _ => {
            let expected = "need, refresh, doubt, test, use, fetched or failed";
            return Err(Error::new(Code::SettingsInvalid).at("/type").expected(expected));
        }
    };
    let decision = match copy.step(step, now) {
        Action::Use => "use",
        Action::Fetch => "fetch",
        Action::Refuse => "refuse",
    };
    let mut out = Object::new();
    out.set("decision", decision);
    out.set("cache", copy.to_json(text.as_deref()));
    Ok(out.into())
}

/// A fetched document: it takes the place of `text` where it serves.
fn fetched<'a>(input: Input<'a>, text: &mut Option<String>) -> Result<Event<'a>> {
    let purpose = input.required_text("purpose")?;
    let body = input.text("body")?.unwrap_or_default();
    let answered = input.get("status").and_then(Value::as_i64) == Some(200);
    if !answered || !is_usable(purpose, body, input.text("issuer")?)? {
        return Ok(Event::Failed(answered));
    }
    *text = Some(body.into());
    Ok(Event::Fetched(input.text("cacheControl")?))
}

impl Copy {
    /// Goes on with an event: the next action of the host.
    pub fn step(&mut self, event: Event<'_>, now: UnixTime) -> Action {
        let now = now.0;
        let action = match event {
            Event::Need => self.need(now),
            Event::Refresh => self.refresh(now),
            Event::Doubt => self.doubt(now),
            Event::Test => Action::Fetch,
            Event::Use => self.stale(now),
            Event::Fetched(cache_control) => self.fetched(cache_control, now),
            Event::Failed(answered) => self.failed(answered, now),
        };
        // Only what unknown keys ask for: a key that is new right after the first fetch must not wait.
        match event {
            Event::Refresh if action == Action::Fetch => self.refreshed_at = Some(now),
            Event::Doubt if action == Action::Fetch => self.doubted_at = Some(now),
            _ => {}
        }
        action
    }

    /// Returns until when the copy is fresh; `None` if there is none.
    pub fn fresh_until(&self) -> Option<UnixTime> {
        self.is_there.then_some(UnixTime(self.fresh_until))
    }

    fn need(&self, now: i64) -> Action {
        if self.is_there && now < self.fresh_until {
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
        if self.is_there && (just_refreshed || now < self.retry_at) {
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
        if self.is_there && (is_young || just_doubted || now < self.retry_at) {
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
        let usable = self.is_there && now.saturating_sub(self.fetched_at) <= bounds::KEY_SET_STALE_SECONDS;
        if usable { Action::Use } else { Action::Refuse }
    }

    fn fetched(&mut self, cache_control: Option<&str>, now: i64) -> Action {
        let (least, most) = FRESH_RANGE;
        let told = cache_control.and_then(max_age).unwrap_or(FRESH);
        *self = Self {
            is_there: true,
            fetched_at: now,
            fresh_until: now.saturating_add(told.clamp(least, most)),
            refreshed_at: self.refreshed_at,
            doubted_at: self.doubted_at,
            ..Self::default()
        };
        Action::Use
    }

    fn failed(&mut self, answered: bool, now: i64) -> Action {
        let (first, most) = RETRY;
        let doublings = u32::try_from(self.failures.clamp(0, 10)).unwrap_or_default();
        let pause = first.saturating_mul(2_i64.saturating_pow(doublings)).min(most);
        self.failures = self.failures.saturating_add(1);
        self.retry_at = now.saturating_add(pause);
        self.answered = answered;
        self.stale(now)
    }

    fn to_json(&self, text: Option<&str>) -> Object {
        let mut out = Object::new();
        out.set_some("text", text);
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

/// The entry that the last call returned, and its text.
fn read(value: &Value) -> Result<(Copy, Option<String>)> {
    let wrong = || {
        Error::new(Code::SettingsInvalid)
            .at("/cache")
            .expected("the value that the last call returned")
            .got(value.kind())
    };
    if *value == Value::Null {
        return Ok((Copy::default(), None));
    }
    let object = value.as_object().ok_or_else(wrong)?;
    let number = |name: &str| object.get(name).and_then(Value::as_i64);
    let text = object.get("text").and_then(Value::as_str).map(String::from);
    let copy = Copy {
        is_there: text.is_some(),
        fetched_at: number("fetchedAt").ok_or_else(wrong)?,
        fresh_until: number("freshUntil").ok_or_else(wrong)?,
        refreshed_at: number("refreshedAt"),
        doubted_at: number("doubtedAt"),
        failures: number("failures").ok_or_else(wrong)?,
        retry_at: number("retryAt").ok_or_else(wrong)?,
        answered: object.get("answered").and_then(Value::as_bool).unwrap_or(false),
    };
    Ok((copy, text))
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
    let directives = || cache_control.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let is = |directive: &[u8], name: &str| directive.eq_ignore_ascii_case(name.as_bytes());
    if directives().any(|directive| is(directive, "no-store") || is(directive, "no-cache")) {
        return Some(0);
    }
    let age = directives().find_map(|directive| {
        let (name, value) = directive.split_at_checked("max-age=".len())?;
        is(name, "max-age=").then_some(value)
    })?;
    let quoted = age.strip_prefix(b"\"").and_then(|age| age.strip_suffix(b"\""));
    let digits = quoted.unwrap_or(age);
    let add = |seconds: i64, digit: &u8| {
        let digit = digit.is_ascii_digit().then_some(i64::from(digit & 0xf))?;
        seconds.checked_mul(10)?.checked_add(digit)
    };
    digits.iter().try_fold(0, add).filter(|_| !digits.is_empty())
}
