//! Unwinding out of epilogues, and out of what only looks like one.

use crate::frames::*;
use pe::unwind::{Step, UnwindError};

/// Where the epilogue of a test begins in the function.
const AT: u32 = 0x40;

/// A function that pushes rbp and rbx, allocates 28h bytes and in `rest` has
/// the bytes from [`AT`] on; stopped `offset` bytes behind [`AT`].
fn stop(offset: usize, rest: &[u8]) -> Outcome {
    let codes = [slot(6, 2, 4), slot(2, 0, 3), slot(1, 0, 5)];
    stop_with(&info(1, 6, 0, &codes), offset, rest)
}

fn stop_with(info: &[u8], offset: usize, rest: &[u8]) -> Outcome {
    let mut code = [0x90; 0x100];
    code[AT as usize..][..rest.len()].copy_from_slice(rest);
    stop_at(AT + offset as u32, &code, info)
}

fn left(step: Step, offset: usize, return_at: u64, restored: &[(usize, u64)]) -> Outcome {
    Ok((
        step,
        caller(CODE_RVA + AT + offset as u32, return_at, restored),
    ))
}

fn epilogue(offset: usize, return_at: u64, restored: &[(usize, u64)]) -> Outcome {
    left(Step::Epilogue, offset, return_at, restored)
}

/// By the codes, as anywhere in the body.
fn in_body(offset: usize) -> Outcome {
    left(Step::Body, offset, 0x38, &[(RBX, 0x28), (RBP, 0x30)])
}

#[test]
fn an_ordinary_epilogue() {
    // add rsp, 28h; pop rbx; pop rbp; ret
    let code = [0x48, 0x83, 0xC4, 0x28, 0x5B, 0x5D, 0xC3];
    assert_eq!(
        stop(0, &code),
        epilogue(0, 0x38, &[(RBX, 0x28), (RBP, 0x30)])
    );
    assert_eq!(stop(4, &code), epilogue(4, 0x10, &[(RBX, 0), (RBP, 8)]));
    assert_eq!(stop(5, &code), epilogue(5, 8, &[(RBP, 0)]));
    assert_eq!(stop(6, &code), epilogue(6, 0, &[]));
}

#[test]
fn forms_of_release_pop_and_return() {
    let ends: [&[u8]; 4] = [&[0xC3], &[0xF3, 0xC3], &[0xF2, 0xC3], &[0xC2, 0x10, 0]];
    for end in ends {
        // add rsp, 1000h; pop r12; pop rbx
        let code = [
            &[0x48, 0x81, 0xC4, 0, 0x10, 0, 0, 0x41, 0x5C, 0x48, 0x5B],
            end,
        ]
        .concat();
        let restored = [(R12, 0x1000), (RBX, 0x1008)];
        assert_eq!(stop(0, &code), epilogue(0, 0x1010, &restored));
        assert_eq!(stop(11, &code), epilogue(11, 0, &[]));
    }
    // pop rsp; ret
    assert_eq!(stop(0, &[0x5C, 0xC3]), in_body(0));
    // add rsp, 28h; nop; ret
    assert_eq!(stop(0, &[0x48, 0x83, 0xC4, 0x28, 0x90, 0xC3]), in_body(0));
}

#[test]
fn the_stack_pointer_from_the_frame_register() {
    let lea: [(u8, &[u8], u64); 7] = [
        (5, &[0x48, 0x8D, 0x65, 0xF0], 0xF0),
        (5, &[0x48, 0x8D, 0xA5, 0x10, 0, 0, 0], 0x110),
        (5, &[0x48, 0x8D, 0x6D, 0xF0], 0),
        (3, &[0x48, 0x8D, 0x65, 0xF0], 0),
        (3, &[0x48, 0x8D, 0x23], 0x8000),
        (12, &[0x49, 0x8D, 0x64, 0x24, 8], 0x8008),
        (12, &[0x49, 0x8D, 0x64, 0x64, 8], 0),
    ];
    for (register, lea, lowest) in lea {
        let frame = info(1, 1, register, &[slot(1, 3, 0)]);
        let code = [lea, &[0x5E, 0xC3]].concat();
        let mut context = context(CODE_RVA + AT);
        context.registers[3] = STACK + 0x8000;
        context.registers[12] = STACK + 0x8000;
        let mut all = [0x90; 0x100];
        all[AT as usize..][..code.len()].copy_from_slice(&code);
        let file = image(&all, &frame, &[[CODE_RVA, END_RVA, INFO_RVA]]);
        let (step, found) = run(&file, context).unwrap();
        if lowest == 0 {
            // Another register: the code is not an epilogue.
            assert_eq!(step, Step::Body, "{lea:x?}");
        } else {
            assert_eq!(step, Step::Epilogue, "{lea:x?}");
            assert_eq!(found.registers[RSI], word(STACK + lowest).unwrap());
            assert_eq!(found.rsp(), STACK + lowest + 16);
        }
    }
}

#[test]
fn jumps_through_registers_and_memory() {
    let jumps: [&[u8]; 5] = [
        &[0xFF, 0x25, 0, 1, 0, 0],
        &[0x48, 0xFF, 0x25, 0, 1, 0, 0],
        &[0xFF, 0xE0],
        &[0x48, 0xFF, 0xE0],
        &[0x41, 0xFF, 0x24, 0xC4],
    ];
    for jump in jumps {
        // pop rbp before it, or anything else: then it is a switch.
        assert_eq!(stop(1, &[&[0x5D], jump].concat()), epilogue(1, 0, &[]));
        assert_eq!(
            stop(0, &[&[0x5D], jump].concat()),
            epilogue(0, 8, &[(RBP, 0)])
        );
        assert_eq!(stop(1, &[&[0x90], jump].concat()), in_body(1));
        assert_eq!(stop(1, &[&[0x5B], jump].concat()), in_body(1));
    }
    let pushes_r12 = info(1, 2, 0, &[slot(2, 0, 12)]);
    assert_eq!(
        stop_with(&pushes_r12, 2, &[0x41, 0x5C, 0xFF, 0xE0]),
        epilogue(2, 0, &[])
    );
    let allocates = info(1, 4, 0, &[slot(4, 2, 4)]);
    let code = [0x48, 0x83, 0xC4, 0x28, 0xFF, 0xE0];
    assert_eq!(stop_with(&allocates, 4, &code), epilogue(4, 0, &[]));
    let code = [0x48, 0x81, 0xC4, 0x28, 0, 0, 0, 0xFF, 0xE0];
    assert_eq!(stop_with(&allocates, 7, &code), epilogue(7, 0, &[]));
    let code = [0x48, 0x83, 0xC4, 0x20, 0xFF, 0xE0];
    assert_eq!(
        stop_with(&allocates, 4, &code),
        left(Step::Body, 4, 0x28, &[])
    );
    // Other instructions of opcode FF are not jumps.
    assert_eq!(stop(1, &[0x5D, 0xFF, 0xD0]), in_body(1));
}

#[test]
fn direct_jumps_inside_the_function() {
    // A loop, and a jump into the middle of the body.
    assert_eq!(stop(0, &[0xEB, 0xFE]), in_body(0));
    assert_eq!(stop(0, &[0xEB, 0x10]), in_body(0));
    assert_eq!(stop(0, &[0xE9, 0x10, 0, 0, 0]), in_body(0));
    // To the shared end of an epilogue: nop, pop rbp, ret.
    let code = [0x5B, 0xEB, 1, 0x90, 0x5D, 0xC3];
    assert_eq!(stop(0, &code), epilogue(0, 0x10, &[(RBX, 0), (RBP, 8)]));
    assert_eq!(stop(1, &code), epilogue(1, 8, &[(RBP, 0)]));
    // What happens behind the jump cannot be taken for certain.
    assert_eq!(stop(0, &[0x5B, 0xEB, 0, 0x5D, 0x90]), in_body(0));
    // More pops than there are registers.
    assert_eq!(
        stop(0, &[[0x5B; 30].as_slice(), &[0xC3]].concat()),
        in_body(0)
    );
}

#[test]
fn direct_jumps_to_other_functions() {
    let main = info(1, 6, 0, &[slot(6, 2, 4), slot(2, 0, 3), slot(1, 0, 5)]);
    let other = info(1, 8, 0, &[slot(8, 2, 1), slot(4, 0, 6)]);
    let other_rva = INFO_RVA + main.len() as u32;
    let entries = [
        [CODE_RVA, CODE_RVA + 0x80, INFO_RVA],
        [CODE_RVA + 0x80, END_RVA, other_rva],
    ];
    let at = |offset: u32, target: u32, before: &[u8]| {
        let mut code = [0x90; 0x100];
        let jump = AT as usize + before.len();
        code[AT as usize..jump].copy_from_slice(before);
        let distance = target.wrapping_sub(CODE_RVA + jump as u32 + 5);
        code[jump] = 0xE9;
        code[jump + 1..jump + 5].copy_from_slice(&distance.to_le_bytes());
        // The end of the other function: pop rsi; ret.
        code[0xF0] = 0x5E;
        code[0xF1] = 0xC3;
        let file = image(&code, &[main.as_slice(), &other].concat(), &entries);
        run(&file, context(CODE_RVA + AT + offset))
    };
    let (start, body, end) = (CODE_RVA + 0x80, CODE_RVA + 0xA0, CODE_RVA + 0xF0);
    // pop rbp, then a call in tail position: nothing of the other has run.
    assert_eq!(at(0, start, &[0x5D]), epilogue(0, 8, &[(RBP, 0)]));
    assert_eq!(at(1, start, &[0x5D]), epilogue(1, 0, &[]));
    // Into its body: that describes the stack; likewise behind its end.
    assert_eq!(at(0, body, &[]), epilogue(0, 0x18, &[(RSI, 0x10)]));
    assert_eq!(at(0, end, &[]), epilogue(0, 8, &[(RSI, 0)]));
    assert_eq!(
        at(0, CODE_RVA + 0x800, &[0x5D]),
        epilogue(0, 8, &[(RBP, 0)])
    );
    assert_eq!(at(0, 0xFFFF_F000, &[0x5D]), epilogue(0, 8, &[(RBP, 0)]));
}

#[test]
fn an_epilogue_in_two_parts_of_a_function() {
    let codes = [slot(6, 2, 4), slot(2, 0, 3), slot(1, 0, 5)];
    let first = info(1, 6, 0, &codes);
    let second = info(1 | 4 << 3, 0, 0, &[]);
    let border = CODE_RVA + AT + 2;
    let link = [CODE_RVA, border, INFO_RVA].map(u32::to_le_bytes);
    let entries = [
        [CODE_RVA, border, INFO_RVA],
        [border, END_RVA, INFO_RVA + first.len() as u32],
    ];
    // pop rbx; pop rbp; ret
    let mut code = [0x90; 0x100];
    code[AT as usize..][..3].copy_from_slice(&[0x5B, 0x5D, 0xC3]);
    let all = [first, second, link.concat()].concat();
    let file = image(&code, &all, &entries);
    let at = |offset: u32| run(&file, context(CODE_RVA + AT + offset));
    assert_eq!(at(0), epilogue(0, 0x10, &[(RBX, 0), (RBP, 8)]));
    assert_eq!(at(1), epilogue(1, 8, &[(RBP, 0)]));
    assert_eq!(at(2), epilogue(2, 0, &[]));
    assert_eq!(at(3), in_body(3));
}

#[test]
fn a_waiting_call_is_not_in_an_epilogue() {
    let codes = [slot(4, 2, 3)];
    let mut code = [0x90; 0x100];
    code[AT as usize] = 0xC3;
    let small = info(1, 4, 0, &codes);
    let file = image(&code, &small, &[[CODE_RVA, END_RVA, INFO_RVA]]);
    let mut waiting = context(CODE_RVA + AT);
    waiting.after_call = true;
    assert_eq!(run(&file, waiting), left(Step::Body, 0, 0x20, &[]));
}

#[test]
fn listed_epilogues() {
    const END: u32 = END_RVA - CODE_RVA;
    let size = 3;
    // At the end; A0h bytes before it; padding; C0h bytes before it.
    let listed = |flags| {
        let others = [slot(0xA0, 6, 0), slot(0, 6, 0), slot(0xC0, 6, 0)];
        let codes = [slot(2, 2, 4), slot(2, 0, 3), slot(1, 0, 5)];
        let all = [[slot(size, 6, flags)].as_slice(), &others, &codes].concat();
        info(2, 6, 0, &all)
    };
    let stopped = |offset, flags, instructions: &[u8]| {
        let mut code = [0x90; END as usize];
        for start in [0x40, 0x60, 0xFD] {
            code[start..][..instructions.len()].copy_from_slice(instructions);
        }
        stop_at(offset, &code, &listed(flags))
    };
    // pop rbx; pop rbp, and last something that cannot be known.
    let unknown = [0x5B, 0x5D, 0x0F];
    for (at, flags) in [(0x40, 0), (0x60, 0), (0xFD, 1)] {
        let last = stopped(at + 2, flags, &unknown);
        assert_eq!(
            last,
            Ok((Step::Epilogue, caller(CODE_RVA + at + 2, 0, &[])))
        );
        let error = UnwindError::BadEpilogue { rva: CODE_RVA + at };
        assert_eq!(stopped(at, flags, &unknown), Err(error));
        let found = caller(CODE_RVA + at, 0x10, &[(RBX, 0), (RBP, 8)]);
        let before = stopped(at, flags, &[0x5B, 0x5D, 0xC3]);
        assert_eq!(before, Ok((Step::Epilogue, found)));
    }
    // Not listed, so no place where it would be one byte.
    let body = stopped(0xFF, 0, &unknown).unwrap();
    assert_eq!(body.0, Step::Body);
    let body = stopped(0x43, 0, &unknown).unwrap();
    assert_eq!(
        body,
        (
            Step::Body,
            caller(CODE_RVA + 0x43, 0x38, &[(RBX, 0x28), (RBP, 0x30)])
        )
    );
    // The lists are no operations of the prologue.
    let prologue = stopped(1, 1, &unknown);
    let found = caller(CODE_RVA + 1, 8, &[(RBP, 0)]);
    assert_eq!(prologue, Ok((Step::Prologue, found)));
    // A spare code takes three slots.
    let spare = info(2, 4, 0, &[slot(4, 7, 0), 0xFFFF, 0xFFFF, slot(4, 2, 3)]);
    assert_eq!(stop_with(&spare, 0, &[]), left(Step::Body, 0, 0x20, &[]));
}
