//! The debug files that were named, and those found in a folder.

use std::fmt::Display;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::arguments::Options;
use crate::record::Report;

/// A file in memory.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

impl File {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        match fs::read(path) {
            Ok(bytes) => Ok(Self {
                path: path.into(),
                bytes,
            }),
            Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// Its name without the folder.
    pub(crate) fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// A sentence about it.
    pub(crate) fn error(&self, error: impl Display) -> String {
        format!("{}: {error}", self.path.display())
    }
}

/// Every file that was named or found.
pub(crate) struct Files {
    pub(crate) kernel: Option<File>,
    pub(crate) images: Vec<File>,
    pub(crate) pdbs: Vec<File>,
}

impl Files {
    /// Reads them; of a folder, those of the programs that reports name.
    pub(crate) fn read(options: &Options, reports: &[Report]) -> Result<Self, String> {
        let named = |paths: &[PathBuf]| -> Result<Vec<File>, String> {
            paths.iter().map(|path| File::read(path)).collect()
        };
        let kernel = options.kernel.as_deref().map(File::read);
        let mut files = Self {
            kernel: kernel.transpose()?,
            images: named(&options.images)?,
            pdbs: named(&options.pdbs)?,
        };
        if let Some(folder) = &options.images_folder {
            files.find(folder, reports)?;
        }
        Ok(files)
    }

    fn find(&mut self, folder: &Path, reports: &[Report]) -> Result<(), String> {
        if !folder.is_dir() {
            return Err(format!(
                "{} is not a folder; give --images one with programs",
                folder.display()
            ));
        }
        let modules = reports.iter().flat_map(|report| &report.modules);
        let mut names: Vec<&str> = modules.map(|module| &*module.name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names.into_iter().filter(|name| is_file_name(name)) {
            let image = folder.join(name);
            if !image.is_file() {
                continue;
            }
            let pdb = image.with_extension("pdb");
            self.images.push(File::read(&image)?);
            if pdb.is_file() {
                self.pdbs.push(File::read(&pdb)?);
            }
        }
        Ok(())
    }
}

/// Whether a name names a file of a folder itself; a report can name anything.
fn is_file_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!(parts.next(), Some(Component::Normal(part)) if part == name) && parts.next().is_none()
}
