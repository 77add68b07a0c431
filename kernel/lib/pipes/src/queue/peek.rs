//! Looks at data without taking them (NT `FSCTL_PIPE_PEEK`).

use super::{Kind, Queue};
use crate::{Ended, PipeStatus, PipeType};

impl<R> Queue<R> {
    /// How many messages there are, and how much of the first is unread.
    pub(crate) fn messages(&self) -> (usize, usize) {
        let is_data = |write: &&super::Write<R>| write.kind == Kind::Data;
        let first = self.writes.front().map_or(0, |write| write.unread().len());
        (self.writes.iter().filter(is_data).count(), first)
    }

    /// Copies what a read would get. It is the pipe's type that says how much,
    /// not how the end reads.
    pub(crate) fn peek(&self, pipe_type: PipeType, buffer: &mut [u8]) -> Ended {
        let max = buffer.len();
        let mut rest = buffer;
        let mut status = PipeStatus::Success;
        if max == 0 && self.unread > 0 {
            status = PipeStatus::BufferOverflow;
        }
        for write in self.writes.iter().filter(|write| write.kind == Kind::Data) {
            let unread = write.unread();
            let part = unread.get(..rest.len()).unwrap_or(unread);
            if let Some((to, after)) = core::mem::take(&mut rest).split_at_mut_checked(part.len()) {
                to.copy_from_slice(part);
                rest = after;
            }
            if pipe_type == PipeType::Message {
                if part.len() < unread.len() {
                    status = PipeStatus::BufferOverflow;
                }
                break;
            }
        }
        Ended {
            status,
            bytes: max.saturating_sub(rest.len()),
        }
    }
}
