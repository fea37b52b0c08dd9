//! The identity provider: its endpoints, as the document names them or as its own metadata does (OpenID Connect
//! Discovery 1.0, RFC 8414). The issuer is compared character by character, as both standards demand.

use super::{
    replay::{Played, Replay},
    response::{Response, printable, said},
    step::{Answer, Request, RequestPurpose},
};
use crate::{
    Code, Error, Result,
    account::OAuth,
    json::{Object, Value},
    time::UnixTime,
    url::{check_url, is_loopback_url, split_origin},
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
    /// The algorithms of its ID tokens, where it lists them.
    pub id_token_algs: Option<Vec<String>>,
}

impl Provider {
    /// Finds the identity provider's endpoints. Fetches its metadata only if the document does not set all of the
    /// `needed` endpoints.
    ///
    /// # Errors
    /// `discovery_failed`, `discovery_invalid`, `discovery_issuer_mismatch`, `address_refused`.
    pub fn find(settings: &OAuth, needed: &[&str], replay: &mut Replay) -> Played<Self> {
        let mut provider = Self {
            endpoints: settings.endpoints.clone(),
            sends_iss: settings.sends_iss == Some(true),
            requires_par: false,
            id_token_algs: None,
        };
        if needed.iter().all(|name| provider.endpoints.get(name).is_some()) {
            return Ok(provider);
        }
        let metadata = discover(settings, replay)?;
        provider.read(&metadata, settings)?;
        Ok(provider)
    }

    /// Returns the address of an endpoint.
    ///
    /// # Errors
    /// `discovery_invalid` if neither the document nor the metadata names it.
    pub fn endpoint(&self, name: &str) -> Result<&str> {
        let missing = || {
            let member =
                ENDPOINTS.iter().find(|(known, _)| *known == name).map_or(name, |(_, member)| member);
            Error::new(Code::DiscoveryInvalid).at(format!("/{member}")).expected("a URL").got("nothing")
        };
        self.endpoints.get(name).and_then(Value::as_str).ok_or_else(missing)
    }

    fn read(&mut self, metadata: &Object, settings: &OAuth) -> Result<()> {
        let issuer = metadata.get("issuer").and_then(Value::as_str).unwrap_or_default();
        if issuer != settings.issuer {
            let got = printable(issuer, "no issuer");
            return Err(Error::new(Code::DiscoveryIssuerMismatch)
                .at("/issuer")
                .expected(&*settings.issuer)
                .got(got));
        }
        let loopback = is_loopback_url(&settings.issuer);
        for (name, member) in ENDPOINTS {
            let open = self.endpoints.get(name).is_none();
            let Some(value) = said(metadata, member).filter(|_| open) else { continue };
            let place = || format!("/{member}");
            let Some(url) = value.as_str() else {
                return Err(Error::new(Code::DiscoveryInvalid)
                    .at(place())
                    .expected("a URL")
                    .got(value.kind()));
            };
            // An identity provider of the open internet must not lead us to an inner address.
            check_url(url, loopback)
                .map_err(|fault| Error::new(Code::AddressRefused).at(place()).got(fault))?;
            self.endpoints.set(name, url);
        }
        let promises =
            metadata.get("authorization_response_iss_parameter_supported").and_then(Value::as_bool);
        self.sends_iss = settings.sends_iss.or(promises).unwrap_or(false);
        let par = metadata.get("require_pushed_authorization_requests").and_then(Value::as_bool);
        self.requires_par = par.unwrap_or(false);
        let algs = metadata.get("id_token_signing_alg_values_supported").and_then(Value::as_array);
        self.id_token_algs = algs
            .filter(|algs| !algs.is_empty())
            .map(|algs| algs.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect());
        Ok(())
    }
}

fn discover(settings: &OAuth, replay: &mut Replay) -> Played<Object> {
    let openid = || format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
    let url = settings.discovery.clone().unwrap_or_else(openid);
    let mut answer = replay.ask(Request::get(RequestPurpose::Discovery, url))?;
    // A plain OAuth server has its metadata elsewhere (RFC 8414 section 3): before the issuer's path.
    if let (Answer::Response { status: 400..=499, .. }, None) = (&answer, &settings.discovery) {
        answer = replay
            .ask(Request::get(RequestPurpose::Discovery, authorization_server_metadata(&settings.issuer)))?;
    }
    let failed = |error: Error| Error::new(Code::DiscoveryFailed).at("discovery").got(error.code().as_str());
    let response = Response::of(answer, "discovery").map_err(failed)?;
    let code = if response.status == 200 { Code::DiscoveryInvalid } else { Code::DiscoveryFailed };
    Ok(response.json(code, "discovery")?)
}

/// `https://host/.well-known/oauth-authorization-server/path` for `https://host/path`.
fn authorization_server_metadata(issuer: &str) -> String {
    let (origin, path) = split_origin(issuer.trim_end_matches('/'));
    format!("{origin}/.well-known/oauth-authorization-server{path}")
}
