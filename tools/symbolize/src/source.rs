//! Lines of source around that of a frame.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::{Component, Path, PathBuf};

use report::{Output, Style};

use crate::output::Writer;
use crate::record::{Frame, Place};

/// No source is longer; what is, is something else.
const MOST_BYTES: u64 = 16 << 20;

/// The source files that frames name.
pub(crate) struct Sources {
    /// Where short paths begin.
    root: PathBuf,
    context_lines: usize,
    /// The lines of the files that were looked for; `None` if they are not there.
    files: HashMap<PathBuf, Option<Vec<String>>>,
}

impl Sources {
    pub(crate) fn new(root: PathBuf, context_lines: usize) -> Self {
        Self {
            root,
            context_lines,
            files: HashMap::new(),
        }
    }

    /// Writes the lines around a frame's, its own marked, if the file is there.
    pub(crate) fn show(&mut self, frame: &Frame, out: &mut Writer<'_>) {
        let context_lines = self.context_lines;
        let Some(place) = &frame.place else {
            return;
        };
        let Some(index) = (place.line as usize).checked_sub(1) else {
            return;
        };
        let Some(lines) = self.lines(place) else {
            return;
        };
        if index >= lines.len() {
            return;
        }
        let first = index.saturating_sub(context_lines);
        let last = index.saturating_add(context_lines).min(lines.len() - 1);
        let width = (last + 1).to_string().len();
        for (at, line) in lines.iter().enumerate().take(last + 1).skip(first) {
            let is_it = at == index;
            let sign = if is_it { '>' } else { ' ' };
            if is_it {
                out.style(frame.origin.into());
            }
            let text = format!("       {sign} {:width$} | {line}", at + 1);
            // A page takes everything.
            let _ = out.write_str(text.trim_end());
            if is_it {
                out.style(Style::Plain);
            }
            let _ = out.write_str("\n");
        }
    }

    /// The lines of a place's file: in the checkout, else where it was compiled.
    fn lines(&mut self, place: &Place) -> Option<&[String]> {
        let short = is_inside(&place.file).then(|| self.root.join(&place.file));
        let compiled = place.path.as_ref().map(PathBuf::from);
        let paths: Vec<PathBuf> = short.into_iter().chain(compiled).collect();
        for path in &paths {
            let lines = self.files.entry(path.clone());
            lines.or_insert_with(|| read(path));
        }
        paths
            .iter()
            .find_map(|path| self.files.get(path)?.as_deref())
    }
}

/// Whether a path stays below the folder it is joined to; a report can name any.
fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn read(path: &Path) -> Option<Vec<String>> {
    let about = fs::metadata(path).ok()?;
    if !about.is_file() || about.len() > MOST_BYTES {
        return None;
    }
    let text = fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&text);
    Some(text.lines().map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Page;

    fn shown(file: &str, line: u32, context_lines: usize) -> String {
        let mut frame = Frame::bare(0, 1);
        frame.place = Some(Place {
            file: file.into(),
            line,
            is_exact: true,
            path: None,
        });
        let page = Page::new(false);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        Sources::new(root, context_lines).show(&frame, &mut page.writer());
        page.into_text()
    }

    #[test]
    fn lines_around_the_one() {
        let first = "       > 1 | //! Lines of source around that of a frame.\n";
        assert_eq!(shown("source.rs", 1, 0), first);
        let second = "         2 |\n";
        assert_eq!(shown("source.rs", 1, 1), format!("{first}{second}"));
        let all = shown("source.rs", 8, usize::MAX);
        assert!(all.contains("\n       >   8 | use"), "{all}");
        assert_eq!(
            all.lines().count(),
            include_str!("source.rs").lines().count()
        );
    }

    #[test]
    fn what_is_not_there_is_left_out() {
        for (file, line) in [
            ("source.rs", 0),
            ("source.rs", 100_000),
            ("none.rs", 1),
            ("../Cargo.toml", 1),
            ("/etc/hostname", 1),
            (".", 1),
            ("", 1),
        ] {
            assert_eq!(shown(file, line, 2), "", "{file}:{line}");
        }
    }
}
