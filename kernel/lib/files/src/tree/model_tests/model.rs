//! Files as a list of whole paths, and openings as a list.

use super::*;
use crate::access::{SHARE_READ, SHARE_WRITE};

pub fn folded(path: &str) -> String {
    path.to_uppercase()
}

/// The path around a path.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('\\').unwrap().0
}

pub struct File {
    /// Empty for the root, `\a\b` for others; `None` without a name.
    pub path: Option<String>,
    pub is_directory: bool,
    pub is_read_only: bool,
    pub is_pending: bool,
    pub is_gone: bool,
    pub security: Option<u32>,
}

pub struct Open {
    pub file: usize,
    pub intent: Intent,
    pub takes_name: bool,
}

pub struct Model {
    pub files: Vec<File>,
    pub opens: Vec<Open>,
}

impl Model {
    pub fn find(&self, path: &str) -> Option<usize> {
        self.files.iter().position(|file| {
            file.path
                .as_ref()
                .is_some_and(|other| folded(other) == folded(path))
        })
    }

    fn below(&self, file: usize) -> Vec<usize> {
        let Some(path) = &self.files[file].path else {
            return Vec::new();
        };
        let start = path.clone() + "\\";
        let is_below = |file: &File| {
            file.path
                .as_ref()
                .is_some_and(|path| path.starts_with(&start))
        };
        (0..self.files.len())
            .filter(|other| is_below(&self.files[*other]))
            .collect()
    }

    fn opens(&self, file: usize) -> usize {
        self.opens.iter().filter(|open| open.file == file).count()
    }

    fn is_open_below(&self, file: usize) -> bool {
        self.below(file).iter().any(|file| self.opens(*file) != 0)
    }

    fn goes_with_others(&self, file: usize, intent: &Intent) -> Result<(), FileError> {
        let needs = |access: u32| {
            u32::from(access & READ_DATA != 0)
                | u32::from(access & (WRITE_DATA | APPEND_DATA) != 0) << 1
                | u32::from(access & DELETE != 0) << 2
        };
        let mine = needs(intent.access);
        let conflicts = |open: &&Open| {
            let theirs = needs(open.intent.access);
            open.file == file
                && mine != 0
                && theirs != 0
                && (mine & !open.intent.share != 0 || theirs & !intent.share != 0)
        };
        match self.opens.iter().find(conflicts) {
            Some(_) => Err(FileError::SharingViolation),
            None => Ok(()),
        }
    }

    fn may_delete_on_close(intent: &Intent, protected: bool) -> Result<(), FileError> {
        match (intent.deletes_on_close, intent.access & DELETE != 0) {
            (true, false) => Err(FileError::InvalidParameter),
            (true, true) if protected => Err(FileError::CannotDelete),
            _ => Ok(()),
        }
    }

    pub fn create(&mut self, path: &str, file: File, intent: Intent) -> Result<(), FileError> {
        let directory = self.find(parent(path)).ok_or(FileError::PathNotFound)?;
        if !self.files[directory].is_directory {
            return Err(FileError::PathNotFound);
        }
        if self.files[directory].is_pending {
            return Err(FileError::DeletePending);
        }
        if let Some(other) = self.find(path) {
            return Err(match self.files[other].is_pending {
                true => FileError::DeletePending,
                false => FileError::NameCollision,
            });
        }
        Self::may_delete_on_close(&intent, file.is_read_only)?;
        self.files.push(file);
        self.opens.push(Open {
            file: self.files.len() - 1,
            intent,
            takes_name: false,
        });
        Ok(())
    }

    pub fn open(&mut self, file: usize, intent: Intent) -> Result<(), FileError> {
        let known = &self.files[file];
        if known.is_pending {
            return Err(FileError::DeletePending);
        }
        let is_root = file == 0;
        Self::may_delete_on_close(&intent, is_root || known.is_read_only)?;
        let writes = intent.access & (WRITE_DATA | APPEND_DATA) != 0;
        if writes && known.is_read_only && !known.is_directory {
            return Err(FileError::AccessDenied);
        }
        self.goes_with_others(file, &intent)?;
        self.opens.push(Open {
            file,
            intent,
            takes_name: false,
        });
        Ok(())
    }

    /// Closes; whether the file is gone.
    pub fn close(&mut self, number: usize) -> bool {
        let open = self.opens.swap_remove(number);
        let is_empty = self.below(open.file).is_empty();
        let is_last = self.opens(open.file) == 0;
        let file = &mut self.files[open.file];
        file.is_pending |= open.intent.deletes_on_close && is_empty;
        if file.is_pending && (is_last || open.takes_name) {
            file.path = None;
        }
        file.is_gone = is_last && file.path.is_none();
        file.is_gone
    }

    pub fn dispose(&mut self, number: usize, disposition: Disposition) -> Result<(), FileError> {
        let id = self.opens[number].file;
        let is_empty = self.below(id).is_empty();
        let file = &mut self.files[id];
        if file.path.is_none() {
            return Err(FileError::FileDeleted);
        }
        if disposition.deletes {
            if id == 0 || (file.is_read_only && !disposition.ignores_read_only) {
                return Err(FileError::CannotDelete);
            }
            if !is_empty {
                return Err(FileError::DirectoryNotEmpty);
            }
        }
        let open = &mut self.opens[number];
        match disposition.is_on_close {
            true => open.intent.deletes_on_close = disposition.deletes,
            false => file.is_pending = disposition.deletes,
        }
        open.takes_name = disposition.deletes && disposition.is_posix;
        Ok(())
    }

    /// Renames; the file that gave way.
    pub fn rename(
        &mut self,
        number: usize,
        to: Option<usize>,
        name: &str,
        rename: &Rename<'_>,
    ) -> Result<Option<usize>, FileError> {
        let source = self.opens[number].file;
        let old = self.files[source].path.clone();
        let old = old.ok_or(FileError::FileDeleted)?;
        if source == 0 {
            return Err(FileError::InvalidParameter);
        }
        if self.files[source].is_pending || self.is_open_below(source) {
            return Err(FileError::AccessDenied);
        }
        let directory = match to {
            None => parent(&old).to_string(),
            Some(directory) => {
                let path = self.files[directory].path.clone().unwrap();
                if !self.files[directory].is_directory {
                    return Err(FileError::NotADirectory);
                }
                if self.files[directory].is_pending {
                    return Err(FileError::DeletePending);
                }
                let adds = Intent {
                    access: WRITE_DATA,
                    share: SHARE_READ | SHARE_WRITE,
                    deletes_on_close: false,
                };
                self.goes_with_others(directory, &adds)?;
                if (path.clone() + "\\").starts_with(&(old.clone() + "\\")) {
                    return Err(FileError::AccessDenied);
                }
                path
            }
        };
        let new = directory + "\\" + name;
        let target = self.find(&new).filter(|target| *target != source);
        if let Some(target) = target {
            self.gives_way(source, target, rename)?;
            self.files[target].path = None;
            self.files[target].is_gone = self.opens(target) == 0;
        }
        for file in self.below(source) {
            let path = self.files[file].path.as_mut().unwrap();
            *path = new.clone() + &path[old.len()..];
        }
        self.files[source].path = Some(new);
        Ok(target)
    }

    fn gives_way(
        &self,
        source: usize,
        target: usize,
        rename: &Rename<'_>,
    ) -> Result<(), FileError> {
        if !rename.replaces {
            return Err(FileError::NameCollision);
        }
        let file = &self.files[target];
        let is_in_use = self.opens(target) != 0 && !rename.is_posix;
        if is_in_use
            || file.is_pending
            || (file.is_read_only && !rename.ignores_read_only)
            || self.is_open_below(target)
        {
            return Err(FileError::AccessDenied);
        }
        match (file.is_directory, self.files[source].is_directory) {
            (false, _) => Ok(()),
            (true, true) if rename.is_posix && self.below(target).is_empty() => Ok(()),
            (true, true) if rename.is_posix => Err(FileError::DirectoryNotEmpty),
            (true, _) => Err(FileError::AccessDenied),
        }
    }
}
