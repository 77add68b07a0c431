//! Calls that work at odd addresses, and refused calls that change nothing.
use crate::call;
use crate::places::{Contents, Places, good_arguments, refill};
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use abi::services::{FREESTANDING, numbers};
use nt::memory::{allocate, protect};
use nt::{NtStatus, Program};

/// Calls that would wait for input or a change, or that lack what no address can give them: a
/// name that exists, an image, a view, a lock, a child's parameters, a context, a
/// descriptor, a list of privileges, a privilege, firmware, a debugger, an answer.
const CANNOT_SUCCEED: &[u32] = &[
    numbers::NtReadFile,
    numbers::NtWriteFile,
    numbers::NtAccessCheck,
    numbers::NtAdjustGroupsToken,
    numbers::NtAdjustPrivilegesToken,
    numbers::NtCancelIoFileEx,
    numbers::NtCancelSynchronousIoFile,
    numbers::NtContinue,
    numbers::NtContinueEx,
    numbers::NtCreateFile,
    numbers::NtCreateNamedPipeFile,
    numbers::NtCreateSection,
    numbers::NtCreateSymbolicLinkObject,
    numbers::NtCreateUserProcess,
    numbers::NtCreateKey,
    numbers::NtCreateKeyTransacted,
    numbers::NtDeleteFile,
    numbers::NtDeviceIoControlFile,
    numbers::NtDisplayString,
    numbers::NtDeleteValueKey,
    numbers::NtFlushVirtualMemory,
    numbers::NtFsControlFile,
    numbers::NtGetContextThread,
    numbers::NtGetNlsSectionPtr,
    numbers::NtNotifyChangeMultipleKeys,
    numbers::NtInitializeNlsFiles,
    numbers::NtNotifyChangeDirectoryFile,
    numbers::NtOpenDirectoryObject,
    numbers::NtOpenEvent,
    numbers::NtOpenFile,
    numbers::NtOpenIoCompletion,
    numbers::NtOpenJobObject,
    numbers::NtOpenKey,
    numbers::NtOpenKeyEx,
    numbers::NtOpenKeyTransacted,
    numbers::NtOpenKeyTransactedEx,
    numbers::NtOpenKeyedEvent,
    numbers::NtOpenMutant,
    numbers::NtOpenProcess,
    numbers::NtOpenSection,
    numbers::NtOpenSemaphore,
    numbers::NtOpenSymbolicLinkObject,
    numbers::NtOpenThread,
    numbers::NtOpenThreadToken,
    numbers::NtOpenThreadTokenEx,
    numbers::NtOpenTimer,
    numbers::NtQueryAttributesFile,
    numbers::NtQueryDirectoryObject,
    numbers::NtQueryEaFile,
    numbers::NtReadFileScatter,
    numbers::NtSetEaFile,
    numbers::NtSetVolumeInformationFile,
    numbers::NtUnlockFile,
    numbers::NtWriteFileGather,
    numbers::NtQueryFullAttributesFile,
    numbers::NtQueryInformationToken,
    numbers::NtQueryLicenseValue,
    numbers::NtQuerySymbolicLinkObject,
    numbers::NtQuerySystemEnvironmentValue,
    numbers::NtQuerySystemEnvironmentValueEx,
    numbers::NtQuerySystemInformationEx,
    numbers::NtRaiseException,
    numbers::NtRenameKey,
    numbers::NtSetContextThread,
    numbers::NtSetInformationToken,
    numbers::NtSetSystemInformation,
    numbers::NtSetSystemTime,
    numbers::NtSystemDebugControl,
    numbers::NtTraceControl,
    numbers::NtUnlockVirtualMemory,
    numbers::NtUnmapViewOfSection,
    numbers::NtUnmapViewOfSectionEx,
];

/// Good memory at odd addresses: the calls work, or say that it is misaligned.
pub fn wrong_offsets(program: &Program, places: &Places) {
    for service in FREESTANDING.iter().filter(|service| service.is_served()) {
        if CANNOT_SUCCEED.contains(&service.number) {
            continue;
        }
        for position in 0..service.arguments.len() {
            let mut arguments = good_arguments(service, places);
            let pointer = &mut arguments[position];
            if *pointer < places.good || *pointer >= places.good + 16 * PAGE_SIZE {
                continue;
            }
            refill(service, places);
            let aligned = *pointer as *const Contents;
            // SAFETY: inside the memory of this test.
            let contents = unsafe { aligned.read_volatile() };
            *pointer += 1;
            // SAFETY: as above.
            unsafe { (*pointer as *mut Contents).write_unaligned(contents) };
            let status = call(service, arguments);
            if !status.is_success() && status != NtStatus::DATATYPE_MISALIGNMENT {
                let name = service.arguments[position].name;
                program.fail(format_args!("{} with odd {name}: {status}", service.name));
            }
        }
    }
}

/// Calls that could work but not say so: they must not have worked.
pub fn refused_without_effect(program: &Program, places: &Places) {
    let size = places.readonly[0];
    let page = places.good + 12 * PAGE_SIZE;
    let free = program
        .done(
            "reserve",
            allocate(0, PAGE_SIZE, MEM_RESERVE, PAGE_READWRITE),
        )
        .base;
    let base = places.good as *mut u64;
    // SAFETY: the pages are this test's; from here on `size` reads as a page.
    unsafe {
        let _ = protect(size, PAGE_SIZE, PAGE_READWRITE);
        (size as *mut u64).write_volatile(PAGE_SIZE);
        let _ = protect(size, PAGE_SIZE, PAGE_READONLY);
        let _ = nt::memory::free(free, 0, MEM_RELEASE);
    }
    let state = |address| nt::memory::query(address).map(|found| (found.state, found.protect));
    let both = u64::from(MEM_RESERVE | MEM_COMMIT);
    let (allocate, free_type) = (numbers::NtAllocateVirtualMemory, u64::from(MEM_DECOMMIT));
    let at = places.good;
    for (number, target, arguments) in [
        (allocate, free, [at, 0, size, both, PAGE_READWRITE.into()]),
        (
            numbers::NtFreeVirtualMemory,
            page,
            [at, size, free_type, 0, 0],
        ),
        (
            numbers::NtProtectVirtualMemory,
            page,
            [at, size, PAGE_READONLY.into(), at + 8, 0],
        ),
    ] {
        let before = state(target);
        // SAFETY: inside the memory of this test, aligned.
        unsafe { base.write_volatile(target) };
        let [a, b, c, d, e] = arguments;
        let all = [CURRENT_PROCESS, a, b, c, d, e];
        // SAFETY: refused, since the size cannot be written back.
        let status = NtStatus(unsafe { nt::call::any(number.into(), all) } as u32);
        program.check(
            "a call with a size it cannot write",
            status,
            NtStatus::ACCESS_VIOLATION,
        );
        program.check("memory after it", state(target), before);
    }
    // SAFETY: refused, since the old protection cannot be written.
    let status = unsafe {
        base.write_volatile(page);
        base.add(1).write_volatile(PAGE_SIZE);
        let readonly = u64::from(PAGE_READONLY);
        nt::call::nt_protect_virtual_memory(CURRENT_PROCESS, at, at + 8, readonly, size)
    };
    program.check(
        "no place for the old protection",
        status,
        NtStatus::ACCESS_VIOLATION,
    );
    program.check(
        "protection after it",
        state(page),
        Ok((MEM_COMMIT, PAGE_READWRITE)),
    );
}
