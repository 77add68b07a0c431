//! What is set of sockets, and asked.

use abi::NtStatus;
use abi::afd::{TcpKeepAlive, number};
use alloc::vec::Vec;
use executive::io::sockets::Setting;
use executive::io::{Answer, SocketEnd};

use super::super::control::Control;
use super::{done, status, with_capacity};

/// The numbers of the codes that ask for options and set them.
const OPTIONS: [(u8, u8, Setting); 35] = [
    (20, 21, Setting::Broadcast),
    (23, 24, Setting::KeepAlive),
    (25, 26, Setting::Linger),
    (27, 28, Setting::OutOfBandInline),
    (30, 29, Setting::ReceiveBuffer),
    (32, 31, Setting::ReceiveTimeout),
    (33, 34, Setting::ReuseAddress),
    (36, 35, Setting::SendBuffer),
    (37, 38, Setting::SendTimeout),
    (42, 43, Setting::DontFragment),
    (46, 47, Setting::HeaderIncluded),
    (48, 49, Setting::MulticastInterface),
    (50, 51, Setting::MulticastLoop),
    (52, 53, Setting::MulticastTtl),
    (56, 57, Setting::PacketInfo),
    (58, 59, Setting::TypeOfService),
    (60, 61, Setting::TimeToLive),
    (63, 64, Setting::UnicastInterface),
    (66, 67, Setting::V6DontFragment),
    (69, 70, Setting::V6MulticastHops),
    (71, 72, Setting::V6MulticastInterface),
    (73, 74, Setting::V6MulticastLoop),
    (75, 76, Setting::V6UnicastHops),
    (77, 78, Setting::V6UnicastInterface),
    (79, 80, Setting::V6Only),
    (84, 85, Setting::NoDelay),
    (86, 87, Setting::V6ReceiveHopLimit),
    (88, 89, Setting::V6ReceivePacketInfo),
    (90, 91, Setting::V6ReceiveTrafficClass),
    (93, 94, Setting::ReceiveTtl),
    (95, 96, Setting::ReceiveTos),
    (97, 98, Setting::ExclusiveAddressUse),
    (99, 100, Setting::KeepAliveTime),
    (101, 102, Setting::KeepAliveCount),
    (103, 104, Setting::KeepAliveInterval),
];
/// Those that join or leave groups of hosts, which nothing leads to.
const GROUPS: [u32; 8] = [39, 40, 41, 44, 45, 62, 65, 68];
/// The most bytes of an option.
const MOST_BYTES: usize = 4;

/// An option, by its code's number.
#[cold]
#[inline(never)]
pub(super) fn option(
    control: &Control,
    socket: &SocketEnd,
    number: u32,
) -> Result<Answer, NtStatus> {
    if number == number::KEEPALIVE_VALS {
        let info = control.input_of::<TcpKeepAlive>(NtStatus::BUFFER_TOO_SMALL)?;
        return done(socket.set(Setting::KeepAlive, info.is_on).map_err(status));
    }
    if GROUPS.contains(&number) {
        return Err(NtStatus::INVALID_ADDRESS_COMPONENT);
    }
    for (get, set, setting) in OPTIONS {
        if u32::from(get) == number {
            return get_option(control, socket, setting);
        }
        if u32::from(set) == number {
            let value = value_of(&control.input)?;
            return done(socket.set(setting, value).map_err(status));
        }
    }
    Err(NtStatus::NOT_SUPPORTED)
}

/// As much of it as there is room for.
#[cold]
#[inline(never)]
fn get_option(control: &Control, socket: &SocketEnd, setting: Setting) -> Result<Answer, NtStatus> {
    let value = socket.setting(setting).map_err(status)?.to_le_bytes();
    let length = control.output_length.min(MOST_BYTES);
    let mut data: Vec<u8> = with_capacity(length)?;
    data.extend_from_slice(value.get(..length).unwrap_or_default());
    match length {
        0 => Err(NtStatus::BUFFER_TOO_SMALL),
        _ => Ok(Answer {
            information: u64::try_from(length).unwrap_or(0),
            data: data.into(),
            ..Answer::default()
        }),
    }
}

/// The lowest bytes of a number, as many as a program gives.
#[cold]
#[inline(never)]
fn value_of(input: &[u8]) -> Result<u32, NtStatus> {
    if input.is_empty() {
        return Err(NtStatus::BUFFER_TOO_SMALL);
    }
    let lowest = input.iter().take(MOST_BYTES).rev();
    Ok(lowest.fold(0, |value, byte| value << 8 | u32::from(*byte)))
}
