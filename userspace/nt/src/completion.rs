//! Completion ports.
use crate::call;
use crate::sync::{ALL_ACCESS, Handle, made};
use abi::NtStatus;
use abi::file::FileIoCompletionInformation;
use abi::io::IoStatusBlock;
use zerocopy::FromZeros;

/// A packet: the key of what was asked, what the asker said, and what became of it.
pub type Packet = (u64, u64, NtStatus, u64);

/// A new completion port.
pub fn port() -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe { call::nt_create_io_completion(at, ALL_ACCESS, 0, 0) })
}

/// How many packets there are.
pub fn depth(port: &Handle) -> Result<u32, NtStatus> {
    let mut depth = 0_u32;
    // SAFETY: writes the count only.
    let status =
        unsafe { call::nt_query_io_completion(port.raw(), 0, &raw mut depth as u64, 4, 0) };
    status.is_success().then_some(depth).ok_or(status)
}

/// Puts a packet into a port.
pub fn put(port: &Handle, (key, value, status, information): Packet) -> NtStatus {
    // SAFETY: changes no memory.
    unsafe { call::nt_set_io_completion(port.raw(), key, value, status.0.into(), information) }
}

/// The same in a reserve.
pub fn put_in(port: &Handle, reserve: u64, packet: Packet) -> NtStatus {
    let (key, value, status, information) = packet;
    let status = status.0.into();
    // SAFETY: changes no memory.
    unsafe { call::nt_set_io_completion_ex(port.raw(), reserve, key, value, status, information) }
}

/// Takes the next packet, and waits for it no longer than a time.
pub fn take(port: &Handle, timeout: Option<i64>) -> Result<Packet, NtStatus> {
    let (mut key, mut value) = (0, 0);
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: writes the packet and reads the time.
    let status = unsafe {
        call::nt_remove_io_completion(
            port.raw(),
            &raw mut key as u64,
            &raw mut value as u64,
            &raw mut result as u64,
            timeout.as_ref().map_or(0, |time| &raw const *time as u64),
        )
    };
    match status {
        NtStatus::SUCCESS => Ok((key, value, result.status, result.information)),
        _ => Err(status),
    }
}

/// Takes as many packets as there are and room is for; how many came.
pub fn take_several(
    port: &Handle,
    to: &mut [FileIoCompletionInformation],
    timeout: Option<i64>,
    is_alertable: bool,
) -> (NtStatus, u32) {
    let mut taken = u32::MAX;
    // SAFETY: writes the packets and the count, reads the time.
    let status = unsafe {
        call::nt_remove_io_completion_ex(
            port.raw(),
            to.as_mut_ptr() as u64,
            to.len() as u64,
            &raw mut taken as u64,
            timeout.as_ref().map_or(0, |time| &raw const *time as u64),
            is_alertable.into(),
        )
    };
    (status, taken)
}
