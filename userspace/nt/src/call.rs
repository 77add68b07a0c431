//! The system-call stubs, made from the list in `abi::services`.
use abi::NtStatus;
use core::arch::naked_asm;

/// Most arguments a call can have.
pub const ARGUMENTS_MAX: usize = 9;

/// Writes one stub for each entry of the list; every argument is 64 bits wide.
macro_rules! stubs {
    ($(
        $number:literal $name:ident $function:ident
        ($($argument:ident: $kind:ident),*)
        ($($coverage:tt)*) $file:literal [$($test:literal),*];
    )*) => {$(
        #[doc = concat!("`", stringify!($name), "`")]
        ///
        /// # Safety
        /// The call must not take away or change memory that Rust relies on.
        #[unsafe(naked)]
        #[allow(clippy::too_many_arguments, reason = "NT's signature")]
        pub unsafe extern "system" fn $function($($argument: u64),*) -> NtStatus {
            naked_asm!(
                "mov r10, rcx",
                "mov eax, {number}",
                "syscall",
                "ret",
                number = const $number,
            )
        }
    )*};
}
abi::freestanding_services!(stubs);

/// Calls any number with any arguments; returns the whole of rax.
///
/// # Safety
/// The call must not take away or change memory that Rust relies on.
#[must_use]
pub unsafe fn any(number: u64, arguments: [u64; ARGUMENTS_MAX]) -> u64 {
    let [a, b, c, d, e, f, g, h, i] = arguments;
    // SAFETY: the caller's promise, passed on.
    unsafe { any_stub(a, b, c, d, e, f, g, h, i, number) }
}

/// As the stubs above, with all of rax taken from the tenth argument.
#[unsafe(naked)]
#[allow(clippy::too_many_arguments, reason = "nine arguments and the number")]
unsafe extern "system" fn any_stub(
    a: u64,
    b: u64,
    c: u64,
    d: u64,
    e: u64,
    f: u64,
    g: u64,
    h: u64,
    i: u64,
    number: u64,
) -> u64 {
    naked_asm!("mov r10, rcx", "mov rax, [rsp + 0x50]", "syscall", "ret")
}
