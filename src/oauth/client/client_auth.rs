//! Authentication of our client at the token endpoint (RFC 6749 section 2.3) and at the endpoint for pushed requests
//! (RFC 9126 section 2), by the method in the account document.

use super::client_assertion;
use crate::{
    Code, Error,
    jose::base64url,
    oauth::{
        host::{Played, Replay, Request, RequestPurpose, form_encoding},
        provider::Server,
    },
};
use alloc::{format, string::String, vec::Vec};

/// A form to be posted in our name.
pub struct FormBody<'a> {
    /// Why.
    pub purpose: RequestPurpose,
    /// The endpoint, by its name in a document.
    pub endpoint: &'a str,
    /// The parameters, without credentials.
    pub parameters: &'a [(&'a str, &'a str)],
    /// A value that no other request has; an assertion derives its ID from it.
    pub seed: &'a str,
}

/// Returns the request that posts the form with our credentials.
///
/// # Errors
/// `discovery_invalid` without the endpoint, `secret_unknown` without the secret that the method needs, and those of
/// [`client_assertion::make`].
pub fn post(
    form: &FormBody<'_>,
    server: &Server<'_>,
    secret: Option<&str>,
    replay: &mut Replay,
) -> Played<Request> {
    let settings = server.settings;
    let url = server.provider.endpoint(form.endpoint)?;
    let assertion;
    let mut parameters = form.parameters.to_vec();
    let mut headers = Vec::from([
        ("accept".into(), String::from("application/json")),
        ("content-type".into(), String::from("application/x-www-form-urlencoded")),
    ]);
    let secret = || secret.ok_or_else(|| Error::new(Code::SecretUnknown).at("/oauth/clientAuth/secret"));
    if settings.method != "client_secret_basic" && parameters.iter().all(|(name, _)| *name != "client_id") {
        parameters.push(("client_id", &settings.client_id));
    }
    match settings.method {
        "client_secret_post" => parameters.push(("client_secret", secret()?)),
        "private_key_jwt" => {
            assertion = client_assertion::make(secret()?, form.seed, url, server, replay)?;
            parameters.extend([
                ("client_assertion_type", client_assertion::TYPE),
                ("client_assertion", &*assertion),
            ]);
        }
        "none" => {}
        // Both parts are form-encoded before they are joined (RFC 6749 section 2.3.1).
        _ => {
            let written = |text: &str| {
                if settings.deviations.encodes_basic { form_encoding::escape(text) } else { text.into() }
            };
            let pair = format!("{}:{}", written(&settings.client_id), written(secret()?));
            headers.push(("authorization".into(), format!("Basic {}", base64(pair.as_bytes()))));
        }
    }
    Ok(Request {
        method: "POST",
        headers,
        body: Some(form_encoding::write(&parameters)),
        ..Request::get(form.purpose, url)
    })
}

/// Base64 with padding (RFC 4648 section 4), as the Basic scheme has it (RFC 7617).
fn base64(bytes: &[u8]) -> String {
    let mut out = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}
