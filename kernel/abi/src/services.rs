//! The one list of system calls: every service of NT that Wine 10 has.
//!
//! The names are those of W, appendix A. The numbers are Petrel's own and
//! fixed; they hold for programs without an import directory only. Dispatch,
//! the stubs of `userspace/nt`, the names in traces and `kernel/SYSCALLS.md`
//! all come from this list; how a call is made stands in [`crate::entry`].
//!
//! The list is in parts, one a family of objects. A service gets a handler by
//! one change: its entry's last line says coverage, file and tests.

mod family;
mod kind;
mod meaning;
mod wine;

mod file;
mod memory;
mod message;
mod object;
mod process;
mod registry;
mod system;
mod thread;
mod token;
mod wait;

pub use family::Family;
pub use kind::Kind;
pub use meaning::{ArgumentName, Meaning, Shown};
pub use wine::WINE;

/// Most arguments a call has: those of `NtCreateNamedPipeFile`.
pub const ARGUMENTS_MAX: usize = 14;

/// How much of NT's call there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Full,
    /// All but what is said here.
    Partial(&'static str),
    /// Nothing: the call returns `STATUS_NOT_IMPLEMENTED`.
    None,
}

/// One argument of a call.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
}

/// One system call.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Its number in the freestanding table.
    pub number: u32,
    /// NT's name.
    pub name: &'static str,
    /// The name of its handler and of its stub.
    pub function: &'static str,
    /// The part of the list it is in.
    pub family: Family,
    /// Its arguments in order.
    pub arguments: &'static [Argument],
    /// How much of it there is.
    pub coverage: Coverage,
    /// The file of its handler, from the project's root; empty without one.
    pub file: &'static str,
    /// The programs of `userspace/programs.json` that test it.
    pub tests: &'static [&'static str],
}

impl Service {
    /// Whether there is a handler.
    #[must_use]
    pub const fn is_served(&self) -> bool {
        !matches!(self.coverage, Coverage::None)
    }
}

/// Calls `$callback!` with the whole list, which is in no order.
///
/// An entry is `NUMBER NAME FUNCTION(ARGUMENT: KIND, ...) (COVERAGE) "FILE"
/// ["TEST", ...];` with these macro fragments: literal, ident, ident, ident,
/// ident, a parenthesised token tree, literal, literal. Without a handler the
/// rest of the entry is `(None) "" [];`.
#[macro_export]
macro_rules! freestanding_services {
    ($callback:ident) => {
        $crate::next_services! { $callback [
            object_services wait_services thread_services process_services memory_services
            file_services registry_services token_services message_services system_services
        ] }
    };
}

/// Lets the next part of the list add its entries, or calls back at the end.
#[doc(hidden)]
#[macro_export]
macro_rules! next_services {
    ($callback:ident [] $($entries:tt)*) => {
        $callback! { $($entries)* }
    };
    ($callback:ident [$next:ident $($later:ident)*] $($entries:tt)*) => {
        $crate::$next! { $callback [$($later)*] $($entries)* }
    };
}

/// Builds [`FREESTANDING`] and [`numbers`] from the list.
macro_rules! table {
    ($(
        $number:literal $name:ident $function:ident
        ($($argument:ident: $kind:ident),*)
        ($($coverage:tt)*) $file:literal [$($test:literal),*];
    )*) => {
        /// How many calls there are; their numbers are those below.
        pub const COUNT: usize = [$($number),*].len();

        static TABLE: [Service; COUNT] = {
            let mut table = [None; COUNT];
            $(
                table[$number] = Some(Service {
                    number: $number,
                    name: stringify!($name),
                    function: stringify!($function),
                    family: Family::of($number),
                    arguments: &[$(
                        Argument { name: stringify!($argument), kind: Kind::$kind }
                    ),*],
                    coverage: Coverage::$($coverage)*,
                    file: $file,
                    tests: &[$($test),*],
                });
            )*
            in_order(table)
        };

        /// The numbers alone, by NT's names; for assembly.
        #[allow(non_upper_case_globals, reason = "NT's names")]
        pub mod numbers {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                pub const $name: u32 = $number;
            )*
        }
    };
}
freestanding_services!(table);

/// The table, indexed by number. It is not a constant, of which each crate that uses
/// it would have a copy.
pub static FREESTANDING: &[Service] = &TABLE;

/// Unwraps the table; a number that is used twice leaves another one unused,
/// which ends the build here.
#[allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler only"
)]
const fn in_order(table: [Option<Service>; COUNT]) -> [Service; COUNT] {
    let Some(first) = table[0] else {
        panic!("the list has no call 0");
    };
    let mut complete = [first; COUNT];
    let mut number = 1;
    while number < COUNT {
        match table[number] {
            Some(service) => complete[number] = service,
            None => panic!("the list uses a number twice and leaves one out"),
        }
        number += 1;
    }
    complete
}
