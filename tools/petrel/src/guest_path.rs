//! Paths of `C:`, as the guest has them.

use std::path::PathBuf;

/// What no name on Windows has.
const NOT_IN_NAMES: &str = "<>:\"|?*/\\";

/// A path below `C:\`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GuestPath {
    names: Vec<String>,
}

impl GuestPath {
    /// Reads a path like `C:\data`; a slash will do, too.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut names = text.split(['\\', '/']);
        if !names
            .next()
            .is_some_and(|drive| drive.eq_ignore_ascii_case("C:"))
            || !text.contains(['\\', '/'])
        {
            return Err(format!(
                "{text} is no path of the guest; write it as C:\\FOLDER"
            ));
        }
        let names: Vec<String> = names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        match names.iter().find(|name| !is_name(name)) {
            Some(name) => Err(format!(
                "{text} cannot be a path of the guest because of {name}"
            )),
            None => Ok(Self { names }),
        }
    }

    /// The folder of a name in the root.
    pub(crate) fn in_root(name: &str) -> Option<Self> {
        is_name(name).then(|| Self {
            names: vec![name.to_owned()],
        })
    }

    /// Where it is in the tree of an image.
    pub(crate) fn in_tree(&self) -> PathBuf {
        self.names.iter().collect()
    }

    /// As the current directory of a process, a backslash at its end.
    pub(crate) fn as_directory(&self) -> String {
        let mut path = String::from("C:\\");
        for name in &self.names {
            path.push_str(name);
            path.push('\\');
        }
        path
    }
}

/// Whether a file of the guest can have this name.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && !name.ends_with(['.', ' '])
        && !name
            .chars()
            .any(|letter| letter.is_control() || NOT_IN_NAMES.contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_guest() {
        let path = GuestPath::parse("C:\\data\\sub").unwrap();
        assert_eq!(path.in_tree(), PathBuf::from("data/sub"));
        assert_eq!(path.as_directory(), "C:\\data\\sub\\");
        assert_eq!(GuestPath::parse("c:/data/sub/"), Ok(path));
        assert_eq!(GuestPath::parse("C:\\").unwrap().as_directory(), "C:\\");
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "C:",
            "data",
            "\\data",
            "D:\\x",
            "C:\\a\\..\\b",
            "C:\\a?",
            "C:\\a.",
            "C:\\a:b",
        ] {
            assert!(GuestPath::parse(text).is_err(), "{text}");
        }
        assert_eq!(GuestPath::in_root("."), None);
    }
}
