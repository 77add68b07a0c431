//! The superblock: what the image says about itself.

use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use crate::error::ArchiveError;
use crate::volume::BLOCK_BYTES;

const OFFSET: usize = 1024;
const MAGIC: u32 = 0xe0f5_e1e2;
/// Compatible feature: the checksum field is filled.
const HAS_CHECKSUM: u32 = 1;
/// Where the checksum lies in the superblock; it counts as zero in itself.
const CHECKSUM_OFFSET: usize = 4;
const CHECKSUM_BYTES: usize = 4;
/// CRC-32C, polynomial 0x1EDC6F41 with its bits reversed.
const CRC32C_POLYNOMIAL: u32 = 0x82f6_3b78;

/// `struct erofs_super_block` of the EROFS on-disk format.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Superblock {
    magic: U32,
    checksum: U32,
    compatible_features: U32,
    block_size_bits: u8,
    extension_slots: u8,
    root: U16,
    inode_count: U64,
    build_time: U64,
    build_time_nanoseconds: U32,
    block_count: U32,
    inodes_block: U32,
    shared_attributes_block: U32,
    uuid: [u8; 16],
    volume_name: [u8; 16],
    incompatible_features: U32,
    compression: U16,
    extra_devices: U16,
    device_table_slot: U16,
    directory_block_bits: u8,
    reserved: [u8; 37],
}

const _: () = assert!(size_of::<Superblock>() == 128);

/// What the rest of the crate needs of the superblock.
pub struct Found<'a> {
    pub image: &'a [u8],
    pub inodes_offset: usize,
    pub root: u64,
    /// Seconds since 1970, and nanoseconds.
    pub time: (u64, u32),
}

/// Checks the superblock of an image.
pub fn parse(image: &[u8]) -> Result<Found<'_>, ArchiveError> {
    let too_short = ArchiveError::TooShort {
        size_bytes: image.len(),
    };
    let covered = image.get(OFFSET..BLOCK_BYTES).ok_or(too_short)?;
    let (superblock, _) = Superblock::ref_from_prefix(covered).map_err(|_| too_short)?;
    if superblock.magic.get() != MAGIC {
        return Err(ArchiveError::Magic {
            found: superblock.magic.get(),
        });
    }
    if usize::from(superblock.block_size_bits) != BLOCK_BYTES.trailing_zeros() as usize
        || superblock.directory_block_bits != 0
    {
        return Err(ArchiveError::BlockSize {
            bits: superblock.block_size_bits,
        });
    }
    let features = superblock.incompatible_features.get();
    if features != 0 || superblock.extra_devices.get() != 0 {
        return Err(ArchiveError::Features { features });
    }
    if superblock.compatible_features.get() & HAS_CHECKSUM != 0 {
        check_sum(covered, superblock.checksum.get())?;
    }
    let stated_blocks = superblock.block_count.get();
    let size = to_bytes(stated_blocks);
    let cut = ArchiveError::Cut {
        stated_blocks,
        size_bytes: image.len(),
    };
    Ok(Found {
        image: size.and_then(|size| image.get(..size)).ok_or(cut)?,
        inodes_offset: to_bytes(superblock.inodes_block.get()).ok_or(cut)?,
        root: superblock.root.get().into(),
        time: (
            superblock.build_time.get(),
            superblock.build_time_nanoseconds.get(),
        ),
    })
}

/// The byte offset of a block.
pub fn to_bytes(block: u32) -> Option<usize> {
    usize::try_from(block).ok()?.checked_mul(BLOCK_BYTES)
}

fn check_sum(covered: &[u8], stated: u32) -> Result<(), ArchiveError> {
    let (before, rest) = covered
        .split_at_checked(CHECKSUM_OFFSET)
        .unwrap_or_default();
    let after = rest.get(CHECKSUM_BYTES..).unwrap_or_default();
    let mut sum = crc32c(u32::MAX, before);
    sum = crc32c(sum, &[0; CHECKSUM_BYTES]);
    sum = crc32c(sum, after);
    if sum == stated {
        return Ok(());
    }
    Err(ArchiveError::Checksum {
        stated,
        computed: sum,
    })
}

/// CRC-32C without the final inversion, as EROFS stores it.
fn crc32c(start: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(start, |sum, byte| {
        (0..u8::BITS).fold(sum ^ u32::from(*byte), |sum, _| {
            let feedback = if sum & 1 == 0 { 0 } else { CRC32C_POLYNOMIAL };
            (sum >> 1) ^ feedback
        })
    })
}
