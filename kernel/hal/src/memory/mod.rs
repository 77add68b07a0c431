//! Memory: frames, the kernel's page tables and heap, address spaces.

pub mod address_space;
pub(crate) mod both;
mod common_frame;
mod device_memory;
mod failures;
mod frames;
pub(crate) mod heap;
pub(crate) mod kernel_space;
pub(crate) mod kernel_stack;
pub mod layout;
mod residency;
mod snapshot;
mod start;
mod tables;
pub(crate) mod walk;

pub use common_frame::{CommonFrame, CommonRow};
pub(crate) use device_memory::DeviceMemory;
pub use failures::{allocations, inject_failure, injected, stop_injecting};
pub use frames::{
    FrameCounts, OwnedFrame, PermanentFrame, PublishedPage, SharedFrame, counts as frame_counts,
};
pub use heap::{HeapCounts, counts as heap_counts};
pub use kernel_space::DeviceError;
pub use residency::Residency;
pub use snapshot::{Borrowed, Borrows, Snapshot};
pub use start::{module_bytes, start};
pub use walk::{Violation, check_write_xor_execute};
