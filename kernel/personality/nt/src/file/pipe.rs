//! Pipes: made, and asked about.

use abi::NtStatus;
use abi::file::*;
use executive::io::pipes::{Creation, Modes};
use executive::io::{self, Done, File, NewPipe, PipeEnd};
use executive::object::{Object, ObjectKind, namespace};

use super::ResultBlock;
use super::create::Options;
use crate::call::{Call, Outcome, read, refused};
use crate::process::SESSION;
use crate::win32::quirks;

/// NtCreateNamedPipeFile(file, access, attributes, result, share, disposition, options,
/// pipe type, read mode, completion mode, instances, inbound quota, outbound quota,
/// timeout)
pub(crate) fn nt_create_named_pipe_file(call: &Call<'_>) -> Outcome {
    let result = ResultBlock::at(call.word(3)?)?;
    let new = call.new_handle(ObjectKind::File)?;
    let options = Options {
        access: new.access(),
        asked: new.asked(),
        share: call.value32(4)?,
        disposition: call.value32(5)?,
        options: call.value32(6)?,
        attributes: 0,
    };
    let mode = options.request()?.mode;
    let pipe_type = call.value32(7)?;
    if pipe_type & !(FILE_PIPE_MESSAGE_TYPE | FILE_PIPE_REJECT_REMOTE_CLIENTS) != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let invalid = |_| NtStatus::INVALID_PARAMETER;
    let pipe_type = pipe_type & FILE_PIPE_MESSAGE_TYPE;
    let server = modes(call.value32(8)?, call.value32(9)?)?;
    let default_timeout = match call.word(13)? {
        0 => 0,
        address => quirks::pipe_timeout(call, read::<i64>(address)?),
    };
    let pipe = NewPipe {
        creation: Creation {
            disposition: options.disposition.try_into().map_err(invalid)?,
            share: options.share,
            pipe_type: pipe_type.try_into().map_err(invalid)?,
            read: server.read,
            maximum_instances: call.value32(10)?,
            default_timeout,
        },
        server,
        inbound_quota: call.value32(11)?,
        outbound_quota: call.value32(12)?,
    };
    let root = new.attributes.root(call)?;
    let name = new.attributes.name().unwrap_or_default();
    if root.is_none() && name.is_empty() {
        return Err(NtStatus::OBJECT_PATH_SYNTAX_BAD);
    }
    let found = namespace::find_device(root, name, new.attributes.walk());
    let (start, rest) = found.map_err(refused)?;
    let (file, done) = io::create_pipe(&start, &rest, &pipe, mode).map_err(refused)?;
    new.give(call, Object::File(file))?;
    let information = match done {
        Done::Created => FILE_CREATED,
        _ => FILE_OPENED,
    };
    result.set(NtStatus::SUCCESS, information)
}

/// From the numbers that a program says.
pub(super) fn modes(read: u32, completion: u32) -> Result<Modes, NtStatus> {
    let invalid = |_| NtStatus::INVALID_PARAMETER;
    Ok(Modes {
        read: read.try_into().map_err(invalid)?,
        completion: completion.try_into().map_err(invalid)?,
    })
}

pub(super) fn information(file: &File) -> Result<FilePipeInformation, NtStatus> {
    let modes = file.pipe_modes().map_err(refused)?;
    Ok(FilePipeInformation {
        read_mode: modes.read as u32,
        completion_mode: modes.completion as u32,
    })
}

pub(super) fn local_information(file: &File) -> Result<FilePipeLocalInformation, NtStatus> {
    let known = file.pipe_information().map_err(refused)?;
    let (current_instances, maximum_instances) = file.pipe_instances().map_err(refused)?;
    Ok(FilePipeLocalInformation {
        named_pipe_type: known.pipe_type as u32,
        named_pipe_configuration: known.configuration as u32,
        maximum_instances,
        current_instances,
        inbound_quota: known.inbound_quota,
        read_data_available: known.read_data_available,
        outbound_quota: known.outbound_quota,
        write_quota_available: known.write_quota_available,
        named_pipe_state: known.state as u32,
        named_pipe_end: known.end,
    })
}

/// What a pipe or its client is asked for by name, which ends with a zero.
pub(super) fn attribute(end: &PipeEnd, code: u32, name: &[u8]) -> Result<u32, NtStatus> {
    let id = |process| u32::try_from(process).map_err(|_| NtStatus::NOT_FOUND);
    match (code, name) {
        (FSCTL_PIPE_GET_PIPE_ATTRIBUTE, b"ServerProcessId\0") => id(end.server_process()),
        (FSCTL_PIPE_GET_PIPE_ATTRIBUTE, b"ServerSessionId\0") => Ok(SESSION),
        (FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, b"ClientProcessId\0") => {
            id(end.client_process().ok_or(NtStatus::NOT_FOUND)?)
        }
        (FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, b"ClientSessionId\0") => {
            end.client_process().ok_or(NtStatus::NOT_FOUND)?;
            Ok(SESSION)
        }
        // As one on this machine, a client has no machine's name.
        _ => Err(NtStatus::NOT_FOUND),
    }
}
