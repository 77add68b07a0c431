//! Tokens.
use crate::call;
use crate::sync::{ALL_ACCESS, Handle, made};
use abi::NtStatus;
use abi::access::{THREAD_QUERY_INFORMATION, TOKEN_QUERY};
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use core::slice;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// A privilege in memory: its number's halves, and its attributes.
pub type Privilege = [u32; 3];

/// Privileges and their count, for calls.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privileges<const N: usize> {
    /// How many count.
    pub count: u32,
    /// Each.
    pub entries: [Privilege; N],
}

impl<const N: usize> Privileges<N> {
    /// They as they lie in memory.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: of words of 4 bytes only, without gaps.
        unsafe { slice::from_raw_parts(core::ptr::from_ref(self).cast(), size_of::<Self>()) }
    }

    /// The same to be filled.
    pub fn as_mut_bytes(&mut self) -> &mut [u8] {
        // SAFETY: as above; any bytes are words.
        unsafe { slice::from_raw_parts_mut(core::ptr::from_mut(self).cast(), size_of::<Self>()) }
    }
}

/// One privilege with attributes.
#[must_use]
pub fn privilege(number: u32, attributes: u32) -> Privilege {
    [number, 0, attributes]
}

/// The token of this process.
pub fn open(access: u64) -> Result<Handle, NtStatus> {
    open_of(CURRENT_PROCESS, access)
}

/// The token of a process.
pub fn open_of(process: u64, access: u64) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe { call::nt_open_process_token(process, access, at) })
}

/// The token of this thread, in both ways.
pub fn open_of_thread() -> [Result<Handle, NtStatus>; 2] {
    let access = (TOKEN_QUERY | THREAD_QUERY_INFORMATION).into();
    [
        // SAFETY: writes the handle only.
        made(|at| unsafe { call::nt_open_thread_token(CURRENT_THREAD, access, 1, at) }),
        // SAFETY: writes the handle only.
        made(|at| unsafe { call::nt_open_thread_token_ex(CURRENT_THREAD, access, 1, 0, at) }),
    ]
}

/// Asks a token for a class of information. The status, and the length that it
/// says the answer has.
pub fn query_into(token: u64, class: u32, to: &mut [u8]) -> (NtStatus, u32) {
    let mut length = 0_u32;
    // SAFETY: writes the answer and its length only.
    let status = unsafe {
        call::nt_query_information_token(
            token,
            class.into(),
            to.as_mut_ptr() as u64,
            to.len() as u64,
            &raw mut length as u64,
        )
    };
    (status, length)
}

/// The same of a class with one structure.
pub fn query<T: FromBytes + IntoBytes>(token: u64, class: u32) -> Result<T, NtStatus> {
    let mut answer = T::new_zeroed();
    match query_into(token, class, answer.as_mut_bytes()) {
        (NtStatus::SUCCESS, length) if length as usize == size_of::<T>() => Ok(answer),
        (NtStatus::SUCCESS, _) => Err(NtStatus::INFO_LENGTH_MISMATCH),
        (status, _) => Err(status),
    }
}

/// Sets a class of information.
pub fn set<T: IntoBytes + Immutable>(token: u64, class: u32, value: &T) -> NtStatus {
    // SAFETY: reads the value, and what it refers to.
    unsafe {
        call::nt_set_information_token(
            token,
            class.into(),
            value as *const T as u64,
            size_of::<T>() as u64,
        )
    }
}

/// Changes privileges. The status.
pub fn adjust<const N: usize>(token: u64, wanted: &Privileges<N>) -> NtStatus {
    let at = wanted as *const Privileges<N> as u64;
    // SAFETY: reads the list only.
    unsafe { call::nt_adjust_privileges_token(token, 0, at, 0, 0, 0) }
}

/// The same, or disables all without a list; what changed goes to `before`. The
/// status, and how long that is.
pub fn adjust_and_tell<const N: usize>(
    token: u64,
    wanted: Option<&Privileges<N>>,
    before: &mut [u8],
) -> (NtStatus, u32) {
    let mut length = 0_u32;
    let at = wanted.map_or(0, |wanted| wanted as *const Privileges<N> as u64);
    // SAFETY: reads the list, writes what changed and its length.
    let status = unsafe {
        call::nt_adjust_privileges_token(
            token,
            wanted.is_none().into(),
            at,
            before.len() as u64,
            before.as_mut_ptr() as u64,
            &raw mut length as u64,
        )
    };
    (status, length)
}

/// A copy of a token.
pub fn duplicate(
    token: u64,
    access: u64,
    attributes: u64,
    effective_only: bool,
    token_type: u32,
) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle, reads the attributes.
    made(|at| unsafe {
        call::nt_duplicate_token(
            token,
            access,
            attributes,
            effective_only.into(),
            token_type.into(),
            at,
        )
    })
}

/// A copy with less: lists of groups, privileges and groups by their addresses.
pub fn filter(
    token: u64,
    flags: u32,
    disabled: u64,
    deleted: u64,
    restricted: u64,
) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle, reads the lists.
    made(|at| unsafe {
        call::nt_filter_token(token, flags.into(), disabled, deleted, restricted, at)
    })
}

/// Whether two tokens are equivalent.
pub fn compare(first: u64, second: u64) -> Result<bool, NtStatus> {
    let mut equal = 7_u8;
    // SAFETY: writes the result only.
    let status = unsafe { call::nt_compare_tokens(first, second, &raw mut equal as u64) };
    status.is_success().then_some(equal == 1).ok_or(status)
}

/// A handle of any access to this process's token.
pub fn own() -> Result<Handle, NtStatus> {
    open(ALL_ACCESS)
}
