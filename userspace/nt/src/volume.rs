//! Names of files, ranges of them that are locked, and volumes.
use crate::call;
use crate::file;
use crate::pipe::Operation;
use crate::sync::Handle;
use abi::NtStatus;
use abi::file::{FILE_RENAME_INFORMATION, FILE_RENAME_INFORMATION_EX};
use abi::io::IoStatusBlock;
use zerocopy::{FromZeros, IntoBytes};

/// Most units of a new name.
const MOST_UNITS: usize = 300;

/// A FILE_RENAME_INFORMATION with its name.
#[derive(zerocopy::IntoBytes, zerocopy::Immutable)]
#[repr(C)]
struct NewName {
    flags: u32,
    reserved_04: u32,
    root: u64,
    bytes: u32,
    name: [u16; MOST_UNITS],
    reserved: u32,
}

/// Renames a file, with `FILE_RENAME_*` flags: a plain call has but one.
pub fn rename(file: &Handle, root: u64, name: &str, flags: Result<u32, bool>) -> NtStatus {
    let class = match flags {
        Ok(_) => FILE_RENAME_INFORMATION_EX,
        Err(_) => FILE_RENAME_INFORMATION,
    };
    new_name(file, class, root, name, flags.unwrap_or_else(u32::from))
}

/// Gives a file another name by a class of that form.
pub fn new_name(file: &Handle, class: u32, root: u64, name: &str, flags: u32) -> NtStatus {
    let mut new = NewName {
        flags,
        reserved_04: 0,
        root,
        bytes: 0,
        name: [0; MOST_UNITS],
        reserved: 0,
    };
    for (place, unit) in new.name.iter_mut().zip(name.encode_utf16()) {
        *place = unit;
        new.bytes += 2;
    }
    file::set(file, class, &new)
}

/// Locks a range; with `(fails at once, exclusive)`.
pub fn lock(file: &Handle, range: (u64, u64), key: u32, how: (bool, bool)) -> NtStatus {
    let mut operation = Operation::new();
    // SAFETY: handles that do not wait are not used for this but to fail at once.
    unsafe { operation.lock(file, range, key, how) }
}

impl Operation {
    /// Locks a range; with `(fails at once, exclusive)`.
    ///
    /// # Safety
    /// This stays where it is until it is over.
    pub unsafe fn lock(
        &mut self,
        file: &Handle,
        (offset, length): (u64, u64),
        key: u32,
        (fails, exclusive): (bool, bool),
    ) -> NtStatus {
        // SAFETY: reads offset and length; the rest is the caller's promise.
        unsafe {
            call::nt_lock_file(
                file.raw(),
                self.event,
                self.apc,
                self.context,
                &raw mut self.block as u64,
                &raw const offset as u64,
                &raw const length as u64,
                key.into(),
                fails.into(),
                exclusive.into(),
            )
        }
    }
}

impl Operation {
    /// Waits for changes in a directory, or of all below it too.
    ///
    /// # Safety
    /// The buffer and this stay where they are, and are not used, until it is over.
    pub unsafe fn watch(
        &mut self,
        directory: &Handle,
        to: *mut u8,
        length: usize,
        filter: u32,
        is_deep: bool,
    ) -> NtStatus {
        // SAFETY: the caller's promise.
        unsafe {
            call::nt_notify_change_directory_file(
                directory.raw(),
                self.event,
                self.apc,
                self.context,
                &raw mut self.block as u64,
                to as u64,
                length as u64,
                filter.into(),
                is_deep.into(),
            )
        }
    }
}

/// Releases a lock.
pub fn unlock(file: &Handle, (offset, length): (u64, u64), key: u32) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: reads offset and length, writes the result.
    unsafe {
        call::nt_unlock_file(
            file.raw(),
            &raw mut result as u64,
            &raw const offset as u64,
            &raw const length as u64,
            key.into(),
        )
    }
}

/// What is known of the volume of a file; how long that is.
pub fn query(file: &Handle, class: u32, to: &mut [u8]) -> (NtStatus, usize) {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: writes the bytes and the result.
    let status = unsafe {
        call::nt_query_volume_information_file(
            file.raw(),
            &raw mut result as u64,
            to.as_mut_ptr() as u64,
            to.len() as u64,
            class.into(),
        )
    };
    (status, result.information as usize)
}

/// Does what a code of devices says; how many bytes came.
pub fn control(file: &Handle, code: u32, to: &mut [u8]) -> (NtStatus, usize) {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: writes the bytes and the result.
    let status = unsafe {
        call::nt_device_io_control_file(
            file.raw(),
            0,
            0,
            0,
            &raw mut result as u64,
            code.into(),
            0,
            0,
            to.as_mut_ptr() as u64,
            to.len() as u64,
        )
    };
    (status, result.information as usize)
}

/// Changes something of a volume.
pub fn set(file: &Handle, class: u32, bytes: &[u8]) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: reads the bytes, writes the result.
    unsafe {
        call::nt_set_volume_information_file(
            file.raw(),
            &raw mut result as u64,
            bytes.as_ptr() as u64,
            bytes.len() as u64,
            class.into(),
        )
    }
}

/// Asks for extended attributes, of which there are none.
pub fn query_ea(file: &Handle, index: Option<u32>) -> NtStatus {
    let (mut result, mut buffer) = (IoStatusBlock::new_zeroed(), [0_u8; 64]);
    let index_at = index.as_ref().map_or(0, |index| &raw const *index as u64);
    // SAFETY: reads the index, writes the bytes and the result.
    unsafe {
        call::nt_query_ea_file(
            file.raw(),
            &raw mut result as u64,
            buffer.as_mut_ptr() as u64,
            buffer.len() as u64,
            0,
            0,
            0,
            index_at,
            1,
        )
    }
}

/// Sets extended attributes.
pub fn set_ea(file: &Handle, bytes: &[u8]) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    let (at, length) = (bytes.as_ptr() as u64, bytes.len() as u64);
    // SAFETY: reads the bytes, writes the result.
    unsafe { call::nt_set_ea_file(file.raw(), &raw mut result as u64, at, length) }
}

/// Has what was written reach the medium.
pub fn flush(file: &Handle, flags: u32) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    let at = &raw mut result as u64;
    // SAFETY: writes the result.
    unsafe { call::nt_flush_buffers_file_ex(file.raw(), flags.into(), 0, 0, at) }
}

/// Reads pages of memory from a file, or writes them to it; how many bytes.
///
/// # Safety
/// The pages are memory that nothing in Rust refers to.
pub unsafe fn pages(
    file: &Handle,
    reads: bool,
    offset: u64,
    pages: &[u64],
    length: u64,
) -> Result<u64, NtStatus> {
    let mut result = IoStatusBlock::new_zeroed();
    let stub = match reads {
        true => call::nt_read_file_scatter,
        false => call::nt_write_file_gather,
    };
    // SAFETY: the caller's promise; writes the result besides.
    let status = unsafe {
        stub(
            file.raw(),
            0,
            0,
            0,
            &raw mut result as u64,
            pages.as_bytes().as_ptr() as u64,
            length,
            &raw const offset as u64,
            0,
        )
    };
    let bytes = result.information;
    status.is_success().then_some(bytes).ok_or(status)
}

/// Reads or writes with the key of a lock, at an offset.
pub fn with_key(file: &Handle, reads: bool, offset: u64, key: u32, bytes: &mut [u8]) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    let stub = match reads {
        true => call::nt_read_file,
        false => call::nt_write_file,
    };
    // SAFETY: reads or writes the bytes, reads offset and key, writes the result.
    unsafe {
        stub(
            file.raw(),
            0,
            0,
            0,
            &raw mut result as u64,
            bytes.as_mut_ptr() as u64,
            bytes.len() as u64,
            &raw const offset as u64,
            &raw const key as u64,
        )
    }
}
