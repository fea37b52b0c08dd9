//! The calls about a token, one crossing in and one out. The host writes the token into [`room_for`] and calls; what the
//! call has come to is its return value, an [`outcome`], and the bytes that belong to it lie where the words at
//! [`words_at`] say, until the next call. Where an operation is needed, the call waits under a number for
//! [`host_answer`].
extern crate std;

use super::boundary::{outcome, reply, word};
use super::convert::refused;
use super::remembered;
use crate::jose::{Host, HostAnswer, Inputs, Operation, Pending, Progress, Waiting};
use crate::json::{Value, writer::in_ascii};
use crate::{Code, Error, Result};
use alloc::{boxed::Box, rc::Rc, string::String, vec::Vec};
use core::{cell::RefCell, future::Future};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// The place of a key that is for one operation alone.
const NOWHERE: u32 = u32::MAX;
/// The words: those before the parts, and three parts.
const WORDS: usize = word::PARTS as usize + 6;

/// The result of a call.
pub struct Said {
    text: String,
    bytes: Vec<u8>,
    /// The source that vouched for the claims in the text, where nothing else is to be said.
    source: Option<usize>,
}

impl Said {
    /// Says the claims of a token that came readable and without warnings.
    pub const fn claims(text: String, source: usize) -> Self {
        Self { text, bytes: Vec::new(), source: Some(source) }
    }

    /// Says a text and what was in a token.
    pub const fn content(text: String, bytes: Vec<u8>) -> Self {
        Self { text, bytes, source: None }
    }
}

impl<T: Into<Value>> From<T> for Said {
    fn from(value: T) -> Self {
        Self::content(value.into().to_text(), Vec::new())
    }
}

struct Area {
    room: Vec<u8>,
    words: Box<[u32; WORDS]>,
    said: Said,
    waiting: Waiting<Said>,
}

std::thread_local! {
    static AREA: RefCell<Area> = RefCell::new(Area {
        room: Vec::new(),
        words: Box::new([0; WORDS]),
        said: Said::content(String::new(), Vec::new()),
        waiting: Waiting::new(),
    });
}

/// Makes room for so many bytes, and returns where the host writes.
#[wasm_bindgen(js_name = roomFor)]
pub fn room_for(bytes: usize) -> usize {
    AREA.with_borrow_mut(|area| {
        if area.room.len() != bytes {
            area.room = alloc::vec![0; bytes];
        }
        area.room.as_ptr() as usize
    })
}

/// Returns the module's memory.
#[wasm_bindgen(js_name = moduleMemory)]
pub fn module_memory() -> JsValue {
    wasm_bindgen::memory()
}

/// Returns where the words are.
#[wasm_bindgen(js_name = wordsAt)]
pub fn words_at() -> usize {
    AREA.with_borrow(|area| area.words.as_ptr() as usize)
}

/// Answers the operation of that number with a [`reply`], whose bytes are in the room.
#[wasm_bindgen(js_name = hostAnswer)]
pub fn host_answer(number: f64, given: u32, length: usize) -> u32 {
    let taken = AREA.with_borrow_mut(|area| area.waiting.take(numbered(number)));
    let Some((call, token_bytes)) = taken else { return outcome::GONE };
    let answer = match given {
        reply::NO => HostAnswer::Flag(false),
        reply::YES => HostAnswer::Flag(true),
        reply::BYTES => HostAnswer::Bytes(written(length)),
        reply::FAILED.. => HostAnswer::Failed,
    };
    told(call.answer(answer), token_bytes)
}

/// Forgets the call of that number.
#[wasm_bindgen(js_name = forgetCall)]
pub fn forget_call(number: f64) {
    AREA.with_borrow_mut(|area| area.waiting.take(numbered(number)));
}

/// Returns algorithm and key of the operation of that number as WebCrypto takes them: `{ algorithm, key? }`, without the
/// key where [`key_bytes`] has it.
#[wasm_bindgen(js_name = keyParameters)]
pub fn key_parameters(number: f64, points: bool) -> String {
    let parameters = of(number, |operation| {
        let has_bytes = points && operation.point().is_some();
        Value::from(if has_bytes { operation.algorithm() } else { operation.parameters() })
    });
    parameters.unwrap_or(Value::Null).to_text()
}

/// Returns the key's bytes, where it is to be imported as such: a shared secret, or with `points` a point; else nothing. The
/// one place where a secret leaves the module: for who wipes it once it is imported.
#[wasm_bindgen(js_name = keyBytes)]
pub fn key_bytes(number: f64, points: bool) -> Uint8Array {
    let bytes = of(number, |operation| {
        let secret = operation.secret().map(crate::secret::Secret::expose);
        Uint8Array::from(secret.or_else(|| operation.point().filter(|_| points)).unwrap_or_default())
    });
    bytes.unwrap_or_default()
}

/// Starts a call about the token in the room.
pub fn about_token<F: Future<Output = Result<Said>> + 'static>(
    length: usize,
    host: Host,
    call: impl FnOnce(String, Rc<Host>) -> F,
) -> u32 {
    let token = String::from_utf8(written(length));
    let progress = match token.map_err(|_| Error::new(Code::TokenCharacters)) {
        Ok(token) => Pending::start(host.with_headers(remembered::header), |host| call(token, host)),
        Err(fault) => Progress::Done(Err(fault)),
    };
    told(progress, length)
}

fn written(length: usize) -> Vec<u8> {
    AREA.with_borrow(|area| area.room.get(..length).unwrap_or_default().to_vec())
}

/// Of the operation of that number.
fn of<T>(number: f64, look: impl FnOnce(&Operation) -> T) -> Option<T> {
    AREA.with_borrow(|area| area.waiting.get(numbered(number))?.operation(look))
}

fn told(progress: Progress<'static, Said>, token_bytes: usize) -> u32 {
    AREA.with_borrow_mut(|area| match progress {
        Progress::Done(Ok(said)) => {
            let source = said.source;
            area.say(said);
            area.set(word::NUMBER, source.unwrap_or_default());
            if source.is_some() { outcome::VERIFIED } else { outcome::TEXT }
        }
        Progress::Done(Err(fault)) => {
            area.say(Said::content(refused(&fault), Vec::new()));
            outcome::REFUSED
        }
        Progress::Needs(call) => area.wait(call, token_bytes),
    })
}

impl Area {
    fn wait(&mut self, call: Pending<'static, Said>, token_bytes: usize) -> u32 {
        let number = self.waiting.keep(call, token_bytes);
        let Self { waiting, words, said, .. } = self;
        let asked = waiting.get(number).and_then(|call| {
            call.operation(|operation| {
                set(words, word::PLACE, operation.place.unwrap_or(NOWHERE));
                match operation.inputs() {
                    Inputs::Verify { message, signature } => {
                        parts(words, [message, signature, &[]]);
                        outcome::VERIFY
                    }
                    Inputs::Open { iv, covered, sealed } => {
                        parts(words, [sealed, iv, covered]);
                        outcome::OPEN
                    }
                    Inputs::Digest { message } => {
                        parts(words, [message, &[], &[]]);
                        outcome::DIGEST
                    }
                    Inputs::Private => {
                        *said = Said::from(operation.to_json());
                        parts(words, [said.text.as_bytes(), &[], &[]]);
                        outcome::PRIVATE
                    }
                }
            })
        });
        let [.., a, b, c, d] = number.to_be_bytes();
        set(words, word::NUMBER, u32::from_be_bytes([a, b, c, d]));
        set(words, word::HIGH, u32::try_from(number >> 32).unwrap_or_default());
        asked.unwrap_or(outcome::GONE)
    }

    fn say(&mut self, Said { text, bytes, source }: Said) {
        self.said = Said { text: in_ascii(text), bytes, source };
        parts(&mut self.words, [self.said.text.as_bytes(), &self.said.bytes, &[]]);
    }

    fn set(&mut self, word: u32, value: usize) {
        set(&mut self.words, word, narrow(value));
    }
}

fn set(words: &mut [u32; WORDS], word: u32, value: u32) {
    if let Some(place) = words.get_mut(word as usize) {
        *place = value;
    }
}

/// Where some bytes are, and how many.
fn parts(words: &mut [u32; WORDS], parts: [&[u8]; 3]) {
    let found = parts.into_iter().flat_map(|part| [part.as_ptr() as usize, part.len()]);
    for (place, value) in words.iter_mut().skip(word::PARTS as usize).zip(found) {
        *place = narrow(value);
    }
}

/// A place or a length in a memory of 32 bits.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// A number of a call that waits: whole, and far below 2^53.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
const fn numbered(number: f64) -> u64 {
    number as u64
}
