//! Whose call it is: the memory and the handles to look into.

/// A thread that makes a call.
pub trait Caller {
    /// Reads the caller's memory, all of it or nothing. It must not change what
    /// the call finds there: no guard is sprung, no stack grows.
    fn read(&self, address: u64, to: &mut [u8]) -> bool;

    /// Says what a handle stands for that a process has, which is given by a handle of
    /// the caller's; `None`: nothing.
    fn describe(&self, holder: u64, handle: u64, use_it: &mut dyn FnMut(Option<&Described<'_>>));
}

/// What a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Described<'a> {
    /// An object by its type, and by its name unless that is empty.
    Object(&'a str, &'a [u16]),
    /// A process by its number and program.
    Process(u64, &'a str),
    /// A thread by the numbers of its process and its own.
    Thread(u64, u64),
    /// A constant that is no handle in the table.
    Pseudo(&'a str),
}
