//! Connections: made and taken.

use abi::NtStatus;
use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE};
use abi::afd::{AfdAcceptIntoInfo, AfdConnectInfo};
use abi::file::{FILE_READ_ATTRIBUTES, FILE_READ_DATA, FILE_WRITE_ATTRIBUTES};
use executive::io::sockets::{Address, Brought, Dial, Ended};
use executive::io::{Answer, File, Listened, Piece, Shape, SocketEnd, Transferred};
use hal::Ref;
use sched::Deadline;

use super::super::control::Control;
use super::{as_bytes, begin, no_room, refused, status, with_capacity};
use crate::call::{Call, Outcome};

/// What precedes an address in an answer: its length.
const LENGTH_BYTES: usize = 4;

fn pieces(control: &Control) -> [Piece; 1] {
    [Piece {
        address: control.output,
        bytes: control.output_length,
    }]
}

fn as_it_is(answer: Answer, _: i64) -> Answer {
    answer
}

/// Takes a connection.
#[cold]
#[inline(never)]
pub(super) fn accept(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    if control.output_length != size_of::<u32>() {
        return Err(NtStatus::BUFFER_TOO_SMALL);
    }
    let asked = begin(call, control, file, false)?;
    let pieces = pieces(control);
    let how = Listened {
        access: FILE_GENERIC_READ | FILE_GENERIC_WRITE,
        shape: Shape {
            make: handle,
            numbers: [0; 2],
        },
    };
    let begun = socket.accept(&asked, &pieces, how).map_err(refused)?;
    control
        .operation
        .end_in_pieces(&asked, begun, &pieces, Deadline::Never, as_it_is, 0)
}

#[cold]
#[inline(never)]
fn handle(ended: Ended, [handle, _]: [u64; 2]) -> Answer {
    let bytes = u32::try_from(handle).unwrap_or(0).to_le_bytes();
    match with_capacity(bytes.len()) {
        Ok(mut data) if ended.status.status_code() == 0 => {
            data.extend_from_slice(&bytes);
            Answer {
                data: data.into(),
                ..Answer::default()
            }
        }
        Ok(_) => Answer::of_status(ended.status.status_code()),
        Err(_) => no_room(),
    }
}

/// Takes a connection with a socket that is there.
#[cold]
#[inline(never)]
pub(super) fn accept_into(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    const ACCESS: u32 = FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | FILE_READ_DATA;
    let info = control.input_of::<AfdAcceptIntoInfo>(NtStatus::BUFFER_TOO_SMALL)?;
    let most = usize::try_from(info.receive_length).unwrap_or(usize::MAX);
    let local = usize::try_from(info.local_length).unwrap_or(usize::MAX);
    let remote = control.output_length.checked_sub(most);
    let remote = remote.and_then(|rest| rest.checked_sub(local));
    let remote = remote.ok_or(NtStatus::BUFFER_TOO_SMALL)?;
    if remote < LENGTH_BYTES {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let into = call.file_by(info.handle.into(), ACCESS)?;
    let into = into.socket().map_err(refused)?;
    let asked = begin(call, control, file, false)?;
    let pieces = pieces(control);
    let lengths = u64::from(info.receive_length) << 32 | u64::from(info.local_length);
    let moved = Transferred {
        pieces: &pieces,
        shape: Shape {
            make: first_bytes,
            numbers: [lengths, u64::try_from(remote).unwrap_or(0)],
        },
    };
    let begun = socket.accept_into(&asked, into, most, &moved);
    let begun = begun.map_err(refused)?;
    control
        .operation
        .end_in_pieces(&asked, begun, &pieces, Deadline::Never, as_it_is, 0)
}

/// The first bytes of a connection and its two addresses, each in its place.
#[cold]
#[inline(never)]
fn first_bytes(ended: Ended, [lengths, remote]: [u64; 2]) -> Answer {
    let size = |number: u64| usize::try_from(number).unwrap_or(0);
    let (most, local) = (size(lengths >> 32), size(lengths & u64::from(u32::MAX)));
    let remote = size(remote);
    let Brought::First(first, own, other) = ended.brought else {
        return Answer::of_status(ended.status.status_code());
    };
    let whole = most.saturating_add(local).saturating_add(remote);
    let Ok(mut data) = with_capacity(whole) else {
        return no_room();
    };
    data.extend_from_slice(&first);
    for (before, room, address) in [
        (most, local, own),
        (most.saturating_add(local), remote, other),
    ] {
        data.resize(before, 0);
        let (bytes, length) = address.write();
        if room < LENGTH_BYTES.saturating_add(length) {
            match room {
                0 => continue,
                _ => return Answer::of_status(NtStatus::BUFFER_TOO_SMALL.0),
            }
        }
        data.extend_from_slice(as_bytes(&u32::try_from(length).unwrap_or(0)));
        data.extend_from_slice(bytes.get(..length).unwrap_or_default());
    }
    Answer {
        information: u64::try_from(ended.bytes).unwrap_or(0),
        data: data.into(),
        ..Answer::default()
    }
}

/// Connects a socket.
#[cold]
#[inline(never)]
pub(super) fn connect(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    let too_small = NtStatus::BUFFER_TOO_SMALL;
    let info = control.input_of::<AfdConnectInfo>(too_small)?;
    let length = usize::try_from(info.address_length).unwrap_or(usize::MAX);
    let (address, first) = control
        .input
        .get(size_of::<AfdConnectInfo>()..)
        .and_then(|rest| rest.split_at_checked(length))
        .ok_or(too_small)?;
    let asked = begin(call, control, file, false)?;
    if let [0, 0, ..] = address {
        // Of no family: datagrams may come from anybody again.
        socket.dissociate().map_err(status)?;
        let begun = executive::io::Begun::Done(Answer::default());
        return control.operation.end(&asked, &begun, 0);
    }
    let address = Address::read(address).map_err(status)?;
    let dial = Dial {
        address,
        must_be_bound: info.synchronous == 0,
        may_be_told_later: info.synchronous != 0,
    };
    let mut data = with_capacity(first.len())?;
    data.extend_from_slice(first);
    let begun = socket.connect(&asked, dial, data).map_err(refused)?;
    control.operation.end(&asked, &begun, 0)
}
