//! Completion ports.

use abi::NtStatus;
use abi::access::{
    IO_COMPLETION_MODIFY_STATE, IO_COMPLETION_QUERY_STATE, MEMORY_RESERVE_MODIFY_STATE,
};
use abi::file::FileIoCompletionInformation;
use abi::io::IoStatusBlock;
use alloc::vec::Vec;
use executive::io::{IoCompletion, Packet, Taken};
use executive::object::{Object, ObjectKind};
use hal::{Ref, user};
use sched::Deadline;
use zerocopy::{FromZeros, IntoBytes};

use crate::call::{Call, Outcome, probe, refused, violation, write};
use crate::wait::status_of_wait;

/// Packets that one call takes at most, however many the program has room for.
const MOST_TAKEN: usize = 1024;

/// NtCreateIoCompletion(completion, access, attributes, concurrency)
///
/// One thread runs at a time, so no more than asked for can.
pub(crate) fn nt_create_io_completion(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::IoCompletion)?;
    new.create(call, || {
        Ok(Object::IoCompletion(IoCompletion::new().map_err(refused)?))
    })
}

/// NtOpenIoCompletion(completion, access, attributes)
pub(crate) fn nt_open_io_completion(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::IoCompletion)?.open(call)
}

/// NtQueryIoCompletion(completion, class, buffer, length, return length)
pub(crate) fn nt_query_io_completion(call: &Call<'_>) -> Outcome {
    call.answer(|| {
        let port = call.completion_port(0, IO_COMPLETION_QUERY_STATE)?;
        Ok(u32::try_from(port.packet_count()).unwrap_or(u32::MAX))
    })
}

/// NtSetIoCompletion(completion, key, value, status, information)
pub(crate) fn nt_set_io_completion(call: &Call<'_>) -> Outcome {
    let packet = Packet {
        key: call.word(1)?,
        value: call.word(2)?,
        status: call.value32(3)?,
        information: call.word(4)?,
    };
    let port = call.completion_port(0, IO_COMPLETION_MODIFY_STATE)?;
    IoCompletion::put(&port, packet).map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// NtSetIoCompletionEx(completion, reserve, key, value, status, information)
pub(crate) fn nt_set_io_completion_ex(call: &Call<'_>) -> Outcome {
    let packet = Packet {
        key: call.word(2)?,
        value: call.word(3)?,
        status: call.value32(4)?,
        information: call.word(5)?,
    };
    let port = call.completion_port(0, IO_COMPLETION_MODIFY_STATE)?;
    let reserve = call.typed(
        call.word(1)?,
        MEMORY_RESERVE_MODIFY_STATE,
        |object| match object {
            Object::IoCompletionReserve(reserve) => Some(reserve),
            _ => None,
        },
    )?;
    port.put_reserved(&reserve, packet).map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// NtRemoveIoCompletion(completion, key, value, result, timeout)
pub(crate) fn nt_remove_io_completion(call: &Call<'_>) -> Outcome {
    let (key_at, value_at, result_at) = (call.word(1)?, call.word(2)?, call.word(3)?);
    let deadline = call.deadline(4)?;
    probe::<u64>(key_at)?;
    probe::<u64>(value_at)?;
    probe::<IoStatusBlock>(result_at)?;
    let port = call.completion_port(0, IO_COMPLETION_MODIFY_STATE)?;
    match take(&port, false, deadline)? {
        Ok(packet) => {
            write(key_at, &packet.key)?;
            write(value_at, &packet.value)?;
            write(result_at, &result(&packet))?;
            Ok(NtStatus::SUCCESS)
        }
        Err(status) => Ok(status),
    }
}

/// NtRemoveIoCompletionEx(completion, entries, count, removed, timeout, alertable)
pub(crate) fn nt_remove_io_completion_ex(call: &Call<'_>) -> Outcome {
    let (entries_at, count, removed_at) = (call.word(1)?, call.value32(2)?, call.word(3)?);
    let (deadline, is_alertable) = (call.deadline(4)?, call.flag(5)?);
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(MOST_TAKEN);
    if count == 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    probe::<u32>(removed_at)?;
    probe::<FileIoCompletionInformation>(entries_at)?;
    let port = call.completion_port(0, IO_COMPLETION_MODIFY_STATE)?;
    let mut entries = Vec::<FileIoCompletionInformation>::new();
    let reserved = entries.try_reserve_exact(count.min(port.packet_count()).max(1));
    reserved.map_err(|_| NtStatus::NO_MEMORY)?;
    let first = match take(&port, is_alertable, deadline)? {
        Ok(packet) => packet,
        Err(status) => {
            write(removed_at, &0_u32)?;
            return Ok(status);
        }
    };
    let mut next = Some(first);
    while let Some(packet) = next.take() {
        let mut entry = FileIoCompletionInformation::new_zeroed();
        entry.key_context = packet.key;
        entry.apc_context = packet.value;
        entry.result = result(&packet);
        entries.push(entry);
        // No more than there is room for: pushing never allocates.
        if entries.len() < entries.capacity().min(count) {
            next = take(&port, false, Deadline::Now)?.ok();
        }
    }
    user::copy_out(entries_at, entries.as_bytes()).map_err(violation)?;
    write(
        removed_at,
        &u32::try_from(entries.len()).unwrap_or(u32::MAX),
    )?;
    Ok(NtStatus::SUCCESS)
}

/// A packet, or the status of who got none.
fn take(
    port: &IoCompletion,
    is_alertable: bool,
    deadline: Deadline,
) -> Result<Result<Packet, NtStatus>, NtStatus> {
    Ok(match port.take(is_alertable, deadline).map_err(refused)? {
        Taken::Packet(packet) => Ok(packet),
        Taken::Nothing(waited) => Err(status_of_wait(waited)),
        Taken::Abandoned => Err(NtStatus::ABANDONED_WAIT_0),
    })
}

fn result(packet: &Packet) -> IoStatusBlock {
    IoStatusBlock {
        status: NtStatus(packet.status),
        reserved_04: 0,
        information: packet.information,
    }
}

impl Call<'_> {
    /// The completion port of a handle argument, whose holder must have this access.
    pub(crate) fn completion_port(
        &self,
        number: usize,
        wanted: u32,
    ) -> Result<Ref<IoCompletion>, NtStatus> {
        self.completion_port_by(self.word(number)?, wanted)
    }

    /// The same of a handle.
    pub(crate) fn completion_port_by(
        &self,
        handle: u64,
        wanted: u32,
    ) -> Result<Ref<IoCompletion>, NtStatus> {
        self.typed(handle, wanted, |object| match object {
            Object::IoCompletion(port) => Some(port),
            _ => None,
        })
    }
}
