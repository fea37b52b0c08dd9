//! The claims of a token that the identity provider signed. The rules are those of [`crate::claims::standard`]; a
//! refusal has the code of its token, says which claim, and names the rule's own code in what was found.

use crate::{
    Code, Error, Result,
    account::OAuth,
    bounds,
    claims::standard::{self, Expiry, Policy},
    jose::jws::Verified,
    json::{Object, Value},
    time::UnixTime,
};
use alloc::{format, string::String};

/// The claims of one verified token, in date, of the right issuer and for us.
pub struct Claims {
    members: Object,
    code: Code,
    place: &'static str,
}

impl Claims {
    /// Checks the standard claims of a verified token. Refusals have `code` and stand below `place`.
    ///
    /// # Errors
    /// `code`.
    pub fn check(
        verified: Verified,
        policy: &Policy,
        now: UnixTime,
        code: Code,
        place: &'static str,
    ) -> Result<Self> {
        let told = |error: Error| refused(code, place, &error);
        let claims = Value::parse_large(verified.payload()).map_err(|fault| told(fault.within("payload")))?;
        let valid = standard::check_claims(verified, claims, policy, now).map_err(told)?;
        Ok(Self { members: valid.claims().clone(), code, place })
    }

    /// Returns the claims themselves, once all checks have passed.
    pub fn into_members(self) -> Object {
        self.members
    }

    /// Returns a claim; `null` is the same as absent.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| **value != Value::Null)
    }

    /// Returns the refusal of one claim.
    pub fn fault(&self, name: &str) -> Error {
        Error::new(self.code).at(format!("{}/{name}", self.place))
    }

    /// Returns the `sub` claim: 1 to 256 characters without control characters.
    ///
    /// # Errors
    /// The token's code.
    pub fn subject(&self) -> Result<String> {
        let value = self.get("sub");
        let expected =
            || self.fault("sub").expected(format!("1 to {} characters", bounds::SUBJECT_CHARACTERS));
        let subject = value.and_then(Value::as_str);
        let subject = subject.ok_or_else(|| expected().got(value.map_or("nothing", Value::kind)))?;
        check_subject(subject)
            .map(String::from)
            .ok_or_else(|| expected().got("a string that is empty, too long or has control characters"))
    }
}

/// Returns the policy for a token of this issuer for this audience.
pub fn policy(issuer: Option<&str>, audience: Option<&str>, expiry: Expiry, settings: &OAuth) -> Policy {
    let own = |text: Option<&str>| text.map(String::from).into_iter().collect();
    let ahead = Some(settings.deviations.leeway);
    Policy { issuer: own(issuer), audience: own(audience), expiry, ahead, ..Policy::default() }
}

/// Returns a subject that can name a person: one of which a character was lost could name two.
pub fn check_subject(subject: &str) -> Option<&str> {
    let usable = (1..=bounds::SUBJECT_CHARACTERS).contains(&subject.chars().count())
        && !subject.chars().any(|sign| sign.is_control() || sign == char::REPLACEMENT_CHARACTER)
        && !subject.trim().is_empty();
    usable.then_some(subject)
}

/// Returns the refusal of an inner stage, told as one of a login: its own code stands in what was found. An error that
/// is not the token's fault keeps its code: a key set that cannot be had, metadata that does not name one, a setting,
/// an algorithm that this build cannot compute.
pub fn refused(code: Code, place: &str, inner: &Error) -> Error {
    let own_fault = matches!(
        inner.code(),
        Code::DiscoveryInvalid | Code::SyncUnsupported | Code::NeedsWebcrypto | Code::ClientSecretShort
    );
    if own_fault || inner.code().as_str().starts_with("key_set_") {
        return inner.clone();
    }
    let detail = inner.detail();
    let within = detail.and_then(|detail| detail.at.as_deref()).unwrap_or_default();
    let separator = if within.is_empty() || within.starts_with('/') { "" } else { "/" };
    let error = Error::new(code).at(format!("{place}{separator}{within}"));
    let error = match detail.and_then(|detail| detail.expected.as_deref()) {
        Some(expected) => error.expected(expected),
        None => error,
    };
    let name = inner.code().as_str();
    match detail.and_then(|detail| detail.got.as_deref()) {
        Some(got) => error.got(format!("{name} ({got})")),
        None => error.got(name),
    }
}
