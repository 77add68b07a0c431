//! Calls of a made-up program, as lines and as records.

mod lines;
mod program;
mod records;
