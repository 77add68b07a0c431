//! Walking, opening and listing; deleting, renaming, metadata in modules.

mod delete;
mod metadata;
mod rename;

use super::*;
use crate::Pattern;
use crate::access::{DELETE, READ_DATA, WRITE_DATA};
use crate::attributes::{ARCHIVE, DIRECTORY, HIDDEN, NORMAL, READONLY, TEMPORARY};
use proptest::prelude::*;

extern crate alloc;
use alloc::string::String;

type Data = &'static str;

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

const ALL: u32 = 7;

fn intent(access: u32, share: u32) -> Intent {
    Intent {
        access,
        share,
        deletes_on_close: false,
    }
}

fn tree() -> Tree<Data> {
    Tree::new(100, 1).unwrap()
}

/// What a path leads to.
fn find(tree: &Tree<Data>, path: &str) -> Option<NodeId> {
    match tree.walk(tree.root(), &units(path)) {
        Ok(Walked::Found { node, .. }) => Some(node),
        _ => None,
    }
}

/// Makes what a path says, a directory if it ends with a backslash.
fn make(tree: &mut Tree<Data>, path: &str, intent: &Intent) -> Result<Opening, FileError> {
    make_with(tree, path, intent, 0)
}

fn make_with(
    tree: &mut Tree<Data>,
    path: &str,
    intent: &Intent,
    attributes: u32,
) -> Result<Opening, FileError> {
    let path = units(path);
    let (parent, name, needs_directory) = match tree.walk(tree.root(), &path)? {
        Walked::Missing {
            parent,
            name,
            needs_directory,
        } => (parent, name, needs_directory),
        _ => return Err(FileError::NameCollision),
    };
    let kind = match needs_directory {
        true => NewKind::Directory(None),
        false => NewKind::File(&"data"),
    };
    let new = New {
        kind,
        attributes,
        now: 2,
    };
    tree.create(parent, name, &new, intent)
}

/// Makes several and closes them.
fn with(paths: &[&str]) -> Tree<Data> {
    let mut tree = tree();
    for path in paths {
        let opening = make(&mut tree, path, &Intent::default()).unwrap();
        let closed = tree.close(opening, 3);
        assert!(!closed.is_gone);
    }
    tree
}

fn open(tree: &mut Tree<Data>, path: &str, intent: &Intent) -> Result<Opening, FileError> {
    let node = find(tree, path).ok_or(FileError::NameNotFound)?;
    tree.open(node, intent)
}

fn path_of(tree: &Tree<Data>, node: NodeId) -> String {
    String::from_utf16(&tree.path_of(node).unwrap()).unwrap()
}

fn list(tree: &Tree<Data>, path: &str, pattern: &str) -> Vec<String> {
    let pattern = Pattern::new(&units(pattern)).unwrap();
    let directory = find(tree, path).unwrap();
    let mut after: Option<Vec<u16>> = None;
    let mut names = Vec::new();
    loop {
        let next = tree
            .next_child(directory, after.as_deref(), Some(&pattern))
            .unwrap();
        let (Listed::Entry(node) | Listed::NotYet(node)) = next else {
            return names;
        };
        let name = tree.name_of(node).unwrap().to_vec();
        if matches!(next, Listed::Entry(_)) {
            names.push(String::from_utf16(&name).unwrap());
        }
        after = Some(name);
    }
}

fn to(name: &[u16]) -> Rename<'_> {
    Rename {
        parent: None,
        name,
        replaces: false,
        is_posix: false,
        ignores_read_only: false,
        now: 9,
    }
}

#[test]
fn paths_lead_where_they_say() {
    let tree = with(&["\\Dir\\", "\\Dir\\Sub\\", "\\Dir\\File.txt"]);
    let found = |path: &str| match tree.walk(tree.root(), &units(path)) {
        Ok(Walked::Found { node, .. }) => Ok(path_of(&tree, node)),
        Ok(Walked::Missing { parent, name, .. }) => {
            Ok(path_of(&tree, parent) + "?" + &String::from_utf16(name).unwrap())
        }
        Ok(Walked::Unread(_)) => unreachable!("all is read"),
        Err(error) => Err(error),
    };
    for (path, expected) in [
        ("", Ok("\\")),
        ("\\", Ok("\\")),
        ("\\DIR", Ok("\\Dir")),
        ("\\dir\\", Ok("\\Dir")),
        ("\\dir\\FILE.TXT", Ok("\\Dir\\File.txt")),
        ("\\dir\\file.txt::$data", Ok("\\Dir\\File.txt")),
        ("\\dir::$INDEX_ALLOCATION\\sub", Ok("\\Dir\\Sub")),
        ("\\dir\\new", Ok("\\Dir?new")),
        ("\\dir\\sub\\New\\", Ok("\\Dir\\Sub?New")),
        ("\\dir\\file.txt\\", Err(FileError::NameInvalid)),
        ("\\dir\\file.txt\\x", Err(FileError::PathNotFound)),
        ("\\dir\\file.txt::$DATA\\x", Err(FileError::PathNotFound)),
        ("\\no\\file.txt", Err(FileError::PathNotFound)),
        ("\\no\\*", Err(FileError::NameInvalid)),
        ("\\dir\\file.txt:s", Err(FileError::NameNotFound)),
        ("\\dir\\new:s", Err(FileError::NameNotFound)),
        ("\\dir:s\\sub", Err(FileError::PathNotFound)),
        ("\\dir::$DATA", Err(FileError::FileIsADirectory)),
        (
            "\\dir\\file.txt::$INDEX_ALLOCATION",
            Err(FileError::NotADirectory),
        ),
    ] {
        assert_eq!(found(path), expected.map(String::from), "{path}");
    }
    let directory = find(&tree, "\\dir").unwrap();
    assert!(matches!(
        tree.walk(directory, &units("sub")),
        Ok(Walked::Found { .. })
    ));
    assert_eq!(
        tree.walk(directory, &units("\\sub")),
        Err(FileError::NameInvalid)
    );
}

#[test]
fn walking_stops_at_what_is_unread() {
    let mut tree = tree();
    let root = tree.root();
    let new = New {
        kind: NewKind::Directory(Some(7)),
        attributes: 0,
        now: 5,
    };
    let directory = tree.insert(root, &units("Windows"), &new).unwrap();
    assert_eq!(tree.information(root).unwrap().times, Times::all(1));
    for path in ["\\windows", "\\windows\\x", "\\windows\\x\\y"] {
        assert_eq!(
            tree.walk(root, &units(path)),
            Ok(Walked::Unread(directory)),
            "{path}"
        );
    }
    assert_eq!(tree.source(directory), Ok(Some(7)));
    let file = New {
        kind: NewKind::File(&"x"),
        attributes: READONLY,
        now: 5,
    };
    tree.insert(directory, &units("x"), &file).unwrap();
    assert_eq!(
        tree.insert(directory, &units("X"), &file),
        Err(FileError::NameCollision)
    );
    tree.set_source(directory, None).unwrap();
    let file = find(&tree, "\\windows\\X").unwrap();
    assert_eq!(tree.data(file), Ok(&"x"));
    assert_eq!(tree.information(file).unwrap().attributes, READONLY);
}

#[test]
fn sharing_is_checked_and_released() {
    let mut tree = with(&["\\f"]);
    let first = open(&mut tree, "\\f", &intent(READ_DATA, 1)).unwrap();
    assert_eq!(
        open(&mut tree, "\\f", &intent(WRITE_DATA, ALL)).err(),
        Some(FileError::SharingViolation)
    );
    let _ = tree.close(first, 3);
    let second = open(&mut tree, "\\f", &intent(WRITE_DATA, ALL)).unwrap();
    let _ = tree.close(second, 3);
}

#[test]
fn entries_are_listed_in_order_while_they_change() {
    let mut tree = with(&["\\b.txt", "\\A", "\\c.TXT", "\\\u{e4}"]);
    assert_eq!(list(&tree, "\\", "*"), ["A", "b.txt", "c.TXT", "\u{e4}"]);
    assert_eq!(list(&tree, "\\", "*.txt"), ["b.txt", "c.TXT"]);
    assert_eq!(list(&tree, "\\", "C.txt"), ["c.TXT"]);
    assert_eq!(list(&tree, "\\", "d"), [""; 0]);
    let root = tree.root();
    let after = units("b.txt");
    let expected = tree.next_child(root, Some(&after), None);
    let mut opening = open(&mut tree, "\\b.txt", &intent(DELETE, ALL)).unwrap();
    tree.set_disposition(&mut opening, Disposition::default())
        .unwrap();
    assert!(tree.close(opening, 3).is_gone);
    assert_eq!(tree.next_child(root, Some(&after), None), expected);
}

#[test]
fn a_listing_that_finds_nothing_pauses() {
    let mut tree: Tree<Data> = Tree::new(1000, 0).unwrap();
    for number in 0..200 {
        let name = units(&alloc::format!("{number:03}"));
        let new = New {
            kind: NewKind::File(&"x"),
            attributes: 0,
            now: 0,
        };
        tree.insert(tree.root(), &name, &new).unwrap();
    }
    let pattern = Pattern::new(&units("199*")).unwrap();
    let next = tree.next_child(tree.root(), None, Some(&pattern));
    assert!(matches!(next, Ok(Listed::NotYet(_))));
    assert_eq!(list(&tree, "\\", "*99*"), ["099", "199"]);
    assert_eq!(list(&tree, "\\", "*").len(), 200);
}

#[test]
fn what_is_deleted_gives_memory_back() {
    const EACH: u64 = 1000;
    let mut tree: Tree<Data> = Tree::new(1000, 1).unwrap();
    let none = tree.footprint_bytes(0, EACH);
    assert!(none > EACH);
    for number in 0..500 {
        let expected = tree.footprint_bytes(1, EACH);
        let path = alloc::format!("\\file {number}");
        let opening = make(&mut tree, &path, &Intent::default()).unwrap();
        let _ = tree.close(opening, 3);
        assert_eq!(tree.footprint_bytes(0, EACH), expected);
    }
    let all = tree.footprint_bytes(0, EACH);
    assert!(all > 500 * EACH);
    let root = tree.root();
    let room = |tree: &Tree<Data>| tree.entries(root).unwrap().children.capacity();
    let most = room(&tree);
    for number in 0..500 {
        let path = alloc::format!("\\file {number}");
        let on_close = Intent {
            deletes_on_close: true,
            ..intent(DELETE, ALL)
        };
        let opening = open(&mut tree, &path, &on_close).unwrap();
        assert!(tree.close(opening, 4).is_gone);
        assert!(room(&tree) > tree.entries(root).unwrap().children.len());
        let entry_bytes = (room(&tree) * size_of::<NodeId>()) as u64;
        assert!(entry_bytes <= 64 * u64::from(tree.len()));
    }
    assert!(room(&tree) < most / 100);
    let slots = Slab::<Node<Data, ()>>::SLOT_BYTES as u64 * 512;
    assert!(tree.footprint_bytes(0, EACH) < none + slots);
    assert!(record_bytes::<Data, ()>() < EACH as usize);
}

#[test]
fn a_volume_has_a_limit() {
    let mut tree: Tree<_> = Tree::new(2, 0).unwrap();
    let first = make(&mut tree, "\\a", &Intent::default()).unwrap();
    assert_eq!(
        make(&mut tree, "\\b", &Intent::default()).err(),
        Some(FileError::DiskFull)
    );
    assert_eq!(tree.len(), 2);
    let _ = tree.close(first, 3);
    assert!(matches!(<Tree<Data>>::new(0, 0), Err(FileError::DiskFull)));
}

/// A chain of directories in a directory; the last of them.
fn chain(tree: &mut Tree<Data>, start: NodeId, len: u32) -> Result<NodeId, FileError> {
    let new = New {
        kind: NewKind::Directory(None),
        attributes: 0,
        now: 0,
    };
    (0..len).try_fold(start, |directory, _| {
        tree.insert(directory, &units("d"), &new)
    })
}

#[test]
fn paths_have_a_depth_however_they_come_about() {
    let mut tree = <Tree<Data>>::new(100_000, 0).unwrap();
    let root = tree.root();
    let half = MAX_DEPTH / 2;
    let deep = chain(&mut tree, root, half).unwrap();
    assert!(chain(&mut tree, deep, half).is_ok());
    let deepest = match tree.walk(root, &units(&"\\d".repeat(MAX_DEPTH as usize))) {
        Ok(Walked::Found { node, .. }) => node,
        other => unreachable!("{other:?}"),
    };
    assert_eq!(chain(&mut tree, deepest, 1), Err(FileError::NameTooLong));
    // Nor by moving what is high itself.
    let new = New {
        kind: NewKind::Directory(None),
        attributes: 0,
        now: 0,
    };
    let other = tree.insert(root, &units("other"), &new).unwrap();
    chain(&mut tree, other, half).unwrap();
    let opening = tree.open(other, &intent(DELETE, ALL)).unwrap();
    let name = units("moved");
    let rename = |parent| Rename {
        parent: Some(parent),
        ..to(&name)
    };
    assert_eq!(
        tree.rename(&opening, &rename(deep)),
        Err(FileError::NameTooLong)
    );
    let above = tree.parent_of(deep).unwrap().unwrap();
    assert!(tree.rename(&opening, &rename(above)).is_ok());
    let _ = tree.close(opening, 3);
}

#[test]
fn paths_have_a_length_when_shown() {
    let mut tree = <Tree<Data>>::new(1000, 0).unwrap();
    let new = New {
        kind: NewKind::Directory(None),
        attributes: 0,
        now: 0,
    };
    let name = units(&"x".repeat(255));
    let mut directory = tree.root();
    for _ in 0..127 {
        directory = tree.insert(directory, &name, &new).unwrap();
    }
    assert_eq!(
        tree.path_of(directory).map(|path| path.len()),
        Ok(127 * 256)
    );
    let longest = tree.insert(directory, &name[..254], &new).unwrap();
    assert_eq!(tree.path_of(longest).map(|path| path.len()), Ok(32_767));
    let longer = tree.insert(directory, &name, &new).unwrap();
    assert_eq!(tree.path_of(longer), Err(FileError::NameTooLong));
}

proptest! {
    #[test]
    fn whatever_path_a_program_passes_leads_somewhere(
        paths in prop::collection::vec(
            prop::collection::vec(
                prop_oneof![
                    any::<u16>(),
                    prop::sample::select(units("\\\\\\aAb.:$DATA"))
                ],
                0..20,
            ),
            1..20,
        ),
    ) {
        let mut tree = tree();
        for path in paths {
            let Ok(Walked::Missing { parent, name, .. }) = tree.walk(tree.root(), &path) else {
                continue;
            };
            let new = New { kind: NewKind::Directory(None), attributes: 0, now: 0 };
            let opening = tree.create(parent, name, &new, &Intent::default()).unwrap();
            let found = tree.path_of(opening.node()).unwrap();
            let found = tree.walk(tree.root(), &found);
            prop_assert_eq!(
                found,
                Ok(Walked::Found { node: opening.node(), needs_directory: false })
            );
            let _ = tree.close(opening, 3);
        }
    }
}
