//! Closing what the host shares, and what views have written of it.

use files::{NodeId, Opening};
use hal::Ref;

use super::path::HostPath;
use super::remote::Remote;
use super::resolve::prune;
use super::turn::Turn;
use crate::Error;
use crate::io::node::Node;
use crate::io::volume::with;

/// What goes from the host when a file is closed.
pub(in crate::io) struct Closing {
    turn: Turn,
    node: NodeId,
    parent: Option<NodeId>,
    /// Where its name is, if it goes.
    unlinked: Option<HostPath>,
    is_directory: bool,
}

impl Closing {
    /// Before it is closed.
    #[inline(never)]
    pub(in crate::io) fn of(node: &Node, opening: &Opening) -> Option<Self> {
        let share = node.volume().shared()?;
        let turn = share.turn().inspect_err(|error| {
            let letter = char::from(share.letter);
            log::warn!("a file of {letter}: is closed without the host: {error}");
        });
        let turn = turn.ok()?;
        let (parent, path) = with(node.volume(), |tree| {
            let parent = tree.parent_of(node.node_id()).ok().flatten();
            let path = match tree.unlinks(opening) {
                true => tree.path_of(node.node_id()).ok(),
                false => None,
            };
            Ok((parent, path))
        })
        .ok()?;
        Some(Self {
            turn,
            node: node.node_id(),
            parent,
            unlinked: path.and_then(|path| HostPath::of(&path).ok()),
            is_directory: node.is_directory(),
        })
    }

    /// After it was.
    #[inline(never)]
    pub(in crate::io) fn finish(mut self) {
        if let Some(path) = &self.unlinked
            && let Err(error) = unlink(&mut self.turn, path, self.is_directory)
        {
            let letter = char::from(self.turn.share.letter);
            log::warn!("the host keeps a file of {letter}: that was deleted: {error}");
        }
        self.turn.settle();
        prune(&self.turn, self.node);
        if let Some(parent) = self.parent {
            prune(&self.turn, parent);
        }
    }
}

#[inline(never)]
fn unlink(turn: &mut Turn, path: &HostPath, is_directory: bool) -> Result<(), Error> {
    let Some((directory, name)) = path.split() else {
        return Ok(());
    };
    let fid = turn.find(&directory)?;
    turn.unlink(fid.number(), name, is_directory)?;
    turn.note_change(&directory, Some(name), None)
}

impl Turn {
    /// Gives the host what views have written that are gone.
    #[inline(never)]
    pub(super) fn settle(&mut self) {
        loop {
            let next = self.share.unsettled.lock().pop_front();
            let Some(data) = next else {
                return;
            };
            if let Err(error) = data.settle(self) {
                let letter = char::from(self.share.letter);
                log::warn!("the host lacks what a view has written of a file of {letter}: {error}");
            }
        }
    }
}

impl Node {
    /// Takes its opening back.
    #[inline(never)]
    pub(super) fn revoke(&self, turn: &Turn, is_new: bool) {
        let parent = with(self.volume(), |tree| Ok(tree.parent_of(self.node_id())?));
        let gone = self
            .take_opening()
            .map(|opening| with(self.volume(), |tree| Ok(tree.revoke(opening, is_new))));
        // Outside the lock.
        drop(gone);
        prune(turn, self.node_id());
        if let Ok(Some(parent)) = parent {
            prune(turn, parent);
        }
    }

    /// What it is on the host, if it is there.
    pub(super) fn remote(&self) -> Option<&Ref<Remote>> {
        self.host_file()
    }
}
