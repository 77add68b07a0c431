//! The x87, SSE and AVX registers of a program: seen and set from the kernel.

use hal::thread;

use super::expect::{Outcome, equal, holds};
use super::user_run::{Trap, UserRun, answering};

const BREAKPOINT: Trap = Trap::exception(3);
const INVALID_OPCODE: Trap = Trap::exception(6);
/// Places in what FXSAVE stores (Intel SDM vol. 1, table 10-2).
const CONTROL_WORD: usize = 0;
const STATUS_WORD: usize = 2;
const TAGS: usize = 4;
const MXCSR: usize = 24;
const MXCSR_MASK: usize = 28;
const X87: usize = 32;
const X87_SLOT: usize = 16;
const X87_BYTES: usize = 10;
const SSE: usize = 160;
const SSE_BYTES: usize = 16;
const REGISTERS: usize = 16;
const END: usize = SSE + REGISTERS * SSE_BYTES;

type Image = [u8; 512];

pub(super) fn run() -> Outcome {
    answering(|| {
        set_while_waiting()?;
        set_in_the_thread()?;
        nonsense()?;
        upper_halves()
    })
}

/// Every register has a value of its own; no exception is unmasked or pending.
fn pattern() -> Image {
    let mut image = [0; 512];
    for (place, byte) in image.iter_mut().enumerate().take(END).skip(X87) {
        *byte = place as u8 | 1;
    }
    image[CONTROL_WORD..][..2].copy_from_slice(&0x037f_u16.to_le_bytes());
    image[STATUS_WORD..][..2].copy_from_slice(&0x3800_u16.to_le_bytes());
    image[TAGS] = 0xff;
    image[MXCSR..][..4].copy_from_slice(&0x9fc0_u32.to_le_bytes());
    image
}

/// The parts that count are as expected; pointers to the last instruction do not.
fn same(what: &str, found: &Image, expected: &Image) -> Outcome {
    let part = |image: &Image, start: usize, bytes: usize| {
        let mut part = [0; SSE_BYTES];
        part[..bytes].copy_from_slice(&image[start..start + bytes]);
        u128::from_le_bytes(part)
    };
    let x87 = (0..8).map(|number| (X87 + number * X87_SLOT, X87_BYTES));
    let sse = (0..REGISTERS).map(|number| (SSE + number * SSE_BYTES, SSE_BYTES));
    let words = [(CONTROL_WORD, 2), (STATUS_WORD, 2), (TAGS, 1), (MXCSR, 4)];
    for (start, bytes) in words.into_iter().chain(x87).chain(sse) {
        let parts = (part(found, start, bytes), part(expected, start, bytes));
        equal(format_args!("{what}, byte {start}"), parts.0, parts.1)?;
    }
    Ok(())
}

fn set_while_waiting() -> Outcome {
    // int3; movaps xmm1, xmm0; int3
    let program = UserRun::new(&[0xcc, 0x0f, 0x28, 0xc8, 0xcc], || {})?;
    program.with(|registers| registers.set_fxsave(&pattern()))?;
    let before = program.with(|registers| registers.fxsave())?;
    same("before the start", &before, &pattern())?;
    equal("a trap", program.run(), BREAKPOINT)?;
    let after = program.with(|registers| registers.fxsave())?;
    same("after the start", &after, &pattern())?;
    equal("a trap", program.run(), BREAKPOINT)?;
    let mut copied = pattern();
    copied.copy_within(SSE..SSE + SSE_BYTES, SSE + SSE_BYTES);
    let after = program.with(|registers| registers.fxsave())?;
    same("a copy in the program", &after, &copied)
}

fn set_in_the_thread() -> Outcome {
    let program = UserRun::new(&[0xcc], || {
        thread::set_fxsave(&pattern());
        let mut seen = thread::fxsave();
        // What was set is seen at once; it is told by a register.
        if same("in the thread", &seen, &pattern()).is_ok() {
            seen[SSE] ^= 0xff;
            thread::set_fxsave(&seen);
        }
    })?;
    equal("a trap", program.run(), BREAKPOINT)?;
    let mut expected = pattern();
    expected[SSE] ^= 0xff;
    let after = program.with(|registers| registers.fxsave())?;
    same("set by the thread", &after, &expected)
}

/// Any bytes can be set, from inside and from outside, and are a program's state.
fn nonsense() -> Outcome {
    let program = UserRun::new(&[0xcc, 0xcc, 0xcc], || thread::set_fxsave(&[0xff; 512]))?;
    equal("a trap", program.run(), BREAKPOINT)?;
    let word = |image: &Image, place| {
        let mut word = [0; 4];
        word.copy_from_slice(&image[place..][..4]);
        u32::from_le_bytes(word)
    };
    for byte in [0xff, 0] {
        program.with(|registers| registers.set_fxsave(&[byte; 512]))?;
        equal("a trap", program.run(), BREAKPOINT)?;
        let after = program.with(|registers| registers.fxsave())?;
        let (value, mask) = (word(&after, MXCSR), word(&after, MXCSR_MASK));
        let expected = u32::from_ne_bytes([byte; 4]) & mask;
        equal("the bits of MXCSR that there are", value, expected)?;
        holds("MXCSR has reserved bits", mask != 0 && mask >> 16 <= 3)?;
    }
    Ok(())
}

/// The upper halves of the AVX registers stay when the lower ones are set.
fn upper_halves() -> Outcome {
    #[rustfmt::skip]
    let code = [
        0xc5, 0xfc, 0xc2, 0xc0, 0x0f,       // vcmptrueps ymm0, ymm0, ymm0
        0xcc,
        0xc4, 0xe3, 0x7d, 0x19, 0xc1, 0x01, // vextractf128 xmm1, ymm0, 1
        0xcc,
    ];
    let program = UserRun::new(&code, || {})?;
    let first = program.run();
    if first == INVALID_OPCODE {
        log::info!("this processor has no AVX, so its registers are not tested");
        return Ok(());
    }
    equal("a trap", first, BREAKPOINT)?;
    program.with(|registers| registers.set_fxsave(&pattern()))?;
    equal("a trap", program.run(), BREAKPOINT)?;
    let mut expected = pattern();
    expected[SSE + SSE_BYTES..][..SSE_BYTES].fill(0xff);
    let after = program.with(|registers| registers.fxsave())?;
    same("the upper half of ymm0 in xmm1", &after, &expected)
}
