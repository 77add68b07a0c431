//! Files.

mod afd;
mod cancel;
mod completion_port;
mod console;
mod control;
mod create;
mod directory;
mod extended;
mod information;
mod links;
mod lock;
mod operation;
mod pipe;
mod set_information;
mod set_name;
mod transfer;
mod vectors;
mod volume;
mod volume_set;
mod watch;

pub(crate) use cancel::*;
pub(crate) use completion_port::*;
pub(crate) use control::*;
pub(crate) use create::*;
pub(crate) use directory::*;
pub(crate) use extended::*;
pub(crate) use information::*;
pub(crate) use lock::*;
pub(crate) use operation::Operation;
pub(crate) use pipe::nt_create_named_pipe_file;
pub(crate) use set_information::*;
pub(crate) use transfer::*;
pub(crate) use vectors::*;
pub(crate) use volume::*;
pub(crate) use volume_set::*;
pub(crate) use watch::*;

use abi::NtStatus;
use abi::io::IoStatusBlock;
use executive::io::File;
use executive::object::Object;
use executive::process::Process;
use hal::{Ref, user};
use zerocopy::IntoBytes;

use crate::call::{Call, Outcome, violation, write};
use crate::win32::quirks;

/// Where the result of an operation goes.
struct ResultBlock(u64);

impl ResultBlock {
    /// At an address, which is checked before anything is done.
    fn at(address: u64) -> Result<Self, NtStatus> {
        user::probe(address, size_of::<IoStatusBlock>()).map_err(violation)?;
        Ok(Self(address))
    }

    /// The same, or nowhere for DLLs that give no address.
    fn of_lock(call: &Call<'_>, address: u64) -> Result<Self, NtStatus> {
        match quirks::wants_no_result(call, address) {
            true => Ok(Self(0)),
            false => Self::at(address),
        }
    }

    /// Tells the program. Of an operation that failed at once, only the call's
    /// status does.
    fn set(&self, status: NtStatus, information: u64) -> Outcome {
        if self.0 == 0 {
            return Ok(status);
        }
        write(
            self.0,
            &IoStatusBlock {
                status,
                reserved_04: 0,
                information,
            },
        )?;
        Ok(status)
    }
}

/// Tells a program of a request that was answered after its call.
pub(crate) fn write_result(process: &Process, block: u64, status: NtStatus, information: u64) {
    let result = IoStatusBlock {
        status,
        reserved_04: 0,
        information,
    };
    // Where there is no such memory any more, nobody wants to know.
    let _ = process
        .memory()
        .with(|space| space.write(block, result.as_bytes()));
}

impl Call<'_> {
    /// The open file of a handle argument, whose holder must have this access.
    #[inline]
    pub(crate) fn file(&self, number: usize, wanted: u32) -> Result<Ref<File>, NtStatus> {
        self.file_by(self.word(number)?, wanted)
    }

    /// The open file of a handle, whose holder must have this access.
    pub(crate) fn file_by(&self, handle: u64, wanted: u32) -> Result<Ref<File>, NtStatus> {
        self.typed(handle, wanted, |object| match object {
            Object::File(file) => Some(file),
            _ => None,
        })
    }

    /// The same, with any of these.
    #[inline]
    pub(crate) fn file_for_any(
        &self,
        number: usize,
        wanted: u32,
    ) -> Result<(Ref<File>, u32), NtStatus> {
        let found = self.found(number)?;
        let access = found.access;
        match found.object {
            Object::File(file) if access & wanted != 0 => Ok((file, access)),
            Object::File(_) => Err(NtStatus::ACCESS_DENIED),
            _ => Err(NtStatus::OBJECT_TYPE_MISMATCH),
        }
    }
}
