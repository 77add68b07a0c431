//! Tests of the crate on images made by hand, by linkers and by chance.

mod builder;
mod code_view;
mod compilers;
mod differential;
mod epilogues;
mod frames;
mod headers;
mod hostile;
mod identity;
mod pages;
mod programs;
mod tables;
mod unwind;
mod unwind_differential;
mod unwind_hostile;
mod unwind_reference;
mod unwind_rules;
mod wine;
