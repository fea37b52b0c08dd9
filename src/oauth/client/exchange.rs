//! The code for tokens (RFC 6749 section 4.1.3): the request with the client's credentials and the verifier, and
//! the answer, of which only what is used is read, and that strictly.

use super::{
    client_auth::{self, FormBody},
    refused_client::RefusedClient,
};
use crate::{
    Code, Error, Result,
    json::{Object, Value},
    oauth::{
        host::{Answer, Played, Replay, Request, RequestPurpose, Response, said},
        provider::Server,
    },
};
use alloc::{format, string::String, vec::Vec};

/// Errors that a token endpoint may name (RFC 6749 section 5.2, RFC 8707, RFC 9449). Any other text is foreign.
const REGISTERED: [&str; 9] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
    "use_dpop_nonce",
    "invalid_dpop_proof",
];
/// Where the refusals of this stage stand.
const PLACE: &str = "token_endpoint";

/// The tokens from the token endpoint. `Debug` does not print them: both are credentials.
pub struct Tokens {
    /// Opens the userinfo endpoint and the profile API.
    pub access_token: String,
    /// Says who signed in, if it was asked for.
    pub id_token: Option<String>,
}

/// One exchange.
pub struct Exchange<'a> {
    /// The code.
    pub code: &'a str,
    /// The verifier of its challenge.
    pub verifier: &'a str,
    /// The redirect address, as it stood in the authorization request.
    pub redirect_uri: &'a str,
}

/// Returns the request to the token endpoint.
///
/// # Errors
/// Those of [`client_auth::post`].
pub fn request(
    exchange: &Exchange<'_>,
    server: &Server<'_>,
    secret: Option<&str>,
    replay: &mut Replay,
) -> Played<Request> {
    let mut parameters = Vec::from([
        ("grant_type", "authorization_code"),
        ("code", exchange.code),
        ("redirect_uri", exchange.redirect_uri),
    ]);
    if server.settings.deviations.pkce {
        parameters.push(("code_verifier", exchange.verifier));
    }
    let form = FormBody {
        purpose: RequestPurpose::Token,
        endpoint: "token",
        parameters: &parameters,
        seed: exchange.verifier,
    };
    client_auth::post(&form, server, secret, replay)
}

/// Reads the answer of the token endpoint.
///
/// # Errors
/// `exchange_refused` if the identity provider refuses, `exchange_failed` if the answer is not that of a token
/// endpoint, `exchange_invalid` for tokens that cannot be used, `id_token_missing`, and the `response_*` codes.
pub fn tokens(answer: Answer, client: &RefusedClient<'_>) -> Result<Tokens> {
    let response = Response::of(answer, RequestPurpose::Token, PLACE)?;
    let refused = |error: Error| client.explain(error);
    response.unless_error(Code::ExchangeRefused, PLACE, &REGISTERED).map_err(refused)?;
    // Not as the standard has it, but clear enough: the client's credentials are wrong.
    if matches!(response.status, 401 | 403) {
        let got = format!("status {}", response.status);
        return Err(refused(Error::new(Code::ExchangeRefused).at(PLACE).got(got)));
    }
    let body = response.json(Code::ExchangeFailed, PLACE)?;
    let token_type = text(&body, "token_type")?;
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(invalid("token_type", "Bearer", "a different type"));
    }
    let access_token = text(&body, "access_token")?;
    // It goes into a header as it stands (RFC 6750 section 2.1).
    if !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(invalid("access_token", "printable characters", "a string with other characters"));
    }
    let id_token = match said(&body, "id_token") {
        _ if !client.settings.has_openid() => None,
        None => return Err(Error::new(Code::IdTokenMissing).at(PLACE)),
        Some(_) => Some(text(&body, "id_token")?.into()),
    };
    Ok(Tokens { access_token: access_token.into(), id_token })
}

fn text<'a>(body: &'a Object, name: &str) -> Result<&'a str> {
    let value = said(body, name);
    let found = value.and_then(Value::as_str);
    found.ok_or_else(|| invalid(name, "a string", value.map_or("nothing", Value::kind)))
}

fn invalid(name: &str, expected: &str, got: &str) -> Error {
    Error::new(Code::ExchangeInvalid).at(format!("{PLACE}/{name}")).expected(expected).got(got)
}
