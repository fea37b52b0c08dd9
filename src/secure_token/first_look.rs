//! A first look at a token, in the page and beside the service's verdict. Settings in, what a page may know of them out:
//! public keys and rules, no secret. With that and a token, whether the page should ask for another one at once. The look
//! admits nobody.

use super::settings::{MEMBERS, Settings, json, policy, sources};
use crate::{
    Code, Error, Result,
    claims::{
        campaign,
        standard::{self, Expiry},
    },
    jose::{
        Signature,
        compact::{Compact, Form},
        host::{Host, here},
        jws,
        key::{Key, KeySource, KeyStatus},
        nested::Encryption,
    },
    json::{Object, Value, members::Members},
    time::UnixTime,
};
use alloc::vec::Vec;

/// The algorithms that the small module of `handstamp/verify` computes with public keys.
const COMPUTED: [Signature; 4] = [Signature::ES256, Signature::RS256, Signature::RS384, Signature::RS512];

/// The settings of a page: rules, and keys where all of them are public.
#[derive(Clone, Debug)]
pub struct FirstLook {
    sources: Vec<KeySource>,
    policy: standard::Policy,
}

/// The result of a first look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Form, times, campaign and, with keys, the signature are good.
    Good,
    /// The token has expired or is not one: another is needed, whatever the service says.
    Renew(Error),
    /// The service has to say: with the refusal that is likely, or without any for an encrypted token.
    Undecided(Option<Error>),
}

impl FirstLook {
    /// Returns the settings of a page's first look, or nothing where every token comes encrypted. Keys are in them only if
    /// all are configured, public and of an algorithm that the page computes: no secret is one, and no key set is fetched.
    ///
    /// ```
    /// use handstamp::secure_token::{FirstLook, Settings};
    /// let secret = br#"{ "issuer": "com.customer", "verify": { "method": "symmetricKey", "alg": "HS256", "encoding": "utf8",
    ///     "key": "32 bytes, known to the two sides" } }"#;
    /// let for_page = FirstLook::settings_for(&Settings::parse(secret)?).unwrap();
    /// assert_eq!(handstamp::json::Value::from(for_page).to_text(), r#"{"issuer":"com.customer"}"#);
    /// # Ok::<(), handstamp::Error>(())
    /// ```
    pub fn settings_for(settings: &Settings) -> Option<Object> {
        if settings.encryption == Encryption::Require {
            return None;
        }
        let policy = &settings.policy;
        let mut out = Object::new();
        for (name, accepted) in [("issuer", &policy.issuer), ("audience", &policy.audience)] {
            match accepted.as_slice() {
                [] => {}
                [one] => out.set(name, one.as_str()),
                several => out.set(name, several.to_vec()),
            }
        }
        out.set_some("typ", policy.typ.as_deref());
        out.set_some("expiry", (policy.expiry == Expiry::Optional).then_some("optional"));
        let is_default = policy.leeway == standard::Policy::default().leeway;
        out.set_some("leewaySeconds", (!is_default).then_some(i64::from(policy.leeway)));
        out.set_some("maxLifetimeSeconds", policy.max_lifetime);
        let in_use = settings.sources().iter().filter(|source| source.status() != KeyStatus::Revoked);
        out.set_some("verify", in_use.map(public).collect::<Option<Vec<Value>>>());
        Some(out)
    }

    /// Reads the settings that [`Self::settings_for`] has returned.
    ///
    /// # Errors
    /// As [`Settings::parse`].
    pub fn parse(text: &[u8]) -> Result<Self> {
        let value = json(text)?;
        let members = Members::of(&value, "", &MEMBERS)?;
        let has_keys = members.get("verify").is_some();
        let sources = if has_keys { sources(&members)? } else { Vec::new() };
        Ok(Self { sources, policy: policy(&members)? })
    }

    /// Looks at a token for a campaign.
    pub fn look(&self, token: &str, campaign_id: &str, now: UnixTime) -> Seen {
        if token.bytes().filter(|byte| *byte == b'.').count() == 4 {
            return Seen::Undecided(None);
        }
        let token = match Compact::parse(token) {
            Ok(token) => token,
            Err(error) => return Seen::Renew(error),
        };
        match self.judge(token, campaign_id, now) {
            Ok(()) => Seen::Good,
            Err(error) if error.code() == Code::TokenExpired => Seen::Renew(error),
            Err(error) => Seen::Undecided(Some(error)),
        }
    }

    fn judge(&self, token: Compact<'_>, campaign_id: &str, now: UnixTime) -> Result<()> {
        let payload = match &token.form {
            Form::Jws { payload, .. } => payload.as_slice(),
            Form::Jwe { .. } => &[],
        };
        // The times first: an expired token is one whoever signed it.
        let claims = Value::parse_object(payload)?;
        standard::apply(&claims, token.header.typ(), &self.policy, now)?;
        campaign::check_campaign(&claims, Some(campaign_id))?;
        if !self.sources.is_empty() {
            here(jws::verifying(token, &self.sources, &Host::none()))?;
        }
        Ok(())
    }
}

/// A source with public keys alone: what they are made of, their names and algorithms.
fn public(source: &KeySource) -> Option<Value> {
    if source.url().is_some() {
        return None;
    }
    let by_name = !source.ignores_kid();
    let mut keys = Vec::new();
    for key in source.configured_keys() {
        for row in key.rows() {
            keys.push(public_key(key, *row, by_name)?);
        }
    }
    let mut out = Object::new();
    if by_name {
        let mut set = Object::new();
        set.set("keys", keys);
        out.set("method", "jwks");
        out.set("keys", set);
    } else {
        out.set("method", "publicKey");
        out.set_some("alg", source.configured_keys().first()?.rows().first().map(|row| row.name()));
        out.set("key", keys.pop()?);
    }
    Some(out.into())
}

fn public_key(key: &Key, row: Signature, by_name: bool) -> Option<Value> {
    let mut jwk = key.material().to_jwk().filter(|_| COMPUTED.contains(&row))?;
    if by_name {
        jwk.set_some("kid", key.kid());
        jwk.set("alg", row.name());
    }
    Some(jwk.into())
}
