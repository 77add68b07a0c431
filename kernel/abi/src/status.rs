//! NTSTATUS: the result of every service and the exit status of programs.
use core::fmt;

/// An NTSTATUS value (NT `ntstatus.h`).
///
/// Bits 31-30 are the severity: 0 success, 1 information, 2 warning, 3 error.
#[repr(transparent)]
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    zerocopy::FromBytes,
    zerocopy::IntoBytes,
    zerocopy::Immutable,
    zerocopy::KnownLayout,
)]
pub struct NtStatus(pub u32);

impl NtStatus {
    /// `STATUS_WAIT_0`: the first object ended the wait; the next have the next
    /// numbers.
    pub const WAIT_0: Self = Self::SUCCESS;

    /// Whether the severity is success or information (NT `NT_SUCCESS`).
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 < 0x8000_0000
    }
}

impl fmt::Display for NtStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(formatter, "{name} (0x{:08X})", self.0),
            None => write!(formatter, "0x{:08X}", self.0),
        }
    }
}

impl fmt::Debug for NtStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Declares the constants and the table of names from one list.
macro_rules! statuses {
    ($($name:ident = $value:literal;)*) => {
        impl NtStatus {
            $(
                #[doc = concat!("`STATUS_", stringify!($name), "`")]
                pub const $name: Self = Self($value);
            )*

            /// The name in `ntstatus.h`, for the statuses known here.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some(concat!("STATUS_", stringify!($name))),)*
                    _ => None,
                }
            }
        }
    };
}

statuses! {
    SUCCESS = 0x0000_0000;
    ABANDONED_WAIT_0 = 0x0000_0080;
    USER_APC = 0x0000_00C0;
    ALERTED = 0x0000_0101;
    TIMEOUT = 0x0000_0102;
    PENDING = 0x0000_0103;
    IMAGE_NOT_AT_BASE = 0x4000_0003;
    IMAGE_MACHINE_TYPE_MISMATCH = 0x4000_000E;
    FATAL_APP_EXIT = 0x4000_0015;
    NO_YIELD_PERFORMED = 0x4000_0024;
    GUARD_PAGE_VIOLATION = 0x8000_0001;
    DATATYPE_MISALIGNMENT = 0x8000_0002;
    BREAKPOINT = 0x8000_0003;
    SINGLE_STEP = 0x8000_0004;
    BUFFER_OVERFLOW = 0x8000_0005;
    PARTIAL_COPY = 0x8000_000D;
    NO_MORE_ENTRIES = 0x8000_001A;
    UNSUCCESSFUL = 0xC000_0001;
    NOT_IMPLEMENTED = 0xC000_0002;
    INVALID_INFO_CLASS = 0xC000_0003;
    INFO_LENGTH_MISMATCH = 0xC000_0004;
    ACCESS_VIOLATION = 0xC000_0005;
    IN_PAGE_ERROR = 0xC000_0006;
    INVALID_HANDLE = 0xC000_0008;
    INVALID_CID = 0xC000_000B;
    INVALID_PARAMETER = 0xC000_000D;
    NO_SUCH_FILE = 0xC000_000F;
    INVALID_DEVICE_REQUEST = 0xC000_0010;
    END_OF_FILE = 0xC000_0011;
    NO_MEMORY = 0xC000_0017;
    CONFLICTING_ADDRESSES = 0xC000_0018;
    NOT_MAPPED_VIEW = 0xC000_0019;
    UNABLE_TO_FREE_VM = 0xC000_001A;
    UNABLE_TO_DELETE_SECTION = 0xC000_001B;
    INVALID_SYSTEM_SERVICE = 0xC000_001C;
    ILLEGAL_INSTRUCTION = 0xC000_001D;
    INVALID_VIEW_SIZE = 0xC000_001F;
    INVALID_FILE_FOR_SECTION = 0xC000_0020;
    ALREADY_COMMITTED = 0xC000_0021;
    ACCESS_DENIED = 0xC000_0022;
    BUFFER_TOO_SMALL = 0xC000_0023;
    OBJECT_TYPE_MISMATCH = 0xC000_0024;
    NONCONTINUABLE_EXCEPTION = 0xC000_0025;
    INVALID_DISPOSITION = 0xC000_0026;
    UNWIND = 0xC000_0027;
    BAD_STACK = 0xC000_0028;
    NOT_LOCKED = 0xC000_002A;
    NOT_COMMITTED = 0xC000_002D;
    INVALID_PARAMETER_MIX = 0xC000_0030;
    OBJECT_NAME_INVALID = 0xC000_0033;
    OBJECT_NAME_NOT_FOUND = 0xC000_0034;
    OBJECT_NAME_COLLISION = 0xC000_0035;
    OBJECT_PATH_NOT_FOUND = 0xC000_003A;
    SECTION_TOO_BIG = 0xC000_0040;
    INVALID_PAGE_PROTECTION = 0xC000_0045;
    MUTANT_NOT_OWNED = 0xC000_0046;
    SEMAPHORE_LIMIT_EXCEEDED = 0xC000_0047;
    SUSPEND_COUNT_EXCEEDED = 0xC000_004A;
    THREAD_IS_TERMINATING = 0xC000_004B;
    SECTION_PROTECTION = 0xC000_004E;
    INVALID_IMAGE_FORMAT = 0xC000_007B;
    ARRAY_BOUNDS_EXCEEDED = 0xC000_008C;
    FLOAT_DENORMAL_OPERAND = 0xC000_008D;
    FLOAT_DIVIDE_BY_ZERO = 0xC000_008E;
    FLOAT_INEXACT_RESULT = 0xC000_008F;
    FLOAT_INVALID_OPERATION = 0xC000_0090;
    FLOAT_OVERFLOW = 0xC000_0091;
    FLOAT_STACK_CHECK = 0xC000_0092;
    FLOAT_UNDERFLOW = 0xC000_0093;
    INTEGER_DIVIDE_BY_ZERO = 0xC000_0094;
    INTEGER_OVERFLOW = 0xC000_0095;
    PRIVILEGED_INSTRUCTION = 0xC000_0096;
    INSUFFICIENT_RESOURCES = 0xC000_009A;
    FREE_VM_NOT_AT_BASE = 0xC000_009F;
    MEMORY_NOT_ALLOCATED = 0xC000_00A0;
    NOT_SUPPORTED = 0xC000_00BB;
    CANT_TERMINATE_SELF = 0xC000_00DB;
    INTERNAL_ERROR = 0xC000_00E5;
    INVALID_PARAMETER_1 = 0xC000_00EF;
    INVALID_PARAMETER_2 = 0xC000_00F0;
    INVALID_PARAMETER_3 = 0xC000_00F1;
    INVALID_PARAMETER_4 = 0xC000_00F2;
    INVALID_PARAMETER_5 = 0xC000_00F3;
    INVALID_PARAMETER_6 = 0xC000_00F4;
    INVALID_PARAMETER_7 = 0xC000_00F5;
    INVALID_PARAMETER_8 = 0xC000_00F6;
    STACK_OVERFLOW = 0xC000_00FD;
    PROCESS_IS_TERMINATING = 0xC000_010A;
    COMMITMENT_LIMIT = 0xC000_012D;
    INVALID_IMAGE_NOT_MZ = 0xC000_012F;
    DLL_NOT_FOUND = 0xC000_0135;
    ENTRYPOINT_NOT_FOUND = 0xC000_0139;
    CONTROL_C_EXIT = 0xC000_013A;
    INVALID_ADDRESS = 0xC000_0141;
    MUTANT_LIMIT_EXCEEDED = 0xC000_0191;
    HANDLE_NOT_CLOSABLE = 0xC000_0235;
    FLOAT_MULTIPLE_FAULTS = 0xC000_02B4;
    FLOAT_MULTIPLE_TRAPS = 0xC000_02B5;
    STACK_BUFFER_OVERRUN = 0xC000_0409;
    ASSERTION_FAILURE = 0xC000_0420;
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::NtStatus;
    use std::format;

    #[test]
    fn severity_decides_success() {
        assert!(NtStatus::SUCCESS.is_success());
        assert!(NtStatus::IMAGE_NOT_AT_BASE.is_success());
        assert!(!NtStatus::GUARD_PAGE_VIOLATION.is_success());
        assert!(!NtStatus::ACCESS_VIOLATION.is_success());
    }

    #[test]
    fn names_are_printed_where_known() {
        assert_eq!(
            format!("{}", NtStatus::ACCESS_VIOLATION),
            "STATUS_ACCESS_VIOLATION (0xC0000005)"
        );
        assert_eq!(format!("{:?}", NtStatus(0x1234)), "0x00001234");
        assert_eq!(NtStatus(0x1234).name(), None);
    }
}
