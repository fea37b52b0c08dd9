//! Products of identity providers, as data: a preset fills defaults and catches the usual mistake in the issuer.

/// One login product.
#[derive(Debug)]
#[non_exhaustive]
pub struct Preset {
    /// Its name in a document.
    pub name: &'static str,
    /// How its clients authenticate unless the document says otherwise.
    pub client_auth: &'static str,
    /// Whether an issuer of this product can look like this.
    pub issuer_fits: fn(&str) -> bool,
    /// An example of its issuers.
    pub issuer_example: &'static str,
}

/// The products, by the names that documents use.
pub static PRESETS: [Preset; 5] = [
    Preset {
        name: "okta",
        client_auth: "client_secret_basic",
        issuer_fits: |issuer| !issuer.ends_with('/'),
        issuer_example: "https://company.okta.com/oauth2/default, without a slash at the end",
    },
    Preset {
        name: "auth0",
        client_auth: "client_secret_post",
        issuer_fits: |issuer| issuer.ends_with('/'),
        issuer_example: "https://company.eu.auth0.com/, with the slash at the end",
    },
    Preset {
        name: "gigya",
        client_auth: "client_secret_basic",
        issuer_fits: |issuer| issuer.contains("/oidc/op/"),
        issuer_example: "https://fidm.eu1.gigya.com/oidc/op/v1.0/<API key>",
    },
    Preset {
        name: "keycloak",
        client_auth: "client_secret_basic",
        issuer_fits: |issuer| issuer.contains("/realms/") && !issuer.ends_with('/'),
        issuer_example: "https://id.company.com/realms/<realm>, without a slash at the end",
    },
    Preset { name: "generic", client_auth: "client_secret_basic", issuer_fits: |_| true, issuer_example: "" },
];

/// Returns the preset of that name.
pub fn from_name(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
