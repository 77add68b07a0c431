//! The names, metadata and openings of a volume's files, as NTFS has them.
//!
//! * A directory's entries are sorted without regard to case and unique so;
//!   names keep the case they were made with. A name is kept once, in its
//!   node, so that a node leads to its path and directories hold numbers.
//! * A directory may be unread: its entries are still to come from where its
//!   `source` says. Walking stops at one so that the caller can
//!   [`insert`](Tree::insert) them and try again; so what is open is read.
//! * A deleted file keeps its name until the last opening is closed, and opens
//!   no more; with POSIX semantics it loses its name when the opening that
//!   deleted it is closed.
//! * What says who may do what to a file stays with it, whatever it is called,
//!   until it is gone. Most files have nothing of the kind.
//! * Every file has one name. With hard links, name and parent would move
//!   from nodes to entries.

mod create;
mod information;
mod list;
mod mirror;
mod open;
mod rename;
mod security;
mod walk;

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

pub use create::{New, NewKind};
pub use information::{BasicUpdate, Information, Times, Touch};
pub use list::Listed;
pub use open::{Closed, Disposition, Intent, Opening};
pub use rename::{Planned, Rename, Renamed, Replaced};
use security::{Secured, Security};
pub use walk::Walked;

use crate::slab::Slab;
use crate::{FileError, NodeId, ShareState};
use alloc::vec::Vec;
use objects::{Case, NameError, ObjectName, compare};

/// Most components in a path. Every opening counts in all directories above
/// it, and names can be given from a directory, so that the length of what a
/// program passes is no limit.
pub const MAX_DEPTH: u32 = 4096;

/// Most times that a directory has room for as many entries as it has.
const MOST_SPARE: usize = 4;

/// What is kept of every file but its data: a node, the longest name, and its
/// place in a directory, which may have room for more.
pub const fn record_bytes<D, S>() -> usize {
    let slot = Slab::<Node<D, S>>::SLOT_BYTES;
    let name = crate::MAX_COMPONENT.saturating_mul(size_of::<u16>());
    let entry = size_of::<NodeId>().saturating_mul(MOST_SPARE);
    slot.saturating_add(name).saturating_add(entry)
}

/// The files of one volume. `D` leads to the data of one, `S` says who may do what
/// to it.
#[derive(Debug)]
pub struct Tree<D, S = ()> {
    nodes: Slab<Node<D, S>>,
    root: NodeId,
    secured: Secured,
}

/// A file or a directory.
#[derive(Debug)]
struct Node<D, S> {
    /// `None` for the root alone.
    name: Option<ObjectName>,
    /// Where it has its name: `None` for the root, and once it has none.
    parent: Option<NodeId>,
    /// What of [`attributes`](crate::attributes) is stored.
    attributes: u32,
    times: Times,
    share: ShareState,
    /// How many openings there are, those included that share nothing.
    opens: u64,
    /// How many there are of what is below a directory.
    opens_below: u64,
    is_delete_pending: bool,
    security: Option<Security<S>>,
    content: Content<D>,
}

#[derive(Debug)]
enum Content<D> {
    File(D),
    Directory(Entries),
}

/// What is in a directory.
#[derive(Debug)]
struct Entries {
    /// In the order of folded names.
    children: Vec<NodeId>,
    /// Where entries are still to come from.
    source: Option<u64>,
    /// No less than how many levels there are below. It is exact as long as
    /// nothing goes, and when nothing is left.
    height: u32,
}

impl<D, S> Tree<D, S> {
    /// A volume with an empty root for no more than `limit` files and
    /// directories, the root included.
    ///
    /// # Errors
    /// [`FileError::NoMemory`]; [`FileError::DiskFull`] for a limit of zero.
    pub fn new(limit: u32, now: u64) -> Result<Self, FileError> {
        let mut nodes = Slab::new(limit);
        let root = nodes.insert(Node {
            name: None,
            parent: None,
            attributes: 0,
            times: Times::all(now),
            share: ShareState::new(),
            opens: 0,
            opens_below: 0,
            is_delete_pending: false,
            security: None,
            content: Content::Directory(Entries {
                children: Vec::new(),
                source: None,
                height: 0,
            }),
        })?;
        Ok(Self {
            nodes,
            root,
            secured: Secured::default(),
        })
    }

    /// The directory that all paths begin in.
    #[must_use]
    pub const fn root(&self) -> NodeId {
        self.root
    }

    /// How many files and directories there are, the root included.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.nodes.len()
    }

    /// The memory of the files, and of so many more, when each takes as much as
    /// this; what is left of those that are gone counts too.
    #[must_use]
    pub fn footprint_bytes(&self, more: u32, bytes_each: u64) -> u64 {
        let slot = u64::try_from(Slab::<Node<D, S>>::SLOT_BYTES).unwrap_or(u64::MAX);
        let files = u64::from(self.len().saturating_add(more)).saturating_mul(bytes_each);
        let vacant = u64::from(self.nodes.vacant(more)).saturating_mul(slot);
        files
            .saturating_add(vacant)
            .saturating_add(self.secured.bytes)
    }

    /// Whether there is nothing but the root.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// The node of a number that a program passes
    /// (`FILE_OPEN_BY_FILE_ID`), if it has a name.
    #[must_use]
    pub fn find_id(&self, number: u64) -> Option<NodeId> {
        let id = NodeId::from_u64(number);
        let node = self.nodes.get(id)?;
        (node.parent.is_some() || id == self.root).then_some(id)
    }

    /// Whether a node is a directory.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`].
    pub fn is_directory(&self, id: NodeId) -> Result<bool, FileError> {
        Ok(matches!(self.node(id)?.content, Content::Directory(_)))
    }

    /// The data of a file.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`], [`FileError::FileIsADirectory`].
    pub fn data(&self, id: NodeId) -> Result<&D, FileError> {
        match &self.node(id)?.content {
            Content::File(data) => Ok(data),
            Content::Directory(_) => Err(FileError::FileIsADirectory),
        }
    }

    /// Where a directory's entries are still to come from; `None` for one
    /// that is read.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`], [`FileError::NotADirectory`].
    pub fn source(&self, directory: NodeId) -> Result<Option<u64>, FileError> {
        Ok(self.entries(directory)?.source)
    }

    /// Says where a directory's entries are to come from, or that all are
    /// there.
    ///
    /// # Errors
    /// [`FileError::FileDeleted`], [`FileError::NotADirectory`].
    pub fn set_source(&mut self, directory: NodeId, source: Option<u64>) -> Result<(), FileError> {
        self.entries_mut(directory)?.source = source;
        Ok(())
    }

    fn node(&self, id: NodeId) -> Result<&Node<D, S>, FileError> {
        self.nodes.get(id).ok_or(FileError::FileDeleted)
    }

    fn node_mut(&mut self, id: NodeId) -> Result<&mut Node<D, S>, FileError> {
        self.nodes.get_mut(id).ok_or(FileError::FileDeleted)
    }

    fn entries(&self, directory: NodeId) -> Result<&Entries, FileError> {
        match &self.node(directory)?.content {
            Content::Directory(entries) => Ok(entries),
            Content::File(_) => Err(FileError::NotADirectory),
        }
    }

    fn entries_mut(&mut self, directory: NodeId) -> Result<&mut Entries, FileError> {
        match &mut self.node_mut(directory)?.content {
            Content::Directory(entries) => Ok(entries),
            Content::File(_) => Err(FileError::NotADirectory),
        }
    }

    /// The name of a node; that of the root is empty.
    fn name(&self, id: NodeId) -> &[u16] {
        let name = self.nodes.get(id).and_then(|node| node.name.as_ref());
        name.map_or(&[], ObjectName::units)
    }

    /// Where a name stands among children, or else where it belongs.
    fn position(&self, children: &[NodeId], name: &[u16]) -> Result<usize, usize> {
        objects::search(children.len(), |place| {
            let other = self.name(*children.get(place)?);
            Some(compare(other, name, Case::Insensitive))
        })
    }

    /// The child of a name.
    #[inline]
    fn child(&self, directory: NodeId, name: &[u16]) -> Result<Option<NodeId>, FileError> {
        let children = &self.entries(directory)?.children;
        let position = self.position(children, name).ok();
        Ok(position.and_then(|position| children.get(position).copied()))
    }

    /// Makes sure that a directory has room for one more child.
    #[inline]
    fn reserve_child(&mut self, directory: NodeId) -> Result<(), FileError> {
        self.entries_mut(directory)?
            .children
            .try_reserve(1)
            .map_err(|_| FileError::NoMemory)
    }

    /// Whether a node, or a new one, and what is in it is not too deep in a
    /// directory.
    #[inline]
    fn check_depth(&self, directory: NodeId, child: Option<NodeId>) -> Result<(), FileError> {
        let mut depth = child
            .map_or(0, |child| self.height(child))
            .saturating_add(1);
        let mut next = Some(directory);
        while let Some(node) = next.and_then(|id| self.nodes.get(id)) {
            if depth > MAX_DEPTH {
                return Err(FileError::NameTooLong);
            }
            depth = depth.saturating_add(1);
            next = node.parent;
        }
        Ok(())
    }

    /// How many levels there are in a node.
    fn height(&self, id: NodeId) -> u32 {
        self.entries(id).map_or(0, |entries| entries.height)
    }

    /// Notes how high what came into a directory is.
    fn raise(&mut self, directory: NodeId, child: NodeId) {
        let mut height = self.height(child);
        let mut next = Some(directory);
        while let Some(id) = next {
            height = height.saturating_add(1);
            match self.entries_mut(id) {
                Ok(entries) if entries.height < height => entries.height = height,
                _ => return,
            }
            next = self.nodes.get(id).and_then(|node| node.parent);
        }
    }

    /// Puts a named node into a directory that has room and no such name.
    fn attach(&mut self, directory: NodeId, child: NodeId) -> Result<(), FileError> {
        let children = &self.entries(directory)?.children;
        let position = match self.position(children, self.name(child)) {
            Ok(_) => return Err(FileError::NameCollision),
            Err(position) => position,
        };
        self.entries_mut(directory)?
            .children
            .insert(position, child);
        self.raise(directory, child);
        let node = self.node_mut(child)?;
        node.parent = Some(directory);
        let opens = node.opens.saturating_add(node.opens_below);
        self.count_below(Some(directory), |below| below.saturating_add(opens));
        Ok(())
    }

    /// Takes a node out of its directory.
    fn detach(&mut self, child: NodeId) -> Option<NodeId> {
        let directory = self.nodes.get(child)?.parent?;
        let children = &self.entries(directory).ok()?.children;
        let position = self.position(children, self.name(child)).ok()?;
        let entries = self.entries_mut(directory).ok()?;
        entries.children.remove(position);
        entries.give_back();
        if entries.children.is_empty() {
            entries.height = 0;
        }
        let node = self.nodes.get_mut(child)?;
        node.parent = None;
        let opens = node.opens.saturating_add(node.opens_below);
        self.count_below(Some(directory), |below| below.saturating_sub(opens));
        Some(directory)
    }

    /// Changes the count of openings below a directory and all above it.
    fn count_below(&mut self, directory: Option<NodeId>, change: impl Fn(u64) -> u64) {
        let mut next = directory;
        while let Some(node) = next.and_then(|id| self.nodes.get_mut(id)) {
            node.opens_below = change(node.opens_below);
            next = node.parent;
        }
    }

    /// Whether a node is another or in it, however deep.
    fn is_within(&self, id: NodeId, outer: NodeId) -> bool {
        let mut next = Some(id);
        while let Some(id) = next {
            if id == outer {
                return true;
            }
            next = self.nodes.get(id).and_then(|node| node.parent);
        }
        false
    }
}

impl Entries {
    /// Less room, but still for more, when most of it is empty. Without memory
    /// for that it stays.
    fn give_back(&mut self) {
        let len = self.children.len().max(1);
        if len.saturating_mul(MOST_SPARE) >= self.children.capacity() {
            return;
        }
        let mut children = Vec::new();
        if children.try_reserve_exact(len.saturating_mul(2)).is_ok() {
            children.extend_from_slice(&self.children);
            self.children = children;
        }
    }
}

impl<D, S> Node<D, S> {
    const fn is_directory(&self) -> bool {
        matches!(self.content, Content::Directory(_))
    }

    const fn is_read_only(&self) -> bool {
        self.attributes & crate::attributes::READONLY != 0
    }

    /// Whether it holds names, or may: an unread directory does.
    const fn has_entries(&self) -> bool {
        match &self.content {
            Content::File(_) => false,
            Content::Directory(entries) => !entries.children.is_empty() || entries.source.is_some(),
        }
    }
}

/// A copy of a name that was checked.
fn copy_name(name: &[u16]) -> Result<ObjectName, FileError> {
    ObjectName::new(name).map_err(|error| match error {
        NameError::NoMemory => FileError::NoMemory,
        _ => FileError::NameInvalid,
    })
}
