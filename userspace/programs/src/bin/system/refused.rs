//! What an ordinary user may not do, and what there is not.
use abi::system::*;
use abi::thread::{ES_CONTINUOUS, ES_SYSTEM_REQUIRED, ES_USER_PRESENT};
use nt::information::set_execution_state;
use nt::machine::*;
use nt::{NtStatus, Program};
use zerocopy::FromBytes;

const NAME: [u16; 4] = [b'N' as u16, b'a' as u16, b'm' as u16, b'e' as u16];

pub fn check(program: &Program) {
    program.check(
        "licence",
        license_value(&NAME),
        NtStatus::OBJECT_NAME_NOT_FOUND,
    );
    program.check(
        "licence without a name",
        license_value(&[]),
        NtStatus::INVALID_PARAMETER,
    );
    program.check(
        "variables of the firmware",
        firmware_variable(&NAME),
        [NtStatus::NOT_IMPLEMENTED; 2],
    );
    program.check(
        "display",
        display_string(&NAME),
        NtStatus::PRIVILEGE_NOT_HELD,
    );
    for command in [SYSDBG_QUERY_VERSION, SYSDBG_READ_VIRTUAL, 999] {
        let status = debug_control(command);
        program.check("debugging", status, NtStatus::ACCESS_DENIED);
    }
    program.check(
        "debug messages",
        set_debug_filter(1, 3),
        NtStatus::ACCESS_DENIED,
    );
    for function in [1, 15, 999] {
        let status = trace_control(function);
        program.check("tracing", status, NtStatus::INVALID_DEVICE_REQUEST);
    }
    changes(program);
    power_of_the_machine(program);
}

fn changes(program: &Program) {
    let mut zeros = [0; size_of::<DynamicTimeZoneInformation>()];
    zeros[4] = 1;
    for (class, bytes) in [
        (SYSTEM_TIME_ADJUSTMENT_INFORMATION, 8),
        (SYSTEM_CURRENT_TIME_ZONE_INFORMATION, 0xAC),
        (SYSTEM_DYNAMIC_TIME_ZONE_INFORMATION, 0x1B0),
        (SYSTEM_FILE_CACHE_INFORMATION, 0x40),
    ] {
        for (length, expected) in [
            (bytes, NtStatus::PRIVILEGE_NOT_HELD),
            (bytes - 1, NtStatus::INFO_LENGTH_MISMATCH),
            (0, NtStatus::INFO_LENGTH_MISMATCH),
        ] {
            let status = set(class, &zeros[..length]);
            program.check(
                "a change",
                (class, length, status),
                (class, length, expected),
            );
        }
    }
    for class in [
        SYSTEM_BASIC_INFORMATION,
        SYSTEM_PROCESS_INFORMATION,
        26,
        9999,
    ] {
        program.check(
            "what cannot be changed",
            (class, set(class, &zeros[..8])),
            (class, NtStatus::INVALID_INFO_CLASS),
        );
    }
}

fn power_of_the_machine(program: &Program) {
    for (class, bytes) in [
        (POWER_SYSTEM_POWER_CAPABILITIES, 0x4C),
        (POWER_SYSTEM_BATTERY_STATE, 0x20),
        (POWER_PROCESSOR_INFORMATION, 0x18),
        (POWER_LAST_WAKE_TIME, 8),
        (POWER_LAST_SLEEP_TIME, 8),
        (POWER_SYSTEM_EXECUTION_STATE, 4),
    ] {
        let mut buffer = [0xA5; 0x50];
        for (length, expected) in [
            (0, NtStatus::BUFFER_TOO_SMALL),
            (bytes - 1, NtStatus::BUFFER_TOO_SMALL),
            (bytes, NtStatus::SUCCESS),
            (0x50, NtStatus::SUCCESS),
        ] {
            program.check(
                "power",
                (class, length, power(class, None, &mut buffer[..length])),
                (class, length, expected),
            );
        }
        program.require(
            "nothing behind the answer",
            buffer[bytes..].iter().all(|byte| *byte == 0xA5),
        );
        program.check(
            "an input that it does not take",
            power(class, Some(&[0; 4]), &mut buffer),
            NtStatus::INVALID_PARAMETER,
        );
    }
    let mut buffer = [0; 0x50];
    program.check(
        "a policy",
        power(0, None, &mut buffer),
        NtStatus::NOT_SUPPORTED,
    );
    program.check(
        "no class",
        power(POWER_LAST_CLASS + 1, None, &mut buffer),
        NtStatus::INVALID_PARAMETER,
    );
    let state = |buffer: &mut [u8]| {
        let status = power(POWER_SYSTEM_EXECUTION_STATE, None, buffer);
        program.check("execution state", status, NtStatus::SUCCESS);
        u32::read_from_prefix(buffer).map_or(u32::MAX, |(state, _)| state)
    };
    program.check("nobody minds", state(&mut buffer), ES_USER_PRESENT);
    program.done(
        "keep awake",
        set_execution_state(ES_CONTINUOUS | ES_SYSTEM_REQUIRED),
    );
    program.check(
        "somebody does",
        state(&mut buffer),
        ES_USER_PRESENT | ES_SYSTEM_REQUIRED,
    );
    program.done("no more", set_execution_state(ES_CONTINUOUS));
}
