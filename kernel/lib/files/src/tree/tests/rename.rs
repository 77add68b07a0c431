//! Renaming, rule by rule.

use super::*;

/// What is open while something is renamed.
type Others<'a> = &'a [(&'a str, u32, u32)];

/// Renames in a tree of these files, some of them open; the paths after.
fn renamed(
    paths: &[&str],
    others: Others<'_>,
    from: &str,
    (directory, name): (Option<&str>, &str),
    how: Rename<'_>,
) -> Result<Vec<String>, FileError> {
    let mut tree = with(paths);
    for path in paths.iter().filter(|path| path.contains("ro")) {
        let mut opening = open(&mut tree, path, &Intent::default()).unwrap();
        let update = BasicUpdate {
            attributes: READONLY,
            ..BasicUpdate::default()
        };
        tree.set_basic(&mut opening, &update, 3).unwrap();
        let _ = tree.close(opening, 3);
    }
    let mut open_others = Vec::new();
    for (path, access, share) in others {
        open_others.push(open(&mut tree, path, &intent(*access, *share)).unwrap());
    }
    let opening = open(&mut tree, from, &intent(DELETE, ALL)).unwrap();
    let parent = directory.map(|path| find(&tree, path).unwrap());
    let name = units(name);
    let rename = Rename {
        parent,
        name: &name,
        ..how
    };
    let result = tree.rename(&opening, &rename);
    let path = path_of(&tree, opening.node());
    let mut after = Vec::new();
    for path in paths {
        if find(&tree, path).is_some() {
            after.push(String::from(*path));
        }
    }
    after.push(path);
    for opening in open_others {
        let _ = tree.close(opening, 3);
    }
    let _ = tree.close(opening, 3);
    result.map(|_| after)
}

fn plain() -> Rename<'static> {
    to(&[])
}

fn replacing() -> Rename<'static> {
    Rename {
        replaces: true,
        ..plain()
    }
}

fn posix() -> Rename<'static> {
    Rename {
        is_posix: true,
        ..replacing()
    }
}

#[test]
fn a_free_name_is_given() {
    for (paths, from, to, expected) in [
        (&["\\a"][..], "\\a", (None, "b"), "\\b"),
        (&["\\a"], "\\a", (Some("\\"), "b"), "\\b"),
        (&["\\a"], "\\a", (None, "A"), "\\A"),
        (&["\\a", "\\d\\"], "\\a", (Some("\\d"), "x"), "\\d\\x"),
        (&["\\d\\", "\\d\\a"], "\\d\\a", (Some("\\"), "a"), "\\a"),
        (&["\\d\\", "\\e\\"], "\\d", (Some("\\e"), "d"), "\\e\\d"),
    ] {
        let after = renamed(paths, &[], from, to, plain()).unwrap();
        assert_eq!(after.last().unwrap(), expected);
    }
}

#[test]
fn what_is_in_the_way_gives_way_by_rule() {
    use FileError::{AccessDenied, DirectoryNotEmpty, NameCollision};
    let open_b: Others<'_> = &[("\\b", READ_DATA, ALL)];
    let ignoring = Rename {
        ignores_read_only: true,
        ..replacing()
    };
    for (paths, others, from, name, how, expected) in [
        (
            &["\\a", "\\b"][..],
            &[][..],
            "\\a",
            "b",
            plain(),
            Err(NameCollision),
        ),
        (&["\\a", "\\b"], &[], "\\a", "B", replacing(), Ok("\\B")),
        (
            &["\\a", "\\b"],
            open_b,
            "\\a",
            "b",
            replacing(),
            Err(AccessDenied),
        ),
        (&["\\a", "\\b"], open_b, "\\a", "b", posix(), Ok("\\b")),
        (
            &["\\a", "\\ro"],
            &[],
            "\\a",
            "ro",
            replacing(),
            Err(AccessDenied),
        ),
        (
            &["\\a", "\\ro"],
            &[],
            "\\a",
            "ro",
            posix(),
            Err(AccessDenied),
        ),
        (&["\\a", "\\ro"], &[], "\\a", "ro", ignoring, Ok("\\ro")),
        (
            &["\\a", "\\d\\"],
            &[],
            "\\a",
            "d",
            replacing(),
            Err(AccessDenied),
        ),
        (
            &["\\a", "\\d\\"],
            &[],
            "\\a",
            "d",
            posix(),
            Err(AccessDenied),
        ),
        (
            &["\\c\\", "\\d\\"],
            &[],
            "\\c",
            "d",
            replacing(),
            Err(AccessDenied),
        ),
        (&["\\c\\", "\\d\\"], &[], "\\c", "d", posix(), Ok("\\d")),
        (
            &["\\c\\", "\\d\\", "\\d\\x"],
            &[],
            "\\c",
            "d",
            posix(),
            Err(DirectoryNotEmpty),
        ),
        (&["\\c\\", "\\b"], &[], "\\c", "b", replacing(), Ok("\\b")),
        (
            &["\\a"],
            &[],
            "\\a",
            "a*",
            plain(),
            Err(FileError::NameInvalid),
        ),
        (
            &["\\a"],
            &[],
            "\\",
            "a",
            plain(),
            Err(FileError::InvalidParameter),
        ),
    ] {
        let after = renamed(paths, others, from, (None, name), how);
        let after = after.map(|after| after.last().unwrap().clone());
        assert_eq!(after, expected.map(String::from), "{paths:?} {from} {name}");
    }
}

#[test]
fn directories_move_unless_in_use_or_into_themselves() {
    use FileError::{AccessDenied, SharingViolation};
    let paths = &["\\d\\", "\\d\\e\\", "\\d\\e\\f", "\\t\\", "\\g"][..];
    let open_f: Others<'_> = &[("\\d\\e\\f", 0x80, ALL)];
    let deletes_t: Others<'_> = &[("\\t", DELETE, ALL)];
    let keeps_t: Others<'_> = &[("\\t", READ_DATA, 1)];
    let lists_t: Others<'_> = &[("\\t", READ_DATA, 3)];
    for (others, from, to, expected) in [
        (&[][..], "\\d", (Some("\\t"), "d"), Ok("\\t\\d")),
        // Even an opening that shares nothing with anybody is one.
        (open_f, "\\d", (None, "x"), Err(AccessDenied)),
        (open_f, "\\d\\e", (None, "x"), Err(AccessDenied)),
        (open_f, "\\d\\e", (None, "e"), Err(AccessDenied)),
        (open_f, "\\d\\e\\f", (Some("\\"), "f"), Ok("\\f")),
        (&[], "\\d", (Some("\\d"), "x"), Err(SharingViolation)),
        (&[], "\\d", (Some("\\d\\e"), "x"), Err(AccessDenied)),
        (
            &[],
            "\\d",
            (Some("\\g"), "x"),
            Err(FileError::NotADirectory),
        ),
        (deletes_t, "\\g", (Some("\\t"), "g"), Err(SharingViolation)),
        (keeps_t, "\\g", (Some("\\t"), "g"), Err(SharingViolation)),
        (lists_t, "\\g", (Some("\\t"), "g"), Ok("\\t\\g")),
    ] {
        let after = renamed(paths, others, from, to, replacing());
        let after = after.map(|after| after.last().unwrap().clone());
        assert_eq!(after, expected.map(String::from), "{from} to {to:?}");
    }
}

#[test]
fn what_gave_way_comes_back_or_lives_on() {
    let mut tree = with(&["\\a", "\\b", "\\c"]);
    let root = tree.root();
    let target = find(&tree, "\\b").unwrap();
    let opening = open(&mut tree, "\\a", &intent(DELETE, ALL)).unwrap();
    let name = units("b");
    let rename = Rename {
        name: &name,
        ..replacing()
    };
    assert_eq!(
        tree.rename(&opening, &rename),
        Ok(Renamed {
            old_parent: root,
            new_parent: root,
            is_changed: true,
            replaced: Some(Replaced {
                node: target,
                data: Some("data")
            })
        })
    );
    assert_eq!(tree.len(), 3);
    let reader = open(&mut tree, "\\c", &intent(READ_DATA, ALL)).unwrap();
    let name = units("c");
    let rename = Rename {
        name: &name,
        ..posix()
    };
    let replaced = tree.rename(&opening, &rename).unwrap().replaced.unwrap();
    assert_eq!((replaced.node, replaced.data), (reader.node(), None));
    // Who has no name any more gets none.
    assert_eq!(tree.rename(&reader, &rename), Err(FileError::FileDeleted));
    assert_eq!(
        tree.close(reader, 3),
        Closed {
            unlinked_from: None,
            is_gone: true,
            data: Some("data")
        }
    );
    let _ = tree.close(opening, 3);
}

#[test]
fn renaming_changes_times_and_only_when_it_renames() {
    let mut tree = with(&["\\a", "\\d\\"]);
    let directory = find(&tree, "\\d").unwrap();
    let mut opening = open(&mut tree, "\\a", &intent(DELETE, ALL)).unwrap();
    let update = BasicUpdate {
        attributes: NORMAL,
        ..BasicUpdate::default()
    };
    tree.set_basic(&mut opening, &update, 3).unwrap();
    let name = units("a");
    let same = tree.rename(&opening, &to(&name)).unwrap();
    assert!(!same.is_changed);
    let times = |tree: &Tree<Data>, node| tree.information(node).unwrap().times;
    assert_eq!(times(&tree, opening.node()).change, 3);
    let rename = Rename {
        parent: Some(directory),
        ..to(&name)
    };
    assert!(tree.rename(&opening, &rename).unwrap().is_changed);
    let moved = tree.information(opening.node()).unwrap();
    assert_eq!((moved.times.change, moved.times.write), (9, 2));
    assert_eq!(moved.attributes, ARCHIVE);
    assert_eq!(times(&tree, tree.root()).write, 9);
    assert_eq!(times(&tree, directory).write, 9);
    let _ = tree.close(opening, 3);
}

#[test]
fn what_is_being_deleted_keeps_its_name() {
    let mut tree = with(&["\\a", "\\b"]);
    let mut opening = open(&mut tree, "\\a", &intent(DELETE, ALL)).unwrap();
    tree.set_disposition(&mut opening, Disposition::default())
        .unwrap();
    let name = units("c");
    assert_eq!(
        tree.rename(&opening, &to(&name)),
        Err(FileError::AccessDenied)
    );
    // Nor does its name go to another.
    let other = open(&mut tree, "\\b", &intent(DELETE, ALL)).unwrap();
    let name = units("a");
    let rename = Rename {
        name: &name,
        ..posix()
    };
    assert_eq!(tree.rename(&other, &rename), Err(FileError::AccessDenied));
    for opening in [opening, other] {
        let _ = tree.close(opening, 3);
    }
}

#[test]
fn what_a_file_may_be_used_for_goes_along() {
    let mut tree: Tree<Data, &str> = Tree::new(100, 1).unwrap();
    let new = New {
        kind: NewKind::File(&"data"),
        attributes: 0,
        now: 1,
    };
    let (root, all) = (tree.root(), intent(DELETE, ALL));
    let before = tree.footprint_bytes(0, 0);
    let first = tree.create(root, &units("a"), &new, &all).unwrap();
    let second = tree.create(root, &units("b"), &new, &all).unwrap();
    let (a, b) = (first.node(), second.node());
    assert_eq!(tree.security(a), Ok(None));
    assert!(!tree.is_any_secured());
    let files = tree.footprint_bytes(0, 0);
    assert_eq!(tree.set_security(a, "of a", 10), Ok(None));
    assert_eq!(tree.set_security(b, "was of b", 900), Ok(None));
    assert_eq!(tree.set_security(b, "of b", 20), Ok(Some("was of b")));
    assert_eq!(tree.footprint_bytes(0, 0), files + 30);
    let _ = tree.close(second, 2);
    let rename = Rename {
        parent: None,
        name: &units("B"),
        replaces: true,
        is_posix: false,
        ignores_read_only: false,
        now: 3,
    };
    let renamed = tree.rename(&first, &rename).unwrap();
    assert_eq!(renamed.replaced.map(|replaced| replaced.node), Some(b));
    // That of what gave way is gone, the other's stays when nobody has it open.
    assert_eq!(tree.security(b), Err(FileError::FileDeleted));
    let _ = tree.close(first, 4);
    assert_eq!(tree.security(a), Ok(Some(&"of a")));
    assert!(tree.is_any_secured());
    let mut last = tree.open(a, &all).unwrap();
    tree.set_disposition(&mut last, Disposition::default())
        .unwrap();
    assert!(tree.close(last, 5).is_gone);
    assert!(!tree.is_any_secured());
    assert_eq!(tree.security(a), Err(FileError::FileDeleted));
    assert!(tree.footprint_bytes(0, 0) >= before);
}
