//! Pipes, and operations that do not wait.
use crate::call;
use crate::object::Name;
use crate::sync::{Handle, made};
use abi::NtStatus;
use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE, SYNCHRONIZE};
use abi::file::*;
use abi::io::IoStatusBlock;
use zerocopy::FromZeros;

/// What a server says of a new instance.
#[derive(Clone, Copy, Debug)]
pub struct NewPipe {
    /// `FILE_*` rights; waiting for it is added.
    pub access: u32,
    /// `FILE_SHARE_*`: which way data go.
    pub share: u32,
    /// What becomes of the name.
    pub disposition: u32,
    /// `FILE_*` options.
    pub options: u32,
    /// 0: bytes; 1: messages.
    pub pipe_type: u32,
    /// How the server reads: 0: bytes; 1: messages.
    pub read_mode: u32,
    /// 0: calls wait; 1: they do not.
    pub completion_mode: u32,
    /// How many instances there may be.
    pub instances: u32,
    /// How many unread bytes need not wait, each way.
    pub quota: u32,
    /// How long clients wait for an instance that do not say.
    pub timeout: i64,
}

impl NewPipe {
    /// A pipe of bytes both ways, whose calls wait.
    pub const BYTES: Self = Self {
        access: FILE_GENERIC_READ | FILE_GENERIC_WRITE,
        share: FILE_SHARE_READ | FILE_SHARE_WRITE,
        disposition: FILE_OPEN_IF,
        options: FILE_SYNCHRONOUS_IO_NONALERT,
        pipe_type: 0,
        read_mode: 0,
        completion_mode: 0,
        instances: u32::MAX,
        quota: 4096,
        timeout: -500_000,
    };
    /// One of messages.
    pub const MESSAGES: Self = Self {
        pipe_type: 1,
        read_mode: 1,
        ..Self::BYTES
    };

    /// The same whose handles do not wait.
    #[must_use]
    pub fn overlapped(self) -> Self {
        Self { options: 0, ..self }
    }
}

/// Makes an instance of a pipe; what was done comes too.
pub fn create(name: &Name, new: &NewPipe) -> Result<(Handle, u64), NtStatus> {
    let mut result = IoStatusBlock::new_zeroed();
    let at = &raw mut result as u64;
    let handle = name.with_attributes(|attributes| {
        // SAFETY: writes handle and result, reads name and timeout.
        made(|handle| unsafe {
            call::nt_create_named_pipe_file(
                handle,
                (new.access | SYNCHRONIZE).into(),
                attributes,
                at,
                new.share.into(),
                new.disposition.into(),
                new.options.into(),
                new.pipe_type.into(),
                new.read_mode.into(),
                new.completion_mode.into(),
                new.instances.into(),
                new.quota.into(),
                new.quota.into(),
                &raw const new.timeout as u64,
            )
        })
    })?;
    Ok((handle, result.information))
}

/// An operation that was begun, and its result once it is over. It must stay where
/// it is until then.
pub struct Operation {
    /// Where the result is written.
    pub block: IoStatusBlock,
    /// What is signalled at the end; none: the file is.
    pub event: u64,
    /// What is called at the end, or 0.
    pub apc: u64,
    /// What it is called with, or a completion port is told.
    pub context: u64,
}

impl Default for Operation {
    fn default() -> Self {
        Self::new()
    }
}

impl Operation {
    /// One that nobody is told of but by its result.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            block: IoStatusBlock {
                status: NtStatus::PENDING,
                reserved_04: 0,
                information: 0,
            },
            event: 0,
            apc: 0,
            context: 0,
        }
    }

    /// The result: status and how much.
    #[must_use]
    pub fn result(&self) -> (NtStatus, u64) {
        // SAFETY: the kernel writes it while the program runs.
        let block = unsafe { (&raw const self.block).read_volatile() };
        (block.status, block.information)
    }

    fn block_at(&mut self) -> u64 {
        &raw mut self.block as u64
    }

    /// Reads.
    ///
    /// # Safety
    /// The buffer and this stay where they are, and are not used, until it is over.
    pub unsafe fn read(&mut self, file: &Handle, to: *mut u8, length: usize) -> NtStatus {
        let (event, apc, context) = (self.event, self.apc, self.context);
        let (block, offset) = (self.block_at(), 0_u64);
        // SAFETY: the caller's promise.
        unsafe {
            call::nt_read_file(
                file.raw(),
                event,
                apc,
                context,
                block,
                to as u64,
                length as u64,
                &raw const offset as u64,
                0,
            )
        }
    }

    /// Writes.
    ///
    /// # Safety
    /// This stays where it is until it is over.
    pub unsafe fn write(&mut self, file: &Handle, from: &[u8]) -> NtStatus {
        let (event, apc, context) = (self.event, self.apc, self.context);
        let (block, offset) = (self.block_at(), 0_u64);
        // SAFETY: the caller's promise.
        unsafe {
            call::nt_write_file(
                file.raw(),
                event,
                apc,
                context,
                block,
                from.as_ptr() as u64,
                from.len() as u64,
                &raw const offset as u64,
                0,
            )
        }
    }

    /// Begins what a code of file systems says.
    ///
    /// # Safety
    /// The output and this stay where they are, and are not used, until it is over.
    pub unsafe fn control(
        &mut self,
        file: &Handle,
        code: u32,
        input: &[u8],
        output: *mut u8,
        length: usize,
    ) -> NtStatus {
        let (event, apc, context) = (self.event, self.apc, self.context);
        let block = self.block_at();
        // SAFETY: the caller's promise.
        unsafe {
            call::nt_fs_control_file(
                file.raw(),
                event,
                apc,
                context,
                block,
                code.into(),
                input.as_ptr() as u64,
                input.len() as u64,
                output as u64,
                length as u64,
            )
        }
    }

    /// Cancels it.
    pub fn cancel(&mut self, file: &Handle) -> NtStatus {
        let mut result = IoStatusBlock::new_zeroed();
        // SAFETY: writes the result only.
        unsafe { call::nt_cancel_io_file_ex(file.raw(), self.block_at(), &raw mut result as u64) }
    }
}

/// Does what a code of file systems says, and waits; how many bytes came.
pub fn control(
    file: &Handle,
    code: u32,
    input: &[u8],
    output: &mut [u8],
) -> Result<usize, NtStatus> {
    let (status, bytes) = control_status(file, code, input, output);
    status.is_success().then_some(bytes).ok_or(status)
}

/// The same, with the status whatever it is.
pub fn control_status(
    file: &Handle,
    code: u32,
    input: &[u8],
    output: &mut [u8],
) -> (NtStatus, usize) {
    let mut operation = Operation::new();
    // SAFETY: handles that do not wait are not used for this.
    let status = unsafe { operation.control(file, code, input, output.as_mut_ptr(), output.len()) };
    (status, operation.result().1 as usize)
}

/// Cancels what this thread has asked of a file.
pub fn cancel_own(file: &Handle) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: writes the result only.
    unsafe { call::nt_cancel_io_file(file.raw(), &raw mut result as u64) }
}

/// Cancels what a thread waits for.
pub fn cancel_waiting(thread: &Handle) -> NtStatus {
    let mut result = IoStatusBlock::new_zeroed();
    // SAFETY: writes the result only.
    unsafe { call::nt_cancel_synchronous_io_file(thread.raw(), 0, &raw mut result as u64) }
}
