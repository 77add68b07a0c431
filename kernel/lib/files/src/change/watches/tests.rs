//! Who is told of what, and how waits for it end.

use super::super::tests::{read, units};
use super::super::{Action, VALID};
use super::*;
use crate::{Intent, New, NewKind, Opening};
use proptest::prelude::*;

extern crate std;
use std::string::String;

type Ended = Vec<(u32, Over)>;

/// A volume with `\\a\\b\\c`, and those three.
fn tree() -> (Tree<()>, [Opening; 3]) {
    let mut tree: Tree<_> = Tree::new(100, 0).unwrap();
    let mut parent = tree.root();
    let openings = ["a", "b", "c"].map(|name| {
        let kind = match name {
            "c" => NewKind::File(&()),
            _ => NewKind::Directory(None),
        };
        let new = New {
            kind,
            attributes: 0,
            now: 0,
        };
        let intent = Intent {
            access: 0x1_0001,
            share: 7,
            deletes_on_close: false,
        };
        let opening = tree.create(parent, &units(name), &new, &intent).unwrap();
        parent = opening.node();
        opening
    });
    (tree, openings)
}

fn wanted(is_deep: bool) -> Wanted {
    Wanted {
        filter: VALID,
        is_deep,
        room: 200,
    }
}

fn added() -> Change {
    Change::of_name(Action::Added, false)
}

/// What ended while something was done.
fn ended(use_it: impl FnOnce(&mut dyn FnMut(u32, Over))) -> Ended {
    let mut ended = Vec::new();
    use_it(&mut |token, how| ended.push((token, how)));
    ended
}

/// Names of the records that one call was told, which alone ended.
fn told(ended: &Ended, token: u32) -> Vec<(u32, String)> {
    match ended.as_slice() {
        [(it, Over::Records(records))] if *it == token => read(records),
        other => panic!("{other:?}"),
    }
}

fn named(action: u32, name: &str) -> (u32, String) {
    (action, String::from(name))
}

fn wait(watches: &mut Watches<u32, ()>, at: NodeId, file: u64, token: u32) -> Ended {
    ended(|over| watches.wait(at, file, 200, token, over).unwrap())
}

#[test]
fn directories_above_are_told_if_they_watch_below() {
    let (tree, [a, b, c]) = tree();
    for (directory, is_deep, expected) in [
        (tree.root(), false, None),
        (tree.root(), true, Some("a\\b\\c")),
        (a.node(), false, None),
        (a.node(), true, Some("b\\c")),
        (b.node(), false, Some("c")),
        (b.node(), true, Some("c")),
    ] {
        let mut watches = Watches::new();
        assert_eq!(watches.watch(directory, 1, wanted(is_deep), ()), Ok(None));
        assert_eq!(wait(&mut watches, directory, 1, 5), []);
        let ended = ended(|over| watches.tell(&tree, c.node(), added(), over));
        match expected {
            Some(name) => assert_eq!(told(&ended, 5), [named(1, name)]),
            None => assert_eq!(ended, []),
        }
        // The root has no name that anything could happen to.
        let ended = self::ended(|over| watches.tell(&tree, tree.root(), added(), over));
        assert_eq!(ended, []);
    }
}

#[test]
fn what_is_not_waited_for_is_kept() {
    let (tree, [a, b, c]) = tree();
    let mut watches = Watches::new();
    assert!(watches.is_empty());
    // Nobody watches.
    assert_eq!(
        ended(|over| watches.tell(&tree, c.node(), added(), over)),
        []
    );
    watches.watch(b.node(), 1, wanted(false), 10).unwrap();
    watches.watch(b.node(), 2, wanted(false), 20).unwrap();
    watches.watch(a.node(), 1, wanted(true), 30).unwrap();
    // A second call changes nothing.
    let again = Wanted {
        filter: super::super::SIZE,
        ..wanted(true)
    };
    assert_eq!(watches.watch(b.node(), 1, again, 40), Ok(Some(40)));
    assert_eq!(watches.take(b.node(), 1, 200), Taken::Nothing);
    assert_eq!(
        ended(|over| watches.tell(&tree, c.node(), added(), over)),
        []
    );
    for (directory, file, name) in [
        (b.node(), 1, "c"),
        (b.node(), 2, "c"),
        (a.node(), 1, "b\\c"),
    ] {
        match watches.take(directory, file, 200) {
            Taken::Records(records) => assert_eq!(read(&records), [named(1, name)]),
            other => panic!("{other:?}"),
        }
        assert_eq!(watches.take(directory, file, 200), Taken::Nothing);
    }
    // Too little room.
    ended(|over| watches.tell(&tree, c.node(), added(), over));
    assert_eq!(watches.take(b.node(), 1, 13), Taken::Enumerate);
    let waits = ended(|over| watches.wait(b.node(), 2, 13, 7, over).unwrap());
    assert_eq!(waits, [(7, Over::Enumerate)]);
}

#[test]
fn a_new_name_comes_with_the_old_one() {
    let (tree, [_, b, c]) = tree();
    let mut watches = Watches::new();
    watches.watch(b.node(), 1, wanted(false), ()).unwrap();
    assert_eq!(wait(&mut watches, b.node(), 1, 5), []);
    let (from, to) = Change::of_rename(false, false);
    let first = ended(|over| watches.tell_name(&tree, b.node(), &units("old"), from, over));
    assert_eq!(first, []);
    let second = ended(|over| watches.tell(&tree, c.node(), to, over));
    assert_eq!(told(&second, 5), [named(4, "old"), named(5, "c")]);
}

#[test]
fn waits_end_in_their_order() {
    let (tree, [_, b, c]) = tree();
    let mut watches = Watches::new();
    watches.watch(b.node(), 1, wanted(false), 9).unwrap();
    for token in 0..6 {
        assert_eq!(wait_of(&mut watches, b.node(), token), []);
    }
    let first = ended(|over| watches.tell(&tree, c.node(), added(), over));
    assert_eq!(told(&first, 0), [named(1, "c")]);
    // Others' are not cancelled, and the rest keep their order.
    let is_even = |token: &u32| token.is_multiple_of(2);
    assert_eq!(ended(|over| watches.cancel(b.node(), 2, is_even, over)), []);
    let cancelled = ended(|over| watches.cancel(b.node(), 1, is_even, over));
    assert_eq!(cancelled, [(2, Over::Cancelled), (4, Over::Cancelled)]);
    let second = ended(|over| watches.tell(&tree, c.node(), added(), over));
    assert_eq!(told(&second, 1), [named(1, "c")]);
    let deleted = ended(|over| watches.deleted(b.node(), over));
    assert_eq!(deleted, [(3, Over::Deleted), (5, Over::Deleted)]);
    assert_eq!(wait_of(&mut watches, b.node(), 6), []);
    let mut kept = None;
    let closed = ended(|over| kept = watches.close(b.node(), 1, over));
    assert_eq!(
        (closed.as_slice(), kept),
        (&[(6, Over::Closed)][..], Some(9))
    );
    assert!(watches.is_empty());
    // It is too late for a call that looked before.
    assert_eq!(wait_of(&mut watches, b.node(), 7), [(7, Over::Closed)]);
    assert_eq!(
        ended(|over| assert_eq!(watches.close(b.node(), 1, over), None)),
        []
    );
}

fn wait_of(watches: &mut Watches<u32, u32>, at: NodeId, token: u32) -> Ended {
    ended(|over| watches.wait(at, 1, 200, token, over).unwrap())
}

#[test]
fn what_is_too_long_is_to_be_looked_for() {
    let (tree, [a, ..]) = tree();
    let mut watches = Watches::new();
    watches.watch(tree.root(), 1, wanted(true), ()).unwrap();
    wait(&mut watches, tree.root(), 1, 5);
    let name = std::vec![u16::from(b'x'); MAX_BUFFER];
    let told = ended(|over| watches.tell_name(&tree, a.node(), &name, added(), over));
    assert_eq!(told, [(5, Over::Enumerate)]);
    // Not for who does not want it.
    let only = Wanted {
        filter: super::super::SIZE,
        ..wanted(true)
    };
    watches.watch(tree.root(), 2, only, ()).unwrap();
    wait(&mut watches, tree.root(), 2, 6);
    let told = ended(|over| watches.tell_name(&tree, a.node(), &name, added(), over));
    assert_eq!(told, []);
}

proptest! {
    /// Whatever the order of watchers, each is found by its directory and file.
    #[test]
    fn watchers_are_found(list in prop::collection::vec((0..3usize, 0..4u64, any::<bool>()), 1..20)) {
        let (tree, [a, b, _c]) = tree();
        let directories = [tree.root(), a.node(), b.node()];
        let mut watches = Watches::<u32, ()>::new();
        let mut there = std::collections::BTreeSet::new();
        for (directory, file, goes) in list {
            let at = directories[directory];
            if goes {
                let gone = watches.close(at, file, &mut |_, _| panic!("nobody waits"));
                prop_assert_eq!(gone.is_some(), there.remove(&(directory, file)));
            } else {
                let kept = watches.watch(at, file, wanted(false), ()).unwrap();
                prop_assert_eq!(kept.is_none(), there.insert((directory, file)));
            }
            prop_assert_eq!(watches.is_empty(), there.is_empty());
            for (place, at) in directories.into_iter().enumerate() {
                for file in 0..4 {
                    let is_there = there.contains(&(place, file));
                    prop_assert_eq!(watches.is_watching(at, file), is_there);
                }
            }
        }
    }
}
