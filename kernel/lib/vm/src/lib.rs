//! Virtual memory logic without a machine: frames, regions, fault policy.
//!
//! Five parts, none of which touches memory or page tables itself:
//! * [`Buddy`] says which physical frames are free and how many owners a
//!   frame has.
//! * [`Regions`] describes one address space with NT's semantics; every
//!   operation that succeeds says what the page tables need ([`Change`]).
//! * [`fault::decide`] is the policy table: what a page fault means.
//! * [`BlockCache`] keeps freed blocks of the kernel's heap for their next use.
//! * [`Places`] says which of the kernel's addresses are taken.
//!
//! How the executive uses them, with its page tables as a comment:
//!
//! ```
//! use vm::fault::{decide, Backing, Entry, Fault, FaultAction, Mode};
//! use vm::{Access, AllocateRequest, AllocationType, Buddy, Frame, FrameMeta};
//! use vm::{Page, PageRange, Protection, Regions, Span};
//!
//! // Boot: 4 MiB of usable RAM from frame 0x100 on.
//! let mut storage = [FrameMeta::default(); 0x500];
//! let mut frames = Buddy::new(Frame(0), &mut storage);
//! frames.add_range(Frame(0x100), 0x400).unwrap();
//!
//! // A new process, then its NtAllocateVirtualMemory(reserve and commit).
//! let mut regions = Regions::new(PageRange::new(Page(0x10), Page(0x7_FFFF_FFF0)), 10_000);
//! let allocated = regions
//!     .allocate(&AllocateRequest {
//!         address: 0,
//!         span: Span::ALL,
//!         size_bytes: 0x1000,
//!         allocation_type: AllocationType::from_nt(0x3000).unwrap(),
//!         protection: Protection::from_nt(0x04).unwrap(),
//!     })
//!     .unwrap();
//!
//! // The program writes to it: the page-fault handler asks the table.
//! let page = allocated.range.start;
//! let fault = Fault { page, access: Access::Write, mode: Mode::User };
//! let info = regions.look_up(page);
//! assert_eq!(decide(fault, info.as_ref(), Entry::Empty), FaultAction::MapZero);
//! let rights = info.unwrap().rights(Backing::Private, Access::Write);
//! let frame = frames.allocate(0).unwrap();
//! // ... zero the frame, enter (page, frame, rights) into the page table.
//! assert!(rights.write && !rights.execute);
//!
//! // NtFreeVirtualMemory: unmap what it says, release the frames found.
//! let freed = regions.release(page.address(), 0).unwrap();
//! assert_eq!(freed.unmap, allocated.range);
//! assert!(frames.release(frame).unwrap(), "last owner: the frame is free again");
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

mod block_cache;
mod buddy;
mod error;
pub mod fault;
mod places;
mod protection;
mod regions;
mod units;

pub use block_cache::{BlockCache, BlockClass, GRANULE_BYTES};
pub use buddy::{Buddy, FrameCounts, FrameError, FrameMeta, MAX_ORDER};
pub use error::{Parameter, VmError};
pub use places::{NoPlace, Places};
pub use protection::{Access, Protection, Rights};
pub use regions::{
    AllocateRequest, Allocated, AllocationType, Change, Freed, Kind, LARGE_PAGE_BYTES, Locks,
    MemoryInfo, PageInfo, Place, Protected, Regions, Span, StackGrowth, State, WholeAllocation,
};
pub use units::{Frame, GRANULARITY_PAGES, PAGE_SHIFT, PAGE_SIZE, Page, PageRange};
