//! The processor: interrupts, features, descriptor tables, the per-CPU block.

pub mod descriptors;
pub mod entropy;
pub mod features;
pub mod identity;
pub mod interrupts;
pub mod local;
pub mod per_cpu;
