//! The registry: keys and their values.

mod answer;
mod key;
mod multiple;
mod notify;
mod open;
mod query_key;
mod query_value;
mod start;
mod value;

pub(crate) use key::*;
pub(crate) use multiple::*;
pub(crate) use notify::*;
pub(crate) use open::*;
pub(crate) use query_key::*;
pub(crate) use query_value::*;
pub use start::init;
pub(crate) use value::*;

use abi::NtStatus;
use alloc::vec::Vec;
use executive::object::Object;
use executive::registry::Key;
use hal::Ref;

use crate::call::Call;
use crate::new_handle::read_text;

impl Call<'_> {
    /// The open key of a handle argument, whose holder must have this access.
    fn key(&self, number: usize, wanted: u32) -> Result<Ref<Key>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
            Object::Key(key) => Some(key),
            _ => None,
        })
    }

    /// The name of a value or of a key, in an argument.
    fn key_text(&self, number: usize) -> Result<Vec<u16>, NtStatus> {
        match read_text(self.word(number)?) {
            // No whole number of characters: no more than that is wrong with it.
            Err(NtStatus::OBJECT_NAME_INVALID) => Err(NtStatus::INVALID_PARAMETER),
            text => text,
        }
    }
}
