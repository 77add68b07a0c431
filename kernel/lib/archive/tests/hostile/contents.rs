//! Sound superblocks with damaged inodes and directories behind them.

use archive::{ArchiveError, Case, NodeKind, Volume};

use crate::{SLOT_BYTES, changed, images, root_inode};

/// A byte behind its inode, with the inode changed by `change`.
fn one_after(change: impl FnOnce(&mut [u8])) -> Result<Vec<u8>, ArchiveError> {
    let mut image = images()[1].clone();
    let file = Volume::parse(&image)?.open("/one", Case::Exact)?;
    let tail = file.contiguous().unwrap();
    assert_eq!(image[tail.clone()], *b"1");
    change(&mut image[tail.start - SLOT_BYTES..]);
    let file = Volume::parse(&image)?.open("/one", Case::Exact)?;
    Ok(file.bytes().unwrap().to_vec())
}

/// Attributes stand between an inode and its tail: 12 bytes, 4 for each more.
#[test]
fn extended_attributes_are_skipped() {
    for (count, bytes) in [(0_u16, 0), (1, 12), (3, 20)] {
        let result = one_after(|inode| {
            inode[2..4].copy_from_slice(&count.to_le_bytes());
            inode[SLOT_BYTES + bytes] = b'x';
        });
        assert_eq!(result, Ok(b"x".to_vec()));
    }
}

#[test]
fn a_tail_that_leaves_its_block_is_refused() {
    let refused = |result| matches!(result, Err(ArchiveError::Content { .. }));
    assert!(refused(one_after(
        |inode| inode[8..10].copy_from_slice(&4096_u16.to_le_bytes())
    )));
    assert!(refused(one_after(|inode| inode[2..4].fill(0xff))));
}

/// A directory that is its own child ends with the path that leads into it.
#[test]
fn a_cycle_of_directories_ends() {
    let mut image = images()[0].clone();
    let root = root_inode(&image);
    let number = (root / SLOT_BYTES) as u64;
    let table = root + SLOT_BYTES;
    for entry in 2..6 {
        image[table + entry * 12..][..8].copy_from_slice(&number.to_le_bytes());
    }
    let volume = Volume::parse(&image).unwrap();
    let entries: Vec<_> = volume
        .read_dir("/", Case::Exact)
        .unwrap()
        .flatten()
        .collect();
    assert_eq!(entries.len(), 4);
    assert!(
        entries
            .iter()
            .all(|entry| entry.kind == NodeKind::Directory)
    );
    let deep = "/a".repeat(1000);
    assert_eq!(
        volume
            .read_dir(&deep, Case::Exact)
            .unwrap()
            .flatten()
            .count(),
        4
    );
}

#[test]
fn a_damaged_entry_table_ends_with_an_error() {
    let image = &images()[0];
    let table = root_inode(image) + SLOT_BYTES;
    for first_name in [0_u16, 11, 0x7fff] {
        let image = changed(table + 8, &first_name.to_le_bytes());
        let volume = Volume::parse(&image).unwrap();
        let results: Vec<_> = volume.read_dir("/", Case::Exact).unwrap().collect();
        let number = (root_inode(&image) / SLOT_BYTES) as u64;
        assert_eq!(
            results.last(),
            Some(&Err(ArchiveError::Directory { number }))
        );
    }
}

/// The last name of a block may end early, but not at once.
#[test]
fn an_empty_name_is_an_error() {
    let image = &images()[0];
    let table = root_inode(image) + SLOT_BYTES;
    let names = usize::from(u16::from_le_bytes([image[table + 8], image[table + 9]]));
    let last = table + names - 12;
    let offset = u16::from_le_bytes([image[last + 8], image[last + 9]]);
    let image = changed(table + usize::from(offset), &[0]);
    let volume = Volume::parse(&image).unwrap();
    let last = volume.read_dir("/", Case::Exact).unwrap().last();
    assert!(matches!(last, Some(Err(ArchiveError::Directory { .. }))));
}

#[test]
fn a_name_that_is_no_text_is_one_error() {
    let image = &images()[1];
    let table = root_inode(image) + SLOT_BYTES;
    let position = image[table..table + 200]
        .windows(4)
        .position(|window| window == b"many")
        .unwrap();
    let mut image = image.clone();
    image[table + position] = 0xff;
    let volume = Volume::parse(&image).unwrap();
    let results: Vec<_> = volume.read_dir("/", Case::Exact).unwrap().collect();
    assert_eq!(results.len(), 4);
    let errors: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(matches!(errors[..], [ArchiveError::Name { .. }]));
}
