//! The way back from the login page: the state is opened, the browser and the issuer are compared, and only then
//! is the code taken. Nothing is fetched here, so this needs no replay.
//!
//! The order: state, account, times, browser, issuer, error, code. A state that is not ours, of another account or from
//! the future is an error, as there is nowhere to lead to; everything else is an outcome that leads the person back to
//! the campaign.

use super::{
    flow::{
        State,
        cookie::{self, Found},
        issuer_mark, return_page,
    },
    host::{Step, form_encoding::Parameters, response},
};
use crate::{
    Code, Error, Result,
    account::{self, OAuth, Redirect, STANDARD},
    bounds,
    input::Input,
    json::{Object, Value},
    metadata::printable,
    seal::Ring,
};
use alloc::{format, string::String};

/// Longest name of an error that is repeated, characters.
const ERROR_CHARACTERS: usize = 64;

/// Reads what the login page sent back.
///
/// Input: `{ query, cookies, ring, now, account?, pathAccount?, pathCampaign?, redirectUri? }`. The result's `outcome` is `code`,
/// `cancelled`, `error`, `expired` or `wrong_browser`; every one carries what leads back to the campaign.
///
/// # Errors
/// `state_missing`, `state_duplicate`, `state_invalid`, `query_invalid`: there is no state of ours; `settings_invalid`:
/// the host's input is wrong.
pub fn callback(input: &Object) -> Result<Step<Value>> {
    let input = Input(input);
    let parameters = Parameters::parse(input.required_text("query")?)?;
    let ring = Ring::parse(input.required("ring")?).map_err(|error| error.within("/ring"))?;
    let state = open_state(&ring, &parameters)?;
    let mut out = state.to_json();
    out.set("clearCookie", cookie::name(&state.sid));
    let found = cookie::find(input.text("cookies")?.unwrap_or_default(), &state.sid, state.flow.as_deref());
    out.set("ownBrowser", matches!(found, Found::Ours(_)));
    if let (Found::Ours(flow), Some((index, _))) = (&found, &state.back)
        && let Some(page) = flow.page()
    {
        out.set("return", return_page::to_json(Some(&(*index, page))));
    }
    let settings = match settings(input, &state) {
        // The document changed meanwhile, or is of an earlier release and now needs a redirect URI of its own, or a different
        // identity provider of the account has answered: the person goes back.
        Err(error)
            if matches!(
                error.code(),
                Code::MixupRefused | Code::TechniqueOff | Code::IssuerParamMismatch
            ) =>
        {
            return outcome(out, "error", &error);
        }
        other => other?,
    };
    if !state.is_alive(input.now()?)? {
        return outcome(out, "expired", &Error::new(Code::StateExpired));
    }
    let flow = match found {
        Found::Ours(flow) => flow,
        Found::Missing => return outcome(out, "wrong_browser", &Error::new(Code::FlowCookieMissing)),
        Found::Other => return outcome(out, "wrong_browser", &Error::new(Code::WrongBrowser)),
    };
    match read_code(settings.as_ref(), &state, &parameters) {
        Ok(code) => {
            out.set("outcome", "code");
            out.set("code", code);
            let value = cookie::value(&state.sid, flow.secret);
            let is_posted = settings.as_ref().is_some_and(|settings| settings.deviations.posts_answer);
            out.set("keepCookie", cookie::to_json(&state.sid, value, bounds::ANSWER_SECONDS, is_posted));
            out.set("verifier", flow.verifier);
            out.set("nonce", flow.nonce);
            out.set_some("authenticatedAfter", state.authenticated_after());
            let redirect = |shared| match &settings {
                Some(settings) => settings.redirect.uri(shared, &state.account, &state.campaign_id),
                None => String::from(shared),
            };
            out.set_some("redirectUri", input.text("redirectUri")?.map(redirect));
            Ok(Step::Done(out.into()))
        }
        Err(error) if error.code() == Code::LoginCancelled => outcome(out, "cancelled", &error),
        Err(error) => outcome(out, "error", &error),
    }
}

/// Returns the account of a state, so that the host can load its document before the callback.
///
/// # Errors
/// As [`callback`].
pub fn peek_state(ring: &Value, query: &str) -> Result<String> {
    Ok(read_state(ring, query)?.account)
}

/// Returns the place that a state leads back to, whatever else came with it: [`State::to_json`].
///
/// # Errors
/// As [`callback`].
pub fn peek_place(ring: &Value, query: &str) -> Result<Object> {
    Ok(read_state(ring, query)?.to_json())
}

fn read_state(ring: &Value, query: &str) -> Result<State> {
    open_state(&Ring::parse(ring)?, &Parameters::parse(query)?)
}

fn open_state(ring: &Ring, parameters: &Parameters) -> Result<State> {
    match parameters.once("state")? {
        None | Some("") => Err(Error::new(Code::StateMissing)),
        Some(text) => State::open(ring, text),
    }
}

/// A result that leads back without a code.
fn outcome(mut out: Object, outcome: &str, why: &Error) -> Result<Step<Value>> {
    out.set("outcome", outcome);
    out.set("code", why.code().as_str());
    if let Some(detail) = why.detail() {
        out.set_some("at", detail.at.as_deref());
        out.set_some("expected", detail.expected.as_deref());
        out.set_some("got", detail.got.as_deref());
    }
    Ok(Step::Done(out.into()))
}

/// The settings of the state's account, if its document is at hand. A state comes back to the callback that the sign-in has, and
/// nowhere else.
fn settings(input: Input<'_>, state: &State) -> Result<Option<OAuth>> {
    let refused = |got: &str| Error::new(Code::StateInvalid).at("state").got(got);
    let on_path = input.text("pathAccount")?;
    if on_path.is_some_and(|account| account != state.account) {
        return Err(refused("a state of a different account"));
    }
    let on_campaign = input.text("pathCampaign")?;
    let mixed_up = || {
        let error = Error::new(Code::IssuerParamMismatch).at("redirect_uri");
        error.got("the redirect URI of a different identity provider of this account")
    };
    if on_campaign.is_some_and(|campaign| campaign != state.campaign_id) {
        return Err(mixed_up());
    }
    if input.get("account").is_none() {
        return Ok(None);
    }
    let account = input.account()?;
    if account.name()? != state.account {
        return Err(refused("a state of a different account"));
    }
    let settings = account.for_campaign(&state.campaign_id).oauth()?;
    let came = match (on_path, on_campaign) {
        (None, _) => Redirect::Shared,
        (Some(_), None) => Redirect::Account,
        (Some(_), Some(_)) => Redirect::Campaign,
    };
    if (came == Redirect::Shared) != (settings.redirect == Redirect::Shared) {
        return Err(refused("a redirect URI of a different account"));
    }
    if came != settings.redirect {
        return Err(mixed_up());
    }
    Ok(Some(settings))
}

fn read_code<'a>(settings: Option<&OAuth>, state: &State, parameters: &'a Parameters) -> Result<&'a str> {
    check_issuer(settings, state, parameters.once("iss")?)?;
    if parameters.once("response")?.is_some() {
        let refused = Error::new(Code::CodeMissing).at("response");
        return Err(refused.expected("code and state as parameters").got("a signed response (JARM)"));
    }
    let code = parameters.once("code")?;
    match (parameters.once("error")?, code) {
        (Some(error), None) => Err(refusal(settings, error, parameters.values("error_description").next())),
        (Some(_), Some(_)) => {
            Err(Error::new(Code::ProviderError).at("error").got("both a code and an error"))
        }
        (None, None) => Err(Error::new(Code::CodeMissing)),
        (None, Some(code)) => check_code(code),
    }
}

/// An error instead of a code: the participant stopped, or the identity provider refused. Its own words are for the account
/// alone.
fn refusal(settings: Option<&OAuth>, error: &str, description: Option<&str>) -> Error {
    let preset = settings.map_or(&STANDARD, |settings| settings.preset);
    // Where no page was wanted, an error that says that one is needed means what it says.
    let is_silent =
        |settings: &OAuth| settings.extra.iter().any(|(name, value)| name == "prompt" && value == "none");
    // Not every product keeps to the standards' small letters.
    let word = error.to_ascii_lowercase();
    let has_stopped = preset.is_cancel(&word, description)
        && !(word.ends_with("_required") && settings.is_some_and(is_silent));
    let says = description.map(response::sentence).filter(|text| !text.is_empty());
    let code = if has_stopped { Code::LoginCancelled } else { Code::ProviderError };
    let is_name = account::is_name(error, ERROR_CHARACTERS, "_-.");
    let name = if is_name { error } else { "an error without a registered name" };
    let got = says.map_or_else(|| name.into(), |says| format!("{name} ({says})"));
    Error::new(code).at("error").got(got)
}

/// A code is a short printable text (RFC 6749 appendix A.11).
fn check_code(code: &str) -> Result<&str> {
    let wrong = |got: String| {
        let expected = format!("1 to {} printable characters", bounds::CODE_CHARACTERS);
        Error::new(Code::CodeMissing).at("code").expected(expected).got(got)
    };
    if code.len() > bounds::CODE_CHARACTERS {
        return Err(wrong(crate::error::characters(code.len())));
    }
    if code.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        Ok(code)
    } else {
        Err(wrong("a string with other characters".into()))
    }
}

/// RFC 9207 section 2.4: the issuer is compared when it is there, and must be there when it was promised.
fn check_issuer(settings: Option<&OAuth>, state: &State, iss: Option<&str>) -> Result<()> {
    let issuer = settings.map(|settings| settings.issuer.as_str());
    // The account may have moved to another identity provider since; a code of the old one is of no use at the new.
    if issuer.is_some_and(|issuer| issuer_mark(issuer) != state.issuer_mark) {
        return Err(Error::new(Code::IssuerParamMismatch)
            .at("state")
            .got("a sign-in that was sent to a different issuer"));
    }
    match iss {
        None if state.sends_iss => Err(Error::new(Code::IssuerParamMissing).at("iss")),
        None => Ok(()),
        Some(iss) => {
            let same = issuer.map_or_else(|| issuer_mark(iss) == state.issuer_mark, |issuer| issuer == iss);
            let error = || {
                let error = Error::new(Code::IssuerParamMismatch).at("iss").got(printable(iss, "no issuer"));
                issuer.map_or(error.clone(), |issuer| error.expected(issuer))
            };
            if same { Ok(()) } else { Err(error()) }
        }
    }
}
