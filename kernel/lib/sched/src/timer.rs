//! Timers: objects that time signals, once or again and again.

use crate::apc::ApcCall;
use crate::deadlines::Target;
use crate::object::{ObjectKey, Signal};
use crate::{Dispatcher, OutOfMemory, ThreadKey};

/// When a timer signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first time.
    pub at: u64,
    /// How long after that again; 0: never.
    pub period: u64,
    /// Whether the first time is a time of day, which comes earlier or later when
    /// the clock is set.
    pub is_of_day: bool,
}

/// What makes an object a timer.
pub(crate) struct Timer {
    pub(crate) deadline: u32,
    period: u64,
    is_of_day: bool,
    /// The thread that is to make a call, in whose list of timers it is, and
    /// the call.
    pub(crate) apc: Option<(u32, u32)>,
}

impl<P> Dispatcher<P> {
    /// Adds a timer that is not set.
    pub fn add_timer(&mut self, is_notification: bool) -> Result<ObjectKey, OutOfMemory> {
        let deadline = self.deadlines.add(Target::Timer(0))?;
        let signal = match is_notification {
            true => Signal::Notification { is_set: false },
            false => Signal::Synchronization { is_set: false },
        };
        match self.add_object(signal) {
            Ok(key) => {
                self.deadlines
                    .retarget(deadline, Target::Timer(key.0.index));
                self.objects.at_mut(key.0.index).timer = Some(Timer {
                    deadline,
                    period: 0,
                    is_of_day: false,
                    apc: None,
                });
                Ok(key)
            }
            Err(error) => {
                self.deadlines.remove(deadline);
                Err(error)
            }
        }
    }

    /// Sets a timer; its signal and what it was set to before are gone. With a
    /// call, the thread is to make it each time, and stops the timer when it
    /// ends. Whether it was set before.
    pub fn set_timer(
        &mut self,
        key: &ObjectKey,
        due: Due,
        apc: Option<(ThreadKey, ApcCall)>,
        now: u64,
    ) -> Result<bool, OutOfMemory> {
        let index = self.object(key);
        let apc = match apc.map(|(thread, call)| (self.threads.find(thread.0), call)) {
            Some((Some(thread), call)) => Some((thread, self.add_timers_apc(call)?)),
            _ => None,
        };
        let was_set = self.stop(index);
        self.replace(index, false);
        if let Some((thread, _)) = apc {
            let timers = &mut self.threads.at_mut(thread).timers;
            timers.push_back(&mut self.objects, index);
        }
        let timer = self.timer(index);
        timer.period = due.period;
        timer.is_of_day = due.is_of_day;
        timer.apc = apc;
        let deadline = timer.deadline;
        self.deadlines.arm(deadline, due.at, due.is_of_day);
        self.advance(now);
        Ok(was_set)
    }

    /// Stops a timer; its signal stays. Whether it was set.
    pub fn cancel_timer(&mut self, key: &ObjectKey) -> bool {
        let index = self.object(key);
        self.stop(index)
    }

    /// When a timer is due, and its period; `None`: it is not set.
    pub fn timer_due(&mut self, key: &ObjectKey) -> Option<Due> {
        let index = self.object(key);
        let timer = self.timer(index);
        let (deadline, period, is_of_day) = (timer.deadline, timer.period, timer.is_of_day);
        let at = self.deadlines.due(deadline)?;
        Some(Due {
            at,
            period,
            is_of_day,
        })
    }

    /// The earliest time at which anything is due.
    #[must_use]
    pub fn earliest_deadline(&self) -> Option<u64> {
        self.deadlines.earliest()
    }

    /// The clock that tells the time of day was set forward by so much, or back.
    pub fn set_clock(&mut self, forward: i64, now: u64) {
        self.deadlines.set_clock(forward);
        self.advance(now);
    }

    /// Does what is due by now: ends waits, signals timers.
    pub fn advance(&mut self, now: u64) {
        while let Some((target, due)) = self.deadlines.take_due(now) {
            match target {
                Target::Thread(thread) => self.time_out(thread),
                Target::Timer(object) => self.fire(object, due, now),
            }
        }
    }

    fn fire(&mut self, index: u32, due: u64, now: u64) {
        let timer = self.timer(index);
        // Later times are counted from the first one.
        timer.is_of_day = false;
        let (deadline, period, apc) = (timer.deadline, timer.period, timer.apc);
        if period != 0 {
            // Times that have passed meanwhile are not made up for.
            let next = due.saturating_add(period);
            let next = if next > now {
                next
            } else {
                now.saturating_add(period)
            };
            self.deadlines.arm(deadline, next, false);
        }
        // Time boosts nobody, whichever way one waits for it.
        self.set_at(index, 0);
        if let Some((thread, apc)) = apc {
            self.enqueue(thread, apc);
        }
    }

    fn stop(&mut self, index: u32) -> bool {
        let timer = self.timer(index);
        timer.period = 0;
        let (deadline, apc) = (timer.deadline, timer.apc.take());
        if let Some((thread, apc)) = apc {
            self.dequeue(apc);
            self.apcs.remove(apc);
            let timers = &mut self.threads.at_mut(thread).timers;
            timers.remove(&mut self.objects, index);
        }
        self.deadlines.disarm(deadline)
    }

    /// Stops the timers that make an ended thread call; their signals stay.
    pub(crate) fn stop_timers(&mut self, thread: u32) {
        while let Some(timer) = self.threads.at(thread).timers.first() {
            self.stop(timer);
        }
    }

    /// Takes what makes a removed object a timer.
    pub(crate) fn drop_timer(&mut self, index: u32) {
        if self.objects.at(index).timer.is_some() {
            self.stop(index);
        }
        if let Some(timer) = self.objects.at_mut(index).timer.take() {
            self.deadlines.remove(timer.deadline);
        }
    }

    fn timer(&mut self, index: u32) -> &mut Timer {
        match &mut self.objects.at_mut(index).timer {
            Some(timer) => timer,
            None => unreachable!("the object is no timer"),
        }
    }
}
