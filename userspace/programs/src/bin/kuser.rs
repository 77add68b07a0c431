//! The shared page: fixed fields, and clocks that agree with the calls.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("kuser", main);

use abi::user_shared::*;
use core::arch::x86_64::{__cpuid, __cpuid_count};
use nt::{NtStatus, system};

/// 2020-01-01 in 100 ns since 1601: an earlier system time is a wrong one.
const YEAR_2020_100NS: i64 = 132_223_104_000_000_000;
/// How long the page may be behind the calls.
const TICK_100NS: i64 = 160_000;
/// Long beside that, so that a page that stands still is noticed.
const DELAY_100NS: i64 = 1_000_000;

fn main(program: &nt::Program) {
    fixed_fields(program, &system::user_shared());

    let (interrupt, counter) = (
        shared(program, |page| page.interrupt_time_100ns),
        counter(program),
    );
    program.check(
        "status of a delay",
        system::delay(-DELAY_100NS),
        NtStatus::SUCCESS,
    );
    let slept = counter_since(program, counter);
    program.require("the delay lasted as long as asked", slept >= DELAY_100NS);
    let ticked = shared(program, |page| page.interrupt_time_100ns) - interrupt;
    program.require(
        "interrupt time went on",
        (ticked - slept).abs() <= 2 * TICK_100NS,
    );

    let Ok(now) = system::system_time_100ns() else {
        program.fail(format_args!("NtQuerySystemTime"))
    };
    program.require("system time is of this age", now > YEAR_2020_100NS);
    let page = shared(program, |page| page.system_time_100ns);
    program.require(
        "system time of page and call agree",
        (now - page).abs() <= 2 * TICK_100NS,
    );
    let ticks_ms = shared(program, |page| page.tick_count_ms);
    let interrupt_ms = shared(program, |page| page.interrupt_time_100ns) / 10_000;
    program.require(
        "tick count is interrupt time in ms",
        (interrupt_ms - ticks_ms).abs() <= 32,
    );

    let before = counter_since(program, 0);
    program.check(
        "status of a delay that is over",
        system::delay(0),
        NtStatus::SUCCESS,
    );
    let until = system::system_time_100ns().unwrap_or(0) + DELAY_100NS;
    program.check(
        "status of a delay until a time",
        system::delay(until),
        NtStatus::SUCCESS,
    );
    program.require(
        "it lasted",
        counter_since(program, before) >= DELAY_100NS - TICK_100NS,
    );
}

fn fixed_fields(program: &nt::Program, page: &UserSharedData) {
    program.check("build", page.build_number, BUILD_NUMBER);
    program.check("version", (page.major_version, page.minor_version), (10, 0));
    program.check(
        "product type",
        (page.product_type, page.product_type_is_valid),
        (1, 1),
    );
    program.check(
        "architecture",
        page.native_processor_architecture,
        PROCESSOR_ARCHITECTURE_AMD64,
    );
    program.check(
        "tick multiplier",
        page.tick_count_multiplier,
        TICK_COUNT_MULTIPLIER,
    );
    program.check(
        "counter frequency",
        page.performance_frequency,
        PERFORMANCE_FREQUENCY,
    );
    program.check("system call by instruction", page.system_call, 0);
    // With AVX, which the system must have switched on (Intel SDM vol. 1, 14.3):
    // features, those that calls do not keep, the size, and each one's place.
    const AVX: u32 = 1 << 27 | 1 << 28;
    let expected = match __cpuid(1).ecx & AVX == AVX {
        true => [
            7,
            7,
            0x340,
            0xA0 << 32,
            0x100 << 32 | 0xA0,
            0x100 << 32 | 0x240,
        ],
        false => [0; 6],
    };
    program.check("extended state", &page.extended_state[..6], &expected[..]);
    program.check(
        "processors: in use, awake, groups",
        (
            page.active_processor_count,
            page.unparked_processor_count,
            page.active_group_count,
        ),
        (1, 1, 1),
    );
    program.check(
        "machines whose images run",
        page.image_numbers,
        [IMAGE_FILE_MACHINE_AMD64; 2],
    );
    program.check(
        "the counter is asked for by a call",
        (
            page.performance_bypass_enabled,
            page.performance_shift,
            page.performance_bias,
        ),
        (0, 0, 0),
    );
    let bias = system::shared_time(page.time_zone_bias_100ns);
    program.check("UTC", (bias, page.time_zone_id), (Some(0), 0));
    program.require("some memory", page.physical_pages >= 1024);
    features(program, page);
    let root = nt::Text::new(page.system_root.into_iter().take_while(|unit| *unit != 0));
    program.check("system root", root.as_str(), "C:\\windows");
}

/// Every feature's number is told as the processor tells it.
fn features(program: &nt::Program, page: &UserSharedData) {
    const OSXSAVE: u32 = 1 << 27;
    let (basic, more, extended) = (
        __cpuid(1).ecx,
        __cpuid_count(7, 0),
        __cpuid(0x8000_0001).edx,
    );
    let has_avx = basic & OSXSAVE != 0 && basic & 1 << 28 != 0;
    let expected = |feature| match feature {
        FEATURE_COMPARE_EXCHANGE_8
        | FEATURE_MMX
        | FEATURE_SSE
        | FEATURE_RDTSC
        | FEATURE_PAE
        | FEATURE_SSE2
        | FEATURE_FAST_FAIL => true,
        FEATURE_NX => extended & 1 << 20 != 0,
        FEATURE_SSE3 => basic & 1 != 0,
        FEATURE_COMPARE_EXCHANGE_16 => basic & 1 << 13 != 0,
        // What the system has to switch on, CPUID tells of too.
        FEATURE_XSAVE => basic & OSXSAVE != 0,
        // Programs may not: the instructions fault.
        FEATURE_RDWRFSGSBASE => false,
        FEATURE_RDRAND => basic & 1 << 30 != 0,
        FEATURE_RDTSCP => extended & 1 << 27 != 0,
        FEATURE_RDPID => more.ecx & 1 << 22 != 0,
        FEATURE_SSSE3 => basic & 1 << 9 != 0,
        FEATURE_SSE4_1 => basic & 1 << 19 != 0,
        FEATURE_SSE4_2 => basic & 1 << 20 != 0,
        FEATURE_AVX => has_avx,
        FEATURE_AVX2 => has_avx && more.ebx & 1 << 5 != 0,
        FEATURE_ERMS => more.ebx & 1 << 9 != 0,
        FEATURE_BMI2 => more.ebx & 1 << 8 != 0,
        _ => false,
    };
    for (feature, told) in page.processor_features.into_iter().enumerate() {
        program.check(
            "a feature",
            (feature, told),
            (feature, expected(feature).into()),
        );
    }
}

/// A time of the page, once it is consistent.
fn shared(program: &nt::Program, time: fn(&UserSharedData) -> SystemTime) -> i64 {
    for _ in 0..100 {
        if let Some(value) = system::shared_time(time(&system::user_shared())) {
            return value as i64;
        }
    }
    program.fail(format_args!("the halves of a time in the page never agree"))
}

fn counter(program: &nt::Program) -> i64 {
    let Ok((counter, frequency)) = system::performance_counter() else {
        program.fail(format_args!("NtQueryPerformanceCounter"))
    };
    program.check("frequency of the call", frequency, PERFORMANCE_FREQUENCY);
    counter
}

fn counter_since(program: &nt::Program, before: i64) -> i64 {
    counter(program) - before
}
