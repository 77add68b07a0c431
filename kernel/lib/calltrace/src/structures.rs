//! Structures that arguments point to.

use core::mem::offset_of;

use abi::context::Context;
use abi::display::{OBJECT_FLAGS, UNITS_MAX};
use abi::exception::ExceptionRecord;
use abi::io::{IoStatusBlock, UnicodeString};
use abi::object::ObjectAttributes;
use abi::services::Shown;
use abi::thread::ClientId;
use zerocopy::IntoBytes;

use crate::caller::Caller;
use crate::handles;
use crate::memory::{number, read};
use crate::value::{Field, Value};

/// Characters that are read: one more than is shown says that there are more.
const UNITS_READ: usize = UNITS_MAX + 1;

type Use<'a> = &'a mut dyn FnMut(&Value<'_>);

/// Gives the characters of a UNICODE_STRING.
pub(crate) fn text(caller: &dyn Caller, address: u64, use_it: Use<'_>) {
    let Some(string) = read::<UnicodeString>(caller, address) else {
        return use_it(&Value::Unreadable(address));
    };
    let mut units = [0_u16; UNITS_READ];
    let count = usize::from(string.length_bytes >> 1).min(UNITS_READ);
    let Some(place) = units.get_mut(..count) else {
        return;
    };
    match caller.read(string.buffer, place.as_mut_bytes()) {
        true => use_it(&Value::Text(place)),
        false if count == 0 => use_it(&Value::Text(&[])),
        false => {
            let fields = [Field {
                name: "Buffer",
                value: Value::Unreadable(string.buffer),
            }];
            use_it(&Value::Pointed(&Value::Fields(&fields)));
        }
    }
}

/// Gives an OBJECT_ATTRIBUTES: name, root and flags as far as there are any, and the
/// length if it is wrong.
pub(crate) fn attributes(caller: &dyn Caller, address: u64, use_it: Use<'_>) {
    let Some(attributes) = read::<ObjectAttributes>(caller, address) else {
        return use_it(&Value::Unreadable(address));
    };
    let flags = Field {
        name: "Attributes",
        value: Value::Number(attributes.attributes.into(), Shown::Flags(OBJECT_FLAGS)),
    };
    let mut with_name = |name: &Value<'_>| {
        let name = Field {
            name: "ObjectName",
            value: *name,
        };
        handles::one(caller, attributes.root_directory, &mut |root| {
            let root = Field {
                name: "RootDirectory",
                value: *root,
            };
            let length = Field {
                name: "Length",
                value: Value::Number(attributes.length_bytes.into(), Shown::Decimal),
            };
            let is_whole =
                usize::try_from(attributes.length_bytes) == Ok(size_of::<ObjectAttributes>());
            let mut fields = [root; 4];
            let mut given = fields.iter_mut();
            let parts = [
                (!is_whole, length),
                (attributes.root_directory != 0, root),
                (attributes.object_name != 0, name),
                (attributes.attributes != 0, flags),
            ];
            for (_, part) in parts.iter().filter(|(is_there, _)| *is_there) {
                if let Some(place) = given.next() {
                    *place = *part;
                }
            }
            let unused = given.len();
            let used = fields.len().saturating_sub(unused);
            give_fields(fields.get(..used).unwrap_or_default(), use_it);
        });
    };
    match attributes.object_name {
        0 => with_name(&Value::Address(0)),
        name => text(caller, name, &mut with_name),
    }
}

/// Gives a CLIENT_ID.
pub(crate) fn client_id(caller: &dyn Caller, address: u64, use_it: Use<'_>) {
    let Some(id) = read::<ClientId>(caller, address) else {
        return use_it(&Value::Unreadable(address));
    };
    let field = |name, number| Field {
        name,
        value: Value::Number(number, Shown::Decimal),
    };
    give_fields(
        &[
            field("UniqueProcess", id.process),
            field("UniqueThread", id.thread),
        ],
        use_it,
    );
}

/// Gives where a CONTEXT goes on. It is large, so its parts are read one by one.
pub(crate) fn context(caller: &dyn Caller, address: u64, use_it: Use<'_>) {
    let part = |offset: usize, bytes| {
        let offset = u64::try_from(offset).ok()?;
        number(caller, address.wrapping_add(offset), bytes)
    };
    let flags = part(offset_of!(Context, context_flags), 4);
    let rip = part(offset_of!(Context, rip), 8);
    let rsp = part(offset_of!(Context, rsp), 8);
    let (Some(flags), Some(rip), Some(rsp)) = (flags, rip, rsp) else {
        return use_it(&Value::Unreadable(address));
    };
    let field = |name, number| Field {
        name,
        value: Value::Number(number, Shown::Hex),
    };
    give_fields(
        &[
            field("ContextFlags", flags),
            field("Rip", rip),
            field("Rsp", rsp),
        ],
        use_it,
    );
}

/// Gives an EXCEPTION_RECORD.
pub(crate) fn record(caller: &dyn Caller, address: u64, use_it: Use<'_>) {
    let Some(record) = read::<ExceptionRecord>(caller, address) else {
        return use_it(&Value::Unreadable(address));
    };
    let code = Field {
        name: "ExceptionCode",
        value: Value::Number(record.code.0.into(), Shown::Status),
    };
    let at = Field {
        name: "ExceptionAddress",
        value: Value::Address(record.address),
    };
    give_fields(&[code, at], use_it);
}

/// Gives an IO_STATUS_BLOCK.
pub(crate) fn io_status(caller: &dyn Caller, address: u64, use_it: Use<'_>) {
    let Some(block) = read::<IoStatusBlock>(caller, address) else {
        return use_it(&Value::Unreadable(address));
    };
    let status = Field {
        name: "Status",
        value: Value::Number(block.status.0.into(), Shown::Status),
    };
    let information = Field {
        name: "Information",
        value: Value::Number(block.information, Shown::Decimal),
    };
    give_fields(&[status, information], use_it);
}

fn give_fields(fields: &[Field<'_>], use_it: Use<'_>) {
    use_it(&Value::Pointed(&Value::Fields(fields)));
}
