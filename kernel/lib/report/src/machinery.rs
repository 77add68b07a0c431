//! The functions between a panic and the code that panicked.

/// What the names of those functions begin with.
const MACHINERY: [&str; 7] = [
    "hal::panic::describe::",
    "hal::panic::output::",
    "core::panicking::",
    "__rustc::rust_begin_unwind",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
];

/// Whether a function is one of them; a report leaves them out where they lead
/// its frames.
#[must_use]
pub fn is_panic_machinery(name: &str) -> bool {
    MACHINERY.iter().any(|prefix| name.starts_with(prefix))
}
