//! The exchange between a call and its host: one operation, one answer.

use super::operation::{HostAnswer, Operation};
use core::{cell::RefCell, future::poll_fn, task::Poll};

/// The line between a call and its host.
#[derive(Debug)]
pub(super) struct Line(RefCell<LineState>);

#[derive(Debug, Default)]
enum LineState {
    #[default]
    Silent,
    Asked(Operation),
    Answered(HostAnswer),
}

impl Line {
    /// Creates a line on which nothing was asked.
    pub const fn new() -> Self {
        Self(RefCell::new(LineState::Silent))
    }

    /// Asks for an operation, and waits for its answer.
    pub async fn ask(&self, operation: Operation) -> HostAnswer {
        self.0.replace(LineState::Asked(operation));
        poll_fn(|_| match self.0.take() {
            LineState::Answered(answer) => Poll::Ready(answer),
            other => {
                self.0.replace(other);
                Poll::Pending
            }
        })
        .await
    }

    /// Looks at what was asked.
    pub fn asked<R>(&self, look: impl FnOnce(&Operation) -> R) -> Option<R> {
        if let LineState::Asked(operation) = &*self.0.borrow() { Some(look(operation)) } else { None }
    }

    /// Takes what was asked.
    pub fn take(&self) -> Option<Operation> {
        if let LineState::Asked(operation) = self.0.take() { Some(operation) } else { None }
    }

    /// Answers.
    pub fn answer(&self, answer: HostAnswer) {
        self.0.replace(LineState::Answered(answer));
    }
}
