//! The model's signals, alerts and tokens.

use std::format;
use std::string::String;

use super::look::{Owner, Sign};
use super::operation::Operation;
use super::state::Model;
use super::waits::What;
use crate::wait::Waited;
use crate::{NotOwner, OverLimit};

impl Model {
    pub(super) fn apply_to_signals(&mut self, operation: &Operation) -> String {
        match *operation {
            Operation::Set(object) => format!("{}", self.set(object)),
            Operation::Reset(object) => format!("{}", self.set_sign(object, false)),
            Operation::Pulse(object) => {
                let was_set = self.set(object);
                self.set_sign(object, false);
                format!("{was_set}")
            }
            Operation::ReleaseSemaphore(more) => {
                let Sign::Semaphore { count } = self.objects[2].sign else {
                    unreachable!()
                };
                if count + more > 3 {
                    return format!("{:?}", Err::<(), _>(OverLimit));
                }
                self.objects[2].sign = Sign::Semaphore {
                    count: count + more,
                };
                self.satisfy(1);
                format!("{:?}", Ok::<_, OverLimit>(count))
            }
            Operation::ReleaseMutant { object, thread } => match self.objects[object].sign {
                Sign::Mutant(Some(owner), _) if owner.thread == thread => {
                    let acquisitions = owner.acquisitions - 1;
                    let owner_now = Owner {
                        acquisitions,
                        ..owner
                    };
                    let owner_now = (acquisitions > 0).then_some(owner_now);
                    self.objects[object].sign = Sign::Mutant(owner_now, false);
                    self.satisfy(1);
                    format!("{:?}", Ok::<_, NotOwner>(owner.acquisitions))
                }
                _ => format!("{:?}", Err::<(), _>(NotOwner)),
            },
            Operation::OwnMutant { object, thread } => {
                if self.threads[thread].is_some() && self.is_there(object, thread) {
                    self.take(object, thread);
                }
                String::new()
            }
            Operation::Alert(thread) => {
                match self.live_wait_of(thread) {
                    Some(wait) if wait.is_alertable => self.end_wait(thread, Waited::Alerted, 0),
                    _ => {
                        if let Some(entry) = &mut self.threads[thread] {
                            entry.is_alerted = true;
                        }
                    }
                }
                String::new()
            }
            Operation::TestAlert => match self.runs {
                Some(thread) => {
                    let entry = self.at(thread);
                    entry.call_is_due |= entry.calls.iter().any(|call| !call.is_special);
                    format!("{}", core::mem::take(&mut entry.is_alerted))
                }
                None => "false".into(),
            },
            Operation::GiveToken(thread) => {
                match self.live_wait_of(thread) {
                    Some(wait) if wait.what == What::Token => {
                        self.end_wait(thread, Waited::Alerted, 1);
                    }
                    _ => {
                        if let Some(entry) = &mut self.threads[thread] {
                            entry.has_token = true;
                        }
                    }
                }
                format!("{}", self.threads[thread].is_some())
            }
            _ => match self.runs {
                Some(thread) => self.wait(thread, operation),
                None => "idle".into(),
            },
        }
    }

    fn set(&mut self, object: usize) -> bool {
        let was_set = self.set_sign(object, true);
        self.satisfy(1);
        was_set
    }

    pub(super) fn set_sign(&mut self, object: usize, set: bool) -> bool {
        match &mut self.objects[object].sign {
            Sign::Event { is_set } => core::mem::replace(is_set, set),
            _ => unreachable!("neither semaphores nor mutants are set"),
        }
    }

    pub(super) fn owner(&self, object: usize) -> Option<usize> {
        match self.objects[object].sign {
            Sign::Mutant(owner, _) => owner.map(|owner| owner.thread),
            _ => None,
        }
    }
}
