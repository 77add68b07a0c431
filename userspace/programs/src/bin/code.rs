//! Memory both writable and executable: rewritten, run, changing itself.
#![no_std]
#![no_main]
nt::program!("code", main);

use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use core::sync::atomic::{AtomicU32, Ordering};
use nt::memory::{Range, allocate, free, protect, query};
use nt::section::{read_memory, write_memory};
use nt::{NtStatus, Program, sync, thread};

const PAGE: u64 = PAGE_SIZE;
/// How often code is rewritten and run.
const TIMES: u32 = 1000;
/// Where code finds its data, in its page.
const DATA: u64 = 0x800;
/// `mov eax, 0; ret`; the number begins at 4.
const ANSWER: [u8; 9] = [0x0F, 0x1F, 0x00, 0xB8, 0, 0, 0, 0, 0xC3];
const NUMBER: u64 = 4;

fn main(program: &Program) {
    let pages = allocate(
        0,
        2 * PAGE,
        MEM_RESERVE | MEM_COMMIT,
        PAGE_EXECUTE_READWRITE,
    );
    let pages = program.done("writable and executable", pages);
    rewritten(program, pages);
    written_by_itself(program, pages.base);
    across_two_pages(program, pages.base);
    stack_in_it(program, pages.base);
    two_threads(program, pages.base);
    protected(program, pages.base);
    image(program);
    // SAFETY: nothing is left that uses it.
    program.done("release", unsafe { free(pages.base, 0, MEM_RELEASE) });
}

fn write(address: u64, value: u8) {
    // SAFETY: callers pass addresses they committed for writing.
    unsafe { (address as *mut u8).write_volatile(value) };
}

fn read(address: u64) -> u8 {
    // SAFETY: callers pass addresses they committed.
    unsafe { (address as *const u8).read_volatile() }
}

fn put(base: u64, code: &[u8]) {
    for (address, &byte) in (base..).zip(code) {
        write(address, byte);
    }
}

fn put_number(base: u64, number: u32) {
    // SAFETY: of the code that this test has put there.
    unsafe { ((base + NUMBER) as *mut u32).write_volatile(number) };
}

/// Calls code that was put there.
fn run(base: u64, first: u64, second: u64) -> u64 {
    // SAFETY: functions of that type have been written there.
    let function: extern "system" fn(u64, u64) -> u64 = unsafe { core::mem::transmute(base) };
    function(first, second)
}

fn rewritten(program: &Program, pages: Range) {
    let base = pages.base;
    put(base, &ANSWER);
    let mut wrong = 0;
    for number in 0..TIMES {
        put_number(base, number);
        wrong += u32::from(run(base, 0, 0) != u64::from(number));
    }
    program.check("rewritten and run", wrong, 0);
    let found = query(base).map(|found| (found.protect, found.allocation_protect));
    let both = PAGE_EXECUTE_READWRITE;
    program.check("its protection", found, Ok((both, both)));
    let size = query(base).map(|found| found.region_size_bytes);
    program.check("of all of it", size, Ok(pages.size_bytes));
    for number in 0..TIMES {
        // SAFETY: a number in the code that this test has put there.
        let (status, _) =
            unsafe { write_memory(CURRENT_PROCESS, base + NUMBER, &number.to_le_bytes()) };
        program.check("written for it", status, NtStatus::SUCCESS);
        wrong += u32::from(run(base, 0, 0) != u64::from(number));
    }
    program.check("written by the kernel and run", wrong, 0);
    let mut seen = [0; ANSWER.len()];
    let (status, _) = read_memory(CURRENT_PROCESS, base, &mut seen);
    program.check("read while it is code", status, NtStatus::SUCCESS);
    program.check("what is read", seen[8], ANSWER[8]);
}

/// Instructions that write to the page that they are in.
fn written_by_itself(program: &Program, base: u64) {
    // inc dword [data]; dec ecx; jnz -10; mov eax, [data]; ret
    let mut code = [
        0x31, 0xC0, 0xFF, 0x05, 0xF8, 0x07, 0, 0, 0xFF, 0xC9, 0x75, 0xF6, 0x8B, 0x05, 0xEE, 0x07,
        0, 0, 0xC3,
    ];
    put(base, &code);
    write(base + DATA, 0);
    let counted = run(base, TIMES.into(), 0);
    program.check("counted in its own page", counted, TIMES.into());
    code.fill(0x90);
    // mov dword [number], 77; mov eax, number; ret
    let changes = [0xC7, 0x05, 1, 0, 0, 0, 77, 0, 0, 0, 0xB8, 0, 0, 0, 0, 0xC3];
    put(base, &changes);
    program.check("it changes what it runs next", run(base, 0, 0), 77);
}

fn across_two_pages(program: &Program, base: u64) {
    // push rdi; mov rdi, rdx; mov al, 5Ah; rep stosb; pop rdi; ret
    put(
        base,
        &[0x57, 0x48, 0x89, 0xD7, 0xB0, 0x5A, 0xF3, 0xAA, 0x5F, 0xC3],
    );
    write(base + DATA + PAGE, 1);
    run(base, PAGE, base + DATA);
    let filled = (base + DATA..base + DATA + PAGE).all(|address| read(address) == 0x5A);
    program.check("filled from its page into the next", filled, true);
    program.check("and no more", read(base + DATA + PAGE), 1);
    // movups xmm0, [rcx]; movups [rcx], xmm0; ret: the second lies across the end of
    // the page, and writes what is there already.
    let start = base + PAGE - 5;
    put(start, &[0x0F, 0x10, 0x01, 0x0F, 0x11, 0x01, 0xC3]);
    for _ in 0..TIMES {
        run(start, base + PAGE - 8, 0);
    }
    program.check("written across two pages", read(base + PAGE), 0x01);
}

/// What is called and pushed lies in the page of the code.
fn stack_in_it(program: &Program, base: u64) {
    const TRAP_AND_INTERRUPT: u64 = 0x300;
    // mov rax, rsp; lea rsp, [base + C00h]; pushfq; pop rcx; call +0; pop rdx;
    // mov rsp, rax; mov rax, rcx; ret
    put(
        base,
        &[
            0x48, 0x89, 0xE0, 0x48, 0x8D, 0x25, 0xF6, 0x0B, 0, 0, 0x9C, 0x59, 0xE8, 0, 0, 0, 0,
            0x5A, 0x48, 0x89, 0xC4, 0x48, 0x89, 0xC8, 0xC3,
        ],
    );
    let flags = run(base, 0, 0);
    program.check("flags as always", flags & TRAP_AND_INTERRUPT, 0x200);
    // SAFETY: where the code above pushed the address that it called from.
    let pushed = unsafe { ((base + 0xC00 - 8) as *const u64).read_volatile() };
    program.check("the address pushed", pushed, base + 17);
}

static WRONG: AtomicU32 = AtomicU32::new(0);
static IS_OVER: AtomicU32 = AtomicU32::new(0);

/// Runs code that another thread rewrites.
extern "system" fn runner(base: u64) -> ! {
    while IS_OVER.load(Ordering::Acquire) == 0 {
        if !matches!(run(base, 0, 0), 1..=2) {
            WRONG.fetch_add(1, Ordering::Relaxed);
        }
    }
    thread::exit(NtStatus::SUCCESS);
}

fn two_threads(program: &Program, base: u64) {
    put(base, &ANSWER);
    put_number(base, 1);
    let runner = program.done("a thread", thread::spawn(runner, base));
    for turn in 0..50 {
        for number in [2, 1] {
            put_number(base, number);
        }
        if turn % 10 == 0 {
            nt::system::delay(-100_000);
        }
    }
    IS_OVER.store(1, Ordering::Release);
    program.check("its end", sync::wait(&runner, None), NtStatus::SUCCESS);
    program.check("what it ran", WRONG.load(Ordering::Relaxed), 0);
}

/// Protections change around code, which stays.
fn protected(program: &Program, base: u64) {
    put(base, &ANSWER);
    put_number(base, 6);
    let both = PAGE_EXECUTE_READWRITE;
    let turns = [
        (PAGE_READWRITE, both),
        (both, PAGE_READWRITE),
        (PAGE_EXECUTE_READ, both),
    ];
    for (protection, before) in turns {
        // SAFETY: it is written and run only when it may be.
        let old = unsafe { protect(base, PAGE, protection) }.map(|(_, old)| old);
        program.check("old protection", old, Ok(before));
    }
    program.check("run", run(base, 0, 0), 6);
    // SAFETY: as above.
    let copies = unsafe { protect(base, PAGE, PAGE_EXECUTE_WRITECOPY) }.err();
    let invalid = NtStatus::INVALID_PAGE_PROTECTION;
    program.check("private memory is not copied", copies, Some(invalid));
    // SAFETY: as above.
    program.done("back", unsafe { protect(base, PAGE, both) });
    put_number(base, 7);
    program.check("run again", run(base, 0, 0), 7);
}

#[inline(never)]
extern "system" fn of_image(number: u64) -> u64 {
    core::hint::black_box(number).wrapping_mul(3)
}

/// The program's own code, made writable: it is copied.
fn image(program: &Program) {
    let start = of_image as *const () as u64;
    let page = start & !(PAGE - 1);
    program.check("before", of_image(14), 42);
    // SAFETY: code that may be run goes on.
    let old = unsafe { protect(page, 1, PAGE_EXECUTE_READWRITE) }.map(|(_, old)| old);
    program.check("code so far", old, Ok(PAGE_EXECUTE_READ));
    let now = query(page).map(|found| found.protect);
    program.check("copied when written", now, Ok(PAGE_EXECUTE_WRITECOPY));
    for _ in 0..3 {
        write(start, read(start));
        program.check("written and run", of_image(14), 42);
    }
    // SAFETY: as above.
    program.done("as before", unsafe { protect(page, 1, PAGE_EXECUTE_READ) });
    program.check("after", of_image(14), 42);
}
