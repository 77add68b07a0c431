//! Files: opened, read, written, asked about.
use crate::call;
use crate::object::Name;
use crate::process::Wide;
use crate::sync::{Handle, made};
use abi::NtStatus;
use abi::access::SYNCHRONIZE;
use abi::file::{FILE_OPEN, FILE_SYNCHRONOUS_IO_NONALERT};
use abi::io::IoStatusBlock;
use abi::object::OBJ_CASE_INSENSITIVE;
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes};

/// How to open a file.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// `FILE_*` rights and others; waiting for it is added.
    pub access: u32,
    /// `FILE_SHARE_*`.
    pub share: u32,
    /// What becomes of it.
    pub disposition: u32,
    /// `FILE_*` options; that calls wait is added.
    pub options: u32,
    /// `FILE_ATTRIBUTE_*` of a new one.
    pub attributes: u32,
}

impl How {
    /// Opens what is there.
    #[must_use]
    pub fn open(access: u32, share: u32) -> Self {
        Self {
            access,
            share,
            disposition: FILE_OPEN,
            options: 0,
            attributes: 0,
        }
    }

    /// The same with another disposition.
    #[must_use]
    pub fn disposed(self, disposition: u32) -> Self {
        Self {
            disposition,
            ..self
        }
    }

    /// The same with options.
    #[must_use]
    pub fn with(self, options: u32) -> Self {
        Self { options, ..self }
    }
}

/// The name of a file, in whatever case.
pub fn name(path: &str) -> Name {
    Name::with(path, 0, OBJ_CASE_INSENSITIVE)
}

/// Opens or creates a file; what was done comes too.
pub fn create(name: &Name, how: How) -> Result<(Handle, u64), NtStatus> {
    let mut result = IoStatusBlock::new_zeroed();
    let at = &raw mut result as u64;
    let handle = name.with_attributes(|attributes| {
        // SAFETY: writes handle and result, reads the name.
        made(|handle| unsafe {
            call::nt_create_file(
                handle,
                (how.access | SYNCHRONIZE).into(),
                attributes,
                at,
                0,
                how.attributes.into(),
                how.share.into(),
                how.disposition.into(),
                (how.options | FILE_SYNCHRONOUS_IO_NONALERT).into(),
                0,
                0,
            )
        })
    })?;
    Ok((handle, result.information))
}

/// Opens a file that is there, with any options at all.
pub fn open(name: &Name, access: u32, share: u32, options: u32) -> Result<Handle, NtStatus> {
    let mut result = IoStatusBlock::new_zeroed();
    let at = &raw mut result as u64;
    name.with_attributes(|attributes| {
        // SAFETY: writes handle and result, reads the name.
        made(|handle| unsafe {
            call::nt_open_file(
                handle,
                access.into(),
                attributes,
                at,
                share.into(),
                options.into(),
            )
        })
    })
}

/// Deletes a file by its name.
pub fn delete(name: &Name) -> NtStatus {
    // SAFETY: reads the name.
    name.with_attributes(|attributes| unsafe { call::nt_delete_file(attributes) })
}

/// Reads from an offset, or from where the file stands; how many bytes came.
pub fn read(file: &Handle, offset: Option<u64>, to: &mut [u8]) -> Result<usize, NtStatus> {
    let (buffer, length) = (to.as_mut_ptr() as u64, to.len() as u64);
    // SAFETY: writes the bytes.
    unsafe { transfer(call::nt_read_file, file, offset, buffer, length) }
}

/// Reads from where the file stands; the status whatever it is, and how many bytes
/// came.
pub fn read_status(file: &Handle, to: &mut [u8]) -> (NtStatus, usize) {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: writes the bytes and the result.
    let status = unsafe {
        call::nt_read_file(
            file.raw(),
            0,
            0,
            0,
            &raw mut result as u64,
            to.as_mut_ptr() as u64,
            to.len() as u64,
            0,
            0,
        )
    };
    (status, result.information as usize)
}

/// Waits until everything has arrived.
pub fn flush(file: &Handle) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: writes the result only.
    unsafe { call::nt_flush_buffers_file(file.raw(), &raw mut result as u64) }
}

/// Writes to an offset, or to where the file stands; how many bytes went.
pub fn write(file: &Handle, offset: Option<u64>, from: &[u8]) -> Result<usize, NtStatus> {
    let (buffer, length) = (from.as_ptr() as u64, from.len() as u64);
    // SAFETY: reads the bytes.
    unsafe { transfer(call::nt_write_file, file, offset, buffer, length) }
}

/// Writes to an offset of a file whose calls do not wait; what is told to a
/// completion port comes with it. How many bytes went, if it was over at once.
pub fn write_with(file: &Handle, offset: u64, value: u64, from: &[u8]) -> Result<usize, NtStatus> {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: reads the bytes and the offset, writes the result.
    let status = unsafe {
        call::nt_write_file(
            file.raw(),
            0,
            0,
            value,
            &raw mut result as u64,
            from.as_ptr() as u64,
            from.len() as u64,
            &raw const offset as u64,
            0,
        )
    };
    let bytes = result.information as usize;
    status.is_success().then_some(bytes).ok_or(status)
}

/// A stub that takes what reading and writing have in common.
type Transfer = unsafe extern "system" fn(u64, u64, u64, u64, u64, u64, u64, u64, u64) -> NtStatus;

/// # Safety
/// What the call does with the buffer changes nothing that Rust relies on.
unsafe fn transfer(
    stub: Transfer,
    file: &Handle,
    offset: Option<u64>,
    buffer: u64,
    length: u64,
) -> Result<usize, NtStatus> {
    let mut result = IoStatusBlock::new_zeroed();
    let result_at = &raw mut result as u64;
    let offset_at = offset
        .as_ref()
        .map_or(0, |offset| &raw const *offset as u64);
    // SAFETY: the caller's promise; otherwise writes the result only.
    let status = unsafe { stub(file.raw(), 0, 0, 0, result_at, buffer, length, offset_at, 0) };
    let bytes = result.information as usize;
    status.is_success().then_some(bytes).ok_or(status)
}

/// An answer of a fixed size.
pub fn query<T: FromBytes + IntoBytes>(file: &Handle, class: u32) -> Result<T, NtStatus> {
    let mut value = T::new_zeroed();
    let (status, _) = query_bytes(file, class, value.as_mut_bytes());
    status.is_success().then_some(value).ok_or(status)
}

/// An answer of any size; how long it is.
pub fn query_bytes(file: &Handle, class: u32, to: &mut [u8]) -> (NtStatus, usize) {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: writes the bytes and the result.
    let status = unsafe {
        call::nt_query_information_file(
            file.raw(),
            &raw mut result as u64,
            to.as_mut_ptr() as u64,
            to.len() as u64,
            class.into(),
        )
    };
    (status, result.information as usize)
}

/// Changes something of a file.
pub fn set<T: IntoBytes + Immutable>(file: &Handle, class: u32, value: &T) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: reads the value, writes the result.
    unsafe {
        call::nt_set_information_file(
            file.raw(),
            &raw mut result as u64,
            value.as_bytes().as_ptr() as u64,
            size_of::<T>() as u64,
            class.into(),
        )
    }
}

/// Asks about a file by its name.
pub fn attributes_of<T: FromBytes + IntoBytes>(
    stub: unsafe extern "system" fn(u64, u64) -> NtStatus,
    name: &Name,
) -> Result<T, NtStatus> {
    let mut value = T::new_zeroed();
    let at = value.as_mut_bytes().as_mut_ptr() as u64;
    // SAFETY: reads the name, writes the value.
    let status = name.with_attributes(|attributes| unsafe { stub(attributes, at) });
    status.is_success().then_some(value).ok_or(status)
}

/// Lists a directory, one entry alone or from the start on as it may be; how many
/// bytes of entries came.
pub fn list(
    directory: &Handle,
    class: u32,
    mask: Option<&str>,
    (is_single, restarts): (bool, bool),
    to: &mut [u8],
) -> (NtStatus, usize) {
    let mut result = IoStatusBlock::new_zeroed();
    let mask = mask.map(|mask| Wide::new(&[mask]));
    let mask = mask.as_ref().map(Wide::string);
    // SAFETY: reads the mask, writes the bytes and the result.
    let status = unsafe {
        call::nt_query_directory_file(
            directory.raw(),
            0,
            0,
            0,
            &raw mut result as u64,
            to.as_mut_ptr() as u64,
            to.len() as u64,
            class.into(),
            is_single.into(),
            mask.as_ref().map_or(0, |mask| &raw const *mask as u64),
            restarts.into(),
        )
    };
    (status, result.information as usize)
}

/// A section of a file.
pub fn section(
    file: &Handle,
    size_bytes: u64,
    protection: u32,
    allocation: u32,
) -> Result<Handle, NtStatus> {
    let at = &raw const size_bytes as u64;
    // SAFETY: writes the handle, reads the size.
    made(|handle| unsafe {
        call::nt_create_section(
            handle,
            crate::sync::ALL_ACCESS,
            0,
            at,
            protection.into(),
            allocation.into(),
            file.raw(),
        )
    })
}
