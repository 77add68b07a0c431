//! Named pipes: their names, states and data, without the requests.
//!
//! * [`Pipe`] is one instance: a server, its client and the data between them.
//!   It decides as NT's named pipe file system does what each operation gives,
//!   which wait, and which requests that waited are over by it.
//! * [`Names`] are the pipes of the device by name: who may create another
//!   instance, which one a client gets, and who waits for one.
//!
//! A request `R` is the executive's. It is given by value to an operation that
//! may wait and comes back just once: with the answer of the operation
//! ([`Started::Done`]), or through the `complete` of a later one, also that of
//! [`Pipe::cancel`]. Nothing here takes a lock, and no allocation aborts: on
//! [`PipeStatus::InsufficientResources`] nothing has changed.
//!
//! ```
//! use pipes::{CompletionMode, End, Modes, Pipe, PipeType, ReadMode, Settings, Started};
//!
//! let settings = Settings {
//!     pipe_type: PipeType::Byte,
//!     configuration: pipes::Configuration::FullDuplex,
//!     server: Modes { read: ReadMode::Byte, completion: CompletionMode::Queue },
//!     inbound_quota: 4096,
//!     outbound_quota: 4096,
//! };
//! let mut pipe = Pipe::new(&settings);
//! let client = End::Client(pipe.connect_client(&mut |_| ()).unwrap());
//!
//! // The server waits for data, which the client's write hands over.
//! let mut none = |_| unreachable!();
//! assert!(matches!(pipe.read(End::Server, 16, "read", &mut none), Started::Queued));
//! let mut over = None;
//! let written = pipe.write(client, b"ping".to_vec(), "write", &mut |read| over = Some(read));
//! assert!(matches!(written, Started::Done(write) if write.bytes == 4));
//! let read = over.unwrap();
//! assert_eq!((read.request, read.data.bytes()), ("read", b"ping".as_slice()));
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

mod completion;
mod kinds;
mod names;
mod pipe;
mod queue;
mod status;

pub use completion::{Completed, Data, Ended, Started};
pub use kinds::{CompletionMode, Configuration, Connection, End, Modes, PipeType, ReadMode, State};
pub use names::{Compare, Creation, Disposition, Listed, Names, Place};
pub use pipe::{Information, Peeked, Pipe, Settings};
pub use status::PipeStatus;
