//! The names of hosts, as ws2_32 asks for them: the machine is the only one.
//!
//! Numbers, `localhost` and the machine's own name have addresses; every other name is
//! unknown, as on a machine without a network.

use core::fmt::{self, Write};
use core::net::{Ipv4Addr, Ipv6Addr};
use core::str;

use abi::NtStatus;
use alloc::vec::Vec;
use executive::io::sockets::{Address, Family, Ip};
use zerocopy::{FromBytes, Immutable, IntoBytes};

use super::HOST;
use crate::call::{Outcome, read, read_vec, write};

const LOCALHOST: &str = "localhost";

/// Codes of ws2_32's.
const GET_ADDRESS_INFO: u32 = 0;
const GET_HOST_BY_ADDRESS: u32 = 1;
const GET_HOST_BY_NAME: u32 = 2;
const GET_HOST_NAME: u32 = 3;
const GET_NAME_INFO: u32 = 4;

/// Errors, as the calls return them.
const INSUFFICIENT_BUFFER: NtStatus = NtStatus(122);
const WSAEFAULT: NtStatus = NtStatus(10014);
const WSAENOBUFS: NtStatus = NtStatus(10055);
const WSAEAFNOSUPPORT: NtStatus = NtStatus(10047);
const WSATYPE_NOT_FOUND: NtStatus = NtStatus(10109);
const WSAHOST_NOT_FOUND: NtStatus = NtStatus(11001);

/// `AI_PASSIVE`: an address to listen at.
const PASSIVE: u32 = 1;
/// `AI_CANONNAME`: the name, too.
const CANONICAL_NAME: u32 = 2;
/// `AI_NUMERICHOST`, of addresses and of names.
const NUMERIC_HOST: u32 = 4;
/// `NI_NUMERICHOST`
const NAME_NUMERIC_HOST: u32 = 2;
/// `NI_NAMEREQD`
const NAME_REQUIRED: u32 = 4;
/// `NI_NUMERICSERV`
const NAME_NUMERIC_SERVICE: u32 = 8;

/// The longest name.
const MOST_NAME: usize = 255;
/// Services that programs ask for by name.
const SERVICES: [(&str, u16); 14] = [
    ("echo", 7),
    ("discard", 9),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("http", 80),
    ("pop3", 110),
    ("ntp", 123),
    ("imap", 143),
    ("ldap", 389),
    ("https", 443),
    ("imaps", 993),
];

/// The arguments of [`GET_ADDRESS_INFO`].
#[repr(C)]
#[derive(FromBytes, IntoBytes)]
struct AddressInfoCall {
    node: u64,
    service: u64,
    hints: u64,
    info: u64,
    size: u64,
}

/// `ADDRINFOA`
#[repr(C)]
#[derive(Clone, Copy, Default, FromBytes, IntoBytes, Immutable)]
struct AddressInfo {
    flags: u32,
    family: u32,
    socket_type: u32,
    protocol: u32,
    address_length: u64,
    canonical_name: u64,
    address: u64,
    next: u64,
}

/// `HOSTENT`
#[repr(C)]
#[derive(FromBytes, IntoBytes, Immutable)]
struct Host {
    name: u64,
    aliases: u64,
    family: u16,
    length: u16,
    reserved_14: u32,
    addresses: u64,
}

/// The arguments of [`GET_NAME_INFO`].
#[repr(C)]
#[derive(FromBytes, IntoBytes)]
struct NameInfoCall {
    address: u64,
    address_length: u32,
    reserved_0c: u32,
    host: u64,
    host_length: u32,
    reserved_1c: u32,
    service: u64,
    service_length: u32,
    flags: u32,
}

/// A call of ws2_32's. What it returns is an error of Windows Sockets.
#[cold]
#[inline(never)]
pub(super) fn serve(code: u32, arguments: u64) -> Outcome {
    match code {
        GET_ADDRESS_INFO => address_info(&read(arguments)?),
        GET_HOST_BY_ADDRESS => {
            let [address, kind, host, size] = read::<[u64; 4]>(arguments)?;
            host_by_address(address, kind, host, size)
        }
        GET_HOST_BY_NAME => {
            let [name, host, size] = read::<[u64; 3]>(arguments)?;
            let name = text(name)?;
            let Some(Ip::V4(ip)) = find(&name, true, false) else {
                return Err(WSAHOST_NOT_FOUND);
            };
            give_host(&name, ip, host, size)
        }
        GET_HOST_NAME => {
            let [name, size] = read::<[u64; 2]>(arguments)?;
            give_text(HOST, name, size & u64::from(u32::MAX))
        }
        GET_NAME_INFO => name_info(&read(arguments)?),
        _ => Err(NtStatus::NOT_IMPLEMENTED),
    }
}

/// A text of the program's, which ends with a zero.
#[cold]
#[inline(never)]
fn text(address: u64) -> Result<Vec<u8>, NtStatus> {
    let mut text = Vec::new();
    text.try_reserve_exact(MOST_NAME).map_err(|_| WSAENOBUFS)?;
    let mut at = address;
    loop {
        match read::<u8>(at).map_err(|_| WSAEFAULT)? {
            0 => return Ok(text),
            _ if text.len() >= MOST_NAME => return Err(WSAHOST_NOT_FOUND),
            byte => text.push(byte),
        }
        at = at.wrapping_add(1);
    }
}

#[cold]
#[inline(never)]
fn give_text(text: &str, to: u64, room: u64) -> Outcome {
    let bytes = text.as_bytes();
    if u64::try_from(bytes.len()).is_ok_and(|length| length >= room) {
        return Err(WSAEFAULT);
    }
    hal::user::copy_out(to, bytes).map_err(|_| WSAEFAULT)?;
    let length = u64::try_from(bytes.len()).unwrap_or(0);
    write(to.wrapping_add(length), &0_u8).map_err(|_| WSAEFAULT)?;
    Ok(NtStatus::SUCCESS)
}

/// The address of a name in one family; `None`: it has none.
#[cold]
#[inline(never)]
fn find(name: &[u8], is_v4: bool, is_numeric: bool) -> Option<Ip> {
    let name = str::from_utf8(name).ok()?;
    if let Ok(ip) = name.parse::<Ipv4Addr>() {
        return is_v4.then(|| Ip::V4(ip.octets()));
    }
    if let Ok(ip) = name.parse::<Ipv6Addr>() {
        return (!is_v4).then(|| Ip::V6(ip.octets()));
    }
    let is_own = name.eq_ignore_ascii_case(LOCALHOST) || name.eq_ignore_ascii_case(HOST);
    (is_own && !is_numeric).then_some(match is_v4 {
        true => Ip::LOOPBACK_V4,
        false => Ip::LOOPBACK_V6,
    })
}

#[cold]
#[inline(never)]
fn port_of(service: u64) -> Result<u16, NtStatus> {
    if service == 0 {
        return Ok(0);
    }
    let service = text(service)?;
    let service = str::from_utf8(&service).map_err(|_| WSATYPE_NOT_FOUND)?;
    if let Ok(port) = service.parse() {
        return Ok(port);
    }
    let known = |(name, _): &&(&str, u16)| name.eq_ignore_ascii_case(service);
    match SERVICES.iter().find(known) {
        Some((_, port)) => Ok(*port),
        None if service.is_empty() => Ok(0),
        None => Err(WSATYPE_NOT_FOUND),
    }
}

#[cold]
#[inline(never)]
fn address_info(call: &AddressInfoCall) -> Outcome {
    let hints = match call.hints {
        0 => AddressInfo::default(),
        address => read::<AddressInfo>(address).map_err(|_| WSAEFAULT)?,
    };
    let families: &[Family] = match hints.family {
        0 => &[Family::V6, Family::V4],
        2 => &[Family::V4],
        23 => &[Family::V6],
        _ => return Err(WSAEAFNOSUPPORT),
    };
    let port = port_of(call.service)?;
    let node = match call.node {
        0 => None,
        address => Some(text(address)?),
    };
    let mut found = [None; 2];
    for (place, family) in found.iter_mut().zip(families) {
        let ip = match &node {
            None if hints.flags & PASSIVE != 0 => Some(family.any()),
            None => Some(match family {
                Family::V4 => Ip::LOOPBACK_V4,
                Family::V6 => Ip::LOOPBACK_V6,
            }),
            Some(node) => find(node, *family == Family::V4, hints.flags & NUMERIC_HOST != 0),
        };
        *place = ip.map(|ip| Address::of(ip, port));
    }
    let name = match node {
        Some(name) if hints.flags & CANONICAL_NAME != 0 => name,
        _ => Vec::new(),
    };
    let data = entries(&hints, &found, &name, call.info)?;
    if data.is_empty() {
        return Err(WSAHOST_NOT_FOUND);
    }
    give(&data, call.info, call.size)
}

/// The answer's structures, one behind another as they are at that address.
#[cold]
#[inline(never)]
fn entries(
    hints: &AddressInfo,
    found: &[Option<Address>],
    name: &[u8],
    at: u64,
) -> Result<Vec<u8>, NtStatus> {
    const MOST_BYTES: usize = 2 * (size_of::<AddressInfo>() + 32);
    let mut data = Vec::new();
    let bytes = name.len().saturating_add(MOST_BYTES);
    data.try_reserve_exact(bytes).map_err(|_| WSAENOBUFS)?;
    let mut left = found.iter().flatten().count();
    for address in found.iter().flatten() {
        let place = |data: &Vec<u8>| at.wrapping_add(u64::try_from(data.len()).unwrap_or(0));
        let start = place(&data);
        let size = |bytes: usize| u64::try_from(bytes).unwrap_or(0);
        let (bytes, length) = address.write();
        // Room to keep the next one where structures may be.
        const PLACE_BYTES: usize = 32;
        let address_at = start.wrapping_add(size(size_of::<AddressInfo>()));
        let behind = address_at.wrapping_add(size(PLACE_BYTES));
        left = left.saturating_sub(1);
        data.extend_from_slice(
            AddressInfo {
                flags: hints.flags,
                family: address.ip.family() as u32,
                socket_type: hints.socket_type,
                protocol: hints.protocol,
                address_length: size(length),
                canonical_name: 0,
                address: address_at,
                next: match left {
                    0 => 0,
                    _ => behind,
                },
            }
            .as_bytes(),
        );
        let padding = [0; PLACE_BYTES];
        data.extend(bytes.iter().chain(&padding).take(PLACE_BYTES));
    }
    if !name.is_empty() && !data.is_empty() {
        // The first one's name is behind all of them.
        const NAME_AT: usize = core::mem::offset_of!(AddressInfo, canonical_name);
        let address = at.wrapping_add(u64::try_from(data.len()).unwrap_or(0));
        let place = data.get_mut(NAME_AT..).and_then(<[u8]>::first_chunk_mut);
        if let Some(place) = place {
            *place = address.to_le_bytes();
        }
        data.extend_from_slice(name);
        data.push(0);
    }
    Ok(data)
}

/// Gives a program structures, if it has room for them; else it learns how much.
#[cold]
#[inline(never)]
fn give(data: &[u8], to: u64, size_at: u64) -> Outcome {
    let room = read::<u32>(size_at).map_err(|_| WSAEFAULT)?;
    let needed = u32::try_from(data.len()).unwrap_or(u32::MAX);
    if room < needed {
        write(size_at, &needed).map_err(|_| WSAEFAULT)?;
        return Err(INSUFFICIENT_BUFFER);
    }
    hal::user::copy_out(to, data).map_err(|_| WSAEFAULT)?;
    Ok(NtStatus::SUCCESS)
}

/// A host with one address and no other names.
#[cold]
#[inline(never)]
fn give_host(name: &[u8], ip: [u8; 4], to: u64, size_at: u64) -> Outcome {
    const LISTS: u64 = size_of::<Host>() as u64;
    const POINTER: u64 = size_of::<u64>() as u64;
    let aliases = to.wrapping_add(LISTS);
    let addresses = aliases.wrapping_add(POINTER);
    let ip_at = addresses.wrapping_add(POINTER).wrapping_add(POINTER);
    let mut data = Vec::new();
    let reserved = data.try_reserve_exact(name.len().saturating_add(128));
    reserved.map_err(|_| WSAENOBUFS)?;
    data.extend_from_slice(
        Host {
            name: ip_at.wrapping_add(4),
            aliases,
            family: Family::V4 as u16,
            length: 4,
            reserved_14: 0,
            addresses,
        }
        .as_bytes(),
    );
    data.extend_from_slice([0, ip_at, 0].as_bytes());
    data.extend_from_slice(&ip);
    data.extend_from_slice(name);
    data.push(0);
    give(&data, to, size_at)
}

#[cold]
#[inline(never)]
fn host_by_address(address: u64, kind: u64, host: u64, size: u64) -> Outcome {
    const V4: u64 = 4 | (Family::V4 as u64) << 32;
    if kind != V4 {
        return Err(WSAHOST_NOT_FOUND);
    }
    let ip = read::<[u8; 4]>(address).map_err(|_| WSAEFAULT)?;
    match Ip::V4(ip).is_own() {
        true => give_host(LOCALHOST.as_bytes(), ip, host, size),
        false => Err(WSAHOST_NOT_FOUND),
    }
}

#[cold]
#[inline(never)]
fn name_info(call: &NameInfoCall) -> Outcome {
    let length = usize::try_from(call.address_length).unwrap_or(usize::MAX);
    let bytes = read_vec::<u8>(call.address, length.min(128)).map_err(|_| WSAEFAULT)?;
    let address = Address::read(&bytes).map_err(|_| WSAEAFNOSUPPORT)?;
    if call.host != 0 && call.host_length != 0 {
        let is_named = address.ip.is_own() && call.flags & NAME_NUMERIC_HOST == 0;
        let mut shown = Shown(Vec::new());
        let _ = match address.ip {
            _ if is_named => shown.write_str(LOCALHOST),
            _ if call.flags & NAME_REQUIRED != 0 => return Err(WSAHOST_NOT_FOUND),
            Ip::V4(ip) => write!(shown, "{}", Ipv4Addr::from(ip)),
            Ip::V6(ip) => write!(shown, "{}", Ipv6Addr::from(ip)),
        };
        shown.give(call.host, call.host_length)?;
    }
    if call.service != 0 && call.service_length != 0 {
        let known = SERVICES.iter().find(|(_, port)| *port == address.port);
        let mut shown = Shown(Vec::new());
        let _ = match known {
            Some((name, _)) if call.flags & NAME_NUMERIC_SERVICE == 0 => shown.write_str(name),
            _ => write!(shown, "{}", address.port),
        };
        shown.give(call.service, call.service_length)?;
    }
    Ok(NtStatus::SUCCESS)
}

/// A text that is put together.
struct Shown(Vec<u8>);

impl Shown {
    fn give(&self, to: u64, room: u32) -> Outcome {
        let text = str::from_utf8(&self.0).map_err(|_| WSAEFAULT)?;
        give_text(text, to, room.into())
    }
}

impl Write for Shown {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.try_reserve(text.len()).map_err(|_| fmt::Error)?;
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
