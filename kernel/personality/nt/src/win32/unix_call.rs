//! Unix calls: what Wine's DLLs ask of the system they were made for (W 4).

use abi::NtStatus;
use executive::clock;
use executive::memory::Space;

use super::names;
use super::resolver;
use super::stubs::UNIX_CALL;
use crate::call::{Call, Outcome, read, read_vec, write};

/// Where the code is that makes a unix call: behind the page that all share, whose
/// first 64 KiB are its own.
pub(crate) const THUNK_ADDRESS: u64 = 0x7FFF_0000;
const NUMBER: [u8; 4] = UNIX_CALL.to_le_bytes();
/// mov r10, rcx; mov eax, UNIX_CALL; syscall; ret.
pub(super) const THUNK: [u8; 11] = [
    0x49, 0x89, 0xCA, 0xB8, NUMBER[0], NUMBER[1], NUMBER[2], NUMBER[3], 0x0F, 0x05, 0xC3,
];

/// What ntdll's calls are known by.
pub(super) const NTDLL_LIBRARY: u64 = 1;
/// Those DLLs that do not load without such a library or are answered, and what theirs are
/// known by.
const LIBRARIES: [(&str, u64); 3] = [
    ("ws2_32.dll", WS2_32_LIBRARY),
    ("crypt32.dll", 3),
    ("dnsapi.dll", DNSAPI_LIBRARY),
];
const WS2_32_LIBRARY: u64 = 2;
const DNSAPI_LIBRARY: u64 = 4;

/// Codes of ntdll's.
const LOAD_SO_DLL: u32 = 0;
const UNWIND_BUILTIN_DLL: u32 = 1;
const DEBUG_WRITE: u32 = 2;
const SYSTEM_TIME_PRECISE: u32 = 7;

/// Most bytes of a message that are shown.
const MOST_MESSAGE_BYTES: u32 = 0x1000;
/// 100 ns between the beginnings of 1601 and 1970.
const SINCE_1601: u64 = 116_444_736_000_000_000;

/// The number that a DLL's calls are known by (class 1000 of NtQueryVirtualMemory).
pub(crate) fn library_handle(space: &Space, base: u64) -> Result<u64, NtStatus> {
    let view = space.image_at(base).ok_or(NtStatus::INVALID_ADDRESS)?;
    let name = view.image.name();
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let found = LIBRARIES
        .iter()
        .find(|(dll, _)| dll.eq_ignore_ascii_case(name));
    found
        .map(|(_, handle)| *handle)
        .ok_or(NtStatus::DLL_NOT_FOUND)
}

/// A unix call: library, code, arguments.
pub(crate) fn serve(call: &Call<'_>) -> Outcome {
    let (library, code, arguments) = (call.word(0)?, call.value32(1)?, call.word(2)?);
    match library {
        NTDLL_LIBRARY => serve_ntdll(call, code, arguments),
        WS2_32_LIBRARY => names::serve(code, arguments),
        DNSAPI_LIBRARY => resolver::serve(code, arguments),
        _ => Err(NtStatus::NOT_IMPLEMENTED),
    }
}

fn serve_ntdll(call: &Call<'_>, code: u32, arguments: u64) -> Outcome {
    match code {
        // Then the file is no DLL at all.
        LOAD_SO_DLL => Err(NtStatus::INVALID_IMAGE_FORMAT),
        // Then the function is one that calls no other.
        UNWIND_BUILTIN_DLL => Err(NtStatus::UNSUCCESSFUL),
        DEBUG_WRITE => debug_write(call, arguments),
        SYSTEM_TIME_PRECISE => {
            let now = clock::since_1970_100ns().saturating_add(SINCE_1601);
            write(arguments, &now)?;
            Ok(NtStatus::SUCCESS)
        }
        _ => Err(NtStatus::NOT_IMPLEMENTED),
    }
}

/// Shows what a DLL has to say to its developers; how many bytes that were.
fn debug_write(call: &Call<'_>, arguments: u64) -> Outcome {
    let [text, length] = read::<[u64; 2]>(arguments)?;
    let [a, b, c, d, ..] = length.to_le_bytes();
    let length = u32::from_le_bytes([a, b, c, d]);
    let shown = length.min(MOST_MESSAGE_BYTES);
    let bytes = read_vec::<u8>(text, usize::try_from(shown).unwrap_or(usize::MAX))?;
    let name = call.process().name();
    for line in bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        match core::str::from_utf8(line) {
            Ok(line) => log::info!("{name}: {line}"),
            Err(_) => log::info!("{name}: (a message that is not text)"),
        }
    }
    Ok(NtStatus(length))
}
