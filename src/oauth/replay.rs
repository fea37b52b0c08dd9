//! A stage that needs answers from outside is run from its beginning each time, with the answers so far. What it
//! asks next is a [`Request`]; with all answers at hand it ends.

use crate::{
    Error, Result,
    json::{Object, Value},
    operation::{Answer, Request, Step},
};
use alloc::vec::Vec;

/// Why a stage stops before its end.
#[derive(Debug)]
pub enum Pause {
    /// It needs this first.
    Ask(Request),
    /// It is refused.
    Refuse(Error),
}

impl From<Error> for Pause {
    fn from(error: Error) -> Self {
        Self::Refuse(error)
    }
}

/// What a part of a stage comes to.
pub type Played<T> = core::result::Result<T, Pause>;

/// The answers so far, each given out once, in order.
pub struct Replay(alloc::vec::IntoIter<Answer>);

impl Replay {
    /// Takes the answers of a stage's input; none at the first call.
    ///
    /// # Errors
    /// `settings_invalid` for what is no answer.
    pub fn of(input: &Object) -> Result<Self> {
        let answers = input.get("answers").and_then(Value::as_array).unwrap_or_default();
        Ok(Self(answers.iter().map(Answer::from_json).collect::<Result<Vec<_>>>()?.into_iter()))
    }

    /// The answer to a request, or the pause in which the host gets it.
    ///
    /// # Errors
    /// [`Pause::Ask`] when the answer is not there yet.
    pub fn ask(&mut self, request: Request) -> Played<Answer> {
        self.0.next().ok_or(Pause::Ask(request))
    }
}

/// The end of a stage, as the host sees it.
///
/// # Errors
/// The refusal.
pub fn step<T>(played: Played<T>) -> Result<Step<T>> {
    match played {
        Ok(done) => Ok(Step::Done(done)),
        Err(Pause::Ask(request)) => Ok(Step::Request(request)),
        Err(Pause::Refuse(error)) => Err(error),
    }
}
