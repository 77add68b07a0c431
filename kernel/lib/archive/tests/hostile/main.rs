//! Images that are damaged, foreign, or made to mislead.

use std::sync::OnceLock;

use archive::{ArchiveError, BLOCK_BYTES, NodeKind, Volume};

mod contents;
mod fuzz;
#[path = "../support/mod.rs"]
mod support;
use support::{Folder, WHOLE_BLOCKS, WITH_TAILS, make_image, noise};

const SUPERBLOCK: usize = 1024;
const COMPATIBLE_FEATURES: usize = SUPERBLOCK + 8;
const BLOCK_SIZE_BITS: usize = SUPERBLOCK + 12;
const ROOT: usize = SUPERBLOCK + 14;
const BLOCK_COUNT: usize = SUPERBLOCK + 36;
const INCOMPATIBLE_FEATURES: usize = SUPERBLOCK + 80;
const EXTRA_DEVICES: usize = SUPERBLOCK + 86;
const DIRECTORY_BLOCK_BITS: usize = SUPERBLOCK + 90;
const SLOT_BYTES: usize = 32;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("programs/hello.exe", &noise(5000));
    folder.write("one", b"1");
    folder.write("a/b/c", &noise(9000));
    for number in 0..200 {
        folder.write(&format!("many/a-longer-name-{number:03}"), b"");
    }
    folder
}

/// A small image with whole blocks, one with tails; both without the checksum
/// flag, so that damage reaches the code behind it.
fn images() -> &'static [Vec<u8>; 2] {
    static IMAGES: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    IMAGES.get_or_init(|| {
        [WHOLE_BLOCKS, WITH_TAILS].map(|options| {
            let mut image = make_image(&folder(), options);
            image[COMPATIBLE_FEATURES] &= !1;
            image
        })
    })
}

fn error_of(image: &[u8]) -> ArchiveError {
    Volume::parse(image).err().unwrap()
}

fn changed(offset: usize, bytes: &[u8]) -> Vec<u8> {
    let mut image = images()[0].clone();
    image[offset..offset + bytes.len()].copy_from_slice(bytes);
    image
}

/// Offset of the root directory's inode.
fn root_inode(image: &[u8]) -> usize {
    SLOT_BYTES * usize::from(u16::from_le_bytes([image[ROOT], image[ROOT + 1]]))
}

#[test]
fn foreign_bytes_are_refused() {
    assert_eq!(error_of(&[]), ArchiveError::TooShort { size_bytes: 0 });
    assert_eq!(
        error_of(&[0; 4095]),
        ArchiveError::TooShort { size_bytes: 4095 }
    );
    assert_eq!(error_of(&[0; 4096]), ArchiveError::Magic { found: 0 });
}

#[test]
fn a_wrong_checksum_is_refused() {
    let mut image = make_image(&folder(), WHOLE_BLOCKS);
    assert!(Volume::parse(&image).is_ok());
    image[SUPERBLOCK + 48] ^= 1;
    assert!(matches!(error_of(&image), ArchiveError::Checksum { .. }));
    image[SUPERBLOCK + 48] ^= 1;
    image[BLOCK_BYTES - 1] ^= 0x80;
    assert!(matches!(error_of(&image), ArchiveError::Checksum { .. }));
}

#[test]
fn other_block_sizes_are_refused() {
    assert_eq!(
        error_of(&changed(BLOCK_SIZE_BITS, &[9])),
        ArchiveError::BlockSize { bits: 9 }
    );
    assert_eq!(
        error_of(&changed(BLOCK_SIZE_BITS, &[255])),
        ArchiveError::BlockSize { bits: 255 }
    );
    assert_eq!(
        error_of(&changed(DIRECTORY_BLOCK_BITS, &[1])),
        ArchiveError::BlockSize { bits: 12 }
    );
}

#[test]
fn unknown_features_are_refused() {
    for bit in 0..32 {
        let features = 1_u32 << bit;
        assert_eq!(
            error_of(&changed(INCOMPATIBLE_FEATURES, &features.to_le_bytes())),
            ArchiveError::Features { features }
        );
    }
    assert_eq!(
        error_of(&changed(EXTRA_DEVICES, &[1])),
        ArchiveError::Features { features: 0 }
    );
}

#[test]
fn compressed_and_chunked_images_are_refused() {
    let folder = Folder::new();
    folder.write("zeroes", &[0; 100_000]);
    for options in [&["-zlz4"][..], &["--chunksize=4096"]] {
        let image = make_image(&folder, options);
        assert!(
            matches!(error_of(&image), ArchiveError::Features { .. }),
            "{options:?}"
        );
    }
}

#[test]
fn a_cut_image_is_refused() {
    let image = &images()[0];
    let error = error_of(&image[..image.len() - 1]);
    assert!(matches!(error, ArchiveError::Cut { .. }));
    let error = error_of(&changed(BLOCK_COUNT, &u32::MAX.to_le_bytes()));
    assert!(matches!(error, ArchiveError::Cut { .. }));
    let longer = [&image[..], &[0xff; 5000]].concat();
    assert!(Volume::parse(&longer).is_ok());
}

#[test]
fn a_root_that_is_no_directory_is_refused() {
    let error = error_of(&changed(ROOT, &[0xff, 0xff]));
    assert_eq!(error, ArchiveError::Inode { number: 0xffff });
    let image = &images()[0];
    let mode = root_inode(image) + 4;
    let error = error_of(&changed(mode, &0o100_644_u16.to_le_bytes()));
    assert_eq!(error, ArchiveError::NotDirectory);
}

#[test]
fn every_layout_but_the_flat_ones_is_refused() {
    let root = root_inode(&images()[0]);
    for layout in 0..8_u16 {
        let result = Volume::parse(&changed(root, &(layout << 1).to_le_bytes())).map(|_| ());
        match (layout, result) {
            (0 | 2, result) => assert!(!matches!(result, Err(ArchiveError::Layout { .. }))),
            (_, result) => {
                let number = (root / SLOT_BYTES) as u64;
                assert_eq!(result, Err(ArchiveError::Layout { number, layout }));
            }
        }
    }
}

#[test]
fn content_outside_the_image_is_refused() {
    let root = root_inode(&images()[0]);
    let number = (root / SLOT_BYTES) as u64;
    let error = error_of(&changed(root + 8, &u32::MAX.to_le_bytes()));
    assert_eq!(error, ArchiveError::Content { number });
    let plain = [0, 0];
    let mut image = changed(root, &plain);
    image[root + 16..root + 20].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(error_of(&image), ArchiveError::Content { number });
}

#[test]
fn every_error_is_a_sentence() {
    for error in [
        error_of(&[]),
        error_of(&[0; 4096]),
        error_of(&changed(BLOCK_SIZE_BITS, &[9])),
        error_of(&changed(INCOMPATIBLE_FEATURES, &[1])),
        error_of(&changed(BLOCK_COUNT, &u32::MAX.to_le_bytes())),
        ArchiveError::NotFound,
        ArchiveError::NotDirectory,
        ArchiveError::NotFile {
            kind: NodeKind::SymbolicLink,
        },
    ] {
        let sentence = error.to_string();
        assert!(
            sentence.contains("archive") && sentence.len() > 60,
            "{sentence}"
        );
        assert!(!sentence.contains("  "), "{sentence}");
    }
}
