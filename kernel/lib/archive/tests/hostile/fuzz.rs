//! Random damage: nothing panics, hangs, or reads outside the image.

use archive::{Case, NodeKind, Volume};
use proptest::prelude::*;

use crate::{
    BLOCK_COUNT, BLOCK_SIZE_BITS, COMPATIBLE_FEATURES, INCOMPATIBLE_FEATURES, SUPERBLOCK, images,
};

/// Reads everything there is, to find out that nothing panics or hangs.
fn read_everything(volume: &Volume<'_>, path: &str, depth: usize) {
    let Ok(entries) = volume.read_dir(path, Case::Exact) else {
        return;
    };
    for entry in entries.flatten().take(300) {
        let below = format!("{path}/{}", entry.name);
        match entry.kind {
            NodeKind::Directory if depth > 0 => read_everything(volume, &below, depth - 1),
            _ => {}
        }
        if let Ok(file) = volume.open(&below, Case::Ignored) {
            let mut buffer = [0; 5000];
            let count = file.read(1, &mut buffer);
            assert_eq!(count, file.size().saturating_sub(1).min(buffer.len()));
            if let Some(range) = file.contiguous() {
                assert_eq!(range.len(), file.size());
                assert_eq!(file.bytes().unwrap().len(), file.size());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_damage_is_survived(
        which in 0..2_usize,
        changes in prop::collection::vec((0..12_000_usize, any::<u8>()), 1..40),
        length in 0..40_000_usize,
    ) {
        let mut image = images()[which].clone();
        for (offset, byte) in changes {
            let length = image.len();
            image[offset % length] = byte;
        }
        image[SUPERBLOCK..SUPERBLOCK + 4].copy_from_slice(&0xe0f5_e1e2_u32.to_le_bytes());
        image[COMPATIBLE_FEATURES] &= !1;
        for end in [image.len(), length.min(image.len())] {
            if let Ok(volume) = Volume::parse(&image[..end]) {
                read_everything(&volume, "", 3);
            }
        }
    }

    /// Damage only where inodes and entries are, so that most of it counts.
    #[test]
    fn damage_of_metadata_is_survived(
        which in 0..2_usize,
        changes in prop::collection::vec((1152..4096_usize, any::<u8>()), 1..8),
    ) {
        let mut image = images()[which].clone();
        for (offset, byte) in changes {
            image[offset] = byte;
        }
        if let Ok(volume) = Volume::parse(&image) {
            read_everything(&volume, "", 3);
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..9000)) {
        let mut image = bytes;
        image.resize(image.len().max(4096), 0);
        image[SUPERBLOCK..SUPERBLOCK + 4].copy_from_slice(&0xe0f5_e1e2_u32.to_le_bytes());
        image[COMPATIBLE_FEATURES] &= !1;
        image[BLOCK_SIZE_BITS] = 12;
        image[BLOCK_COUNT..BLOCK_COUNT + 4].copy_from_slice(&1_u32.to_le_bytes());
        image[INCOMPATIBLE_FEATURES..INCOMPATIBLE_FEATURES + 16].fill(0);
        if let Ok(volume) = Volume::parse(&image) {
            read_everything(&volume, "", 2);
        }
    }
}
