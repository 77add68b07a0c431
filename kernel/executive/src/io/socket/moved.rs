//! What a request of a socket moves, and how its answer looks.

use alloc::vec::Vec;

use hal::{Ref, user};
use sockets::{Brought, Ended};

use crate::Error;
use crate::io::irp::{Answer, Asked, Irp, Piece};

/// How what a request brought looks to whoever asked.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Makes the answer, of a request that had these numbers.
    pub make: fn(Ended, [u64; 2]) -> Answer,
    /// What it has to know. A new connection's handle becomes the first of them.
    pub numbers: [u64; 2],
}

/// What is moved by a request, and how.
pub struct Transferred<'a> {
    /// Where the answer goes.
    pub pieces: &'a [Piece],
    /// How it looks.
    pub shape: Shape,
}

impl<'a> Transferred<'a> {
    /// Bytes, and how many.
    pub fn plain(pieces: &'a [Piece]) -> Self {
        let shape = Shape {
            make: plain,
            numbers: [0; 2],
        };
        Self { pieces, shape }
    }
}

fn plain(ended: Ended, _: [u64; 2]) -> Answer {
    Answer {
        status: ended.status.status_code(),
        information: u64::try_from(ended.bytes).unwrap_or(u64::MAX),
        data: match ended.brought {
            Brought::Data(data, _) => data.into(),
            _ => pipes::Data::default(),
        },
    }
}

/// A request whose answer goes to pieces.
pub(super) fn request(asked: &Asked<'_>, pieces: &[Piece], kept: usize) -> Result<Ref<Irp>, Error> {
    let mut own = Vec::new();
    if !asked.is_synchronous {
        own.try_reserve_exact(pieces.len())?;
        own.extend_from_slice(pieces);
    }
    let kept = kept.saturating_add(own.len().saturating_mul(size_of::<Piece>()));
    asked.request_to(0, own, kept)
}

/// Bytes of the current process, from several places.
pub fn gather(asked: &Asked<'_>, pieces: &[Piece]) -> Result<Vec<u8>, Error> {
    let length = pieces
        .iter()
        .fold(0_usize, |sum, piece| sum.saturating_add(piece.bytes));
    asked.thread.process().io_quota().check(length)?;
    let mut data = Vec::new();
    data.try_reserve_exact(length)?;
    data.resize(length, 0);
    let mut rest = data.as_mut_slice();
    for piece in pieces {
        let (part, after) = rest.split_at_mut_checked(piece.bytes).unwrap_or_default();
        user::copy_in(part, piece.address)?;
        rest = after;
    }
    Ok(data)
}
