//! Paths as the guest has them.

use std::path::PathBuf;

/// What no name on Windows has.
const NOT_IN_NAMES: &str = "<>:\"|?*/\\";

/// A path from a drive on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GuestPath {
    drive: char,
    names: Vec<String>,
}

impl GuestPath {
    /// Reads a path like `C:\data`; a slash will do, too.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut names = text.split(['\\', '/']);
        let drive = names.next().and_then(drive);
        let Some(drive) = drive.filter(|_| text.contains(['\\', '/'])) else {
            return Err(format!(
                "{text} is no path of the guest; write it as C:\\FOLDER"
            ));
        };
        let names: Vec<String> = names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        match names.iter().find(|name| !is_name(name)) {
            Some(name) => Err(format!(
                "{text} cannot be a path of the guest because of {name}"
            )),
            None => Ok(Self { drive, names }),
        }
    }

    /// The folder of a name in the root.
    pub(crate) fn in_root(name: &str) -> Option<Self> {
        is_name(name).then(|| Self {
            drive: 'C',
            names: vec![name.to_owned()],
        })
    }

    /// The letter of its drive.
    pub(crate) fn drive(&self) -> char {
        self.drive
    }

    /// Where it is in the tree of an image.
    pub(crate) fn in_tree(&self) -> PathBuf {
        self.names.iter().collect()
    }

    /// As the current directory of a process, a backslash at its end.
    pub(crate) fn as_directory(&self) -> String {
        let mut path = format!("{}:\\", self.drive);
        for name in &self.names {
            path.push_str(name);
            path.push('\\');
        }
        path
    }
}

/// The letter of a drive such as `c:`, as a capital one; there are none before C.
pub(crate) fn drive(text: &str) -> Option<char> {
    let letter = text.strip_suffix(':')?.to_ascii_uppercase();
    let mut letters = letter.chars();
    let letter = letters.next().filter(char::is_ascii_uppercase)?;
    (letter >= 'C' && letters.next().is_none()).then_some(letter)
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
        let other = GuestPath::parse("z:\\a").unwrap();
        assert_eq!(
            (other.drive(), other.as_directory().as_str()),
            ('Z', "Z:\\a\\")
        );
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "C:",
            "data",
            "\\data",
            "B:\\x",
            "CD:\\x",
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
