//! What can go wrong, and the NT status a program sees for it.

use core::fmt;

/// Why an operation on an address space was refused. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VmError {
    /// The parameter with this NT number (1 to 6) is out of its range.
    InvalidParameter(Parameter),
    /// Not a page protection, or not one for this kind of memory.
    InvalidPageProtection,
    /// Large pages, of which there are none.
    NoLargePages,
    /// The range is taken, or not all of it belongs to one allocation.
    ConflictingAddresses,
    /// No gap is large enough, or the kernel has no memory for its lists.
    NoMemory,
    /// More committed pages than the address space may have.
    CommitmentLimit,
    /// The address is in no allocation.
    MemoryNotAllocated,
    /// A page of the range is not committed.
    NotCommitted,
    /// The pages of a view are all committed from the start.
    AlreadyCommitted,
    /// The range to free goes past the end of its allocation.
    UnableToFree,
    /// Size 0 means the whole allocation, but the address is not its base.
    FreeNotAtBase,
    /// Memory the kernel placed, or a view: not freed by this call.
    UnableToDeleteSection,
    /// Not an address in a view.
    NotMappedView,
    /// The view was not made for this access.
    SectionProtection,
    /// A page of the range is not locked.
    NotLocked,
    /// More locked pages than the process may have.
    WorkingSetQuota,
}

/// Which parameter of the NT call is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// First: the process, which has nothing of that kind there.
    First,
    /// Second: the base address, in all four calls.
    Second,
    /// Third: zero bits when allocating, size when freeing or protecting.
    Third,
    /// Fourth: size when allocating, type when freeing.
    Fourth,
    /// Fifth: the allocation type.
    Fifth,
    /// Sixth: the protection.
    Sixth,
    /// A call whose parameters have no numbered status (query).
    Unnumbered,
}

impl VmError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::InvalidParameter(Parameter::Unnumbered) => 0xC000_000D,
            Self::InvalidParameter(Parameter::First) => 0xC000_00EF,
            Self::InvalidParameter(Parameter::Second) => 0xC000_00F0,
            Self::InvalidParameter(Parameter::Third) => 0xC000_00F1,
            Self::InvalidParameter(Parameter::Fourth) => 0xC000_00F2,
            Self::InvalidParameter(Parameter::Fifth) => 0xC000_00F3,
            Self::InvalidParameter(Parameter::Sixth) => 0xC000_00F4,
            Self::InvalidPageProtection => 0xC000_0045,
            Self::NoLargePages => 0xC000_009A,
            Self::ConflictingAddresses => 0xC000_0018,
            Self::NoMemory => 0xC000_0017,
            Self::CommitmentLimit => 0xC000_012D,
            Self::MemoryNotAllocated => 0xC000_00A0,
            Self::NotCommitted => 0xC000_002D,
            Self::AlreadyCommitted => 0xC000_0021,
            Self::UnableToFree => 0xC000_001A,
            Self::FreeNotAtBase => 0xC000_009F,
            Self::UnableToDeleteSection => 0xC000_001B,
            Self::NotMappedView => 0xC000_0019,
            Self::SectionProtection => 0xC000_004E,
            Self::NotLocked => 0xC000_002A,
            Self::WorkingSetQuota => 0xC000_00A1,
        }
    }
}

impl fmt::Display for VmError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::InvalidParameter(Parameter::Second) => {
                "the program's base address lies outside user space"
            }
            Self::InvalidParameter(_) => "the program's parameter is out of range",
            Self::InvalidPageProtection => {
                "the program asks for a protection this kind of memory cannot have"
            }
            Self::NoLargePages => "the program asks for large pages, of which there are none",
            Self::ConflictingAddresses => {
                "the program's range is taken or crosses the end of an allocation"
            }
            Self::NoMemory => "no gap is large enough, or kernel memory is exhausted",
            Self::CommitmentLimit => "the process has committed all the pages it may have",
            Self::MemoryNotAllocated => "the program's address is in no allocation",
            Self::NotCommitted => "the program's range has a page that is not committed",
            Self::AlreadyCommitted => "the program commits pages of a view, which are already",
            Self::UnableToFree => "the program's range passes the end of its allocation",
            Self::FreeNotAtBase => {
                "the program frees a whole allocation, but not from its base address"
            }
            Self::UnableToDeleteSection => "the program frees a view or memory of the kernel",
            Self::NotMappedView => "the program unmaps an address that is in no view",
            Self::SectionProtection => {
                "the program asks for an access its view of the section was not made for"
            }
            Self::NotLocked => "the program unlocks a page that is not locked",
            Self::WorkingSetQuota => "the program locks more than its least working set",
        })
    }
}
