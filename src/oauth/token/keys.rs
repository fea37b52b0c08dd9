//! The keys of a document that decrypt its identity provider's tokens, tried before anybody signs in. The document and its
//! secrets enter; the first fault leaves.

use super::decryption;
use crate::{Code, Result, input::Input, json::Object};

/// Checks that every key of `oauth.decrypt` can be used, as [`redeem`](crate::oauth::redeem()) would use it.
///
/// Input: `{ account, secrets, campaignId? }`: those of the account, or of a campaign with an identity provider of its own. Without an
/// identity provider there is nothing to check.
///
/// # Errors
/// `settings_invalid` and `mixup_refused` of the document; those of a key, at its place in the document.
pub fn check_keys(input: &Object) -> Result<()> {
    let input = Input(input);
    let account = input.account()?;
    let account = input.text("campaignId")?.map_or(account, |campaign| account.for_campaign(campaign));
    let settings = match account.oauth() {
        Err(error) if error.code() == Code::TechniqueOff => return Ok(()),
        settings => settings?,
    };
    decryption::keys(input, &settings).map(drop)
}
