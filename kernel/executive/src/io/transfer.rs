//! Reading and writing what is open, and flushing it.

use alloc::vec::Vec;

use super::console;
use super::file::{File, Start, Target};
use super::host;
use super::irp::{Answer, Asked, Begun};
use super::lock::Accessor;
use super::quota::IoQuota;
use super::watch;
use crate::Error;
use crate::memory::FileData;

impl File {
    /// Reads bytes to the current process.
    #[inline(always)]
    pub fn read(
        &self,
        asked: &Asked<'_>,
        by: Accessor,
        start: Start,
        to: u64,
        bytes: u64,
    ) -> Result<Begun, Error> {
        if let Target::Pipe(end) = &self.target {
            return end.read(asked, to, bytes);
        }
        match self.read_to_user(by, start, to, bytes) {
            Ok(read) => Ok(Begun::Done(Answer::done(read))),
            Err(error) => self.read_otherwise(asked, to, bytes, error),
        }
    }

    /// Writes bytes of the current process.
    pub fn write(
        &self,
        asked: &Asked<'_>,
        by: Accessor,
        start: Start,
        from: u64,
        bytes: u64,
    ) -> Result<Begun, Error> {
        if let Target::Pipe(end) = &self.target {
            return end.write(asked, from, bytes);
        }
        match self.write_from_user(by, start, from, bytes) {
            Ok(()) => Ok(Begun::Done(Answer::done(bytes))),
            Err(error) => self.write_otherwise(asked, from, bytes, error),
        }
    }

    /// What is read by none of the short ways may be a socket's.
    #[cold]
    fn read_otherwise(
        &self,
        asked: &Asked<'_>,
        to: u64,
        bytes: u64,
        error: Error,
    ) -> Result<Begun, Error> {
        match &self.target {
            Target::Socket(socket) => socket.read(asked, to, bytes),
            _ => Err(error),
        }
    }

    /// The same of what is written.
    #[cold]
    fn write_otherwise(
        &self,
        asked: &Asked<'_>,
        from: u64,
        bytes: u64,
        error: Error,
    ) -> Result<Begun, Error> {
        match &self.target {
            Target::Socket(socket) => socket.write(asked, from, bytes),
            _ => Err(error),
        }
    }

    /// Waits until what was written has arrived.
    pub fn flush(&self, asked: &Asked<'_>) -> Result<Begun, Error> {
        match &self.target {
            Target::Pipe(end) => end.flush(asked),
            Target::Node(node) => {
                node.flush()?;
                Ok(Begun::Done(Answer::default()))
            }
            // Everything is in memory, where it stays.
            _ => Ok(Begun::Done(Answer::default())),
        }
    }

    /// Reads bytes to the current process; how many there were.
    #[inline(always)]
    pub fn read_to_user(
        &self,
        by: Accessor,
        start: Start,
        to: u64,
        bytes: u64,
    ) -> Result<u64, Error> {
        match &self.target {
            Target::Pipe(_) | Target::Pipes(_) | Target::Terminal(_) | Target::Socket(_) => {
                Err(Error::InvalidDeviceRequest)
            }
            Target::Null => Err(Error::EndOfFile),
            Target::Console => console::read_to_user(to, bytes),
            Target::Host(stream) => host::read_to_user(*stream, to, bytes),
            // Its files are all there is of it.
            Target::Volume(_) => Err(Error::InvalidDeviceRequest),
            Target::Node(node) => {
                let data = node.data().map_err(|_| Error::InvalidDeviceRequest)?;
                let offset = self.offset_of(start, data);
                let read = data.read_to_user(self.owner(by), offset, to, bytes)?;
                if read == 0 && bytes != 0 {
                    return Err(Error::EndOfFile);
                }
                self.move_to(offset.saturating_add(read));
                Ok(read)
            }
        }
    }

    /// Writes bytes of the current process. Without room for all of them none is
    /// written; one that meets a bad buffer does not make the file longer.
    pub fn write_from_user(
        &self,
        by: Accessor,
        start: Start,
        from: u64,
        bytes: u64,
    ) -> Result<(), Error> {
        match &self.target {
            Target::Pipe(_) | Target::Pipes(_) | Target::Socket(_) => {
                Err(Error::InvalidDeviceRequest)
            }
            Target::Null => Ok(()),
            Target::Console => console::write_from_user(from, bytes),
            Target::Host(stream) => host::write_from_user(*stream, from, bytes),
            Target::Terminal(file) => file.write(from, bytes),
            Target::Volume(_) => Err(Error::InvalidDeviceRequest),
            Target::Node(node) => {
                let data = node.data().map_err(|_| Error::InvalidDeviceRequest)?;
                if data.remote().is_some() {
                    return self.write_shared((node, data), by, start, from, bytes);
                }
                let offset = self.offset_of(start, data);
                let end = offset.saturating_add(bytes);
                if bytes != 0 {
                    self.check_write(offset, bytes, by)?;
                    // A long write gives way to others: they go on behind it.
                    let size = watch::is_any().then(|| data.size_bytes());
                    self.claim(start, data, end)?;
                    if let Err(error) = data.write_from_user(offset, from, bytes) {
                        self.give_back(start, data, offset, end);
                        return Err(error);
                    }
                    node.note_written(size.is_some_and(|size| end > size))?;
                }
                if start != Start::Position {
                    self.move_to(end);
                }
                Ok(())
            }
        }
    }

    /// Appends so many bytes of a file's to others, as far as there are any.
    #[cold]
    pub fn append_to(
        &self,
        by: Accessor,
        start: Start,
        bytes: u64,
        to: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let data = self
            .node()?
            .data()
            .map_err(|_| Error::InvalidDeviceRequest)?;
        let (offset, before) = (self.offset_of(start, data), to.len());
        let bytes = bytes.min(data.size_bytes().saturating_sub(offset));
        IoQuota::current()?.check(usize::try_from(bytes).unwrap_or(usize::MAX))?;
        data.append_to(self.owner(by), offset, bytes, to)?;
        let read = u64::try_from(to.len().saturating_sub(before)).unwrap_or(bytes);
        self.move_to(offset.saturating_add(read));
        Ok(())
    }

    fn offset_of(&self, start: Start, data: &FileData) -> u64 {
        match start {
            Start::Position => self.position(),
            Start::End => data.size_bytes(),
            Start::At(offset) => offset,
        }
    }

    /// Takes what is to be written for itself: the position's way, or the end's.
    fn claim(&self, start: Start, data: &FileData, end: u64) -> Result<(), Error> {
        match start {
            Start::Position => self.move_to(end),
            Start::End => data.set_size(end)?,
            Start::At(_) => {}
        }
        Ok(())
    }

    /// Undoes that, unless another went on behind it.
    fn give_back(&self, start: Start, data: &FileData, offset: u64, end: u64) {
        match start {
            Start::Position if self.position() == end => self.move_to(offset),
            Start::End if data.size_bytes() == end => {
                // Should a section have come to show it, zeros stay.
                let _ = data.set_size(offset);
            }
            _ => {}
        }
    }

    pub(super) fn move_to(&self, position: u64) {
        if self.mode().is_synchronous {
            self.set_position(position);
        }
    }
}
