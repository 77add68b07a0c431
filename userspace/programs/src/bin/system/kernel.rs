//! What the kernel and the firmware say of themselves.
use abi::io::{CURRENT_PROCESS, UnicodeString};
use abi::system::*;
use nt::machine::{query, query_about, query_into, query_with};
use nt::{NtStatus, Program, Text, process};
use zerocopy::{FromBytes, FromZeros, IntoBytes};

pub fn check(program: &Program) {
    program.check(
        "lists of objects",
        query_into(SYSTEM_OBJECT_INFORMATION, &mut [0; 64]).0,
        NtStatus::UNSUCCESSFUL,
    );
    modules(program);
    paths(program);
    firmware(program);
    sets(program);
}

fn modules(program: &Program) {
    let modules = query::<RtlProcessModules>(SYSTEM_MODULE_INFORMATION);
    let modules = program.done("modules", modules);
    program.check("how many", modules.count, 1);
    let kernel = modules.only;
    program.require(
        "its name",
        kernel.full_path_name.starts_with(b"\\petrel.elf\0"),
    );
    program.check(
        "where it is",
        (kernel.image_base, kernel.mapped_base),
        (0, 0),
    );
    let start = query::<u64>(SYSTEM_RANGE_START_INFORMATION);
    program.check("the kernel's half", start, Ok(0xFFFF_8000_0000_0000));
    let nodes = program.done(
        "nodes",
        query::<SystemNumaInformation>(SYSTEM_NUMA_PROCESSOR_MAP),
    );
    program.check(
        "one node",
        (nodes.highest_node, nodes.affinity.mask),
        (0, 1),
    );
}

/// The path of a process's program, by its number.
fn paths(program: &Program) {
    let own = program
        .done("itself", process::basic_information(CURRENT_PROCESS))
        .process_id;
    let mut units = [0_u16; 64];
    let mut asked = SystemProcessIdInformation::new_zeroed();
    asked.process_id = own;
    asked.image_name = UnicodeString {
        length_bytes: 0,
        maximum_length_bytes: 128,
        reserved_04: 0,
        buffer: units.as_mut_ptr() as u64,
    };
    let ask = |asked| query_with(SYSTEM_PROCESS_ID_INFORMATION, asked);
    let answer = program.done("a path", ask(asked)).image_name;
    let length = usize::from(answer.length_bytes / 2);
    let path = Text::new(units[..length].iter().copied());
    let expected = "\\Device\\HarddiskVolume1\\programs\\system.exe";
    program.check("this program's", path.as_str(), expected);
    program.check(
        "with its end",
        answer.maximum_length_bytes,
        answer.length_bytes + 2,
    );
    let change = |change: fn(&mut SystemProcessIdInformation)| {
        let mut asked = asked;
        change(&mut asked);
        ask(asked).map(|_| ())
    };
    for (what, expected, changed) in [
        (
            "nobody",
            NtStatus::INVALID_CID,
            change(|asked| asked.process_id = 3),
        ),
        (
            "no room",
            NtStatus::INFO_LENGTH_MISMATCH,
            change(|asked| asked.image_name.maximum_length_bytes = 8),
        ),
        (
            "half a letter",
            NtStatus::INVALID_PARAMETER,
            change(|asked| asked.image_name.maximum_length_bytes = 127),
        ),
        (
            "a name already",
            NtStatus::INVALID_PARAMETER,
            change(|asked| asked.image_name.length_bytes = 2),
        ),
        (
            "nowhere",
            NtStatus::ACCESS_VIOLATION,
            change(|asked| asked.image_name.buffer = 0xFFFF_8000_0000_0000),
        ),
    ] {
        program.check(what, changed, Err(expected));
    }
}

fn firmware(program: &Program) {
    const HEADER: usize = size_of::<SystemFirmwareTableInformation>();
    let ask = |provider: &[u8; 4], action, buffer: &mut [u8]| {
        let asked = SystemFirmwareTableInformation {
            provider: u32::from_be_bytes(*provider),
            action,
            table_id: 0,
            table_bytes: 0,
        };
        let start = HEADER.min(buffer.len());
        buffer[..start].copy_from_slice(&asked.as_bytes()[..start]);
        query_into(SYSTEM_FIRMWARE_TABLE_INFORMATION, buffer)
    };
    let mut buffer = [0; 256];
    for (provider, action, length, expected) in [
        (b"RSMB", 0, 256, NtStatus::SUCCESS),
        (b"RSMB", 0, HEADER, NtStatus::BUFFER_TOO_SMALL),
        (b"RSMB", 1, HEADER, NtStatus::BUFFER_TOO_SMALL),
        (b"RSMB", 1, HEADER - 1, NtStatus::INFO_LENGTH_MISMATCH),
        (b"RSMB", 2, 256, NtStatus::INVALID_PARAMETER),
        (b"ACPI", 0, HEADER, NtStatus::SUCCESS),
        (b"ACPI", 1, 256, NtStatus::NOT_FOUND),
        (b"ACPI", 7, 256, NtStatus::INVALID_PARAMETER),
        (b"FIRM", 0, 256, NtStatus::NOT_IMPLEMENTED),
        (b"RSMB", 1, 256, NtStatus::SUCCESS),
    ] {
        let (status, _) = ask(provider, action, &mut buffer[..length]);
        program.check(
            "firmware",
            (provider, action, status),
            (provider, action, expected),
        );
    }
    let (status, length) = ask(b"RSMB", 1, &mut buffer);
    program.check("the system's table", status, NtStatus::SUCCESS);
    let told = SystemFirmwareTableInformation::read_from_prefix(&buffer).map(|(header, _)| header);
    let told = told.map_or(0, |header| header.table_bytes as usize);
    program.check("how long", told + HEADER, length as usize);
    let table = &buffer[HEADER..HEADER + told];
    let bytes = u32::from_le_bytes(table[4..8].try_into().unwrap_or_default());
    program.check("its structures", bytes as usize, told - 8);
    // Two structures, each with its texts behind it and two zeros.
    let (mut at, mut kinds) = (8, [0; 2]);
    for kind in &mut kinds {
        *kind = table[at];
        let texts = at + usize::from(table[at + 1]);
        let end = table[texts..].windows(2).position(|pair| pair == [0, 0]);
        at = texts + program.done("an end", end.ok_or(NtStatus::NOT_FOUND)) + 2;
    }
    program.check("system and end", (kinds, at), ([1, 0x7F], table.len()));
}

fn sets(program: &Program) {
    let mut buffer = [0xA5; 0x28];
    for process in [0, CURRENT_PROCESS] {
        let input = process.to_le_bytes();
        let (status, length) = query_about(SYSTEM_CPU_SET_INFORMATION, &input, &mut buffer);
        program.check("sets", (status, length), (NtStatus::SUCCESS, 0x20));
        let set = SystemCpuSetInformation::read_from_prefix(&buffer).map(|(set, _)| set.id);
        program.check("its number", set.ok(), Some(0x100));
        let class = SYSTEM_SUPPORTED_PROCESSOR_ARCHITECTURES;
        let (status, length) = query_about(class, &input, &mut buffer);
        program.check("machines", (status, length), (NtStatus::SUCCESS, 8));
        let native = u32::from_le_bytes(buffer[..4].try_into().unwrap_or_default());
        let of_process = if process == 0 {
            0
        } else {
            ARCHITECTURE_PROCESS
        };
        program.check("this one", native, 0x0007_8664 | of_process);
        program.check("no other", buffer[4..8] == [0; 4], true);
        let (status, _) = query_about(class, &input, &mut buffer[..7]);
        program.check("no room", status, NtStatus::BUFFER_TOO_SMALL);
    }
    for (input, expected) in [
        (3_u64.to_le_bytes().as_slice(), NtStatus::INVALID_HANDLE),
        (&[0; 4], NtStatus::INVALID_PARAMETER),
    ] {
        let found = query_about(SYSTEM_CPU_SET_INFORMATION, input, &mut buffer).0;
        program.check("of nothing", found, expected);
    }
}
