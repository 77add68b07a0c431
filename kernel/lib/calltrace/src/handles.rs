//! Handles, single and in arrays.

use abi::io::CURRENT_PROCESS;

use crate::caller::{Caller, Described};
use crate::memory;
use crate::value::Value;

const HANDLE_BYTES: u64 = 8;
/// More of an array are not shown.
const HANDLES_MAX: u64 = 8;

/// Gives the value of a handle of the caller's.
pub(crate) fn one(caller: &dyn Caller, handle: u64, use_it: &mut dyn FnMut(&Value<'_>)) {
    one_of(caller, CURRENT_PROCESS, handle, use_it);
}

/// Gives the value of a handle of a process.
pub(crate) fn one_of(
    caller: &dyn Caller,
    holder: u64,
    handle: u64,
    use_it: &mut dyn FnMut(&Value<'_>),
) {
    if handle == 0 {
        return use_it(&Value::Handle(0, None));
    }
    caller.describe(holder, handle, &mut |described: Option<&Described<'_>>| {
        use_it(&Value::Handle(handle, described));
    });
}

/// Gives the value of an array of handles.
pub(crate) fn many(
    caller: &dyn Caller,
    address: u64,
    count: u64,
    use_it: &mut dyn FnMut(&Value<'_>),
) {
    let list = List {
        caller,
        address,
        count,
    };
    let mut values = [Value::Missing; HANDLES_MAX as usize];
    list.give(&mut values, 0, use_it);
}

struct List<'a> {
    caller: &'a dyn Caller,
    address: u64,
    count: u64,
}

impl List<'_> {
    /// Puts the handle of a place and those behind it into the values, each within
    /// the time for which its description lives.
    fn give(
        &self,
        values: &mut [Value<'_>; HANDLES_MAX as usize],
        place: usize,
        use_it: &mut dyn FnMut(&Value<'_>),
    ) {
        let number = u64::try_from(place).unwrap_or(u64::MAX);
        if number >= self.count || place >= values.len() {
            let shown = values.get(..place).unwrap_or_default();
            let list = Value::List(shown, self.count);
            return use_it(&Value::Pointed(&list));
        }
        let at = self.address.wrapping_add(number.wrapping_mul(HANDLE_BYTES));
        let Some(handle) = memory::number(self.caller, at, 8) else {
            return use_it(&Value::Unreadable(self.address));
        };
        one(self.caller, handle, &mut |value| {
            // A copy, which may hold what lives for this long only.
            let mut longer = *values;
            if let Some(slot) = longer.get_mut(place) {
                *slot = *value;
            }
            self.give(&mut longer, place.saturating_add(1), use_it);
        });
    }
}
