//! The record that names the PDB file: made by hand, by a linker, and damaged.

use object::Object;
use pe::PeView;
use proptest::prelude::*;

use crate::builder::*;
use crate::compilers;
use crate::hostile::{change, changes, exercise};

/// Index of the directory.
const DEBUG: usize = 6;
const GUID: [u8; 16] = *b"0123456789abcdef";

/// A debug directory entry for data in the file.
fn entry(kind: u32, bytes: u32, offset: u32) -> Vec<u8> {
    [0, 0, 0, kind, bytes, 0, offset]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect()
}

fn record(signature: &[u8; 4], name: &[u8]) -> Vec<u8> {
    [signature, &GUID[..], &7u32.to_le_bytes(), name].concat()
}

/// An image whose debug directory has an entry for each record; they stand
/// behind all sections.
fn image(records: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut builder = Builder::new();
    let total = 28 * records.len() as u32;
    builder.add_directory(DEBUG, |_| vec![0; total as usize]);
    let mut file = builder.build();
    let table = file.len() - total.next_multiple_of(0x200) as usize;
    for (index, (kind, data)) in records.iter().enumerate() {
        let entry = entry(*kind, data.len() as u32, file.len() as u32);
        put(&mut file, table + 28 * index, &entry);
        file.extend(data);
    }
    file
}

/// What is found, as (age, name).
fn found(file: &[u8]) -> Option<(u32, String)> {
    let view = PeView::parse(file).unwrap().code_view()?;
    assert_eq!(view.guid, GUID);
    Some((view.age, view.pdb_name.to_string()))
}

#[test]
fn the_first_right_record_counts() {
    let right = record(b"RSDS", b"C:\\a b\\crash.pdb\0");
    let expected = Some((7, "C:\\\\a b\\\\crash.pdb".into()));
    assert_eq!(found(&image(&[(2, right.clone())])), expected);
    let others = [
        (16, right.clone()),
        (2, record(b"NB10", b"old.pdb\0")),
        (2, right),
        (2, record(b"RSDS", b"second.pdb\0")),
    ];
    assert_eq!(found(&image(&others)), expected);
}

#[test]
fn malformed_records_count_as_absent() {
    assert_eq!(found(&full_image()), None, "no directory");
    for bad in [
        (2, Vec::new()),
        (2, b"RSDS".to_vec()),
        (2, record(b"RSDS", b"")),
        (2, record(b"RSDS", b"endless")),
        (2, record(b"SDSR", b"a.pdb\0")),
        (13, record(b"RSDS", b"a.pdb\0")),
    ] {
        assert_eq!(found(&image(std::slice::from_ref(&bad))), None, "{bad:x?}");
    }
    let file = image(&[(2, record(b"RSDS", b"a.pdb\0"))]);
    assert!(found(&file).is_some());
    assert_eq!(
        found(&file[..file.len() - 1]),
        None,
        "a record that is cut off"
    );
    let mut directory = file.clone();
    put(
        &mut directory,
        DIRECTORIES + 8 * DEBUG + 4,
        &27u32.to_le_bytes(),
    );
    assert_eq!(found(&directory), None, "less than an entry");
    put(&mut directory, DIRECTORIES + 8 * DEBUG, &[0xFF; 8]);
    assert_eq!(found(&directory), None, "a directory that is nowhere");
}

#[test]
fn no_linker_writes_more_than_64_entries() {
    let mut records = vec![(2, Vec::new()); 63];
    records.push((2, record(b"RSDS", b"last.pdb\0")));
    assert!(found(&image(&records)).is_some());
    records.insert(0, (2, Vec::new()));
    assert_eq!(found(&image(&records)), None);
}

#[test]
fn linkers_and_another_reader_agree() {
    for name in ["symbols.exe", "program.exe", "console.exe"] {
        let bytes = &compilers::by_name(name).bytes;
        let ours = PeView::parse(bytes).unwrap().code_view();
        let object = object::read::pe::PeFile64::parse(&**bytes).unwrap();
        let theirs = object.pdb_info().unwrap();
        assert_eq!(
            ours.map(|found| (found.guid, found.age, found.pdb_name.as_bytes())),
            theirs.map(|found| (found.guid(), found.age(), found.path())),
        );
        assert!(ours.is_some() || name != "symbols.exe");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn changed_directories(list in changes()) {
        let mut file = image(&[(2, record(b"RSDS", b"crash.pdb\0"))]);
        change(&mut file, &list);
        exercise(&file);
    }
}
