//! A program of three functions, made by hand, with its unwind tables.

/// The outermost: room of 0x28 bytes.
pub const FIRST: u32 = 0x1000;
/// Called by it: saves rbx, room of 0x20 bytes.
pub const SECOND: u32 = 0x1020;
/// Called by that one: no frame, no unwind information.
pub const LEAF: u32 = 0x1040;

pub const SIZE_BYTES: u32 = 0x3000;
pub const TIMESTAMP: u32 = 0x6543_2100;
pub const CHECKSUM: u32 = 0x1_ABCD;
pub const GUID: [u8; 16] = *b"0123456789abcdef";
pub const GUID_TEXT: &str = "33323130-3534-3736-3839-616263646566";
pub const AGE: u32 = 3;
pub const PDB_NAME: &str = "C:\\build\\crash.pdb";

/// File offsets of what tests change.
pub const UNWIND_INFO_OF_SECOND: usize = RDATA_OFFSET + 0x48;
pub const TIMESTAMP_OFFSET: usize = PE_OFFSET + 8;
pub const AGE_OFFSET: usize = RDATA_OFFSET + 0x80 + 20;

const PE_OFFSET: usize = 0x40;
const OPTIONAL: usize = PE_OFFSET + 24;
const DIRECTORIES: usize = OPTIONAL + 112;
const SECTIONS: usize = OPTIONAL + 240;
const TEXT_OFFSET: usize = 0x200;
const RDATA_OFFSET: usize = 0x400;
const RDATA: u32 = 0x2000;

pub fn file() -> Vec<u8> {
    let mut file = vec![0; 0x600];
    let mut put = |offset: usize, bytes: &[u8]| {
        file[offset..offset + bytes.len()].copy_from_slice(bytes);
    };
    let mut words = |offset: usize, words: &[u32]| {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        put(offset, &bytes);
    };
    words(0x3C, &[PE_OFFSET as u32]);
    words(TIMESTAMP_OFFSET, &[TIMESTAMP]);
    // ImageBase, alignments, SizeOfImage, SizeOfHeaders, CheckSum, count of
    // directories.
    words(OPTIONAL + 24, &[0x4000_0000, 1, 0x1000, 0x200]);
    words(OPTIONAL + 56, &[SIZE_BYTES, 0x200, CHECKSUM]);
    words(OPTIONAL + 108, &[16]);
    words(DIRECTORIES + 8 * 3, &[RDATA, 24]);
    words(DIRECTORIES + 8 * 6, &[RDATA + 0x60, 28]);
    for (index, (rva, offset)) in [(FIRST, TEXT_OFFSET), (RDATA, RDATA_OFFSET)]
        .into_iter()
        .enumerate()
    {
        words(
            SECTIONS + 40 * index + 8,
            &[0x200, rva, 0x200, offset as u32],
        );
    }
    let functions = [FIRST, SECOND, RDATA + 0x40, SECOND, LEAF, RDATA + 0x48];
    words(RDATA_OFFSET, &functions);
    let record_bytes = 24 + PDB_NAME.len() as u32 + 1;
    let record_offset = RDATA_OFFSET as u32 + 0x80;
    let debug = [0, 0, 0, 2, record_bytes, RDATA + 0x80, record_offset];
    words(RDATA_OFFSET + 0x60, &debug);
    words(AGE_OFFSET, &[AGE]);
    put(0, b"MZ");
    put(PE_OFFSET, b"PE\0\0\x64\x86\x02\0");
    put(PE_OFFSET + 20, &[240, 0, 0x22, 0]);
    put(OPTIONAL, &[0x0B, 0x02]);
    put(TEXT_OFFSET, &[0x90; 0x200]);
    // Version 1; prologue and codes: 0x28 bytes; 0x20 bytes and rbx.
    put(RDATA_OFFSET + 0x40, &[1, 4, 1, 0, 4, 0x42]);
    put(UNWIND_INFO_OF_SECOND, &[1, 5, 2, 0, 5, 0x32, 1, 0x30]);
    put(RDATA_OFFSET + 0x80, b"RSDS");
    put(RDATA_OFFSET + 0x84, &GUID);
    put(RDATA_OFFSET + 0x98, PDB_NAME.as_bytes());
    file
}
