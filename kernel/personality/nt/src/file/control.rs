//! Control codes: what devices and file systems can do besides.

use abi::NtStatus;
use abi::file::*;
use alloc::vec::Vec;
use executive::io::{self, Answer, Asked, Begun, File, Target, VolumeId, name};
use executive::memory::commitment_counts;
use executive::process::IoKind;
use executive::token::{ImpersonationLevel, TokenKind};
use hal::{Ref, user};
use sched::Deadline;
use vm::PAGE_SIZE;
use zerocopy::{FromBytes, Immutable, IntoBytes};

use super::afd;
use super::console;
use super::operation::Operation;
use super::pipe;
use super::volume::{SECTOR_BYTES, serial_number};
use crate::call::{Call, Outcome, probe_bytes, refused, violation};
use crate::wait::until;

/// The most bytes that a control code takes: none needs more but a message.
const MOST_INPUT: u32 = 0x10_0000;
/// The part of a code that says what a caller must be able to do.
const ACCESS_SHIFT: u32 = 14;
const ACCESS_MASK: u32 = 3;

/// The arguments that both services have in common.
pub(super) struct Control {
    pub(super) operation: Operation,
    pub(super) code: u32,
    /// Where the input is; some codes mean something else by it.
    pub(super) input_at: u64,
    pub(super) input: Vec<u8>,
    pub(super) output: u64,
    pub(super) output_length: usize,
}

impl Control {
    fn read(call: &Call<'_>) -> Result<Self, NtStatus> {
        let operation = Operation::read(call)?;
        let (code, input_at, length) = (call.value32(5)?, call.word(6)?, call.value32(7)?);
        if length > MOST_INPUT {
            return Err(NtStatus::INSUFFICIENT_RESOURCES);
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let mut input = Vec::new();
        let reserved = input.try_reserve_exact(length);
        reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        input.resize(length, 0);
        user::copy_in(&mut input, input_at).map_err(violation)?;
        let (output, output_length) = (call.word(8)?, call.value32(9)?);
        // Before anything is done whose result would be lost.
        probe_bytes(output, output_length.into())?;
        Ok(Self {
            operation,
            code,
            input_at,
            input,
            output,
            output_length: usize::try_from(output_length).unwrap_or(usize::MAX),
        })
    }

    /// An answer of a fixed size, if there is room for it.
    fn answer(&self, value: &(impl IntoBytes + Immutable)) -> Result<Answer, NtStatus> {
        self.answer_bytes(value.as_bytes())
    }

    /// The same as bytes.
    #[inline(never)]
    pub(super) fn answer_bytes(&self, bytes: &[u8]) -> Result<Answer, NtStatus> {
        if self.output_length < bytes.len() {
            return Err(NtStatus::BUFFER_TOO_SMALL);
        }
        let mut data = Vec::new();
        let reserved = data.try_reserve_exact(bytes.len());
        reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        data.extend_from_slice(bytes);
        Ok(Answer {
            information: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            data: data.into(),
            ..Answer::default()
        })
    }

    /// The rights that the code's holder must have.
    fn access(&self) -> u32 {
        // FILE_READ_ACCESS and FILE_WRITE_ACCESS are FILE_READ_DATA and FILE_WRITE_DATA.
        self.code >> ACCESS_SHIFT & ACCESS_MASK
    }
}

/// NtFsControlFile(file, event, apc, context, result, code, input, input length, output,
/// output length)
pub(crate) fn nt_fs_control_file(call: &Call<'_>) -> Outcome {
    let control = Control::read(call)?;
    let file = call.file(0, control.access())?;
    let asked = control.operation.begin(call, &file, IoKind::Other)?;
    match file.target() {
        Target::Pipes(_) if control.code == FSCTL_PIPE_WAIT => wait(call, &control, &file),
        Target::Pipe(_) | Target::Host(_) => {
            let begun = control_pipe(&asked, &control, &file)?;
            control.operation.end(&asked, &begun, control.output)
        }
        Target::Node(_) | Target::Volume(_) => {
            let answer = control_volume(&control, file.target())?;
            let begun = Begun::Done(answer);
            control.operation.end(&asked, &begun, control.output)
        }
        _ => Err(NtStatus::INVALID_DEVICE_REQUEST),
    }
}

/// The volume has no reparse points, object identifiers or compression, as it says
/// of itself, and is the one that the system runs from.
fn control_volume(control: &Control, target: &Target) -> Result<Answer, NtStatus> {
    /// `COMPRESSION_FORMAT_NONE`
    const NOT_COMPRESSED: u16 = 0;
    let is_volume = matches!(target, Target::Volume(_));
    match control.code {
        FSCTL_IS_VOLUME_MOUNTED => Ok(Answer::default()),
        FSCTL_LOCK_VOLUME | FSCTL_DISMOUNT_VOLUME if is_volume => Err(NtStatus::ACCESS_DENIED),
        FSCTL_UNLOCK_VOLUME if is_volume => Err(NtStatus::NOT_LOCKED),
        FSCTL_LOCK_VOLUME | FSCTL_DISMOUNT_VOLUME | FSCTL_UNLOCK_VOLUME => {
            Err(NtStatus::INVALID_PARAMETER)
        }
        _ if is_volume => Err(NtStatus::INVALID_DEVICE_REQUEST),
        FSCTL_GET_REPARSE_POINT => Err(NtStatus::NOT_A_REPARSE_POINT),
        FSCTL_GET_OBJECT_ID => Err(NtStatus::OBJECTID_NOT_FOUND),
        FSCTL_CREATE_OR_GET_OBJECT_ID => control.answer(&object_id(target)),
        FSCTL_GET_COMPRESSION => control.answer(&NOT_COMPRESSED),
        _ => Err(NtStatus::INVALID_DEVICE_REQUEST),
    }
}

/// `FILE_OBJECTID_BUFFER` of a file: its number and its volume's, where it was made with
/// the same, and no domain.
fn object_id(target: &Target) -> [u64; 8] {
    let (number, serial) = match target {
        Target::Node(node) => (node.id(), serial_number(node.volume()).into()),
        _ => (0, 0),
    };
    [number, serial, serial, 0, number, serial, 0, 0]
}

/// NtDeviceIoControlFile(file, event, apc, context, result, code, input, input length,
/// output, output length)
///
/// Where the serial line is the console, that is a stream of bytes, and has no codes.
pub(crate) fn nt_device_io_control_file(call: &Call<'_>) -> Outcome {
    let control = Control::read(call)?;
    let file = call.file(0, control.access())?;
    if let Target::Socket(socket) = file.target() {
        return afd::control(call, &control, &file, socket);
    }
    let asked = control.operation.begin(call, &file, IoKind::Other)?;
    match file.target() {
        Target::Volume(volume) => {
            let begun = Begun::Done(control_disk(&control, *volume)?);
            control.operation.end(&asked, &begun, control.output)
        }
        Target::Terminal(terminal) => console::control(call, &control, &asked, terminal),
        // Only the volume's handle reaches its disk.
        Target::Node(_) => Err(NtStatus::INVALID_PARAMETER),
        _ => Err(NtStatus::INVALID_DEVICE_REQUEST),
    }
}

/// The volume as the only partition of a fixed disk, which is what programs take it
/// for.
fn control_disk(control: &Control, volume: VolumeId) -> Result<Answer, NtStatus> {
    /// As all disks say that have no such thing.
    const SECTORS_PER_TRACK: u32 = 63;
    const TRACKS_PER_CYLINDER: u32 = 255;
    const CYLINDER_BYTES: u64 = (SECTORS_PER_TRACK * TRACKS_PER_CYLINDER * SECTOR_BYTES) as u64;
    let bytes = commitment_counts().limit.saturating_mul(PAGE_SIZE);
    match control.code {
        IOCTL_DISK_IS_WRITABLE | IOCTL_STORAGE_CHECK_VERIFY => Ok(Answer::default()),
        IOCTL_DISK_GET_LENGTH_INFO => control.answer(&bytes),
        IOCTL_DISK_GET_DRIVE_GEOMETRY => control.answer(&DiskGeometry {
            cylinders: i64::try_from(bytes.wrapping_div(CYLINDER_BYTES)).unwrap_or(i64::MAX),
            media_type: FIXED_MEDIA,
            tracks_per_cylinder: TRACKS_PER_CYLINDER,
            sectors_per_track: SECTORS_PER_TRACK,
            bytes_per_sector: SECTOR_BYTES,
        }),
        IOCTL_STORAGE_GET_DEVICE_NUMBER => control.answer(&StorageDeviceNumber {
            device_type: FILE_DEVICE_DISK,
            device_number: 0,
            partition_number: 1,
        }),
        IOCTL_MOUNTDEV_QUERY_DEVICE_NAME => device_name(control, volume),
        _ => Err(NtStatus::INVALID_DEVICE_REQUEST),
    }
}

/// MOUNTDEV_NAME: a length and as much of a name, of which the caller gets at least
/// the length.
fn device_name(control: &Control, volume: VolumeId) -> Result<Answer, NtStatus> {
    const LEAST_BYTES: usize = 4;
    if control.output_length < LEAST_BYTES {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let name = name::of_volume(volume).map_err(refused)?;
    let name = name.as_bytes();
    let length = u16::try_from(name.len()).map_err(|_| NtStatus::NAME_TOO_LONG)?;
    let mut data = Vec::new();
    let reserved = data.try_reserve_exact(name.len().saturating_add(size_of::<u16>()));
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    data.extend_from_slice(&length.to_le_bytes());
    data.extend_from_slice(name);
    let mut status = NtStatus::SUCCESS;
    if control.output_length < data.len() {
        data.truncate(LEAST_BYTES);
        status = NtStatus::BUFFER_OVERFLOW;
    }
    Ok(Answer {
        status: status.0,
        information: u64::try_from(data.len()).unwrap_or(u64::MAX),
        data: data.into(),
    })
}

fn control_pipe(asked: &Asked<'_>, control: &Control, file: &Ref<File>) -> Result<Begun, NtStatus> {
    if control.code == FSCTL_PIPE_PEEK {
        return peek(control, file);
    }
    let end = file.pipe().map_err(refused)?;
    let begun = match control.code {
        FSCTL_PIPE_LISTEN => end.listen(asked),
        FSCTL_PIPE_DISCONNECT => end.disconnect().map(|()| Begun::Done(Answer::default())),
        FSCTL_PIPE_IMPERSONATE => {
            let client = end.client_token().map_err(refused)?;
            // Those of a client's process are not for threads.
            let kind = match client.kind() {
                TokenKind::Primary => TokenKind::Impersonation(ImpersonationLevel::Impersonation),
                kind => kind,
            };
            let token = client.duplicate(kind, |_| ()).map_err(refused)?;
            asked.thread.set_token(Some(token));
            Ok(Begun::Done(Answer::default()))
        }
        FSCTL_PIPE_QUERY_CLIENT_PROCESS => {
            let client_process = end.client_process().ok_or(NtStatus::NOT_FOUND)?;
            let buffer = FilePipeClientProcessBuffer {
                client_session: 0,
                client_process,
            };
            return control.answer(&buffer).map(Begun::Done);
        }
        FSCTL_PIPE_GET_PIPE_ATTRIBUTE | FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE => {
            let value = pipe::attribute(end, control.code, &control.input)?;
            return control.answer(&value).map(Begun::Done);
        }
        FSCTL_PIPE_TRANSCEIVE => {
            let mut message = Vec::new();
            let reserved = message.try_reserve_exact(control.input.len());
            reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
            message.extend_from_slice(&control.input);
            end.transceive(asked, message, control.output, control.output_length)
        }
        _ => return Err(NtStatus::INVALID_DEVICE_REQUEST),
    };
    begun.map_err(refused)
}

fn peek(control: &Control, file: &File) -> Result<Begun, NtStatus> {
    let room = control
        .output_length
        .checked_sub(size_of::<FilePipePeekBuffer>())
        .ok_or(NtStatus::INFO_LENGTH_MISMATCH)?;
    let (peeked, bytes) = file.peek_pipe(room).map_err(refused)?;
    let header = FilePipePeekBuffer {
        named_pipe_state: peeked.state as u32,
        read_data_available: peeked.read_data_available,
        number_of_messages: peeked.number_of_messages,
        message_length: peeked.message_length,
    };
    let mut data = Vec::new();
    let header = header.as_bytes();
    let reserved = data.try_reserve_exact(header.len().saturating_add(bytes.len()));
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    data.extend_from_slice(header);
    data.extend_from_slice(&bytes);
    Ok(Begun::Done(Answer {
        status: peeked.status.status_code(),
        information: u64::try_from(data.len()).unwrap_or(u64::MAX),
        data: data.into(),
    }))
}

/// Waits until a pipe listens. The thread waits whatever its handle is like: only it
/// can look at the clock.
fn wait(call: &Call<'_>, control: &Control, file: &Ref<File>) -> Outcome {
    /// Where the name begins.
    const NAME_AT: usize = core::mem::offset_of!(FilePipeWaitForBuffer, reserved_0e);
    let (header, _) = FilePipeWaitForBuffer::read_from_prefix(&control.input)
        .map_err(|_| NtStatus::INVALID_PARAMETER)?;
    let length = usize::try_from(header.name_length).unwrap_or(usize::MAX);
    let name = control
        .input
        .get(NAME_AT..)
        .and_then(|rest| rest.get(..length))
        .filter(|name| name.len().is_multiple_of(2))
        .ok_or(NtStatus::INVALID_PARAMETER)?;
    let mut units = Vec::new();
    let reserved = units.try_reserve_exact(name.len());
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    let (pairs, _) = name.as_chunks::<2>();
    units.extend(pairs.iter().map(|pair| u16::from_le_bytes(*pair)));
    let timeout = match header.timeout_specified {
        0 => io::pipe_timeout(&units).map_err(refused)?,
        _ => header.timeout,
    };
    let deadline = match timeout {
        i64::MIN => Deadline::Never,
        time => until(time),
    };
    let asked = control.operation.wait_for(call, file)?;
    let begun = io::wait_for_pipe(&asked, &units).map_err(refused)?;
    control.operation.end_until(&asked, &begun, 0, deadline)
}
