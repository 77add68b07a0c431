//! What each thread has asked that was not answered.

use core::sync::atomic::Ordering;

use alloc::vec::Vec;
use hal::Ref;
use hal::lock::Lock;

use super::Irp;
use crate::{Error, rank};

/// What one thread has asked and was not answered yet.
pub(crate) struct Irps {
    pub(super) list: Lock<rank::Irps, List>,
}

pub(super) struct List {
    /// That it waits for.
    pub(super) awaited: Option<Ref<Irp>>,
    /// Those that it does not wait for.
    others: Vec<Ref<Irp>>,
}

impl Irps {
    /// None.
    pub(crate) fn new() -> Self {
        Self {
            list: Lock::new(List {
                awaited: None,
                others: Vec::new(),
            }),
        }
    }

    pub(super) fn add(&self, request: &Ref<Irp>) -> Result<(), Error> {
        let mut list = self.list.lock();
        if let Err(error) = list.others.try_reserve(1) {
            drop(list);
            request.give_up();
            return Err(error.into());
        }
        request.place.store(list.others.len(), Ordering::Relaxed);
        list.others.push(request.clone());
        Ok(())
    }

    pub(super) fn remove(&self, request: &Irp) {
        let mut list = self.list.lock();
        let place = request.place.load(Ordering::Relaxed);
        if list
            .others
            .get(place)
            .is_some_and(|there| there.is(request))
        {
            let removed = list.others.swap_remove(place);
            if let Some(moved) = list.others.get(place) {
                moved.place.store(place, Ordering::Relaxed);
            }
            drop(list);
            drop(removed);
        }
    }

    /// The request that the thread waits for.
    pub(crate) fn awaited(&self) -> Option<Ref<Irp>> {
        self.list.lock().awaited.clone()
    }

    /// Whether it has asked something of a file that was not answered.
    pub(crate) fn is_any_of_file(&self) -> bool {
        let list = self.list.lock();
        list.others.iter().any(|request| request.is_of_file())
    }

    /// The thread ends: nobody is to be told any more.
    pub(crate) fn cancel_all(&self) {
        while let Some(request) = self.last() {
            request.cancel();
            // Whoever else has taken it is about to answer it.
            self.remove(&request);
        }
    }

    fn last(&self) -> Option<Ref<Irp>> {
        self.list.lock().others.last().cloned()
    }
}
