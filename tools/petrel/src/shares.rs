//! The folders that the machine shares with the program.

use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::{Options, Shared};
use crate::exit::Failure;

/// The drive of the folder that petrel is called in.
pub(crate) const CURRENT: char = 'Z';
/// As many as the kernel takes.
const MOST: usize = 8;

/// A folder and its drive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) path: PathBuf,
    pub(crate) letter: char,
    pub(crate) is_read_only: bool,
}

/// All of them; each is there and has a drive of its own.
pub(crate) fn of(options: &Options) -> Result<Vec<Share>, Failure> {
    let mut shares = Vec::new();
    for shared in &options.shared {
        if let Some(letter) = shared.letter
            && shares.iter().any(|share: &Share| share.letter == letter)
        {
            return Err(Failure::usage(format!(
                "--dir {}: {letter}: is another folder's drive already",
                shared.host.display()
            )));
        }
        shares.push(Share {
            path: folder(shared)?,
            letter: shared.letter.unwrap_or_default(),
            is_read_only: shared.is_read_only,
        });
    }
    let takes_current = shares.iter().any(|share| share.letter == CURRENT);
    if options.shares_current && !takes_current {
        let path = std::env::current_dir().map_err(|error| {
            Failure::usage(format!(
                "the current folder cannot be shared: {error}; call petrel elsewhere, or with \
                 --no-dir"
            ))
        })?;
        shares.push(Share {
            path: checked(&path).map_err(Failure::usage)?,
            letter: CURRENT,
            is_read_only: false,
        });
    }
    if shares.len() > MOST {
        return Err(Failure::usage(format!(
            "{} folders cannot be shared at once: {MOST} are the most, with the current one",
            shares.len()
        )));
    }
    for number in 0..shares.len() {
        if shares[number].letter == char::default() {
            let is_free = |letter: &char| shares.iter().all(|share| share.letter != *letter);
            // There are more letters than folders.
            shares[number].letter = ('D'..=CURRENT).find(is_free).unwrap_or(CURRENT);
        }
    }
    Ok(shares)
}

/// Where the folder is, from the root on.
fn folder(shared: &Shared) -> Result<PathBuf, Failure> {
    checked(&shared.host)
        .map_err(|why| Failure::usage(format!("--dir {}: {why}", shared.host.display())))
}

fn checked(path: &Path) -> Result<PathBuf, String> {
    let whole = fs::canonicalize(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        _ => error.to_string(),
    })?;
    if !whole.is_dir() {
        return Err("it is a file, and a folder is shared".into());
    }
    fs::read_dir(&whole).map_err(|error| format!("it cannot be read: {error}"))?;
    match whole.to_str() {
        Some(_) => Ok(whole),
        None => Err("its path is not UTF-8, as QEMU needs it".into()),
    }
}

impl Share {
    /// QEMU's options for it, in a slot of the machine.
    pub(crate) fn devices(&self, slot: usize) -> Vec<String> {
        // Commas of a path are doubled in QEMU's options.
        let path = self.path.display().to_string().replace(',', ",,");
        let read_only = if self.is_read_only {
            ",readonly=on"
        } else {
            ""
        };
        vec![
            "-fsdev".into(),
            format!(
                "local,id=share{slot},path={path},security_model=none,multidevs=remap{read_only}"
            ),
            "-device".into(),
            format!(
                "virtio-9p-device,fsdev=share{slot},mount_tag=share{slot},bus=virtio-mmio-bus.{slot}"
            ),
        ]
    }

    /// The kernel's option for it.
    pub(crate) fn kernel_option(&self, slot: usize) -> String {
        let how = if self.is_read_only { "ro" } else { "rw" };
        format!("share={},{slot},{how}", self.letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    fn shares(words: &[&str]) -> Result<Vec<Share>, Failure> {
        let words = [&["run"], words, &["p.exe"]].concat();
        match crate::arguments::parse(words.iter().map(OsString::from)) {
            Ok(crate::arguments::Command::Run(options)) => of(&options),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn letters() {
        let letters = |words: &[&str]| {
            let shares = shares(words).unwrap();
            shares.iter().map(|share| share.letter).collect::<String>()
        };
        assert_eq!(letters(&[]), "Z");
        assert_eq!(letters(&["--no-dir"]), "");
        assert_eq!(letters(&["--dir", ".", "--dir", ".:D:", "--dir=."]), "EDFZ");
        assert_eq!(letters(&["--dir", "/:Z:"]), "Z");
        assert_eq!(letters(&["--deterministic", "--dir=."]), "D");
    }

    #[test]
    fn what_cannot_be_shared() {
        for (words, why) in [
            (&["--dir", "/nothing/here"][..], "no such folder"),
            (&["--dir", "/dev/null"], "it is a file"),
            (&["--dir", "/:D:", "--dir", "/:d:"], "drive already"),
            (&["--dir=."; 9], "most"),
        ] {
            let failure = shares(words).unwrap_err();
            assert_eq!(failure.code, crate::exit::USAGE);
            assert!(failure.sentence.contains(why), "{}", failure.sentence);
        }
    }

    #[test]
    fn options_of_qemu_and_the_kernel() {
        let share = Share {
            path: "/a,b".into(),
            letter: 'D',
            is_read_only: true,
        };
        assert!(share.devices(3)[1].contains("path=/a,,b,"));
        assert!(share.devices(3)[1].ends_with(",readonly=on"));
        assert_eq!(share.kernel_option(3), "share=D,3,ro");
    }
}
