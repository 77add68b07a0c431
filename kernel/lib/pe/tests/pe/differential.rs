//! Our view and the `object` crate agree on what linkers make.
//!
//! What is compared: section table, protections' source, entry point, base,
//! the bytes of every section, exports with their targets, imports,
//! relocations, the function table, function symbols. Of changed files: whatever we accept,
//! `object` must accept with the same answers; and where we refuse for one of
//! the reasons `object` checks too, it must refuse as well. The rest of our
//! refusals (alignment, adjacency, protections, order of relocations and so
//! on) have no counterpart there.

use object::pe::{self as format, ImageSectionHeader};
use object::read::pe::{ExportTarget as Target, PeFile64};
use object::{LittleEndian as LE, Object, ObjectSymbol, SymbolKind};
use pe::{ExportTarget, PeError, PeView};
use proptest::prelude::*;

use crate::builder::full_image;
use crate::compilers::{Built, built, by_name};
use crate::hostile::{change, changes, exercise};
use crate::pages::image;

#[test]
fn linked_files_are_accepted_and_total() {
    for file in built() {
        PeView::parse(&file.bytes).unwrap_or_else(|error| panic!("{}: {error}", file.name));
        exercise(&file.bytes);
    }
}

#[test]
fn linked_files_agree_with_object() {
    for Built { name, bytes } in built() {
        println!("{name}");
        agree(bytes);
        same_symbols(bytes);
    }
}

#[test]
fn the_right_files_are_programs() {
    let check = |name| {
        PeView::parse(&by_name(name).bytes)
            .unwrap()
            .check_freestanding()
    };
    for name in ["program.exe", "in-place.exe", "freestanding.exe"] {
        assert_eq!(check(name), Ok(()), "{name}");
    }
    for name in ["console.exe", "stripped.exe"] {
        assert_eq!(check(name), Err(PeError::HasImports), "{name}");
    }
    for name in ["library.dll", "mingw.dll"] {
        assert_eq!(check(name), Err(PeError::IsDll), "{name}");
    }
}

#[test]
fn an_address_across_pages_is_relocated_by_halves() {
    let view = PeView::parse(&by_name("program.exe").bytes).unwrap();
    assert!(view.relocations().any(|rva| rva % 0x1000 > 0xFF8));
}

#[test]
fn page_aligned_files_are_mapped_in_place() {
    let in_place = |name| {
        let view = PeView::parse(&by_name(name).bytes).unwrap();
        let pages = (0..view.page_count()).filter_map(|page| view.page_source(page));
        pages.filter(|page| page.mappable_in_place).count()
    };
    assert!(in_place("in-place.exe") >= 4);
}

#[test]
fn console_programs_have_thread_local_storage_and_symbols() {
    let view = PeView::parse(&by_name("console.exe").bytes).unwrap();
    let tls = view.tls().unwrap();
    assert!(tls.template_bytes > 0 && tls.callbacks_rva.is_some());
    assert!(view.nearest_symbol(view.entry_point_rva()).is_some());
    let view = PeView::parse(&by_name("stripped.exe").bytes).unwrap();
    assert_eq!(view.nearest_symbol(view.entry_point_rva()), None);
}

/// Compares a file that both accept.
fn agree(bytes: &[u8]) {
    let ours = PeView::parse(bytes).expect("accepted by us");
    let theirs = PeFile64::parse(bytes).expect("accepted by object");
    let optional = &theirs.nt_headers().optional_header;
    assert_eq!(ours.image_base(), optional.image_base.get(LE));
    assert_eq!(
        ours.entry_point_rva(),
        optional.address_of_entry_point.get(LE)
    );
    assert_eq!(ours.size_of_image(), optional.size_of_image.get(LE));
    assert_eq!(ours.is_dll(), theirs.kind() == object::ObjectKind::Dynamic);
    same_sections(&ours, &theirs);
    same_exports(&ours, &theirs);
    same_imports(&ours, &theirs);
    same_relocations(&ours, &theirs);
    same_functions(&ours, &theirs);
}

fn same_sections(ours: &PeView<'_>, theirs: &PeFile64<'_>) {
    let sections: Vec<&ImageSectionHeader> = theirs.section_table().iter().collect();
    assert_eq!(ours.map_plan().count(), sections.len() + 1);
    let memory = (ours.page_count() < 0x100).then(|| image(ours, 0));
    for (segment, section) in ours.map_plan().skip(1).zip(sections) {
        assert_eq!(segment.name.as_bytes(), section.raw_name());
        let (rva, size) = section.pe_address_range();
        assert_eq!(segment.first_page * 0x1000, rva);
        assert!(size == 0 || segment.page_count == size.div_ceil(0x1000));
        let flags = section.characteristics.get(LE).0;
        assert_eq!(segment.protection.write, flags & 0x8000_0000 != 0);
        assert_eq!(segment.protection.execute, flags & 0x2000_0000 != 0);
        let Some(memory) = &memory else { continue };
        if section.pointer_to_raw_data.get(LE) != 0 {
            let data = section.pe_data(theirs.data()).expect("data in the file");
            assert_eq!(memory[rva as usize..][..data.len()], *data);
        }
    }
}

/// Name, ordinal, and an offset or a forwarder.
type NamedExport<'a> = (&'a [u8], u32, Result<u32, &'a [u8]>);

fn same_exports(ours: &PeView<'_>, theirs: &PeFile64<'_>) {
    let table = theirs.export_table().expect("an export table we accept");
    let names = table.iter().flat_map(|table| table.name_iter());
    let theirs: Vec<NamedExport<'_>> = names
        .filter_map(|(name, index)| {
            let table = table.as_ref()?;
            let address = table.address_by_index(index).ok()?;
            let target = match table.target_from_address(address) {
                Ok(Target::Address(0)) => return None,
                Ok(Target::Address(rva)) => Ok(rva),
                _ => Err(table.forward_string(address).ok()??),
            };
            let ordinal = table.ordinal_from_index(index).ok()?.0;
            Some((table.name_from_pointer(name).ok()?, ordinal.into(), target))
        })
        .filter(|(.., target)| {
            target.is_err() || target.is_ok_and(|rva| rva < ours.size_of_image())
        })
        .collect();
    let ours: Vec<NamedExport<'_>> = ours
        .exports()
        .iter()
        .map(|export| {
            let target = match export.target {
                ExportTarget::Rva(rva) => Ok(rva),
                ExportTarget::Forwarder(name) => Err(name.as_bytes()),
            };
            (export.name.as_bytes(), export.ordinal, target)
        })
        .collect();
    assert_eq!(ours, theirs);
}

fn same_imports(ours: &PeView<'_>, theirs: &PeFile64<'_>) {
    let table = theirs.import_table().expect("an import table we accept");
    let first = table.as_ref().and_then(|table| {
        let entry = table.descriptors().ok()?.next().ok()??;
        let is_end = entry.name.get(LE) == 0 || entry.first_thunk.get(LE) == 0;
        (!is_end).then(|| table.name(entry.name.get(LE)).expect("a name we accept"))
    });
    if table.is_some() && theirs.delay_load_import_table().ok().flatten().is_none() {
        assert_eq!(ours.first_imported_dll().map(|name| name.as_bytes()), first);
    }
}

fn same_relocations(ours: &PeView<'_>, theirs: &PeFile64<'_>) {
    let blocks = theirs
        .data_directories()
        .relocation_blocks(theirs.data(), &theirs.section_table())
        .expect("a directory we accept");
    let theirs: Vec<u32> = blocks
        .into_iter()
        .flatten()
        .flat_map(|block| block.expect("a block we accept"))
        .filter(|entry| entry.typ == format::IMAGE_REL_BASED_DIR64)
        .map(|entry| entry.virtual_address)
        .collect();
    assert_eq!(ours.relocations().collect::<Vec<_>>(), theirs);
}

fn same_functions(ours: &PeView<'_>, theirs: &PeFile64<'_>) {
    let Some(directory) = theirs.data_directory(format::IMAGE_DIRECTORY_ENTRY_EXCEPTION) else {
        return;
    };
    let data = directory
        .data(theirs.data(), &theirs.section_table())
        .expect("a table we accept");
    let word = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
    let begins: Vec<u32> = data
        .chunks_exact(12)
        .map(|entry| word(&entry[..4]))
        .collect();
    let is_sorted = begins.is_sorted();
    let covers = |entry: &&[u8], rva| (word(&entry[..4])..word(&entry[4..8])).contains(&rva);
    for (index, entry) in data.chunks_exact(12).enumerate() {
        let (begin, end) = (begins[index], word(&entry[4..8]));
        let last_of_its_kind = begins.get(index + 1) != Some(&begin);
        if last_of_its_kind && begin < end {
            // Without an order the first one that has the place counts.
            let entry = match is_sorted {
                true => entry,
                false => data
                    .chunks_exact(12)
                    .find(|entry| covers(entry, begin))
                    .unwrap(),
            };
            let found = ours.function_entry(begin).unwrap();
            let (end, unwind) = (word(&entry[4..8]), word(&entry[8..]));
            assert_eq!((found.end_rva, found.unwind_rva), (end, unwind));
        }
    }
}

/// Every function symbol is found at its address, under a name it has there.
fn same_symbols(bytes: &[u8]) {
    let ours = PeView::parse(bytes).expect("accepted by us");
    let theirs = PeFile64::parse(bytes).expect("accepted by object");
    let base = ours.image_base();
    let functions = theirs
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition());
    for symbol in functions {
        let rva = (symbol.address() - base) as u32;
        let (name, above) = ours.nearest_symbol(rva).expect("a symbol in its section");
        let same_place = theirs
            .symbols()
            .filter(|other| other.address() == symbol.address());
        let names: Vec<&[u8]> = same_place
            .filter_map(|other| other.name_bytes().ok())
            .collect();
        assert!(
            above == 0 && names.contains(&name.as_bytes()),
            "{name} at {rva:#x}"
        );
    }
}

/// Whether `object` makes the same check.
fn object_refuses_too(error: PeError) -> bool {
    matches!(
        error,
        PeError::TooShort
            | PeError::NotMz
            | PeError::NotPe
            | PeError::NotPeButNe
            | PeError::NotPe32Plus { .. }
            | PeError::TruncatedHeaders
            | PeError::BadOptionalHeaderSize { .. }
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..Default::default() })]

    #[test]
    fn changed_files_agree_with_object(
        which in 0..built().len() + 1,
        list in changes(),
        cut in proptest::option::weighted(0.05, 0..0x2000usize),
    ) {
        let mut file = match built().get(which) {
            Some(built) => built.bytes.clone(),
            None => full_image(),
        };
        change(&mut file, &list);
        file.truncate(cut.unwrap_or(usize::MAX));
        match PeView::parse(&file) {
            Ok(_) => agree(&file),
            Err(error) if object_refuses_too(error) => {
                prop_assert!(PeFile64::parse(&*file).is_err());
            }
            Err(_) => {}
        }
        exercise(&file);
    }
}
