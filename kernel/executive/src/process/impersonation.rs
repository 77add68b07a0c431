//! Who a thread acts for in place of its process.

use core::sync::atomic::{AtomicBool, Ordering};

use hal::Ref;
use hal::lock::Lock;

use super::Thread;
use crate::rank;
use crate::token::Token;

/// A token for threads, if there is one.
pub(super) struct Impersonation {
    /// Tells most threads, which have none, without the lock.
    is_on: AtomicBool,
    token: Lock<rank::ThreadToken, Option<Ref<Token>>>,
}

impl Impersonation {
    pub(super) const fn new() -> Self {
        Self {
            is_on: AtomicBool::new(false),
            token: Lock::new(None),
        }
    }
}

impl Thread {
    /// Whether it acts for someone in place of its process.
    #[inline]
    pub fn is_impersonating(&self) -> bool {
        self.impersonation.is_on.load(Ordering::Relaxed)
    }

    /// The token that it has in place of its process's.
    #[cold]
    pub fn token(&self) -> Option<Ref<Token>> {
        self.impersonation.token.lock().clone()
    }

    /// Who it acts for: by its own token, or its process's.
    #[inline]
    pub fn effective_token(&self) -> Ref<Token> {
        let own = match self.is_impersonating() {
            true => self.token(),
            false => None,
        };
        own.unwrap_or_else(|| self.process().token().clone())
    }

    /// Has it act for someone; `None`: for whom its process does.
    pub fn set_token(&self, token: Option<Ref<Token>>) {
        let mut held = self.impersonation.token.lock();
        let is_on = token.is_some();
        let before = core::mem::replace(&mut *held, token);
        self.impersonation.is_on.store(is_on, Ordering::Relaxed);
        drop(held);
        // Outside the lock: this may be the last reference.
        drop(before);
    }
}
