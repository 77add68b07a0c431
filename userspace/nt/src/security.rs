//! Security descriptors of objects.
use crate::call;
use abi::NtStatus;

/// Some parts of a descriptor, into a buffer of so many bytes; the status, and the
/// length that is told.
pub fn query(handle: u64, parts: u32, buffer: &mut [u8], bytes: usize) -> (NtStatus, u32) {
    assert!(bytes <= buffer.len());
    let mut length = u32::MAX;
    // SAFETY: writes the buffer and the length only.
    let status = unsafe {
        call::nt_query_security_object(
            handle,
            parts.into(),
            buffer.as_mut_ptr() as u64,
            bytes as u64,
            &raw mut length as u64,
        )
    };
    (status, length)
}

/// Sets some parts of a descriptor.
pub fn set(handle: u64, parts: u32, descriptor: &[u8]) -> NtStatus {
    set_at(handle, parts, descriptor.as_ptr() as u64)
}

/// The same by any address.
pub fn set_at(handle: u64, parts: u32, address: u64) -> NtStatus {
    // SAFETY: reads the descriptor only.
    unsafe { call::nt_set_security_object(handle, parts.into(), address) }
}
