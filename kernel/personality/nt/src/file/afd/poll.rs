//! Waiting for any of several sockets.

use abi::NtStatus;
use abi::afd::{AfdPollHandleInfo, AfdPollInfo};
use alloc::vec::Vec;
use executive::io::sockets::{Brought, Ended, Entry, SocketStatus};
use executive::io::{Answer, File, Piece, Shape, SocketEnd, Transferred};
use hal::Ref;
use sched::Deadline;
use zerocopy::FromBytes;

use super::super::control::Control;
use super::{EVENTS, as_bytes, begin, no_room, refused, socket_of, with_capacity};
use crate::call::{Call, Outcome};
use crate::wait::until;

/// The longest time, which never comes.
const FOREVER: i64 = i64::MAX;

/// Waits until something happens. A thread that wants to know after a time, too, waits
/// in its call whatever its handle is like: only it can look at the clock.
#[cold]
#[inline(never)]
pub(super) fn poll(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    let invalid = NtStatus::INVALID_PARAMETER;
    let info = control.input_of::<AfdPollInfo>(invalid)?;
    let count = usize::try_from(info.count).unwrap_or(usize::MAX);
    let bytes = count.saturating_mul(size_of::<AfdPollHandleInfo>());
    let listed = control
        .input
        .get(size_of::<AfdPollInfo>()..)
        .and_then(|rest| rest.get(..bytes))
        .filter(|_| count != 0 && control.output_length >= control.input.len())
        .ok_or(invalid)?;
    let mut entries = Vec::new();
    let reserved = entries.try_reserve_exact(count);
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    let mut rest = listed;
    while let Ok((one, after)) = AfdPollHandleInfo::read_from_prefix(rest) {
        rest = after;
        let polled = socket_of(call, one.handle)?;
        entries.push(Entry {
            key: polled.socket().map_err(refused)?.key(),
            handle: one.handle,
            mask: one.events & EVENTS,
            ready: 0,
            status: SocketStatus::Success,
        });
    }
    let (waits, deadline) = match info.timeout {
        0 => (false, Deadline::Never),
        FOREVER => (true, Deadline::Never),
        time => (true, until(time)),
    };
    let is_timed = matches!(deadline, Deadline::At(_) | Deadline::AtTimeOfDay(_));
    let asked = begin(call, control, file, is_timed)?;
    let pieces = [Piece {
        address: control.output,
        bytes: control.output_length,
    }];
    let moved = Transferred {
        pieces: &pieces,
        shape: Shape {
            make: shape,
            numbers: [info.timeout.cast_unsigned(), info.exclusive.into()],
        },
    };
    let is_exclusive = info.exclusive != 0;
    let begun = socket.poll(&asked, entries, is_exclusive, waits, &moved);
    let begun = begun.map_err(refused)?;
    control
        .operation
        .end_in_pieces(&asked, begun, &pieces, deadline, timed_out, info.timeout)
}

/// One that brought nothing in time.
#[cold]
#[inline(never)]
fn timed_out(answer: Answer, timeout: i64) -> Answer {
    match NtStatus(answer.status) {
        NtStatus::IO_TIMEOUT => Answer {
            status: NtStatus::TIMEOUT.0,
            ..shape(Ended::default(), [timeout.cast_unsigned(), 0])
        },
        _ => answer,
    }
}

#[cold]
#[inline(never)]
fn shape(ended: Ended, [timeout, exclusive]: [u64; 2]) -> Answer {
    let ready = match ended.brought {
        Brought::Ready(ready) => ready,
        _ => Vec::new(),
    };
    if !matches!(ended.status, SocketStatus::Success) {
        return Answer::of_status(ended.status.status_code());
    }
    let bytes = ready.len().saturating_mul(size_of::<AfdPollHandleInfo>());
    let bytes = bytes.saturating_add(size_of::<AfdPollInfo>());
    let Ok(mut data) = with_capacity(bytes) else {
        return no_room();
    };
    data.extend_from_slice(as_bytes(&AfdPollInfo {
        timeout: timeout.cast_signed(),
        count: u32::try_from(ready.len()).unwrap_or(u32::MAX),
        exclusive: u8::from(exclusive != 0),
        reserved_0d: [0; 3],
    }));
    for entry in &ready {
        data.extend_from_slice(as_bytes(&AfdPollHandleInfo {
            handle: entry.handle,
            events: entry.ready,
            status: entry.status.status_code(),
        }));
    }
    Answer {
        information: u64::try_from(data.len()).unwrap_or(0),
        data: data.into(),
        ..Answer::default()
    }
}
