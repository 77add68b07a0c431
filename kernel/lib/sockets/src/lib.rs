//! Sockets over loopback: addresses, connections, datagrams, polls.
//!
//! [`Network`] is all of one machine that is its own only host: which ports are whose,
//! what is between the ends of connections, who waits for what. It decides as Windows
//! Sockets do what an operation gives, which wait, and which that waited are over by it.
//!
//! A [`Request`] is the executive's. What may wait is asked without one first; if it has
//! to ([`Started::Waits`]), again with one, which then comes back just once: with the
//! answer ([`Started::Done`]), or through [`Outcomes`]. These hear of events, too, that a
//! program has chosen. Nothing here takes a lock, and no allocation aborts: on
//! [`SocketStatus::InsufficientResources`] nothing has changed. Ports are given out in
//! their order, so that two runs are the same.
//!
//! ```
//! use sockets::{Address, Ended, Family, Ip, Key, Kind, Named, Network, Outcomes, Receive};
//! use sockets::{Brought, Dial, Request, SendTo, Started};
//!
//! struct Nobody;
//! impl Outcomes for Nobody {
//!     fn complete(&mut self, _: Request, _: Ended) {}
//!     fn signal(&mut self, _: Key) {}
//!     fn is_meant(&self, _: Request) -> bool {
//!         true
//!     }
//! }
//! let named = Named { family: Family::V4, kind: Kind::Stream, protocol: 6 };
//! let mut network = Network::new();
//! let out = &mut Nobody;
//! let (server, client) = (network.open().unwrap(), network.open().unwrap());
//! network.name(server, named).unwrap();
//! network.name(client, named).unwrap();
//! let address = network.bind(server, Address::of(Ip::LOOPBACK_V4, 0)).unwrap();
//! network.listen(server, 1).unwrap();
//! network.connect(client, Dial::to(address), Vec::new(), out).unwrap();
//! let Started::Done(ended, _) = network.accept(server, None, out) else { unreachable!() };
//! let Brought::Connection(accepted) = ended.brought else { unreachable!() };
//! network.send(client, &mut b"ping".to_vec(), SendTo::default(), None, out);
//! let read = network.receive(accepted, Receive::of(16), None, out);
//! assert!(matches!(read, Started::Done(Ended { bytes: 4, .. }, _)));
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

mod address;
mod bytes;
mod close;
mod connect;
mod network;
mod options;
mod poll;
mod ports;
mod socket;
mod status;
mod transfer;

#[cfg(test)]
mod tests;

pub use address::{Address, Family, Ip, MOST_ADDRESS_BYTES};
pub use connect::{Dial, Directions};
pub use network::{Brought, Ended, Key, Network, Outcomes, Request, Started};
pub use options::Setting;
pub use poll::{Entry, Happened};
pub use socket::{Kind, Named};
pub use status::SocketStatus;
pub use transfer::{Receive, SendTo};

/// What can happen to a socket (`AFD_POLL_*`).
pub mod event {
    /// There is something to read.
    pub const READ: u32 = 0x1;
    /// There is a byte out of band.
    pub const OUT_OF_BAND: u32 = 0x2;
    /// There is room to write.
    pub const WRITE: u32 = 0x4;
    /// The other end sends no more, and all was read.
    pub const HANG_UP: u32 = 0x8;
    /// The other end is gone.
    pub const RESET: u32 = 0x10;
    /// The socket itself was closed.
    pub const CLOSE: u32 = 0x20;
    /// It is connected.
    pub const CONNECT: u32 = 0x40;
    /// There is a connection to accept.
    pub const ACCEPT: u32 = 0x80;
    /// It could not be connected.
    pub const CONNECT_ERROR: u32 = 0x100;
    /// How many there are, those without a meaning among them.
    pub const COUNT: usize = 13;
}
