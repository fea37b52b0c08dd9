//! The redirect URI that is registered at an identity provider, for those who register it. Enters: the account, perhaps one of its
//! campaigns, and the shared URI of the host's settings. Leaves: the URI that a sign-in there asks for (RFC 6749 section 3.1.2).

use crate::{
    Result,
    input::Input,
    json::{Object, Value},
};

/// Returns the redirect URI of an account, or of a campaign with an identity provider of its own. An account without one yet gets the
/// URI that it will have. Input: `{ account, campaignId?, redirectUri }`.
///
/// # Errors
/// `settings_invalid`.
pub fn redirect_uri(input: &Object) -> Result<Value> {
    let input = Input(input);
    let campaign = input.text("campaignId")?.unwrap_or_default();
    let account = input.account()?.for_campaign(campaign);
    Ok(account.redirect().uri(input.required_text("redirectUri")?, account.name()?, campaign).into())
}
