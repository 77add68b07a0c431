//! Empty, many, huge: the format's bounds, and memory that cannot be read.

use minidump::*;

use crate::crash::*;

#[test]
fn empty_lists_are_lists() {
    let file = file(&empty(), memory);
    for stream_type in [3, 4, 5] {
        assert_eq!(stream(&file, stream_type), [0; 4]);
    }
}

#[test]
fn ten_thousand_modules_keep_their_names() {
    let names: Vec<String> = (0..10_000).map(|n| format!("{n}.dll")).collect();
    let modules: Vec<_> = names.iter().map(|name| module(name, None)).collect();
    let mut dump = empty();
    dump.modules = &modules;
    let file = file(&dump, memory);
    let list = stream(&file, 4);
    for (index, name) in names.iter().enumerate() {
        let rva = u32_at(list, 4 + 108 * index + 20);
        assert_eq!(string(&file, rva), *name);
    }
}

#[test]
fn endless_names_are_cut() {
    let name = "é".repeat(100_000);
    let pdb_name = vec![b'p'; 100_000];
    let code_view = CodeView {
        guid: [0; 16],
        age: 1,
        pdb_name: pdb_name.leak(),
    };
    let modules = [module(&name, Some(code_view))];
    let mut dump = empty();
    dump.modules = &modules;
    let file = file(&dump, memory);
    let list = stream(&file, 4);
    let found = string(&file, u32_at(list, 4 + 20));
    assert_eq!(found, "é".repeat(MODULE_NAME_MAX_UNITS));
    let record = located(&file, list.as_ptr() as usize - file.as_ptr() as usize + 80);
    assert_eq!(record.len(), 24 + PDB_NAME_MAX_BYTES + 1);
    assert_eq!(record[24 + PDB_NAME_MAX_BYTES], 0);
}

#[test]
fn unreadable_memory_is_zero_and_nothing_else_is() {
    let range = MemoryRange {
        start: 0x1F00,
        bytes: 0x2200,
    };
    let mut dump = empty();
    dump.ranges = std::slice::from_ref(&range);
    let file = file(&dump, |address: u64, to: &mut [u8]| {
        memory(address, to);
        address / PAGE_BYTES != 2
    });
    let found = located(&file, 8 + list_offset(&file));
    let expected = bytes_of(&range);
    assert!(found[..0x100] == expected[..0x100]);
    assert!(found[0x100..0x1100].iter().all(|&byte| byte == 0));
    assert!(found[0x1100..] == expected[0x1100..]);
}

#[test]
fn the_last_byte_of_the_address_space_is_the_last() {
    let mut dump = empty();
    dump.ranges = &[MemoryRange {
        start: u64::MAX - 9,
        bytes: u64::MAX,
    }];
    let file = file(&dump, memory);
    let found = located(&file, 8 + list_offset(&file));
    let expected: Vec<u8> = (u64::MAX - 9..=u64::MAX).map(byte).collect();
    assert_eq!(found, expected);
}

#[test]
fn more_than_four_gigabytes_are_refused() {
    let refused = |ranges: &[MemoryRange]| {
        let mut dump = empty();
        dump.ranges = ranges;
        assert_eq!(dump.total_bytes(), Err(TooLarge));
        let nothing = &mut |_: &[u8]| panic!("a dump that is too large gives no bytes");
        assert_eq!(dump.write(&mut memory, nothing), Err(TooLarge));
    };
    let range = |bytes| MemoryRange { start: 0, bytes };
    refused(&[range(u64::MAX)]);
    refused(&[range(u64::MAX), range(u64::MAX)]);
    refused(&[range(0xFFFF_FFFF)]);
    refused(&[range(0x8000_0000), range(0x8000_0000)]);

    // The most that fits: the file's end is still a multiple of 16.
    let room = u32::MAX - 15 - empty_with_one_range();
    let mut dump = empty();
    let largest = [range(room.into())];
    dump.ranges = &largest;
    assert_eq!(dump.total_bytes(), Ok(u32::MAX - 15));
    refused(&[range(u64::from(room) + 1)]);
}

/// Bytes of a file with one range in the list, without its memory.
fn empty_with_one_range() -> u32 {
    let mut dump = empty();
    dump.ranges = &[MemoryRange {
        start: 0,
        bytes: 16,
    }];
    dump.total_bytes().unwrap() - 16
}

/// Where the first descriptor of the list of memory is.
fn list_offset(file: &[u8]) -> usize {
    let list = stream(file, 5);
    assert_eq!(u32_at(list, 0), 1);
    list.as_ptr() as usize - file.as_ptr() as usize + 4
}
