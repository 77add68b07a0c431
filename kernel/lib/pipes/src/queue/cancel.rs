//! Takes requests out of the queue that will not be served.

use super::{Kind, Queue};
use crate::{Completed, PipeStatus};

impl<R> Queue<R> {
    /// Ends all that is in the queue, and throws data away.
    pub(crate) fn abort(&mut self, status: PipeStatus, complete: &mut impl FnMut(Completed<R>)) {
        while let Some(write) = self.writes.pop_front() {
            if let Some(request) = write.request {
                complete(Completed::new(request, status, 0));
            }
        }
        self.charged = 0;
        self.unread = 0;
        self.waiting = 0;
        self.abort_reads(status, complete);
    }

    /// Ends all reads.
    pub(crate) fn abort_reads(
        &mut self,
        status: PipeStatus,
        complete: &mut impl FnMut(Completed<R>),
    ) {
        while let Some(read) = self.reads.pop_front() {
            complete(Completed::new(read.request, status, 0));
        }
    }

    /// Cancels reads, and says how many.
    pub(crate) fn cancel_reads(
        &mut self,
        matches: &mut impl FnMut(&R) -> bool,
        complete: &mut impl FnMut(Completed<R>),
    ) -> usize {
        let mut cancelled = 0usize;
        // Once around: those that stay keep their order.
        for _ in 0..self.reads.len() {
            let Some(read) = self.reads.pop_front() else {
                break;
            };
            if matches(&read.request) {
                cancelled = cancelled.saturating_add(1);
                complete(Completed::new(read.request, PipeStatus::Cancelled, 0));
            } else {
                self.reads.push_back(read);
            }
        }
        cancelled
    }

    /// Cancels writes and flushes that are not over, and says how many. What
    /// is unread of such a write is lost.
    pub(crate) fn cancel_writes(
        &mut self,
        matches: &mut impl FnMut(&R) -> bool,
        complete: &mut impl FnMut(Completed<R>),
    ) -> usize {
        let mut cancelled = 0usize;
        for _ in 0..self.writes.len() {
            let Some(mut write) = self.writes.pop_front() else {
                break;
            };
            let Some(request) = write.request.take_if(|request| matches(request)) else {
                self.writes.push_back(write);
                continue;
            };
            cancelled = cancelled.saturating_add(1);
            if write.kind == Kind::Data {
                self.waiting = self.waiting.saturating_sub(1);
                self.charged = self.charged.saturating_sub(write.charged);
                self.unread = self.unread.saturating_sub(write.unread().len());
            }
            complete(Completed::new(request, PipeStatus::Cancelled, 0));
        }
        if cancelled > 0 {
            self.finish_flushes(complete);
            self.grant(complete);
        }
        cancelled
    }
}
