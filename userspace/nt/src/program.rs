//! The running program: entry, parameters, arguments, checks, exit.
use crate::{call, println, text::Text};
use abi::{NtStatus, io::CURRENT_PROCESS, io::UnicodeString};
use abi::{parameters::ProcessParameters, peb::Peb, teb::Teb};
use core::{arch::asm, fmt, slice};

/// What `main` is given.
pub struct Program {
    /// The name the program prints before its results.
    pub name: &'static str,
}

/// Runs `main` and ends the process.
///
/// # Safety
/// `peb` is what the kernel passed to the entry point.
pub unsafe fn start(peb: *const Peb, name: &'static str, main: fn(&Program)) -> ! {
    let program = Program { name };
    program.check("PEB in rcx and in the TEB", peb as u64, teb().peb);
    main(&program);
    println!("{name}: ok");
    exit(NtStatus::SUCCESS)
}

/// Ends the process.
pub fn exit(status: NtStatus) -> ! {
    loop {
        // SAFETY: nothing runs after it.
        let refused = unsafe { call::nt_terminate_process(CURRENT_PROCESS, status.0.into()) };
        println!("NtTerminateProcess returned {refused}");
    }
}

/// The thread's environment block, as the kernel filled it.
pub fn teb() -> &'static Teb {
    let address: *const Teb;
    // SAFETY: gs points at the TEB, whose word 30h is its own address; the
    // block lives as long as the thread.
    unsafe {
        asm!("mov {}, gs:[0x30]", out(reg) address, options(nostack, readonly, preserves_flags));
        &*address
    }
}

/// The lowest usable address of the stack at this moment.
pub fn stack_limit() -> u64 {
    let limit: u64;
    // SAFETY: word 10h of the TEB; read anew because the kernel changes it.
    unsafe { asm!("mov {}, gs:[0x10]", out(reg) limit, options(nostack, preserves_flags)) };
    limit
}

/// The process environment block.
pub fn peb() -> &'static Peb {
    // SAFETY: the kernel maps it for the life of the process.
    unsafe { &*(teb().peb as *const Peb) }
}

/// The parameter block.
pub fn parameters() -> &'static ProcessParameters {
    // SAFETY: the kernel maps it; no program here frees it.
    unsafe { &*(peb().process_parameters as *const ProcessParameters) }
}

/// The characters of a string in the parameter block.
pub fn characters(string: &UnicodeString) -> &'static [u16] {
    let length = usize::from(string.length_bytes / 2);
    if length == 0 {
        return &[];
    }
    // SAFETY: as the block itself.
    unsafe { slice::from_raw_parts(string.buffer as *const u16, length) }
}

impl Program {
    /// The command line cut at spaces outside double quotes, without quotes.
    pub fn arguments(&self) -> impl Iterator<Item = Text> {
        let mut rest = characters(&parameters().command_line);
        core::iter::from_fn(move || {
            let blanks = rest.iter().take_while(|unit| **unit == 0x20).count();
            rest = &rest[blanks..];
            if rest.is_empty() {
                return None;
            }
            let mut quoted = false;
            let length = rest
                .iter()
                .take_while(|unit| {
                    quoted ^= **unit == 0x22;
                    quoted || **unit != 0x20
                })
                .count();
            let (argument, others) = rest.split_at(length);
            rest = others;
            Some(Text::new(
                argument.iter().copied().filter(|unit| *unit != 0x22),
            ))
        })
    }

    /// The lines `NAME=VALUE` of the environment.
    pub fn environment(&self) -> impl Iterator<Item = Text> {
        let parameters = parameters();
        let length = parameters.environment_size_bytes as usize / 2;
        let mut rest: &'static [u16] = match parameters.environment {
            0 => &[],
            // SAFETY: the kernel maps the block with the size it states.
            block => unsafe { slice::from_raw_parts(block as *const u16, length) },
        };
        core::iter::from_fn(move || {
            let length = rest.iter().position(|unit| *unit == 0)?;
            let (line, others) = rest.split_at(length);
            rest = &others[1..];
            (length > 0).then(|| Text::new(line.iter().copied()))
        })
    }

    /// Ends the program with 1 unless `actual` is `expected`.
    pub fn check<T: PartialEq + fmt::Debug>(&self, what: &str, actual: T, expected: T) {
        if actual != expected {
            self.fail(format_args!(
                "{what}: expected {expected:#x?}, got {actual:#x?}"
            ));
        }
    }

    /// Ends the program with 1 unless `holds`.
    pub fn require(&self, what: &str, holds: bool) {
        if !holds {
            self.fail(format_args!("{what}: does not hold"));
        }
    }

    /// The value, or the end of the program with 1 and the status.
    pub fn done<T>(&self, what: &str, result: Result<T, NtStatus>) -> T {
        match result {
            Ok(value) => value,
            Err(status) => self.fail(format_args!("{what}: {status}")),
        }
    }

    /// Says which check failed and ends the program with 1.
    pub fn fail(&self, message: fmt::Arguments<'_>) -> ! {
        println!("{}: FAILED {message}", self.name);
        exit(NtStatus(1))
    }
}
