//! Memory of processes: regions over sections, filled by page faults.

mod commit;
mod fault;
pub mod image;
mod place;
pub mod space;

pub use commit::init as init_commitment;
pub use fault::{Resolution, Unresolved};
pub use image::Image;
pub use place::Place;
pub use space::{Space, UserMemory};
