//! Whether an image may be started as a program, and as which kind.

use pe_parser::coff::Characteristics;
use pe_parser::optional::{DLLCharacteristics, Subsystem};

use crate::{PeError, PeView};

const NATIVE: u16 = Subsystem::Native as u16;
const GUI: u16 = Subsystem::WindowsGUI as u16;
const CONSOLE: u16 = Subsystem::WindowsCUI as u16;

impl PeView<'_> {
    /// Refuses what is a valid image but not a program: DLLs, drivers,
    /// firmware, .NET programs and programs without an entry point.
    pub fn check_program(&self) -> Result<(), PeError> {
        let headers = &self.layout.headers;
        if self.is_dll() {
            return Err(PeError::IsDll);
        }
        let driver = DLLCharacteristics::IMAGE_DLLCHARACTERISTICS_WDM_DRIVER.bits();
        if headers.has(Characteristics::IMAGE_FILE_SYSTEM)
            || self.dll_characteristics() & driver != 0
        {
            return Err(PeError::IsDriver);
        }
        let subsystem = self.subsystem();
        if !matches!(subsystem, NATIVE | GUI | CONSOLE) {
            return Err(PeError::WrongSubsystem { subsystem });
        }
        let directories = &headers.optional.data_directories;
        if directories.clr_runtime_header.virtual_address != 0 {
            return Err(PeError::ManagedCode);
        }
        if self.entry_point_rva() == 0 {
            return Err(PeError::NoEntryPoint);
        }
        Ok(())
    }

    /// [`Self::check_program`], and refuses what only DLLs could provide:
    /// imports and thread-local storage.
    pub fn check_freestanding(&self) -> Result<(), PeError> {
        self.check_program()?;
        if self.has_imports() {
            return Err(PeError::HasImports);
        }
        if self.tls().is_some() {
            return Err(PeError::HasThreadLocalStorage);
        }
        Ok(())
    }
}
