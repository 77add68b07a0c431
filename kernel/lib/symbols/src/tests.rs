//! Tables written and read back, and tables of anything at all.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use crate::{BUILD_ID_BYTES, Function, Lines, Table, TableError, TableParts, WriteError, write};

mod dense;
mod lines;

const BUILD_ID: [u8; BUILD_ID_BYTES] = *b"twenty bytes of hash";
const CAPACITY: u32 = 1 << 20;
const TOKENS: [&str; 6] = ["core::", "fmt::", "Debug", "::fmt", "<", "é"];

fn function(start: u64, size: u32, name: &[u16]) -> Function {
    Function {
        start,
        size,
        name: name.to_vec(),
    }
}

fn table_of(functions: &[Function]) -> Vec<u8> {
    table_with_lines(functions, Lines::default())
}

fn table_with_lines(functions: &[Function], lines: Lines<'_>) -> Vec<u8> {
    let mut bytes = write(&TableParts {
        build_id: BUILD_ID,
        capacity_bytes: Some(CAPACITY),
        tokens: &TOKENS,
        functions,
        lines,
    })
    .unwrap();
    bytes.resize(CAPACITY as usize, 0);
    bytes
}

/// Boot code low, kernel high; adjacent, spaced, and with a gap at the end.
fn sample() -> Vec<Function> {
    vec![
        function(0xFFFF_FFFF_8010_1000, 0x20, &[0, 1, 2]),
        function(0xFFFF_FFFF_8010_1020, 0x15, &[2]),
        function(0xFFFF_FFFF_8010_1040, 0x10, &[4, 2, 3]),
        function(0xFFFF_FFFF_8010_1060, 0x01, &[5]),
        function(0x10_0024, 0x08, &[0]),
    ]
}

fn name_at(table: &Table<'_>, address: u64) -> Option<(String, u64)> {
    let symbol = table.lookup(address)?;
    Some((symbol.name().to_string(), symbol.offset))
}

#[test]
fn names_first_last_between_and_none_outside() {
    let bytes = table_of(&sample());
    let table = Table::parse(&bytes).unwrap();
    let named = |name: &str, offset| Some((name.to_string(), offset));
    let base = 0xFFFF_FFFF_8010_0000;

    assert_eq!(name_at(&table, base + 0x1000), named("core::fmt::Debug", 0));
    assert_eq!(
        name_at(&table, base + 0x101F),
        named("core::fmt::Debug", 0x1F)
    );
    assert_eq!(name_at(&table, base + 0x1020), named("Debug", 0));
    assert_eq!(name_at(&table, base + 0x1034), named("Debug", 0x14));
    assert_eq!(name_at(&table, base + 0x1045), named("<Debug::fmt", 5));
    assert_eq!(name_at(&table, base + 0x1060), named("é", 0));
    assert_eq!(name_at(&table, 0x10_0024), named("core::", 0));
    assert_eq!(name_at(&table, 0x10_002B), named("core::", 7));

    for outside in [0x1035, 0x103F, 0x1050, 0x1061, 0x0FFF, 0x0] {
        assert_eq!(name_at(&table, base + outside), None, "{outside:#x}");
    }
    for outside in [0, 0x10_0023, 0x10_002C, u64::MAX] {
        assert_eq!(name_at(&table, outside), None, "{outside:#x}");
    }
}

#[test]
fn a_call_at_the_end_of_a_function_belongs_to_it() {
    let bytes = table_of(&sample());
    let table = Table::parse(&bytes).unwrap();
    let at = |address| {
        let symbol = table.lookup_return_address(address)?;
        Some((symbol.name().to_string(), symbol.offset, symbol.size))
    };
    let base = 0xFFFF_FFFF_8010_1000;
    assert_eq!(
        at(base + 0x20),
        Some(("core::fmt::Debug".into(), 0x20, 0x20))
    );
    assert_eq!(at(base + 0x35), Some(("Debug".into(), 0x15, 0x15)));
    assert_eq!(at(base + 0x61), Some(("é".into(), 1, 1)));
    assert_eq!(at(base), None);
    assert_eq!(at(base + 0x40), None);
    assert_eq!(at(0), None);
}

#[test]
fn header_tells_what_it_holds() {
    let bytes = table_of(&sample());
    let table = Table::parse(&bytes).unwrap();
    assert_eq!(table.build_id(), &BUILD_ID);
    assert_eq!(table.functions(), 5);
    assert_eq!(table.capacity_bytes(), CAPACITY);
    assert!(table.used_bytes() < 300);
}

#[test]
fn a_table_of_nothing_names_nothing() {
    let bytes = table_of(&[]);
    let table = Table::parse(&bytes).unwrap();
    for address in [0, 1, u64::MAX] {
        assert!(table.lookup(address).is_none());
    }
}

#[test]
fn bad_headers_are_told_apart() {
    let good = table_of(&sample());
    let with = |place: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[place] = value;
        Table::parse(&bytes).err()
    };
    let part = |part| Some(TableError::Part { part });
    assert_eq!(Table::parse(&[]).err(), Some(TableError::Empty));
    assert_eq!(Table::parse(&[0; 4096]).err(), Some(TableError::Empty));
    assert_eq!(
        Table::parse(&good[..115]).err(),
        Some(TableError::TooShort {
            available_bytes: 115
        })
    );
    assert_eq!(with(0, 1), Some(TableError::Magic));
    assert_eq!(with(8, 1), Some(TableError::Version { found: 1 }));
    for (place, value) in [(108, 33), (110, 33), (111, 16), (114, 16)] {
        assert_eq!(with(place, value), Some(TableError::Widths));
    }
    assert_eq!(with(115, 4), Some(TableError::Flags));
    assert!(matches!(with(10, 95), Some(TableError::Sizes { .. })));
    assert!(matches!(with(19, 1), Some(TableError::Sizes { .. })));
    assert!(matches!(with(22, 32), Some(TableError::Sizes { .. })));
    assert_eq!(with(60, 200), part("blocks"));
    assert_eq!(with(64, 200), part("tokens"));
    assert_eq!(with(72, 95), part("blocks"));
    assert_eq!(with(76, 0), part("blocks"));
    assert_eq!(with(80, 255), part("tokens"));
    assert_eq!(with(84, 255), part("token texts"));
    assert_eq!(with(88, 0), part("token texts"));
    assert_eq!(with(92, 0), part("string blocks"));
    assert_eq!(with(96, 0), part("strings"));
    assert_eq!(with(100, 0), part("inlined functions"));
    assert_eq!(with(104, 0), part("restarts"));
    assert_eq!(with(106, 1), part("sites"));
    let text = good[84..86].try_into().map(u16::from_le_bytes).unwrap();
    assert_eq!(with(text.into(), 0xFF), part("token texts"));
}

#[test]
fn the_writer_refuses_what_it_cannot_say() {
    let write_with = |capacity_bytes, tokens: &[&str], functions: &[Function]| {
        write(&TableParts {
            build_id: BUILD_ID,
            capacity_bytes: Some(capacity_bytes),
            tokens,
            functions,
            lines: Lines::default(),
        })
        .err()
    };
    let two = |start| [function(0x1000, 0x20, &[0]), function(start, 1, &[0])];
    let overlap = |start| Some(WriteError::Overlap { start });
    assert_eq!(write_with(CAPACITY, &["a"], &two(0x101F)), overlap(0x101F));
    assert_eq!(write_with(CAPACITY, &["a"], &two(0x1020)), None);
    assert_eq!(
        write_with(CAPACITY, &["a"], &two(0x1_0000_1000)),
        Some(WriteError::TooFar {
            start: 0x1_0000_1000
        })
    );
    assert_eq!(
        write_with(CAPACITY, &["a"], &[function(1, 1, &[1])]),
        Some(WriteError::NoSuchToken { index: 0 })
    );
    assert_eq!(
        write_with(CAPACITY, &["a"], &[function(1, 1, &[0; 4097])]),
        Some(WriteError::NameTooLong { index: 0 })
    );
    assert_eq!(
        write_with(CAPACITY, &["a"], &[function(1, 1, &[0; 4096])]),
        None
    );
    let long = "x".repeat(256);
    assert_eq!(
        write_with(CAPACITY, &[&long], &[]),
        Some(WriteError::Tokens)
    );
    assert_eq!(
        write_with(96, &["a"], &[]),
        Some(WriteError::TooSmall { need_bytes: 122 })
    );
}

#[test]
fn names_use_long_codes_too() {
    let texts: Vec<String> = (0..3000)
        .map(|number| alloc::format!("f{number}"))
        .collect();
    let tokens: Vec<&str> = texts.iter().map(String::as_str).collect();
    let functions: Vec<Function> = (0..3000_u16)
        .map(|index| function(u64::from(index) * 0x10, 0x10, &[index]))
        .collect();
    let bytes = write(&TableParts {
        build_id: BUILD_ID,
        capacity_bytes: Some(CAPACITY),
        tokens: &tokens,
        functions: &functions,
        lines: Lines::default(),
    })
    .unwrap();
    let mut bytes = bytes;
    bytes.resize(CAPACITY as usize, 0);
    let table = Table::parse(&bytes).unwrap();
    for (index, text) in texts.iter().enumerate() {
        let symbol = table.lookup(index as u64 * 0x10 + 3).unwrap();
        assert_eq!(&symbol.name().to_string(), text);
    }
}

prop_compose! {
    fn functions()(
        base: u64,
        shapes in prop::collection::vec((0..100_u64, 0..5000_u32, prop::collection::vec(0..6_u16, 0..9)), 0..80),
    ) -> Vec<Function> {
        let mut start = base;
        shapes
            .into_iter()
            .map(|(gap, size, name)| {
                // A third of the gaps are the usual padding.
                start = match gap % 3 {
                    0 => start.wrapping_add(start.wrapping_sub(base).wrapping_neg() % 16),
                    _ => start.wrapping_add(gap),
                };
                let made = function(start, size, &name);
                start = start.wrapping_add(u64::from(size));
                made
            })
            .collect()
    }
}

proptest! {
    #[test]
    fn every_address_is_named_as_a_plain_search_names_it(
        functions in functions(),
        pick: prop::sample::Index,
        away in -40..40_i64,
    ) {
        let bytes = table_of(&functions);
        let table = Table::parse(&bytes).unwrap();
        let mut addresses = vec![0, u64::MAX];
        for function in &functions {
            let end = function.start.wrapping_add(u64::from(function.size));
            addresses.extend([function.start, end, end.wrapping_sub(1)]);
        }
        let near = *pick.get(&addresses);
        addresses.push(near.wrapping_add_signed(away));
        for address in addresses {
            let expected = functions
                .iter()
                .find(|function| address.wrapping_sub(function.start) < u64::from(function.size))
                .map(|function| {
                    let name: String = function.name.iter().map(|&token| TOKENS[usize::from(token)]).collect();
                    (name, address.wrapping_sub(function.start))
                });
            prop_assert_eq!(name_at(&table, address), expected);
        }
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(mut bytes: Vec<u8>, address: u64) {
        let _ = Table::parse(&bytes);
        for (place, value) in b"PETRLSYM\x03\0\x74\0".iter().enumerate() {
            if let Some(byte) = bytes.get_mut(place) {
                *byte = *value;
            }
        }
        if let Ok(table) = Table::parse(&bytes) {
            let _ = name_at(&table, address);
        }
    }

    #[test]
    fn damaged_tables_do_no_harm(
        functions in functions(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        address: u64,
    ) {
        let mut bytes = table_of(&functions);
        let used = Table::parse(&bytes).unwrap().used_bytes() as usize;
        for (place, value) in damage {
            bytes[place.index(used)] = value;
        }
        if let Ok(table) = Table::parse(&bytes) {
            for function in &functions {
                let last = function.start.wrapping_add(u64::from(function.size));
                for address in [address, function.start, last] {
                    let name = table.lookup_return_address(address).map(|symbol| symbol.name().to_string());
                    prop_assert!(name.is_none_or(|name| name.len() <= crate::NAME_MAX_BYTES));
                }
            }
        }
    }
}
