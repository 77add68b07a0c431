//! Sending and receiving.

use abi::NtStatus;
use abi::afd::*;
use abi::file::FILE_READ_DATA;
use alloc::vec::Vec;
use executive::io::sockets::{Address, Brought, Directions, Ended, Kind, Receive, SendTo, Setting};
use executive::io::{Answer, File, Piece, Shape, SocketEnd, Start, Transferred, gather};
use hal::Ref;
use sched::Deadline;

use super::super::control::Control;
use super::{as_bytes, begin, no_room, refused, status, with_capacity};
use crate::call::{Call, Outcome, probe_bytes, read, read_vec};
use crate::wait::until;

/// The most buffers of one request.
const MOST_BUFFERS: u32 = 0x1_0000;
/// 100 ns in a millisecond.
const MILLISECOND: i64 = 10_000;
/// Of a shape: something beside the data is told of.
const HAS_CONTROL: u64 = 1;
/// Of a shape: the sender's address is.
const HAS_ADDRESS: u64 = 2;

/// Where a program wants to have bytes, or has them.
#[cold]
#[inline(never)]
fn buffers(address: u64, count: u32, first: Vec<Piece>) -> Result<Vec<Piece>, NtStatus> {
    if count > MOST_BUFFERS {
        return Err(NtStatus::INSUFFICIENT_RESOURCES);
    }
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let listed = read_vec::<WsaBuffer>(address, count)?;
    let mut pieces = first;
    let reserved = pieces.try_reserve_exact(count);
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    pieces.extend(listed.iter().map(|buffer| Piece {
        address: buffer.buffer,
        bytes: usize::try_from(buffer.length).unwrap_or(usize::MAX),
    }));
    Ok(pieces)
}

/// What is to be received, and where it goes.
struct Wanted {
    pieces: Vec<Piece>,
    what: Receive,
    shape: Shape,
}

/// Receives, as NT's code says it.
#[cold]
#[inline(never)]
pub(super) fn receive_native(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    const BOTH: u32 = TDI_RECEIVE_NORMAL | TDI_RECEIVE_EXPEDITED;
    let info = control.input_of::<AfdRecvInfo>(NtStatus::INVALID_PARAMETER)?;
    let is_urgent = match info.tdi_flags & BOTH {
        TDI_RECEIVE_NORMAL => false,
        TDI_RECEIVE_EXPEDITED => true,
        _ => return Err(NtStatus::INVALID_PARAMETER),
    };
    let wanted = Wanted {
        pieces: buffers(info.buffers, info.count, Vec::new())?,
        what: Receive {
            most: 0,
            peeks: info.tdi_flags & TDI_RECEIVE_PEEK != 0,
            is_urgent,
            is_forced: info.afd_flags & AFD_OVERLAPPED != 0,
        },
        shape: Shape {
            make: shape,
            numbers: [0; 2],
        },
    };
    receive_wanted(call, control, file, socket, wanted, 0)
}

/// Receives, as the DLLs say it.
#[cold]
#[inline(never)]
pub(super) fn receive(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    let info = control.input_of::<AfdReceiveMessageInfo>(NtStatus::BUFFER_TOO_SMALL)?;
    let flags = match info.flags {
        0 => 0,
        address => read::<u32>(address)?,
    };
    let mut first = Vec::new();
    let reserved = first.try_reserve_exact(3);
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    let mut shape_of = 0;
    if info.control != 0 {
        shape_of |= HAS_CONTROL;
        first.push(Piece {
            address: info.control,
            bytes: size_of::<u32>(),
        });
    }
    let named = socket.named();
    let mut address_bytes = 0;
    if let Some(named) = named
        && named.kind == Kind::Datagram
        && info.address != 0
        && info.address_length != 0
    {
        address_bytes = named.family.address_bytes();
        let room = usize::try_from(read::<u32>(info.address_length)?).unwrap_or(usize::MAX);
        if room < address_bytes {
            return Err(NtStatus::ACCESS_VIOLATION);
        }
        shape_of |= HAS_ADDRESS;
        first.push(Piece {
            address: info.address_length,
            bytes: size_of::<u32>(),
        });
        first.push(Piece {
            address: info.address,
            bytes: address_bytes,
        });
    }
    let before = first.len();
    let wanted = Wanted {
        pieces: buffers(info.buffers, info.count, first)?,
        what: Receive {
            most: 0,
            peeks: flags & MSG_PEEK != 0,
            is_urgent: flags & MSG_OOB != 0,
            is_forced: info.force_async != 0,
        },
        shape: Shape {
            make: shape,
            numbers: [shape_of, u64::try_from(address_bytes).unwrap_or(0)],
        },
    };
    receive_wanted(call, control, file, socket, wanted, before)
}

/// Receives into pieces, of which so many are not for the data.
#[cold]
#[inline(never)]
fn receive_wanted(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
    mut wanted: Wanted,
    before: usize,
) -> Outcome {
    let data = wanted.pieces.get(before..).unwrap_or_default();
    for piece in &wanted.pieces {
        // What was taken out cannot be put back.
        probe_bytes(
            piece.address,
            u64::try_from(piece.bytes).unwrap_or(u64::MAX),
        )?;
    }
    wanted.what.most = data
        .iter()
        .fold(0_usize, |sum, piece| sum.saturating_add(piece.bytes));
    let waits = !wanted.what.is_forced && !socket.does_not_wait();
    let timeout = match waits {
        true => socket.setting(Setting::ReceiveTimeout).unwrap_or(0),
        false => 0,
    };
    let asked = begin(call, control, file, timeout != 0)?;
    let moved = Transferred {
        pieces: &wanted.pieces,
        shape: wanted.shape,
    };
    let begun = socket.receive(&asked, wanted.what, &moved);
    let begun = begun.map_err(refused)?;
    let pieces = &wanted.pieces;
    let deadline = deadline(timeout);
    control
        .operation
        .end_in_pieces(&asked, begun, pieces, deadline, as_it_is, 0)
}

fn deadline(timeout: u32) -> Deadline {
    match timeout {
        0 => Deadline::Never,
        _ => until(
            i64::from(timeout)
                .saturating_mul(MILLISECOND)
                .saturating_neg(),
        ),
    }
}

fn as_it_is(answer: Answer, _: i64) -> Answer {
    answer
}

/// What was received, behind what is told of it.
#[cold]
#[inline(never)]
fn shape(ended: Ended, [has, address_bytes]: [u64; 2]) -> Answer {
    let answer = |data: Vec<u8>| Answer {
        status: ended.status.status_code(),
        information: u64::try_from(ended.bytes).unwrap_or(u64::MAX),
        data: data.into(),
    };
    let (data, from) = match ended.brought {
        Brought::Data(data, from) => (data, from),
        _ => return answer(Vec::new()),
    };
    if has == 0 {
        return answer(data);
    }
    let address_bytes = usize::try_from(address_bytes).unwrap_or(0);
    let told = address_bytes.saturating_add(size_of::<u64>());
    let Ok(mut whole) = with_capacity(data.len().saturating_add(told)) else {
        return no_room();
    };
    if has & HAS_CONTROL != 0 {
        // Nothing of what could be there is.
        whole.extend_from_slice(as_bytes(&0_u32));
    }
    if has & HAS_ADDRESS != 0 {
        let (bytes, length) = match from {
            Some(from) => from.write(),
            None => ([0; _], 0),
        };
        whole.extend_from_slice(as_bytes(&u32::try_from(length).unwrap_or(0)));
        whole.extend_from_slice(bytes.get(..address_bytes).unwrap_or_default());
    }
    whole.extend_from_slice(&data);
    answer(whole)
}

/// Sends.
#[cold]
#[inline(never)]
pub(super) fn send(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    let info = control.input_of::<AfdSendMessageInfo>(NtStatus::BUFFER_TOO_SMALL)?;
    let is_datagram = socket
        .named()
        .is_some_and(|named| named.kind == Kind::Datagram);
    let to = match info.address {
        0 => None,
        _ if !is_datagram => None,
        address => {
            let length = usize::try_from(info.address_length).unwrap_or(usize::MAX);
            let bytes = read_vec::<u8>(address, length.min(128))?;
            let violation = |_| NtStatus::ACCESS_VIOLATION;
            Some(Address::read(&bytes).map_err(violation)?)
        }
    };
    let how = SendTo {
        to,
        is_urgent: info.flags & MSG_OOB != 0,
        is_forced: info.force_async != 0,
    };
    let pieces = buffers(info.buffers, info.count, Vec::new())?;
    let waits = !how.is_forced && !socket.does_not_wait();
    let timeout = match waits {
        true => socket.setting(Setting::SendTimeout).unwrap_or(0),
        false => 0,
    };
    let asked = begin(call, control, file, timeout != 0)?;
    let data = gather(&asked, &pieces).map_err(refused)?;
    let begun = socket.send(&asked, data, how).map_err(refused)?;
    control
        .operation
        .end_in_pieces(&asked, begun, &[], deadline(timeout), as_it_is, 0)
}

/// Sends a file, or a part of one, between bytes before and bytes behind it.
#[cold]
#[inline(never)]
pub(super) fn transmit(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    let info = control.input_of::<AfdTransmitInfo>(NtStatus::BUFFER_TOO_SMALL)?;
    if info.flags & TF_REUSE_SOCKET != 0 {
        return Err(NtStatus::NOT_SUPPORTED);
    }
    socket.peer().map_err(status)?;
    let asked = begin(call, control, file, false)?;
    let bytes_at = |address, length| {
        let bytes = usize::try_from(length).unwrap_or(usize::MAX);
        gather(&asked, &[Piece { address, bytes }]).map_err(refused)
    };
    let mut data = bytes_at(info.head, info.head_length)?;
    if info.file != 0 {
        let sent = call.file_by(info.file.into(), FILE_READ_DATA)?;
        let start = u64::try_from(info.offset).map_or(Start::Position, Start::At);
        let most = match info.file_length {
            0 => u64::MAX,
            length => length.into(),
        };
        let by = (call.process().id(), 0);
        let appended = sent.append_to(by, start, most, &mut data);
        appended.map_err(refused)?;
    }
    let tail = bytes_at(info.tail, info.tail_length)?;
    let reserved = data.try_reserve_exact(tail.len());
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    data.extend_from_slice(&tail);
    let how = SendTo {
        is_forced: true,
        ..SendTo::default()
    };
    let begun = socket.send(&asked, data, how).map_err(refused)?;
    if info.flags & TF_DISCONNECT != 0 {
        socket.shut_down(Directions::Send).map_err(status)?;
    }
    let operation = &control.operation;
    operation.end_in_pieces(&asked, begun, &[], Deadline::Never, as_it_is, 0)
}
