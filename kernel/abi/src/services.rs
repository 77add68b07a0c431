//! The one list of the freestanding table's system calls.
//!
//! These numbers are Petrel's own: they are fixed, new calls are added at the
//! end. They hold for programs without an import directory only. Dispatch, the
//! stubs of `userspace/nt`, the names in traces and `kernel/SYSCALLS.md` all
//! come from this list; how a call is made stands in [`crate::entry`].

/// What a call's argument is; decides how it is decoded and attacked in tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A handle or pseudo handle, 64 bits.
    Handle,
    /// A number of 8 bits; the upper bits are garbage.
    Value8,
    /// A number of 32 bits; the upper half is garbage.
    Value32,
    /// A number or an address that is not followed, 64 bits.
    Value64,
    /// The address of bytes the call reads.
    In,
    /// As [`Kind::In`], or 0.
    InOptional,
    /// The address of bytes the call writes.
    Out,
    /// As [`Kind::Out`], or 0.
    OutOptional,
    /// The address of bytes the call reads and writes.
    InOut,
}

/// How much of NT's call there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Full,
    /// All but what is said here.
    Partial(&'static str),
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
    /// Its arguments in order.
    pub arguments: &'static [Argument],
    /// How much of it there is.
    pub coverage: Coverage,
    /// The file of its handler, from the project's root.
    pub file: &'static str,
    /// The programs of `userspace/programs.json` that test it.
    pub tests: &'static [&'static str],
}

/// Calls `$callback!` with the whole list.
///
/// An entry is `NUMBER NAME FUNCTION(ARGUMENT: KIND, ...) COVERAGE "FILE"
/// ["TEST", ...];` with these macro fragments: literal, ident, ident, ident,
/// ident, a parenthesised token tree, literal, literal.
#[macro_export]
macro_rules! freestanding_services {
    ($callback:ident) => {
        $callback! {
            0 NtClose nt_close(handle: Handle)
                (Full) "kernel/personality/nt/src/object.rs"
                ["hostile", "bench"];
            1 NtWriteFile nt_write_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, buffer: In, length: Value32, offset: InOptional, key: InOptional
            )
                (Partial("console handles only; no event, no APC"))
                "kernel/personality/nt/src/file.rs"
                ["hello", "hostile"];
            2 NtReadFile nt_read_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, buffer: Out, length: Value32, offset: InOptional, key: InOptional
            )
                (Partial("console handles only; no event, no APC"))
                "kernel/personality/nt/src/file.rs"
                ["echo", "hostile"];
            3 NtTerminateProcess nt_terminate_process(process: Handle, status: Value32)
                (Partial("the calling process only"))
                "kernel/personality/nt/src/process.rs"
                ["hello", "hostile"];
            4 NtAllocateVirtualMemory nt_allocate_virtual_memory(
                process: Handle, base: InOut, zero_bits: Value64, size: InOut,
                allocation_type: Value32, protection: Value32
            )
                (Partial("the calling process only; no write watch, physical or large pages"))
                "kernel/personality/nt/src/memory.rs"
                ["memory", "hostile"];
            5 NtFreeVirtualMemory nt_free_virtual_memory(
                process: Handle, base: InOut, size: InOut, free_type: Value32
            )
                (Partial("the calling process only"))
                "kernel/personality/nt/src/memory.rs"
                ["memory", "hostile"];
            6 NtProtectVirtualMemory nt_protect_virtual_memory(
                process: Handle, base: InOut, size: InOut, protection: Value32,
                old_protection: Out
            )
                (Partial("the calling process only; never writable and executable"))
                "kernel/personality/nt/src/memory.rs"
                ["memory", "hostile"];
            7 NtQueryVirtualMemory nt_query_virtual_memory(
                process: Handle, base: Value64, class: Value32, buffer: Out, length: Value64,
                return_length: OutOptional
            )
                (Partial("the calling process and MemoryBasicInformation only"))
                "kernel/personality/nt/src/memory.rs"
                ["memory", "hostile"];
            8 NtYieldExecution nt_yield_execution()
                (Full) "kernel/personality/nt/src/process.rs"
                ["twin", "hostile"];
            9 NtDelayExecution nt_delay_execution(alertable: Value8, interval: In)
                (Partial("no APC ends the delay"))
                "kernel/personality/nt/src/time.rs"
                ["kuser", "hostile"];
            10 NtQuerySystemTime nt_query_system_time(time: Out)
                (Full) "kernel/personality/nt/src/time.rs"
                ["kuser", "hostile"];
            11 NtQueryPerformanceCounter nt_query_performance_counter(
                counter: Out, frequency: OutOptional
            )
                (Full) "kernel/personality/nt/src/time.rs"
                ["kuser", "hostile"];
            12 NtQuerySystemInformation nt_query_system_information(
                class: Value32, buffer: Out, length: Value32, return_length: OutOptional
            )
                (Partial("AvailablePages of SystemPerformanceInformation only"))
                "kernel/personality/nt/src/system.rs"
                ["demand", "hostile"];
        }
    };
}

/// Builds [`FREESTANDING`] and [`numbers`] from the list.
macro_rules! table {
    ($(
        $number:literal $name:ident $function:ident
        ($($argument:ident: $kind:ident),*)
        ($($coverage:tt)*) $file:literal [$($test:literal),*];
    )*) => {
        /// The table, indexed by number.
        pub const FREESTANDING: &[Service] = &[$(
            Service {
                number: $number,
                name: stringify!($name),
                arguments: &[$(
                    Argument { name: stringify!($argument), kind: Kind::$kind }
                ),*],
                coverage: Coverage::$($coverage)*,
                file: $file,
                tests: &[$($test),*],
            }
        ),*];

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

#[cfg(test)]
mod tests {
    use super::FREESTANDING;

    #[test]
    fn numbers_are_the_positions() {
        for (position, service) in FREESTANDING.iter().enumerate() {
            assert_eq!(service.number as usize, position, "{}", service.name);
        }
    }

    #[test]
    fn every_call_has_a_test_and_names_are_unique() {
        for (position, service) in FREESTANDING.iter().enumerate() {
            assert!(!service.tests.is_empty(), "{}", service.name);
            let later = &FREESTANDING[position + 1..];
            assert!(later.iter().all(|other| other.name != service.name));
        }
    }
}
