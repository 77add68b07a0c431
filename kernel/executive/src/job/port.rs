//! The completion port that is told what becomes of a job's processes.

use hal::Ref;

use super::Job;
use crate::io::{IoCompletion, Packet};
use crate::{Error, process::Process};

/// The port, and its key for the job.
pub(super) struct JobPort {
    completion: Ref<IoCompletion>,
    key: u64,
}

/// What it is told (NT `JOB_OBJECT_MSG_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Message {
    /// The time of all processes is used up.
    EndOfJobTime = 1,
    /// That of a process is, which is ended.
    EndOfProcessTime = 2,
    /// There would be too many processes.
    ActiveProcessLimit = 3,
    /// No process is left.
    ActiveProcessZero = 4,
    /// A process has come.
    NewProcess = 6,
    /// One has ended.
    ExitProcess = 7,
    /// One has ended by an exception.
    AbnormalExitProcess = 8,
    /// One would commit more than each may.
    ProcessMemoryLimit = 9,
    /// One would commit more than all may.
    JobMemoryLimit = 10,
    /// A limit is passed that is only reported.
    NotificationLimit = 11,
}

/// Statuses of processes that exceptions ended, which nobody dealt with.
const ABNORMAL: [u32; 22] = [
    0x8000_0001, // STATUS_GUARD_PAGE_VIOLATION
    0x8000_0002, // STATUS_DATATYPE_MISALIGNMENT
    0x8000_0003, // STATUS_BREAKPOINT
    0x8000_0004, // STATUS_SINGLE_STEP
    0xC000_0005, // STATUS_ACCESS_VIOLATION
    0xC000_0006, // STATUS_IN_PAGE_ERROR
    0xC000_001D, // STATUS_ILLEGAL_INSTRUCTION
    0xC000_0025, // STATUS_NONCONTINUABLE_EXCEPTION
    0xC000_0026, // STATUS_INVALID_DISPOSITION
    0xC000_008C, // STATUS_ARRAY_BOUNDS_EXCEEDED
    0xC000_008D, // STATUS_FLOAT_DENORMAL_OPERAND
    0xC000_008E, // STATUS_FLOAT_DIVIDE_BY_ZERO
    0xC000_008F, // STATUS_FLOAT_INEXACT_RESULT
    0xC000_0090, // STATUS_FLOAT_INVALID_OPERATION
    0xC000_0091, // STATUS_FLOAT_OVERFLOW
    0xC000_0092, // STATUS_FLOAT_STACK_CHECK
    0xC000_0093, // STATUS_FLOAT_UNDERFLOW
    0xC000_0094, // STATUS_INTEGER_DIVIDE_BY_ZERO
    0xC000_0095, // STATUS_INTEGER_OVERFLOW
    0xC000_0096, // STATUS_PRIVILEGED_INSTRUCTION
    0xC000_00FD, // STATUS_STACK_OVERFLOW
    0xC000_013A, // STATUS_CONTROL_C_EXIT
];

impl Message {
    /// That of a process's end.
    pub(super) fn of_end(process: &Process) -> Self {
        match process.ending() {
            Some(status) if ABNORMAL.contains(&status) => Self::AbnormalExitProcess,
            _ => Self::ExitProcess,
        }
    }
}

impl Job {
    /// Has a port told of its processes, first of those that there are. Once.
    pub fn set_port(&self, completion: Ref<IoCompletion>, key: u64) -> Result<(), Error> {
        let mut port = Some(JobPort { completion, key });
        self.port.call_once(|| match port.take() {
            Some(port) => port,
            None => unreachable!("it is called once"),
        });
        if port.is_some() {
            return Err(Error::NoPort);
        }
        self.for_each_process(|process| self.tell(Message::NewProcess, process.id()));
        Ok(())
    }

    /// Whether there is a port to be told.
    pub(super) fn has_port(&self) -> bool {
        self.port.get().is_some()
    }

    /// Tells its port, if it has one. Under no lock.
    pub(super) fn tell(&self, message: Message, process: u64) {
        if let Some(port) = self.port.get() {
            let packet = Packet {
                key: port.key,
                value: process,
                status: 0,
                information: u64::from(message as u32),
            };
            // As on NT, a message for which there is no memory does not come.
            let _ = IoCompletion::put(&port.completion, packet);
        }
    }
}
