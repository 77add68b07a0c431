//! Guards that a test build can leave out, to show that their tests notice.
//!
//! Each is a cargo feature `without-NAME`, off in every kernel that is meant to
//! be used; `tools/build/cases/security.py` builds kernels without them.

/// SMAP is switched on where the processor has it.
pub(crate) const SMAP: bool = !cfg!(feature = "without-smap");
/// The bounds of user memory are checked before it is copied.
pub(crate) const RANGE_CHECK: bool = !cfg!(feature = "without-range-check");
/// A frame is filled with zeros for its new holder, page tables aside.
pub(crate) const ZEROING: bool = !cfg!(feature = "without-zeroing");
/// SYSCALL clears the flags that would harm the kernel.
pub(crate) const FLAG_MASK: bool = !cfg!(feature = "without-flag-mask");
/// The kernel's code and constants are read-only in the direct map too.
pub(crate) const READ_ONLY_ALIAS: bool = !cfg!(feature = "without-read-only-alias");
/// The pages below the kernel's own stacks are not mapped.
pub(crate) const STACK_GUARD: bool = !cfg!(feature = "without-stack-guard");

/// The guards that this kernel lacks.
pub fn missing() -> impl Iterator<Item = &'static str> {
    let all = [
        ("smap", SMAP),
        ("range-check", RANGE_CHECK),
        ("zeroing", ZEROING),
        ("flag-mask", FLAG_MASK),
        ("read-only-alias", READ_ONLY_ALIAS),
        ("stack-guard", STACK_GUARD),
    ];
    all.into_iter()
        .filter(|(_, is_there)| !is_there)
        .map(|(name, _)| name)
}
