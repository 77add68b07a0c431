//! Sockets: the codes that `\Device\Afd` is spoken to with.
//!
//! The first seven are NT's, the others those of the DLLs that programs run over (W 8.4).

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Gives a socket an address: a number without meaning and the address; the answer is
/// the address.
pub const IOCTL_AFD_BIND: u32 = 0x1_2003;
/// Takes connections: an [`AfdListenInfo`].
pub const IOCTL_AFD_START_LISTEN: u32 = 0x1_200B;
/// Receives: an [`AfdRecvInfo`].
pub const IOCTL_AFD_RECEIVE: u32 = 0x1_2017;
/// Waits until something happens: an [`AfdPollInfo`] with handles.
pub const IOCTL_AFD_POLL: u32 = 0x1_2024;
/// Asks for a socket's own address.
pub const IOCTL_AFD_GET_ADDRESS: u32 = 0x1_202F;
/// Has an event signalled when something happens: an [`AfdEventSelectInfo`].
pub const IOCTL_AFD_EVENT_SELECT: u32 = 0x1_2087;
/// Asks what has happened: an [`AfdEnumNetworkEventsInfo`]. The place of the input is
/// an event that is reset.
pub const IOCTL_AFD_ENUM_NETWORK_EVENTS: u32 = 0x1_208B;

/// The first of the DLLs' codes.
const FIRST: u32 = 0x12_0320;
const STEP: u32 = 4;

/// The number of one of the DLLs' codes, counted from their first.
#[must_use]
pub const fn code_number(code: u32) -> Option<u32> {
    match code.checked_sub(FIRST) {
        Some(distance) if distance.is_multiple_of(STEP) => Some(distance >> 2),
        _ => None,
    }
}

/// The numbers of the DLLs' codes; those of options are a table of their own.
pub mod number {
    /// Says what a socket is: an [`AfdCreateInfo`](super::AfdCreateInfo).
    pub const CREATE: u32 = 0;
    /// Takes a connection; the answer is its handle, of 4 bytes.
    pub const ACCEPT: u32 = 1;
    /// Takes a connection with a socket that is there.
    pub const ACCEPT_INTO: u32 = 2;
    /// Connects a socket.
    pub const CONNECT: u32 = 3;
    /// Shuts directions down.
    pub const SHUTDOWN: u32 = 4;
    /// Receives: an [`AfdReceiveMessageInfo`](super::AfdReceiveMessageInfo).
    pub const RECVMSG: u32 = 5;
    /// Sends: an [`AfdSendMessageInfo`](super::AfdSendMessageInfo).
    pub const SENDMSG: u32 = 6;
    /// Sends a file: an [`AfdTransmitInfo`](super::AfdTransmitInfo).
    pub const TRANSMIT: u32 = 7;
    /// Says whether a socket waits.
    pub const FIONBIO: u32 = 9;
    /// Answers itself with the status that it brings.
    pub const COMPLETE_ASYNC: u32 = 10;
    /// Asks how much can be read.
    pub const FIONREAD: u32 = 11;
    /// Asks whether nothing out of band is to be read.
    pub const SIOCATMARK: u32 = 12;
    /// Asks for the interfaces with addresses of four bytes.
    pub const GET_INTERFACE_LIST: u32 = 13;
    /// Says how often to look whether the other end is there.
    pub const KEEPALIVE_VALS: u32 = 14;
    /// Asks for the other end's address.
    pub const GETPEERNAME: u32 = 16;
    /// Asks what a socket is: three numbers.
    pub const GET_INFO: u32 = 18;
    /// Asks whether a socket takes connections.
    pub const GET_SO_ACCEPTCONN: u32 = 19;
    /// Asks why a socket could not be connected.
    pub const GET_SO_ERROR: u32 = 22;
    /// Asks for the options of datagrams, of which there are none.
    pub const GET_IP_OPTIONS: u32 = 54;
    /// Asks for how many seconds a socket has been connected.
    pub const GET_SO_CONNECT_TIME: u32 = 92;
}

/// `AF_INET`
pub const AF_INET: u32 = 2;
/// `AF_INET6`
pub const AF_INET6: u32 = 23;
/// `SOCK_STREAM`
pub const SOCK_STREAM: u32 = 1;
/// `SOCK_DGRAM`
pub const SOCK_DGRAM: u32 = 2;
/// `SOCK_RAW`
pub const SOCK_RAW: u32 = 3;
/// `IPPROTO_TCP`
pub const IPPROTO_TCP: u32 = 6;
/// `IPPROTO_UDP`
pub const IPPROTO_UDP: u32 = 17;
/// `MSG_OOB`: the byte out of band.
pub const MSG_OOB: u32 = 1;
/// `MSG_PEEK`: it stays.
pub const MSG_PEEK: u32 = 2;
/// Of [`AfdTransmitInfo`]: nothing is sent after it.
pub const TF_DISCONNECT: u32 = 1;
/// The socket can be connected once more afterwards.
pub const TF_REUSE_SOCKET: u32 = 2;
/// Of [`AfdRecvInfo`]: not the byte out of band.
pub const TDI_RECEIVE_NORMAL: u32 = 0x20;
/// That byte.
pub const TDI_RECEIVE_EXPEDITED: u32 = 0x40;
/// It stays.
pub const TDI_RECEIVE_PEEK: u32 = 0x80;
/// It waits even if the socket does not.
pub const AFD_OVERLAPPED: u32 = 2;

/// Declares structures of programs' memory.
macro_rules! structures {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* } $bytes:literal)*) => {
        $(
            $(#[$doc])*
            #[repr(C)]
            #[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type,)*
            }

            const _: () = assert!(size_of::<$name>() == $bytes);
        )*
    };
}

structures! {
    /// What a socket is to be.
    AfdCreateInfo {
        /// The family of its addresses.
        family: u32,
        /// What it carries.
        socket_type: u32,
        /// By which protocol.
        protocol: u32,
        /// Of no meaning here.
        flags: u32,
    } 16
    /// How connections are taken.
    AfdListenInfo {
        /// Of no meaning.
        unknown_00: u32,
        /// How many may wait.
        backlog: u32,
        /// Of no meaning.
        unknown_08: u32,
    } 12
    /// A place for bytes (`WSABUF`).
    WsaBuffer {
        /// How many.
        length: u32,
        /// Nothing.
        reserved_04: u32,
        /// Where.
        buffer: u64,
    } 16
    /// What is received, as NT's code says it.
    AfdRecvInfo {
        /// Where the [`WsaBuffer`]s are.
        buffers: u64,
        /// How many.
        count: u32,
        /// How it waits.
        afd_flags: u32,
        /// What is meant.
        tdi_flags: u32,
        /// Nothing.
        reserved_14: u32,
    } 24
    /// What is received, as the DLLs say it. All but the buffers may be missing.
    AfdReceiveMessageInfo {
        /// Where a [`WsaBuffer`] for what comes beside is.
        control: u64,
        /// Where the sender's address goes.
        address: u64,
        /// Where the length of that is.
        address_length: u64,
        /// Where the flags are.
        flags: u64,
        /// Whether it waits even if the socket does not.
        force_async: u32,
        /// How many buffers.
        count: u32,
        /// Where the [`WsaBuffer`]s are.
        buffers: u64,
    } 48
    /// What is sent.
    AfdSendMessageInfo {
        /// Where the receiver's address is.
        address: u64,
        /// How long it is.
        address_length: u32,
        /// What is meant.
        flags: u32,
        /// Whether it waits even if the socket does not.
        force_async: u32,
        /// How many buffers.
        count: u32,
        /// Where the [`WsaBuffer`]s are.
        buffers: u64,
    } 32
    /// A file that is sent, between bytes before and bytes behind it.
    AfdTransmitInfo {
        /// Where it begins.
        offset: i64,
        /// What comes before.
        head: u64,
        /// What comes behind.
        tail: u64,
        /// How long that is.
        head_length: u32,
        /// And that.
        tail_length: u32,
        /// The file's handle.
        file: u32,
        /// How much of it; 0: all.
        file_length: u32,
        /// In pieces of what size; of no meaning here.
        buffer_size: u32,
        /// What happens afterwards.
        flags: u32,
    } 48
    /// How a connection is taken by a socket that is there. The answer is the first
    /// bytes, its own address and the other end's, each behind its length.
    AfdAcceptIntoInfo {
        /// Its handle.
        handle: u32,
        /// How many bytes are read first.
        receive_length: u32,
        /// What room its own address has.
        local_length: u32,
    } 12
    /// Whom a socket is connected to; the address follows, and the first data.
    AfdConnectInfo {
        /// How long the address is.
        address_length: u32,
        /// Whether the socket may be told later.
        synchronous: u32,
    } 8
    /// What is waited for; [`AfdPollHandleInfo`]s follow.
    AfdPollInfo {
        /// For how long.
        timeout: i64,
        /// How many sockets.
        count: u32,
        /// Whether no other such poll of them waits.
        exclusive: u8,
        /// Nothing.
        reserved_0d: [u8; 3],
    } 16
    /// A socket that is waited for.
    AfdPollHandleInfo {
        /// Its handle.
        handle: u64,
        /// What is to happen, or what has.
        events: u32,
        /// Why it could not be connected.
        status: u32,
    } 16
    /// Which event is signalled.
    AfdEventSelectInfo {
        /// Its handle.
        event: u64,
        /// When what of this happens.
        events: u32,
        /// Nothing.
        reserved_0c: u32,
    } 16
    /// What has happened.
    AfdEnumNetworkEventsInfo {
        /// Of what was chosen.
        events: u32,
        /// How each ended.
        status: [u32; 13],
    } 56
    /// How often to look whether the other end is there (`tcp_keepalive`).
    TcpKeepAlive {
        /// Whether.
        is_on: u32,
        /// After how many milliseconds.
        time: u32,
        /// And again after how many.
        interval: u32,
    } 12
    /// An interface with addresses of four bytes (`INTERFACE_INFO`).
    InterfaceInfo {
        /// What it is like.
        flags: u32,
        /// Its address.
        address: [u8; 24],
        /// Its broadcast address.
        broadcast_address: [u8; 24],
        /// Which addresses are its.
        netmask: [u8; 24],
    } 76
}
