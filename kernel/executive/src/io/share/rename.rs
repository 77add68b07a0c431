//! Giving what the host shares other names.

use alloc::vec::Vec;

use files::{FileError, NodeId, Opening, Rename};

use super::change::on_host;
use super::path::HostPath;
use super::resolve::{enter, prune};
use super::turn::Turn;
use crate::Error;
use crate::io::node::Node;
use crate::io::rename::NewName;
use crate::io::volume::{Files, with};

/// What the host is to do before the tree does it.
pub(in crate::io) struct Moving {
    turn: Turn,
    deepest: Option<NodeId>,
    parent: Option<NodeId>,
}

/// The same with all names.
pub(in crate::io) struct Move {
    from: HostPath,
    to: HostPath,
    /// What has the name, in other letters.
    replaced: Option<HostPath>,
}

impl Moving {
    /// Has the tree know what has the new name, and says by which path it knows that if
    /// there are links on the one that was given.
    #[inline(never)]
    pub(in crate::io) fn of(
        node: &Node,
        new: NewName<'_>,
    ) -> Result<(Option<Self>, Option<Vec<u16>>), Error> {
        let Some(share) = node.volume().shared() else {
            return Ok((None, None));
        };
        let mut turn = share.turn_to_change()?;
        turn.settle();
        let (start, path, parent) = with(node.volume(), |tree| {
            let parent = tree.parent_of(node.node_id())?;
            let (start, path) = match new {
                NewName::Here(name) => (parent.unwrap_or(tree.root()), name),
                NewName::Path(_, start, path) => (start.unwrap_or(tree.root()), path),
            };
            Ok((tree.path_of(start)?, path, parent))
        })?;
        let mut found = turn.resolve(&start, path, false)?;
        let deepest = enter(&turn, &mut found)?;
        let moving = Self {
            turn,
            deepest: Some(deepest),
            parent,
        };
        Ok((Some(moving), found.other_path))
    }

    /// What is to be done, which the tree allows.
    #[inline(never)]
    pub(in crate::io) fn plan(
        tree: &Files,
        opening: &Opening,
        rename: &Rename<'_>,
    ) -> Result<Option<Move>, Error> {
        let planned = tree.plan_rename(opening, rename)?;
        let path_of = |id: NodeId| HostPath::of(&tree.path_of(id)?);
        let mut to = path_of(planned.new_parent)?;
        let mut buffer = [0; ninep::names::MOST_BYTES];
        to.push(on_host(rename.name, &mut buffer)?)?;
        let other = planned.target.filter(|target| *target != planned.source);
        let replaced = match other {
            Some(other) if tree.name_of(other)? != rename.name => Some(path_of(other)?),
            _ => None,
        };
        if planned.target == Some(planned.source) && tree.name_of(planned.source)? == rename.name {
            return Ok(None);
        }
        Ok(Some(Move {
            from: path_of(planned.source)?,
            to,
            replaced,
        }))
    }

    /// Does it on the host.
    #[inline(never)]
    pub(in crate::io) fn carry_out(&mut self, all: &Move) -> Result<(), Error> {
        match &all.replaced {
            None => self.one(&all.from, &all.to),
            // It gives way under the name that it has.
            Some(replaced) => {
                self.one(&all.from, replaced)?;
                self.one(replaced, &all.to)
            }
        }
    }

    #[inline(never)]
    fn one(&mut self, from: &HostPath, to: &HostPath) -> Result<(), Error> {
        let (from, to) = match (from.split(), to.split()) {
            (Some(from), Some(to)) => (from, to),
            _ => return Err(FileError::AccessDenied.into()),
        };
        let old = self.turn.find(&from.0)?;
        let new = self.turn.find(&to.0)?;
        let both = ((old.number(), from.1), (new.number(), to.1));
        self.turn.rename(both.0, both.1)?;
        self.turn.note_change(&from.0, Some(from.1), None)?;
        self.turn.note_change(&to.0, Some(to.1), Some(to.1))
    }
}

impl Drop for Moving {
    fn drop(&mut self) {
        let nodes: [Option<NodeId>; 2] = [self.deepest.take(), self.parent.take()];
        for node in nodes.into_iter().flatten() {
            prune(&self.turn, node);
        }
    }
}

/// A name that is kept.
#[inline(never)]
pub(super) fn copied(name: &[u16]) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(name.len())?;
    units.extend_from_slice(name);
    Ok(units)
}
