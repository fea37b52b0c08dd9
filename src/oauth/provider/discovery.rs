//! The identity provider: its endpoints, as the document names them or as its own metadata does (OpenID Connect
//! Discovery 1.0, RFC 8414). The issuer is compared character by character, as both standards demand.

use crate::{
    Code, Error, Result,
    account::OAuth,
    jose::{algorithm::Signature, key::DecryptKey},
    json::{Object, Value},
    metadata,
    oauth::host::{Answer, Pause, Played, Replay, Request, RequestPurpose, Response},
    time::UnixTime,
    url::split_origin,
};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// The endpoints that a stage may need, by their names in a document and in metadata.
const ENDPOINTS: [(&str, &str); 5] = [
    ("authorization", "authorization_endpoint"),
    ("token", "token_endpoint"),
    ("userinfo", "userinfo_endpoint"),
    ("jwks", "jwks_uri"),
    ("pushedAuthorization", "pushed_authorization_request_endpoint"),
];

/// The identity provider of a sign-in: its settings in the document, its own metadata, and the time.
pub struct Server<'a> {
    /// The document's settings.
    pub settings: &'a OAuth,
    /// Its endpoints.
    pub provider: &'a Provider,
    /// The client secret, which may also sign; nothing for a private key, which nobody else knows.
    pub shared_secret: Option<&'a str>,
    /// Our keys for tokens that it encrypts.
    pub decrypt: &'a [DecryptKey],
    /// The time.
    pub now: UnixTime,
}

/// The known facts about an identity provider.
#[derive(Debug)]
pub struct Provider {
    endpoints: Object,
    /// Whether it promises to send `iss` with its answer (RFC 9207).
    pub sends_iss: bool,
    /// Whether it takes pushed authorization requests only (RFC 9126 section 5).
    pub requires_par: bool,
    /// Whether it says that its sign-in page can make accounts (`prompt=create`); unknown without metadata.
    pub registers: Option<bool>,
    /// The algorithms of its ID tokens, where it lists them.
    pub id_token_algs: Option<Vec<String>>,
}

impl Provider {
    /// Finds the identity provider's endpoints. Fetches its metadata only if the document does not set all of the
    /// `needed` endpoints; then those must be there, and of the others only those that the sign-in uses are looked at.
    /// Metadata that do not serve are asked for once more, as one bad answer between good ones must not stop everybody
    /// while a copy of it is kept.
    ///
    /// # Errors
    /// `discovery_failed`, `discovery_invalid`, `discovery_issuer_mismatch`, `address_refused`.
    pub fn find(settings: &OAuth, needed: &[&str], used: &[&str], replay: &mut Replay) -> Played<Self> {
        if needed.iter().all(|name| settings.endpoints.get(name).is_some()) {
            return Ok(Self::of(settings));
        }
        let first = match Self::discovered(settings, (needed, used), false, replay) {
            Err(Pause::Refuse(error)) if may_be_an_old_copy(&error) => error,
            other => return other,
        };
        match Self::discovered(settings, (needed, used), true, replay) {
            // That the server cannot be reached now says less than what it said before.
            Err(Pause::Refuse(error)) if !may_be_an_old_copy(&error) => Err(first.into()),
            other => other,
        }
    }

    /// Finds the endpoints anew, for a token that the metadata do not account for.
    ///
    /// # Errors
    /// As [`Provider::find`].
    pub fn renewed(&self, settings: &OAuth, used: &[&str], replay: &mut Replay) -> Played<Self> {
        Self::discovered(settings, (used, used), true, replay)
    }

    /// Checks whether its ID tokens may have this algorithm; without a list, all may.
    pub fn lists(&self, alg: &str) -> bool {
        // By their rows: Ed25519 is another name of EdDSA (RFC 9864).
        self.id_token_algs.as_ref().is_none_or(|algs| algs.iter().any(|known| is_same_alg(known, alg)))
    }

    fn of(settings: &OAuth) -> Self {
        Self {
            endpoints: settings.endpoints.clone(),
            sends_iss: settings.sends_iss == Some(true),
            requires_par: false,
            registers: None,
            id_token_algs: None,
        }
    }

    /// Returns the address of an endpoint.
    ///
    /// # Errors
    /// `discovery_invalid` if neither the document nor the metadata names it.
    pub fn endpoint(&self, name: &str) -> Result<&str> {
        let missing = || {
            let member =
                ENDPOINTS.iter().find(|(known, _)| *known == name).map_or(name, |(_, member)| member);
            let expected = match name {
                "userinfo" => "a URL, or another source in the setting `profileFrom`, such as \"id_token\"",
                _ => "a URL",
            };
            Error::new(Code::DiscoveryInvalid).at(format!("/{member}")).expected(expected).got("nothing")
        };
        self.endpoints.get(name).and_then(Value::as_str).ok_or_else(missing)
    }

    fn discovered(
        settings: &OAuth,
        (needed, used): (&[&str], &[&str]),
        refresh: bool,
        replay: &mut Replay,
    ) -> Played<Self> {
        let mut provider = Self::of(settings);
        let metadata = discover(settings, refresh, replay)?;
        provider.read(&metadata, settings, used)?;
        for name in needed {
            provider.endpoint(name)?;
        }
        Ok(provider)
    }

    fn read(&mut self, metadata: &Object, settings: &OAuth, used: &[&str]) -> Result<()> {
        metadata::check_issuer(metadata, &settings.issuer)?;
        let par = metadata.get("require_pushed_authorization_requests").and_then(Value::as_bool);
        self.requires_par = par.unwrap_or(false);
        let is_used =
            |name: &str| used.contains(&name) || (self.requires_par && name == "pushedAuthorization");
        for (name, member) in ENDPOINTS.iter().filter(|(name, _)| is_used(name)) {
            if self.endpoints.get(name).is_none()
                && let Some(url) = metadata::endpoint(metadata, member, &settings.issuer)?
            {
                self.endpoints.set(*name, url);
            }
        }
        let promises =
            metadata.get("authorization_response_iss_parameter_supported").and_then(Value::as_bool);
        self.sends_iss = settings.sends_iss.or(promises).unwrap_or(false);
        let prompts = metadata.get("prompt_values_supported").and_then(Value::as_array).unwrap_or_default();
        self.registers = Some(prompts.iter().any(|prompt| prompt.as_str() == Some("create")));
        let algs = metadata.get("id_token_signing_alg_values_supported").and_then(Value::as_array);
        self.id_token_algs = algs
            .filter(|algs| !algs.is_empty())
            .map(|algs| algs.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect());
        Ok(())
    }
}

/// Checks whether a newer copy of the metadata may lift a refusal.
fn may_be_an_old_copy(error: &Error) -> bool {
    matches!(error.code(), Code::DiscoveryInvalid | Code::DiscoveryIssuerMismatch | Code::AddressRefused)
}

fn discover(settings: &OAuth, refresh: bool, replay: &mut Replay) -> Played<Object> {
    let openid = || format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
    let asked = |url| Request {
        issuer: Some(settings.issuer.clone()),
        refresh,
        ..Request::get(RequestPurpose::Discovery, url)
    };
    let mut answer = replay.ask(asked(settings.discovery.clone().unwrap_or_else(openid)))?;
    // A plain OAuth server has its metadata elsewhere (RFC 8414 section 3): before the issuer's path.
    if let (Answer::Response { status: 400..=499, .. }, None) = (&answer, &settings.discovery) {
        answer = replay.ask(asked(authorization_server_metadata(&settings.issuer)))?;
    }
    let failed = |error: Error| Error::new(Code::DiscoveryFailed).at("discovery").got(error.code().as_str());
    let response = Response::of(answer, RequestPurpose::Discovery, "discovery").map_err(failed)?;
    let code = if response.status == 200 { Code::DiscoveryInvalid } else { Code::DiscoveryFailed };
    Ok(response.json(code, "discovery")?)
}

/// `https://host/.well-known/oauth-authorization-server/path` for `https://host/path`.
fn authorization_server_metadata(issuer: &str) -> String {
    let (origin, path) = split_origin(issuer.trim_end_matches('/'));
    format!("{origin}/.well-known/oauth-authorization-server{path}")
}

/// Checks whether two names are of one algorithm: Ed25519 is another name of EdDSA (RFC 9864).
pub fn is_same_alg(one: &str, other: &str) -> bool {
    let row = Signature::from_name(one);
    one == other || row.is_some() && row == Signature::from_name(other)
}
