//! Tables of paths and what they lead to.

use super::*;
use crate::Directory;

extern crate std;
use std::format;
use std::string::String;

/// An object of the tests.
#[derive(Debug)]
enum Node {
    Directory(Directory<usize>),
    Link(Vec<u16>),
    Device,
    Event,
}

/// A namespace of them by number; the root is 0.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
}

pub fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

pub fn text(units: &[u16]) -> String {
    String::from_utf16(units).unwrap()
}

impl Tree {
    pub fn new() -> Self {
        Self {
            nodes: std::vec![Node::Directory(Directory::new())],
        }
    }

    fn add(&mut self, directory: usize, name: &str, node: Node) -> usize {
        let number = self.nodes.len();
        self.nodes.push(node);
        match &mut self.nodes[directory] {
            Node::Directory(entries) => entries
                .insert(&units(name), number, Case::Sensitive)
                .unwrap(),
            _ => panic!("not a directory"),
        }
        number
    }

    pub fn directory(&mut self, directory: usize, name: &str) -> usize {
        self.add(directory, name, Node::Directory(Directory::new()))
    }

    pub fn link(&mut self, directory: usize, name: &str, target: &str) -> usize {
        self.add(directory, name, Node::Link(units(target)))
    }

    pub fn device(&mut self, directory: usize, name: &str) -> usize {
        self.add(directory, name, Node::Device)
    }

    pub fn event(&mut self, directory: usize, name: &str) -> usize {
        self.add(directory, name, Node::Event)
    }
}

impl Namespace for Tree {
    type Object = usize;

    fn root(&self) -> usize {
        0
    }

    fn kind<'object>(&'object self, object: &'object usize) -> Kind<'object> {
        match &self.nodes[*object] {
            Node::Directory(_) => Kind::Directory,
            Node::Link(target) => Kind::Link(target),
            Node::Device => Kind::Parses,
            Node::Event => Kind::Leaf,
        }
    }

    fn look_up(&self, directory: &usize, name: &[u16], case: Case) -> Option<usize> {
        match &self.nodes[*directory] {
            Node::Directory(entries) => entries.look_up(name, case).copied(),
            _ => panic!("looked for a name in what is no directory"),
        }
    }
}

const OBJECTS: usize = 1;
const EVENT: usize = 2;
const INNER: usize = 3;
const DEVICE: usize = 4;
const PIPE: usize = 5;
const LOCAL: usize = 7;

fn sample() -> Tree {
    let mut tree = Tree::new();
    assert_eq!(tree.directory(0, "BaseNamedObjects"), OBJECTS);
    assert_eq!(tree.event(OBJECTS, "Event"), EVENT);
    assert_eq!(tree.directory(OBJECTS, "Inner"), INNER);
    assert_eq!(tree.directory(0, "Device"), DEVICE);
    assert_eq!(tree.device(DEVICE, "NamedPipe"), PIPE);
    let dos = tree.directory(0, "??");
    assert_eq!(tree.link(OBJECTS, "Local", "\\BaseNamedObjects"), LOCAL);
    tree.link(0, "DosDevices", "\\??");
    tree.link(dos, "PIPE", "\\Device\\NamedPipe");
    tree.link(dos, "X:", "\\Device\\NamedPipe\\folder\\");
    tree.link(dos, "Global", "\\BaseNamedObjects\\");
    tree.link(0, "root", "\\");
    tree.link(0, "loop", "\\loop");
    tree.link(0, "ping", "\\pong\\x");
    tree.link(0, "pong", "\\ping\\x");
    tree.link(0, "relative", "BaseNamedObjects");
    tree.link(0, "empty", "");
    tree.link(0, "double", "\\\\BaseNamedObjects");
    tree.link(0, "dangling", "\\nothing");
    tree
}

/// Resolves and says in one line what came of it.
pub fn outcome(tree: &Tree, start: Option<usize>, path: &str, case: Case, links: Links) -> String {
    let path = units(path);
    let mut path = Path::new(&path).unwrap();
    match resolve(tree, start, &mut path, case, links) {
        Ok(Resolved::Object(object)) => format!("object {object}"),
        Ok(Resolved::Vacant { parent, name }) => format!("vacant {parent} {}", text(name)),
        Ok(Resolved::Remainder { object, rest }) => format!("rest {object} {}", text(rest)),
        Err(error) => format!("{error:?}"),
    }
}

fn follow(start: Option<usize>, path: &str) -> String {
    outcome(&sample(), start, path, Case::Sensitive, Links::Follow)
}

#[test]
fn absolute_paths() {
    for (path, expected) in [
        ("", "PathSyntaxBad"),
        ("BaseNamedObjects", "PathSyntaxBad"),
        ("/BaseNamedObjects", "PathSyntaxBad"),
        ("\\", "object 0"),
        ("\\\\", "NameInvalid"),
        ("\\BaseNamedObjects", "object 1"),
        ("\\BaseNamedObjects\\", "NameInvalid"),
        ("\\\\BaseNamedObjects", "NameInvalid"),
        ("\\BaseNamedObjects\\\\Event", "NameInvalid"),
        ("\\BaseNamedObjects\\Event", "object 2"),
        ("\\BaseNamedObjects\\event", "vacant 1 event"),
        ("\\BASENamedObjects\\Event", "PathNotFound"),
        ("\\BaseNamedObjects\\New", "vacant 1 New"),
        ("\\New", "vacant 0 New"),
        ("\\BaseNamedObjects\\New\\", "PathNotFound"),
        ("\\BaseNamedObjects\\New\\Newer", "PathNotFound"),
        ("\\BaseNamedObjects\\New\\\\", "PathNotFound"),
        ("\\BaseNamedObjects\\Event\\", "TypeMismatch"),
        ("\\BaseNamedObjects\\Event\\x", "TypeMismatch"),
        ("\\BaseNamedObjects\\.", "vacant 1 ."),
        ("\\BaseNamedObjects\\..\\Device", "PathNotFound"),
        ("\\Device\\NamedPipe", "rest 5 "),
        ("\\Device\\NamedPipe\\", "rest 5 \\"),
        ("\\Device\\NamedPipe\\a\\\\b\\", "rest 5 \\a\\\\b\\"),
        ("\\Device\\NamedPip", "vacant 4 NamedPip"),
    ] {
        assert_eq!(follow(None, path), expected, "{path}");
    }
}

#[test]
fn paths_from_a_directory() {
    for (path, expected) in [
        ("", "object 1"),
        ("\\", "PathSyntaxBad"),
        ("\\Event", "PathSyntaxBad"),
        ("Event", "object 2"),
        ("Event\\", "TypeMismatch"),
        ("Inner\\", "NameInvalid"),
        ("New", "vacant 1 New"),
        ("New\\", "PathNotFound"),
        ("Inner\\New", "vacant 3 New"),
        ("Local\\Inner\\New", "vacant 3 New"),
        ("Local", "object 1"),
    ] {
        assert_eq!(follow(Some(OBJECTS), path), expected, "{path}");
    }
}

#[test]
fn paths_from_what_is_no_directory() {
    for (start, path, expected) in [
        (LOCAL, "", "object 7"),
        (LOCAL, "Event", "TypeMismatch"),
        (LOCAL, "\\Event", "TypeMismatch"),
        (EVENT, "", "TypeMismatch"),
        (EVENT, "x", "TypeMismatch"),
        (PIPE, "", "rest 5 "),
        (PIPE, "a\\b", "rest 5 a\\b"),
        (PIPE, "\\a", "rest 5 \\a"),
    ] {
        assert_eq!(follow(Some(start), path), expected, "{start} {path}");
    }
}

#[test]
fn links_are_followed() {
    for (path, expected) in [
        ("\\BaseNamedObjects\\Local\\Local\\Event", "object 2"),
        ("\\BaseNamedObjects\\Local\\New", "vacant 1 New"),
        ("\\BaseNamedObjects\\Local\\", "NameInvalid"),
        ("\\DosDevices\\PIPE\\x\\y", "rest 5 \\x\\y"),
        ("\\DosDevices\\PIPE", "rest 5 "),
        // One backslash where a target ends with one and the path goes on.
        ("\\??\\X:", "rest 5 \\folder\\"),
        ("\\??\\X:\\file", "rest 5 \\folder\\file"),
        ("\\??\\Global\\Event", "object 2"),
        ("\\??\\Global", "NameInvalid"),
        ("\\root", "object 0"),
        ("\\root\\root\\New", "vacant 0 New"),
        ("\\root\\", "object 0"),
        ("\\dangling", "vacant 0 nothing"),
        ("\\dangling\\x", "PathNotFound"),
    ] {
        assert_eq!(follow(None, path), expected, "{path}");
    }
}

#[test]
fn bad_links_end() {
    for (path, expected) in [
        ("\\loop", "TooManyLinks"),
        ("\\loop\\x", "TooManyLinks"),
        ("\\ping", "TooManyLinks"),
        ("\\relative", "PathSyntaxBad"),
        ("\\relative\\x", "PathSyntaxBad"),
        ("\\empty", "PathSyntaxBad"),
        ("\\empty\\BaseNamedObjects", "PathSyntaxBad"),
        ("\\double", "NameInvalid"),
    ] {
        assert_eq!(follow(None, path), expected, "{path}");
    }
}

#[test]
fn last_link_is_opened_and_others_followed() {
    let tree = sample();
    for (path, expected) in [
        ("\\BaseNamedObjects\\Local", "object 7"),
        ("\\BaseNamedObjects\\Local\\Local", "object 7"),
        ("\\DosDevices\\X:\\y", "rest 5 \\folder\\y"),
        ("\\BaseNamedObjects\\Event", "object 2"),
        ("\\BaseNamedObjects\\Local\\", "NameInvalid"),
        ("\\loop\\x", "TooManyLinks"),
    ] {
        let outcome = outcome(&tree, None, path, Case::Sensitive, Links::OpenLast);
        assert_eq!(outcome, expected, "{path}");
    }
}

#[test]
fn links_are_refused() {
    let tree = sample();
    for (path, expected) in [
        ("\\BaseNamedObjects\\Local", "LinkEncountered"),
        ("\\BaseNamedObjects\\Local\\Event", "LinkEncountered"),
        ("\\loop", "LinkEncountered"),
        ("\\BaseNamedObjects\\Event", "object 2"),
        ("\\Device\\NamedPipe\\x", "rest 5 \\x"),
    ] {
        let outcome = outcome(&tree, None, path, Case::Sensitive, Links::Refuse);
        assert_eq!(outcome, expected, "{path}");
    }
}

#[test]
fn links_are_refused_but_for_the_last() {
    let tree = sample();
    for (path, expected) in [
        ("\\BaseNamedObjects\\Local", "object 7"),
        ("\\BaseNamedObjects\\Local\\Event", "LinkEncountered"),
        ("\\DosDevices\\PIPE", "LinkEncountered"),
        ("\\??\\PIPE\\x", "LinkEncountered"),
        ("\\BaseNamedObjects\\Event", "object 2"),
        ("\\Device\\NamedPipe\\x", "rest 5 \\x"),
    ] {
        let outcome = outcome(&tree, None, path, Case::Sensitive, Links::RefuseButLast);
        assert_eq!(outcome, expected, "{path}");
    }
}

#[test]
fn case_is_ignored_on_the_whole_path() {
    let tree = sample();
    for (path, expected) in [
        ("\\BASENAMEDOBJECTS\\local\\event", "object 2"),
        ("\\dosdevices\\pipe\\MixedCase", "rest 5 \\MixedCase"),
        ("\\basenamedobjects\\NewName", "vacant 1 NewName"),
    ] {
        let outcome = outcome(&tree, None, path, Case::Insensitive, Links::Follow);
        assert_eq!(outcome, expected, "{path}");
    }
}

#[test]
fn as_many_links_as_may_be_but_not_one_more() {
    let mut tree = Tree::new();
    let end = tree.event(0, "0");
    for number in 1..=MAX_LINKS + 1 {
        tree.link(0, &format!("{number}"), &format!("\\{}", number - 1));
    }
    let follow = |path: String| outcome(&tree, None, &path, Case::Sensitive, Links::Follow);
    assert_eq!(follow(format!("\\{MAX_LINKS}")), format!("object {end}"));
    assert_eq!(follow(format!("\\{}", MAX_LINKS + 1)), "TooManyLinks");
}

#[test]
fn longest_path_is_taken_and_a_longer_one_is_not() {
    let tree = sample();
    let path = |len: usize| {
        let mut path = units("\\");
        path.resize(len, u16::from(b'a'));
        path
    };
    for bad in [path(MAX_UNITS + 1), path(0x1_0000)] {
        assert_eq!(Path::new(&bad), Err(NameError::NameInvalid));
    }
    let longest = path(MAX_UNITS);
    let mut longest = Path::new(&longest).unwrap();
    let resolved = resolve(&tree, None, &mut longest, Case::Insensitive, Links::Follow);
    let name = &path(MAX_UNITS)[1..];
    assert_eq!(resolved, Ok(Resolved::Vacant { parent: 0, name }));
}

#[test]
fn last_units_of_a_path_are_those_of_its_last_form() {
    let tree = sample();
    let last = |path: &str, len| {
        let path = units(path);
        let mut path = Path::new(&path).unwrap();
        let resolved = resolve(&tree, None, &mut path, Case::Sensitive, Links::Follow);
        assert!(resolved.is_ok());
        text(&path.into_last(len).unwrap())
    };
    assert_eq!(last("\\Device\\NamedPipe\\end", 4), "\\end");
    assert_eq!(last("\\??\\PIPE\\end", 4), "\\end");
    assert_eq!(last("\\??\\PIPE\\end", 0), "");
    assert_eq!(last("\\??\\PIPE\\end", 99), "\\Device\\NamedPipe\\end");
}

#[test]
fn link_that_makes_the_path_too_long_is_refused() {
    let tree = sample();
    let grown = units("\\Device\\NamedPipe\\").len();
    for (len, is_taken) in [(MAX_UNITS, true), (MAX_UNITS + 1, false)] {
        let mut text = units("\\??\\PIPE\\");
        let file = len - grown;
        text.resize(text.len() + file, u16::from(b'a'));
        let mut path = Path::new(&text).unwrap();
        let resolved = resolve(&tree, None, &mut path, Case::Sensitive, Links::Follow);
        match is_taken {
            true => assert!(matches!(resolved, Ok(Resolved::Remainder { .. }))),
            false => assert_eq!(resolved, Err(NameError::NameTooLong)),
        }
    }
}

#[test]
fn links_to_long_names_do_not_add_up() {
    const LONG: usize = MAX_UNITS - 1;
    let mut tree = Tree::new();
    let end = tree.event(0, "0");
    // Names with the same beginning, each a link to the one before.
    let name = |number: u32| match number {
        0 => String::from("0"),
        number => format!("{number:0>LONG$}"),
    };
    for number in 1..=MAX_LINKS {
        tree.link(0, &name(number), &format!("\\{}", name(number - 1)));
    }
    let most = u32::try_from(MAX_WALKED_UNITS / LONG).unwrap();
    for (links, expected) in [
        (most, format!("object {end}")),
        (most + 1, String::from("NameTooLong")),
        (MAX_LINKS, String::from("NameTooLong")),
    ] {
        let path = format!("\\{}", name(links));
        let outcome = outcome(&tree, None, &path, Case::Insensitive, Links::Follow);
        assert_eq!(outcome, expected, "{links}");
    }
}

#[test]
fn name_that_must_exist() {
    let existing = |path| {
        let path = units(path);
        let mut path = Path::new(&path).unwrap();
        resolve(&sample(), None, &mut path, Case::Sensitive, Links::Follow)
            .and_then(Resolved::object)
    };
    assert_eq!(existing("\\BaseNamedObjects\\Event"), Ok(EVENT));
    assert_eq!(existing("\\Device\\NamedPipe"), Ok(PIPE));
    assert_eq!(
        existing("\\Device\\NamedPipe\\x"),
        Err(NameError::PathNotFound)
    );
    assert_eq!(existing("\\New"), Err(NameError::NameNotFound));
}
