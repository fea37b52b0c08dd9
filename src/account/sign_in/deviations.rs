//! The settings for an identity provider that does something its own way. Each default is what the standards say.
//!
//! Enters: the `oauth` member of a document. Leaves: [`Deviations`], and faults where a setting would take away a protection
//! that nothing else replaces.

use super::preset::Preset;
use crate::{
    account::{
        reading::{Faults, MemberReader},
        token::secure_token,
    },
    bounds,
    jose::algorithm::Signature,
    json::{Object, Value},
};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// The members that are read here.
pub const MEMBERS: [&str; 12] = [
    "decrypt",
    "basicEncoding",
    "idTokenAlg",
    "userinfoAlg",
    "trustedAudiences",
    "leewaySeconds",
    "timeoutSeconds",
    "assertionAudience",
    "pkce",
    "nonce",
    "responseMode",
    "register",
];
/// The place of the sign-in's URL in that of a page to register on.
pub const LOGIN: &str = "{login}";
/// Most audiences beside our own.
const AUDIENCES: usize = 16;

/// The behaviour of one identity provider, with every default filled.
#[derive(Clone, Debug)]
pub struct Deviations {
    /// Whether client ID and secret are form-encoded in Basic authentication (RFC 6749 section 2.3.1).
    pub encodes_basic: bool,
    /// The algorithm of its ID tokens; without it, its metadata and keys decide.
    pub id_token_alg: Option<&'static str>,
    /// The algorithm of its signed userinfo; without it, its keys decide.
    pub userinfo_alg: Option<&'static str>,
    /// Audiences that an ID token may have beside our client ID (OpenID Connect Core section 3.1.3.7 point 3).
    pub trusted_audiences: Vec<String>,
    /// Seconds by which `nbf` and `iat` of its tokens may be ahead.
    pub leeway: u32,
    /// Seconds that it may take to answer.
    pub timeout: u32,
    /// Whether a client assertion names the endpoint that it is sent to as its audience, instead of the issuer.
    pub assertion_names_endpoint: bool,
    /// Whether PKCE is used (RFC 7636).
    pub pkce: bool,
    /// Whether a nonce is used (OpenID Connect Core section 3.1.2.1).
    pub nonce: bool,
    /// Whether it posts its answer to us (OAuth 2.0 Form Post Response Mode).
    pub posts_answer: bool,
    /// Our keys for tokens that it encrypts, as the document has them.
    pub decrypt: Vec<Value>,
    /// How a person makes an account there.
    pub register: Option<Register>,
}

/// How a person makes an account at the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Register {
    /// By `prompt=create` (Initiating User Registration via OpenID Connect 1.0), where the metadata lists it.
    Prompt,
    /// On a page of the customer's, which sends the person on to the sign-in: `{login}` in the URL stands for it.
    Page(String),
}

impl Deviations {
    /// Reads the settings.
    pub fn read(oauth: &MemberReader<'_>, preset: &Preset, development: bool) -> Self {
        let number = |name, range, default: u32| {
            oauth.number(name, range).and_then(|number| u32::try_from(number).ok()).unwrap_or(default)
        };
        let most = bounds::LEEWAY_SECONDS_MAX;
        Self {
            encodes_basic: oauth.choice("basicEncoding", &["form", "raw"]) != Some("raw"),
            id_token_alg: read_alg(oauth, "idTokenAlg").or(preset.id_token_alg),
            userinfo_alg: read_alg(oauth, "userinfoAlg"),
            trusted_audiences: read_audiences(oauth),
            leeway: number("leewaySeconds", 0..=i64::from(most), most),
            timeout: number(
                "timeoutSeconds",
                1..=i64::from(bounds::TIMEOUT_SECONDS_MAX),
                bounds::TIMEOUT_SECONDS,
            ),
            assertion_names_endpoint: oauth.choice("assertionAudience", &["issuer", "endpoint"])
                == Some("endpoint"),
            pkce: oauth.flag("pkce").unwrap_or(true),
            nonce: oauth.flag("nonce").unwrap_or(preset.nonce),
            posts_answer: oauth.choice("responseMode", &["query", "form_post"]) == Some("form_post"),
            decrypt: secure_token::read_decrypt_keys(oauth),
            register: read_register(oauth, development),
        }
    }

    /// Notes what is missing for a posted answer, and for a sign-in without PKCE or without a nonce. One of the two must bind the code to the
    /// sign-in that asked for it (RFC 9700 section 2.1.1), and only a client secret keeps a stolen code from being of use.
    pub fn check_binding(&self, path: &str, client: &ClientFacts<'_>, faults: &Faults) {
        for (name, is_on) in [("pkce", self.pkce), ("nonce", self.nonce)] {
            if is_on {
                continue;
            }
            let fault = if !self.pkce && !self.nonce {
                "`pkce` and `nonce` are both off; one of them must be on."
            } else if client.method == "none" {
                "This is off, but the client has no secret; a public client needs both `pkce` and `nonce`."
            } else if !client.own_redirect {
                "This is off, but `redirectUri` is \"shared\"; set `redirectUri` to \"account\"."
            } else if !self.pkce && !client.has_openid {
                "`pkce` is off, but `scope` does not contain openid; without an ID token there is no nonce."
            } else {
                continue;
            };
            faults.invalid(&format!("{path}/{name}"), fault);
        }
        if self.posts_answer && !client.own_redirect {
            let fault = "`responseMode` is \"form_post\", but `redirectUri` is \"shared\"; set `redirectUri` to \"account\".";
            faults.invalid(&format!("{path}/responseMode"), fault);
        }
    }

    /// Writes the settings into the normal form.
    pub fn write(&self, out: &mut Object) {
        out.set("basicEncoding", if self.encodes_basic { "form" } else { "raw" });
        out.set_some("idTokenAlg", self.id_token_alg);
        out.set_some("userinfoAlg", self.userinfo_alg);
        if !self.trusted_audiences.is_empty() {
            out.set("trustedAudiences", self.trusted_audiences.clone());
        }
        out.set("leewaySeconds", i64::from(self.leeway));
        out.set("timeoutSeconds", i64::from(self.timeout));
        out.set("assertionAudience", if self.assertion_names_endpoint { "endpoint" } else { "issuer" });
        out.set("pkce", self.pkce);
        out.set("nonce", self.nonce);
        if !self.decrypt.is_empty() {
            out.set("decrypt", self.decrypt.clone());
        }
        out.set_some(
            "register",
            self.register.as_ref().map(|register| match register {
                Register::Prompt => "prompt",
                Register::Page(url) => url.as_str(),
            }),
        );
        out.set("responseMode", if self.posts_answer { "form_post" } else { "query" });
    }
}

/// The facts about our client that decide which protections it can do without.
pub struct ClientFacts<'a> {
    /// How it authenticates.
    pub method: &'a str,
    /// Whether its account has a callback of its own.
    pub own_redirect: bool,
    /// Whether it asks for an ID token.
    pub has_openid: bool,
}

fn read_alg(oauth: &MemberReader<'_>, name: &str) -> Option<&'static str> {
    let known: Vec<&'static str> = Signature::ALL.iter().map(|row| row.name()).collect();
    oauth.choice(name, &known)
}

fn read_register(oauth: &MemberReader<'_>, development: bool) -> Option<Register> {
    let text = oauth.text("register", 1024)?;
    if text == "prompt" {
        return Some(Register::Prompt);
    }
    // The place of the sign-in's URL is not a character of a URL.
    if let Err(sentence) = crate::url::check_url(&text.replace(LOGIN, "login"), development) {
        oauth.invalid("register", format!("`register` must be \"prompt\" or a URL. {sentence}"));
    }
    Some(Register::Page(text.to_owned()))
}

fn read_audiences(oauth: &MemberReader<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for (path, value) in oauth.list("trustedAudiences", 0, AUDIENCES).into_iter().flatten() {
        match value.as_str().filter(|text| !text.trim().is_empty() && text.chars().count() <= 512) {
            Some(audience) => out.push(audience.to_owned()),
            None => oauth.faults().invalid(&path, "An audience must be a string of 1 to 512 characters."),
        }
    }
    out
}
