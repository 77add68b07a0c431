//! PVH start information: what a loader may say and what it gets for it.

use bootinfo::{AcpiRoot, BootError, BootInfo, MemoryKind, Protocol, from_pvh};
use proptest::prelude::*;

mod machine;
use machine::{
    COMMAND_LINE, END, MAP, MODULE, MODULE_LIST, MODULE_TEXT, Machine, ROOT_POINTER, START, field,
};

fn read(machine: &Machine) -> Result<BootInfo<'_>, BootError> {
    from_pvh(START, |address, length| machine.read(address, length))
}

/// The error after a change.
fn error_after(change: impl FnOnce(&mut Machine)) -> BootError {
    let mut machine = Machine::new();
    change(&mut machine);
    read(&machine).expect_err("the information is bad")
}

fn unreadable(structure: &'static str, address: u64) -> BootError {
    BootError::PvhUnreadable { structure, address }
}

#[test]
fn everything_a_loader_can_say() {
    let mut machine = Machine::new();
    machine.long(START + field::ROOT_POINTER, ROOT_POINTER);
    let mut pointer = *b"RSD PTR \0PETREL\0\x00\x00\x0e\x00";
    pointer[8] = pointer.iter().fold(0, |sum, byte| sum.wrapping_sub(*byte));
    machine.put(ROOT_POINTER, &pointer);
    let info = read(&machine).unwrap();
    assert_eq!(info.protocol, Protocol::Pvh);
    assert_eq!(info.loader_name, None);
    assert_eq!(info.command_line, "log=trace");
    assert_eq!(info.acpi_root, Some(AcpiRoot::Rsdt(0xe_0000)));
    assert!(info.framebuffer.is_none() && info.warnings.is_empty());
    let [module] = info.modules[..] else {
        panic!("one module was given");
    };
    assert_eq!((module.start, module.end), (MODULE.0, MODULE.0 + MODULE.1));
    assert_eq!(module.command_line, "archive");
}

/// Texts stay where they are, so their memory is not free; the lists were read.
#[test]
fn what_is_kept_is_not_usable() {
    let machine = Machine::new();
    let info = read(&machine).unwrap();
    let loaded: Vec<_> = info
        .memory
        .ranges()
        .iter()
        .filter(|range| range.kind == MemoryKind::Loaded)
        .map(|range| (range.start, range.end - range.start))
        .collect();
    assert_eq!(
        loaded,
        [(START, 56), (COMMAND_LINE, 10), (MODULE_TEXT, 8), MODULE]
    );
    let usable: Vec<_> = info.memory.usable().collect();
    let low = [0..0x1000, 0x2000..0x4000, 0x6000..0x9_f000];
    assert_eq!(usable[..3], low);
}

#[test]
fn what_a_loader_need_not_say() {
    let mut machine = Machine::new();
    machine.word(START + field::MODULE_COUNT, 0);
    machine.long(START + field::MODULES, 0);
    machine.long(START + field::COMMAND_LINE, 0);
    let info = read(&machine).unwrap();
    assert_eq!(info.command_line, "");
    assert!(info.modules.is_empty() && info.acpi_root.is_none());
    let mut machine = Machine::new();
    machine.long(MODULE_LIST + 16, 0);
    assert_eq!(read(&machine).unwrap().modules[0].command_line, "");
}

#[test]
fn foreign_and_old_information_is_refused() {
    let found = 0x2bad_b002;
    let error = error_after(|machine| machine.word(START, found));
    assert_eq!(error, BootError::PvhMagic { found });
    let error = error_after(|machine| machine.word(START + field::VERSION, 0));
    assert_eq!(error, BootError::PvhVersion { found: 0 });
    let mut newer = Machine::new();
    newer.word(START + field::VERSION, 2);
    assert!(read(&newer).is_ok());
    let machine = Machine::new();
    for address in [END - 55, END, u64::MAX] {
        let result = from_pvh(address, |address, length| machine.read(address, length));
        assert_eq!(
            result.unwrap_err(),
            unreadable("start information", address)
        );
    }
}

#[test]
fn bad_memory_maps_are_refused() {
    let error = error_after(|machine| machine.word(START + field::MAP_COUNT, 0));
    assert_eq!(error, BootError::NoMemoryMap);
    let error = error_after(|machine| machine.long(START + field::MAP, 0));
    assert_eq!(error, BootError::NoMemoryMap);
    let error = error_after(|machine| machine.word(START + field::MAP_COUNT, u32::MAX));
    assert_eq!(error, BootError::TooManyRanges);
    let error = error_after(|machine| machine.long(START + field::MAP, END - 71));
    assert_eq!(error, unreadable("memory map", END - 71));
    let error = error_after(|machine| machine.memory(&[(0, u64::MAX, 1), (0, u64::MAX, 2)]));
    assert_eq!(
        error,
        BootError::ModuleOutsideMemory {
            start: MODULE.0,
            end: MODULE.0 + MODULE.1
        }
    );
    let error = error_after(|machine| {
        machine.word(START + field::MODULE_COUNT, 0);
        machine.memory(&[(0, u64::MAX, 2)]);
    });
    assert_eq!(error, BootError::NoUsableMemory);
    let scattered: Vec<_> = (0..129).map(|index| (index * 8192, 4096, 1)).collect();
    let error = error_after(|machine| machine.memory(&scattered));
    assert_eq!(error, BootError::TooManyRanges);
}

#[test]
fn bad_modules_are_refused() {
    let error = error_after(|machine| machine.word(START + field::MODULE_COUNT, 17));
    assert_eq!(error, BootError::TooManyModules);
    let error = error_after(|machine| machine.long(START + field::MODULES, END - 31));
    assert_eq!(error, unreadable("module list", END - 31));
    let error = error_after(|machine| machine.long(MODULE_LIST + 8, u64::MAX));
    let outside = BootError::ModuleOutsideMemory {
        start: MODULE.0,
        end: u64::MAX,
    };
    assert_eq!(error, outside);
    let error = error_after(|machine| machine.long(MODULE_LIST + 16, END));
    assert_eq!(error, unreadable("command line of a module", END));
}

#[test]
fn bad_command_lines_are_refused() {
    let text = "kernel command line";
    let error = error_after(|machine| machine.long(START + field::COMMAND_LINE, u64::MAX));
    assert_eq!(error, unreadable(text, u64::MAX));
    let error = error_after(|machine| machine.put(COMMAND_LINE, b"ab\xff\0"));
    assert_eq!(
        error,
        BootError::TextNotUtf8 {
            text,
            offset_bytes: 2
        }
    );
    let endless = |machine: &mut Machine, address: u64| {
        machine.put(address, &vec![b'x'; (END - address) as usize]);
        machine.long(START + field::COMMAND_LINE, address);
    };
    let error = error_after(|machine| endless(machine, 0x7ff0));
    assert_eq!(error, unreadable(text, 0x7ff0));
    let error = error_after(|machine| endless(machine, 0x6000));
    assert_eq!(error, BootError::TextTooLong { text });
}

#[test]
fn the_longest_command_line_may_cross_pages() {
    let mut machine = Machine::new();
    let longest = bootinfo::COMMAND_LINE_MAX_BYTES;
    let address = END - 1 - longest as u64;
    machine.put(address, &vec![b'x'; longest]);
    machine.long(START + field::COMMAND_LINE, address);
    assert_eq!(read(&machine).unwrap().command_line.len(), longest);
    machine.put(address - 1, b"x");
    machine.long(START + field::COMMAND_LINE, address - 1);
    let text = "kernel command line";
    assert_eq!(read(&machine).unwrap_err(), BootError::TextTooLong { text });
}

#[test]
fn a_damaged_root_pointer_is_left_out() {
    for address in [ROOT_POINTER, END - 1, u64::MAX] {
        let mut machine = Machine::new();
        machine.long(START + field::ROOT_POINTER, address);
        let info = read(&machine).unwrap();
        assert_eq!((info.acpi_root, info.warnings.len()), (None, 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn damage_is_survived(
        changes in prop::collection::vec(
            (
                prop::sample::select(vec![START + 8, MAP, MODULE_LIST, COMMAND_LINE, MODULE_TEXT]),
                0..96_u64,
                any::<u8>(),
            ),
            1..10,
        ),
    ) {
        let mut machine = Machine::new();
        for (base, offset, byte) in changes {
            machine.put(base + offset, &[byte]);
        }
        match read(&machine) {
            Ok(info) => {
                prop_assert!(info.memory.usable_bytes() > 0);
                for module in &info.modules {
                    prop_assert!(info.memory.is_ram(module.start, module.end));
                }
            }
            Err(error) => prop_assert!(error.to_string().len() > 40),
        }
    }

    #[test]
    fn any_start_information_is_survived(bytes in prop::collection::vec(any::<u8>(), 48)) {
        let mut machine = Machine::new();
        machine.put(START + 8, &bytes);
        let _ = read(&machine);
    }
}
