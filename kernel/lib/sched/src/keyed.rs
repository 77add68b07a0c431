//! Keyed events: a wait for a key and its release meet, whichever comes first.

use crate::Dispatcher;
use crate::object::ObjectKey;
use crate::wait::{Begun, Deadline, Role, WaitError, Waited};

/// What boosts the thread that waited.
const MEETING_BOOST: u8 = 1;

impl<P> Dispatcher<P> {
    /// Begins the running thread's wait until another one comes with the same
    /// key (whose it is, and its value) from the other side: one `releases`, the
    /// other does not.
    pub fn meet(
        &mut self,
        event: &ObjectKey,
        key: (u64, u64),
        releases: bool,
        is_alertable: bool,
        deadline: Deadline,
    ) -> Result<Begun, WaitError> {
        let Some(thread) = self.current else {
            unreachable!("the idle execution does not wait");
        };
        if self.threads.at(thread).is_ending {
            return Ok(Begun::Over(Waited::Ending));
        }
        let event = self.object(event);
        let other_side = Role::Keyed {
            key,
            releases: !releases,
        };
        let mut next = self.objects.at(event).waiters.first();
        while let Some(index) = next {
            let block = self.blocks.at(index);
            next = block.next_waiter();
            let other = block.thread;
            if block.role == other_side {
                self.end_wait(other, Waited::Satisfied(0), MEETING_BOOST);
                return Ok(Begun::Over(Waited::Satisfied(0)));
            }
        }
        if let Some(waited) = is_alertable.then(|| self.take_alert(thread)).flatten() {
            return Ok(Begun::Over(waited));
        }
        if deadline == Deadline::Now {
            return Ok(Begun::Over(Waited::TimedOut));
        }
        self.add_block(thread, event, 0, Role::Keyed { key, releases })?;
        self.threads.at_mut(thread).wait.is_alertable = is_alertable;
        self.begin_wait(thread, deadline);
        Ok(Begun::Waiting)
    }
}
