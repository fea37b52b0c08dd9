//! A stage that needs answers from outside is run from its beginning each time, with the answers so far. Its next
//! question is a [`Request`] or an operation of WebCrypto; with all answers it ends.

use super::step::{Answer, Request, Step};
use crate::{
    Error, Result, bounds,
    jose::host::{Host, here},
    json::{Object, Value},
};
use alloc::vec::Vec;

/// Why a stage stops before its end.
#[derive(Debug)]
pub enum Pause {
    /// It needs this first.
    Ask(Request),
    /// It needs the host to compute this first.
    Compute(Value),
    /// It is refused.
    Refuse(Error),
}

impl From<Error> for Pause {
    fn from(error: Error) -> Self {
        Self::Refuse(error)
    }
}

impl Pause {
    /// Converts the refusal of a pause into that of the stage.
    pub fn refused(self, tell: impl FnOnce(Error) -> Error) -> Self {
        match self {
            Self::Refuse(error) => Self::Refuse(tell(error)),
            question => question,
        }
    }
}

/// The result of a part of a stage.
pub type Played<T> = core::result::Result<T, Pause>;

/// The answers so far: those to requests, each given out once, in order, and those of WebCrypto, which are bound to
/// their questions.
pub struct Replay {
    answers: alloc::vec::IntoIter<Answer>,
    host: Host,
    timeout: u32,
}

impl Replay {
    /// Takes the answers of a stage's input, none at the first call, and what its `host` can compute. Without a host
    /// the module computes alone.
    ///
    /// # Errors
    /// `settings_invalid` for a value that is not a valid answer.
    pub fn of(input: &Object) -> Result<Self> {
        let answers = input.get("answers").and_then(Value::as_array).unwrap_or_default();
        let answers = answers.iter().map(Answer::from_json).collect::<Result<Vec<_>>>()?.into_iter();
        let host = input.get("host").and_then(Value::as_object);
        let host = host.map_or(Ok(Host::none()), Host::from_json)?;
        Ok(Self { answers, host, timeout: bounds::TIMEOUT_SECONDS })
    }

    /// Gives every server of this stage so many seconds to answer.
    #[must_use]
    pub const fn within(mut self, timeout: u32) -> Self {
        self.timeout = timeout;
        self
    }

    /// Returns the answer to a request, or the pause in which the host gets it.
    ///
    /// # Errors
    /// [`Pause::Ask`] when the answer is not there yet.
    pub fn ask(&mut self, request: Request) -> Played<Answer> {
        self.answers.next().ok_or(Pause::Ask(Request { timeout: self.timeout, ..request }))
    }

    /// Returns the result of a computation, or the pause in which the host computes its part.
    ///
    /// # Errors
    /// [`Pause::Compute`] when the host is asked; [`Pause::Refuse`] with the computation's own.
    pub fn compute<T>(&self, run: impl AsyncFnOnce(&Host) -> Result<T>) -> Played<T> {
        let result = here(run(&self.host));
        match self.host.take_operation() {
            Some(operation) => Err(Pause::Compute(operation.to_json())),
            None => Ok(result?),
        }
    }
}

/// Returns the end of a stage, as the host sees it.
///
/// # Errors
/// The refusal.
pub fn step<T>(played: Played<T>) -> Result<Step<T>> {
    match played {
        Ok(done) => Ok(Step::Done(done)),
        Err(Pause::Ask(request)) => Ok(Step::Request(request)),
        Err(Pause::Compute(operation)) => Ok(Step::Operation(operation)),
        Err(Pause::Refuse(error)) => Err(error),
    }
}
