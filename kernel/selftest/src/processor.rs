//! The processor's protections: each that it has is on, and works.

use hal::AddressSpace;
use hal::memory::OwnedFrame;
use hal::memory::address_space::Backing;
use hal::memory::layout;
use hal::probe::{self, Touch};
use vm::{Page, Rights};

use super::expect::{Outcome, done, equal};
use super::pages::protected;

/// TF, IF, DF, NT and AC in the flags register.
const HARMFUL_FLAGS: u64 = 1 << 8 | 1 << 9 | 1 << 10 | 1 << 14 | 1 << 18;

pub(super) fn run() -> Outcome {
    for protection in probe::protections() {
        let name = protection.name;
        equal(
            format_args!("{name} is on"),
            protection.is_on,
            protection.is_offered,
        )?;
    }
    let cleared = probe::flags_cleared_by_system_call() & HARMFUL_FLAGS;
    equal("flags that SYSCALL clears", cleared, HARMFUL_FLAGS)?;
    let code = probe::touch(Touch::Write(probe::code().start));
    equal("WP: a write to code raises", code, Some(14))?;
    let execution = done("a user page", probe::execute_user_page())?;
    equal(
        "SMEP: execution of a user page raises",
        execution,
        protected("SMEP"),
    )?;
    access_prevention()
}

/// The kernel reaches a user page only through the copy routine.
fn access_prevention() -> Outcome {
    const ADDRESS: u64 = layout::USER_START;
    let mut space = done("an address space", AddressSpace::new())?;
    let frame = done("a frame", OwnedFrame::zeroed())?;
    let rights = Rights {
        read: true,
        write: true,
        execute: false,
    };
    let backing = Backing::Private(frame);
    done(
        "a user page",
        space.map(Page::containing(ADDRESS), backing, rights),
    )?;
    probe::in_space(&space, || {
        let mut byte = [1];
        equal(
            "copy from a user page",
            hal::user::copy_in(&mut byte, ADDRESS),
            Ok(()),
        )?;
        for touch in [Touch::Read(ADDRESS), Touch::Write(ADDRESS)] {
            let what = format_args!("SMAP: {touch:x?} of a user page raises");
            equal(what, probe::touch(touch), protected("SMAP"))?;
        }
        equal(
            "copy to a user page",
            hal::user::copy_out(ADDRESS, &[7]),
            Ok(()),
        )?;
        equal(
            "the copy back",
            hal::user::copy_in(&mut byte, ADDRESS),
            Ok(()),
        )?;
        equal("the byte", byte, [7])
    })
}
