//! Deleting: pending, taken back, on close, with POSIX semantics.

use super::*;

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
    let _ = tree.close(opening, 3);
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
    assert!(!tree.close(first, 3).is_gone);
    refused(&mut tree);
    assert!(tree.unlinks(&second));
    let node = second.node();
    let root = tree.root();
    assert_eq!(
        tree.close(second, 3),
        Closed {
            unlinked_from: Some(root),
            is_gone: true,
            data: Some("data")
        }
    );
    assert_eq!(tree.information(root).unwrap().times.write, 3);
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
    assert!(!tree.close(opening, 3).is_gone);
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
    let closed = tree.close(opening, 3);
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
    assert!(!tree.close(other, 3).is_gone);
    assert_eq!(tree.close(reader, 3).data, Some("data"));
    assert_eq!(tree.close(new, 3).data, None);
    assert!(find(&tree, "\\f").is_some());
}

#[test]
fn posix_deletion_on_close_takes_the_name_then() {
    let mut tree = with(&["\\f"]);
    let deletes = Intent {
        deletes_on_close: true,
        ..intent(DELETE, ALL)
    };
    let reader = open(&mut tree, "\\f", &intent(READ_DATA, ALL)).unwrap();
    let mut opening = open(&mut tree, "\\f", &deletes).unwrap();
    let posix = Disposition {
        is_posix: true,
        is_on_close: true,
        ..Disposition::default()
    };
    tree.set_disposition(&mut opening, posix).unwrap();
    // Until then it is a file like others.
    let third = open(&mut tree, "\\f", &intent(READ_DATA, ALL)).unwrap();
    assert!(!tree.is_delete_pending(third.node()).unwrap());
    assert!(!tree.close(third, 3).is_gone);
    assert!(tree.unlinks(&opening));
    let closed = tree.close(opening, 3);
    assert_eq!(closed.unlinked_from, Some(tree.root()));
    assert!(!closed.is_gone);
    // The name is another file's, and stays that when the data goes.
    let new = make(&mut tree, "\\f", &Intent::default()).unwrap();
    assert_eq!(tree.data(reader.node()), Ok(&"data"));
    assert!(!tree.unlinks(&reader));
    let closed = tree.close(reader, 3);
    assert_eq!((closed.unlinked_from, closed.data), (None, Some("data")));
    assert_eq!(tree.close(new, 3).data, None);
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
    assert!(!tree.close(opening, 3).is_gone);
    assert_eq!(
        open(&mut tree, "\\f", &intent(READ_DATA, ALL)).err(),
        Some(FileError::DeletePending)
    );
    assert!(!tree.close(third, 3).is_gone);
    assert!(tree.close(reader, 3).is_gone);
    // A directory that is filled meanwhile stays.
    let opening = open(&mut tree, "\\d", &deletes).unwrap();
    let inner = make(&mut tree, "\\d\\f", &Intent::default()).unwrap();
    assert!(!tree.close(opening, 3).is_gone);
    let closed = tree.close(inner, 3);
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
    assert!(tree.close(opening, 3).is_gone);
}

#[test]
fn what_is_protected_is_not_deleted() {
    let mut tree = with(&["\\d\\", "\\d\\f"]);
    let creator = make_with(&mut tree, "\\r", &intent(WRITE_DATA, ALL), READONLY).unwrap();
    let _ = tree.close(creator, 3);
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
        let _ = tree.close(opening, 3);
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
    let _ = tree.close(file, 3);
    let _ = tree.close(opening, 3);
}
