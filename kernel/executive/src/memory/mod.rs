//! Memory of processes: regions over sections, filled by page faults.

mod alone;
pub(crate) mod commit;
mod copy;
mod counters;
mod fault;
mod file_data;
pub mod image;
pub mod mapped;
mod place;
mod quota;
pub mod section;
pub mod space;
mod touched;
pub mod views;
pub mod watch;
mod zeros;

pub(crate) use commit::limit_pages as commit_limit_pages;
pub use commit::{CommitmentCounts, counts as commitment_counts, init as init_commitment};
pub use counters::MemoryCounters;
pub use fault::{Need, Resolution, Unresolved};
pub use file_data::FileData;
pub use image::{HeldImage, Image};
pub use place::Place;
pub use quota::{Quota, Refusal};
pub use section::Section;
pub use space::{Space, UserMemory};
