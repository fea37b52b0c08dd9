//! A call that may need the host: it runs until it is done or needs an operation, and goes on with the answer. Without a
//! host it is the same call, which then ends at once ([`here`]).

use super::{
    abilities::Host,
    operation::{HostAnswer, Operation},
};
use crate::{Code, Error, Result};
use alloc::{boxed::Box, rc::Rc};
use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

/// Runs a call to its end, without waiting.
///
/// # Errors
/// Those of the call; `sync_unsupported` where it asks its host, which [`Host::none`] is never.
pub fn here<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Error::new(Code::SyncUnsupported)),
    }
}

/// A call that waits for the host's answer. Nothing of what it knows comes out before that.
pub struct Pending<'a, T> {
    call: Pin<Box<dyn Future<Output = Result<T>> + 'a>>,
    host: Rc<Host>,
}

/// The state of a call.
pub enum Progress<'a, T> {
    /// It has ended.
    Done(Result<T>),
    /// It needs the host's answer to [`Pending::operation`].
    Needs(Pending<'a, T>),
}

impl<'a, T> Pending<'a, T> {
    /// Starts a call.
    pub fn start<F: Future<Output = Result<T>> + 'a>(
        host: Host,
        call: impl FnOnce(Rc<Host>) -> F,
    ) -> Progress<'a, T> {
        let host = Rc::new(host);
        Self { call: Box::pin(call(Rc::clone(&host))), host }.run()
    }

    /// Looks at the operation that the host is to compute.
    pub fn operation<R>(&self, look: impl FnOnce(&Operation) -> R) -> Option<R> {
        self.host.line.asked(look)
    }

    /// Goes on with the host's answer.
    pub fn answer(self, answer: HostAnswer) -> Progress<'a, T> {
        self.host.line.answer(answer);
        self.run()
    }

    fn run(mut self) -> Progress<'a, T> {
        match self.call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => Progress::Done(result),
            Poll::Pending => Progress::Needs(self),
        }
    }
}

// It holds keys and personal data.
impl<T> core::fmt::Debug for Pending<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Pending({:?})", self.host.line)
    }
}
