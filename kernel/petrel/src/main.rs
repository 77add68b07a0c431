//! The kernel binary: the start-up order, one line per step.
#![no_std]
#![no_main]
