//! Headers and sections: what is accepted, and every refusal.

use pe::{Directory, PeError, PeView, Protection};

use crate::builder::*;

fn refusal(file: &[u8]) -> PeError {
    PeView::parse(file).expect_err("a file that must be refused")
}

/// The error for a good file with some bytes changed.
fn refusal_with(offset: usize, bytes: &[u8]) -> PeError {
    let mut file = full_image();
    put(&mut file, offset, bytes);
    refusal(&file)
}

#[test]
fn a_good_image_says_what_it_is() {
    let file = full_image();
    let view = PeView::parse(&file).unwrap();
    assert_eq!(view.entry_point_rva(), 0x1000);
    assert_eq!(view.image_base(), IMAGE_BASE);
    assert_eq!(view.size_of_headers(), 0x400);
    assert_eq!(view.page_count() * 0x1000, view.size_of_image());
    assert_eq!(view.stack_reserve_bytes(), 0x20_0000);
    assert_eq!(view.stack_commit_bytes(), 0x1000);
    assert_eq!(view.subsystem(), 1);
    assert_eq!(view.subsystem_version(), (6, 2));
    assert_eq!(view.characteristics(), 0x22);
    assert_eq!(view.dll_characteristics(), 0x160);
    assert!(view.has_dynamic_base() && view.has_high_entropy());
    assert!(view.is_relocatable() && !view.is_dll() && !view.has_imports());
    assert_eq!(view.check_program(), Ok(()));
}

#[test]
fn what_is_not_a_pe_file_is_refused() {
    assert_eq!(refusal(b""), PeError::TooShort);
    assert_eq!(refusal(&full_image()[..63]), PeError::TooShort);
    assert_eq!(refusal_with(0, b"ZM"), PeError::NotMz);
    for offset in [0u32, 4, 0x3C, 0x82] {
        let error = refusal_with(0x3C, &offset.to_le_bytes());
        assert_eq!(error, PeError::BadPeOffset { offset });
    }
    for offset in [0x7FFF_FFFCu32, 0xFFFF_FFFC] {
        let error = refusal_with(0x3C, &offset.to_le_bytes());
        assert_eq!(error, PeError::NotPe);
    }
    assert_eq!(refusal(&full_image()[..PE_OFFSET + 3]), PeError::NotPe);
    assert_eq!(refusal_with(PE_OFFSET, b"LE"), PeError::NotPe);
    assert_eq!(refusal_with(PE_OFFSET, b"NE"), PeError::NotPeButNe);
}

#[test]
fn a_file_cut_off_anywhere_in_its_headers_is_refused() {
    let file = full_image();
    for length in 0..0x400 {
        refusal(&file[..length]);
    }
}

#[test]
fn another_machine_has_its_own_status() {
    for machine in [0x014Cu16, 0xAA64, 0] {
        let error = refusal_with(COFF, &machine.to_le_bytes());
        assert_eq!(error, PeError::WrongMachine { machine });
        assert_eq!(error.status_code(), 0x4000_000E);
    }
}

#[test]
fn optional_headers_must_fit_what_they_state() {
    let magic = refusal_with(OPTIONAL, &0x10Bu16.to_le_bytes());
    assert_eq!(magic, PeError::NotPe32Plus { magic: 0x10B });
    for bytes in [0u16, 111, 112, 239] {
        let error = refusal_with(COFF + 16, &bytes.to_le_bytes());
        assert_eq!(error, PeError::BadOptionalHeaderSize { bytes });
    }
    let size = refusal_with(COFF + 16, &0xFFFFu16.to_le_bytes());
    assert_eq!(size, PeError::TruncatedHeaders);
    for count in [17u32, u32::MAX] {
        let error = refusal_with(OPTIONAL + 108, &count.to_le_bytes());
        assert_eq!(error, PeError::BadDirectoryCount { count });
    }
    assert_eq!(refusal_with(COFF + 18, &[0]), PeError::NotAnImage);
}

#[test]
fn directories_beyond_the_stated_count_do_not_exist() {
    let mut file = full_image();
    put(&mut file, OPTIONAL + 108, &0u32.to_le_bytes());
    let view = PeView::parse(&file).unwrap();
    assert_eq!(view.exports().iter().count(), 0);
    assert_eq!(view.relocations().count(), 0);
    assert_eq!(view.tls(), None);
}

#[test]
fn alignments_bases_and_sizes_are_checked() {
    for (section_bytes, file_bytes) in [
        (0x800u32, 0x200u32),
        (0x1800, 0x200),
        (0, 0x200),
        (0x1000, 0x100),
        (0x1000, 0x300),
        (0x1000, 0x2000),
    ] {
        let both = [section_bytes.to_le_bytes(), file_bytes.to_le_bytes()].concat();
        let error = refusal_with(OPTIONAL + 32, &both);
        assert_eq!(
            error,
            PeError::BadAlignment {
                section_bytes,
                file_bytes
            }
        );
    }
    for base in [0x1000u64, 0x1_4000_8000, u64::MAX] {
        let error = refusal_with(OPTIONAL + 24, &base.to_le_bytes());
        assert_eq!(error, PeError::BadImageBase { base });
    }
    let mut file = full_image();
    let base = 0xFFFF_FFFF_FFFF_0000u64;
    put(&mut file, OPTIONAL + 24, &base.to_le_bytes());
    put(&mut file, OPTIONAL + 56, &0x1_0000u32.to_le_bytes());
    assert_eq!(refusal(&file), PeError::BadImageBase { base });
    for bytes in [0u32, 0x1FF, u32::MAX] {
        let error = refusal_with(OPTIONAL + 60, &bytes.to_le_bytes());
        assert_eq!(error, PeError::BadHeadersSize { bytes });
    }
}

#[test]
fn sections_must_follow_each_other_inside_image_and_file() {
    let second = SECTION_TABLE + 40;
    assert_eq!(refusal_with(COFF + 2, &[0, 0]), PeError::NoSections);
    assert_eq!(
        refusal_with(COFF + 2, &[0xFF, 0xFF]),
        PeError::TruncatedHeaders
    );
    let overlapping = refusal_with(second + 12, &0x1000u32.to_le_bytes());
    assert_eq!(overlapping, PeError::SectionNotAdjacent { section: 2 });
    let gap = refusal_with(second + 12, &0x4000u32.to_le_bytes());
    assert_eq!(gap, PeError::SectionNotAdjacent { section: 2 });
    let over_headers = refusal_with(SECTION_TABLE + 12, &0u32.to_le_bytes());
    assert_eq!(over_headers, PeError::SectionNotAdjacent { section: 1 });
    let empty = refusal_with(SECTION_TABLE + 8, &[0; 12]);
    assert_eq!(empty, PeError::SectionNotAdjacent { section: 1 });
    let mut file = full_image();
    put(&mut file, SECTION_TABLE + 8, &[0; 4]);
    put(&mut file, SECTION_TABLE + 16, &[0; 4]);
    assert_eq!(refusal(&file), PeError::EmptySection { section: 1 });
    for bytes in [0x10_0000u32, u32::MAX] {
        let error = refusal_with(SECTION_TABLE + 8, &bytes.to_le_bytes());
        assert_eq!(error, PeError::SectionOutsideImage { section: 1 });
    }
    for bytes in [0x10_0000u32, u32::MAX] {
        let error = refusal_with(second + 16, &bytes.to_le_bytes());
        assert_eq!(error, PeError::SectionOutsideFile { section: 2 });
    }
    let unaligned = refusal_with(SECTION_TABLE + 20, &0x401u32.to_le_bytes());
    assert_eq!(unaligned, PeError::UnalignedSectionData { section: 1 });
}

#[test]
fn data_that_is_written_and_shared_is_refused() {
    let flags = (READ | WRITE | SHARED).to_le_bytes();
    let error = refusal_with(SECTION_TABLE + 40 + 36, &flags);
    assert_eq!(error, PeError::SharedSection { section: 2 });
}

#[test]
fn protections_follow_the_flags() {
    for (flags, read, write, execute) in [
        (0, false, false, false),
        (READ, true, false, false),
        (WRITE, true, true, false),
        (EXECUTE, true, false, true),
        (READ | SHARED, true, false, false),
        (WRITE | EXECUTE, true, true, true),
    ] {
        let mut builder = Builder::new();
        builder.add(section(".odd", 1, Vec::new(), flags));
        let file = builder.build();
        let segment = PeView::parse(&file).unwrap().map_plan().nth(2).unwrap();
        assert_eq!(
            segment.protection,
            Protection {
                read,
                write,
                execute
            }
        );
    }
}

#[test]
fn the_entry_point_must_be_executable() {
    for rva in [0x10u32, 0x3000, 0x7F_F000, u32::MAX] {
        let error = refusal_with(OPTIONAL + 16, &rva.to_le_bytes());
        assert_eq!(error, PeError::EntryNotExecutable { rva });
    }
}

#[test]
fn directories_must_lie_in_section_data() {
    for (index, directory) in [
        (EXPORT, Directory::Export),
        (IMPORT, Directory::Import),
        (EXCEPTION, Directory::Exception),
        (RELOCATION, Directory::Relocation),
        (TLS, Directory::Tls),
        (DELAY_IMPORT, Directory::DelayImport),
    ] {
        // In the headers, in zero fill, at the very end of a section's data,
        // behind the image, at the end of the address space.
        for rva in [0x10u32, 0x5000, 0x27FC, 0x10_0000, 0xFFFF_FFFF] {
            let place = [rva.to_le_bytes(), 0x100u32.to_le_bytes()].concat();
            let error = refusal_with(DIRECTORIES + 8 * index, &place);
            assert_eq!(error, PeError::BadDirectory(directory), "{rva:#x}");
        }
    }
}

#[test]
fn an_empty_directory_must_still_lie_in_a_section() {
    let mut builder = Builder::new();
    builder.directories[RELOCATION] = (0x27FF, 0);
    assert!(PeView::parse(&builder.build()).is_ok());
    builder.directories[RELOCATION] = (0x2800, 0);
    let error = refusal(&builder.build());
    assert_eq!(error, PeError::BadDirectory(Directory::Relocation));
}

#[test]
fn what_is_no_program_is_told_apart() {
    let refused = |change: &dyn Fn(&mut Builder)| {
        let mut builder = Builder::new();
        change(&mut builder);
        let file = builder.build();
        PeView::parse(&file)
            .unwrap()
            .check_freestanding()
            .unwrap_err()
    };
    assert_eq!(refused(&|b| b.characteristics |= 0x2000), PeError::IsDll);
    assert_eq!(refused(&|b| b.characteristics |= 0x1000), PeError::IsDriver);
    assert_eq!(
        refused(&|b| b.dll_characteristics |= 0x2000),
        PeError::IsDriver
    );
    for subsystem in [0, 7, 10, 16] {
        let error = refused(&|b| b.subsystem = subsystem);
        assert_eq!(error, PeError::WrongSubsystem { subsystem });
    }
    assert_eq!(refused(&|b| b.entry = 0), PeError::NoEntryPoint);
    assert_eq!(
        refused(&|b| b.directories[CLR] = (0x1000, 72)),
        PeError::ManagedCode
    );
    let file = full_image();
    let view = PeView::parse(&file).unwrap();
    assert_eq!(
        view.check_freestanding(),
        Err(PeError::HasThreadLocalStorage)
    );
}

#[test]
fn errors_have_a_sentence_and_a_status() {
    for (error, status) in [
        (PeError::TooShort, 0xC000_012F),
        (PeError::NotMz, 0xC000_012F),
        (PeError::NotPe, 0xC000_0130),
        (PeError::NotPeButNe, 0xC000_0131),
        (PeError::TruncatedHeaders, 0xC000_007B),
        (PeError::NoSections, 0xC000_007B),
        (PeError::HasImports, 0xC000_0135),
    ] {
        assert_eq!(error.status_code(), status, "{error}");
    }
    let sentence = PeError::UnalignedSectionData { section: 3 }.to_string();
    assert_eq!(
        sentence,
        "the data of section 3 does not begin on a 512-byte boundary"
    );
}
