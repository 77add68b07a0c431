//! Atoms by example, and against a map under random operations.

use super::*;
use crate::fold;
use proptest::prelude::*;

extern crate std;
use std::collections::BTreeMap;
use std::string::String;
use std::vec;

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn name_of(atoms: &Atoms, atom: u16) -> String {
    match atoms.information(atom).unwrap().name {
        AtomName::Kept(units) => String::from_utf16(units).unwrap(),
        AtomName::Number(number) => std::format!("#{number}"),
    }
}

#[test]
fn names_are_counted_and_case_does_not_count() {
    let mut atoms = Atoms::new();
    let first = atoms.add(&units("Theatre")).unwrap();
    assert_eq!(first, 0xC000);
    assert_eq!(atoms.add(&units("THEATRE")), Ok(first));
    assert_eq!(atoms.find(&units("theatre")), Ok(first));
    assert_eq!(atoms.add(&units("Cinema")), Ok(0xC001));
    assert_eq!(atoms.information(first).unwrap().count, 2);
    assert_eq!(name_of(&atoms, first), "Theatre");
    assert_eq!(atoms.delete(first), Ok(Deleted::Done));
    assert_eq!(atoms.find(&units("theatre")), Ok(first));
    assert_eq!(atoms.delete(first), Ok(Deleted::Done));
    assert_eq!(atoms.find(&units("theatre")), Err(AtomError::NotFound));
    assert_eq!(atoms.delete(first), Err(AtomError::NoSuchAtom));
    assert_eq!(atoms.information(first), Err(AtomError::NoSuchAtom));
    // The number is free for another name.
    assert_eq!(atoms.add(&units("Opera")), Ok(first));
    assert_eq!(atoms.iter().collect::<Vec<_>>(), [0xC000, 0xC001]);
    assert_eq!((atoms.len(), atoms.is_empty()), (2, false));
}

#[test]
fn numbers_stand_for_themselves() {
    let mut atoms = Atoms::new();
    for (name, atom) in [("#1", 1), ("#0123", 123), ("#49151", 0xBFFF)] {
        assert_eq!(atoms.add(&units(name)), Ok(atom));
        assert_eq!(atoms.find(&units(name)), Ok(atom));
        assert_eq!(atoms.delete(atom), Ok(Deleted::Done));
        let information = atoms.information(atom).unwrap();
        assert_eq!(information.name, AtomName::Number(atom));
        assert_eq!((information.count, information.is_pinned), (1, true));
    }
    for name in ["#0", "#00", "#49152", "#65536", "#65537", "#99999999999"] {
        assert_eq!(atoms.add(&units(name)), Err(AtomError::Invalid));
        assert_eq!(atoms.find(&units(name)), Err(AtomError::Invalid));
    }
    assert!(atoms.is_empty());
    for name in ["#", "#1a", "#-1", "# 1", "1", "##1"] {
        assert!(atoms.add(&units(name)).unwrap() >= FIRST_NAMED);
    }
    assert_eq!(atoms.delete(0), Err(AtomError::NoSuchAtom));
    assert_eq!(atoms.information(0), Err(AtomError::Invalid));
}

#[test]
fn names_have_a_length() {
    let mut atoms = Atoms::new();
    assert_eq!(atoms.add(&[]), Err(AtomError::NoName));
    assert_eq!(atoms.find(&[]), Err(AtomError::NoName));
    assert_eq!(atoms.add(&[0x41; 255]), Ok(FIRST_NAMED));
    assert_eq!(atoms.add(&[0x41; 256]), Err(AtomError::Invalid));
    assert_eq!(atoms.find(&[0x41; 256]), Err(AtomError::Invalid));
}

#[test]
fn what_is_added_too_often_stays() {
    let mut atoms = Atoms::new();
    let name = units("Often");
    for _ in 1..u16::MAX {
        atoms.add(&name).unwrap();
    }
    assert!(!atoms.information(FIRST_NAMED).unwrap().is_pinned);
    for _ in 0..3 {
        atoms.add(&name).unwrap();
        assert!(atoms.information(FIRST_NAMED).unwrap().is_pinned);
        assert_eq!(atoms.delete(FIRST_NAMED), Ok(Deleted::Pinned));
    }
    assert_eq!(atoms.find(&name), Ok(FIRST_NAMED));
}

#[test]
fn there_are_so_many_numbers() {
    let mut atoms = Atoms::new();
    for number in 0..0x4000_u16 {
        let name = units(&std::format!("name {number}"));
        assert_eq!(atoms.add(&name), Ok(FIRST_NAMED + number));
    }
    assert_eq!(atoms.add(&units("one more")), Err(AtomError::NoMemory));
    assert_eq!(atoms.delete(0xC123), Ok(Deleted::Done));
    assert_eq!(atoms.add(&units("one more")), Ok(0xC123));
    assert_eq!(atoms.len(), 0x4000);
}

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<u16>),
    Find(Vec<u16>),
    Delete(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let name = || {
        let unit = prop::sample::select(vec![0x41, 0x61, 0x42, 0xC4, 0xE4, 0x131, 0x44F]);
        prop::collection::vec(unit, 1..3)
    };
    prop_oneof![
        name().prop_map(Step::Add),
        name().prop_map(Step::Find),
        (0xC000..0xC010_u16).prop_map(Step::Delete),
    ]
}

proptest! {
    #[test]
    fn atoms_agree_with_a_map(steps in prop::collection::vec(step(), 1..200)) {
        let folded = |name: &[u16]| name.iter().map(|unit| fold(*unit)).collect::<Vec<_>>();
        let mut atoms = Atoms::new();
        let mut model: BTreeMap<u16, (Vec<u16>, u16)> = BTreeMap::new();
        for step in steps {
            let find = |model: &BTreeMap<u16, (Vec<u16>, u16)>, name: &[u16]| {
                let mut found = model.iter().filter(|(_, entry)| entry.0 == folded(name));
                found.next().map(|(atom, _)| *atom)
            };
            match step {
                Step::Add(name) => {
                    let free = (FIRST_NAMED..).find(|atom| !model.contains_key(atom)).unwrap();
                    let expected = find(&model, &name).unwrap_or(free);
                    prop_assert_eq!(atoms.add(&name), Ok(expected));
                    model.entry(expected).or_insert((folded(&name), 0)).1 += 1;
                }
                Step::Find(name) => {
                    let expected = find(&model, &name).ok_or(AtomError::NotFound);
                    prop_assert_eq!(atoms.find(&name), expected);
                }
                Step::Delete(atom) => {
                    let expected = match model.get_mut(&atom) {
                        Some(entry) => {
                            entry.1 -= 1;
                            Ok(Deleted::Done)
                        }
                        None => Err(AtomError::NoSuchAtom),
                    };
                    prop_assert_eq!(atoms.delete(atom), expected);
                    model.retain(|_, entry| entry.1 > 0);
                }
            }
            let numbers: Vec<u16> = model.keys().copied().collect();
            prop_assert_eq!(atoms.iter().collect::<Vec<_>>(), numbers);
            for (atom, (_, count)) in &model {
                prop_assert_eq!(atoms.information(*atom).unwrap().count, *count);
            }
        }
    }
}
