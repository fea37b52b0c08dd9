//! A pushed authorization request (PAR, RFC 9126): the parameters go to the identity provider from here, with our
//! credentials, and the browser only carries the name that it gives them. Therefore no parameter, not even the state,
//! is in a URL, and none can be changed on the way.

use super::{
    client_auth::{self, FormBody},
    refused_client::RefusedClient,
};
use crate::{
    Code, Error, Result,
    account::OAuth,
    json::Value,
    metadata::printable,
    oauth::{
        host::{Answer, Played, Replay, RequestPurpose, Response},
        provider::{Provider, Server},
    },
};
use alloc::{format, string::String};

/// Where the refusals of this stage stand.
const PLACE: &str = "pushed_authorization_request_endpoint";
/// The endpoint's name in a document.
pub const ENDPOINT: &str = "pushedAuthorization";
/// Longest name of a request that is taken over into an address, characters.
const REQUEST_URI_CHARACTERS: usize = 512;
/// Errors that the endpoint may name (RFC 9126 section 2.3): those of authorization and of clients.
const REGISTERED: [&str; 10] = [
    "invalid_request",
    "invalid_client",
    "unauthorized_client",
    "access_denied",
    "unsupported_response_type",
    "invalid_scope",
    "invalid_redirect_uri",
    "request_not_supported",
    "temporarily_unavailable",
    "server_error",
];

/// Checks whether the parameters are pushed: as the document says, else when it names the endpoint, else when the
/// identity provider takes no others.
pub fn is_wanted(settings: &OAuth, provider: &Provider) -> bool {
    settings.par.unwrap_or(settings.endpoints.get(ENDPOINT).is_some() || provider.requires_par)
}

/// Pushes the parameters. Gives the `request_uri` that stands for them.
///
/// # Errors
/// `par_refused` if the identity provider refuses, `par_failed` if the answer is not that of such an endpoint,
/// `par_invalid` for an answer that names no request, the `response_*` codes, and those of [`client_auth::post`].
pub fn push(
    parameters: &[(&str, &str)],
    verifier: &str,
    server: &Server<'_>,
    secret: Option<&str>,
    replay: &mut Replay,
) -> Played<String> {
    // Another seed than that of the token endpoint: each assertion is used once.
    let seed = format!("par.{verifier}");
    let form = FormBody { purpose: RequestPurpose::Pushed, endpoint: ENDPOINT, parameters, seed: &seed };
    let request = client_auth::post(&form, server, secret, replay)?;
    let client = RefusedClient { settings: server.settings, secret };
    Ok(request_uri(replay.ask(request)?, &client)?)
}

fn request_uri(answer: Answer, client: &RefusedClient<'_>) -> Result<String> {
    let response = Response::of(answer, RequestPurpose::Pushed, PLACE)?;
    let refused = |error: Error| client.explain(error);
    let body = response.unless_error(Code::ParRefused, PLACE, &REGISTERED).map_err(refused)?;
    // 201 by the standard; 200 is as clear.
    if !matches!(response.status, 200 | 201) {
        let got = format!("status {}", response.status);
        if matches!(response.status, 401 | 403) {
            return Err(refused(Error::new(Code::ParRefused).at(PLACE).got(got)));
        }
        return Err(Error::new(Code::ParFailed).at(PLACE).expected("status 201").got(got));
    }
    let body = body.ok_or_else(|| {
        let got = if response.is_json() {
            "no JSON object"
        } else {
            &*printable(&response.media_type, "no media type")
        };
        Error::new(Code::ParFailed).at(PLACE).expected("a JSON object").got(got)
    })?;
    let value = body.get("request_uri");
    let invalid = |got: &str| {
        let expected = format!("1 to {REQUEST_URI_CHARACTERS} printable characters");
        Error::new(Code::ParInvalid).at(format!("{PLACE}/request_uri")).expected(expected).got(got)
    };
    let uri = value.and_then(Value::as_str).ok_or_else(|| invalid(value.map_or("nothing", Value::kind)))?;
    if uri.is_empty() || uri.len() > REQUEST_URI_CHARACTERS {
        return Err(invalid(&crate::error::characters(uri.len())));
    }
    if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(invalid("a string with other characters"));
    }
    Ok(uri.into())
}
