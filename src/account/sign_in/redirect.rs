//! The callbacks that an identity provider may answer to. Enters: a word of the document. Leaves: a [`Redirect`], and the URL
//! that is registered at the identity provider.
//!
//! Each identity provider has a callback of its own, unless the document says otherwise: where two share one, and an answer does
//! not say by `iss` which of them it is from, a dishonest one comes to know codes of the other (RFC 9700 section 4.4).

use crate::account::reading::MemberReader;
use alloc::{format, string::String, vec::Vec};

/// The callback of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// The account's own, `/oauth/callback/{account}`.
    Account,
    /// The campaign's own, `/oauth/callback/{account}/{campaign}`.
    Campaign,
    /// That of all accounts, `/oauth/callback`.
    Shared,
}

impl Redirect {
    /// The callbacks of an account's identity provider, the default first.
    pub const OF_ACCOUNT: &'static [Self] = &[Self::Account, Self::Shared];
    /// The callbacks of a campaign's own identity provider, the default first.
    pub const OF_CAMPAIGN: &'static [Self] = &[Self::Campaign, Self::Account, Self::Shared];
    /// The same in a document that was stored before campaigns had callbacks.
    pub const OF_STORED_CAMPAIGN: &'static [Self] = &[Self::Account, Self::Campaign, Self::Shared];

    /// Reads the choice of a document, the first where it makes none.
    pub(in crate::account) fn read(oauth: &MemberReader<'_>, callbacks: &[Self]) -> Option<Self> {
        let words: Vec<&'static str> = callbacks.iter().map(|callback| callback.as_str()).collect();
        let chosen = oauth.choice("redirectUri", &words);
        callbacks.iter().find(|callback| chosen.is_none_or(|word| callback.as_str() == word)).copied()
    }

    /// Returns the word of the document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Campaign => "campaign",
            Self::Shared => "shared",
        }
    }

    /// Returns the redirect URI. `shared` comes from the host's settings, never from a request.
    pub fn uri(self, shared: &str, account: &str, campaign: &str) -> String {
        match self {
            Self::Account => format!("{shared}/{account}"),
            Self::Campaign => format!("{shared}/{account}/{campaign}"),
            Self::Shared => shared.into(),
        }
    }
}
