//! Memory of processes: regions over sections, filled by page faults.

mod fault;
pub mod image;
pub mod space;

pub use fault::{Resolution, Unresolved};
pub use image::Image;
pub use space::{Space, UserMemory};
