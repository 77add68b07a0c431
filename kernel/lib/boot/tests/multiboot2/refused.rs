//! Multiboot2 information that is refused, each fault with its error.

use bootinfo::{BootError, check_multiboot2, from_multiboot2, multiboot2_size_bytes};

use crate::builder::{Aligned, Builder};
use crate::{MEMORY, minimal, read};

fn error_of(builder: Builder) -> BootError {
    read(&builder.finish()).expect_err("the information is bad")
}

#[test]
fn bad_texts_are_refused_but_for_the_loaders_name() {
    let text = "kernel command line";
    assert_eq!(
        error_of(minimal().tag(1, b"no end")),
        BootError::TextNotEnded { text }
    );
    assert_eq!(
        error_of(minimal().tag(1, b"")),
        BootError::TextNotEnded { text }
    );
    let error = error_of(minimal().tag(1, b"ab\xff\0"));
    assert_eq!(
        error,
        BootError::TextNotUtf8 {
            text,
            offset_bytes: 2
        }
    );
    let long = "x".repeat(bootinfo::COMMAND_LINE_MAX_BYTES);
    assert!(read(&minimal().command_line(&long).finish()).is_ok());
    assert_eq!(
        error_of(minimal().command_line(&(long + "x"))),
        BootError::TextTooLong { text }
    );
    let text = "command line of a module";
    assert_eq!(
        error_of(minimal().tag(3, &[0; 8])),
        BootError::TextNotEnded { text }
    );
    let information = minimal().tag(2, b"\xff\0").finish();
    let info = read(&information).unwrap();
    assert_eq!((info.loader_name, info.warnings.len()), (None, 1));
}

#[test]
fn bad_modules_are_refused() {
    let (start, end) = (0x20_0000, 0x1f_ffff);
    let error = error_of(minimal().module(0x20_0000, 0x1f_ffff, ""));
    assert_eq!(error, BootError::ModuleEndsBeforeStart { start, end });
    for (first, last) in [
        (0x9_f000, 0xa_0000),
        (0x6ff_0000, 0x710_0001),
        (0xf000_0000, 0xf000_0001),
    ] {
        let error = error_of(minimal().module(first, last, ""));
        let (start, end) = (first.into(), last.into());
        assert_eq!(error, BootError::ModuleOutsideMemory { start, end });
    }
    let many = |count| {
        (0..count).fold(minimal(), |builder, _| {
            builder.module(0x20_0000, 0x20_1000, "")
        })
    };
    assert!(read(&many(bootinfo::MODULES_MAX).finish()).is_ok());
    assert_eq!(
        error_of(many(bootinfo::MODULES_MAX + 1)),
        BootError::TooManyModules
    );
}

#[test]
fn bad_memory_maps_are_refused() {
    assert_eq!(error_of(Builder::new()), BootError::NoMemoryMap);
    assert_eq!(
        error_of(Builder::new().memory(&[])),
        BootError::NoUsableMemory
    );
    let reserved = Builder::new().memory(&[(0, 1 << 30, 2), (0, 1 << 30, 1)]);
    assert_eq!(error_of(reserved), BootError::NoUsableMemory);
    let scattered: Vec<_> = (0..200).map(|index| (index * 8192, 4096, 1)).collect();
    assert_eq!(
        error_of(Builder::new().memory(&scattered)),
        BootError::TooManyRanges
    );
    let mut payload = 32_u32.to_le_bytes().to_vec();
    payload.resize(8 + 32, 0);
    let error = error_of(Builder::new().tag(6, &payload));
    assert_eq!(error, BootError::MemoryEntrySize { size_bytes: 32 });
    let huge = Builder::new()
        .memory(&[(0x1000, u64::MAX, 1), (0x1000, 0x1000, 99)])
        .finish();
    assert_eq!(
        read(&huge).unwrap().memory.usable().next(),
        Some(0x2000..0x9000)
    );
}

/// Every tag that is read, one byte too short for what it says it holds.
#[test]
fn tags_that_are_too_short_are_refused() {
    let mut entries = 24_u32.to_le_bytes().to_vec();
    entries.resize(8 + 23, 0);
    let mut screen = vec![0; 24];
    let short = |number: u32, payload: &[u8]| {
        let expected = BootError::TagSize {
            tag: number,
            size_bytes: 8 + payload.len() as u32,
            offset_bytes: 8,
        };
        let error = error_of(Builder::new().tag(number, payload).memory(MEMORY));
        assert_eq!(error, expected);
    };
    short(3, &[0; 7]);
    short(6, &[]);
    short(6, &entries[..7]);
    short(6, &entries);
    short(8, &screen[..23]);
    short(8, &screen);
    screen[21] = 1;
    short(8, &[&screen[..], &[0; 5]].concat());
    screen[21] = 0;
    short(8, &[&screen[..], &[2, 0, 1, 2, 3, 4, 5]].concat());
    short(8, &[&screen[..], &[255, 255]].concat());
}

#[test]
fn broken_chains_are_refused() {
    assert_eq!(
        read(&minimal().finish_open()).unwrap_err(),
        BootError::NoEndTag
    );
    assert_eq!(
        read(&Builder::new().finish_open()).unwrap_err(),
        BootError::NoEndTag
    );
    for (size_bytes, tag) in [(0, 5), (7, 5), (100_000, 5), (u32::MAX, 5), (7, 0)] {
        let mut information = Builder::new().tag(tag, &[0; 8]).memory(MEMORY).finish();
        information.bytes_mut()[12..16].copy_from_slice(&size_bytes.to_le_bytes());
        let expected = BootError::TagSize {
            tag,
            size_bytes,
            offset_bytes: 8,
        };
        assert_eq!(read(&information).unwrap_err(), expected);
    }
}

#[test]
fn impossible_sizes_and_places_are_refused() {
    let mut information = minimal().finish();
    let available_bytes = information.bytes().len();
    for stated_bytes in [0, 7, available_bytes as u32 + 1, 1 << 21, u32::MAX] {
        information.bytes_mut()[..4].copy_from_slice(&stated_bytes.to_le_bytes());
        let expected = BootError::InformationSize {
            stated_bytes,
            available_bytes,
        };
        assert_eq!(read(&information).unwrap_err(), expected);
    }
    let shifted = Aligned::new(&[&[0; 4], minimal().finish().bytes()].concat());
    let shifted = &shifted.bytes()[4..];
    assert_eq!(check_multiboot2(shifted).err(), Some(BootError::Misaligned));
    assert_eq!(
        from_multiboot2(shifted, 0).err(),
        Some(BootError::Misaligned)
    );
    let none = Aligned::new(&[0; 8]);
    assert!(check_multiboot2(&none.bytes()[..0]).is_err());
    assert!(check_multiboot2(&none.bytes()[..4]).is_err());
    assert_eq!(multiboot2_size_bytes(&[16, 1, 0, 0, 9, 9, 9, 9]), Ok(0x110));
    assert!(multiboot2_size_bytes(&[0, 0, 0x11, 0, 0, 0, 0, 0]).is_err());
    assert!(multiboot2_size_bytes(&[7, 0, 0, 0, 0, 0, 0, 0]).is_err());
}
