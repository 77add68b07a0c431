//! The machine behind safe types: the only crate of the kernel with unsafe code.
#![no_std]
