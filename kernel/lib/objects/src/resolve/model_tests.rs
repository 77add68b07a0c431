//! Resolving against a model that works on lists of strings.

use super::tests::{Tree, outcome, text, units};
use super::*;
use proptest::prelude::*;

extern crate std;
use std::collections::BTreeMap;
use std::format;
use std::string::{String, ToString};

/// What the model keeps of a namespace: all objects by their whole path.
type Model = BTreeMap<String, (usize, What)>;

#[derive(Clone, Debug)]
enum What {
    Directory,
    Link(String),
    Device,
    Event,
}

/// Where to put an object: a number picks the directory, another the name.
type Plan = Vec<(usize, usize, What)>;

const NAMES: [&str; 6] = ["a", "b", "B", "long", "c", "d"];

fn path() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(std::vec![
        "\\", "\\", "\\", "\\a", "\\a", "\\b", "\\B", "\\A", "\\long", "\\c", "\\d", "a", "d",
        "\\new"
    ]);
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        4 => Just(What::Directory),
        4 => path().prop_map(What::Link),
        1 => Just(What::Device),
        1 => Just(What::Event),
    ]
}

fn build(plan: Plan) -> (Tree, Model) {
    let mut tree = Tree::new();
    let mut directories = std::vec![(String::new(), 0)];
    let mut model = Model::from([(String::new(), (0, What::Directory))]);
    for (directory, name, what) in plan {
        let (parent, number) = directories[directory % directories.len()].clone();
        let name = NAMES[name % NAMES.len()];
        let whole = format!("{parent}\\{name}");
        if model.contains_key(&whole) {
            continue;
        }
        let object = match &what {
            What::Directory => tree.directory(number, name),
            What::Link(target) => tree.link(number, name, target),
            What::Device => tree.device(number, name),
            What::Event => tree.event(number, name),
        };
        if let What::Directory = what {
            directories.push((whole.clone(), object));
        }
        model.insert(whole, (object, what));
    }
    (tree, model)
}

/// Finds a name, which is ASCII here, in the directory of this whole path.
fn find<'model>(
    model: &'model Model,
    below: &str,
    name: &str,
    case: Case,
) -> Option<(&'model String, &'model (usize, What))> {
    // Upper case comes first in ASCII, as it does in a directory.
    model.iter().find(|(path, _)| {
        let other = path.rsplit_once('\\');
        other.is_some_and(|(directory, other)| {
            let is_same = match case {
                Case::Sensitive => other == name,
                Case::Insensitive => other.eq_ignore_ascii_case(name),
            };
            directory == below && is_same
        })
    })
}

/// What a path leads to, below a directory given by its whole path.
fn expect(
    model: &Model,
    below: &str,
    path: &str,
    case: Case,
    links: Links,
    followed: u32,
) -> String {
    let (name, rest) = match path.find('\\') {
        Some(end) => path.split_at(end),
        None => (path, ""),
    };
    if name.is_empty() {
        return "NameInvalid".to_string();
    }
    let Some((whole, (object, what))) = find(model, below, name, case) else {
        return match rest {
            "" => format!("vacant {} {name}", model[below].0),
            _ => "PathNotFound".to_string(),
        };
    };
    match (what, rest, links) {
        (What::Device, _, _) => format!("rest {object} {rest}"),
        (What::Link(_), "", Links::OpenLast | Links::RefuseButLast) => format!("object {object}"),
        (What::Link(_), _, Links::Refuse | Links::RefuseButLast) => "LinkEncountered".to_string(),
        (What::Link(_), _, _) if followed == MAX_LINKS => "TooManyLinks".to_string(),
        (What::Link(target), _, _) => {
            let joined = match (target.as_str(), rest) {
                ("", _) => return "PathSyntaxBad".to_string(),
                (target, "") => target.to_string(),
                (target, rest) => format!("{}{rest}", target.strip_suffix('\\').unwrap_or(target)),
            };
            match (target.starts_with('\\'), joined.as_str()) {
                (false, _) => "PathSyntaxBad".to_string(),
                (true, "\\") => "object 0".to_string(),
                (true, _) => expect(model, "", &joined[1..], case, links, followed + 1),
            }
        }
        (What::Directory | What::Event, "", _) => format!("object {object}"),
        (What::Directory, _, _) => expect(model, whole, &rest[1..], case, links, followed),
        (What::Event, _, _) => "TypeMismatch".to_string(),
    }
}

fn expect_absolute(model: &Model, path: &str, case: Case, links: Links) -> String {
    match path {
        "\\" => "object 0".to_string(),
        _ if path.starts_with('\\') => expect(model, "", &path[1..], case, links, 0),
        _ => "PathSyntaxBad".to_string(),
    }
}

fn expect_below(model: &Model, below: &str, path: &str, case: Case, links: Links) -> String {
    match path {
        "" => format!("object {}", model[below].0),
        _ if path.starts_with('\\') => "PathSyntaxBad".to_string(),
        _ => expect(model, below, path, case, links, 0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn resolving_agrees_with_strings(
        plan in prop::collection::vec((any::<usize>(), any::<usize>(), what()), 0..14),
        paths in prop::collection::vec(path(), 1..16),
        sensitive in any::<bool>(),
        links in prop::sample::select(std::vec![Links::Follow, Links::OpenLast, Links::Refuse, Links::RefuseButLast]),
    ) {
        let case = if sensitive { Case::Sensitive } else { Case::Insensitive };
        let (tree, model) = build(plan);
        for path in &paths {
            let found = outcome(&tree, None, path, case, links);
            prop_assert_eq!(found, expect_absolute(&model, path, case, links), "{}", path);
            for (below, (number, what)) in &model {
                if let What::Directory = what {
                    let found = outcome(&tree, Some(*number), path, case, links);
                    let expected = expect_below(&model, below, path, case, links);
                    prop_assert_eq!(found, expected, "{} below {}", path, below);
                }
            }
        }
    }

    #[test]
    fn any_units_are_resolved_or_refused(
        path in prop::collection::vec(prop_oneof![Just(SEPARATOR), any::<u16>()], 0..64),
    ) {
        let mut tree = Tree::new();
        tree.link(0, "a", &text(&units("\\a\\a")));
        let mut taken = Path::new(&path).unwrap();
        let resolved = resolve(&tree, None, &mut taken, Case::Insensitive, Links::Follow);
        prop_assert_eq!(resolved == Err(NameError::PathSyntaxBad), path.first() != Some(&SEPARATOR));
    }
}
