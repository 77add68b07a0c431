//! What the system says of itself, and what of it can be changed.
use crate::call;
use crate::information::string;
use abi::NtStatus;
use zerocopy::{FromBytes, IntoBytes};

/// An answer of any length in the caller's buffer, with a status and the length that
/// the call returned.
pub fn query_into(class: u32, bytes: &mut [u8]) -> (NtStatus, u32) {
    let mut returned = u32::MAX;
    let (buffer, length) = (bytes.as_mut_ptr() as u64, bytes.len() as u64);
    // SAFETY: writes the bytes and the length.
    let status = unsafe {
        call::nt_query_system_information(class.into(), buffer, length, &raw mut returned as u64)
    };
    (status, returned)
}

/// An answer of a fixed size.
pub fn query<T: FromBytes + IntoBytes>(class: u32) -> Result<T, NtStatus> {
    query_with(class, T::new_zeroed())
}

/// The same where the buffer says what is asked for.
pub fn query_with<T: FromBytes + IntoBytes>(class: u32, mut value: T) -> Result<T, NtStatus> {
    let (status, _) = query_into(class, value.as_mut_bytes());
    status.is_success().then_some(value).ok_or(status)
}

/// Queries with addresses of which one should be refused.
pub fn query_at(class: u32, buffer: u64, length: u64, returned: u64) -> NtStatus {
    for address in [buffer, returned] {
        assert!(!(0x1_0000..1 << 47).contains(&address), "memory of ours");
    }
    // SAFETY: nothing of the program's is there.
    unsafe { call::nt_query_system_information(class.into(), buffer, length, returned) }
}

/// An answer about what the input says.
pub fn query_about(class: u32, input: &[u8], bytes: &mut [u8]) -> (NtStatus, u32) {
    let mut returned = u32::MAX;
    let input_at = match input {
        [] => 0,
        _ => input.as_ptr() as u64,
    };
    let (buffer, length) = (bytes.as_mut_ptr() as u64, bytes.len() as u64);
    // SAFETY: reads the input, writes the bytes and the length.
    let status = unsafe {
        call::nt_query_system_information_ex(
            class.into(),
            input_at,
            input.len() as u64,
            buffer,
            length,
            &raw mut returned as u64,
        )
    };
    (status, returned)
}

/// Sets information.
pub fn set(class: u32, bytes: &[u8]) -> NtStatus {
    let (buffer, length) = (bytes.as_ptr() as u64, bytes.len() as u64);
    // SAFETY: reads the bytes.
    unsafe { call::nt_set_system_information(class.into(), buffer, length) }
}

/// Sets the clock, 100 ns since 1601 UTC; what it was.
pub fn set_system_time(time_100ns: i64) -> Result<i64, NtStatus> {
    let mut previous = 0_i64;
    // SAFETY: reads the time, writes the previous one.
    let status =
        unsafe { call::nt_set_system_time(&raw const time_100ns as u64, &raw mut previous as u64) };
    status.is_success().then_some(previous).ok_or(status)
}

/// How coarse and how fine ticks can be, and how fine they are.
pub fn timer_resolution() -> Result<[u32; 3], NtStatus> {
    let mut all = [0_u32; 3];
    let [coarsest, finest, current] = all.each_mut().map(|one| &raw mut *one as u64);
    // SAFETY: writes the three numbers.
    let status = unsafe { call::nt_query_timer_resolution(coarsest, finest, current) };
    status.is_success().then_some(all).ok_or(status)
}

/// Asks for ticks or takes that back; how fine they are.
pub fn set_timer_resolution(resolution: u32, is_wanted: bool) -> (NtStatus, u32) {
    let mut current = 0_u32;
    let at = &raw mut current as u64;
    // SAFETY: writes the number.
    let status = unsafe { call::nt_set_timer_resolution(resolution.into(), is_wanted.into(), at) };
    (status, current)
}

/// Asks for information on power, with input or without.
pub fn power(class: u32, input: Option<&[u8]>, bytes: &mut [u8]) -> NtStatus {
    let (input_at, input_length) =
        input.map_or((0, 0), |input| (input.as_ptr() as u64, input.len() as u64));
    let (output, length) = (bytes.as_mut_ptr() as u64, bytes.len() as u64);
    // SAFETY: reads the input, writes the bytes.
    unsafe { call::nt_power_information(class.into(), input_at, input_length, output, length) }
}

/// A stretch of time for UUIDs: since 1582, how long, the sequence and the node.
pub fn allocate_uuids() -> Result<(u64, u32, u32, [u8; 6]), NtStatus> {
    let (mut time, mut range, mut sequence, mut seed) = (0_u64, 0_u32, 0_u32, [0_u8; 6]);
    // SAFETY: writes the four of them.
    let status = unsafe {
        call::nt_allocate_uuids(
            &raw mut time as u64,
            &raw mut range as u64,
            &raw mut sequence as u64,
            &raw mut seed as u64,
        )
    };
    let all = (time, range, sequence, seed);
    status.is_success().then_some(all).ok_or(status)
}

/// Asks for the value of a licence.
pub fn license_value(name: &[u16]) -> NtStatus {
    let name = string(name);
    let mut returned = 0_u32;
    // SAFETY: reads the name, writes the length.
    unsafe {
        call::nt_query_license_value(&raw const name as u64, 0, 0, 0, &raw mut returned as u64)
    }
}

/// Asks for a variable of the firmware, in the old way and in the new one.
pub fn firmware_variable(name: &[u16]) -> [NtStatus; 2] {
    let name = string(name);
    let (mut value, vendor, mut length) = ([0_u16; 8], [0_u8; 16], 16_u32);
    let (name_at, value_at) = (&raw const name as u64, &raw mut value as u64);
    // SAFETY: reads the name and the vendor, writes the value and the length.
    unsafe {
        [
            call::nt_query_system_environment_value(name_at, value_at, 16, 0),
            call::nt_query_system_environment_value_ex(
                name_at,
                &raw const vendor as u64,
                value_at,
                &raw mut length as u64,
                0,
            ),
        ]
    }
}

/// Shows a text on the console.
pub fn display_string(text: &[u16]) -> NtStatus {
    let text = string(text);
    // SAFETY: reads the text.
    unsafe { call::nt_display_string(&raw const text as u64) }
}

/// Ends all programs and the machine.
pub fn shut_down(action: u32) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_shutdown_system(action.into()) }
}

/// Has the machine sleep or end.
pub fn power_action(action: u32, state: u32) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_initiate_power_action(action.into(), state.into(), 0, 0) }
}

/// Has a debugger of the kernel do something.
pub fn debug_control(command: u32) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_system_debug_control(command.into(), 0, 0, 0, 0, 0) }
}

/// Lets debug messages through.
pub fn set_debug_filter(component: u32, level: u32) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_set_debug_filter_state(component.into(), level.into(), 1) }
}

/// Controls a tracing session.
pub fn trace_control(function: u32) -> NtStatus {
    let mut returned = 0_u32;
    // SAFETY: writes the length.
    unsafe { call::nt_trace_control(function.into(), 0, 0, 0, 0, &raw mut returned as u64) }
}
