//! What programs ask of any end of a pipe; standard streams are such ends too.

use alloc::vec::Vec;

use pipes::{Information, Modes, Peeked};

use super::{File, Target};
use crate::Error;

impl File {
    /// What is known of it as the end of a pipe.
    pub fn pipe_information(&self) -> Result<Information, Error> {
        match self.target() {
            Target::Host(stream) => Ok(stream.information()),
            _ => self.pipe()?.information(),
        }
    }

    /// How many instances its pipe has, and how many it may have.
    pub fn pipe_instances(&self) -> Result<(u32, u32), Error> {
        match self.target() {
            Target::Host(_) => Ok((1, 1)),
            _ => Ok(self.pipe()?.instance_counts()),
        }
    }

    /// How it reads, and whether it waits.
    pub fn pipe_modes(&self) -> Result<Modes, Error> {
        match self.target() {
            Target::Host(stream) => Ok(stream.modes()),
            _ => self.pipe()?.modes(),
        }
    }

    /// Changes that.
    pub fn set_pipe_modes(&self, modes: Modes) -> Result<(), Error> {
        match self.target() {
            Target::Host(stream) => stream.set_modes(modes),
            _ => self.pipe()?.set_modes(modes),
        }
    }

    /// Looks at what can be read (NT `FSCTL_PIPE_PEEK`), and copies no more of it
    /// than so many bytes.
    pub fn peek_pipe(&self, most: usize) -> Result<(Peeked, Vec<u8>), Error> {
        match self.target() {
            Target::Host(stream) => stream.peek(most),
            _ => self.pipe()?.peek(most),
        }
    }
}
