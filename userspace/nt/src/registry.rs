//! The registry: keys made and opened, and what is asked and set of them.
use crate::call;
use crate::object::Name;
use crate::process::Wide;
use crate::sync::{Handle, made};
use abi::NtStatus;
use abi::io::UnicodeString;
use abi::registry::{KeyValueEntry, REG_LEGAL_CHANGE_FILTER};
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
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

/// Where a program is told what became of a request, whenever that is.
pub struct Told([AtomicU64; 2]);

impl Told {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self([
            AtomicU64::new(NtStatus::PENDING.0 as u64),
            AtomicU64::new(u64::MAX),
        ])
    }

    /// The status, which is "pending" until then.
    pub fn status(&self) -> NtStatus {
        NtStatus(self.0[0].load(SeqCst) as u32)
    }

    /// Forgets it.
    pub fn forget(&self) {
        self.0[0].store(NtStatus::PENDING.0.into(), SeqCst);
    }

    /// Its address.
    pub fn address(&'static self) -> u64 {
        self.0.as_ptr() as u64
    }
}

impl Default for Told {
    fn default() -> Self {
        Self::new()
    }
}

/// How a key is watched.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// `REG_NOTIFY_*`.
    pub filter: u32,
    /// Whether the keys below it are watched too.
    pub subtree: bool,
    /// Whether the call waits.
    pub waits: bool,
    /// What is signalled, or 0.
    pub event: u64,
    /// What is called, or 0, and what with.
    pub apc: [u64; 2],
    /// How many keys more are watched, and the first one's name.
    pub others: (u32, Option<&'a Name>),
}

impl Watch<'static> {
    /// All changes, for who waits.
    pub const ALL: Self = Self {
        filter: REG_LEGAL_CHANGE_FILTER,
        subtree: true,
        waits: true,
        event: 0,
        apc: [0; 2],
        others: (0, None),
    };
}

/// Watches a key.
pub fn watch(key: u64, how: Watch<'_>, told: &'static Told) -> NtStatus {
    let Watch { event, filter, .. } = how;
    let [routine, context] = how.apc;
    let (filter, subtree, result) = (filter.into(), how.subtree.into(), told.address());
    let is_asynchronous = u64::from(!how.waits);
    let (count, other) = how.others;
    let many = |others| {
        // SAFETY: writes the result, which stays; reads the name.
        unsafe {
            call::nt_notify_change_multiple_keys(
                key,
                count.into(),
                others,
                event,
                routine,
                context,
                result,
                filter,
                subtree,
                0,
                0,
                is_asynchronous,
            )
        }
    };
    match (count, other) {
        // SAFETY: writes the result, which stays.
        (0, _) => unsafe {
            call::nt_notify_change_key(
                key,
                event,
                routine,
                context,
                result,
                filter,
                subtree,
                0,
                0,
                is_asynchronous,
            )
        },
        (_, Some(name)) => name.with_attributes(many),
        (_, None) => many(0),
    }
}
