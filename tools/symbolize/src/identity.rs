//! Whether a kernel's debug file is that of a report.

use std::fmt;

use debuginfo::DebugInfo;
use report::Origin;

use crate::files::File;
use crate::names::Names;
use crate::record::Report;

/// The kernel's debug file.
pub(crate) struct Kernel<'a> {
    pub(crate) file: &'a File,
    pub(crate) names: Names<'a>,
}

impl<'a> Kernel<'a> {
    pub(crate) fn open(file: &'a File) -> Result<Self, String> {
        let info = DebugInfo::elf(&file.bytes).map_err(|error| file.error(error))?;
        if !info.has_lines() {
            return Err(file.error(
                "has no DWARF; give the petrel.debug.elf that the build keeps beside petrel.elf",
            ));
        }
        let names = Names::new(info, Origin::Kernel).map_err(|error| file.error(error))?;
        Ok(Self { file, names })
    }

    /// Refuses a report of another kernel.
    pub(crate) fn check(&self, report: &Report) -> Result<(), String> {
        // A panic that could not say more has no address to name either.
        if report.is_text && report.entries.is_empty() {
            return Ok(());
        }
        let path = self.file.path.display();
        let said = &*report.build_id;
        if said.is_empty() {
            return Err(format!(
                "a report has no build id, so that {path} may be of another kernel; leave --kernel out"
            ));
        }
        match self.names.build_id() {
            Some(id) if id == said => Ok(()),
            Some(id) => Err(format!(
                "{path} is of another kernel: its build id is {}, and that of the report is {}; \
                 give the file that was built with the kernel that ran",
                Hex(id),
                Hex(said)
            )),
            None => Err(format!(
                "{path} has no build id to compare with that of the report; link it with --build-id"
            )),
        }
    }
}

/// Bytes in hexadecimal.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}
