//! The `oauth` member of a document: the customer's identity provider, and us as its client.

use super::{
    deviations::{self, ClientFacts, Deviations},
    preset::{self, Preset},
    redirect::Redirect,
};
use crate::{
    account::{
        keys::{read_secret_reference, secret_reference},
        profile::profile_sources,
        reading::{Faults, MemberReader, is_name},
    },
    bounds,
    json::{Object, Value},
};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

const MEMBERS: [&str; 18] = [
    "preset",
    "issuer",
    "discovery",
    "endpoints",
    "clientId",
    "clientAuth",
    "scope",
    "profileFrom",
    "userinfoMethod",
    "audience",
    "extra",
    "sendsIss",
    "redirectUri",
    "stateMinutes",
    "par",
    "maxAge",
    "limit",
    "custom",
];
const METHODS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
const SOURCES: [&str; 4] = ["access_token", "id_token", "userinfo", "api"];
const USERINFO_METHODS: [&str; 2] = ["GET", "POST"];
const ENDPOINTS: [&str; 5] = ["authorization", "token", "userinfo", "jwks", "pushedAuthorization"];
/// Parameters of the authorization request that are ours alone (OpenID Connect Core section 3.1.2.1).
const RESERVED: [&str; 13] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "client_secret",
    "max_age",
];
const THIRTY_DAYS: i64 = 30 * 24 * 3600;

/// The settings of an identity provider, with every default filled.
#[derive(Clone, Debug)]
pub struct OAuth {
    /// The product.
    pub preset: &'static Preset,
    /// The issuer, compared exactly.
    pub issuer: String,
    /// Where the metadata is, if not at the well-known place.
    pub discovery: Option<String>,
    /// Endpoints that the document names itself: authorization, token, userinfo, jwks, pushedAuthorization.
    pub endpoints: Object,
    /// Our client ID at the identity provider.
    pub client_id: String,
    /// `client_secret_basic`, `client_secret_post`, `private_key_jwt` or `none`.
    pub method: &'static str,
    /// The name of the client secret, or of the private JWK, in the account's namespace.
    pub secret: Option<String>,
    /// The scopes, separated by spaces.
    pub scope: String,
    /// `access_token`, `id_token`, `userinfo` or `api`.
    pub profile_from: &'static str,
    /// How the userinfo endpoint is asked (OpenID Connect Core section 5.3.1): `GET` or `POST`.
    pub userinfo_method: &'static str,
    /// The audience that a JWT access token must have.
    pub audience: Option<String>,
    /// Further parameters of the authorization request.
    pub extra: Vec<(String, String)>,
    /// Whether the identity provider sends `iss` with its answer (RFC 9207); its metadata decides where this is unset.
    pub sends_iss: Option<bool>,
    /// The callback that it answers to.
    pub redirect: Redirect,
    /// Life of a sign-in, minutes.
    pub state_minutes: i64,
    /// Whether the authorization request is pushed (RFC 9126); the identity provider decides where this is unset.
    pub par: Option<bool>,
    /// How long ago the login page may have asked the person, seconds.
    pub max_age: Option<i64>,
    /// Where the profile holds the person's limit: `nb`, `canPlay`.
    pub limit: Object,
    /// The sources of profile values that the campaign's texts may insert, by name.
    pub custom: Object,
    /// The behaviour of this identity provider that deviates from the standards.
    pub deviations: Deviations,
}

impl OAuth {
    /// Reads the settings; the faults go to `faults`. `callbacks` are those to choose from, the default first.
    pub fn read(
        value: &Value,
        path: &str,
        callbacks: &[Redirect],
        development: bool,
        faults: &Faults,
    ) -> Option<Self> {
        let known = [&MEMBERS[..], &deviations::MEMBERS].concat();
        let members = MemberReader::open(value, path, &known, faults)?;
        let names: Vec<&'static str> = preset::PRESETS.iter().map(|preset| preset.name).collect();
        let preset = preset::from_name(members.choice("preset", &names).unwrap_or("generic"))?;
        let issuer = read_issuer(&members, preset, development);
        let discovery = members.text("discovery", 2048).map(ToOwned::to_owned);
        if let Some(url) = &discovery {
            check_url(&members, "discovery", url, development);
        }
        let (method, secret) = read_client_auth(&members, preset);
        let scope = read_scope(&members);
        let profile_from = members.choice("profileFrom", &SOURCES).unwrap_or(preset.profile_from);
        if profile_from == "id_token" && !has_openid(&scope) {
            members.invalid(
                "profileFrom",
                "`profileFrom` is \"id_token\", but `scope` does not contain openid.",
            );
        }
        let settings = Self {
            preset,
            endpoints: read_endpoints(&members, development),
            client_id: members.required_text("clientId", 256).unwrap_or_default().to_owned(),
            userinfo_method: members.choice("userinfoMethod", &USERINFO_METHODS).unwrap_or("GET"),
            audience: members.text("audience", 512).map(ToOwned::to_owned),
            extra: read_extra(&members),
            sends_iss: members.flag("sendsIss"),
            redirect: Redirect::read(&members, callbacks)?,
            state_minutes: read_minutes(&members),
            par: members.flag("par"),
            max_age: read_max_age(&members, &scope),
            limit: profile_sources::limit(&members, "limit").unwrap_or_default(),
            custom: profile_sources::custom(&members),
            deviations: Deviations::read(&members, preset, development),
            issuer: issuer?,
            discovery,
            method,
            secret,
            scope,
            profile_from,
        };
        let (own_redirect, has_openid) = (settings.redirect != Redirect::Shared, settings.has_openid());
        let client = ClientFacts { method, own_redirect, has_openid };
        settings.deviations.check_binding(path, &client, faults);
        if !settings.deviations.encodes_basic && settings.client_id.contains(':') {
            members.invalid(
                "basicEncoding",
                "`basicEncoding` is \"raw\", but `clientId` contains a colon; choose client_secret_post.",
            );
        }
        Some(settings)
    }

    /// Checks whether an ID token is asked for.
    pub fn has_openid(&self) -> bool {
        has_openid(&self.scope)
    }

    /// Says why these settings may not use the shared callback. All accounts answer there, so a code must be of use to
    /// nobody but the client whose it is (RFC 9700 section 4.4): only that client has a secret, and the secret and the
    /// code go only where the issuer itself says.
    pub fn fault_on_shared_callback(&self) -> Option<&'static str> {
        if self.redirect != Redirect::Shared {
            None
        } else if self.method == "none" {
            Some("`redirectUri` is \"shared\", but a public client (method none) cannot use it.")
        } else if self.discovery.is_some() || !self.endpoints.is_empty() {
            Some(
                "`redirectUri` is \"shared\", but `discovery` or `endpoints` is set; with it, they come from the issuer's own metadata.",
            )
        } else {
            None
        }
    }

    /// Returns whether nothing in the answer tells this identity provider from another (RFC 9700 section 4.4).
    pub fn is_open_to_mixup(&self) -> bool {
        self.redirect == Redirect::Shared && self.sends_iss != Some(true)
    }

    /// Returns the settings as JSON, all defaults filled.
    pub fn to_json(&self) -> Value {
        let mut auth = Object::new();
        auth.set("method", self.method);
        if let Some(name) = &self.secret {
            auth.set("secret", secret_reference(name));
        }
        let mut extra = Object::new();
        for (name, value) in &self.extra {
            extra.set(name.as_str(), value.as_str());
        }
        let mut out = Object::new();
        out.set("preset", self.preset.name);
        out.set("issuer", self.issuer.as_str());
        out.set_some("discovery", self.discovery.as_deref());
        out.set("endpoints", self.endpoints.clone());
        out.set("clientId", self.client_id.as_str());
        out.set("clientAuth", auth);
        out.set("scope", self.scope.as_str());
        out.set("profileFrom", self.profile_from);
        out.set("userinfoMethod", self.userinfo_method);
        out.set_some("audience", self.audience.as_deref());
        out.set("extra", extra);
        out.set_some("sendsIss", self.sends_iss);
        out.set("redirectUri", self.redirect.as_str());
        out.set("stateMinutes", self.state_minutes);
        out.set_some("par", self.par);
        out.set_some("maxAge", self.max_age);
        self.deviations.write(&mut out);
        for (name, sources) in [("limit", &self.limit), ("custom", &self.custom)] {
            out.set_some(name, Some(sources.clone()).filter(|sources| !sources.is_empty()));
        }
        out.into()
    }
}

fn has_openid(scope: &str) -> bool {
    scope.split(' ').any(|word| word == "openid")
}

fn check_url(members: &MemberReader<'_>, name: &str, url: &str, development: bool) {
    if let Err(sentence) = crate::url::check_url(url, development) {
        members.invalid(name, format!("`{name}` is not a valid URL. {sentence}"));
    }
}

fn read_issuer(members: &MemberReader<'_>, preset: &Preset, development: bool) -> Option<String> {
    let issuer = members.required_text("issuer", 512)?;
    check_url(members, "issuer", issuer, development);
    if issuer.contains('?') {
        members.invalid("issuer", "An issuer must not have a query (OpenID Connect Core section 2).");
    }
    if issuer.contains("/.well-known/") {
        members.invalid("issuer", "Give the issuer itself; put a URL with /.well-known/ into `discovery`.");
    }
    if !(preset.issuer_fits)(issuer) {
        members.invalid(
            "issuer",
            format!("The issuer does not match {}. Use one such as {}.", preset.name, preset.issuer_example),
        );
    }
    Some(issuer.to_owned())
}

fn read_client_auth(members: &MemberReader<'_>, preset: &'static Preset) -> (&'static str, Option<String>) {
    let fallback = (preset.client_auth, None);
    let Some(value) = members.required("clientAuth") else { return fallback };
    let path = members.path("clientAuth");
    let Some(auth) = MemberReader::open(value, &path, &["method", "secret"], members.faults()) else {
        return fallback;
    };
    let method = auth.choice("method", &METHODS).unwrap_or(preset.client_auth);
    let secret = match (method, auth.get("secret")) {
        ("none", None) => None,
        ("none", Some(_)) => {
            auth.invalid(
                "secret",
                "`method` is \"none\", but a secret is given; remove it or choose another method.",
            );
            None
        }
        (_, None) => auth.required("secret").and(None),
        (_, Some(Value::String(_))) => {
            auth.invalid(
                "secret",
                "A document must not contain a secret: store the secret under a name and write { \"secret\": \"NAME\" } here.",
            );
            None
        }
        (_, Some(value)) => read_secret_reference(value, &auth.path("secret"), members.faults()),
    };
    (method, secret)
}

fn read_scope(members: &MemberReader<'_>) -> String {
    let scope = members.text("scope", 512).unwrap_or("openid email profile");
    // RFC 6749 section 3.3: printable, without quote and backslash, one space between two.
    let well_formed = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
    };
    if !scope.split(' ').all(well_formed) {
        members.invalid("scope", "Separate scopes with one space, such as \"openid email profile\".");
    }
    scope.to_owned()
}

fn read_endpoints(members: &MemberReader<'_>, development: bool) -> Object {
    let mut out = Object::new();
    let Some(value) = members.get("endpoints") else { return out };
    let path = members.path("endpoints");
    let Some(endpoints) = MemberReader::open(value, &path, &ENDPOINTS, members.faults()) else { return out };
    for name in ENDPOINTS {
        if let Some(url) = endpoints.text(name, 2048) {
            check_url(&endpoints, name, url, development);
            out.set(name, url);
        }
    }
    out
}

fn read_extra(members: &MemberReader<'_>) -> Vec<(String, String)> {
    let Some(value) = members.get("extra") else { return Vec::new() };
    let Some(extra) = MemberReader::open_any(value, &members.path("extra"), members.faults()) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (name, _) in extra.iter() {
        if RESERVED.contains(&name) {
            extra.invalid(name, format!("\"{name}\" is set by the service; remove it."));
        } else if !is_name(name, 64, "_-.") {
            extra.invalid(name, "A parameter name must have 1 to 64 letters, digits, _, - or dots.");
        } else if let Some(text) = extra.text(name, 512) {
            out.push((name.to_owned(), text.to_owned()));
        }
    }
    if out.len() > 16 {
        members.invalid("extra", "There are more than 16 further parameters.");
    }
    out
}

fn read_minutes(members: &MemberReader<'_>) -> i64 {
    let range =
        i64::from(*bounds::STATE_MINUTES_RANGE.start())..=i64::from(*bounds::STATE_MINUTES_RANGE.end());
    members.number("stateMinutes", range).unwrap_or(i64::from(bounds::STATE_MINUTES))
}

fn read_max_age(members: &MemberReader<'_>, scope: &str) -> Option<i64> {
    let seconds = members.number("maxAge", 0..=THIRTY_DAYS)?;
    if !has_openid(scope) {
        members.invalid(
            "maxAge",
            "`maxAge` is set, but `scope` does not contain openid; without an ID token the time of authentication is unknown.",
        );
    }
    Some(seconds)
}
