//! DLLs that a program needs at its start besides Windows' own.

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use crate::exit::{Failure, NO_DLL};
use crate::guest_path::is_name;
use crate::imports;

/// Where cargo has the folders with DLLs that it knows of, on this system.
const CARGO_FOLDERS: &str = "LD_LIBRARY_PATH";
/// Compilers whose runtime's DLLs a program may need, and some of these.
const COMPILERS: [&str; 2] = ["x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-g++"];
const RUNTIME: [&str; 2] = ["libgcc_s_seh-1.dll", "libwinpthread-1.dll"];

/// Copies what a program needs, and what that needs, to where the program is in the
/// machine, and refuses it if something is nowhere: neither there already nor in a list
/// of Windows' own, one a line, nor beside the program or with the compiler; for a test
/// also not where cargo has it.
pub(crate) fn bring(
    program: &Path,
    bytes: &[u8],
    system: &str,
    is_test: bool,
    to: &Path,
) -> Result<(), Failure> {
    let mut folders = None;
    let mut seen = HashSet::new();
    let mut missing = Vec::new();
    let needs = |user: &Option<String>, file: &[u8]| {
        let user = user.clone();
        let names = imports::of(file).into_iter();
        names.map(move |name| (name, user.clone()))
    };
    let mut needed: VecDeque<_> = needs(&None, bytes).collect();
    while let Some((name, user)) = needed.pop_front() {
        if !seen.insert(name.to_ascii_lowercase()) || imports::is_system(&name, system) {
            continue;
        }
        let folders = folders.get_or_insert_with(|| folders_of(program, is_test));
        let found = find(to, &name).or_else(|| folders.iter().find_map(|it| find(it, &name)));
        let Some(path) = found else {
            missing.push(user.map_or(name.clone(), |user| format!("{name} (for {user})")));
            continue;
        };
        let file = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
        if path.parent() != Some(to) {
            let target = to.join(&name);
            fs::write(&target, &file).map_err(|error| crate::work::unwritable(&target, &error))?;
        }
        needed.extend(needs(&Some(name), &file));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        NO_DLL,
        format!(
            "{} needs {}, which Petrel's Windows does not have (STATUS_DLL_NOT_FOUND); put it \
             beside the program, or copy the folder that has it: --copy FOLDER:C:\\programs",
            program.display(),
            missing.join(", ")
        ),
    ))
}

/// A file of a folder, whatever the case of its name.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let path = folder.join(name);
    if !is_name(name) || path.is_file() {
        return is_name(name).then_some(path);
    }
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .find(|entry| entry.file_name().eq_ignore_ascii_case(name))
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
}

/// Where DLLs of a program may be.
fn folders_of(program: &Path, is_test: bool) -> Vec<PathBuf> {
    // A test's DLLs may be a level up, too, where cargo builds.
    let levels = 1 + usize::from(is_test);
    let above = program.ancestors().skip(1).take(levels);
    let mut folders: Vec<PathBuf> = above.map(|folder| Path::new(".").join(folder)).collect();
    if is_test {
        folders.extend(env::split_paths(
            &env::var_os(CARGO_FOLDERS).unwrap_or_default(),
        ));
    }
    for (compiler, dll) in COMPILERS.iter().flat_map(|it| RUNTIME.map(|dll| (it, dll))) {
        let mut asked = Command::new(compiler);
        asked
            .arg(format!("-print-file-name={dll}"))
            .stdin(Stdio::null());
        // A program that needs none of these needs no compiler.
        let answer = asked
            .output()
            .map(|output| output.stdout)
            .unwrap_or_default();
        let path = PathBuf::from(String::from_utf8_lossy(&answer).trim());
        if let Some(folder) = path.parent().filter(|_| path.is_absolute()) {
            folders.push(folder.to_owned());
        }
    }
    folders
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        NO_DLL,
        format!("{} cannot be read: {error}", path.display()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_case() {
        let folder = env::temp_dir().join(format!("petrel-dlls-{}", std::process::id()));
        fs::create_dir_all(folder.join("Folder.dll")).unwrap();
        fs::write(folder.join("LibA.DLL"), "").unwrap();
        assert_eq!(find(&folder, "liba.dll"), Some(folder.join("LibA.DLL")));
        assert_eq!(find(&folder, "LibA.DLL"), Some(folder.join("LibA.DLL")));
        for name in ["libb.dll", "folder.dll", "", "..", "../LibA.DLL"] {
            assert_eq!(find(&folder, name), None, "{name}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
