//! Names of objects, directories, links, and handles in general.
use crate::call;
use crate::process::Wide;
use crate::sync::{ALL_ACCESS, Handle, made};
use abi::NtStatus;
use abi::io::{CURRENT_PROCESS, UnicodeString};
use abi::object::ObjectAttributes;

/// A name with its attributes, for as long as it lives.
pub struct Name {
    text: Wide,
    root: u64,
    flags: u32,
    descriptor: u64,
}

/// What the calls read.
pub struct Attributes {
    attributes: ObjectAttributes,
    string: UnicodeString,
}

impl Name {
    /// A name from the root of all, case-sensitive.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self::with(path, 0, 0)
    }

    /// A name that starts at a directory, with `OBJ_*` flags.
    #[must_use]
    pub fn with(path: &str, root: u64, flags: u32) -> Self {
        Self {
            text: Wide::new(&[path]),
            root,
            flags,
            descriptor: 0,
        }
    }

    /// The same for an object with the security descriptor at that address.
    #[must_use]
    pub fn described(self, descriptor: u64) -> Self {
        Self { descriptor, ..self }
    }

    /// A name of units that need not be text, from a directory.
    #[must_use]
    pub fn of_units(units: &[u16], root: u64) -> Self {
        Self {
            text: Wide::of_units(units),
            root,
            flags: 0,
            descriptor: 0,
        }
    }

    /// Lends the address of its OBJECT_ATTRIBUTES.
    pub fn with_attributes<T>(&self, use_them: impl FnOnce(u64) -> T) -> T {
        let mut both = Attributes {
            string: self.text.string(),
            attributes: ObjectAttributes {
                length_bytes: size_of::<ObjectAttributes>() as u32,
                reserved_04: 0,
                root_directory: self.root,
                object_name: 0,
                attributes: self.flags,
                reserved_1c: 0,
                security_descriptor: self.descriptor,
                security_quality_of_service: 0,
            },
        };
        both.attributes.object_name = &raw const both.string as u64;
        use_them(&raw const both.attributes as u64)
    }
}

/// A stub that takes handle, access and attributes.
pub type Open = unsafe extern "system" fn(u64, u64, u64) -> NtStatus;

/// Opens or creates by a stub of that form.
pub fn open(stub: Open, name: &Name) -> Result<Handle, NtStatus> {
    open_with(stub, name, ALL_ACCESS)
}

/// The same with chosen access.
pub fn open_with(stub: Open, name: &Name, access: u64) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle, reads the name.
    name.with_attributes(|at| made(|handle| unsafe { stub(handle, access, at) }))
}

/// Creates a named event; the status too, which may be that it was there.
pub fn create_event(name: &Name) -> (NtStatus, Result<Handle, NtStatus>) {
    let mut status = NtStatus::SUCCESS;
    let handle = name.with_attributes(|at| {
        made(|handle| {
            // SAFETY: writes the handle, reads the name.
            status = unsafe { call::nt_create_event(handle, ALL_ACCESS, at, 0, 0) };
            status
        })
    });
    (status, handle)
}

/// Creates a symbolic link.
pub fn create_link(name: &Name, target: &str) -> Result<Handle, NtStatus> {
    let target = Wide::new(&[target]);
    let string = target.string();
    let at = &raw const string as u64;
    name.with_attributes(|attributes| {
        // SAFETY: writes the handle, reads name and target.
        made(|handle| unsafe {
            call::nt_create_symbolic_link_object(handle, ALL_ACCESS, attributes, at)
        })
    })
}

/// The whole name of an object, in UTF-16; its length.
pub fn name_of(handle: u64, to: &mut [u16]) -> Result<usize, NtStatus> {
    let mut buffer = [0_u64; 64];
    let mut length = 0_u32;
    // SAFETY: writes the buffer and the length only.
    let status = unsafe {
        call::nt_query_object(
            handle,
            abi::object::OBJECT_NAME_INFORMATION.into(),
            buffer.as_mut_ptr() as u64,
            size_of_val(&buffer) as u64,
            &raw mut length as u64,
        )
    };
    if !status.is_success() {
        return Err(status);
    }
    let bytes = (buffer[0] & 0xFFFF) as usize;
    for (number, unit) in to.iter_mut().enumerate().take(bytes / 2) {
        let word = buffer[2 + number / 4];
        *unit = (word >> (16 * (number % 4))) as u16;
    }
    Ok(bytes / 2)
}

/// Duplicates a handle within this process.
pub fn duplicate(handle: u64, access: u64, flags: u32, options: u32) -> Result<Handle, NtStatus> {
    duplicate_between(
        CURRENT_PROCESS,
        handle,
        CURRENT_PROCESS,
        access,
        flags,
        options,
    )
}

/// Duplicates a handle of one process for another; the handle is the other's.
pub fn duplicate_between(
    from: u64,
    handle: u64,
    to: u64,
    access: u64,
    flags: u32,
    options: u32,
) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe {
        call::nt_duplicate_object(from, handle, to, at, access, flags.into(), options.into())
    })
}

/// Asks with a buffer of so many bytes; the status, and the length that is told.
pub fn query(handle: u64, class: u32, buffer: &mut [u64], bytes: usize) -> (NtStatus, u32) {
    assert!(bytes <= size_of_val(buffer));
    let mut length = u32::MAX;
    // SAFETY: writes the buffer and the length only.
    let status = unsafe {
        call::nt_query_object(
            handle,
            class.into(),
            buffer.as_mut_ptr() as u64,
            bytes as u64,
            &raw mut length as u64,
        )
    };
    (status, length)
}

/// Lists a directory into a buffer of so many bytes: one entry or all, from the
/// context on or from the start. The status, and the length that is told.
pub fn list(
    directory: &Handle,
    buffer: &mut [u64],
    bytes: usize,
    single: bool,
    restart: bool,
    context: &mut u32,
) -> (NtStatus, u32) {
    assert!(bytes <= size_of_val(buffer));
    let mut length = u32::MAX;
    // SAFETY: writes buffer, context and length only.
    let status = unsafe {
        call::nt_query_directory_object(
            directory.raw(),
            buffer.as_mut_ptr() as u64,
            bytes as u64,
            single.into(),
            restart.into(),
            core::ptr::from_mut(context) as u64,
            &raw mut length as u64,
        )
    };
    (status, length)
}

/// Whether two handles are of one object.
pub fn is_same(first: &Handle, second: &Handle) -> bool {
    // SAFETY: touches no memory.
    unsafe { call::nt_compare_objects(first.raw(), second.raw()) }.is_success()
}

/// Where a link leads, into a string with room for so many bytes: the status, the
/// length of the string, and the length that is told.
pub fn link_target(link: &Handle, to: &mut [u16], bytes: u16) -> (NtStatus, u16, u32) {
    assert!(usize::from(bytes) <= size_of_val(to));
    let mut string = UnicodeString {
        length_bytes: 0,
        maximum_length_bytes: bytes,
        reserved_04: 0,
        buffer: to.as_mut_ptr() as u64,
    };
    let mut length = u32::MAX;
    let (at, length_at) = (&raw mut string as u64, &raw mut length as u64);
    // SAFETY: writes string, buffer and length only.
    let status = unsafe { call::nt_query_symbolic_link_object(link.raw(), at, length_at) };
    (status, string.length_bytes, length)
}

/// The access, handle count and attributes of a handle.
pub fn basic_information(handle: u64) -> Result<abi::object::ObjectBasicInformation, NtStatus> {
    let mut information =
        <abi::object::ObjectBasicInformation as zerocopy::FromZeros>::new_zeroed();
    // SAFETY: writes the information only.
    let status = unsafe {
        call::nt_query_object(
            handle,
            abi::object::OBJECT_BASIC_INFORMATION.into(),
            &raw mut information as u64,
            size_of_val(&information) as u64,
            0,
        )
    };
    status.is_success().then_some(information).ok_or(status)
}

/// Sets whether a handle is inherited and protected.
pub fn set_flags(handle: &Handle, inherit: bool, protect: bool) -> NtStatus {
    let flags = [u8::from(inherit), u8::from(protect)];
    // SAFETY: reads the flags only.
    unsafe {
        call::nt_set_information_object(
            handle.raw(),
            abi::object::OBJECT_HANDLE_FLAG_INFORMATION.into(),
            flags.as_ptr() as u64,
            size_of_val(&flags) as u64,
        )
    }
}

/// Room for a call or a packet: `USER_APC_RESERVE` or `IO_COMPLETION_RESERVE`.
pub fn reserve(kind: u32) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe { call::nt_allocate_reserve_object(at, 0, kind.into()) })
}
