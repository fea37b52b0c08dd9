//! The keys that a document has for its identity provider, tried before anybody signs in: those that decrypt its tokens, and
//! the one that proves who we are. The document and its secrets enter; the first fault leaves.

use super::{account::client_secret, client_assertion::ClientKey, decryption};
use crate::{Code, Result, input::Input, json::Object};

/// Checks that every key of a sign-in can be used, as [`redeem`](super::redeem()) would use it.
///
/// Input: `{ account, secrets }`. An account without an identity provider has no such key.
///
/// # Errors
/// `settings_invalid` and `mixup_refused` of the document; those of a key, at its place in the document.
pub fn check_keys(input: &Object) -> Result<()> {
    let input = Input(input);
    let settings = match input.account()?.oauth() {
        Err(error) if error.code() == Code::TechniqueOff => return Ok(()),
        settings => settings?,
    };
    decryption::keys(input, &settings)?;
    match client_secret(input, &settings)? {
        Some(secret) if settings.method == "private_key_jwt" => ClientKey::parse(secret).map(drop),
        _ => Ok(()),
    }
}
