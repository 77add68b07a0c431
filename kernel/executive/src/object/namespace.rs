//! The namespace: directories, symbolic links, and the names of objects.
//!
//! The entries of all directories are behind one lock, so that a path is walked
//! through a tree that stands still. An entry holds its object, and the object's
//! header says where its name is; a temporary name goes with the last handle.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use hal::Ref;
use hal::lock::{Guard, Lock};
use objects::{Case, Links, MAX_UNITS, NameError, ObjectName, Path, Resolved};

use super::{Header, Held, Object, ObjectKind};
use crate::io::Device;
use crate::slots::Slots;
use crate::{Error, clock, rank};

/// A directory object.
pub struct Directory {
    header: Header,
    /// Its entries in the tree.
    number: u32,
    /// Where names are looked for that are not in it.
    next: Option<Ref<Self>>,
}

/// A symbolic link.
pub struct SymbolicLink {
    header: Header,
    target: Box<[u16]>,
    /// The device that was there under that name when the link was made. It keeps it.
    device: Option<Ref<Device>>,
    made_at_100ns: u64,
}

/// Where an object's name is.
pub(super) struct Place {
    parent: Ref<Directory>,
    name: ObjectName,
}

struct Tree {
    directories: Slots<objects::Directory<Object>>,
    root: Option<Ref<Directory>>,
}

static TREE: Lock<rank::Namespace, Tree> = Lock::new(Tree {
    directories: Slots::new(),
    root: None,
});

/// How a path is walked.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    /// Whether case counts.
    pub case: Case,
    /// What becomes of links.
    pub links: Links,
}

impl Walk {
    pub(crate) const EXACT: Self = Self {
        case: Case::Sensitive,
        links: Links::Follow,
    };
}

/// What came of giving an object a name.
pub enum Named {
    /// It has it.
    New,
    /// Another one had it already.
    Taken(Held),
}

/// Makes a directory the root. Once, before anything has a name.
pub(super) fn set_root(root: Ref<Directory>) {
    TREE.lock().root = Some(root);
}

/// Gives an object a name, which starts at `root` or at the root of all.
pub fn name(
    object: &Object,
    root: Option<Object>,
    path: &[u16],
    walk: Walk,
) -> Result<Named, Error> {
    let mut path = Path::new(path)?;
    // Let go of after the lock: it may be the last reference.
    let _kept = root.clone();
    let mut tree = TREE.lock();
    let (parent, name) = match objects::resolve(&*tree, root, &mut path, walk.case, walk.links)? {
        Resolved::Vacant { parent, name } => (parent, name),
        Resolved::Object(other) => return Ok(Named::Taken(Held::new(other))),
        Resolved::Remainder { .. } => return Err(NameError::PathNotFound.into()),
    };
    let Object::Directory(parent) = parent else {
        return Err(NameError::TypeMismatch.into());
    };
    let place = Place {
        parent: parent.clone(),
        name: ObjectName::new(name)?,
    };
    let entries = tree.entries(&parent);
    entries.reserve(name, walk.case)?.insert(object.clone());
    object.header().replace_place(Some(place));
    Ok(Named::New)
}

/// The object of a name, which starts at `root` or at the root of all. It is held
/// before its last handle can be closed.
pub fn find(root: Option<Object>, path: &[u16], walk: Walk) -> Result<Held, Error> {
    let mut path = Path::new(path)?;
    let _kept = root.clone();
    let tree = TREE.lock();
    let found = objects::resolve(&*tree, root, &mut path, walk.case, walk.links)?;
    Ok(Held::new(found.object()?))
}

/// The device, file or key that a name begins with, which starts at `root` or at the
/// root of all, and what of the name is left for it.
pub fn find_device(
    root: Option<Object>,
    path: &[u16],
    walk: Walk,
) -> Result<(Object, Vec<u16>), Error> {
    let mut path = Path::new(path)?;
    let _kept = root.clone();
    let tree = TREE.lock();
    match objects::resolve(&*tree, root, &mut path, walk.case, walk.links)? {
        Resolved::Remainder { object, rest } => {
            let len = rest.len();
            Ok((object, path.into_last(len)?))
        }
        Resolved::Object(_) => Err(NameError::TypeMismatch.into()),
        Resolved::Vacant { .. } => Err(NameError::NameNotFound.into()),
    }
}

/// The whole name of an object; empty: it has none. Directories made one in the
/// other by handle can have names longer than any path: these are not told.
pub fn path_of(object: &Object) -> Result<Vec<u16>, Error> {
    const SEPARATOR: u16 = b'\\' as u16;
    // From the end on: each step goes one directory up.
    let mut reversed = Vec::new();
    let push = |reversed: &mut Vec<u16>, name: &[u16]| {
        reversed.try_reserve(name.len().saturating_add(1))?;
        reversed.extend(name.iter().rev());
        reversed.push(SEPARATOR);
        Ok::<(), Error>(())
    };
    let mut at = object.clone();
    loop {
        let place = at.header().place();
        let Some(Place { parent, name }) = &*place else {
            break;
        };
        push(&mut reversed, name.units())?;
        if reversed.len() > MAX_UNITS {
            return Err(NameError::NameTooLong.into());
        }
        let parent = parent.clone();
        drop(place);
        at = Object::Directory(parent);
    }
    if reversed.is_empty() && is_root(object) {
        push(&mut reversed, &[])?;
    }
    reversed.reverse();
    Ok(reversed)
}

fn is_root(object: &Object) -> bool {
    let Object::Directory(directory) = object else {
        return false;
    };
    let tree = TREE.lock();
    let root = tree.root.as_deref();
    root.is_some_and(|root| core::ptr::eq(root, &raw const **directory))
}

/// Takes a name away that nothing keeps: its object is temporary and has no handle.
pub(super) fn forget_name(object: &Object) {
    let header = object.header();
    if header.is_permanent() || header.handle_count() != 0 {
        return;
    }
    let forgotten = {
        let mut tree = TREE.lock();
        // Who finds the name holds the object before the lock is free again.
        if header.is_permanent() || header.handle_count() != 0 {
            return;
        }
        let place = header.replace_place(None);
        let removed = place.as_ref().and_then(|place| {
            let entries = tree.entries(&place.parent);
            entries.remove(place.name.units())
        });
        (place, removed)
    };
    // Outside the lock: these may be last references.
    drop(forgotten);
}

/// Makes a name stay when the last handle is closed, or not.
pub fn set_permanent(object: &Object, is_permanent: bool) {
    object.header().set_permanent(is_permanent);
    forget_name(object);
}

impl Directory {
    /// An empty directory.
    pub fn new() -> Result<Ref<Self>, Error> {
        Self::with(None)
    }

    /// An empty directory; names that are not in it are looked for in the other.
    pub(super) fn before(next: Ref<Self>) -> Result<Ref<Self>, Error> {
        Self::with(Some(next))
    }

    fn with(next: Option<Ref<Self>>) -> Result<Ref<Self>, Error> {
        let number = {
            let mut tree = TREE.lock();
            let number = tree.directories.next()?;
            tree.directories.put(number, objects::Directory::new());
            number
        };
        // Outside the lock: a directory that cannot be made takes its entries out.
        Ok(Ref::try_new(Self {
            header: Header::new(ObjectKind::Directory),
            number,
            next,
        })?)
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The entry of that number in the order of names: its name and object.
    pub fn entry(&self, number: usize) -> Result<Option<(Vec<u16>, Object)>, Error> {
        let tree = TREE.lock();
        let entries = tree.directories.get(self.number);
        let Some((name, object)) = entries.and_then(|entries| entries.entry(number)) else {
            return Ok(None);
        };
        let mut units = Vec::new();
        units.try_reserve_exact(name.units().len())?;
        units.extend_from_slice(name.units());
        Ok(Some((units, object.clone())))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // Nothing is in it: what has a name there would keep it.
        let entries = TREE.lock().directories.take(self.number);
        drop(entries);
    }
}

impl SymbolicLink {
    /// A link to a path.
    pub fn new(target: &[u16]) -> Result<Ref<Self>, Error> {
        let mut units = Vec::new();
        units.try_reserve_exact(target.len())?;
        units.extend_from_slice(target);
        let device = match find_device(None, target, Walk::EXACT) {
            Ok((Object::Device(device), rest)) if rest.is_empty() => Some(device),
            // It is looked for when the link is followed.
            _ => None,
        };
        Ok(Ref::try_new(Self {
            header: Header::new(ObjectKind::SymbolicLink),
            target: units.into_boxed_slice(),
            device,
            made_at_100ns: clock::since_1970_100ns(),
        })?)
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// When it was made, since 1970.
    pub fn made_at_100ns(&self) -> u64 {
        self.made_at_100ns
    }

    /// Where it leads.
    pub fn target(&self) -> &[u16] {
        &self.target
    }
}

impl Tree {
    fn entries(&mut self, directory: &Directory) -> &mut objects::Directory<Object> {
        match self.directories.get_mut(directory.number) {
            Some(entries) => entries,
            None => unreachable!("a directory has entries for as long as it lives"),
        }
    }
}

impl objects::Namespace for Tree {
    type Object = Object;

    fn root(&self) -> Object {
        match &self.root {
            Some(root) => Object::Directory(root.clone()),
            None => unreachable!("`init` makes the root before the first program"),
        }
    }

    #[inline]
    fn kind<'object>(&'object self, object: &'object Object) -> objects::Kind<'object> {
        match object {
            Object::Directory(_) => objects::Kind::Directory,
            Object::SymbolicLink(link) => objects::Kind::Link(link.target()),
            Object::Device(_) | Object::File(_) | Object::Key(_) => objects::Kind::Parses,
            _ => objects::Kind::Leaf,
        }
    }

    fn look_up(&self, directory: &Object, name: &[u16], case: Case) -> Option<Object> {
        let Object::Directory(directory) = directory else {
            return None;
        };
        let look_in = |directory: &Directory| {
            let entries = self.directories.get(directory.number)?;
            entries.look_up(name, case).cloned()
        };
        look_in(directory).or_else(|| look_in(directory.next.as_deref()?))
    }

    fn leads_to(&self, link: &Object) -> Option<Object> {
        match link {
            Object::SymbolicLink(link) => Some(Object::Device(link.device.clone()?)),
            _ => None,
        }
    }
}

impl Header {
    fn place(&self) -> Guard<'_, rank::Name, Option<Place>> {
        self.place.lock()
    }

    fn replace_place(&self, new: Option<Place>) -> Option<Place> {
        let mut place = self.place.lock();
        self.is_named.store(new.is_some(), Ordering::Relaxed);
        core::mem::replace(&mut place, new)
    }

    /// Whether its name stays when the last handle is closed.
    pub fn is_permanent(&self) -> bool {
        self.is_permanent.load(Ordering::Relaxed)
    }

    fn set_permanent(&self, is_permanent: bool) {
        self.is_permanent.store(is_permanent, Ordering::Relaxed);
    }
}

impl From<NameError> for Error {
    fn from(error: NameError) -> Self {
        Self::Name(error)
    }
}
