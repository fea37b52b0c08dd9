//! The profile of a person whom the ID token has identified, from the customer's API, once they reach the form. Enters: the access
//! token of the sign-in. Leaves: the profile, then the admission that it completes.

use super::{
    account::{client_secret, shared_secret},
    host::{
        Step,
        replay::{self, Played, Replay},
    },
    profile::{Profile, ProfileApi},
    provider::{Provider, ProviderKeys, Server},
    redeem::with_profile,
    token::decryption,
};
use crate::{
    Code, Error, Result,
    admission::{Admission, Provenance},
    input::Input,
    json::{Object, Value},
};

/// Fetches the profile that [`redeem`](super::redeem) left for later.
///
/// Input: `{ account, secrets, campaignId, accessToken, subject, now, answers }`. The result is the profile, an object; it is of
/// that subject wherever it names one.
///
/// # Errors
/// Those of the profile API, and of discovery and the key set where its answer is signed. `profile_refused` for a status of 400 to 499.
pub fn fetch_profile(input: &Object) -> Result<Step<Value>> {
    replay::step(play(Input(input)))
}

fn play(input: Input<'_>) -> Played<Value> {
    let account = input.account()?.for_campaign(input.required_text("campaignId")?);
    let settings = account.oauth()?;
    let (access_token, subject) = (input.required_text("accessToken")?, input.required_text("subject")?);
    let api = ProfileApi::of(input, account)?.late();
    let shared_secret = shared_secret(&settings, client_secret(input, &settings)?);
    let decrypt = decryption::keys(input, &settings)?;
    let now = input.now()?;
    let replay = &mut Replay::of(input.0)?.within(settings.deviations.timeout);
    let needed = account.endpoints_of_profile(&settings);
    let provider = Provider::find(&settings, &needed, &needed, replay)?;
    let server = Server { settings: &settings, provider: &provider, shared_secret, decrypt: &decrypt, now };
    let told = api.profile(access_token, &server, &mut ProviderKeys::default(), replay)?;
    let Profile { subject: named, data } = told;
    if named.is_some_and(|named| named != subject) {
        return Err(Error::new(Code::ProfileSubjectMismatch).at("profileApi").into());
    }
    Ok(data.into())
}

/// Completes the admission of a sign-in with the profile that was fetched for it. Input: `{ account, campaignId, admission,
/// provenance, profile }`.
///
/// # Errors
/// `profile_not_object`, and `profile_limit_invalid` for a limit that is not valid.
pub fn complete(input: &Object) -> Result<Admission> {
    let input = Input(input);
    let campaign_id = input.required_text("campaignId")?;
    let account = input.account()?.for_campaign(campaign_id);
    let settings = account.oauth()?;
    let campaign = account.campaign(campaign_id)?;
    let profile = input.required("profile")?;
    let data = profile.as_object();
    let data =
        data.ok_or_else(|| Error::new(Code::ProfileNotObject).expected("an object").got(profile.kind()))?;
    let provenance = Provenance::from_json(input.required("provenance")?, "/provenance")?;
    let admission = Admission::from_json(input.required("admission")?, provenance)?;
    with_profile(admission, account, campaign, &settings, data)
}
