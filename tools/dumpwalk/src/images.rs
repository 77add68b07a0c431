//! The files of a dump's modules in a folder.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::dump::Dump;
use crate::image::Image;
use crate::in_file;

/// Images by the base of their module.
#[derive(Default)]
pub(crate) struct Images(HashMap<u64, Image>);

impl Images {
    /// Finds the modules' files by name, whatever its case; those that are not
    /// there are left out.
    pub(crate) fn load(folder: &Path, dump: &Dump<'_>) -> Result<Self, String> {
        let files = files(folder)?;
        let mut images = HashMap::new();
        for module in &dump.modules {
            let Some(path) = files.get(&module.name().to_lowercase()) else {
                continue;
            };
            let bytes = fs::read(path)
                .map_err(|error| in_file(path, format!("cannot be read: {error}")))?;
            let image = Image::parse(&bytes, module).map_err(|error| in_file(path, error))?;
            images.insert(module.base, image);
        }
        Ok(Self(images))
    }

    /// The image at a base.
    pub(crate) fn get(&self, base: u64) -> Option<&Image> {
        self.0.get(&base)
    }

    /// All of them with their bases.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Image)> {
        self.0.iter().map(|(&base, image)| (base, image))
    }
}

/// The files of a folder by their names in lower case.
fn files(folder: &Path) -> Result<HashMap<String, PathBuf>, String> {
    let unreadable = |error| in_file(folder, format!("cannot be read: {error}"));
    let mut files = HashMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        files.insert(name, entry.path());
    }
    Ok(files)
}
