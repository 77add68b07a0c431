//! Copies from and to user memory: all of it, or an error.

use hal::AddressSpace;
use hal::memory::OwnedFrame;
use hal::memory::address_space::Backing;
use hal::memory::layout::{DIRECT_MAP, HEAP, KERNEL_IMAGE, LOWER_HALF_END, USER_END, USER_START};
use hal::probe;
use hal::user::{UserFault, copy_in, copy_out};
use vm::{Page, Rights};

use super::expect::{Outcome, done, equal};

const PAGE: u64 = 4096;
/// Readable and writable; the page behind it is read-only.
const DATA: u64 = 0x40_0000;
/// Read-only; behind it is nothing.
const CONSTANT: u64 = DATA + PAGE;
/// Readable and writable, alone.
const ALONE: u64 = CONSTANT + 2 * PAGE;
/// Committed without any right, behind `ALONE`.
const CLOSED: u64 = ALONE + PAGE;
const MARK: u8 = 0xee;
const LONGEST: usize = 70;
const FAULT: Result<(), UserFault> = Err(UserFault::Denied);

pub(super) fn run() -> Outcome {
    let mut space = done("an address space", AddressSpace::new())?;
    let all = Rights {
        read: true,
        write: true,
        execute: false,
    };
    let read = Rights {
        read: true,
        write: false,
        execute: false,
    };
    for (address, rights) in [
        (DATA, all),
        (CONSTANT, read),
        (ALONE, all),
        (CLOSED, Rights::NONE),
    ] {
        let frame = done("a frame", OwnedFrame::zeroed())?;
        let page = Page::containing(address);
        done(
            "a user page",
            space.map(page, Backing::Private(frame), rights),
        )?;
    }
    probe::in_space(&space, || {
        every_length()?;
        outside()?;
        boundaries()?;
        rights_are_kept()
    })
}

/// Every length at every alignment arrives, and nothing else changes.
fn every_length() -> Outcome {
    let mut bytes = [0; LONGEST];
    bytes
        .iter_mut()
        .zip(1..)
        .for_each(|(byte, number)| *byte = number);
    for length in 0..=LONGEST {
        for shift in 0..9 {
            let address = DATA + 16 + shift;
            let mut around = [MARK; LONGEST + 2];
            equal(
                "clearing",
                copy_out(address - 1, &around[..length + 2]),
                Ok(()),
            )?;
            equal("copy out", copy_out(address, &bytes[..length]), Ok(()))?;
            let back = copy_in(&mut around[..length + 2], address - 1);
            equal("copy in", back, Ok(()))?;
            let what = format_args!("{length} bytes at {address:#x}");
            equal(what, &around[1..=length], &bytes[..length])?;
            equal(
                "the bytes beside it",
                (around[0], around[length + 1]),
                (MARK, MARK),
            )?;
        }
    }
    Ok(())
}

/// Addresses that are not a program's are refused before they are touched.
fn outside() -> Outcome {
    static SECRET: [u8; 16] = *b"not for programs";
    let code = outside as *const () as u64;
    let addresses = [
        (&raw const SECRET) as u64,
        0,
        8,
        USER_START - 1,
        USER_END - 4,
        USER_END,
        LOWER_HALF_END - 8,
        LOWER_HALF_END,
        DIRECT_MAP - 8,
        DIRECT_MAP,
        DIRECT_MAP + 0x10_0000,
        HEAP,
        KERNEL_IMAGE,
        code,
        u64::MAX - 15,
        u64::MAX - 7,
        u64::MAX,
    ];
    for address in addresses {
        let mut bytes = [MARK; 16];
        equal(
            format_args!("copy from {address:#x}"),
            copy_in(&mut bytes, address),
            FAULT,
        )?;
        equal(
            format_args!("bytes copied from {address:#x}"),
            bytes,
            [MARK; 16],
        )?;
        equal(
            format_args!("copy to {address:#x}"),
            copy_out(address, &bytes),
            FAULT,
        )?;
        equal(
            format_args!("no bytes from {address:#x}"),
            copy_in(&mut [], address),
            Ok(()),
        )?;
    }
    Ok(())
}

/// A copy that runs into a page that is not there fails, whatever its length.
fn boundaries() -> Outcome {
    const LAST: [u8; 2] = [MARK; 2];
    for end in [CONSTANT + PAGE, ALONE + PAGE] {
        for length in 2..LONGEST {
            for inside in 1..length {
                let mut bytes = [MARK; LONGEST + 2];
                let start = end - inside as u64;
                let copied = copy_in(&mut bytes[..length], start);
                equal(
                    format_args!("{length} bytes from {start:#x}"),
                    copied,
                    FAULT,
                )?;
                let beyond = bytes[inside..].iter().all(|&byte| byte == MARK);
                equal(
                    format_args!("{length} bytes from {start:#x}: rest intact"),
                    beyond,
                    true,
                )?;
                equal(
                    "bytes behind the buffer",
                    [bytes[length], bytes[length + 1]],
                    LAST,
                )?;
            }
        }
    }
    let mut bytes = [0; 8];
    equal(
        "copy up to the end",
        copy_in(&mut bytes, ALONE + PAGE - 8),
        Ok(()),
    )?;
    equal(
        "copy from before a page",
        copy_in(&mut bytes, ALONE - 4),
        FAULT,
    )?;
    equal(
        "copy over two pages",
        copy_in(&mut bytes, CONSTANT - 4),
        Ok(()),
    )
}

fn rights_are_kept() -> Outcome {
    let mut bytes = [MARK; 16];
    equal("clearing", copy_out(ALONE, &[0; 16]), Ok(()))?;
    equal(
        "copy to a read-only page",
        copy_out(CONSTANT, &bytes),
        FAULT,
    )?;
    equal(
        "copy into a read-only page",
        copy_out(CONSTANT - 8, &bytes),
        FAULT,
    )?;
    equal(
        "copy from a closed page",
        copy_in(&mut bytes, CLOSED),
        FAULT,
    )?;
    equal("copy to a closed page", copy_out(CLOSED, &bytes), FAULT)?;
    equal(
        "copy from the read-only page",
        copy_in(&mut bytes, CONSTANT),
        Ok(()),
    )?;
    equal("what the read-only page holds", bytes, [0; 16])
}
