//! Products of identity providers, as data: a preset fills defaults and catches the usual mistake in the issuer.

/// One login product.
#[derive(Debug)]
#[non_exhaustive]
pub struct Preset {
    /// Its name in a document.
    pub name: &'static str,
    /// How its clients authenticate unless the document says otherwise.
    pub client_auth: &'static str,
    /// Where its profiles come from unless the document says otherwise.
    pub profile_from: &'static str,
    /// The algorithm of its ID tokens, where its metadata says another.
    pub id_token_alg: Option<&'static str>,
    /// Whether its ID tokens carry the nonce.
    pub nonce: bool,
    /// Whether an issuer of this product can look like this.
    pub issuer_fits: fn(&str) -> bool,
    /// An example of its issuers.
    pub issuer_example: &'static str,
    /// Errors beside the standards' by which it says that the participant stopped.
    pub cancels: &'static [&'static str],
    /// Words in the description of such an error by which it says that it refused.
    pub refusals: &'static [&'static str],
}

impl Preset {
    /// Returns whether an answer without a code says that the participant stopped. The rest is a refusal.
    pub(crate) fn is_cancel(&self, error: &str, description: Option<&str>) -> bool {
        let says = |text: &str| self.refusals.iter().any(|word| text.contains(word));
        (CANCELS.contains(&error) || self.cancels.contains(&error)) && !description.is_some_and(says)
    }
}

/// The standards' words (RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6). We never ask for an answer without
/// the person, so the later ones come from a person who did not go on.
const CANCELS: [&str; 5] = [
    "access_denied",
    "consent_required",
    "interaction_required",
    "login_required",
    "account_selection_required",
];

/// A product that follows the standards. Of the products without a preset of their own: Apple's words, and those by which
/// Azure AD B2C and Entra ID refuse.
pub(crate) const STANDARD: Preset = Preset {
    name: "generic",
    client_auth: "client_secret_basic",
    profile_from: "userinfo",
    id_token_alg: None,
    nonce: true,
    issuer_fits: |_| true,
    issuer_example: "",
    cancels: &["user_cancelled_login", "user_cancelled_authorize"],
    refusals: &["AADB2C90118", "AADSTS50020", "AADSTS50105", "AADSTS65001", "AADSTS90094", "not assigned"],
};

/// The products, by the names that documents use.
pub static PRESETS: [Preset; 11] = [
    Preset {
        name: "okta",
        issuer_fits: |issuer| !issuer.ends_with('/'),
        issuer_example: "https://company.okta.com/oauth2/default, without a slash at the end",
        cancels: &[],
        refusals: &["not assigned"],
        ..STANDARD
    },
    Preset {
        name: "auth0",
        client_auth: "client_secret_post",
        issuer_fits: |issuer| issuer.ends_with('/'),
        issuer_example: "https://company.eu.auth0.com/, with the slash at the end",
        cancels: &[],
        refusals: &[],
        ..STANDARD
    },
    Preset {
        name: "gigya",
        issuer_fits: |issuer| issuer.contains("/oidc/op/"),
        issuer_example: "https://fidm.eu1.gigya.com/oidc/op/v1.0/<API key>",
        cancels: &[],
        refusals: &[],
        ..STANDARD
    },
    Preset {
        name: "keycloak",
        issuer_fits: |issuer| issuer.contains("/realms/") && !issuer.ends_with('/'),
        issuer_example: "https://id.company.com/realms/<realm>, without a slash at the end",
        cancels: &[],
        refusals: &[],
        ..STANDARD
    },
    // The metadata of `common` and `organizations` name no tenant, so no ID token has their issuer.
    Preset {
        name: "entra",
        client_auth: "client_secret_post",
        issuer_fits: |issuer| {
            issuer.ends_with("/v2.0")
                && !["/common/", "/organizations/", "/consumers/"].iter().any(|of| issuer.contains(of))
        },
        issuer_example: "https://login.microsoftonline.com/<tenant ID>/v2.0, without a slash at the end",
        ..STANDARD
    },
    // It has no userinfo endpoint: the profile is in the ID token.
    Preset {
        name: "azure-b2c",
        client_auth: "client_secret_post",
        profile_from: "id_token",
        issuer_fits: |issuer| issuer.ends_with("/v2.0/"),
        issuer_example: "https://company.b2clogin.com/<tenant ID>/v2.0/, with the slash at the end; the URL of the policy's metadata belongs in `discovery`",
        ..STANDARD
    },
    Preset {
        name: "cognito",
        issuer_fits: |issuer| !issuer.ends_with('/') && !issuer.contains(".amazoncognito.com"),
        issuer_example: "https://cognito-idp.eu-west-1.amazonaws.com/<user pool ID>, which is not the domain of the login page",
        ..STANDARD
    },
    Preset {
        name: "google",
        client_auth: "client_secret_post",
        issuer_fits: |issuer| !issuer.ends_with('/'),
        issuer_example: "https://accounts.google.com, without a slash at the end",
        ..STANDARD
    },
    // Its metadata lists ES256, but web clients get ID tokens with HS256.
    Preset {
        name: "line",
        client_auth: "client_secret_post",
        id_token_alg: Some("HS256"),
        issuer_fits: |issuer| !issuer.ends_with('/'),
        issuer_example: "https://access.line.me, without a slash at the end",
        ..STANDARD
    },
    // Its ID tokens have no nonce.
    Preset {
        name: "linkedin",
        client_auth: "client_secret_post",
        nonce: false,
        issuer_fits: |issuer| issuer.ends_with("/oauth"),
        issuer_example: "https://www.linkedin.com/oauth",
        ..STANDARD
    },
    STANDARD,
];

/// Returns the preset of that name.
pub fn from_name(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
