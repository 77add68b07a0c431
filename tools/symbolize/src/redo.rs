//! Finds the names of a report's frames anew, from their addresses alone.

use report::{MarkKind, is_panic_machinery};

use crate::identity::Kernel;
use crate::programs::Programs;
use crate::record::{Entry, Frame, Report};

/// How the kernel begins the mark that its table of names is missing.
const NO_NAMES: &str = "no names: ";

/// The debug files, checked.
pub(crate) struct Debug<'a> {
    pub(crate) kernel: Option<Kernel<'a>>,
    pub(crate) programs: Programs<'a>,
}

impl Debug<'_> {
    /// Refuses files that are not those of the report.
    pub(crate) fn check(&self, report: &Report) -> Result<(), String> {
        if let Some(kernel) = &self.kernel {
            kernel.check(report)?;
        }
        self.programs.check(report)
    }

    /// Replaces the frames for which there is a file. The kernel leaves out the
    /// panic machinery in front; without names it cannot, and it is done here.
    pub(crate) fn redo(&self, report: &mut Report) -> Result<(), String> {
        let entries = std::mem::take(&mut report.entries);
        let mut done = Vec::with_capacity(entries.len());
        let mut is_in_front = true;
        for entry in entries {
            match entry {
                Entry::Mark(mark) => {
                    let is_stale = mark.kind == MarkKind::Broken
                        && mark.text.starts_with(NO_NAMES)
                        && self.kernel.is_some();
                    if !is_stale {
                        is_in_front = false;
                        done.push(Entry::Mark(mark));
                    }
                }
                Entry::Frame(frame) => match self.frames(report, &frame)? {
                    Some(frames) => {
                        is_in_front &= frame.is_call && frames.last().is_none_or(is_machinery);
                        if !is_in_front {
                            done.extend(frames.into_iter().map(Entry::Frame));
                        }
                    }
                    None => {
                        is_in_front = false;
                        done.push(Entry::Frame(frame));
                    }
                },
            }
        }
        report.entries = done;
        Ok(())
    }

    /// What takes the place of a frame, if its file is there: nothing if it was
    /// inlined, for the frame that follows has those that were.
    fn frames(&self, report: &Report, frame: &Frame) -> Result<Option<Vec<Frame>>, String> {
        let (names, file, address) = if frame.is_kernel() {
            let Some(kernel) = &self.kernel else {
                return Ok(None);
            };
            (&kernel.names, kernel.file, frame.address)
        } else {
            let module = report.module_of(frame);
            let names = module.and_then(|module| self.programs.names(module));
            let (Some((_, rva)), Some((names, file))) = (&frame.module, names) else {
                return Ok(None);
            };
            (names, file, *rva)
        };
        if frame.is_inlined {
            return Ok(Some(Vec::new()));
        }
        let frames = names.frames(frame, address);
        frames.map(Some).map_err(|error| file.error(error))
    }
}

fn is_machinery(frame: &Frame) -> bool {
    frame.function.as_deref().is_some_and(is_panic_machinery)
}
