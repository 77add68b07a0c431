//! Every field, at the offset that Microsoft's headers give it.

use minidump::*;

use crate::crash::*;

const CODE_VIEW: CodeView<'_> = CodeView {
    guid: *b"0123456789abcdef",
    age: 3,
    pdb_name: b"crash.pdb",
};

#[test]
fn the_header_leads_to_six_streams() {
    let file = file(&empty(), memory);
    assert_eq!(&file[..4], b"MDMP");
    assert_eq!(u32_at(&file, 4), 0xA793);
    assert_eq!(u32_at(&file, 8), 6);
    assert_eq!(u32_at(&file, 12), 32);
    assert_eq!(u32_at(&file, 16), 0);
    assert_eq!(u32_at(&file, 20), 1_700_000_000);
    assert_eq!(u64_at(&file, 24), 0);
    let types: Vec<u32> = (0..6).map(|n| u32_at(&file, 32 + 12 * n)).collect();
    assert_eq!(types, [7, 15, 3, 4, 5, 6]);
    for entry in 0..6 {
        assert_eq!(u32_at(&file, 32 + 12 * entry + 8) % 16, 0);
    }
    assert_eq!(file.len() % 16, 0);
}

#[test]
fn the_system_and_the_process_are_told() {
    let file = file(&empty(), memory);
    let system = stream(&file, 7);
    assert_eq!(system.len(), 56);
    assert_eq!(u16_at(system, 0), 9, "x64");
    assert_eq!(u16_at(system, 2), 0x17);
    assert_eq!(u16_at(system, 4), 0x3100);
    assert_eq!(&system[6..8], [2, 1], "processors, a workstation");
    let words: Vec<u32> = (2..6).map(|n| u32_at(system, 4 * n)).collect();
    assert_eq!(words, [10, 0, 19045, 2]);
    assert_eq!(string(&file, u32_at(system, 24)), "");
    assert_eq!(u32_at(system, 28), 0);
    assert_eq!((u64_at(system, 32), u64_at(system, 40)), (0x1234, 0x5678));

    let misc = stream(&file, 15);
    let words: Vec<u32> = (0..6).map(|n| u32_at(misc, 4 * n)).collect();
    assert_eq!((misc.len(), words), (24, vec![24, 1, 44, 0, 0, 0]));
}

#[test]
fn the_exception_is_told() {
    let file = file(&empty(), memory);
    let stream = stream(&file, 6);
    assert_eq!(stream.len(), 168);
    assert_eq!(u32_at(stream, 0), 7);
    assert_eq!(u32_at(stream, 8), 0xC000_0005);
    assert_eq!(u32_at(stream, 12), 1);
    assert_eq!(u64_at(stream, 16), 0);
    assert_eq!(u64_at(stream, 24), 0x1_4000_1200);
    assert_eq!(u32_at(stream, 32), 2);
    let parameters: Vec<u64> = (0..15).map(|n| u64_at(stream, 40 + 8 * n)).collect();
    assert_eq!(parameters[..3], [1, 0x18, 0]);
    assert_context(located(&file, 160 + offset_of(&file, stream)), 0x100);
}

#[test]
fn an_exception_has_fifteen_parameters_at_most() {
    let many: Vec<u64> = (1..=20).collect();
    let mut dump = empty();
    dump.exception.parameters = &many;
    let file = file(&dump, memory);
    let stream = stream(&file, 6);
    assert_eq!(u32_at(stream, 32), 15);
    assert_eq!(u64_at(stream, 40 + 8 * 14), 15);
}

#[test]
fn threads_have_their_registers_and_stacks() {
    let threads = [thread(7, STACK), thread(8, MemoryRange::default())];
    let mut dump = empty();
    dump.threads = &threads;
    dump.ranges = &[CODE];
    let file = file(&dump, memory);
    let list = stream(&file, 3);
    assert_eq!((list.len(), u32_at(list, 0)), (4 + 2 * 48, 2));
    let at = offset_of(&file, list) + 4;
    for (index, thread) in threads.iter().enumerate() {
        let at = at + 48 * index;
        assert_eq!(u32_at(&file, at), thread.id);
        assert_eq!(&file[at + 4..at + 16], [0; 12]);
        assert_eq!(u64_at(&file, at + 16), thread.teb);
        assert_eq!(u64_at(&file, at + 24), thread.stack.start);
        assert!(located(&file, at + 32) == bytes_of(&thread.stack));
        assert_eq!(u32_at(&file, at + 44) % 16, 0, "CONTEXT is aligned");
        assert_context(located(&file, at + 40), u64::from(thread.id) << 32);
    }
    let list = stream(&file, 5);
    assert_eq!((list.len(), u32_at(list, 0)), (4 + 2 * 16, 2), "none empty");
    let at = offset_of(&file, list) + 4;
    for (index, range) in [STACK, CODE].iter().enumerate() {
        assert_eq!(u64_at(&file, at + 16 * index), range.start);
        assert!(located(&file, at + 16 * index + 8) == bytes_of(range));
    }
}

#[test]
fn floating_point_registers_are_marked_as_there() {
    let fxsave: [u8; FXSAVE_BYTES] = std::array::from_fn(|at| at as u8 ^ 0x5A);
    let mut dump = empty();
    dump.exception.context.fxsave = Some(&fxsave);
    let file = file(&dump, memory);
    let stream = stream(&file, 6);
    let context = located(&file, 160 + offset_of(&file, stream));
    assert_eq!(u32_at(context, 0x30), 0x10_000F);
    assert_eq!(context[0x34..0x38], fxsave[24..28], "MXCSR");
    assert_eq!(context[0x100..0x300], fxsave);
    assert_eq!(context[0x300..], [0; 464]);
}

#[test]
fn modules_have_names_and_records() {
    let modules = [
        module("C:\\crash.exe", Some(CODE_VIEW)),
        module("", None),
        module("naïve 🦀.dll", Some(CODE_VIEW)),
    ];
    let mut dump = empty();
    dump.modules = &modules;
    let file = file(&dump, memory);
    let list = stream(&file, 4);
    assert_eq!((list.len(), u32_at(list, 0)), (4 + 3 * 108, 3));
    let at = offset_of(&file, list) + 4;
    for (index, module) in modules.iter().enumerate() {
        let at = at + 108 * index;
        assert_eq!(u64_at(&file, at), module.base);
        assert_eq!(u32_at(&file, at + 8), module.size_bytes);
        assert_eq!(u32_at(&file, at + 12), module.checksum);
        assert_eq!(u32_at(&file, at + 16), module.timestamp);
        assert_eq!(string(&file, u32_at(&file, at + 20)), module.name);
        assert_eq!(u32_at(&file, at + 20) % 4, 0);
        assert_eq!(&file[at + 24..at + 76], [0; 52]);
        let expected: &[u8] = match module.code_view {
            Some(_) => b"RSDS0123456789abcdef\x03\0\0\0crash.pdb\0",
            None => b"",
        };
        assert_eq!(located(&file, at + 76), expected);
        assert_eq!(u32_at(&file, at + 80) % 4, 0);
        assert_eq!(&file[at + 84..at + 108], [0; 24]);
    }
}

/// Where a part of a file is in it.
fn offset_of(file: &[u8], part: &[u8]) -> usize {
    part.as_ptr() as usize - file.as_ptr() as usize
}

/// What `crash::context` gives, by the offsets of winnt.h.
#[track_caller]
fn assert_context(context: &[u8], first: u64) {
    assert_eq!(context.len(), 1232);
    assert_eq!(context[..0x30], [0; 0x30]);
    assert_eq!(u32_at(context, 0x30), 0x10_0007);
    let selectors: Vec<u16> = (0..6).map(|n| u16_at(context, 0x38 + 2 * n)).collect();
    assert_eq!(selectors, [0x33, 0x2B, 0x2C, 0x53, 0x2D, 0x2E]);
    assert_eq!(u32_at(context, 0x44), 0x1_0246);
    assert_eq!(context[0x48..0x78], [0; 0x30]);
    let general: Vec<u64> = (0..17).map(|n| u64_at(context, 0x78 + 8 * n)).collect();
    assert_eq!(general, (first..=first + 16).collect::<Vec<_>>());
    assert_eq!(context[0x100..], [0; 0x3D0]);
}
