//! A call as one line of text.

use core::fmt::{self, Write};

use abi::NtStatus;
use abi::display::Status;
use abi::services::Service;

use crate::caller::Caller;
use crate::decode::{Arguments, inputs, outputs};

/// Arguments in registers: what is shown of a call without a service.
pub(crate) const REGISTERS: usize = 4;

/// Who calls what.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The number of the process.
    pub process: u64,
    /// The number of the thread.
    pub thread: u64,
    /// The file name of the program.
    pub program: &'a str,
    /// The number of the call.
    pub number: u32,
}

/// Writes the call and what it is made with.
///
/// # Errors
/// Those of `to`.
pub fn write_inputs(
    to: &mut dyn Write,
    head: &Head<'_>,
    service: Option<&Service>,
    arguments: &Arguments,
    caller: &dyn Caller,
) -> fmt::Result {
    let Head {
        process,
        thread,
        program,
        number,
    } = *head;
    write!(to, "nt {process}.{thread} {program} ")?;
    let mut separator = "";
    let mut result = Ok(());
    match service {
        Some(service) => {
            write!(to, "{}(", service.name)?;
            inputs(service, arguments, caller, &mut |name, value| {
                result = result.and_then(|()| write!(to, "{separator}{name}={value}"));
                separator = ", ";
            });
        }
        None => {
            write!(to, "system call {number:#x}(")?;
            for word in arguments.iter().take(REGISTERS).flatten() {
                write!(to, "{separator}{word:#x}")?;
                separator = ", ";
            }
        }
    }
    result?;
    to.write_char(')')
}

/// Writes the result of a call and what it left behind.
///
/// # Errors
/// Those of `to`.
pub fn write_outputs(
    to: &mut dyn Write,
    service: Option<&Service>,
    arguments: &Arguments,
    status: NtStatus,
    caller: &dyn Caller,
) -> fmt::Result {
    write!(to, " -> {}", Status(status))?;
    let Some(service) = service else {
        return Ok(());
    };
    let mut result = Ok(());
    let mut separator = " ";
    outputs(service, arguments, status, caller, &mut |name, value| {
        result = result.and_then(|()| write!(to, "{separator}{name}={value}"));
        separator = ", ";
    });
    result
}
