//! Recurses without end: STATUS_STACK_OVERFLOW.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("stack-overflow", main);

fn main(program: &nt::Program) {
    let depth = descend(0);
    program.fail(format_args!("came back from depth {depth}"));
}

#[inline(never)]
fn descend(depth: u64) -> u64 {
    let mark = core::hint::black_box(depth);
    if mark == u64::MAX {
        return mark;
    }
    descend(mark + 1).max(core::hint::black_box(mark))
}
