//! A refusal of our client by the identity provider (RFC 6749 section 5.2, RFC 9126 section 2.3), with what the
//! administrator has to compare. Enters: the error that it named. Leaves: the same error with the expected value.

use crate::{Error, account::OAuth, oauth::host::form_encoding};
use alloc::{format, string::String};

/// Our client, as the identity provider refused it.
pub struct RefusedClient<'a> {
    /// The document's settings.
    pub settings: &'a OAuth,
    /// Its client secret or private key.
    pub secret: Option<&'a str>,
}

impl RefusedClient<'_> {
    /// Says what was expected of the client, by the error that was found.
    pub fn explain(&self, error: Error) -> Error {
        let name = error.detail().and_then(|detail| detail.got.as_deref()).unwrap_or_default();
        let expected = match name {
            "invalid_client" | "status 401" | "status 403" => {
                let pkce = if self.settings.deviations.pkce { "; PKCE with S256 is sent too" } else { "" };
                format!("{}{pkce}", self.credentials())
            }
            "invalid_grant" => {
                let check = if self.settings.deviations.pkce { ", and PKCE with S256" } else { "" };
                format!("a code that is used once, with the redirect URI of the sign-in{check}")
            }
            "unauthorized_client" | "unsupported_grant_type" => {
                String::from("a client that may use the authorization code grant")
            }
            "invalid_scope" => format!("a client that may ask for the scopes {}", self.settings.scope),
            "invalid_redirect_uri" => String::from("a registered redirect URI, exactly this string"),
            _ => String::from("a client whose log at the identity provider tells more"),
        };
        error.expected(expected)
    }

    fn credentials(&self) -> String {
        let changes = |text: &str| form_encoding::escape(text) != text;
        let is_changed = changes(&self.settings.client_id) || self.secret.is_some_and(changes);
        match self.settings.method {
            "client_secret_basic" if is_changed && self.settings.deviations.encodes_basic => String::from(
                "the client ID and its secret in an Authorization header. One of them has characters that are encoded there \
                 (RFC 6749 section 2.3.1), and some identity providers do not decode them: if both are right, set \
                 `clientAuth.method` to client_secret_post, or `basicEncoding` to \"raw\"",
            ),
            "client_secret_basic" => {
                String::from("the client ID and its secret in an Authorization header (client_secret_basic)")
            }
            "client_secret_post" => {
                String::from("the client ID and its secret in the body of the request (client_secret_post)")
            }
            "private_key_jwt" => {
                let audience =
                    if self.settings.deviations.assertion_names_endpoint { "endpoint" } else { "issuer" };
                format!(
                    "the client ID, the public key of ours, and an assertion whose aud is the {audience} (`assertionAudience`)"
                )
            }
            _ => String::from("a public client of this client ID, protected by PKCE"),
        }
    }
}
