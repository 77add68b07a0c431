//! Information classes of threads and processes, any of them in any size.
use crate::call;
use crate::sync::{Handle, made};
use abi::NtStatus;
use abi::io::UnicodeString;
use abi::object::ObjectAttributes;
use abi::thread::ClientId;
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes};

/// Whose information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A thread's.
    Thread,
    /// A process's.
    Process,
}

/// An answer of any length in the caller's buffer, with a status and the length that
/// the call returned.
pub fn query_bytes(of: Of, handle: u64, class: u32, bytes: &mut [u8]) -> (NtStatus, u32) {
    let mut returned = u32::MAX;
    let (buffer, length) = (bytes.as_mut_ptr() as u64, bytes.len() as u64);
    let at = &raw mut returned as u64;
    let call = match of {
        Of::Thread => call::nt_query_information_thread,
        Of::Process => call::nt_query_information_process,
    };
    // SAFETY: writes the bytes and the length.
    let status = unsafe { call(handle, class.into(), buffer, length, at) };
    (status, returned)
}

/// An answer of a fixed size.
pub fn query<T: FromBytes + IntoBytes>(of: Of, handle: u64, class: u32) -> Result<T, NtStatus> {
    query_with(of, handle, class, T::new_zeroed())
}

/// The same where the buffer says what is asked for.
pub fn query_with<T: FromBytes + IntoBytes>(
    of: Of,
    handle: u64,
    class: u32,
    mut value: T,
) -> Result<T, NtStatus> {
    let (status, _) = query_bytes(of, handle, class, value.as_mut_bytes());
    status.is_success().then_some(value).ok_or(status)
}

/// Sets information of any length.
pub fn set_bytes(of: Of, handle: u64, class: u32, bytes: &[u8]) -> NtStatus {
    set_at(of, handle, class, bytes.as_ptr() as u64, bytes.len() as u64)
}

/// Sets information.
pub fn set<T: IntoBytes + Immutable>(of: Of, handle: u64, class: u32, value: &T) -> NtStatus {
    set_bytes(of, handle, class, value.as_bytes())
}

/// Sets information from any address.
pub fn set_at(of: Of, handle: u64, class: u32, buffer: u64, length: u64) -> NtStatus {
    let call = match of {
        Of::Thread => call::nt_set_information_thread,
        Of::Process => call::nt_set_information_process,
    };
    // SAFETY: reads the bytes; one class writes the one processor's number back,
    // which is what it was.
    unsafe { call(handle, class.into(), buffer, length) }
}

/// Queries with an address that should be refused.
pub fn query_at(of: Of, handle: u64, class: u32, buffer: u64, length: u64) -> NtStatus {
    let call = match of {
        Of::Thread => call::nt_query_information_thread,
        Of::Process => call::nt_query_information_process,
    };
    assert!(!(0x1_0000..1 << 47).contains(&buffer), "memory of ours");
    // SAFETY: nothing of the program's is there.
    unsafe { call(handle, class.into(), buffer, length, 0) }
}

/// A handle with chosen access, of this process or one of its threads.
pub fn open(of: Of, client_id: ClientId, access: u32) -> Result<Handle, NtStatus> {
    let mut attributes = ObjectAttributes::new_zeroed();
    attributes.length_bytes = size_of_val(&attributes) as u32;
    let id = match of {
        Of::Thread => client_id,
        Of::Process => ClientId {
            thread: 0,
            ..client_id
        },
    };
    let (attributes_at, id_at) = (&raw const attributes as u64, &raw const id as u64);
    let call = match of {
        Of::Thread => call::nt_open_thread,
        Of::Process => call::nt_open_process,
    };
    // SAFETY: writes the handle, reads the rest.
    made(|at| unsafe { call(at, access.into(), attributes_at, id_at) })
}

/// A counted string that leads to characters of the caller's.
#[must_use]
pub fn string(units: &[u16]) -> UnicodeString {
    let bytes = size_of_val(units) as u16;
    UnicodeString {
        length_bytes: bytes,
        maximum_length_bytes: bytes,
        reserved_04: 0,
        buffer: units.as_ptr() as u64,
    }
}

/// Says what the calling thread keeps the machine from; what it was.
pub fn set_execution_state(state: u32) -> Result<u32, NtStatus> {
    let mut previous = 0_u32;
    // SAFETY: writes the previous state only.
    let status =
        unsafe { call::nt_set_thread_execution_state(state.into(), &raw mut previous as u64) };
    status.is_success().then_some(previous).ok_or(status)
}
