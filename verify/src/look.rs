//! A page's first look at a token: settings and text in, an outcome out.

use crate::state::{STATE, closed};
use handstamp::{
    Code, Error,
    secure_token::{FirstLook, Seen},
    time::UnixTime,
};

/// Added to the number of a refusal that another token lifts.
const RENEW: usize = 2000;

/// What a first look says of a token that it cannot look into.
const UNDECIDED: usize = 4000;

/// Reads the settings of a page's first look; a page has one.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn prepare_look(bytes: usize) -> usize {
    STATE.lock().run(|state| {
        state.first_look = Some(FirstLook::parse(state.text(bytes))?);
        Ok(())
    })
}

/// Looks at a token: the text is the campaign's id in the first line, and the token. Returns 0 where all is good, else the
/// outcome, with `RENEW` added where another token is needed, and `UNDECIDED` where nothing is to be said.
#[unsafe(no_mangle)]
#[allow(unsafe_code, clippy::cast_possible_truncation)] // The cast of the time holds at the ends of the range.
pub extern "C" fn look(bytes: usize, now: f64) -> usize {
    let mut seen = Seen::Undecided(None);
    let refused = STATE.lock().run(|state| {
        let text = core::str::from_utf8(state.text(bytes)).map_err(|_| Error::new(Code::TokenCharacters))?;
        let end = text.bytes().position(|byte| byte == b'\n').unwrap_or_default();
        let (campaign, token) = (text.get(..end), text.get(end.saturating_add(1)..));
        let (campaign, token) = (campaign.unwrap_or_default(), token.unwrap_or_default());
        seen = state.first_look.as_ref().ok_or_else(closed)?.look(token, campaign, UnixTime(now as i64));
        match &seen {
            Seen::Good | Seen::Undecided(None) => Ok(()),
            Seen::Renew(error) | Seen::Undecided(Some(error)) => Err(error.clone()),
        }
    });
    match seen {
        Seen::Renew(_) => refused.saturating_add(RENEW),
        Seen::Undecided(None) => refused.saturating_add(UNDECIDED),
        _ => refused,
    }
}
