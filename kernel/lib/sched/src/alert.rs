//! Alerts: NT's old kind, and tokens, one of each kind a thread.

use crate::wait::{Begun, Deadline, Waited};
use crate::{Dispatcher, ThreadKey};

/// What boosts a thread that is given its token.
const TOKEN_BOOST: u8 = 1;

/// What a thread can be given, whether it waits for it yet or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// What another thread gives it by its id.
    Alert,
    /// What the kernel gives it when what it asked for is there.
    Answer,
}

/// One of each kind, at most.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tokens {
    has_alert: bool,
    has_answer: bool,
}

impl Tokens {
    fn of(&mut self, token: Token) -> &mut bool {
        match token {
            Token::Alert => &mut self.has_alert,
            Token::Answer => &mut self.has_answer,
        }
    }

    fn give(&mut self, token: Token) {
        *self.of(token) = true;
    }

    pub(crate) fn take(&mut self, token: Token) -> bool {
        core::mem::take(self.of(token))
    }
}

impl Token {
    /// What a wait for it ends with.
    pub(crate) fn waited(self) -> Waited {
        match self {
            Self::Alert => Waited::Alerted,
            Self::Answer => Waited::Satisfied(0),
        }
    }
}

impl<P> Dispatcher<P> {
    /// Ends a thread's alertable wait, or its next one before it begins.
    pub fn alert(&mut self, thread: ThreadKey) {
        let Some(index) = self.threads.find(thread.0) else {
            return;
        };
        let entry = self.threads.at_mut(index);
        match entry.waits_alertably() {
            true => self.end_wait(index, Waited::Alerted, 0),
            false => entry.is_alerted = true,
        }
    }

    /// Whether the running thread was alerted, which it then no longer is; APCs
    /// that are queued will be called at its return to user mode.
    pub fn test_alert(&mut self) -> bool {
        let Some(thread) = self.current else {
            return false;
        };
        let entry = self.threads.at_mut(thread);
        entry.apc_is_due |= !entry.apcs.is_empty();
        core::mem::take(&mut entry.is_alerted)
    }

    /// What ends an alertable wait before it begins.
    pub(crate) fn take_alert(&mut self, thread: u32) -> Option<Waited> {
        let entry = self.threads.at_mut(thread);
        if core::mem::take(&mut entry.is_alerted) {
            return Some(Waited::Alerted);
        }
        entry.apc_is_due = !entry.apcs.is_empty();
        let is_called = entry.apc_is_due || !entry.special_apcs.is_empty();
        is_called.then_some(Waited::UserApc)
    }

    /// Gives a thread its one token of a kind: ends its wait for it, now or later.
    /// False: there is no such thread any more.
    #[inline]
    pub fn give_token(&mut self, thread: ThreadKey, token: Token) -> bool {
        let Some(index) = self.threads.find(thread.0) else {
            return false;
        };
        let entry = self.threads.at_mut(index);
        match entry.wait.is_for == Some(token) && !entry.wait.is_frozen {
            true => self.end_wait(index, token.waited(), TOKEN_BOOST),
            false => entry.tokens.give(token),
        }
        true
    }

    /// Takes the running thread's token, if it has it.
    pub fn take_token(&mut self, token: Token) -> bool {
        self.current
            .is_some_and(|thread| self.threads.at_mut(thread).tokens.take(token))
    }

    /// Begins the running thread's wait for its token.
    pub fn wait_for_token(
        &mut self,
        token: Token,
        is_alertable: bool,
        deadline: Deadline,
    ) -> Begun {
        let Some(thread) = self.current else {
            unreachable!("the idle execution does not wait");
        };
        let entry = self.threads.at_mut(thread);
        if entry.is_ending {
            return Begun::Over(Waited::Ending);
        }
        if entry.tokens.take(token) {
            return Begun::Over(token.waited());
        }
        if is_alertable && let Some(waited) = self.take_alert(thread) {
            return Begun::Over(waited);
        }
        if deadline == Deadline::Now {
            return Begun::Over(Waited::TimedOut);
        }
        let wait = &mut self.threads.at_mut(thread).wait;
        wait.is_for = Some(token);
        wait.is_alertable = is_alertable;
        self.begin_wait(thread, deadline);
        Begun::Waiting
    }
}
