//! Who may create, open and wait for a pipe by name.

use super::*;
use crate::ReadMode;
use PipeStatus::*;

extern crate std;

use std::cell::Cell;
use std::vec;

/// An instance: its number, and whether it listens.
#[derive(Debug)]
struct Instance(u32, Cell<bool>);

type Waits = Vec<(u32, PipeStatus)>;

fn units(name: &str) -> Vec<u16> {
    name.encode_utf16().collect()
}

fn names() -> Names<Instance, u32> {
    fn folded(name: &[u16]) -> std::string::String {
        std::string::String::from_utf16(name)
            .unwrap()
            .to_uppercase()
    }
    Names::new(|left, right| folded(left).cmp(&folded(right)))
}

const FIRST: Creation = Creation {
    disposition: Disposition::Create,
    share: 3,
    pipe_type: PipeType::Message,
    read: ReadMode::Message,
    maximum_instances: 2,
    default_timeout: -500_000,
};

const OTHER: Creation = Creation {
    disposition: Disposition::Open,
    ..FIRST
};

fn over(waits: &mut Waits) -> impl FnMut(Completed<u32>) {
    |over| waits.push((over.request, over.status))
}

fn add(names: &mut Names<Instance, u32>, name: &str, creation: &Creation, number: u32) -> Waits {
    let mut waits = vec![];
    let place = names.create(&units(name), creation).unwrap();
    place.insert(Instance(number, Cell::new(true)), &mut over(&mut waits));
    waits
}

/// What a creation is refused with.
fn refusal(names: &mut Names<Instance, u32>, name: &str, creation: Creation) -> Option<PipeStatus> {
    names.create(&units(name), &creation).err()
}

/// Connects a client.
fn open(names: &Names<Instance, u32>, name: &str, access: u32) -> Result<u32, PipeStatus> {
    names.open(&units(name), access, |instance| {
        if instance.1.replace(false) {
            Ok(instance.0)
        } else {
            Err(PipeNotAvailable)
        }
    })
}

fn remove(names: &mut Names<Instance, u32>, name: &str, number: u32) -> Waits {
    let mut waits = vec![];
    let is_it = |instance: &Instance| instance.0 == number;
    let removed = names.remove(&units(name), is_it, &mut over(&mut waits));
    assert_eq!(removed.map(|instance| instance.0), Some(number));
    waits
}

/// Waits, and says how it ended if it has.
fn wait(names: &mut Names<Instance, u32>, name: &str, request: u32) -> Option<PipeStatus> {
    match names.wait(&units(name), |instance| instance.1.get(), request) {
        Started::Done(done) => {
            assert_eq!(done.request, request);
            Some(done.status)
        }
        Started::Queued => None,
    }
}

#[test]
fn what_makes_a_first_instance() {
    let mut names = names();
    let mut refused = |creation| refusal(&mut names, "a", creation);
    assert_eq!(
        refused(Creation { share: 0, ..FIRST }),
        Some(InvalidParameter)
    );
    assert_eq!(
        refused(Creation { share: 7, ..FIRST }),
        Some(InvalidParameter)
    );
    let none = Creation {
        maximum_instances: 0,
        ..FIRST
    };
    assert_eq!(refused(none), Some(InvalidParameter));
    for default_timeout in [0, 1] {
        let wrong = Creation {
            default_timeout,
            ..FIRST
        };
        assert_eq!(refused(wrong), Some(InvalidParameter));
    }
    let wrong = Creation {
        pipe_type: PipeType::Byte,
        ..FIRST
    };
    assert_eq!(refused(wrong), Some(InvalidParameter));
    assert_eq!(refused(OTHER), Some(NameNotFound));
    assert_eq!(refused(FIRST), None);
    // Without an instance there is no name.
    assert_eq!(names.entry(0), None);
    assert_eq!(refusal(&mut names, "", FIRST), Some(NameInvalid));
    for name in ["\\", "a\\", "a/b", "a:b", "a\\..\\b"] {
        assert_eq!(add(&mut names, name, &FIRST, 1), []);
        assert_eq!(open(&names, name, 0), Ok(1));
    }
    assert_eq!(open(&names, "a", 0), Err(NameNotFound));
    for number in [0, 4, 5] {
        assert_eq!(Disposition::try_from(number), Err(InvalidParameter));
    }
}

#[test]
fn what_makes_another_instance() {
    let mut names = names();
    add(&mut names, "Pipe", &FIRST, 1);
    assert_eq!(refusal(&mut names, "PIPE", FIRST), Some(AccessDenied));
    for share in [0, 1, 2, 7] {
        let other = Creation { share, ..OTHER };
        assert_eq!(refusal(&mut names, "pipe", other), Some(AccessDenied));
    }
    // What only the first says is not looked at.
    let other = Creation {
        pipe_type: PipeType::Byte,
        maximum_instances: 0,
        default_timeout: 0,
        ..OTHER
    };
    let place = names.create(&units("pipe"), &other).unwrap();
    assert_eq!(place.pipe_type(), PipeType::Message);
    assert_eq!(place.configuration(), Configuration::FullDuplex);
    assert_eq!(place.first().map(|first| first.0), Some(1));
    place.insert(Instance(2, Cell::new(true)), &mut |_| ());
    assert_eq!(names.default_timeout(&units("PIPE")), Ok(-500_000));
    // That it is full is found first.
    assert_eq!(
        refusal(&mut names, "pipe", FIRST),
        Some(InstanceNotAvailable)
    );
    assert_eq!(
        refusal(&mut names, "pipe", OTHER),
        Some(InstanceNotAvailable)
    );
    remove(&mut names, "pipe", 1);
    let either = Creation {
        disposition: Disposition::OpenIf,
        ..OTHER
    };
    assert_eq!(refusal(&mut names, "pipe", either), None);
    // The last one takes the name along.
    remove(&mut names, "pipe", 2);
    let bytes = Creation {
        pipe_type: PipeType::Byte,
        read: ReadMode::Byte,
        share: 1,
        ..either
    };
    add(&mut names, "pipe", &bytes, 3);
    let messages = Creation { share: 1, ..OTHER };
    assert_eq!(
        refusal(&mut names, "pipe", messages),
        Some(InvalidParameter)
    );
}

#[test]
fn a_client_gets_the_first_that_listens() {
    let mut names = names();
    assert_eq!(open(&names, "a", 3), Err(NameNotFound));
    add(&mut names, "a", &FIRST, 1);
    add(&mut names, "a", &OTHER, 2);
    assert_eq!(open(&names, "A", 3), Ok(1));
    assert_eq!(open(&names, "A", 3), Ok(2));
    assert_eq!(open(&names, "A", 3), Err(PipeNotAvailable));
    // Another failure is not passed over.
    let failed: Result<(), _> = names.open(&units("a"), 3, |_| Err(InsufficientResources));
    assert_eq!(failed, Err(InsufficientResources));
}

#[test]
fn a_client_goes_where_data_go() {
    // The share access; whether a client may read, and write.
    for (share, reads, writes) in [(1, true, false), (2, false, true), (3, true, true)] {
        let mut names = names();
        add(&mut names, "a", &Creation { share, ..FIRST }, 1);
        let denied = |is_allowed| if is_allowed { Ok(1) } else { Err(AccessDenied) };
        for (access, is_allowed) in [(1, reads), (2, writes), (3, reads && writes), (0, true)] {
            let opened = open(&names, "a", access);
            assert_eq!(opened, denied(is_allowed), "{share} {access}");
            names.instances(&units("a")).unwrap()[0].1.set(true);
        }
    }
}

#[test]
fn waits_end_when_an_instance_listens() {
    let mut names = names();
    assert_eq!(wait(&mut names, "a", 1), Some(NameNotFound));
    add(&mut names, "a", &FIRST, 1);
    assert_eq!(wait(&mut names, "A", 1), Some(Success));
    assert_eq!(open(&names, "a", 3), Ok(1));
    assert_eq!(wait(&mut names, "a", 1), None);
    assert_eq!(wait(&mut names, "a", 2), None);
    add(&mut names, "b", &FIRST, 2);
    let mut waits = vec![];
    names.listening(&units("B"), &mut over(&mut waits));
    assert_eq!(waits, []);
    names.listening(&units("A"), &mut over(&mut waits));
    assert_eq!(waits, [(1, Success), (2, Success)]);

    // Another instance listens, too.
    assert_eq!(wait(&mut names, "a", 3), None);
    assert_eq!(add(&mut names, "a", &OTHER, 3), [(3, Success)]);
    assert_eq!(open(&names, "a", 3), Ok(3));

    for request in 4..8 {
        assert_eq!(wait(&mut names, "a", request), None);
    }
    let mut waits = vec![];
    let ended = names.end_waits(IoTimeout, |request| request % 2 == 1, &mut over(&mut waits));
    assert_eq!((ended, waits), (2, vec![(5, IoTimeout), (7, IoTimeout)]));
    assert_eq!(remove(&mut names, "a", 1), []);
    assert_eq!(
        remove(&mut names, "a", 3),
        [(4, NameNotFound), (6, NameNotFound)]
    );
}

#[test]
fn the_directory_lists_names_in_order() {
    let mut names = names();
    let endless = Creation {
        maximum_instances: u32::MAX,
        ..FIRST
    };
    add(&mut names, "beta", &FIRST, 1);
    add(&mut names, "Gamma", &endless, 2);
    add(&mut names, "ALPHA", &FIRST, 3);
    add(&mut names, "Beta", &OTHER, 4);
    let list = |names: &Names<Instance, u32>, after: &str| {
        let listed = names.after(&units(after));
        let text = |name| std::string::String::from_utf16(name).unwrap();
        let all = listed.map(|pipe| {
            (
                text(pipe.name),
                pipe.current_instances,
                pipe.maximum_instances,
            )
        });
        all.collect::<Vec<_>>()
    };
    let all = [
        ("ALPHA".into(), 1, 2),
        ("beta".into(), 2, 2),
        ("Gamma".into(), 1, u32::MAX),
    ];
    assert_eq!(list(&names, ""), all);
    assert_eq!(list(&names, "alpha"), all[1..]);
    assert_eq!(list(&names, "B"), all[1..]);
    assert_eq!(names.entry(1), names.listed(&units("BETA")).ok());
    assert_eq!(names.entry(3), None);
    // The one that was listed last may be gone.
    remove(&mut names, "beta", 1);
    remove(&mut names, "beta", 4);
    assert_eq!(list(&names, "beta"), all[2..]);
}
