//! What a freestanding program needs: entry, calls, console, memory, panics.
//!
//! The one crate of `userspace/` that holds system-call stubs. A program is
//!
//! ```ignore
//! #![no_std]
//! #![no_main]
//! #![forbid(unsafe_code)]
//! nt::program!("hello", main);
//! fn main(_program: &nt::Program) {
//!     nt::println!("Hello.");
//! }
//! ```
//!
//! and prints `hello: ok` and exits with 0 when `main` returns.
#![no_std]

pub mod atom;
pub mod call;
pub mod completion;
pub mod console;
pub mod exception;
pub mod failures;
pub mod file;
pub mod information;
pub mod job;
pub mod machine;
pub mod memory;
pub mod nls;
pub mod object;
mod panic;
pub mod pipe;
pub mod probe;
pub mod process;
pub mod program;
pub mod registry;
mod runtime;
pub mod section;
pub mod security;
pub mod sync;
pub mod system;
mod text;
pub mod thread;
pub mod token;
pub mod volume;

pub use abi::NtStatus;
pub use panic::PANIC_STATUS;
pub use program::{Program, exit};
pub use text::Text;

/// Makes `main: fn(&Program)` the program's entry, under the given name.
#[macro_export]
macro_rules! program {
    ($name:literal, $main:path) => {
        /// The entry point named to the linker.
        ///
        /// # Safety
        /// Called once, by the kernel, with the address of the PEB.
        #[unsafe(no_mangle)]
        unsafe extern "system" fn start(peb: *const abi::peb::Peb) -> ! {
            // SAFETY: the kernel's promise, passed on.
            unsafe { $crate::program::start(peb, $name, $main) }
        }
    };
}
