//! The tree against a list of paths, under random operations.
//!
//! The model knows files by whole paths and openings by a list, and asks both
//! from end to end for everything.

mod model;

use super::*;
use crate::access::{APPEND_DATA, DELETE, READ_DATA, WRITE_DATA};
use crate::attributes::{NORMAL, READONLY};
use model::{File, Model, folded, parent};

extern crate std;
use std::collections::BTreeSet;
use std::string::{String, ToString as _};

/// Numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % bound
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn name(&mut self) -> String {
        ["a", "A", "b", "B", "c", "\u{e4}", "\u{c4}"][self.below(7)].to_string()
    }

    fn intent(&mut self) -> Intent {
        let bits = [READ_DATA, WRITE_DATA, DELETE, APPEND_DATA, 0x80, DELETE];
        let access = bits[self.below(6)] | bits[self.below(6)];
        Intent {
            access,
            share: u32::try_from(7 & !(1 << self.below(8))).unwrap(),
            deletes_on_close: self.one_in(8),
        }
    }
}

/// The tree, the model, and what connects them.
struct Both {
    tree: Tree<usize, u32>,
    model: Model,
    /// By the model's numbers.
    ids: Vec<NodeId>,
    openings: Vec<Opening>,
}

impl Both {
    fn new() -> Self {
        let tree = Tree::new(1_000_000, 0).unwrap();
        let root = File {
            path: Some(String::new()),
            is_directory: true,
            is_read_only: false,
            is_pending: false,
            is_gone: false,
            security: None,
        };
        Self {
            ids: std::vec![tree.root()],
            tree,
            model: Model {
                files: std::vec![root],
                opens: Vec::new(),
            },
            openings: Vec::new(),
        }
    }

    /// A file with a name.
    fn any_file(&self, random: &mut Random) -> usize {
        loop {
            let file = random.below(self.ids.len());
            if self.model.files[file].path.is_some() {
                return file;
            }
        }
    }

    fn step(&mut self, random: &mut Random) {
        match random.below(11) {
            0..=2 => self.create(random),
            10 => self.secure(random),
            3..=4 => self.open(random),
            5..=6 => self.close(random),
            7 => self.dispose(random),
            _ => self.rename(random),
        }
    }

    fn create(&mut self, random: &mut Random) {
        let around = self.any_file(random);
        let around = self.model.files[around].path.clone().unwrap();
        let name = random.name();
        let path = around + "\\" + &name;
        let is_directory = random.one_in(2);
        let is_read_only = random.one_in(8);
        let intent = random.intent();
        let number = self.model.files.len();
        let file = File {
            path: Some(path.clone()),
            is_directory,
            is_read_only,
            is_pending: false,
            is_gone: false,
            security: None,
        };
        let new = New {
            kind: match is_directory {
                true => NewKind::Directory(None),
                false => NewKind::File(&number),
            },
            attributes: if is_read_only { READONLY } else { NORMAL },
            now: 1,
        };
        let units: Vec<u16> = path.encode_utf16().collect();
        let name: Vec<u16> = name.encode_utf16().collect();
        let created = match self.tree.walk(self.tree.root(), &units) {
            Ok(Walked::Missing { parent, name, .. }) => {
                self.tree.create(parent, name, &new, &intent)
            }
            Ok(Walked::Found { node, .. }) => {
                let parent = self.tree.parent_of(node).unwrap().unwrap();
                self.tree.create(parent, &name, &new, &intent)
            }
            Ok(Walked::Unread(_)) => unreachable!(),
            Err(error) => Err(error),
        };
        let expected = self.model.create(&path, file, intent);
        assert_eq!(created.as_ref().err(), expected.as_ref().err(), "{path}");
        if let Ok(opening) = created {
            self.ids.push(opening.node());
            self.openings.push(opening);
        }
    }

    fn open(&mut self, random: &mut Random) {
        let file = self.any_file(random);
        let intent = random.intent();
        let opened = self.tree.open(self.ids[file], &intent);
        let expected = self.model.open(file, intent);
        assert_eq!(opened.as_ref().err(), expected.as_ref().err());
        self.openings.extend(opened);
    }

    /// Whatever is there can have it, with or without a name.
    fn secure(&mut self, random: &mut Random) {
        let file = random.below(self.ids.len());
        let bytes = u32::try_from(random.below(1000)).unwrap();
        let before = self.tree.set_security(self.ids[file], bytes, bytes);
        let file = &mut self.model.files[file];
        if file.is_gone {
            assert_eq!(before, Err(FileError::FileDeleted));
        } else {
            assert_eq!(before, Ok(file.security.replace(bytes)));
        }
    }

    fn close(&mut self, random: &mut Random) {
        if self.openings.is_empty() {
            return;
        }
        let number = random.below(self.openings.len());
        let file = self.model.opens[number].file;
        let had_name = self.model.files[file].path.is_some();
        let unlinks = self.tree.unlinks(&self.openings[number]);
        let closed = self.tree.close(self.openings.swap_remove(number), 3);
        let is_gone = self.model.close(number);
        let lost_name = had_name && self.model.files[file].path.is_none();
        assert_eq!(closed.is_gone, is_gone);
        assert_eq!(closed.unlinked_from.is_some(), lost_name);
        assert_eq!(unlinks, lost_name);
        let data = (is_gone && !self.model.files[file].is_directory).then_some(file);
        assert_eq!(closed.data, data);
    }

    fn dispose(&mut self, random: &mut Random) {
        if self.openings.is_empty() {
            return;
        }
        let number = random.below(self.openings.len());
        let disposition = Disposition {
            deletes: !random.one_in(3),
            is_posix: random.one_in(2),
            is_on_close: random.one_in(4),
            ignores_read_only: random.one_in(2),
        };
        let opening = &mut self.openings[number];
        assert_eq!(
            self.tree.set_disposition(opening, disposition),
            self.model.dispose(number, disposition)
        );
    }

    fn rename(&mut self, random: &mut Random) {
        if self.openings.is_empty() {
            return;
        }
        let number = random.below(self.openings.len());
        let to = (!random.one_in(3)).then(|| self.any_file(random));
        let name = random.name();
        let units: Vec<u16> = name.encode_utf16().collect();
        let rename = Rename {
            parent: to.map(|to| self.ids[to]),
            name: &units,
            replaces: random.one_in(2),
            is_posix: random.one_in(2),
            ignores_read_only: random.one_in(2),
            now: 2,
        };
        let renamed = self.tree.rename(&self.openings[number], &rename);
        let expected = self.model.rename(number, to, &name, &rename);
        assert_eq!(renamed.as_ref().err(), expected.as_ref().err());
        let replaced = renamed.ok().and_then(|renamed| renamed.replaced);
        let expected = expected.ok().flatten();
        assert_eq!(
            replaced.as_ref().map(|replaced| replaced.node),
            expected.map(|file| self.ids[file])
        );
        let data = expected.filter(|file| {
            let file = &self.model.files[*file];
            file.is_gone && !file.is_directory
        });
        assert_eq!(replaced.and_then(|replaced| replaced.data), data);
    }

    fn compare(&self) {
        let mut count = 0;
        let mut bytes = 0;
        for (file, id) in self.model.files.iter().zip(&self.ids) {
            count += u32::from(!file.is_gone);
            if !file.is_gone {
                bytes += u64::from(file.security.unwrap_or(0));
                let security = self.tree.security(*id).unwrap();
                assert_eq!(security, file.security.as_ref());
            }
            let path = self.tree.path_of(*id);
            let Some(expected) = &file.path else {
                assert_eq!(path, Err(FileError::FileDeleted));
                assert_eq!(self.tree.find_id(id.to_u64()), None);
                continue;
            };
            let expected = if expected.is_empty() { "\\" } else { expected };
            assert_eq!(String::from_utf16(&path.unwrap()).unwrap(), expected);
            assert_eq!(self.tree.find_id(id.to_u64()), Some(*id));
            if let Some(directory) = self.tree.parent_of(*id).unwrap() {
                assert!(self.tree.height(directory) > self.tree.height(*id));
            }
            let upper: Vec<u16> = folded(expected).encode_utf16().collect();
            assert_eq!(
                self.tree.walk(self.tree.root(), &upper),
                Ok(Walked::Found {
                    node: *id,
                    needs_directory: expected == "\\"
                })
            );
        }
        assert_eq!(self.tree.len(), count);
        assert_eq!(self.tree.secured.bytes, bytes);
        let mut files = self.model.files.iter().filter(|file| !file.is_gone);
        let is_any = files.any(|file| file.security.is_some());
        assert_eq!(self.tree.is_any_secured(), is_any);
        for (file, id) in self.model.files.iter().zip(&self.ids) {
            if let (Some(path), true) = (&file.path, file.is_directory) {
                self.compare_listing(path, *id);
            }
        }
    }

    fn compare_listing(&self, path: &str, id: NodeId) {
        let named = self
            .model
            .files
            .iter()
            .skip(1)
            .filter_map(|file| file.path.as_ref());
        let expected: BTreeSet<String> = named
            .filter(|other| parent(other) == path)
            .map(|other| folded(&other[path.len() + 1..]))
            .collect();
        let mut names = Vec::new();
        let mut after = None;
        while let Listed::Entry(child) = self.tree.next_child(id, after, None).unwrap() {
            let name = self.tree.name_of(child).unwrap();
            names.push(folded(&String::from_utf16(name).unwrap()));
            after = Some(name);
        }
        assert!(expected.iter().eq(names.iter()), "{names:?} in {path}");
    }
}

#[test]
fn the_tree_agrees_with_a_list_of_paths() {
    for seed in 1..=20u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut both = Both::new();
        for step in 0..3000 {
            both.step(&mut random);
            if step % 100 == 0 {
                both.compare();
            }
        }
        while !both.openings.is_empty() {
            both.close(&mut random);
        }
        both.compare();
        let counts = |id: &NodeId| {
            let node = both.tree.nodes.get(*id);
            node.map_or((0, 0), |node| (node.opens, node.opens_below))
        };
        assert!(both.ids.iter().all(|id| counts(id) == (0, 0)));
    }
}
