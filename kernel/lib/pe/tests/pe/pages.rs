//! The map plan, single pages and relocation.

use pe::{Directory, PAGE_BYTES, Page, PeError, PeView};

use crate::builder::*;

const PAGE: usize = PAGE_BYTES as usize;

/// The whole image at its preferred base plus `delta`, page by page.
pub fn image(view: &PeView<'_>, delta: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for page in 0..view.page_count() {
        let mut to: Page = [0; PAGE];
        view.fill_page(page, &mut to, delta);
        bytes.extend(to);
    }
    bytes
}

/// The same by relocating everything at once.
pub fn image_at_once(view: &PeView<'_>, delta: u64, base_field: usize) -> Vec<u8> {
    let mut bytes = image(view, 0);
    for place in view
        .relocations()
        .map(|rva| rva as usize)
        .chain([base_field])
    {
        let field = &mut bytes[place..place + 8];
        let value = u64::from_le_bytes(field.try_into().unwrap());
        field.copy_from_slice(&value.wrapping_add(delta).to_le_bytes());
    }
    bytes
}

#[test]
fn the_plan_covers_headers_and_sections_in_order() {
    let file = full_image();
    let view = PeView::parse(&file).unwrap();
    let plan: Vec<_> = view
        .map_plan()
        .map(|s| {
            (
                s.name.to_string(),
                s.first_page,
                s.page_count,
                s.file_offset,
                s.file_bytes,
            )
        })
        .collect();
    assert_eq!(plan[0], (String::new(), 0, 1, 0, 0x400));
    assert_eq!(plan[1], (".text".into(), 1, 2, 0x400, 0x1800));
    assert_eq!(plan[2], (".data".into(), 3, 3, 0x1C00, 0x1400));
    assert_eq!(plan[3].1, 6);
}

#[test]
fn pages_come_from_the_file_and_end_in_zeros() {
    let file = full_image();
    let view = PeView::parse(&file).unwrap();
    let tail = view.page_source(4).unwrap();
    assert_eq!((tail.file_offset, tail.file_bytes), (0x2C00, 0x400));
    assert!(tail.protection.write && !tail.protection.execute);
    assert!(!tail.mappable_in_place);
    let unaligned = view.page_source(1).unwrap();
    assert!(unaligned.file_bytes == 0x1000 && !unaligned.mappable_in_place);
    assert_eq!(view.page_source(5).unwrap().file_bytes, 0);
    assert_eq!(view.page_source(view.page_count()), None);
    assert_eq!(view.page_source(u32::MAX), None);

    let mut page = [0xEE; PAGE];
    view.fill_page(4, &mut page, 0).unwrap();
    assert_eq!(page[..0x400], file[0x2C00..0x3000]);
    assert!(page[0x400..].iter().all(|&byte| byte == 0));
    assert_eq!(view.fill_page(u32::MAX, &mut page, 0), None);
}

#[test]
fn data_beyond_the_pages_of_a_section_is_not_mapped() {
    let mut builder = Builder::new();
    builder.add(section(".long", 0x10, vec![7; 0x1000], READ));
    let mut file = builder.build();
    let second = SECTION_TABLE + 40;
    put(&mut file, second + 16, &0x1200u32.to_le_bytes());
    file.resize(file.len() + 0x200, 9);
    let view = PeView::parse(&file).unwrap();
    let segment = view.map_plan().nth(2).unwrap();
    assert_eq!((segment.page_count, segment.file_bytes), (1, 0x1000));
}

#[test]
fn a_section_without_stated_size_takes_that_of_its_data() {
    let mut file = Builder::new().build();
    put(&mut file, SECTION_TABLE + 8, &[0; 4]);
    let segment = PeView::parse(&file).unwrap().map_plan().nth(1).unwrap();
    assert_eq!((segment.page_count, segment.file_bytes), (2, 0x1800));
}

#[test]
fn whole_aligned_pages_are_mappable_in_place() {
    let mut file = Builder::new().build();
    // Move the code to the next page boundary of the file.
    let code = file.split_off(0x400);
    file.resize(PAGE, 0);
    file.extend(code);
    put(&mut file, SECTION_TABLE + 20, &0x1000u32.to_le_bytes());
    let view = PeView::parse(&file).unwrap();
    assert!(view.page_source(1).unwrap().mappable_in_place);
    assert!(!view.page_source(2).unwrap().mappable_in_place);
}

#[test]
fn wide_section_alignment_leaves_pages_without_access() {
    let mut file = Builder::new().build();
    put(&mut file, OPTIONAL + 32, &0x1_0000u32.to_le_bytes());
    put(&mut file, SECTION_TABLE + 12, &0x1_0000u32.to_le_bytes());
    put(&mut file, OPTIONAL + 56, &0x2_0000u32.to_le_bytes());
    put(&mut file, OPTIONAL + 16, &0x1_0000u32.to_le_bytes());
    let view = PeView::parse(&file).unwrap();
    assert!(view.page_source(0).is_some() && view.page_source(0x10).is_some());
    assert!(view.page_source(1).is_none() && view.page_source(0x12).is_none());
}

#[test]
fn relocating_page_by_page_equals_relocating_at_once() {
    let file = full_image();
    let view = PeView::parse(&file).unwrap();
    let places: Vec<u32> = view.relocations().collect();
    assert_eq!(places, [0x3010, 0x3018, 0x3FFD, 0x4100]);
    for delta in [0x1_0000, 0u64.wrapping_sub(0x1234_0000), 0xFFFF_0000] {
        let moved = image(&view, delta);
        assert_eq!(moved, image_at_once(&view, delta, OPTIONAL + 24));
        let straddling = u64::from_le_bytes(moved[0x3FFD..0x4005].try_into().unwrap());
        assert_eq!(straddling, (IMAGE_BASE + 0x1000).wrapping_add(delta));
    }
    let changed: Vec<u32> = (0..view.page_count() + 2)
        .filter(|&page| view.page_has_relocations(page))
        .collect();
    assert_eq!(changed, [0, 3, 4]);
    assert!(!view.page_has_relocations(u32::MAX));
}

#[test]
fn an_image_without_relocations_stays_as_it_is() {
    let mut file = full_image();
    file[COFF + 18] |= 1;
    let view = PeView::parse(&file).unwrap();
    assert!(!view.is_relocatable() && !view.page_has_relocations(0));
    assert_eq!(image(&view, 0x1_0000), image(&view, 0));
}

#[test]
fn a_straddling_address_is_completed_with_zero_fill() {
    let mut builder = Builder::new();
    let data_rva = builder.add(section(".data", 0x2000, vec![0xFF; 0x1000], READ | WRITE));
    builder.add_directory(RELOCATION, |_| relocation_block(data_rva, &[0xFFC]));
    let file = builder.build();
    let view = PeView::parse(&file).unwrap();
    let moved = image(&view, 1);
    assert_eq!(moved[0x3FFC..0x4004], 0x1_0000_0000u64.to_le_bytes());
}

#[test]
fn malformed_relocations_are_refused() {
    let refused = |data: Vec<u8>| {
        let mut builder = Builder::new();
        builder.add_directory(RELOCATION, |_| data);
        PeView::parse(&builder.build()).unwrap_err()
    };
    let malformed = PeError::BadDirectory(Directory::Relocation);
    let block = |page: u32, bytes: u32, entries: &[u16]| {
        let mut data = [page.to_le_bytes(), bytes.to_le_bytes()].concat();
        data.extend(entries.iter().flat_map(|entry| entry.to_le_bytes()));
        data
    };
    // Cut off, empty, too short, odd, too long, off a page boundary.
    assert_eq!(refused(vec![0; 4]), malformed);
    assert_eq!(refused(block(0x1000, 8, &[])), malformed);
    assert_eq!(refused(block(0x1000, 0, &[])), malformed);
    assert_eq!(refused(block(0x1000, 10, &[0])), malformed);
    assert_eq!(refused(block(0x1000, 16, &[0, 0])), malformed);
    assert_eq!(refused(block(0x1000, u32::MAX - 3, &[0, 0])), malformed);
    assert_eq!(refused(block(0x1004, 12, &[0, 0])), malformed);
    // Pages out of order, even where there is only padding.
    let pages = [block(0x2000, 12, &[0, 0]), block(0x1000, 12, &[0, 0])].concat();
    assert_eq!(refused(pages), malformed);
    // Unknown kind, overlapping, out of order, in the headers, over the end
    // of the section, beyond the image.
    for (page, entries, rva) in [
        (0x1000, [0x3000, 0], 0x1000),
        (0x1000, [0xA010, 0xA017], 0x1017),
        (0x1000, [0xA010, 0xA008], 0x1008),
        (0, [0xA010, 0], 0x10),
        (0x2000, [0xAFF9, 0], 0x2FF9),
        (0xFFFF_F000, [0xAFF8, 0], 0xFFFF_FFF8),
    ] {
        let error = refused(block(page, 12, &entries));
        assert_eq!(error, PeError::BadRelocation { rva });
    }
}
