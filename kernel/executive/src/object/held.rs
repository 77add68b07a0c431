//! An object that is held like by a handle.

use super::Object;

/// A reference that counts as a handle: while there is one, a temporary name
/// stays, however often others open and close the object meanwhile.
pub struct Held {
    object: Object,
    is_counted: bool,
}

impl Held {
    /// Holds an object.
    pub fn new(object: Object) -> Self {
        object.header().note_handle();
        Self::of_counted(object)
    }

    /// Takes over what is counted already.
    pub(super) const fn of_counted(object: Object) -> Self {
        Self {
            object,
            is_counted: true,
        }
    }

    /// Leaves what is counted to an entry of a handle table.
    pub(super) fn leave_to_table(mut self) {
        self.is_counted = false;
    }

    /// Lets go of what was counted for an entry of a table; what is to be done if it
    /// was not the last.
    #[inline]
    pub(super) fn close(mut self, if_others: impl FnOnce(&Object)) {
        self.is_counted = false;
        match self.object.header().forget_handle() {
            true => self.object.last_handle_closed(),
            false => if_others(&self.object),
        }
    }

    /// The object.
    pub const fn object(&self) -> &Object {
        &self.object
    }
}

impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        if self.is_counted && self.object.header().forget_handle() {
            self.object.last_handle_closed();
        }
    }
}
