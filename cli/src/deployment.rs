//! A deployment of the worker: an access token for a client's secret, then one call with it.

use anyhow::{Context as _, Result, bail};
use handstamp::account::Redirect;
use serde_json::Value;
use std::{fmt::Write as _, io::Write, time::Duration};
use ureq::{Agent, Body, RequestBuilder, http::Response, typestate::WithBody};

/// A deployment that lets this client in.
pub struct Deployment {
    agent: Agent,
    origin: String,
    authorization: String,
}

/// What a deployment answered: whether it did as it was told, and its JSON.
pub struct Answer {
    pub done: bool,
    pub body: Value,
}

impl Deployment {
    /// Trades the client's secret for an access token (RFC 6749 section 4.4).
    pub fn enter(address: &str, client: &str, secret: &str) -> Result<Self> {
        let origin = origin(address)?;
        // No redirect is followed: a secret goes where it was sent, or nowhere.
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .new_agent();
        let form = [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret)];
        let response = agent.post(format!("{origin}/v1/auth/token")).send_form(form);
        let Answer { done, body } = read(&origin, response)?;
        match body["access_token"].as_str() {
            Some(token) if done => Ok(Self { agent, authorization: format!("Bearer {token}"), origin }),
            _ => bail!("{origin} does not let this client in: {}", sentence(&body)),
        }
    }

    /// Returns what is at a path.
    pub fn get(&self, path: &str) -> Result<Answer> {
        let request =
            self.agent.get(format!("{}{path}", self.origin)).header("authorization", &self.authorization);
        read(&self.origin, request.call())
    }

    /// Returns the redirect URI that an account registers for itself alone.
    pub fn redirect_uri(&self, account: &str) -> String {
        Redirect::Account.uri(&format!("{}/oauth/callback", self.origin), account, "")
    }

    /// Copies what is at a path as it comes; returns the problem where there is one.
    pub fn copy(&self, path: &str, to: &mut impl Write) -> Result<Option<Value>> {
        let request =
            self.agent.get(format!("{}{path}", self.origin)).header("authorization", &self.authorization);
        // As long as it takes: an account may have had many participations.
        let response = request.config().timeout_global(None).build().call();
        if response.as_ref().is_ok_and(|response| response.status().is_success()) {
            let mut body = response?.into_body().into_reader();
            std::io::copy(&mut body, to).with_context(|| format!("{} broke off its answer", self.origin))?;
            return Ok(None);
        }
        Ok(Some(read(&self.origin, response)?.body))
    }

    /// Puts JSON at a path.
    pub fn put(&self, path: &str, text: &str) -> Result<Answer> {
        self.send(self.agent.put(format!("{}{path}", self.origin)), text)
    }

    /// Puts JSON at a path over a version (RFC 9110 section 13.1.1); 0 is for what is not there yet.
    pub fn put_over(&self, path: &str, text: &str, over: Option<u32>) -> Result<Answer> {
        let request = self.agent.put(format!("{}{path}", self.origin));
        let request = match over {
            None => request,
            Some(0) => request.header("if-none-match", "*"),
            Some(version) => request.header("if-match", format!("\"{version}\"")),
        };
        self.send(request, text)
    }

    /// Posts JSON to a path.
    pub fn post(&self, path: &str, text: &str) -> Result<Answer> {
        self.send(self.agent.post(format!("{}{path}", self.origin)), text)
    }

    /// Deletes what is at a path.
    pub fn delete(&self, path: &str) -> Result<Answer> {
        let request =
            self.agent.delete(format!("{}{path}", self.origin)).header("authorization", &self.authorization);
        read(&self.origin, request.call())
    }

    fn send(&self, request: RequestBuilder<WithBody>, text: &str) -> Result<Answer> {
        let request = request.header("authorization", &self.authorization).content_type("application/json");
        read(&self.origin, request.send(text))
    }
}

/// Adds the reason of a change to a path.
pub fn with_reason(mut path: String, reason: Option<&str>) -> String {
    if let Some(reason) = reason {
        path.push_str("?reason=");
        for byte in reason.bytes() {
            if byte.is_ascii_alphanumeric() {
                path.push(char::from(byte));
            } else {
                let _ = write!(path, "%{byte:02X}");
            }
        }
    }
    path
}

/// Returns the secret of the client that enters a deployment.
pub fn client_secret() -> Result<String> {
    std::env::var("HANDSTAMP_CLIENT_SECRET")
        .context("the client's secret is missing: set the variable HANDSTAMP_CLIENT_SECRET")
}

/// What a problem document says, without more than it.
pub fn sentence(problem: &Value) -> &str {
    let member = |name: &str| problem[name].as_str().filter(|text| !text.is_empty());
    member("detail").or_else(|| member("title")).unwrap_or("it does not say why")
}

/// https, or plain http to this machine: the secret must not travel in clear.
fn origin(address: &str) -> Result<String> {
    let uri: ureq::http::Uri = address.parse().with_context(|| format!("{address} is not a valid URL"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        bail!("{address} is not a valid URL: it must begin with https://")
    };
    let here = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
    if scheme != "https" && !(scheme == "http" && here) {
        bail!("{address} must begin with https://; http is allowed for this machine only")
    }
    if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        bail!("{address} must be only the origin of a deployment, such as https://campaigns.example.com")
    }
    Ok(format!("{scheme}://{authority}"))
}

fn read(origin: &str, response: Result<Response<Body>, ureq::Error>) -> Result<Answer> {
    let mut response = response.with_context(|| format!("{origin} cannot be reached"))?;
    let status = response.status();
    let text =
        response.body_mut().read_to_string().with_context(|| format!("{origin} broke off its answer"))?;
    if text.is_empty() && status.is_success() {
        return Ok(Answer { done: true, body: Value::Null });
    }
    let body = serde_json::from_str(&text).with_context(|| {
        format!("{origin} answered {status} without JSON: it is not a deployment of Handstamp")
    })?;
    Ok(Answer { done: status.is_success(), body })
}
