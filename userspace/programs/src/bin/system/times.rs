//! The clocks, the time zone, and how fine ticks are.
use abi::system::*;
use nt::machine::*;
use nt::{NtStatus, Program, system};

const TICK_100NS: u32 = 10_000;
const SECOND_100NS: i64 = 10_000_000;

/// For so long the machine is said to have been up before it was.
const BEFORE_100NS: i64 = 3600 * SECOND_100NS;

pub fn check(program: &Program) {
    let class = SYSTEM_TIME_OF_DAY_INFORMATION;
    let day = program.done("time of day", query::<SystemTimeOfDayInformation>(class));
    let now = program.done("time", system::system_time_100ns());
    program.require(
        "the time of day is the clock's",
        (0..SECOND_100NS).contains(&(now - day.current_time_100ns)),
    );
    let (up, _) = program.done("counter", system::performance_counter());
    program.require(
        "the system began before now",
        (now - day.boot_time_100ns - up).abs() < SECOND_100NS,
    );
    program.require("minutes can be subtracted", up >= BEFORE_100NS);
    program.check(
        "UTC",
        (day.time_zone_bias_100ns, day.time_zone_id),
        (0, TIME_ZONE_ID_UNKNOWN),
    );
    zone(program);
    processor_times(program);
    resolution(program);
    set(program);
}

fn zone(program: &Program) {
    let class = SYSTEM_DYNAMIC_TIME_ZONE_INFORMATION;
    let dynamic = program.done("zone", query::<DynamicTimeZoneInformation>(class));
    let text = |units: &[u16]| nt::Text::new(units.iter().copied().take_while(|unit| *unit != 0));
    program.check("its key", text(&dynamic.key_name).as_str(), "UTC");
    let name = text(&dynamic.zone.standard_name);
    program.check("its name", name.as_str(), "Coordinated Universal Time");
    let zone = dynamic.zone;
    program.check(
        "no bias",
        [
            zone.bias_minutes,
            zone.standard_bias_minutes,
            zone.daylight_bias_minutes,
        ],
        [0; 3],
    );
    program.check("no summer", zone.daylight_start, [0; 8]);
}

fn processor_times(program: &Program) {
    let class = SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION;
    let times = || {
        program.done(
            "times",
            query::<SystemProcessorPerformanceInformation>(class),
        )
    };
    let before = times();
    program.check("delay", system::delay(-100_000), NtStatus::SUCCESS);
    // Long enough for ticks to come in user mode.
    let (start, _) = program.done("counter", system::performance_counter());
    while program.done("counter", system::performance_counter()).0 - start < 200_000 {
        for _ in 0..10_000 {
            core::hint::spin_loop();
        }
    }
    let after = times();
    program.require(
        "idle while it slept",
        after.idle_time_100ns - before.idle_time_100ns >= 50_000,
    );
    program.require(
        "busy while it did not",
        after.user_time_100ns > before.user_time_100ns,
    );
    program.require(
        "idling is the kernel's",
        after.kernel_time_100ns >= after.idle_time_100ns,
    );
    program.require("ticks came", after.interrupt_count > before.interrupt_count);
    let (up, _) = program.done("counter", system::performance_counter());
    program.require(
        "all times together are all there was",
        after.kernel_time_100ns + after.user_time_100ns <= up - BEFORE_100NS,
    );
}

fn resolution(program: &Program) {
    program.check("resolution", timer_resolution(), Ok([TICK_100NS; 3]));
    program.check(
        "not wanted before",
        set_timer_resolution(TICK_100NS, false),
        (NtStatus::TIMER_RESOLUTION_NOT_SET, TICK_100NS),
    );
    for wanted in [TICK_100NS, 1, u32::MAX] {
        program.check(
            "wanted",
            set_timer_resolution(wanted, true),
            (NtStatus::SUCCESS, TICK_100NS),
        );
    }
    program.check(
        "no longer wanted",
        set_timer_resolution(0, false),
        (NtStatus::SUCCESS, TICK_100NS),
    );
    program.check(
        "not even before",
        set_timer_resolution(0, false),
        (NtStatus::TIMER_RESOLUTION_NOT_SET, TICK_100NS),
    );
    let class = SYSTEM_TIME_ADJUSTMENT_INFORMATION;
    let adjustment = program.done(
        "adjustment",
        query::<SystemTimeAdjustmentInformation>(class),
    );
    program.check(
        "adjustment",
        (adjustment.increment_100ns, adjustment.is_disabled),
        (TICK_100NS, 1),
    );
    let counter = |version| {
        let class = SYSTEM_QUERY_PERFORMANCE_COUNTER_INFORMATION;
        let asked = SystemQueryPerformanceCounterInformation {
            version,
            flags: 0xA5,
            valid_flags: 0xA5,
        };
        query_with(class, asked).map(|answer| (answer.flags, answer.valid_flags))
    };
    program.check("the counter", counter(1), Ok((0, 0)));
    program.check(
        "of another version",
        counter(2),
        Err(NtStatus::INVALID_PARAMETER),
    );
}

/// An ordinary user may not set the clock.
fn set(program: &Program) {
    let before = program.done("time", system::system_time_100ns());
    for time in [before + 3600 * SECOND_100NS, 0, -1, i64::MAX] {
        program.check(
            "setting the clock",
            set_system_time(time),
            Err(NtStatus::PRIVILEGE_NOT_HELD),
        );
    }
    let after = program.done("time", system::system_time_100ns());
    program.require(
        "the clock was not set",
        (0..SECOND_100NS).contains(&(after - before)),
    );
}
