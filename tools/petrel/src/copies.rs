//! Copies of folders, for the guest.

use std::fs;
use std::io;
use std::path::Path;

use crate::exit::Failure;

/// Deeper than any folder is, unless a link leads back.
const MOST_DEEP: u32 = 64;

/// Copies what is in a folder into another one, which is made.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    if !from.is_dir() {
        return Err(Failure::usage(format!(
            "--copy {}: there is no such folder",
            from.display()
        )));
    }
    copy(from, to, 0).map_err(|error| Failure::usage(format!("--copy {}: {error}", from.display())))
}

fn copy(from: &Path, to: &Path, depth: u32) -> Result<(), String> {
    let told =
        |path: &Path, error: io::Error| format!("{} cannot be copied: {error}", path.display());
    if depth > MOST_DEEP {
        return Err(format!("{} is in itself, by a link", from.display()));
    }
    fs::create_dir_all(to).map_err(|error| told(from, error))?;
    for entry in fs::read_dir(from).map_err(|error| told(from, error))? {
        let entry = entry.map_err(|error| told(from, error))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        // Where a link leads; one that leads nowhere is left out.
        let Ok(metadata) = fs::metadata(&source) else {
            continue;
        };
        if metadata.is_dir() {
            copy(&source, &target, depth + 1)?;
        } else if metadata.is_file() {
            copy_file(&source, &target, &metadata).map_err(|error| told(&source, error))?;
        }
    }
    Ok(())
}

/// Copies a file, with the time at which it was written.
fn copy_file(source: &Path, target: &Path, metadata: &fs::Metadata) -> io::Result<()> {
    fs::copy(source, target)?;
    // Its copy may be read-only.
    let copied = fs::File::open(target)?;
    copied.set_modified(metadata.modified()?)
}
