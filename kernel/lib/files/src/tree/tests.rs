//! Walking, opening, deleting and renaming, as tables and one by one.

use super::*;
use crate::Pattern;
use crate::access::{DELETE, READ_DATA, WRITE_DATA};
use crate::attributes::{ARCHIVE, DIRECTORY, HIDDEN, NORMAL, READONLY, TEMPORARY};

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
        let closed = tree.close(opening);
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
fn an_unread_directory_is_not_empty() {
    let mut tree = tree();
    let new = New {
        kind: NewKind::Directory(Some(7)),
        attributes: 0,
        now: 5,
    };
    let directory = tree.insert(tree.root(), &units("d"), &new).unwrap();
    let mut opening = tree.open(directory, &intent(DELETE, ALL)).unwrap();
    assert_eq!(
        tree.set_disposition(&mut opening, Disposition::default()),
        Err(FileError::DirectoryNotEmpty)
    );
    let _ = tree.close(opening);
}

#[test]
fn a_deleted_file_stays_until_all_have_closed_it() {
    let mut tree = with(&["\\f"]);
    let mut first = open(&mut tree, "\\f", &intent(DELETE, ALL)).unwrap();
    let second = open(&mut tree, "\\f", &intent(READ_DATA, ALL)).unwrap();
    tree.set_disposition(&mut first, Disposition::default())
        .unwrap();
    let refused = |tree: &mut Tree<Data>| {
        let opened = open(tree, "\\f", &intent(READ_DATA, ALL));
        assert_eq!(opened.err(), Some(FileError::DeletePending));
    };
    refused(&mut tree);
    assert!(!tree.unlinks(&first));
    assert!(!tree.close(first).is_gone);
    refused(&mut tree);
    assert!(tree.unlinks(&second));
    let node = second.node();
    let root = tree.root();
    assert_eq!(
        tree.close(second),
        Closed {
            unlinked_from: Some(root),
            is_gone: true,
            data: Some("data")
        }
    );
    assert_eq!(find(&tree, "\\f"), None);
    assert_eq!(tree.data(node), Err(FileError::FileDeleted));
    assert_eq!(tree.find_id(node.to_u64()), None);
    assert!(tree.is_empty());
}

#[test]
fn a_deletion_can_be_taken_back() {
    let mut tree = with(&["\\f"]);
    let mut opening = open(&mut tree, "\\f", &intent(DELETE, ALL)).unwrap();
    let mut disposition = Disposition::default();
    tree.set_disposition(&mut opening, disposition).unwrap();
    assert!(tree.information(opening.node()).unwrap().is_delete_pending);
    disposition.deletes = false;
    tree.set_disposition(&mut opening, disposition).unwrap();
    assert!(!tree.close(opening).is_gone);
    assert!(find(&tree, "\\f").is_some());
}

#[test]
fn posix_deletion_takes_the_name_at_once() {
    let mut tree = with(&["\\f"]);
    let reader = open(&mut tree, "\\f", &intent(READ_DATA, ALL)).unwrap();
    let mut other = open(&mut tree, "\\f", &intent(DELETE, ALL)).unwrap();
    let mut opening = open(&mut tree, "\\f", &intent(DELETE, ALL)).unwrap();
    let posix = Disposition {
        is_posix: true,
        ..Disposition::default()
    };
    tree.set_disposition(&mut opening, posix).unwrap();
    assert!(find(&tree, "\\f").is_some());
    assert!(tree.unlinks(&opening));
    let closed = tree.close(opening);
    assert_eq!(closed.unlinked_from, Some(tree.root()));
    assert!(!closed.is_gone);
    assert_eq!(find(&tree, "\\f"), None);
    // The name is free, the data still there.
    let new = make(&mut tree, "\\f", &Intent::default()).unwrap();
    assert_eq!(tree.data(reader.node()), Ok(&"data"));
    assert_eq!(tree.path_of(reader.node()), Err(FileError::FileDeleted));
    assert_eq!(tree.information(reader.node()).unwrap().links, 0);
    assert_eq!(
        tree.set_disposition(&mut other, Disposition::default()),
        Err(FileError::FileDeleted)
    );
    assert!(!tree.close(other).is_gone);
    assert_eq!(tree.close(reader).data, Some("data"));
    assert_eq!(tree.close(new).data, None);
    assert!(find(&tree, "\\f").is_some());
}

#[test]
fn opening_to_delete_on_close_deletes() {
    let mut tree = with(&["\\f", "\\d\\"]);
    let deletes = Intent {
        deletes_on_close: true,
        ..intent(DELETE, ALL)
    };
    let reader = open(&mut tree, "\\f", &intent(READ_DATA, ALL)).unwrap();
    let opening = open(&mut tree, "\\f", &deletes).unwrap();
    // Others still open it, until then.
    let third = open(&mut tree, "\\f", &intent(READ_DATA, ALL)).unwrap();
    assert!(!tree.close(opening).is_gone);
    assert_eq!(
        open(&mut tree, "\\f", &intent(READ_DATA, ALL)).err(),
        Some(FileError::DeletePending)
    );
    assert!(!tree.close(third).is_gone);
    assert!(tree.close(reader).is_gone);
    // A directory that is filled meanwhile stays.
    let opening = open(&mut tree, "\\d", &deletes).unwrap();
    let inner = make(&mut tree, "\\d\\f", &Intent::default()).unwrap();
    assert!(!tree.close(opening).is_gone);
    let closed = tree.close(inner);
    assert!(!closed.is_gone);
    assert!(find(&tree, "\\d\\f").is_some());
    // Without the access to delete, or of what cannot be.
    let without = Intent {
        deletes_on_close: true,
        ..intent(READ_DATA, ALL)
    };
    assert_eq!(
        open(&mut tree, "\\d", &without).err(),
        Some(FileError::InvalidParameter)
    );
    assert_eq!(
        open(&mut tree, "\\", &deletes).err(),
        Some(FileError::CannotDelete)
    );
    assert_eq!(
        make_with(&mut tree, "\\r", &deletes, READONLY).err(),
        Some(FileError::CannotDelete)
    );
}

#[test]
fn disposition_on_close_is_the_openings() {
    let mut tree = with(&["\\f"]);
    let mut opening = open(&mut tree, "\\f", &intent(DELETE, ALL)).unwrap();
    let on_close = Disposition {
        is_on_close: true,
        ..Disposition::default()
    };
    tree.set_disposition(&mut opening, on_close).unwrap();
    assert!(opening.deletes_on_close());
    assert!(!tree.is_delete_pending(opening.node()).unwrap());
    assert!(tree.close(opening).is_gone);
}

#[test]
fn what_is_protected_is_not_deleted() {
    let mut tree = with(&["\\d\\", "\\d\\f"]);
    let creator = make_with(&mut tree, "\\r", &intent(WRITE_DATA, ALL), READONLY).unwrap();
    let _ = tree.close(creator);
    for (path, ignores_read_only, expected) in [
        ("\\", true, Err(FileError::CannotDelete)),
        ("\\d", true, Err(FileError::DirectoryNotEmpty)),
        ("\\r", false, Err(FileError::CannotDelete)),
        ("\\r", true, Ok(())),
    ] {
        let mut opening = open(&mut tree, path, &intent(DELETE, ALL)).unwrap();
        let disposition = Disposition {
            ignores_read_only,
            ..Disposition::default()
        };
        let result = tree.set_disposition(&mut opening, disposition);
        assert_eq!(result, expected, "{path}");
        let _ = tree.close(opening);
    }
    assert_eq!(find(&tree, "\\r"), None);
}

#[test]
fn nothing_is_made_in_a_directory_being_deleted() {
    let mut tree = with(&["\\d\\", "\\f"]);
    let directory = find(&tree, "\\d").unwrap();
    let mut opening = open(&mut tree, "\\d", &intent(DELETE, ALL)).unwrap();
    tree.set_disposition(&mut opening, Disposition::default())
        .unwrap();
    let file = open(&mut tree, "\\f", &intent(DELETE, ALL)).unwrap();
    assert_eq!(
        make(&mut tree, "\\d\\f", &Intent::default()).err(),
        Some(FileError::DeletePending)
    );
    let name = units("g");
    let rename = Rename {
        parent: Some(directory),
        ..to(&name)
    };
    assert_eq!(tree.rename(&file, &rename), Err(FileError::DeletePending));
    // A name being deleted is taken.
    assert_eq!(
        tree.create(
            tree.root(),
            &units("D"),
            &New {
                kind: NewKind::File(&""),
                attributes: 0,
                now: 0
            },
            &Intent::default()
        )
        .err(),
        Some(FileError::DeletePending)
    );
    let _ = tree.close(file);
    let _ = tree.close(opening);
}

#[test]
fn a_read_only_file_is_not_written() {
    let mut tree = tree();
    // Who makes it writes it.
    let creator = make_with(&mut tree, "\\r", &intent(WRITE_DATA, ALL), READONLY).unwrap();
    let node = creator.node();
    assert_eq!(
        tree.open(node, &intent(WRITE_DATA, ALL)).err(),
        Some(FileError::AccessDenied)
    );
    let reader = tree.open(node, &intent(READ_DATA | DELETE, ALL)).unwrap();
    assert_eq!(tree.check_overwrite(node, 0), Err(FileError::AccessDenied));
    for opening in [creator, reader] {
        let _ = tree.close(opening);
    }
    // A directory's attribute forbids no entries.
    let made = make_with(&mut tree, "\\d\\", &intent(WRITE_DATA, ALL), READONLY).unwrap();
    let again = tree.open(made.node(), &intent(WRITE_DATA, ALL)).unwrap();
    for opening in [made, again] {
        let _ = tree.close(opening);
    }
}

#[test]
fn sharing_is_checked_and_released() {
    let mut tree = with(&["\\f"]);
    let first = open(&mut tree, "\\f", &intent(READ_DATA, 1)).unwrap();
    assert_eq!(
        open(&mut tree, "\\f", &intent(WRITE_DATA, ALL)).err(),
        Some(FileError::SharingViolation)
    );
    let _ = tree.close(first);
    let second = open(&mut tree, "\\f", &intent(WRITE_DATA, ALL)).unwrap();
    let _ = tree.close(second);
}

#[test]
fn attributes_are_normal_when_there_are_none() {
    let mut tree = tree();
    let mut file = make(&mut tree, "\\f", &Intent::default()).unwrap();
    let mut directory = make(&mut tree, "\\d\\", &Intent::default()).unwrap();
    let shown =
        |tree: &Tree<Data>, opening: &Opening| tree.information(opening.node()).unwrap().attributes;
    assert_eq!(shown(&tree, &file), ARCHIVE);
    assert_eq!(shown(&tree, &directory), DIRECTORY);
    let set = |attributes| BasicUpdate {
        attributes,
        ..BasicUpdate::default()
    };
    for (is_file, given, expected) in [
        (true, NORMAL, Ok(NORMAL)),
        (true, HIDDEN | NORMAL, Ok(HIDDEN)),
        (true, 0, Ok(HIDDEN)),
        (true, 0x400 | READONLY, Ok(READONLY)),
        (true, DIRECTORY, Err(FileError::InvalidParameter)),
        (false, NORMAL, Ok(DIRECTORY)),
        (false, DIRECTORY | HIDDEN, Ok(DIRECTORY | HIDDEN)),
        (false, TEMPORARY, Err(FileError::InvalidParameter)),
    ] {
        let opening = if is_file { &mut file } else { &mut directory };
        let result = tree.set_basic(opening, &set(given), 9);
        let result = result.map(|()| shown(&tree, opening));
        assert_eq!(result, expected, "{given:x}");
    }
    for opening in [file, directory] {
        let _ = tree.close(opening);
    }
}

#[test]
fn times_are_set_and_frozen_by_opening() {
    let mut tree = tree();
    let mut first = make(&mut tree, "\\f", &intent(WRITE_DATA, ALL)).unwrap();
    let second = open(&mut tree, "\\f", &intent(WRITE_DATA, ALL)).unwrap();
    let node = first.node();
    assert_eq!(tree.information(tree.root()).unwrap().times.write, 2);
    let times = |tree: &Tree<Data>| tree.information(node).unwrap().times;
    let update = BasicUpdate {
        creation: 10,
        write: -1,
        ..BasicUpdate::default()
    };
    tree.set_basic(&mut first, &update, 20).unwrap();
    tree.touch(&first, Touch::Written, 30);
    let expected = Times {
        creation: 10,
        access: 30,
        write: 2,
        change: 30,
    };
    assert_eq!(times(&tree), expected);
    tree.touch(&second, Touch::Written, 40);
    assert_eq!(times(&tree).write, 40);
    let update = BasicUpdate {
        write: -2,
        ..BasicUpdate::default()
    };
    tree.set_basic(&mut first, &update, 50).unwrap();
    assert_eq!(times(&tree).change, 40);
    tree.touch(&first, Touch::Written, 60);
    tree.touch(&first, Touch::Read, 70);
    tree.touch(&first, Touch::Changed, 80);
    let expected = Times {
        creation: 10,
        access: 70,
        write: 60,
        change: 80,
    };
    assert_eq!(times(&tree), expected);
    let update = BasicUpdate {
        access: -3,
        ..BasicUpdate::default()
    };
    assert_eq!(
        tree.set_basic(&mut first, &update, 90),
        Err(FileError::InvalidParameter)
    );
    for opening in [first, second] {
        let _ = tree.close(opening);
    }
}

#[test]
fn overwriting_keeps_hidden_files_hidden() {
    let mut tree = tree();
    let opening = make_with(&mut tree, "\\f", &Intent::default(), HIDDEN).unwrap();
    let node = opening.node();
    assert_eq!(tree.check_overwrite(node, 0), Err(FileError::AccessDenied));
    assert_eq!(tree.check_overwrite(node, HIDDEN), Ok(()));
    tree.overwritten(node, NORMAL, true, 9).unwrap();
    let information = tree.information(node).unwrap();
    assert_eq!(information.attributes, ARCHIVE);
    assert_eq!(information.times, Times::all(9));
    assert_eq!(
        tree.check_overwrite(tree.root(), 0),
        Err(FileError::FileIsADirectory)
    );
    let _ = tree.close(opening);
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
    assert!(tree.close(opening).is_gone);
    assert_eq!(tree.next_child(root, Some(&after), None), expected);
}

#[test]
fn a_listing_that_finds_nothing_pauses() {
    let mut tree = Tree::new(1000, 0).unwrap();
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
fn a_volume_has_a_limit() {
    let mut tree = Tree::new(2, 0).unwrap();
    let first = make(&mut tree, "\\a", &Intent::default()).unwrap();
    assert_eq!(
        make(&mut tree, "\\b", &Intent::default()).err(),
        Some(FileError::DiskFull)
    );
    assert_eq!(tree.len(), 2);
    let _ = tree.close(first);
    assert!(matches!(Tree::<Data>::new(0, 0), Err(FileError::DiskFull)));
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
