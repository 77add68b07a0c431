//! `petrel test`: a test program of cargo's, as cargo's runner starts it.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use crate::arguments::{Options, Shared};
use crate::exit::Failure;
use crate::guest_path::GuestPath;
use crate::shares::CURRENT;

/// What a whole test program has by default; one that hangs ends the build then.
pub(crate) const LIMIT: Duration = Duration::from_secs(600);
/// Variables that cargo, nextest and libtest have for tests.
const PASSED_ON: [&str; 6] = [
    "CARGO_",
    "RUST_",
    "NEXTEST",
    "OUT_DIR",
    "INSTA_",
    "PROPTEST_",
];

/// Gives the program what cargo promises tests: its directory, its variables, and all
/// files at their paths, which programs have compiled in.
pub(crate) fn prepare(options: &mut Options) -> Result<(), Failure> {
    options.timeout = options.timeout.or(Some(LIMIT));
    options.shares_current = false;
    if !options.shared.iter().any(|it| it.letter == Some(CURRENT)) {
        options.shared.push(Shared {
            host: "/".into(),
            letter: Some(CURRENT),
            is_read_only: false,
        });
    }
    if options.directory.is_none() {
        let here = env::current_dir()
            .map_err(|error| Failure::usage(format!("there is no current folder: {error}")))?;
        options.directory = Some(directory(&here)?);
    }
    let own = env::vars_os().filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        is_passed_on(&name).then(|| format!("{name}={}", translated(&value)))
    });
    // What is asked for comes last, and counts.
    let mut variables: Vec<String> = own.collect();
    variables.append(&mut options.variables);
    options.variables = variables;
    Ok(())
}

fn directory(here: &Path) -> Result<GuestPath, Failure> {
    let text = here.display().to_string();
    GuestPath::parse(&format!("{CURRENT}:{text}")).map_err(|_| {
        Failure::usage(format!(
            "{text} has a name that no folder of Windows has; move the crate, or give --cwd"
        ))
    })
}

fn is_passed_on(name: &str) -> bool {
    PASSED_ON.iter().any(|start| name.starts_with(start)) && name != "CARGO_HOME"
}

/// A path of this system as the program has it; other text stays.
fn translated(value: &str) -> String {
    let path = Path::new(value);
    let is_there = path.is_absolute() && path.ancestors().take(2).any(|it| it.exists());
    match is_there && path.parent().is_some() {
        true => format!("{CURRENT}:{}", value.replace('/', "\\")),
        false => value.to_owned(),
    }
}

/// The programs of the crate, which tests look for beside themselves, too: one level up
/// from where cargo puts tests.
pub(crate) fn programs_beside(program: &Path) -> Vec<PathBuf> {
    let folder = program.parent().filter(|it| it.ends_with("deps"));
    let entries = folder.and_then(Path::parent).map(fs::read_dir);
    let paths = entries.into_iter().flatten().flatten().flatten();
    let programs = paths.map(|entry| entry.path());
    programs
        .filter(|path| path.extension().is_some_and(|it| it == "exe") && path.is_file())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_variables() {
        assert_eq!(translated("/usr/bin"), "Z:\\usr\\bin");
        assert_eq!(translated("/usr/not-there-yet"), "Z:\\usr\\not-there-yet");
        for text in ["", "1", "usr/bin", "/", "/nothing/of/the/kind", "full"] {
            assert_eq!(translated(text), text);
        }
        assert_eq!(
            directory(Path::new("/a/b")).unwrap(),
            GuestPath::parse("Z:\\a\\b").unwrap()
        );
        assert!(directory(Path::new("/a/b?")).is_err());
    }

    #[test]
    fn variables_of_cargo() {
        for name in [
            "CARGO_MANIFEST_DIR",
            "RUST_BACKTRACE",
            "OUT_DIR",
            "NEXTEST",
            "CARGO_BIN_EXE_a",
        ] {
            assert!(is_passed_on(name), "{name}");
        }
        for name in ["PATH", "HOME", "CARGO", "CARGO_HOME", "LD_LIBRARY_PATH"] {
            assert!(!is_passed_on(name), "{name}");
        }
    }
}
