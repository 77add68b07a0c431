//! Sockets: what the codes of `\Device\Afd` say.

mod connect;
mod nsi;
mod options;
mod poll;
mod transfer;

use abi::NtStatus;
use abi::access::EVENT_MODIFY_STATE;
use abi::afd::*;
use abi::nsi::*;
use alloc::vec::Vec;
use executive::io::sockets::{Address, Directions, Family, Ip, Kind, Named, SocketStatus, event};
use executive::io::{Answer, Asked, Begun, File, SocketEnd};
use executive::process::IoKind;
use hal::Ref;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::control::Control;
use crate::call::{Call, Outcome};

/// Errors of Windows Sockets that have no status of their own.
const SOCKET_ERROR: u32 = 0xC001_0000;
const WSAEACCES: u32 = 10013;
const WSAEPROTONOSUPPORT: u32 = 10043;
const WSAESOCKTNOSUPPORT: u32 = 10044;
const WSAEAFNOSUPPORT: u32 = 10047;
/// Two addresses of sockets have this in common: a family.
const LEAST_ADDRESS: usize = 16;

/// A code of a socket.
#[cold]
#[inline(never)]
pub(super) fn control(
    call: &Call<'_>,
    control: &Control,
    file: &Ref<File>,
    socket: &SocketEnd,
) -> Outcome {
    match control.code {
        IOCTL_AFD_RECEIVE => return transfer::receive_native(call, control, file, socket),
        IOCTL_AFD_POLL => return poll::poll(call, control, file, socket),
        _ => {}
    }
    match code_number(control.code) {
        Some(number::ACCEPT) => return connect::accept(call, control, file, socket),
        Some(number::ACCEPT_INTO) => return connect::accept_into(call, control, file, socket),
        Some(number::CONNECT) => return connect::connect(call, control, file, socket),
        Some(number::RECVMSG) => return transfer::receive(call, control, file, socket),
        Some(number::SENDMSG) => return transfer::send(call, control, file, socket),
        Some(number::TRANSMIT) => return transfer::transmit(call, control, file, socket),
        _ => {}
    }
    let answer = at_once(call, control, socket)?;
    end_at_once(call, control, file, answer)
}

/// Tells of an answer that is there.
#[cold]
#[inline(never)]
fn end_at_once(call: &Call<'_>, control: &Control, file: &Ref<File>, answer: Answer) -> Outcome {
    let asked = begin(call, control, file, false)?;
    let begun = Begun::Done(answer);
    control.operation.end(&asked, &begun, control.output)
}

/// It begins, and the thread waits for its end if it is to do so in its call.
#[cold]
#[inline(never)]
fn begin<'a>(
    call: &'a Call<'_>,
    control: &'a Control,
    file: &'a Ref<File>,
    waits: bool,
) -> Result<Asked<'a>, NtStatus> {
    match waits {
        true => control.operation.wait_for(call, file),
        false => control.operation.begin(call, file, IoKind::Other),
    }
}

/// A code whose answer is there at once.
#[cold]
#[inline(never)]
fn at_once(call: &Call<'_>, control: &Control, socket: &SocketEnd) -> Result<Answer, NtStatus> {
    match control.code {
        IOCTL_NSI_ENUMERATE_ALL | IOCTL_NSI_GET_ALL_PARAMETERS | IOCTL_NSI_GET_PARAMETER => {
            return nsi::control(control);
        }
        IOCTL_AFD_BIND => return bind(control, socket),
        IOCTL_AFD_START_LISTEN => {
            let info = control.input_of::<AfdListenInfo>(NtStatus::INVALID_PARAMETER)?;
            return done(socket.listen(info.backlog).map_err(status));
        }
        IOCTL_AFD_GET_ADDRESS => {
            return address_of(control, socket.local().map_err(status)?);
        }
        IOCTL_AFD_EVENT_SELECT => return select(call, control, socket),
        IOCTL_AFD_ENUM_NETWORK_EVENTS => return take_events(call, control, socket),
        _ => {}
    }
    let too_small = NtStatus::BUFFER_TOO_SMALL;
    match code_number(control.code).ok_or(NtStatus::NOT_SUPPORTED)? {
        number::CREATE => create(control, socket),
        number::SHUTDOWN => {
            let directions = match control.input_of::<u32>(too_small)? {
                0 => Directions::Receive,
                1 => Directions::Send,
                2 => Directions::Both,
                _ => return Err(NtStatus::INVALID_PARAMETER),
            };
            done(socket.shut_down(directions).map_err(status))
        }
        number::FIONBIO => {
            let does_not = control.input_of::<u32>(too_small)? != 0;
            done(socket.set_does_not_wait(does_not).map_err(status))
        }
        number::COMPLETE_ASYNC => match control.input.len() {
            4 => Ok(Answer::of_status(control.input_of::<u32>(too_small)?)),
            _ => Err(too_small),
        },
        number::FIONREAD => {
            let bytes = socket.readable().map_err(status)?;
            number_of(control, u32::try_from(bytes).unwrap_or(u32::MAX))
        }
        number::SIOCATMARK => number_of(control, socket.is_at_mark().map_err(status)?.into()),
        number::GET_INTERFACE_LIST => control.answer_bytes(interface().as_bytes()),
        number::GETPEERNAME => address_of(control, socket.peer().map_err(status)?),
        number::GET_INFO => {
            let info = match socket.named() {
                Some(named) => [named.family as u32, named.kind as u32, named.protocol],
                None => [0; 3],
            };
            control.answer_bytes(info.as_bytes())
        }
        number::GET_SO_ACCEPTCONN => number_of(control, socket.is_listening().into()),
        number::GET_SO_ERROR => {
            let error = socket.error().map_err(status)?;
            number_of(control, error.socket_error())
        }
        number::GET_SO_CONNECT_TIME => number_of(
            control,
            match socket.is_connected() {
                true => 0,
                false => u32::MAX,
            },
        ),
        number::GET_IP_OPTIONS => Ok(Answer::default()),
        other => options::option(control, socket, other),
    }
}

#[cold]
#[inline(never)]
fn number_of(control: &Control, number: u32) -> Result<Answer, NtStatus> {
    control.answer_bytes(&number.to_le_bytes())
}

fn done(result: Result<(), NtStatus>) -> Result<Answer, NtStatus> {
    result.map(|()| Answer::default())
}

/// Says what a socket is.
#[cold]
#[inline(never)]
fn create(control: &Control, socket: &SocketEnd) -> Result<Answer, NtStatus> {
    let error = |number: u32| Err(NtStatus(SOCKET_ERROR | number));
    if control.input.len() != size_of::<AfdCreateInfo>() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let info = control.input_of::<AfdCreateInfo>(NtStatus::INVALID_PARAMETER)?;
    let family = match info.family {
        AF_INET => Family::V4,
        AF_INET6 => Family::V6,
        _ => return error(WSAEAFNOSUPPORT),
    };
    let kind = match (info.socket_type, info.protocol) {
        (SOCK_STREAM, 0 | IPPROTO_TCP) => Kind::Stream,
        (SOCK_DGRAM, 0 | IPPROTO_UDP) => Kind::Datagram,
        (SOCK_STREAM | SOCK_DGRAM, _) => return error(WSAEPROTONOSUPPORT),
        (SOCK_RAW, _) => return error(WSAEACCES),
        _ => return error(WSAESOCKTNOSUPPORT),
    };
    let named = Named {
        family,
        kind,
        protocol: info.protocol,
    };
    done(socket.name(named).map_err(status))
}

#[cold]
#[inline(never)]
fn bind(control: &Control, socket: &SocketEnd) -> Result<Answer, NtStatus> {
    let (_, address) = control
        .input
        .split_at_checked(size_of::<u32>())
        .filter(|(_, address)| address.len() >= LEAST_ADDRESS)
        .ok_or(NtStatus::INVALID_PARAMETER)?;
    if control.output_length < address.len() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let address = Address::read(address).map_err(status)?;
    address_of(control, socket.bind(address).map_err(status)?)
}

/// An address as an answer.
#[cold]
#[inline(never)]
fn address_of(control: &Control, address: Address) -> Result<Answer, NtStatus> {
    let (bytes, length) = address.write();
    let bytes = bytes.get(..length).unwrap_or(&bytes);
    control.answer_bytes(bytes)
}

#[cold]
#[inline(never)]
fn select(call: &Call<'_>, control: &Control, socket: &SocketEnd) -> Result<Answer, NtStatus> {
    let info = control.input_of::<AfdEventSelectInfo>(NtStatus::INVALID_PARAMETER)?;
    let event = match (info.event, info.events) {
        (0, 0) => None,
        (handle, _) => {
            let event = call.event_by(handle, EVENT_MODIFY_STATE);
            Some(event.map_err(|_| NtStatus::INVALID_PARAMETER)?)
        }
    };
    done(socket.select(event, info.events).map_err(refused))
}

#[cold]
#[inline(never)]
fn take_events(call: &Call<'_>, control: &Control, socket: &SocketEnd) -> Result<Answer, NtStatus> {
    const CONNECT_ERROR_PLACE: usize = 8;
    if control.output_length < size_of::<AfdEnumNetworkEventsInfo>() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let event = match control.input_at {
        0 => None,
        handle => Some(call.event_by(handle, EVENT_MODIFY_STATE)?),
    };
    let happened = socket.take_events().map_err(status)?;
    let mut info = AfdEnumNetworkEventsInfo {
        events: happened.events,
        ..AfdEnumNetworkEventsInfo::default()
    };
    if let Some(status) = info.status.get_mut(CONNECT_ERROR_PLACE) {
        *status = happened.connect_error.status_code();
    }
    if let Some(event) = event {
        event.reset();
    }
    control.answer_bytes(info.as_bytes())
}

/// The only interface that there is.
#[cold]
#[inline(never)]
fn interface() -> InterfaceInfo {
    const UP: u32 = 1;
    const LOOPBACK: u32 = 4;
    const MULTICAST: u32 = 0x10;
    let shown = |ip: Ip| {
        let (bytes, _) = Address::of(ip, 0).write();
        bytes.first_chunk().copied().unwrap_or_default()
    };
    InterfaceInfo {
        flags: UP | LOOPBACK | MULTICAST,
        address: shown(Ip::LOOPBACK_V4),
        broadcast_address: [0; 24],
        netmask: shown(Ip::V4([255, 0, 0, 0])),
    }
}

impl Control {
    /// The structure that the input begins with.
    fn input_of<T: FromBytes + KnownLayout + Immutable>(
        &self,
        otherwise: NtStatus,
    ) -> Result<T, NtStatus> {
        let read = T::read_from_prefix(&self.input);
        read.map(|(value, _)| value).map_err(|_| otherwise)
    }
}

/// A socket, by a number that its program knows it by.
#[cold]
#[inline(never)]
fn socket_of(call: &Call<'_>, handle: u64) -> Result<Ref<File>, NtStatus> {
    let file = call.file_by(handle, 0)?;
    file.socket().map_err(refused)?;
    Ok(file)
}

/// The status of an executive error: here, where size counts.
#[cold]
#[inline(never)]
fn refused(error: executive::Error) -> NtStatus {
    crate::call::refused(error)
}

fn status(status: SocketStatus) -> NtStatus {
    NtStatus(status.status_code())
}

/// Bytes with room for so many.
#[cold]
#[inline(never)]
fn with_capacity(bytes: usize) -> Result<Vec<u8>, NtStatus> {
    let mut data = Vec::new();
    let reserved = data.try_reserve_exact(bytes);
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    Ok(data)
}

/// An answer that there is no memory for.
#[cold]
#[inline(never)]
fn no_room() -> Answer {
    Answer::of_status(NtStatus::INSUFFICIENT_RESOURCES.0)
}

/// All events that are known.
const EVENTS: u32 = event::CONNECT_ERROR | (event::CONNECT_ERROR - 1);

fn as_bytes(value: &(impl IntoBytes + Immutable)) -> &[u8] {
    value.as_bytes()
}
