//! Where a faulting user-memory copy goes on: the `.fixup` section.

/// One entry, made by `user/copy.s`.
#[repr(C)]
struct Fixup {
    instruction: u64,
    continuation: u64,
}

unsafe extern "C" {
    static __fixup_start: Fixup;
    static __fixup_end: Fixup;
}

/// Where to go on when the instruction at `address` faults, if it may fault.
pub(crate) fn continuation(address: u64) -> Option<u64> {
    let start = &raw const __fixup_start;
    let length = ((&raw const __fixup_end) as usize - start as usize) / size_of::<Fixup>();
    // SAFETY: the linker script bounds the section, which holds only entries.
    let table = unsafe { core::slice::from_raw_parts(start, length) };
    table
        .iter()
        .find(|entry| entry.instruction == address)
        .map(|entry| entry.continuation)
}
