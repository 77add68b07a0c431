//! Exports, imports, symbols, thread-local storage and the function table.

use pe::{Directory, ExportTarget, PeError, PeView, Tls};

use crate::builder::*;

fn refusal(builder: &Builder) -> PeError {
    PeView::parse(&builder.build()).unwrap_err()
}

#[test]
fn exports_are_found_by_name_ordinal_and_address() {
    let file = full_image();
    let view = PeView::parse(&file).unwrap();
    let exports = view.exports();
    let names: Vec<String> = exports.iter().map(|e| e.name.to_string()).collect();
    assert_eq!(names, ["alpha", "beta", "gamma"]);
    let gamma = exports.by_name(b"gamma").unwrap();
    assert_eq!(
        (gamma.ordinal, gamma.target),
        (7, ExportTarget::Rva(0x1800))
    );
    let ExportTarget::Forwarder(far) = exports.by_name(b"beta").unwrap().target else {
        panic!("beta leads to another DLL");
    };
    assert_eq!(far.as_bytes(), b"other.dll.far");
    assert!(exports.by_name(b"delta").is_none() && exports.by_name(b"").is_none());
    assert_eq!(exports.by_ordinal(5), Some(ExportTarget::Rva(0x1000)));
    assert_eq!(exports.by_ordinal(4), None);
    assert_eq!(exports.by_ordinal(8), None);

    let nearest = |rva| {
        view.nearest_export(rva)
            .map(|(name, above)| (name.to_string(), above))
    };
    assert_eq!(nearest(0x1000), Some(("alpha".into(), 0)));
    assert_eq!(nearest(0x17FF), Some(("alpha".into(), 0x7FF)));
    assert_eq!(nearest(0x2FFF), Some(("gamma".into(), 0x17FF)));
    assert_eq!(nearest(0xFFF), None);
    assert_eq!(nearest(0x3000), None, "another section");
}

#[test]
fn unsorted_export_names_are_found_all_the_same() {
    let mut builder = Builder::new();
    builder.add_directory(EXPORT, |rva| {
        let unsorted = [
            ("c", Ok(0x1003)),
            ("a", Ok(0x1001)),
            ("b", Ok(0x1002)),
            ("", Ok(0x1004)),
        ];
        export_directory(rva, 1, &unsorted)
    });
    let file = builder.build();
    let view = PeView::parse(&file).unwrap();
    for (name, rva) in [(b"a", 0x1001), (b"b", 0x1002), (b"c", 0x1003)] {
        let export = view.exports().by_name(name).unwrap();
        assert_eq!(export.target, ExportTarget::Rva(rva));
    }
}

#[test]
fn exports_that_lead_nowhere_are_left_out() {
    let mut builder = Builder::new();
    builder.add_directory(EXPORT, |rva| {
        let odd = [
            ("gone", Ok(0)),
            ("out", Ok(0x7000_0000)),
            ("real", Ok(0x1000)),
        ];
        let mut data = export_directory(rva, 1, &odd);
        // The names' pointers start at 40 + 4 * 3, their ordinals 12 later.
        put(&mut data, 64, &9u16.to_le_bytes());
        data
    });
    let file = builder.build();
    let view = PeView::parse(&file).unwrap();
    let names: Vec<String> = view.exports().iter().map(|e| e.name.to_string()).collect();
    assert_eq!(names, ["real"]);
}

#[test]
fn malformed_export_directories_are_refused() {
    let malformed = PeError::BadDirectory(Directory::Export);
    for (offset, value) in [
        (16, 0x1_0000u32),
        (20, 0x1_0001),
        (20, 0x1000),
        (24, 0x1_0001),
        (24, 0x1000),
        (28, 0),
        (28, 0x1000),
        (32, 0),
        (32, u32::MAX),
        (36, 0),
    ] {
        let mut builder = Builder::new();
        builder.add_directory(EXPORT, |rva| {
            let mut data = export_directory(rva, 1, &[("only", Ok(0x1000))]);
            put(&mut data, offset, &value.to_le_bytes());
            data
        });
        assert_eq!(refusal(&builder), malformed, "{value:#x} at {offset}");
    }
    let mut builder = Builder::new();
    builder.add_directory(EXPORT, |_| vec![0; 39]);
    assert_eq!(refusal(&builder), malformed);
}

#[test]
fn more_exports_than_ordinals_are_refused() {
    let accepted = |ordinal_base: u32, functions: u32, names: u32| {
        let mut builder = Builder::new();
        builder.add_directory(EXPORT, |rva| {
            let mut data = vec![0; 0x8_0000];
            let table = rva + 40;
            let words = [ordinal_base, functions, names, table, table, table];
            put(&mut data, 16, &words.map(u32::to_le_bytes).concat());
            data
        });
        PeView::parse(&builder.build()).is_ok()
    };
    assert!(accepted(0, 0x1_0000, 0x1_0000) && accepted(0xFFFF, 1, 1));
    assert!(!accepted(0, 0x1_0001, 1) && !accepted(0xFFFF, 2, 1));
    assert!(!accepted(0, 1, 0x1_0001) && !accepted(0x1_0000, 0, 0));
}

#[test]
fn names_cannot_forge_log_lines() {
    let mut builder = Builder::new();
    builder.add_directory(EXPORT, |rva| {
        export_directory(rva, 1, &[("a\nPETREL-END", Ok(0x1000))])
    });
    let file = builder.build();
    let (name, _) = PeView::parse(&file)
        .unwrap()
        .nearest_export(0x1000)
        .unwrap();
    assert_eq!(name.to_string(), "a\\nPETREL-END");
    assert_eq!(format!("{name:?}"), "\"a\\nPETREL-END\"");
}

/// An entry of 20 or 32 bytes with its DLL name, then a terminator.
fn import_directory(rva: u32, name_field: usize, entry_bytes: usize) -> Vec<u8> {
    let mut data = vec![1; entry_bytes];
    data.resize(2 * entry_bytes, 0);
    let name_rva = rva + data.len() as u32;
    put(&mut data, name_field, &name_rva.to_le_bytes());
    data.extend(b"far.dll\0");
    data
}

#[test]
fn imports_are_noticed_now_or_delayed() {
    for (directory, name_field, bytes) in [(IMPORT, 12, 20), (DELAY_IMPORT, 4, 32)] {
        let mut builder = Builder::new();
        builder.add_directory(directory, |rva| import_directory(rva, name_field, bytes));
        let file = builder.build();
        let view = PeView::parse(&file).unwrap();
        assert!(view.has_imports());
        assert_eq!(view.first_imported_dll().unwrap().as_bytes(), b"far.dll");
        assert_eq!(view.check_program(), Ok(()));
        assert_eq!(view.check_freestanding(), Err(PeError::HasImports));
    }
}

#[test]
fn an_import_directory_with_only_its_end_imports_nothing() {
    let mut builder = Builder::new();
    builder.add_directory(IMPORT, |_| vec![0; 20]);
    builder.add_directory(DELAY_IMPORT, |_| vec![0; 32]);
    let file = builder.build();
    let view = PeView::parse(&file).unwrap();
    assert!(!view.has_imports());
    assert_eq!(view.check_freestanding(), Ok(()));
}

#[test]
fn an_import_without_address_table_is_the_end() {
    let mut builder = Builder::new();
    builder.add_directory(IMPORT, |rva| {
        let mut data = import_directory(rva, 12, 20);
        put(&mut data, 16, &[0; 4]);
        data
    });
    assert!(!PeView::parse(&builder.build()).unwrap().has_imports());
}

#[test]
fn import_directories_must_be_readable() {
    let mut builder = Builder::new();
    builder.add_directory(IMPORT, |_| vec![1; 20]);
    assert_eq!(refusal(&builder), PeError::BadDirectory(Directory::Import));
    let mut builder = Builder::new();
    builder.add_directory(DELAY_IMPORT, |_| vec![0; 31]);
    assert_eq!(
        refusal(&builder),
        PeError::BadDirectory(Directory::DelayImport)
    );
}

#[test]
fn symbols_name_addresses_in_their_section() {
    let file = full_image();
    let view = PeView::parse(&file).unwrap();
    let nearest = |rva| {
        view.nearest_symbol(rva)
            .map(|(name, above)| (name.to_string(), above))
    };
    assert_eq!(nearest(0x1010), Some(("main".into(), 0)), "not the label");
    assert_eq!(nearest(0x107F), Some(("main".into(), 0x6F)));
    assert_eq!(nearest(0x1080), Some(("a_rather_long_name".into(), 0)));
    assert_eq!(nearest(0x2FFF), Some(("eight_by".into(), 0x16FF)));
    assert_eq!(nearest(0x100F), None, "only the section's own symbol");
    assert_eq!(nearest(0x3000), None, "another section");
    assert_eq!(nearest(0x10), None, "the headers");
}

#[test]
fn a_malformed_symbol_table_counts_as_absent() {
    for (offset, value) in [(COFF + 8, u32::MAX), (COFF + 12, u32::MAX), (COFF + 12, 9)] {
        let mut file = full_image();
        put(&mut file, offset, &value.to_le_bytes());
        let view = PeView::parse(&file).unwrap();
        assert_eq!(view.nearest_symbol(0x1010), None);
    }
}

#[test]
fn thread_local_storage_is_described() {
    let file = full_image();
    let tls = PeView::parse(&file).unwrap().tls();
    let expected = Tls {
        template_rva: 0x3020,
        template_bytes: 0x40,
        zero_fill_bytes: 0x30,
        alignment_bytes: Some(16),
        index_rva: 0x3080,
        callbacks_rva: Some(0x3090),
    };
    assert_eq!(tls, Some(expected));
}

#[test]
fn malformed_thread_local_storage_is_refused() {
    let [.., tls_offset] = directory_data(TLS);
    let below = IMAGE_BASE - 1;
    for (field, value) in [
        (0, below),
        (8, 0),
        (8, u64::MAX),
        (16, 0),
        (16, below),
        (24, 1),
    ] {
        let mut file = full_image();
        put(&mut file, tls_offset + field, &value.to_le_bytes());
        let error = PeView::parse(&file).unwrap_err();
        assert_eq!(
            error,
            PeError::BadDirectory(Directory::Tls),
            "{value:#x} at {field}"
        );
    }
}

#[test]
fn functions_are_found_by_address() {
    let file = full_image();
    let view = PeView::parse(&file).unwrap();
    let begin = |rva| view.function_entry(rva).map(|entry| entry.begin_rva);
    assert_eq!(begin(0xFFF), None);
    assert_eq!(begin(0x1000), Some(0x1000));
    assert_eq!(begin(0x10FF), Some(0x1000));
    assert_eq!(begin(0x1100), Some(0x1100));
    assert_eq!(begin(0x11FF), Some(0x1100));
    assert_eq!(begin(0x1200), None);
    assert_eq!(view.function_entry(0x1100).unwrap().unwind_rva, 0x5010);
}

#[test]
fn functions_of_an_unsorted_table_are_found_too() {
    let [.., offset] = directory_data(EXCEPTION);
    let mut file = full_image();
    file[offset..offset + 24].rotate_left(12);
    let view = PeView::parse(&file).unwrap();
    let begin = |rva| view.function_entry(rva).map(|entry| entry.begin_rva);
    let found = [0xFFF, 0x1000, 0x10FF, 0x1100, 0x11FF, 0x1200].map(begin);
    let (first, second) = (Some(0x1000), Some(0x1100));
    assert_eq!(found, [None, first, first, second, second, None]);
}

/// Where a directory of the full image is: RVA and file offset.
fn directory_data(index: usize) -> [usize; 2] {
    let file = full_image();
    let at = DIRECTORIES + 8 * index;
    let rva = u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let view = PeView::parse(&file).unwrap();
    let source = view.page_source(rva / 0x1000).unwrap();
    [rva as usize, source.file_offset as usize]
}
