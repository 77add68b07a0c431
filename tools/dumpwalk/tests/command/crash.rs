//! A crash of the program in `image`, three calls deep, and its minidump.

use minidump_writer::{
    CodeView, Context, Dump, Exception, FXSAVE_BYTES, MemoryRange, Module, Segments, System, Thread,
};

use crate::image;

pub const BASE: u64 = 0x7FF6_1000_0000;
pub const STACK_START: u64 = 0x7_FF50;
pub const STACK_END: u64 = 0x8_0000;
pub const CODE: MemoryRange = MemoryRange {
    start: BASE + 0x1000,
    bytes: 0x100,
};

/// Addresses that the frames have, the innermost first.
pub const FRAMES: [u64; 3] = [BASE + 0x1044, BASE + 0x1030, BASE + 0x1010];

/// What is in the process's memory: 0 where no test looks.
pub fn byte(address: u64) -> u8 {
    let words = [
        (STACK_START, FRAMES[1]),
        (STACK_START + 0x28, 0x1111_2222_3333_4444),
        (STACK_START + 0x30, FRAMES[2]),
        (STACK_START + 0x60, 0),
    ];
    let word = address & !7;
    let found = words.iter().find(|(at, _)| *at == word);
    let filler = 0x5A5A_5A5A_5A5A_5A5A ^ word;
    found.map_or(filler, |(_, value)| *value).to_le_bytes()[(address & 7) as usize]
}

pub fn memory(address: u64, to: &mut [u8]) -> bool {
    for (to, address) in to.iter_mut().zip(address..) {
        *to = byte(address);
    }
    true
}

/// Registers that all differ; rsp is where the stack starts.
pub fn context() -> Context<'static> {
    const FXSAVE: [u8; FXSAVE_BYTES] = {
        let mut image = [0; FXSAVE_BYTES];
        image[24] = 0x80;
        image[25] = 0x1F;
        image[160] = 0x77;
        image
    };
    let mut registers: [u64; 16] = std::array::from_fn(|number| 0xAA00 + number as u64);
    registers[4] = STACK_START;
    Context {
        registers,
        rip: FRAMES[0],
        rflags: 0x1_0246,
        segments: Segments {
            cs: 0x33,
            ds: 0x2B,
            es: 0x2C,
            fs: 0x53,
            gs: 0x2D,
            ss: 0x2E,
        },
        fxsave: Some(&FXSAVE),
    }
}

/// Calls `check` with the dump and its file.
pub fn with_dump(check: impl FnOnce(&Dump<'_>, Vec<u8>)) {
    let other = Context {
        rip: BASE + 0x1004,
        ..Context::default()
    };
    let stack = MemoryRange {
        start: STACK_START,
        bytes: STACK_END - STACK_START,
    };
    let other_stack = MemoryRange {
        start: 0x20_0000,
        bytes: 0x2345,
    };
    let thread = |id, context, stack| Thread {
        id,
        teb: 0x7FFD_0000 + u64::from(id),
        context,
        stack,
    };
    let dump = Dump {
        time_s: 1_700_000_000,
        process_id: 44,
        system: System {
            major_version: 10,
            minor_version: 0,
            build: 19045,
            processor_count: 2,
            processor_signature: 0x0005_0654,
            processor_features: [0x1234, 0x5678],
        },
        threads: &[thread(6, other, other_stack), thread(7, context(), stack)],
        exception: Exception {
            thread_id: 7,
            code: 0xC000_0005,
            flags: 1,
            address: FRAMES[0],
            parameters: &[1, 0x18],
            context: context(),
        },
        modules: &[
            Module {
                base: BASE,
                size_bytes: image::SIZE_BYTES,
                timestamp: image::TIMESTAMP,
                checksum: image::CHECKSUM,
                name: "C:\\naïve\\crash.exe",
                code_view: Some(CodeView {
                    guid: image::GUID,
                    age: image::AGE,
                    pdb_name: image::PDB_NAME.as_bytes(),
                }),
            },
            Module {
                base: 0x7FFE_0000_0000,
                size_bytes: 0x1_0000,
                timestamp: 5,
                checksum: 6,
                name: "evil\n\"#0.dll",
                code_view: None,
            },
        ],
        ranges: &[CODE],
    };
    check(&dump, file(&dump));
}

/// The file of a dump, as long as it was said to be.
pub fn file(dump: &Dump<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    dump.write(&mut memory, &mut |bytes: &[u8]| file.extend(bytes))
        .unwrap();
    assert_eq!(file.len() as u64, u64::from(dump.total_bytes().unwrap()));
    file
}
