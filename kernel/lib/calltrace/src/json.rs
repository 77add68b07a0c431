//! A call as two records of a trace: how it is made, and what comes of it.

use core::fmt::Write;

use abi::NtStatus;
use abi::display::Status;
use abi::services::Service;
use report::trace::{self, Record, Stamp};

use crate::caller::Caller;
use crate::decode::{Arguments, inputs, outputs};
use crate::text::{Head, REGISTERS};

/// What comes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It returns a status.
    Returns(NtStatus),
    /// Its thread goes on at this address.
    GoesOn(u64),
    /// Its thread ends.
    DoesNotReturn,
}

/// Writes the record of a call that is made.
pub fn write_call(
    to: &mut dyn Write,
    stamp: Stamp,
    head: &Head<'_>,
    service: Option<&Service>,
    arguments: &Arguments,
    caller: &dyn Caller,
) {
    let mut record = Record::begin(to, "call", stamp);
    record.number("process", head.process);
    record.number("thread", head.thread);
    record.number("number", head.number.into());
    match service {
        Some(service) => {
            record.text("name", &service.name);
            record.text("family", &service.family.name());
            record.object("arguments", |record| {
                inputs(service, arguments, caller, &mut |name, value| {
                    record.entry(&name, value);
                });
            });
        }
        None => {
            let number = head.number;
            record.text("name", &format_args!("system call {number:#x}"));
            record.object("arguments", |record| {
                for (name, word) in WORDS.into_iter().zip(arguments.iter().flatten()) {
                    record.address(name, *word);
                }
            });
        }
    }
    record.end();
}

/// What the arguments are called of a call without a service.
const WORDS: [&str; REGISTERS] = ["1", "2", "3", "4"];

/// Writes the record of a call of a thread that is over.
pub fn write_end(
    to: &mut dyn Write,
    stamp: Stamp,
    thread: u64,
    service: Option<&Service>,
    arguments: &Arguments,
    end: End,
    caller: &dyn Caller,
) {
    let mut record = Record::begin(to, "return", stamp);
    record.number("thread", thread);
    match end {
        End::Returns(status) => {
            record.status(trace::Status {
                number: status.0,
                text: &Status(status),
            });
            if let Some(service) = service {
                record.object("left", |record| {
                    outputs(service, arguments, status, caller, &mut |name, value| {
                        record.entry(&name, value);
                    });
                });
            }
        }
        End::GoesOn(address) => {
            record.text("result", &"goes on");
            record.address("at", address);
        }
        End::DoesNotReturn => record.text("result", &"does not return"),
    }
    record.end();
}
