//! Takes data out of the queue, and ends the writes that this makes room for.

use super::{Kind, Queue};
use crate::completion::with_capacity;
use crate::{Completed, Data, Ended, PipeStatus, ReadMode};

impl<R> Queue<R> {
    /// Reads up to so many bytes, of a message or of all writes. On failure
    /// nothing has changed.
    pub(crate) fn take(
        &mut self,
        mode: ReadMode,
        max: usize,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Result<(PipeStatus, Data), PipeStatus> {
        if max == 0 && mode == ReadMode::Byte {
            return Ok((PipeStatus::Success, Data::default()));
        }
        if let Some(data) = self.take_whole(mode, max, complete) {
            return Ok((PipeStatus::Success, data));
        }
        let available = match mode {
            ReadMode::Byte => self.unread,
            ReadMode::Message => self.first_unread(),
        };
        let mut bytes = with_capacity(available.min(max))?;
        let ended = self.consume(mode, max, |part| bytes.extend_from_slice(part), complete);
        Ok((ended.status, bytes.into()))
    }

    /// Reads into a buffer.
    pub(crate) fn take_into(
        &mut self,
        mode: ReadMode,
        buffer: &mut [u8],
        complete: &mut impl FnMut(Completed<R>),
    ) -> Ended {
        let max = buffer.len();
        let mut rest = buffer;
        let copy = |part: &[u8]| {
            // Never longer than what is left of the buffer.
            if let Some((to, after)) = core::mem::take(&mut rest).split_at_mut_checked(part.len()) {
                to.copy_from_slice(part);
                rest = after;
            }
        };
        self.consume(mode, max, copy, complete)
    }

    /// Takes the first write's data as they are, if that is what a read gets.
    fn take_whole(
        &mut self,
        mode: ReadMode,
        max: usize,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Option<Data> {
        let unread = self.first_unread();
        let is_whole = match mode {
            ReadMode::Message => unread <= max,
            ReadMode::Byte => unread == max || (unread == self.unread && unread < max),
        };
        // An empty message behind it would be read by the same read of bytes.
        if !is_whole || (mode == ReadMode::Byte && unread < max && self.writes.len() > 1) {
            return None;
        }
        let data = self.finish_first(complete)?;
        self.grant(complete);
        Some(data)
    }

    /// How much of the first write is unread.
    fn first_unread(&self) -> usize {
        self.writes.front().map_or(0, |write| write.unread().len())
    }

    /// Hands up to so many bytes to `copy` and takes them out.
    fn consume(
        &mut self,
        mode: ReadMode,
        max: usize,
        mut copy: impl FnMut(&[u8]),
        complete: &mut impl FnMut(Completed<R>),
    ) -> Ended {
        let mut left = max;
        let mut status = PipeStatus::Success;
        // One without room learns whether there is more of a message than nothing.
        while left > 0 || (max == 0 && mode == ReadMode::Message) {
            let Some(write) = self.writes.front_mut() else {
                break;
            };
            let unread = write.unread();
            let is_all = unread.len() <= left;
            let part = unread.get(..left).unwrap_or(unread);
            copy(part);
            let len = part.len();
            left = left.saturating_sub(len);
            if is_all {
                self.finish_first(complete);
                if mode == ReadMode::Message {
                    break;
                }
                continue;
            }
            // What is beyond the quota is read last.
            let freed = write.charged.min(len);
            write.data.skip(len);
            write.charged = write.charged.saturating_sub(freed);
            self.charged = self.charged.saturating_sub(freed);
            self.unread = self.unread.saturating_sub(len);
            if mode == ReadMode::Message {
                status = PipeStatus::BufferOverflow;
            }
            break;
        }
        self.grant(complete);
        Ended {
            status,
            bytes: max.saturating_sub(left),
        }
    }

    /// Takes out the first write, read to its end, and the flushes behind it.
    fn finish_first(&mut self, complete: &mut impl FnMut(Completed<R>)) -> Option<Data> {
        let write = self.writes.pop_front()?;
        self.charged = self.charged.saturating_sub(write.charged);
        self.unread = self.unread.saturating_sub(write.unread().len());
        if let Some(request) = write.request {
            self.waiting = self.waiting.saturating_sub(1);
            let size = write.data.written();
            complete(Completed::new(request, PipeStatus::Success, size));
        }
        self.finish_flushes(complete);
        Some(write.data)
    }

    /// Ends the flushes that have nothing before them.
    pub(super) fn finish_flushes(&mut self, complete: &mut impl FnMut(Completed<R>)) {
        while let Some(flush) = self.writes.pop_front_if(|write| write.kind == Kind::Flush) {
            if let Some(request) = flush.request {
                complete(Completed::new(request, PipeStatus::Success, 0));
            }
        }
    }

    /// Gives what is free of the quota to the writes that wait, in order, and
    /// ends those that it is enough for.
    pub(super) fn grant(&mut self, complete: &mut impl FnMut(Completed<R>)) {
        let mut room = self.quota.saturating_sub(self.charged);
        if self.waiting == 0 || room == 0 {
            return;
        }
        for write in &mut self.writes {
            if room == 0 {
                break;
            }
            if write.kind == Kind::Flush || write.request.is_none() {
                continue;
            }
            let missing = write.unread().len().saturating_sub(write.charged);
            let given = missing.min(room);
            room = room.saturating_sub(given);
            write.charged = write.charged.saturating_add(given);
            self.charged = self.charged.saturating_add(given);
            if given == missing
                && let Some(request) = write.request.take()
            {
                self.waiting = self.waiting.saturating_sub(1);
                let size = write.data.written();
                complete(Completed::new(request, PipeStatus::Success, size));
            }
        }
    }
}
