//! Whatever the bytes, every accessor answers, in bounded time.

use std::time::{Duration, Instant};

use pe::{PAGE_BYTES, Page, PeView};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::builder::*;
use crate::pages::{image, image_at_once};

/// Pages looked at one by one; an image may claim a million.
const PAGES_TRIED: u32 = 64;
/// Generous: the cases take well under a second each.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// Calls everything, and checks what must hold of every accepted image.
pub fn exercise(file: &[u8]) {
    let Ok(view) = PeView::parse(file) else {
        return;
    };
    let mut next_page = 0;
    for segment in view.map_plan() {
        assert!(segment.first_page >= next_page && segment.page_count > 0);
        next_page = segment.first_page + segment.page_count;
        assert!(segment.file_bytes.div_ceil(PAGE_BYTES) <= segment.page_count);
        let end = u64::from(segment.file_offset) + u64::from(segment.file_bytes);
        assert!(segment.file_bytes == 0 || end <= file.len() as u64);
    }
    assert!(next_page <= view.page_count());

    let tried = (0..view.page_count().min(PAGES_TRIED)).chain([next_page, u32::MAX]);
    for page in tried {
        let mut to: Page = [0xEE; PAGE_BYTES as usize];
        let protection = view.fill_page(page, &mut to, 0x1_2345_0000);
        let source = view.page_source(page);
        assert_eq!(protection, source.map(|source| source.protection));
        view.page_has_relocations(page);
    }
    for rva in places(&view) {
        view.nearest_export(rva);
        view.nearest_symbol(rva);
        view.function_entry(rva);
        view.data(rva, 16);
    }
    for export in view.exports().iter().take(100) {
        assert!(view.exports().by_name(export.name.as_bytes()).is_some());
        view.exports().by_ordinal(export.ordinal);
    }
    let _ = (view.check_program(), view.check_freestanding(), view.tls());
    let _ = (view.code_view(), view.first_imported_dll());
    let _ = format!("{view:?}");
    if view.page_count() <= PAGES_TRIED && view.is_relocatable() {
        let base_field = u32::from_le_bytes(file[0x3C..0x40].try_into().unwrap()) + 48;
        let at_once = image_at_once(&view, 0xFFFF_0000, base_field as usize);
        assert_eq!(image(&view, 0xFFFF_0000), at_once);
    }
}

/// Addresses at the edges of everything.
fn places(view: &PeView<'_>) -> Vec<u32> {
    let segments = view.map_plan().take(PAGES_TRIED as usize);
    let starts = segments.map(|segment| segment.first_page * PAGE_BYTES);
    let all = starts.chain([view.entry_point_rva(), view.size_of_image(), 0, u32::MAX]);
    all.flat_map(|rva| [rva.wrapping_sub(1), rva, rva.saturating_add(0x10)])
        .collect()
}

/// A place to change: in the headers or anywhere.
fn offset() -> impl Strategy<Value = usize> {
    prop_oneof![PE_OFFSET..SECTION_TABLE + 8 * 40, any::<usize>()]
}

/// Values that are close to those that matter.
fn value() -> impl Strategy<Value = u32> {
    prop_oneof![
        any::<u32>(),
        0u32..0x40,
        (0u32..0x10).prop_map(|pages| pages * 0x1000),
        (0u32..0x40).prop_map(|below| u32::MAX - below),
        (0u32..0x1_0000),
    ]
}

/// Changes to make: where, what, and whether a byte or four.
pub fn changes() -> impl Strategy<Value = Vec<(usize, u32, bool)>> {
    vec((offset(), value(), any::<bool>()), 1..6)
}

pub fn change(file: &mut [u8], changes: &[(usize, u32, bool)]) {
    for &(offset, value, wide) in changes {
        let offset = offset % file.len();
        let bytes = if wide { 4 } else { 1 };
        for (to, from) in file[offset..].iter_mut().zip(&value.to_le_bytes()[..bytes]) {
            *to = *from;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..Default::default() })]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..2048)) {
        exercise(&bytes);
    }

    #[test]
    fn any_bytes_behind_good_signatures(mut bytes in vec(any::<u8>(), 0x400..0x1000)) {
        bytes[..0x200].copy_from_slice(&full_image()[..0x200]);
        exercise(&bytes);
    }

    #[test]
    fn changed_images(list in changes(), cut in proptest::option::weighted(0.1, 0..0x4000usize)) {
        let mut file = full_image();
        change(&mut file, &list);
        file.truncate(cut.unwrap_or(usize::MAX));
        exercise(&file);
    }

    #[test]
    fn changed_relocations(entries in vec((0u32..10, vec(0u16..0x1000, 1..12)), 1..6)) {
        let mut builder = Builder::new();
        builder.add(section(".data", 0x4000, vec![0x5A; 0x3000], READ | WRITE));
        builder.add_directory(RELOCATION, |_| {
            let mut entries = entries;
            entries.sort();
            for (_, offsets) in &mut entries {
                offsets.sort();
            }
            let block = |(page, offsets): &(u32, Vec<u16>)| relocation_block(page * 0x1000, offsets);
            entries.iter().flat_map(block).collect()
        });
        exercise(&builder.build());
    }
}

#[test]
fn the_largest_number_of_sections_takes_no_time() {
    let started = Instant::now();
    let count = 0xFFFF;
    let header_bytes = (SECTION_TABLE as u32 + 40 * count).next_multiple_of(0x1000);
    let mut file = Builder::new().build();
    file.resize(header_bytes as usize, 0);
    put(&mut file, COFF + 2, &[0xFF, 0xFF]);
    put(&mut file, OPTIONAL + 16, &header_bytes.to_le_bytes());
    put(
        &mut file,
        OPTIONAL + 56,
        &(header_bytes + count * 0x1000).to_le_bytes(),
    );
    put(&mut file, OPTIONAL + 60, &header_bytes.to_le_bytes());
    for index in 0..count {
        let at = SECTION_TABLE + 40 * index as usize;
        put(&mut file, at, &[0; 40]);
        put(&mut file, at + 8, &0x1000u32.to_le_bytes());
        put(
            &mut file,
            at + 12,
            &(header_bytes + index * 0x1000).to_le_bytes(),
        );
        put(&mut file, at + 36, &(READ | EXECUTE).to_le_bytes());
    }
    let view = PeView::parse(&file).unwrap();
    assert_eq!(view.map_plan().count(), 0x1_0000);
    for page in 0..view.page_count() {
        view.page_source(page).unwrap();
    }
    exercise(&file);
    assert!(started.elapsed() < TIME_LIMIT);
}

#[test]
fn exports_that_share_one_long_name_take_no_time() {
    let started = Instant::now();
    let mut builder = Builder::new();
    builder.add_directory(EXPORT, |rva| {
        // Every function forwards to, and is called, the same long text.
        let text = rva + 40 + 10 * 0x1_0000;
        let tables = [rva + 40, rva + 40 + 4 * 0x1_0000, rva + 40 + 8 * 0x1_0000];
        let head = [
            0, 0, 0, text, 0, 0x1_0000, 0x1_0000, tables[0], tables[1], tables[2],
        ];
        let words = head
            .into_iter()
            .chain(std::iter::repeat_n(text, 2 * 0x1_0000));
        let mut data: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        data.extend((0..=0xFFFFu16).flat_map(u16::to_le_bytes));
        data.extend([b'x'; 4000]);
        data.push(0);
        data
    });
    let file = builder.build();
    let view = PeView::parse(&file).unwrap();
    assert_eq!(view.exports().iter().count(), 0x1_0000);
    assert!(view.exports().by_name(b"missing").is_none());
    exercise(&file);
    assert!(started.elapsed() < TIME_LIMIT);
}
