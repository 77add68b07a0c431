//! The registry: keys by name and by handle.
//!
//! All keys are in one tree behind one lock, whose root has its name in the
//! namespace; what of a path follows that name the tree walks. A [`Key`] is one
//! opening of a key: what is deleted meanwhile it finds deleted. Who watches keys
//! is behind the same lock, and told when it is free again.

mod key;
mod watch;

pub use key::Key;

use hal::lock::Lock;
use hal::{Ref, Room};
use objects::{Case, Links, MAX_LINKS, NameError, SEPARATOR};
use registry::{KeyId, New, Reached, RegistryError, Watchers};
use security::Descriptor;

use crate::claim::{Claim, KEYS};
use crate::clock::since_1601_100ns as now;
use crate::io::Irp;
use crate::object::namespace::{self, Walk};
use crate::object::{Object, place};
use crate::{Error, rank};

/// Bytes that keys and values may take: what bounds the kernel's memory.
const MOST_BYTES: u64 = 16 << 20;
/// The name of the root, in the namespace too.
const ROOT: &str = "\\REGISTRY";

static REGISTRY: Lock<rank::Registry, Option<Tree>> = Lock::new(None);

/// All keys, with their descriptors.
type Registry = registry::Registry<Ref<Descriptor>>;
/// A key, as it is told.
pub type KeyView<'a> = registry::KeyView<'a, Ref<Descriptor>>;

/// All keys, and who watches them.
struct Tree {
    registry: Registry,
    watchers: Watchers<Ref<Irp>>,
}

/// How a key is named.
pub struct Name<'a> {
    /// Where the name begins, if not at the root of all.
    pub root: Option<Object>,
    /// The path.
    pub path: &'a [u16],
    /// How links are walked; case never counts.
    pub links: Links,
    /// Whether a link that the path ends with is meant itself.
    pub opens_link: bool,
}

/// What kind of key to make.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kind<'a> {
    /// Its class.
    pub class: &'a [u16],
    /// Whether it is not kept.
    pub is_volatile: bool,
    /// Whether it is a link.
    pub is_link: bool,
}

/// What became of a key that was to be made.
pub enum Made {
    /// It was there, and its descriptor grants that access, if it has one.
    Opened(Option<u32>),
    /// It is new.
    Created(Creation),
}

/// A creation that can still be undone, and of which nobody was told yet.
pub struct Creation(registry::Created);

impl Creation {
    /// Takes the key away again.
    pub fn undo(self) {
        watch::telling(|tree, answers| {
            if tree.registry.undo(self.0) {
                tree.deleted(self.0.key, answers);
            }
        });
    }

    /// It stays.
    pub fn tell(self) {
        watch::telling(|tree, answers| tree.report(self.0.change, answers));
    }
}

/// Makes the root and gives it its name. Once.
pub fn init() -> Result<(), Error> {
    let mut name = arrayvec::ArrayVec::<u16, 16>::new();
    name.extend(ROOT.encode_utf16().skip(1).take(16));
    let registry = Registry::new(&name, MOST_BYTES, now())?;
    let root = Key::room()?.fill(Key::new(registry.root()));
    *REGISTRY.lock() = Some(Tree {
        registry,
        watchers: Watchers::new(),
    });
    place(Object::Key(root), ROOT)
}

/// Opens the key of a name, for someone or the kernel itself; the access that its
/// descriptor grants, if it has one.
pub fn open(name: Name<'_>, claim: Option<&Claim<'_>>) -> Result<(Ref<Key>, Option<u32>), Error> {
    let room = Key::room()?;
    reach(name, |registry, reached| match reached {
        Reached::Key(id) => {
            let access = granted(registry, id, claim)?;
            Ok((room.fill(Key::new(id)), access))
        }
        _ => Err(RegistryError::NameNotFound.into()),
    })
}

/// What a key's descriptor grants, if it has one.
#[inline]
fn granted(
    registry: &Registry,
    id: KeyId,
    claim: Option<&Claim<'_>>,
) -> Result<Option<u32>, Error> {
    match (claim, registry.security(id)?) {
        (Some(claim), Some(descriptor)) => Ok(Some(claim.granted(&KEYS, descriptor, 0, 0)?)),
        _ => Ok(None),
    }
}

/// What a new key is to have, and how many bytes that takes, if it may be made in
/// another.
fn descriptor_of_new(
    registry: &Registry,
    parent: KeyId,
    is_link: bool,
    claim: Option<&Claim<'_>>,
) -> Result<Option<(Ref<Descriptor>, u32)>, Error> {
    const CREATE_SUB_KEY: u32 = 0x4;
    const CREATE_LINK: u32 = 0x20;
    let Some(claim) = claim else {
        return Ok(None);
    };
    let parent = registry.security(parent)?.map(|parent| &**parent);
    if let Some(parent) = parent {
        let link = if is_link { CREATE_LINK } else { 0 };
        claim.need(&KEYS, parent, CREATE_SUB_KEY | link)?;
    }
    if parent.is_none() && claim.descriptor.is_none() {
        return Ok(None);
    }
    Ok(Some(claim.new_descriptor(&KEYS, parent, true)?))
}

/// Opens the key of a name, or makes it: the last component alone.
pub fn create(
    name: Name<'_>,
    kind: &Kind<'_>,
    claim: Option<&Claim<'_>>,
) -> Result<(Ref<Key>, Made), Error> {
    let room: Room<Key> = Key::room()?;
    let new = New {
        class: kind.class,
        is_volatile: kind.is_volatile,
        is_link: kind.is_link,
        now: now(),
    };
    reach(name, |registry, reached| match reached {
        // A link is always a new one.
        Reached::Key(_) if kind.is_link => Err(RegistryError::NameCollision.into()),
        Reached::Key(id) => {
            let access = granted(registry, id, claim)?;
            Ok((room.fill(Key::new(id)), Made::Opened(access)))
        }
        Reached::Missing { parent, name } => {
            let security = descriptor_of_new(registry, parent, kind.is_link, claim)?;
            let created = registry.create(parent, name, &new)?;
            if let Some((security, bytes)) = security
                && let Err(error) = registry.set_security(created.key, security, bytes)
            {
                registry.undo(created);
                return Err(error.into());
            }
            let key = room.fill(Key::new(created.key));
            Ok((key, Made::Created(Creation(created))))
        }
        Reached::Elsewhere(_) => Err(NameError::TooManyLinks.into()),
    })
}

/// Uses the tree.
fn with<T>(use_it: impl FnOnce(&mut Registry) -> Result<T, RegistryError>) -> Result<T, Error> {
    Ok(with_tree(|tree| use_it(&mut tree.registry))?)
}

fn with_tree<T>(use_it: impl FnOnce(&mut Tree) -> T) -> T {
    match &mut *REGISTRY.lock() {
        Some(tree) => use_it(tree),
        None => unreachable!("`init` makes the tree before the first program"),
    }
}

/// Walks a name, over links, to where something is done under the tree's lock.
fn reach<T>(
    name: Name<'_>,
    use_it: impl FnOnce(&mut Registry, Reached<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let Name {
        root,
        path,
        links,
        opens_link,
    } = name;
    let walk = Walk {
        case: Case::Insensitive,
        links,
    };
    let starts_at_key = matches!(root, Some(Object::Key(_)));
    if starts_at_key && path.first() == Some(&SEPARATOR) {
        return Err(NameError::PathSyntaxBad.into());
    }
    let (mut object, mut rest) = namespace::find_device(root, path, walk)?;
    for _ in 0..MAX_LINKS {
        let Object::Key(start) = &object else {
            return Err(NameError::TypeMismatch.into());
        };
        let mut registry = REGISTRY.lock();
        let Some(Tree { registry: tree, .. }) = &mut *registry else {
            unreachable!("`init` makes the tree before the first program");
        };
        let path = match tree.walk(start.id(), &rest, opens_link)? {
            Reached::Elsewhere(path) => path,
            reached => return use_it(tree, reached),
        };
        drop(registry);
        if matches!(links, Links::Refuse | Links::RefuseButLast) {
            return Err(NameError::LinkEncountered.into());
        }
        (object, rest) = namespace::find_device(None, &path, walk)?;
    }
    Err(NameError::TooManyLinks.into())
}
