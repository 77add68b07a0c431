//! What does not change while the system runs, and what is counted.
use abi::memory::*;
use abi::system::*;
use abi::user_shared::PROCESSOR_ARCHITECTURE_AMD64;
use core::arch::x86_64::__cpuid;
use nt::machine::{query, query_into, query_with};
use nt::memory::Memory;
use nt::{NtStatus, Program, system};

pub fn check(program: &Program) {
    let basic = |class| program.done("basic", query::<SystemBasicInformation>(class));
    let native = basic(SYSTEM_BASIC_INFORMATION);
    program.check("page", u64::from(native.page_bytes), PAGE_SIZE);
    program.check(
        "granularity",
        u64::from(native.allocation_granularity),
        ALLOCATION_GRANULARITY,
    );
    program.check(
        "addresses",
        (native.lowest_user_address, native.highest_user_address),
        (LOWEST_USER_ADDRESS, HIGHEST_USER_ADDRESS),
    );
    program.check(
        "processors",
        (native.processor_count, native.processors_mask),
        (1, 1),
    );
    let page = system::user_shared();
    program.check("memory", native.physical_pages, page.physical_pages);
    program.require(
        "the last page is behind all others",
        native.highest_physical_page >= native.physical_pages,
    );
    program.check(
        "addresses of 32 bits",
        basic(SYSTEM_EMULATION_BASIC_INFORMATION).highest_user_address,
        0x7FFE_FFFF,
    );
    processor(program);
    fixed(program);
    counts(program);
}

fn processor(program: &Program) {
    let processor = |class| program.done("processor", query::<SystemProcessorInformation>(class));
    let native = processor(SYSTEM_PROCESSOR_INFORMATION);
    program.check(
        "architecture",
        native.architecture,
        PROCESSOR_ARCHITECTURE_AMD64,
    );
    program.check(
        "architecture of 32 bits",
        processor(SYSTEM_EMULATION_PROCESSOR_INFORMATION).architecture,
        0,
    );
    let signature = __cpuid(1).eax;
    let family = match signature >> 8 & 15 {
        15 => 15 + (signature >> 20 & 0xFF),
        family => family,
    };
    program.check("family", u32::from(native.level), family);
    program.check(
        "stepping",
        u32::from(native.revision & 0xFF),
        signature & 15,
    );
    program.check("how many", native.processor_count, 1);
    program.require(
        "SSE2 and time stamps",
        native.feature_bits & (KF_XMMI64 | KF_RDTSC) == KF_XMMI64 | KF_RDTSC,
    );
    let mut name = [0xA5; 64];
    let (status, length) = query_into(SYSTEM_PROCESSOR_BRAND_STRING, &mut name);
    program.check("the name", status, NtStatus::SUCCESS);
    let text = &name[..length as usize];
    program.check(
        "its terminator",
        text.iter().position(|byte| *byte == 0),
        Some(text.len() - 1),
    );
    program.check(
        "no room for it",
        query_into(SYSTEM_PROCESSOR_BRAND_STRING, &mut []),
        (NtStatus::INFO_LENGTH_MISMATCH, length),
    );
}

fn fixed(program: &Program) {
    let debugger = query::<SystemKernelDebuggerInformation>(SYSTEM_KERNEL_DEBUGGER_INFORMATION);
    let debugger = program.done("debugger", debugger);
    program.check(
        "no debugger",
        (debugger.is_enabled, debugger.is_not_present),
        (0, 1),
    );
    let boot = query::<SystemBootEnvironmentInformation>(SYSTEM_BOOT_ENVIRONMENT_INFORMATION);
    let boot = program.done("boot environment", boot);
    program.check("firmware", boot.firmware_type, FIRMWARE_TYPE_BIOS);
    let integrity = |length_bytes| {
        let asked = SystemCodeIntegrityInformation {
            length_bytes,
            options: 0xA5,
        };
        query_with(SYSTEM_CODE_INTEGRITY_INFORMATION, asked).map(|answer| answer.options)
    };
    program.check("code integrity", integrity(8), Ok(0));
    program.check(
        "of a wrong length",
        integrity(0),
        Err(NtStatus::INFO_LENGTH_MISMATCH),
    );
    texts(program);
}

/// Four texts, the first of which says whose system this is.
fn texts(program: &Program) {
    let mut buffer = [0xA5; 256];
    let (status, length) = query_into(SYSTEM_WINE_VERSION_INFORMATION, &mut buffer);
    program.check("versions", status, NtStatus::SUCCESS);
    let texts = &buffer[..length as usize];
    program.require("the system's name", texts.starts_with(b"Petrel "));
    program.check(
        "how many texts",
        texts.iter().filter(|byte| **byte == 0).count(),
        4,
    );
    program.check("the last terminator", texts.last(), Some(&0));
    program.require(
        "nothing behind them",
        buffer[length as usize..].iter().all(|byte| *byte == 0xA5),
    );
    let short = query_into(SYSTEM_WINE_VERSION_INFORMATION, &mut buffer[..4]);
    program.check(
        "no room for them",
        short,
        (NtStatus::INFO_LENGTH_MISMATCH, length),
    );
}

fn counts(program: &Program) {
    let all = || {
        let class = SYSTEM_PERFORMANCE_INFORMATION;
        program.done("performance", query::<SystemPerformanceInformation>(class))
    };
    let before = all();
    let mut memory = program.done("reserve", Memory::reserve(64 * PAGE_SIZE));
    program.done("commit", memory.commit(0, 64 * PAGE_SIZE));
    let committed = all();
    program.require(
        "commitment counts what is committed",
        committed.committed_pages >= before.committed_pages + 64,
    );
    for page in 0..64 {
        memory.write(page * PAGE_SIZE, 1);
    }
    let touched = all();
    program.require(
        "touching takes pages",
        touched.available_pages + 64 <= committed.available_pages,
    );
    program.require("and faults", touched.page_faults > committed.page_faults);
    program.require(
        "calls are counted",
        touched.system_calls >= before.system_calls + 3,
    );
    program.require(
        "within the limit",
        touched.peak_commitment_pages >= touched.committed_pages
            && touched.commit_limit_pages >= touched.peak_commitment_pages,
    );
    program.done("release", memory.release());
    let after = all();
    program.require(
        "commitment is given back",
        after.committed_pages + 64 <= touched.committed_pages,
    );
    program.check("delay", system::delay(-50_000), NtStatus::SUCCESS);
    let idled = all();
    program.require(
        "idling is counted",
        idled.idle_time_100ns > after.idle_time_100ns,
    );
    program.require(
        "switches are counted",
        idled.context_switches > after.context_switches,
    );
    let class = SYSTEM_BASIC_PERFORMANCE_INFORMATION;
    let basic = program.done(
        "basic counts",
        query::<SystemBasicPerformanceInformation>(class),
    );
    program.check(
        "the same limit",
        basic.commit_limit_pages,
        u64::from(idled.commit_limit_pages),
    );
}
