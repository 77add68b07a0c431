//! Unwinding made functions: every code, every place, every error.

use pe::unwind::{Step, UnwindError};

use crate::frames::*;

/// Stops it in its body, which is no epilogue.
fn body(info: &[u8]) -> Outcome {
    stop_at(0x80, &[0x90; 0x100], info)
}

/// In the body, with the return address and registers there in the stack.
fn wanted(return_at: u64, restored: &[(usize, u64)]) -> Outcome {
    let context = caller(CODE_RVA + 0x80, return_at, restored);
    Ok((Step::Body, context))
}

#[test]
fn pushes_and_allocations() {
    let push = info(1, 2, 0, &[slot(2, 0, 12), slot(1, 0, 3)]);
    assert_eq!(body(&push), wanted(0x10, &[(R12, 0), (RBX, 8)]));
    let small = info(1, 4, 0, &[slot(4, 2, 15)]);
    assert_eq!(body(&small), wanted(0x80, &[]));
    let large = info(1, 7, 0, &[slot(7, 1, 0), 0x1100 / 8]);
    assert_eq!(body(&large), wanted(0x1100, &[]));
    let huge = info(1, 7, 0, &[slot(7, 1, 1), 0x2008, 1]);
    assert_eq!(body(&huge), wanted(0x1_2008, &[]));
}

#[test]
fn saved_registers() {
    let codes = [slot(9, 4, 6), 2, slot(9, 5, 13), 0x38, 0, slot(4, 2, 7)];
    let near_and_far = info(1, 9, 0, &codes);
    assert_eq!(
        body(&near_and_far),
        wanted(0x40, &[(RSI, 0x10), (R13, 0x38)])
    );
    let codes = [slot(9, 8, 6), 1, slot(9, 9, 7), 0x20, 0, slot(4, 2, 7)];
    assert_eq!(body(&info(1, 9, 0, &codes)), wanted(0x40, &[]));
}

#[test]
fn a_frame_register() {
    // push rbp; sub rsp, 40h; lea rbp, [rsp + 20h]; save rsi at 30h
    let codes = [
        slot(14, 4, 6),
        6,
        slot(10, 3, 0),
        slot(5, 2, 7),
        slot(1, 0, 5),
    ];
    let frame = info(1, 14, 0x25, &codes);
    // rbp is 100h, so the fixed allocation begins at E0h.
    let found = [(RSI, 0xE0 + 0x30), (RBP, 0xE0 + 0x40)];
    assert_eq!(body(&frame), wanted(0xE0 + 0x48, &found));
    // Before it is set, the stack pointer counts.
    let early = stop_at(5, &[0x90; 0x100], &frame);
    let found = caller(CODE_RVA + 5, 0x48, &[(RBP, 0x40)]);
    assert_eq!(early, Ok((Step::Prologue, found)));
}

#[test]
fn a_prologue_is_undone_as_far_as_it_ran() {
    // push rbx; push rsi; sub rsp, 20h
    let code = [0x53, 0x56, 0x48, 0x83, 0xEC, 0x20, 0x90, 0x90];
    let info = info(1, 6, 0, &[slot(6, 2, 3), slot(2, 0, 6), slot(1, 0, 3)]);
    let at = |offset, return_at, restored: &[_]| {
        let found = stop_at(offset, &code, &info).unwrap();
        let wanted = caller(CODE_RVA + offset, return_at, restored);
        assert_eq!(found.1, wanted, "at {offset}");
        found.0
    };
    assert_eq!(at(0, 0, &[]), Step::Prologue);
    assert_eq!(at(1, 8, &[(RBX, 0)]), Step::Prologue);
    assert_eq!(at(2, 0x10, &[(RSI, 0), (RBX, 8)]), Step::Prologue);
    assert_eq!(at(6, 0x30, &[(RSI, 0x20), (RBX, 0x28)]), Step::Prologue);
    assert_eq!(at(7, 0x30, &[(RSI, 0x20), (RBX, 0x28)]), Step::Body);
}

#[test]
fn a_prologue_may_be_longer_than_stated() {
    // push rbx; push rsi; sub rsp, 20h
    let info = info(1, 1, 0, &[slot(6, 2, 3), slot(2, 0, 6), slot(1, 0, 3)]);
    let found = stop_at(2, &[0x90; 0x100], &info);
    let wanted = caller(CODE_RVA + 2, 0x10, &[(RSI, 0), (RBX, 8)]);
    assert_eq!(found, Ok((Step::Body, wanted)));
}

#[test]
fn machine_frames() {
    for (parameter, shift) in [(0, 0), (1, 8)] {
        let codes = [slot(0, 2, 0), slot(0, 10, parameter)];
        let (step, found) = body(&info(1, 0, 0, &codes)).unwrap();
        let mut wanted = context(CODE_RVA + 0x80);
        wanted.rip = word(STACK + 8 + shift).unwrap();
        wanted.registers[RSP] = word(STACK + 8 + shift + 24).unwrap();
        assert_eq!((step, found), (Step::MachineFrame, wanted));
    }
}

#[test]
fn chained_information() {
    // The parent pushes rdi and allocates; the part saves rsi.
    let parent = info(1, 6, 0, &[slot(6, 2, 3), slot(1, 0, 7)]);
    let part = info(1 | 4 << 3, 4, 0, &[slot(4, 4, 6), 1]);
    let link = [CODE_RVA, CODE_RVA + 0x40, INFO_RVA].map(u32::to_le_bytes);
    let all = [parent.as_slice(), &part, link.as_flattened()].concat();
    let part_rva = INFO_RVA + parent.len() as u32;
    let entries = [
        [CODE_RVA, CODE_RVA + 0x40, INFO_RVA],
        [CODE_RVA + 0x40, END_RVA, part_rva],
    ];
    let file = image(&[0x90; 0x100], &all, &entries);
    let at = |rva, restored: &[_]| {
        let found = run(&file, context(rva)).unwrap().1;
        assert_eq!(found, caller(rva, 0x28, restored), "at {rva:#x}");
    };
    at(CODE_RVA + 0x50, &[(RSI, 8), (RDI, 0x20)]);
    // The part's own prologue has not run; its parent's has.
    at(CODE_RVA + 0x40, &[(RDI, 0x20)]);

    // An entry that only leads to another one.
    let entry_rva = part_rva + part.len() as u32;
    let entries = [[CODE_RVA, END_RVA, entry_rva | 1]];
    let file = image(&[0x90; 0x100], &all, &entries);
    let found = run(&file, context(CODE_RVA)).unwrap().1;
    assert_eq!(found, caller(CODE_RVA, 0x28, &[(RDI, 0x20)]));
}

#[test]
fn chains_are_bounded() {
    let part = info(1 | 4 << 3, 0, 0, &[]);
    let link = [CODE_RVA, END_RVA, INFO_RVA].map(u32::to_le_bytes);
    let error = UnwindError::TooManyChained { rva: INFO_RVA };
    assert_eq!(body(&[part, link.concat()].concat()), Err(error));
    let to_itself = [CODE_RVA, END_RVA, INFO_RVA | 1].map(u32::to_le_bytes);
    let file = image(
        &[0x90; 0x100],
        &to_itself.concat(),
        &[[CODE_RVA, END_RVA, INFO_RVA | 1]],
    );
    let error = UnwindError::TooManyChained { rva: INFO_RVA | 1 };
    assert_eq!(run(&file, context(CODE_RVA)), Err(error));
}

#[test]
fn leaves_and_calls_without_information() {
    let file = image(&[0x90; 0x100], &[0; 4], &[]);
    let mut context = context(CODE_RVA + 0x20);
    let found = caller(CODE_RVA + 0x20, 0, &[]);
    assert_eq!(run(&file, context), Ok((Step::Leaf, found)));
    context.after_call = true;
    let error = UnwindError::NoUnwindInfo {
        rva: CODE_RVA + 0x20,
    };
    assert_eq!(run(&file, context), Err(error));
}

#[test]
fn a_call_at_the_end_of_a_function_belongs_to_it() {
    let small = info(1, 4, 0, &[slot(4, 2, 3)]);
    let other = info(1, 0, 0, &[]);
    let other_rva = INFO_RVA + small.len() as u32;
    let entries = [
        [CODE_RVA, CODE_RVA + 0x80, INFO_RVA],
        [CODE_RVA + 0x80, END_RVA, other_rva],
    ];
    let file = image(&[0xC3; 0x100], &[small, other].concat(), &entries);
    let mut context = context(CODE_RVA + 0x80);
    context.after_call = true;
    let found = caller(CODE_RVA + 0x80, 0x20, &[]);
    assert_eq!(run(&file, context), Ok((Step::Body, found)));
}

#[test]
fn bad_information() {
    let bad = |code| {
        Err(UnwindError::BadCode {
            rva: INFO_RVA,
            code,
        })
    };
    // Not defined, not defined in version 1, or with an undefined parameter.
    for code in [0x06, 0x07, 0x0B, 0x0F, 0x21, 0x2A] {
        let codes = [u16::from(code) << 8, 0, 0];
        assert_eq!(body(&info(1, 0, 0, &codes)), bad(code));
    }
    // The stack pointer is not saved like this.
    for code in [0x40, 0x44, 0x45] {
        assert_eq!(
            body(&info(1, 0, 0, &[u16::from(code) << 8, 0, 0])),
            bad(code)
        );
    }
    // The last code is cut off.
    for code in [0x01, 0x11, 0x34, 0x35, 0x68, 0x69] {
        assert_eq!(body(&info(1, 0, 0, &[u16::from(code) << 8])), bad(code));
    }
    for version in [0, 3, 7] {
        let error = UnwindError::UnknownVersion {
            rva: INFO_RVA,
            version,
        };
        assert_eq!(body(&info(version, 0, 0, &[])), Err(error));
    }
    let file = image(&[0x90; 0x100], &[0; 4], &[[CODE_RVA, END_RVA, 0x9000]]);
    let error = UnwindError::InfoOutsideImage { rva: 0x9000 };
    assert_eq!(run(&file, context(CODE_RVA)), Err(error));
}

#[test]
fn broken_registers_and_stacks() {
    let small = info(1, 4, 0, &[slot(4, 2, 3)]);
    let file = image(&[0x90; 0x100], &small, &[[CODE_RVA, END_RVA, INFO_RVA]]);
    let with_rsp = |rsp| {
        let mut context = context(CODE_RVA + 0x80);
        context.registers[RSP] = rsp;
        run(&file, context)
    };
    let address = STACK - 0x20 + 0x18;
    let error = UnwindError::StackUnreadable { address };
    assert_eq!(with_rsp(address - 0x20), Err(error));
    let error = UnwindError::StackUnreadable { address: 0x1F };
    assert_eq!(with_rsp(u64::MAX), Err(error));

    let frame = info(1, 4, 5, &[slot(4, 3, 0)]);
    let file = image(&[0x90; 0x100], &frame, &[[CODE_RVA, END_RVA, INFO_RVA]]);
    let mut low = context(CODE_RVA + 0x80);
    low.registers[RSP] = STACK + 0x40;
    low.registers[RBP] = STACK;
    let error = UnwindError::StackNotAscending {
        from: STACK + 0x40,
        to: STACK + 8,
    };
    assert_eq!(run(&file, low), Err(error));
}

#[test]
fn places_that_are_not_code() {
    let file = image(
        &[0x90; 0x100],
        &info(1, 0, 0, &[]),
        &[[CODE_RVA, END_RVA, INFO_RVA]],
    );
    let last_page = u32::MAX - 0xFFF;
    for rva in [0, INFO_RVA, 0x2FFF + 1, 0x9000, last_page] {
        let rip = BASE + u64::from(rva);
        assert_eq!(run(&file, context(rva)), Err(UnwindError::NotCode { rip }));
    }
    for rip in [0, BASE - 1, BASE + (1 << 32), u64::MAX] {
        let mut context = context(0);
        context.rip = rip;
        assert_eq!(run(&file, context), Err(UnwindError::NotCode { rip }));
        context.after_call = true;
        assert_eq!(run(&file, context), Err(UnwindError::NotCode { rip }));
    }
    // What a call at the very start of the code would return to is code.
    let mut first = context(CODE_RVA);
    first.after_call = true;
    assert_eq!(
        run(&file, first),
        Err(UnwindError::NotCode { rip: first.rip })
    );
}
