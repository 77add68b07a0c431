//! Tests of the crate on images made by hand, by linkers and by chance.

mod builder;
mod compilers;
mod differential;
mod headers;
mod hostile;
mod pages;
mod tables;
