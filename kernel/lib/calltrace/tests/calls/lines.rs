//! Calls of a made-up program, as lines.

use crate::program::{ARGUMENT_OUT, Program};
use abi::NtStatus;
use abi::services::FREESTANDING;

#[test]
fn a_named_event() {
    let program = Program::new();
    let attributes = program.attributes(r"\BaseNamedObjects\x", 0, 0x40);
    let call = program.call("NtCreateEvent", &[0x9000, 0x1F_0003, attributes, 1, 0xAB00]);
    assert_eq!(
        call.inputs(),
        "nt 8.12 events.exe NtCreateEvent(EventHandle=0x9000, DesiredAccess=EVENT_ALL_ACCESS, \
         ObjectAttributes=&{ObjectName=\"\\BaseNamedObjects\\x\", \
         Attributes=OBJ_CASE_INSENSITIVE}, EventType=SynchronizationEvent, InitialState=FALSE)"
    );
    program.write(0x9000, &0x24_u64.to_le_bytes());
    assert_eq!(
        call.outputs(NtStatus::SUCCESS),
        " -> STATUS_SUCCESS EventHandle=&0x24 (Event \"\\BaseNamedObjects\\x\")"
    );
    assert_eq!(
        call.outputs(NtStatus::OBJECT_NAME_COLLISION),
        " -> STATUS_OBJECT_NAME_COLLISION"
    );
}

#[test]
fn attributes_are_shown_as_far_as_there_are_any() {
    let program = Program::new();
    let shown = |attributes| {
        let line = program
            .call("NtOpenEvent", &[0x9000, 2, attributes])
            .inputs();
        let (_, shown) = line
            .split_once("ObjectAttributes=")
            .expect("they are there");
        shown.strip_suffix(')').expect("it is the last").to_owned()
    };
    assert_eq!(shown(0), "NULL");
    assert_eq!(shown(0xDEAD_0000), "0xdead0000 (unreadable)");
    assert_eq!(shown(program.attributes("", 0, 0)), "&{}");
    assert_eq!(
        shown(program.attributes("", 0, 2)),
        "&{Attributes=OBJ_INHERIT}"
    );
    assert_eq!(
        shown(program.attributes("y", 0x28, 0)),
        r#"&{RootDirectory=0x28 (Directory "\BaseNamedObjects"), ObjectName="y"}"#
    );
    assert_eq!(
        shown(program.attributes_of(0xBAD_0000)),
        "&{ObjectName=0xbad0000 (unreadable)}"
    );
    assert_eq!(shown(program.string(8, 0)), "&{Length=524296}");
    let name = program.string(10, 0xBAD_0000);
    assert_eq!(
        shown(program.attributes_of(name)),
        "&{ObjectName=&{Buffer=0xbad0000 (unreadable)}}"
    );
}

#[test]
fn memory_goes_in_and_out() {
    let program = Program::new();
    program.write(0x9000, &0x1_0000_u64.to_le_bytes());
    program.write(0x9008, &0x123_u64.to_le_bytes());
    let call = program.call(
        "NtProtectVirtualMemory",
        &[u64::MAX, 0x9000, 0x9008, 0xFFFF_FFFF_0000_0104, 0x9010],
    );
    assert!(call.inputs().ends_with(
        "(ProcessHandle=NtCurrentProcess, BaseAddress=&0x10000, Size=&0x123, \
         Protection=PAGE_READWRITE|PAGE_GUARD, OldProtection=0x9010)"
    ));
    program.write(0x9008, &0x1000_u64.to_le_bytes());
    program.write(0x9010, &2_u32.to_le_bytes());
    assert_eq!(
        call.outputs(NtStatus::SUCCESS),
        " -> STATUS_SUCCESS BaseAddress=&0x10000, Size=&0x1000, OldProtection=&PAGE_READONLY"
    );
}

#[test]
fn waits_have_handles_and_times() {
    let program = Program::new();
    program.write(0x9000, &0x24_u64.to_le_bytes());
    program.write(0x9008, &0x30_u64.to_le_bytes());
    program.write(0x9010, &0x34_u64.to_le_bytes());
    program.write(0x9018, &0x99_u64.to_le_bytes());
    program.write(0x9020, &(-30_000_i64).to_le_bytes());
    let call = program.call("NtWaitForMultipleObjects", &[4, 0x9000, 1, 1, 0x9020]);
    assert!(call.inputs().ends_with(
        "(Count=4, Handles=&[0x24 (Event \"\\BaseNamedObjects\\x\"), 0x30 (Process 40 child.exe), \
         0x34 (Thread 40.44), 0x99 (no handle)], WaitType=WaitAny, Alertable=TRUE, \
         Timeout=&in 3 ms)"
    ));
    assert_eq!(call.outputs(NtStatus(5)), " -> STATUS_WAIT_5");
    let call = program.call("NtWaitForSingleObject", &[0x24, 0, 0]);
    assert!(call.inputs().ends_with("Alertable=FALSE, Timeout=NULL)"));
    assert_eq!(call.outputs(NtStatus::TIMEOUT), " -> STATUS_TIMEOUT");
    for (count, end) in [
        (0, "Handles=&[],"),
        (1000, ", NULL, ...],"),
        (u64::MAX, ", ...],"),
    ] {
        let call = program.call("NtWaitForMultipleObjects", &[count, 0x9000, 1, 1, 0]);
        assert!(call.inputs().contains(end), "{}", call.inputs());
    }
}

#[test]
fn handles_are_those_of_their_process() {
    let program = Program::new();
    program.write(0x9000, &4_u64.to_le_bytes());
    let words = [0x30, 4, u64::MAX, 0x9000, 0, 2, 1];
    let call = program.call("NtDuplicateObject", &words);
    assert!(call.inputs().ends_with(
        "(SourceProcessHandle=0x30 (Process 40 child.exe), SourceHandle=0x4 (Mutant), \
         TargetProcessHandle=NtCurrentProcess, Target=0x9000, DesiredAccess=0, \
         HandleAttributes=OBJ_INHERIT, Options=DUPLICATE_CLOSE_SOURCE)"
    ));
    assert!(
        call.outputs(NtStatus::SUCCESS)
            .ends_with("Target=&0x4 (no handle)")
    );
    let words = [u64::MAX, 0x24, 0x30, 0x9000, 0, 0, 2];
    let call = program.call("NtDuplicateObject", &words);
    assert!(call.inputs().contains("SourceHandle=0x24 (Event "));
    assert!(
        call.outputs(NtStatus::SUCCESS)
            .ends_with("Target=&0x4 (Mutant)")
    );
}

#[test]
fn what_is_written_is_shown_as_far_as_it_was() {
    let program = Program::new();
    program.write(0x9100, b"Hello\r\n more that was there before");
    program.write(0x9000, &0_u64.to_le_bytes());
    program.write(0x9008, &7_u64.to_le_bytes());
    let read = program.call(
        "NtReadFile",
        &[0xFFFF_FFFF_FFFF_FFF6, 0, 0, 0, 0x9000, 0x9100, 100, 0, 0],
    );
    assert_eq!(
        read.outputs(NtStatus::SUCCESS),
        " -> STATUS_SUCCESS IoStatusBlock=&{Status=STATUS_SUCCESS, Information=7}, \
         Buffer=&\"Hello\\r\\n\""
    );
    program.write(0x9000, &8_u32.to_le_bytes());
    let query = program.call("NtQueryEvent", &[0x24, 0, 0x9100, 4, 0x9000]);
    assert!(
        query
            .inputs()
            .contains("InformationClass=EventBasicInformation, Buffer=0x9100")
    );
    assert_eq!(
        query.outputs(NtStatus::INFO_LENGTH_MISMATCH),
        " -> STATUS_INFO_LENGTH_MISMATCH ReturnLength=&8"
    );
    program.write(0x9100, &[1, 0, 0, 0, 0, 0, 0, 0, 5, 6]);
    let query = program.call("NtQueryEvent", &[0x24, 0, 0x9100, 8, 0]);
    assert_eq!(
        query.outputs(NtStatus::SUCCESS),
        " -> STATUS_SUCCESS Buffer=&[01 00 00 00 00 00 00 00]"
    );
}

#[test]
fn structures_are_shown_by_their_parts() {
    let program = Program::new();
    program.write(0x9000, &8_u64.to_le_bytes());
    program.write(0x9008, &0_u64.to_le_bytes());
    let open = program.call("NtOpenProcess", &[0x9100, 0x200_0000, 0, 0x9000]);
    assert!(
        open.inputs()
            .ends_with("ClientId=&{UniqueProcess=8, UniqueThread=0})")
    );
    program.write(0x9230, &0x10_000B_u32.to_le_bytes());
    program.write(0x9298, &0x14_FFD8_u64.to_le_bytes());
    program.write(0x92F8, &0x1_4000_1000_u64.to_le_bytes());
    let go_on = program.call("NtContinue", &[0x9200, 1]);
    assert!(go_on.inputs().ends_with(
        "(Context=&{ContextFlags=0x10000b, Rip=0x140001000, Rsp=0x14ffd8}, Alertable=TRUE)"
    ));
    program.write(0x9400, &0xC000_0094_u32.to_le_bytes());
    let raise = program.call("NtRaiseException", &[0x9400, 0xBAD_0000, 0]);
    assert!(raise.inputs().contains(
        "(Record=&{ExceptionCode=STATUS_INTEGER_DIVIDE_BY_ZERO, ExceptionAddress=NULL}, \
         Context=0xbad0000 (unreadable), "
    ));
}

#[test]
fn an_exit_code_is_no_status() {
    let program = Program::new();
    for (status, shown) in [
        (0, "STATUS_SUCCESS"),
        (42, "42"),
        (0xC000_0005, "STATUS_ACCESS_VIOLATION"),
    ] {
        let end = program.call("NtTerminateThread", &[0x34, status]);
        let line = end.inputs();
        let shown = format!("(ThreadHandle=0x34 (Thread 40.44), Status={shown})");
        assert!(line.ends_with(&shown), "{line}");
    }
}

#[test]
fn a_stack_that_is_not_there_hides_arguments() {
    let program = Program::new();
    let mut call = program.call("NtCreateEvent", &[0x9000, 3, 0, 1]);
    call.forget(4);
    assert!(
        call.inputs().ends_with("InitialState=(unreadable))"),
        "{}",
        call.inputs()
    );
}

#[test]
fn a_number_without_a_service_has_registers() {
    let program = Program::new();
    let mut call = program.call("NtClose", &[1, 2, 3, 4]);
    call.make_unknown(0x1234);
    assert_eq!(
        call.inputs(),
        "nt 8.12 events.exe system call 0x1234(0x1, 0x2, 0x3, 0x4)"
    );
    assert_eq!(
        call.outputs(NtStatus::INVALID_SYSTEM_SERVICE),
        " -> STATUS_INVALID_SYSTEM_SERVICE"
    );
}

/// Whatever the words are, every call has one line, with all its arguments.
#[test]
fn every_service_is_one_line_whatever_it_is_called_with() {
    let program = Program::new();
    program.write(0x9000, &[0xFF; 0x400]);
    let words = [0, 1, 0x24, 0x9000, 0x9FFF, 0xBAD_0000, 1 << 63, u64::MAX];
    for service in FREESTANDING {
        for word in words {
            let call = program.call(service.name, &[word; abi::services::ARGUMENTS_MAX]);
            for status in [
                NtStatus::SUCCESS,
                NtStatus::BUFFER_OVERFLOW,
                NtStatus::NO_MEMORY,
            ] {
                let line = call.inputs() + &call.outputs(status);
                assert!(!line.chars().any(char::is_control), "{line}");
                assert!(line.contains(&format!(" {}(", service.name)), "{line}");
                assert!(line.len() < 4096, "{line}");
                for argument in service.arguments {
                    let name = service.name_of(argument);
                    assert!(line.contains(&format!("{name}=")), "{line}");
                }
            }
        }
    }
}

/// What a call leaves behind is looked at where it may have been written only.
#[test]
fn outputs_are_of_what_is_written() {
    let program = Program::new();
    program.write(ARGUMENT_OUT, &[1; 0x40]);
    for service in FREESTANDING {
        let call = program.call(service.name, &[ARGUMENT_OUT; abi::services::ARGUMENTS_MAX]);
        let outputs = call.outputs(NtStatus::SUCCESS);
        for argument in service
            .arguments
            .iter()
            .filter(|one| !one.kind.is_written())
        {
            let name = service.name_of(argument);
            let is_alone = |text: &str| outputs.contains(&format!("{text}{name}="));
            assert!(
                !is_alone(" ") && !is_alone(", "),
                "{}: {outputs}",
                service.name
            );
        }
    }
}
