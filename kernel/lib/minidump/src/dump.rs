//! What a minidump is made from.

use crate::context::Context;
use crate::memory::MemoryRange;

/// Parameters that an exception has room for: EXCEPTION_MAXIMUM_PARAMETERS.
pub const PARAMETERS_MAX: usize = 15;

/// A crashed process.
#[derive(Clone, Copy, Debug)]
pub struct Dump<'a> {
    /// When it crashed, in seconds since 1970.
    pub time_s: u32,
    /// Its number.
    pub process_id: u32,
    /// The machine and the system.
    pub system: System,
    /// Its threads.
    pub threads: &'a [Thread<'a>],
    /// What ended it.
    pub exception: Exception<'a>,
    /// Its images.
    pub modules: &'a [Module<'a>],
    /// Memory to put in besides the threads' stacks.
    pub ranges: &'a [MemoryRange],
}

/// The machine and the system that the process ran on.
#[derive(Clone, Copy, Debug, Default)]
pub struct System {
    /// Version of Windows that programs see: major number.
    pub major_version: u32,
    /// Minor number.
    pub minor_version: u32,
    /// Build number.
    pub build: u32,
    /// How many processors there are.
    pub processor_count: u8,
    /// Family, model and stepping as CPUID leaf 1 has them in eax.
    pub processor_signature: u32,
    /// A bit for each PF number of IsProcessorFeaturePresent, from bit 0 of the
    /// first word on.
    pub processor_features: [u64; 2],
}

/// A thread of the process.
#[derive(Clone, Copy, Debug)]
pub struct Thread<'a> {
    /// Its number.
    pub id: u32,
    /// Address of its TEB.
    pub teb: u64,
    /// Its registers.
    pub context: Context<'a>,
    /// The part of its stack to put in: from rsp to the base of the stack.
    pub stack: MemoryRange,
}

/// The exception that ended the process: EXCEPTION_RECORD.
#[derive(Clone, Copy, Debug)]
pub struct Exception<'a> {
    /// The thread it came from.
    pub thread_id: u32,
    /// NTSTATUS.
    pub code: u32,
    /// EXCEPTION flags; 1 is EXCEPTION_NONCONTINUABLE.
    pub flags: u32,
    /// Where it came from.
    pub address: u64,
    /// What it means in detail; what is beyond [`PARAMETERS_MAX`] is left out.
    pub parameters: &'a [u64],
    /// The thread's registers when it came.
    pub context: Context<'a>,
}

/// An image in the process.
#[derive(Clone, Copy, Debug)]
pub struct Module<'a> {
    /// Address of its first byte.
    pub base: u64,
    /// Bytes of address space it takes: SizeOfImage of its headers.
    pub size_bytes: u32,
    /// TimeDateStamp of its headers.
    pub timestamp: u32,
    /// CheckSum of its headers.
    pub checksum: u32,
    /// Its path; what is beyond [`MODULE_NAME_MAX_UNITS`] is cut off.
    ///
    /// [`MODULE_NAME_MAX_UNITS`]: crate::MODULE_NAME_MAX_UNITS
    pub name: &'a str,
    /// The file with its symbols, if it names one.
    pub code_view: Option<CodeView<'a>>,
}

/// The CodeView record "RSDS" of an image, which names a PDB file.
#[derive(Clone, Copy, Debug)]
pub struct CodeView<'a> {
    /// The GUID as it stands in the image.
    pub guid: [u8; 16],
    /// How often the PDB file was rewritten.
    pub age: u32,
    /// The PDB file's name without terminating zero; what is beyond
    /// [`PDB_NAME_MAX_BYTES`] is cut off.
    ///
    /// [`PDB_NAME_MAX_BYTES`]: crate::PDB_NAME_MAX_BYTES
    pub pdb_name: &'a [u8],
}
