//! `NtGetWriteWatch`: memory of which it is noted what was written.
//!
//! Which pages were written the page tables know; the regions say where that may
//! be asked.

use super::{Kind, Regions};
use crate::{PageRange, Parameter, VmError};

impl Regions {
    /// The pages of a range that lies in one watched allocation, of whatever
    /// state; anything else is the fault of the first parameter.
    pub fn watched(&self, address: u64, size_bytes: u64) -> Result<PageRange, VmError> {
        let range = self.user_range(address, size_bytes, Parameter::Third)?;
        if range.is_empty() {
            return Err(VmError::InvalidParameter(Parameter::Third));
        }
        match self.allocation(range.start) {
            Some(found) if found.run.kind == Kind::Watched && found.range.covers(range) => {
                Ok(range)
            }
            _ => Err(VmError::InvalidParameter(Parameter::First)),
        }
    }
}
