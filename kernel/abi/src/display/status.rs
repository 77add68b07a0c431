//! A status as a call's result: by name, those of waits too.

use core::fmt;

use crate::NtStatus;

/// The result of a call. A number without a name stands as it is.
#[derive(Clone, Copy, Debug)]
pub struct Status(pub NtStatus);

/// Objects of one wait.
const WAIT_LAST: u32 = NtStatus::WAIT_63.0;
const ABANDONED_FIRST: u32 = NtStatus::ABANDONED_WAIT_0.0;
const ABANDONED_LAST: u32 = NtStatus::ABANDONED_WAIT_63.0;

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(status) = *self;
        match (status.name(), status.0) {
            (Some(name), _) => f.write_str(name),
            (None, number @ 1..=WAIT_LAST) => write!(f, "STATUS_WAIT_{number}"),
            (None, number @ ABANDONED_FIRST..=ABANDONED_LAST) => {
                let object = number.wrapping_sub(ABANDONED_FIRST);
                write!(f, "STATUS_ABANDONED_WAIT_{object}")
            }
            (None, number) => write!(f, "{number:#010x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{NtStatus, Status};
    use std::string::ToString;

    #[test]
    fn waits_have_names() {
        for (status, text) in [
            (0, "STATUS_SUCCESS"),
            (1, "STATUS_WAIT_1"),
            (0x2A, "STATUS_WAIT_42"),
            (0x3F, "STATUS_WAIT_63"),
            (0x40, "0x00000040"),
            (0x83, "STATUS_ABANDONED_WAIT_3"),
            (0xC0, "STATUS_USER_APC"),
            (0xC000_0005, "STATUS_ACCESS_VIOLATION"),
        ] {
            assert_eq!(Status(NtStatus(status)).to_string(), text);
        }
    }
}
