//! Attributes and times, what they forbid and when they change.

use super::*;

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
        let _ = tree.close(opening, 3);
    }
    // A directory's attribute forbids no entries.
    let made = make_with(&mut tree, "\\d\\", &intent(WRITE_DATA, ALL), READONLY).unwrap();
    let again = tree.open(made.node(), &intent(WRITE_DATA, ALL)).unwrap();
    for opening in [made, again] {
        let _ = tree.close(opening, 3);
    }
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
        let _ = tree.close(opening, 3);
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
        let _ = tree.close(opening, 3);
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
    let _ = tree.close(opening, 3);
}
