//! Verification by prepared settings, and the freshness of their key sets.

use crate::state::{Prepared, STATE, State, closed};
use alloc::string::String;
use handstamp::{
    Code, Error, Result,
    error::Remark,
    freshness::{Action, Copy, Event},
    secure_token::Verification,
    time::UnixTime,
};

/// Reads settings.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn prepare(bytes: usize) -> usize {
    STATE.lock().run(|state| {
        let verification = Verification::parse(state.text(bytes));
        // It may hold secrets.
        state.text.fill(0);
        let verification = verification?;
        let copies = alloc::vec![Copy::default(); verification.sources().len()];
        let prepared = Some(Prepared { verification, copies });
        // The place of a verification that was released, or a new one.
        state.handle =
            state.verifications.iter().position(Option::is_none).unwrap_or(state.verifications.len());
        match state.verifications.get_mut(state.handle) {
            Some(place) => *place = prepared,
            None => state.verifications.push(prepared),
        }
        Ok(())
    })
}

/// What the settings that were read last are called in other calls.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn handle() -> usize {
    STATE.lock().handle
}

/// Verifies a token. The answer is a line with the source that
/// vouched and remarks, and then the claims as they were signed.
#[unsafe(no_mangle)]
#[allow(unsafe_code, clippy::cast_possible_truncation)] // The cast of the time holds at the ends of the range.
pub extern "C" fn verify(handle: usize, bytes: usize, now: f64) -> usize {
    STATE.lock().run(|state| {
        let token = core::str::from_utf8(state.text(bytes)).map_err(|_| Error::new(Code::TokenCharacters))?;
        let valid = state.verification(handle)?.verify(token, UnixTime(now as i64))?;
        let mut answer = String::new();
        push_number(&mut answer, valid.source);
        push_remarks(&mut answer, &valid.remarks);
        answer.push('\n');
        answer.push_str(&valid.text);
        state.answer = answer;
        Ok(())
    })
}

/// The addresses of key sets: `index address` in lines.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn addresses(handle: usize) -> usize {
    STATE.lock().run(|state| {
        let mut answer = String::new();
        for (index, source) in state.verification(handle)?.sources().iter().enumerate() {
            if let Some(url) = source.url() {
                push_number(&mut answer, index);
                answer.push(' ');
                answer.push_str(url);
                answer.push('\n');
            }
        }
        state.answer = answer;
        Ok(())
    })
}

/// Installs a key set. The answer is remarks.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn install(handle: usize, index: usize, bytes: usize) -> usize {
    STATE.lock().run(|state| {
        let mut text = core::mem::take(&mut state.text);
        text.truncate(bytes);
        let verification = state.verifications.get_mut(handle).and_then(Option::as_mut);
        let remarks = verification.ok_or_else(closed)?.verification.install(index, &text)?;
        push_remarks(&mut state.answer, &remarks);
        Ok(())
    })
}

/// Lets go of a key set.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn forget(handle: usize, index: usize) {
    if let Some(Some(held)) = STATE.lock().verifications.get_mut(handle) {
        held.verification.forget(index);
    }
}

/// Goes on with an event of a key set: need, refresh, doubt, fetched, failed or use, by its place here. A fetched
/// one comes with its `cache-control`, if that has any bytes. Returns the place of the next action among those of
/// [`Action`].
#[unsafe(no_mangle)]
#[allow(unsafe_code, clippy::cast_possible_truncation)] // As of `verify`.
pub extern "C" fn step(handle: usize, index: usize, event: usize, bytes: usize, now: f64) -> usize {
    let mut state = STATE.lock();
    let text = core::mem::take(&mut state.text);
    let cache_control = text.get(..bytes).and_then(|text| core::str::from_utf8(text).ok());
    let event = match event {
        0 => Event::Need,
        1 => Event::Refresh,
        2 => Event::Doubt,
        3 => Event::Fetched(cache_control.filter(|told| !told.is_empty())),
        4 => Event::Failed(false),
        _ => Event::Use,
    };
    state.copy(handle, index).map_or(Action::Refuse, |copy| copy.step(event, UnixTime(now as i64))) as usize
}

/// Until when the copy of a key set is fresh, in seconds; 0 if there is none.
#[unsafe(no_mangle)]
#[allow(unsafe_code, clippy::cast_precision_loss)] // A time in seconds.
pub extern "C" fn fresh(handle: usize, index: usize) -> f64 {
    STATE.lock().copy(handle, index).and_then(|copy| copy.fresh_until()).map_or(0.0, |until| until.0 as f64)
}

/// Says which event the refusal of a token is for [`step`](step()). The answer is its name, or empty where newer keys cannot lift
/// the refusal.
#[unsafe(no_mangle)]
#[allow(unsafe_code, clippy::cast_possible_truncation)] // As of `verify`.
pub extern "C" fn event(handle: usize, code: usize, bytes: usize, now: f64) -> usize {
    STATE.lock().run(|state| {
        let token = core::str::from_utf8(state.text(bytes)).unwrap_or_default();
        let code = Code::ALL.get(code).copied().unwrap_or(Code::Internal);
        let event = state.verification(handle)?.newer_keys(token, code, UnixTime(now as i64));
        state.answer.push_str(event.unwrap_or_default());
        Ok(())
    })
}

/// Forgets settings and their keys.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn release(handle: usize) {
    if let Some(verification) = STATE.lock().verifications.get_mut(handle) {
        *verification = None;
    }
}

impl State {
    fn verification(&self, handle: usize) -> Result<&Verification> {
        let prepared = self.verifications.get(handle).and_then(Option::as_ref);
        Ok(&prepared.ok_or_else(closed)?.verification)
    }

    fn copy(&mut self, handle: usize, index: usize) -> Option<&mut Copy> {
        self.verifications.get_mut(handle)?.as_mut()?.copies.get_mut(index)
    }
}

/// Adds `, number place` for each: the number is the place of the warning in the catalogue.
fn push_remarks(answer: &mut String, remarks: &[Remark]) {
    for remark in remarks {
        answer.push(',');
        push_number(answer, remark.warning as usize);
        answer.push(' ');
        answer.push_str(remark.at.as_deref().unwrap_or_default());
    }
}

/// Adds a number below 1000: without the machinery of `core::fmt`.
fn push_number(answer: &mut String, number: usize) {
    for unit in [100, 10, 1] {
        let digit = number.checked_div(unit).unwrap_or_default() % 10;
        answer.extend(u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 10)));
    }
}
