//! The small module: verification by HS, RS and ES256, standard claims, and nothing else. It has no glue: JavaScript writes
//! text where [`room`] says, calls, and reads what stands at [`answer`]. What it says is put into words there.
//!
//! A call that can refuse returns 0 for good, or 1 more than the place of the refusal's code in the catalogue; then the
//! answer is the place of the fault.
#![no_std]

extern crate alloc;

use alloc::{string::String, vec::Vec};
use handstamp::{
    Code, Error, Result,
    error::Remark,
    freshness::{Action, Copy, Event},
    secure_token::{FirstLook, Seen, Verification},
    time::UnixTime,
};
use spin::Mutex;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// There are no panics, by test; and if there were one, JavaScript would go on with a new instance.
#[cfg(target_family = "wasm")]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// What is kept between two calls.
struct State {
    text: Vec<u8>,
    answer: String,
    verifications: Vec<Option<Prepared>>,
    handle: usize,
    first_look: Option<FirstLook>,
}

/// Settings, and the copies of their key sets, by the places of their sources.
struct Prepared {
    verification: Verification,
    copies: Vec<Copy>,
}

// One thread: nobody waits for the lock.
static STATE: Mutex<State> = Mutex::new(State {
    text: Vec::new(),
    answer: String::new(),
    verifications: Vec::new(),
    handle: 0,
    first_look: None,
});

/// Makes room for a text of at most that many bytes and says where. Each call that takes the text is told how many it has.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    let mut state = STATE.lock();
    state.text.clear();
    state.text.resize(bytes, 0);
    state.text.as_mut_ptr()
}

/// Where the answer is.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn answer() -> *const u8 {
    STATE.lock().answer.as_ptr()
}

/// How many bytes the answer has.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn length() -> usize {
    STATE.lock().answer.len()
}

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

/// Goes on with an event of a key set: need, refresh, doubt, fetched or failed, by its place here. A fetched
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
        _ => Event::Failed(false),
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

/// Forgets settings and their keys.
#[unsafe(no_mangle)]
#[allow(unsafe_code)]
pub extern "C" fn release(handle: usize) {
    if let Some(verification) = STATE.lock().verifications.get_mut(handle) {
        *verification = None;
    }
}

impl State {
    /// Runs a call; a refusal becomes its number, with [`ISSUER`] where that is the owner, and its place the answer.
    fn run(&mut self, call: impl FnOnce(&mut Self) -> Result<()>) -> usize {
        self.answer.clear();
        let Err(error) = call(self) else { return 0 };
        if let Some(place) = error.detail().and_then(|detail| detail.at.as_deref()) {
            self.answer.push_str(place);
        }
        let owner = if error.fix() == error.code().fix() { 0 } else { ISSUER };
        (error.code() as usize).saturating_add(1).saturating_add(owner)
    }

    fn text(&self, bytes: usize) -> &[u8] {
        self.text.get(..bytes).unwrap_or_default()
    }

    fn verification(&self, handle: usize) -> Result<&Verification> {
        let prepared = self.verifications.get(handle).and_then(Option::as_ref);
        Ok(&prepared.ok_or_else(closed)?.verification)
    }

    fn copy(&mut self, handle: usize, index: usize) -> Option<&mut Copy> {
        self.verifications.get_mut(handle)?.as_mut()?.copies.get_mut(index)
    }
}

/// Added to the number of a refusal that is the issuer's to fix, whatever the catalogue says of its code.
const ISSUER: usize = 1000;

/// Added to the number of a refusal that another token lifts.
const RENEW: usize = 2000;

/// What a first look says of a token that it cannot look into.
const UNDECIDED: usize = 4000;

fn closed() -> Error {
    Error::new(Code::SettingsInvalid).at("verifier")
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
