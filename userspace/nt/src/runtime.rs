//! Symbols the compiler expects of a C library.
use core::arch::{asm, global_asm};

// A function whose frame exceeds a page calls it with the frame's size in rax
// before it moves rsp, so that the stack's guard page is met page by page. It
// changes no register but rflags and r10, r11.
global_asm!(
    ".globl __chkstk",
    "__chkstk:",
    "lea r10, [rsp + 8]",
    "mov r11, rax",
    "2:",
    "cmp r11, 0x1000",
    "jb 3f",
    "sub r10, 0x1000",
    "test byte ptr [r10], 0",
    "sub r11, 0x1000",
    "jmp 2b",
    "3:",
    "sub r10, r11",
    "test byte ptr [r10], 0",
    "ret",
);

/// Tells the linker that floating point is in use.
#[unsafe(no_mangle)]
static _fltused: i32 = 0;

/// Named by core's unwinding tables; nothing unwinds, so nothing calls it.
#[unsafe(no_mangle)]
extern "C" fn __CxxFrameHandler3() {}

/// C's `memcpy`.
///
/// # Safety
/// As C's: both ranges valid, not overlapping.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(target: *mut u8, source: *const u8, bytes: usize) -> *mut u8 {
    // SAFETY: the caller's ranges; the direction flag is clear by the ABI.
    unsafe {
        asm!("rep movsb", inout("rcx") bytes => _, inout("rdi") target => _,
            inout("rsi") source => _, options(nostack, preserves_flags));
    }
    target
}

/// C's `memmove`.
///
/// # Safety
/// As C's: both ranges valid.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(target: *mut u8, source: *const u8, bytes: usize) -> *mut u8 {
    if (target as usize).wrapping_sub(source as usize) >= bytes {
        // SAFETY: the target does not begin inside the source, so copying
        // upwards reads every byte before it is overwritten.
        return unsafe { memcpy(target, source, bytes) };
    }
    // SAFETY: the caller's ranges, copied downwards; the flag is cleared again.
    unsafe {
        asm!("std", "rep movsb", "cld", inout("rcx") bytes => _,
            inout("rdi") target.add(bytes).sub(1) => _,
            inout("rsi") source.add(bytes).sub(1) => _, options(nostack));
    }
    target
}

/// C's `memset`.
///
/// # Safety
/// As C's: the range is valid.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(target: *mut u8, value: i32, bytes: usize) -> *mut u8 {
    // SAFETY: the caller's range; the direction flag is clear by the ABI.
    unsafe {
        asm!("rep stosb", inout("rcx") bytes => _, inout("rdi") target => _,
            in("al") value as u8, options(nostack, preserves_flags));
    }
    target
}

/// C's `memcmp`.
///
/// # Safety
/// As C's: both ranges valid.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, bytes: usize) -> i32 {
    for offset in 0..bytes {
        // SAFETY: inside the caller's ranges; volatile, so that the loop is
        // not turned into a call of this very function.
        let (one, other) = unsafe {
            (
                left.add(offset).read_volatile(),
                right.add(offset).read_volatile(),
            )
        };
        if one != other {
            return i32::from(one) - i32::from(other);
        }
    }
    0
}
