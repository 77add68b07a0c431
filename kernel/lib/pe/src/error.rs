//! What can be wrong with an image, as a sentence and as an NTSTATUS.

use core::fmt;

/// STATUS_IMAGE_MACHINE_TYPE_MISMATCH. NT counts it as informational, so it
/// passes NT_SUCCESS: compare the value, do not test its sign.
const STATUS_IMAGE_MACHINE_TYPE_MISMATCH: u32 = 0x4000_000E;
const STATUS_INVALID_IMAGE_FORMAT: u32 = 0xC000_007B;
const STATUS_INVALID_IMAGE_NOT_MZ: u32 = 0xC000_012F;
/// Named after DOS extenders; what any DOS program is refused with.
const STATUS_INVALID_IMAGE_PROTECT: u32 = 0xC000_0130;
const STATUS_INVALID_IMAGE_WIN_16: u32 = 0xC000_0131;
const STATUS_DLL_NOT_FOUND: u32 = 0xC000_0135;

/// A data directory that this crate reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directory {
    /// Functions the image offers to others.
    Export,
    /// DLLs the image needs before it starts.
    Import,
    /// DLLs the image loads at their first call.
    DelayImport,
    /// The function table (`.pdata`) for unwinding.
    Exception,
    /// Base relocations.
    Relocation,
    /// Thread-local storage.
    Tls,
}

/// Why an image is refused. Sections are numbered from 1, as in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeError {
    /// The file is shorter than a DOS header.
    TooShort,
    /// The file does not begin with "MZ".
    NotMz,
    /// The PE header would begin inside the DOS header or unaligned.
    BadPeOffset {
        /// Its stated offset in bytes.
        offset: u32,
    },
    /// Headers or section table reach beyond the end of the file.
    TruncatedHeaders,
    /// There is no "PE" signature at the stated place, which may lie behind the
    /// end of the file.
    NotPe,
    /// There is the signature of 16-bit Windows at the stated place.
    NotPeButNe,
    /// Built for another processor.
    WrongMachine {
        /// The machine number in the file.
        machine: u16,
    },
    /// The optional header is not the 64-bit one.
    NotPe32Plus {
        /// The magic number in the file.
        magic: u16,
    },
    /// The optional header is too small for the directories it states.
    BadOptionalHeaderSize {
        /// Its stated size in bytes.
        bytes: u16,
    },
    /// More data directories than the format defines.
    BadDirectoryCount {
        /// The stated number.
        count: u32,
    },
    /// Not marked as an executable image: an object file or a failed link.
    NotAnImage,
    /// Section alignment below a page, or one alignment not a power of two.
    BadAlignment {
        /// Alignment of sections in memory, in bytes.
        section_bytes: u32,
        /// Alignment of sections in the file, in bytes.
        file_bytes: u32,
    },
    /// The preferred base is not on a 64 KiB boundary, or the image would wrap.
    BadImageBase {
        /// The preferred base address.
        base: u64,
    },
    /// The stated size of the headers does not cover them or exceeds the file.
    BadHeadersSize {
        /// The stated size in bytes.
        bytes: u32,
    },
    /// The image has no section.
    NoSections,
    /// A section of size zero.
    EmptySection {
        /// Which one.
        section: u32,
    },
    /// A section does not begin where the one before it (or the headers) ends.
    SectionNotAdjacent {
        /// Which one.
        section: u32,
    },
    /// A section reaches beyond the stated size of the image.
    SectionOutsideImage {
        /// Which one.
        section: u32,
    },
    /// A section's data reaches beyond the end of the file.
    SectionOutsideFile {
        /// Which one.
        section: u32,
    },
    /// A section's data does not begin on a 512-byte boundary of the file.
    UnalignedSectionData {
        /// Which one.
        section: u32,
    },
    /// A section asks to be writable and shared between processes.
    SharedSection {
        /// Which one.
        section: u32,
    },
    /// The entry point is not in an executable section.
    EntryNotExecutable {
        /// The entry point's offset from the image base.
        rva: u32,
    },
    /// A directory is malformed or lies outside the data of its section.
    BadDirectory(Directory),
    /// A base relocation is of an unknown kind, out of order, overlaps
    /// another, or lies outside the sections.
    BadRelocation {
        /// Where it would apply, as an offset from the image base.
        rva: u32,
    },
    /// A DLL where a program is wanted.
    IsDll,
    /// A driver where a program is wanted.
    IsDriver,
    /// Made for a subsystem other than native, console and GUI.
    WrongSubsystem {
        /// The subsystem number in the file.
        subsystem: u16,
    },
    /// A program without an entry point.
    NoEntryPoint,
    /// A .NET program.
    ManagedCode,
    /// A freestanding program may not import DLLs.
    HasImports,
    /// A freestanding program may not have thread-local storage.
    HasThreadLocalStorage,
}

impl PeError {
    /// The NTSTATUS for the program that asked for the image.
    pub fn status_code(self) -> u32 {
        match self {
            Self::WrongMachine { .. } => STATUS_IMAGE_MACHINE_TYPE_MISMATCH,
            Self::HasImports => STATUS_DLL_NOT_FOUND,
            Self::TooShort | Self::NotMz => STATUS_INVALID_IMAGE_NOT_MZ,
            Self::NotPe => STATUS_INVALID_IMAGE_PROTECT,
            Self::NotPeButNe => STATUS_INVALID_IMAGE_WIN_16,
            _ => STATUS_INVALID_IMAGE_FORMAT,
        }
    }
}

impl fmt::Display for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Export => "export",
            Self::Import => "import",
            Self::DelayImport => "delayed import",
            Self::Exception => "exception",
            Self::Relocation => "base relocation",
            Self::Tls => "thread-local storage",
        })
    }
}

impl fmt::Display for PeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooShort => f.write_str("the file is too short to be a program"),
            Self::NotMz => {
                f.write_str("the file does not begin with \"MZ\", so it is not a program")
            }
            Self::BadPeOffset { offset } => {
                write!(
                    f,
                    "the PE header is placed at byte {offset:#x}, inside the DOS header or not on a 4-byte boundary"
                )
            }
            Self::TruncatedHeaders => f.write_str("the file ends inside its headers"),
            Self::NotPe => {
                f.write_str("the file has no PE header, so it is a DOS program or damaged")
            }
            Self::NotPeButNe => f.write_str("the program is for 16-bit Windows"),
            Self::WrongMachine { machine } => {
                write!(
                    f,
                    "the program is for machine {machine:#06x}; only x64 (0x8664) runs here"
                )
            }
            Self::NotPe32Plus { magic } => {
                write!(
                    f,
                    "the optional header is of kind {magic:#05x}; only PE32+ (0x20b) runs here"
                )
            }
            Self::BadOptionalHeaderSize { bytes } => {
                write!(
                    f,
                    "the optional header of {bytes} bytes is too small for what it states"
                )
            }
            Self::BadDirectoryCount { count } => {
                write!(
                    f,
                    "the file states {count} data directories; there are at most 16"
                )
            }
            Self::NotAnImage => {
                f.write_str("the file is not marked executable; its link may have failed")
            }
            Self::BadAlignment {
                section_bytes,
                file_bytes,
            } => {
                write!(
                    f,
                    "section alignment {section_bytes:#x} with file alignment {file_bytes:#x} is invalid; both must be powers of two, 0x200 <= file <= section, 0x1000 <= section"
                )
            }
            Self::BadImageBase { base } => {
                write!(
                    f,
                    "the preferred base {base:#x} is not a multiple of 64 KiB or too high for the image"
                )
            }
            Self::BadHeadersSize { bytes } => {
                write!(
                    f,
                    "the stated {bytes:#x} bytes of headers do not cover them or exceed the file"
                )
            }
            Self::NoSections => f.write_str("the image has no sections"),
            Self::EmptySection { section } => write!(f, "section {section} is empty"),
            Self::SectionNotAdjacent { section } => {
                write!(
                    f,
                    "section {section} does not begin where the part before it ends"
                )
            }
            Self::SectionOutsideImage { section } => {
                write!(
                    f,
                    "section {section} reaches beyond the stated size of the image"
                )
            }
            Self::SectionOutsideFile { section } => {
                write!(
                    f,
                    "the data of section {section} reaches beyond the end of the file; it may be cut off"
                )
            }
            Self::UnalignedSectionData { section } => {
                write!(
                    f,
                    "the data of section {section} does not begin on a 512-byte boundary"
                )
            }
            Self::SharedSection { section } => {
                write!(
                    f,
                    "section {section} is writable and shared between processes, which is not offered here"
                )
            }
            Self::EntryNotExecutable { rva } => {
                write!(
                    f,
                    "the entry point {rva:#x} is not in an executable section"
                )
            }
            Self::BadDirectory(directory) => {
                write!(
                    f,
                    "the {directory} directory is malformed or outside its section"
                )
            }
            Self::BadRelocation { rva } => {
                write!(
                    f,
                    "the base relocation at {rva:#x} is of an unknown kind, out of order or outside the sections"
                )
            }
            Self::IsDll => f.write_str("the file is a DLL, not a program"),
            Self::IsDriver => f.write_str("the file is a driver, not a program"),
            Self::WrongSubsystem { subsystem } => {
                write!(
                    f,
                    "the program is for subsystem {subsystem}; native (1), GUI (2) and console (3) run here"
                )
            }
            Self::NoEntryPoint => f.write_str("the program has no entry point"),
            Self::ManagedCode => f.write_str("the program needs .NET, which is not offered here"),
            Self::HasImports => {
                f.write_str("the program imports DLLs, which a freestanding program may not")
            }
            Self::HasThreadLocalStorage => f.write_str(
                "the program has thread-local storage, which a freestanding program may not",
            ),
        }
    }
}

impl core::error::Error for PeError {}
