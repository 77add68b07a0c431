//! The machine behind safe types: the only crate with unsafe code.
//!
//! hal owns memory, page tables, traps, stacks, locks and devices, and lends
//! them out as values that cannot be misused: an [`memory::OwnedFrame`] is freed
//! once, an [`AddressSpace`] maps nothing of the kernel's, user memory is only
//! copied. What the layers above decide, they say through [`trap::Handlers`].
#![no_std]
#![deny(clippy::undocumented_unsafe_blocks, clippy::missing_safety_doc)]

extern crate alloc;

mod boot;
pub mod console;
pub mod cpu;
pub mod debug_port;
pub mod end;
pub mod guards;
pub mod host_input;
pub mod lock;
pub mod log;
pub mod memory;
pub mod panic;
pub mod probe;
mod reference;
mod serial;
mod stacks;
pub mod thread;
pub mod time;
pub mod trap;
pub mod user;
pub mod virtio;

pub use bootinfo::BootInfo;
pub use memory::address_space::AddressSpace;
pub use reference::{Ref, Room};

/// There is no memory left for this. The one who asked learns it as a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;
