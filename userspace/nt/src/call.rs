//! The system-call stubs, made from the list in `abi::services`.
use abi::NtStatus;
use core::arch::naked_asm;

pub use abi::services::ARGUMENTS_MAX;

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

/// Calls any number with any arguments, further ones being 0; returns the
/// whole of rax.
///
/// # Safety
/// The call must not take away or change memory that Rust relies on.
#[must_use]
pub unsafe fn any<const GIVEN: usize>(number: u64, arguments: [u64; GIVEN]) -> u64 {
    const { assert!(GIVEN <= ARGUMENTS_MAX) };
    let mut all = [0; ARGUMENTS_MAX];
    all[..GIVEN].copy_from_slice(&arguments);
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = all;
    // SAFETY: the caller's promise, passed on.
    unsafe { any_stub(a, b, c, d, e, f, g, h, i, j, k, l, m, n, number) }
}

/// As the stubs above, with all of rax taken from the fifteenth argument.
#[unsafe(naked)]
#[allow(clippy::too_many_arguments, reason = "all arguments and the number")]
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
    j: u64,
    k: u64,
    l: u64,
    m: u64,
    n: u64,
    number: u64,
) -> u64 {
    naked_asm!("mov r10, rcx", "mov rax, [rsp + 0x78]", "syscall", "ret")
}
