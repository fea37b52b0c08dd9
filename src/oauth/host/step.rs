//! "Please do this for me", as data. A stage that needs the outside world returns a [`Request`], or an operation of
//! WebCrypto; the host performs it and calls the stage again with the [`Answer`] appended. The stage is a pure
//! function of its inputs and the answers so far, so it can be replayed at will.

use crate::{
    Code, Error, Result, bounds,
    json::{Object, Value},
};
use alloc::{string::String, vec::Vec};

/// The return value of a stage: its result, or the request or operation that it needs first.
#[derive(Clone, Debug)]
pub enum Step<T> {
    /// The stage is finished.
    Done(T),
    /// The host performs this and calls again.
    Request(Request),
    /// The host's WebCrypto computes this and calls again (see [`Host`](crate::jose::Host)).
    Operation(Value),
}

/// Why a request is made; the host chooses cache and limits by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestPurpose {
    /// The provider's metadata; may be answered from a cache.
    Discovery,
    /// A key set; may be answered from a cache unless `refresh` is set.
    KeySet,
    /// The endpoint for pushed authorization requests.
    Pushed,
    /// The token endpoint; never repeated.
    Token,
    /// The userinfo endpoint.
    Userinfo,
    /// The customer's profile API.
    Profile,
}

impl RequestPurpose {
    /// Returns how many bytes an answer may have.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Token | Self::Userinfo | Self::Profile => bounds::PROFILE_BYTES,
            Self::Discovery | Self::KeySet | Self::Pushed => bounds::RESPONSE_BYTES,
        }
    }

    /// Returns the name at the JavaScript boundary.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::KeySet => "keySet",
            Self::Pushed => "pushed",
            Self::Token => "token",
            Self::Userinfo => "userinfo",
            Self::Profile => "profile",
        }
    }
}

/// An HTTP request as plain data.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Why it is made.
    pub purpose: RequestPurpose,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The absolute address.
    pub url: String,
    /// Header names (lower case) and values.
    pub headers: Vec<(String, String)>,
    /// The body of a POST.
    pub body: Option<String>,
    /// Whether a cached answer is not good enough.
    pub refresh: bool,
    /// The issuer that the metadata must name; a copy of another one must not take the place of a good one.
    pub issuer: Option<String>,
    /// Seconds that the server may take.
    pub timeout: u32,
}

impl Request {
    /// Returns a GET that asks for JSON.
    pub fn get(purpose: RequestPurpose, url: impl Into<String>) -> Self {
        let headers = alloc::vec![("accept".into(), String::from("application/json"))];
        Self {
            purpose,
            method: "GET",
            url: url.into(),
            headers,
            body: None,
            refresh: false,
            issuer: None,
            timeout: bounds::TIMEOUT_SECONDS,
        }
    }

    /// Returns the request as JSON: `{ purpose, method, url, headers: {}, body?, refresh, issuer?, timeout, bytes }`.
    pub fn to_json(&self) -> Value {
        let mut headers = Object::new();
        for (name, value) in &self.headers {
            headers.set(name.as_str(), value.as_str());
        }
        let mut out = Object::new();
        out.set("purpose", self.purpose.as_str());
        out.set("method", self.method);
        out.set("url", self.url.as_str());
        out.set("headers", headers);
        if let Some(body) = &self.body {
            out.set("body", body.as_str());
        }
        out.set("refresh", self.refresh);
        out.set_some("issuer", self.issuer.as_deref());
        out.set("timeout", i64::from(self.timeout));
        out.set("bytes", i64::try_from(self.purpose.bytes()).unwrap_or(i64::MAX));
        out.into()
    }
}

// Headers and body may hold credentials.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Request({} {} …)", self.method, self.purpose.as_str())
    }
}

/// The outcome of a request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The server answered.
    Response {
        /// HTTP status.
        status: u16,
        /// The media type, lower case, without parameters.
        content_type: String,
        /// The body as text.
        body: String,
    },
    /// It did not, and why.
    Failed(Code),
}

impl Answer {
    /// Reads `{ status, contentType, body }` or `{ failed: "timeout" | "too_large" | "redirected" | "refused" | "encoding" | "busy" | "network" }`.
    ///
    /// # Errors
    /// `settings_invalid` when it is neither: a mistake of the host.
    pub fn from_json(value: &Value) -> Result<Self> {
        let wrong =
            || Error::new(Code::SettingsInvalid).at("/answers").expected("an answer").got(value.kind());
        let object = value.as_object().ok_or_else(wrong)?;
        if let Some(failed) = object.get("failed") {
            return Ok(Self::Failed(match failed.as_str() {
                Some("timeout") => Code::ResponseTimeout,
                Some("too_large") => Code::ResponseTooLarge,
                Some("redirected") => Code::ResponseRedirected,
                Some("refused") => Code::AddressRefused,
                Some("encoding") => Code::ResponseEncoding,
                Some("busy") => Code::ServersBusy,
                _ => Code::ResponseFailed,
            }));
        }
        let status =
            object.get("status").and_then(Value::as_i64).and_then(|status| u16::try_from(status).ok());
        let content_type = object.get("contentType").and_then(Value::as_str).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let body = object.get("body").and_then(Value::as_str).ok_or_else(wrong)?;
        Ok(Self::Response { status: status.ok_or_else(wrong)?, content_type: media_type, body: body.into() })
    }
}

// Bodies hold tokens and personal data.
impl core::fmt::Debug for Answer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Response { status, .. } => write!(f, "Response({status} …)"),
            Self::Failed(code) => write!(f, "Failed({})", code.as_str()),
        }
    }
}
