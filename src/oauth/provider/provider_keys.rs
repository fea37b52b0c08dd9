//! The identity provider's keys: fetched when a token must be verified, and once more when one does not fit, as keys
//! are rotated without notice (OpenID Connect Core section 10.1.1).

use super::discovery::Provider;
use crate::{
    Code, Error, freshness,
    jose::{
        compact::Compact,
        jws::{self, Verified},
        key::KeySet,
    },
    json::Object,
    oauth::host::{Pause, Played, Replay, Request, RequestPurpose, Response},
};

/// The keys of one identity provider during one sign-in.
#[derive(Default)]
pub struct ProviderKeys {
    set: Option<KeySet>,
    refreshed: bool,
    signature: Option<Object>,
}

impl ProviderKeys {
    /// Verifies a token with the identity provider's keys. A token without kid is accepted if exactly one key fits.
    ///
    /// # Errors
    /// `key_set_unavailable`, `key_set_invalid`, `key_set_empty`, and those of [`jws::verify_with`].
    pub fn verify(
        &mut self,
        token: &Compact<'_>,
        provider: &Provider,
        replay: &mut Replay,
    ) -> Played<Verified> {
        let tried = match self.attempt(token, provider, replay) {
            // The token came from the provider itself: nobody else can cause these refreshes, so none is held back as a
            // doubt.
            Err(Pause::Refuse(error)) if !self.refreshed && freshness::event_of(error.code()).is_some() => {
                self.refreshed = true;
                self.set = None;
                self.attempt(token, provider, replay)
            }
            other => other,
        };
        tried.inspect(|verified| self.note(verified))
    }

    /// Notes how a token of this sign-in was signed, unless one before it has been noted.
    pub fn note(&mut self, verified: &Verified) {
        self.signature.get_or_insert_with(|| {
            let mut out = Object::new();
            out.set("alg", verified.header().alg());
            out.set_some("kid", verified.header().kid());
            out
        });
    }

    /// Returns how the first token of this sign-in was signed: `{ alg, kid? }`, for the log. None where no token was.
    pub fn into_signature(self) -> Option<Object> {
        self.signature
    }

    fn attempt(&mut self, token: &Compact<'_>, provider: &Provider, replay: &mut Replay) -> Played<Verified> {
        let set = self.load(provider, replay)?;
        replay.compute(async |host| jws::verify_with(token, set, true, host).await)
    }

    fn load(&mut self, provider: &Provider, replay: &mut Replay) -> Played<&KeySet> {
        if self.set.is_none() {
            let mut request = Request::get(RequestPurpose::KeySet, provider.endpoint("jwks")?);
            request.refresh = self.refreshed;
            let unavailable =
                |error: Error| Error::new(Code::KeySetUnavailable).at("jwks_uri").got(error.code().as_str());
            let response = Response::of(replay.ask(request)?, RequestPurpose::KeySet, "jwks_uri")
                .map_err(unavailable)?;
            if response.status != 200 {
                let got = alloc::format!("status {}", response.status);
                return Err(Error::new(Code::KeySetUnavailable)
                    .at("jwks_uri")
                    .expected("status 200")
                    .got(got)
                    .into());
            }
            self.set = Some(KeySet::fetched(response.body.as_bytes(), None)?.0);
        }
        self.set.as_ref().ok_or_else(|| Pause::Refuse(Error::new(Code::Internal).at("jwks_uri")))
    }
}
