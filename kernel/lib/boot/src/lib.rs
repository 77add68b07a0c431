//! Boot information from multiboot2 or PVH, checked before use.
//!
//! Both boot protocols end in one [`BootInfo`]. Everything a boot loader says
//! is untrusted: sizes, addresses and strings are checked here, and what is
//! wrong becomes a [`BootError`] (the kernel cannot go on) or a sentence in
//! [`BootInfo::warnings`] (it can, with less).
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod acpi;
mod error;
mod framebuffer;
mod memory;
mod multiboot2;
mod pvh;
mod tags;
mod text;

pub use acpi::AcpiRoot;
pub use error::BootError;
pub use framebuffer::{ColourField, Framebuffer, FramebufferFormat};
pub use memory::{MemoryKind, MemoryMap, MemoryRange, PAGE_BYTES, RANGES_MAX};
pub use multiboot2::{from_multiboot2, multiboot2_size_bytes};
pub use pvh::from_pvh;
pub use tags::{CheckedTags, check_multiboot2};
pub use text::COMMAND_LINE_MAX_BYTES;

use arrayvec::ArrayVec;

/// How many modules a boot loader may hand over.
pub const MODULES_MAX: usize = 16;

/// How many warnings are kept.
pub const WARNINGS_MAX: usize = 8;

/// What the boot loader told the kernel, whichever protocol it spoke.
///
/// `'a` is the life of the loader's own structures; the memory they lie in is
/// marked [`MemoryKind::Loaded`], as is the memory of the modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootInfo<'a> {
    /// The protocol it came by.
    pub protocol: Protocol,
    /// The boot loader's name, when it gave one.
    pub loader_name: Option<&'a str>,
    /// The kernel command line, empty when none was given.
    pub command_line: &'a str,
    /// Physical memory.
    pub memory: MemoryMap,
    /// Files loaded beside the kernel, in the loader's order.
    pub modules: ArrayVec<Module<'a>, MODULES_MAX>,
    /// Where the ACPI tables begin.
    pub acpi_root: Option<AcpiRoot>,
    /// The screen the loader set up.
    pub framebuffer: Option<Framebuffer>,
    /// Sentences about what was ignored, for the log.
    pub warnings: ArrayVec<&'static str, WARNINGS_MAX>,
}

/// A boot protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Multiboot2 (GRUB).
    Multiboot2,
    /// PVH, the direct start of QEMU's `-kernel`.
    Pvh,
}

/// A file in memory, put there by the boot loader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Module<'a> {
    /// Physical address of its first byte.
    pub start: u64,
    /// Physical address after its last byte, never below `start`.
    pub end: u64,
    /// The text given with it, empty when there is none.
    pub command_line: &'a str,
}

impl BootInfo<'_> {
    fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            loader_name: None,
            command_line: "",
            memory: MemoryMap::new(),
            modules: ArrayVec::new(),
            acpi_root: None,
            framebuffer: None,
            warnings: ArrayVec::new(),
        }
    }

    /// Keeps a warning; more than [`WARNINGS_MAX`] cannot come up.
    fn warn(&mut self, sentence: &'static str) {
        let _ = self.warnings.try_push(sentence);
    }

    /// Marks the modules' memory as loaded, once the memory map is complete.
    fn claim_modules(&mut self) -> Result<(), BootError> {
        for module in &self.modules {
            if !self.memory.is_ram(module.start, module.end) {
                return Err(BootError::ModuleOutsideMemory {
                    start: module.start,
                    end: module.end,
                });
            }
        }
        for module in &self.modules {
            self.memory
                .add(module.start, module.end, MemoryKind::Loaded)?;
        }
        Ok(())
    }
}

impl<'a> BootInfo<'a> {
    fn add_module(&mut self, start: u64, end: u64, command_line: &'a str) -> Result<(), BootError> {
        if end < start {
            return Err(BootError::ModuleEndsBeforeStart { start, end });
        }
        let module = Module {
            start,
            end,
            command_line,
        };
        self.modules
            .try_push(module)
            .map_err(|_| BootError::TooManyModules)
    }
}
