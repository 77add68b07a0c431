//! The registry: keys made and opened, and what is asked and set of them.
use crate::call;
use crate::object::Name;
use crate::process::Wide;
use crate::sync::{Handle, made};
use abi::NtStatus;
use abi::io::UnicodeString;
use abi::registry::KeyValueEntry;
use zerocopy::{Immutable, IntoBytes};

/// Opens a key, with `REG_OPTION_*`.
pub fn open(name: &Name, access: u32, options: u32) -> Result<Handle, NtStatus> {
    name.with_attributes(|attributes| {
        // SAFETY: writes the handle, reads the name.
        made(|at| unsafe { call::nt_open_key_ex(at, access.into(), attributes, options.into()) })
    })
}

/// Makes a key or opens it; what was done comes too.
pub fn create(
    name: &Name,
    access: u32,
    class: &str,
    options: u32,
) -> Result<(Handle, u32), NtStatus> {
    let class = Wide::new(&[class]);
    let class = class.string();
    let class_at = &raw const class as u64;
    let mut done = 0_u32;
    let done_at = &raw mut done as u64;
    let handle = name.with_attributes(|attributes| {
        // SAFETY: writes handle and disposition, reads name and class.
        made(|at| unsafe {
            let (access, options) = (access.into(), options.into());
            call::nt_create_key(at, access, attributes, 0, class_at, options, done_at)
        })
    })?;
    Ok((handle, done))
}

/// Asks about a key, with a buffer of so many bytes; the status, and the length that
/// is told.
pub fn query(key: u64, class: u32, buffer: &mut [u8], bytes: usize) -> (NtStatus, u32) {
    assert!(bytes <= buffer.len());
    let mut length = u32::MAX;
    let (at, length_at) = (buffer.as_mut_ptr() as u64, &raw mut length as u64);
    // SAFETY: writes buffer and length only.
    let status = unsafe { call::nt_query_key(key, class.into(), at, bytes as u64, length_at) };
    (status, length)
}

/// The same about the key of that number in it.
pub fn enumerate(
    key: u64,
    index: u32,
    class: u32,
    buffer: &mut [u8],
    bytes: usize,
) -> (NtStatus, u32) {
    assert!(bytes <= buffer.len());
    let mut length = u32::MAX;
    let (at, length_at) = (buffer.as_mut_ptr() as u64, &raw mut length as u64);
    let (index, class) = (index.into(), class.into());
    // SAFETY: writes buffer and length only.
    let status = unsafe { call::nt_enumerate_key(key, index, class, at, bytes as u64, length_at) };
    (status, length)
}

/// The same about a value.
pub fn query_value(
    key: u64,
    name: &str,
    class: u32,
    buffer: &mut [u8],
    bytes: usize,
) -> (NtStatus, u32) {
    assert!(bytes <= buffer.len());
    let name = Wide::new(&[name]);
    let name = name.string();
    let name_at = &raw const name as u64;
    let mut length = u32::MAX;
    let (at, length_at) = (buffer.as_mut_ptr() as u64, &raw mut length as u64);
    // SAFETY: writes buffer and length, reads the name.
    let status = unsafe {
        call::nt_query_value_key(key, name_at, class.into(), at, bytes as u64, length_at)
    };
    (status, length)
}

/// The same about the value of that number.
pub fn enumerate_value(
    key: u64,
    index: u32,
    class: u32,
    buffer: &mut [u8],
    bytes: usize,
) -> (NtStatus, u32) {
    assert!(bytes <= buffer.len());
    let mut length = u32::MAX;
    let (at, length_at) = (buffer.as_mut_ptr() as u64, &raw mut length as u64);
    let (index, class) = (index.into(), class.into());
    // SAFETY: writes buffer and length only.
    let status =
        unsafe { call::nt_enumerate_value_key(key, index, class, at, bytes as u64, length_at) };
    (status, length)
}

/// Asks for the values of these names at once, into a buffer of so many bytes: the
/// status, the entries, how much was used and how much would be needed.
pub fn query_values<const COUNT: usize>(
    key: u64,
    names: [&str; COUNT],
    buffer: &mut [u8],
    bytes: u32,
) -> (NtStatus, [KeyValueEntry; COUNT], u32, u32) {
    assert!(bytes as usize <= buffer.len());
    let texts = names.map(|name| Wide::new(&[name]));
    let strings = texts.each_ref().map(Wide::string);
    let mut entries = strings.each_ref().map(|string| KeyValueEntry {
        value_name: core::ptr::from_ref(string) as u64,
        data_length: 0,
        data_offset: 0,
        value_type: 0,
        reserved_14: 0,
    });
    let (mut used, mut needed) = (bytes, u32::MAX);
    // SAFETY: writes entries, buffer and lengths, reads the names.
    let status = unsafe {
        call::nt_query_multiple_value_key(
            key,
            entries.as_mut_ptr() as u64,
            COUNT as u64,
            buffer.as_mut_ptr() as u64,
            &raw mut used as u64,
            &raw mut needed as u64,
        )
    };
    (status, entries, used, needed)
}

/// Sets a value.
pub fn set_value(key: u64, name: &str, value_type: u32, data: &[u8]) -> NtStatus {
    let text = Wide::new(&[name]);
    set_named(key, &text.string(), value_type, data)
}

/// The same, with a name of any length.
pub fn set_value_of(key: u64, name: &[u16], value_type: u32, data: &[u8]) -> NtStatus {
    let bytes = size_of_val(name) as u16;
    let string = UnicodeString {
        length_bytes: bytes,
        maximum_length_bytes: bytes,
        reserved_04: 0,
        buffer: name.as_ptr() as u64,
    };
    set_named(key, &string, value_type, data)
}

fn set_named(key: u64, name: &UnicodeString, value_type: u32, data: &[u8]) -> NtStatus {
    let (at, length) = (data.as_ptr() as u64, data.len() as u64);
    let name = core::ptr::from_ref(name) as u64;
    // SAFETY: reads name and data.
    unsafe { call::nt_set_value_key(key, name, 0, value_type.into(), at, length) }
}

/// Deletes a value.
pub fn delete_value(key: u64, name: &str) -> NtStatus {
    let name = Wide::new(&[name]);
    let string = name.string();
    // SAFETY: reads the name.
    unsafe { call::nt_delete_value_key(key, &raw const string as u64) }
}

/// Deletes a key.
pub fn delete(key: u64) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_delete_key(key) }
}

/// Flushes a key.
pub fn flush(key: u64) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_flush_key(key) }
}

/// Gives a key another name.
pub fn rename(key: u64, name: &str) -> NtStatus {
    let name = Wide::new(&[name]);
    let string = name.string();
    // SAFETY: reads the name.
    unsafe { call::nt_rename_key(key, &raw const string as u64) }
}

/// Sets something of a key or handle.
pub fn set<T: IntoBytes + Immutable>(key: u64, class: u32, value: &T) -> NtStatus {
    let (at, length) = (core::ptr::from_ref(value) as u64, size_of_val(value) as u64);
    // SAFETY: reads the value.
    unsafe { call::nt_set_information_key(key, class.into(), at, length) }
}

/// Makes a key as a part of a transaction.
pub fn create_transacted(name: &Name, access: u32, transaction: u64) -> Result<Handle, NtStatus> {
    name.with_attributes(|attributes| {
        // SAFETY: writes the handle, reads the name.
        made(|at| unsafe {
            call::nt_create_key_transacted(at, access.into(), attributes, 0, 0, 0, transaction, 0)
        })
    })
}

/// Opens one so, by either call.
pub fn open_transacted(
    name: &Name,
    access: u32,
    transaction: u64,
    is_extended: bool,
) -> Result<Handle, NtStatus> {
    name.with_attributes(|attributes| {
        // SAFETY: writes the handle, reads the name.
        made(|at| unsafe {
            match is_extended {
                true => {
                    call::nt_open_key_transacted_ex(at, access.into(), attributes, 0, transaction)
                }
                false => call::nt_open_key_transacted(at, access.into(), attributes, transaction),
            }
        })
    })
}
