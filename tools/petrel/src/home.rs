//! What petrel needs, beside its own executable.

use std::path::{Path, PathBuf};

use crate::exit::Failure;

/// The folder, by the name of the executable.
const FOLDER: &str = "petrel-files";

/// The files.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    /// The kernel.
    pub(crate) kernel: PathBuf,
    /// The image with the Windows DLLs.
    pub(crate) windows: PathBuf,
    /// The list of those DLLs.
    pub(crate) list: PathBuf,
    /// The kernel with its symbols; only gdb needs it.
    pub(crate) kernel_symbols: PathBuf,
    /// What gdb needs to walk past the kernel.
    pub(crate) gdb_unwinder: PathBuf,
    /// The tool that makes a trace of a log.
    pub(crate) tracefile: PathBuf,
    /// The tool that packs names and lines of a program.
    pub(crate) symtab: PathBuf,
}

impl Home {
    /// Finds them.
    pub(crate) fn find() -> Result<Self, Failure> {
        let executable = std::env::current_exe()
            .and_then(|path| path.canonicalize())
            .map_err(|error| {
                Failure::not_installed(format!("petrel cannot find its own files: {error}"))
            })?;
        Self::beside(&executable)
    }

    fn beside(executable: &Path) -> Result<Self, Failure> {
        let folder = executable.with_file_name(FOLDER);
        let file = |name: &str| {
            let path = folder.join(name);
            match path.is_file() {
                true => Ok(path),
                false => Err(Failure::not_installed(format!(
                    "{} is missing; `tools/setup scons petrel` makes it",
                    path.display()
                ))),
            }
        };
        Ok(Self {
            kernel: file("petrel.elf")?,
            kernel_symbols: folder.join("petrel.debug.elf"),
            gdb_unwinder: folder.join("gdb_unwinder.py"),
            windows: file("windows.erofs")?,
            list: file("windows.txt")?,
            tracefile: file("tracefile")?,
            symtab: file("symtab")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::NOT_INSTALLED;

    #[test]
    fn what_is_missing_is_named() {
        let failure = Home::beside(Path::new("/nowhere/petrel")).unwrap_err();
        assert_eq!(failure.code, NOT_INSTALLED);
        assert!(
            failure
                .sentence
                .starts_with("/nowhere/petrel-files/petrel.elf is missing")
        );
    }
}
