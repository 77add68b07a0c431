//! Who a program acts for, and what that one may do.
//!
//! * [`Sid`] names a user, a group, an integrity level.
//! * [`Identity`] is what a token says: user, groups, privileges and the defaults
//!   of new objects.
//! * [`Acl`] is an access control list as it lies in memory, checked.
//! * [`Descriptor`] says who owns an object, and has its lists.
//! * [`check_access`] says what an identity may do to an object: by its level, by
//!   privileges, by the entries of its list and their conditions.
//!
//! Numbers and forms are NT's (`winnt.h`; MS-DTYP 2.4). Nothing here takes a lock.
//!
//! ```
//! use security::{Identity, Privilege, privilege};
//!
//! let mut identity = Identity::of_ordinary_user(0x3E9).unwrap();
//! assert!(!identity.has_enabled(privilege::SHUTDOWN));
//! let wanted = [Privilege::enabled(privilege::SHUTDOWN)];
//! let adjusted = identity.adjust_privileges(&wanted).unwrap();
//! assert!(adjusted.had_all);
//! assert!(identity.has_enabled(privilege::SHUTDOWN));
//! ```
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

extern crate alloc;

mod access_check;
mod acl;
mod adjust;
mod claim;
mod condition;
mod descriptor;
mod filter;
mod held;
mod identity;
mod inherit;
mod label;
mod ordinary;
mod sacl;
mod sid;
#[cfg(test)]
mod tests;

pub use access_check::{AccessRequest, Mapping, ObjectSecurity, check_access, privilege_needed};
pub use acl::{Ace, AceKind, Acl};
pub use adjust::{AdjustError, AdjustedGroups, AdjustedPrivileges};
pub use descriptor::{Descriptor, DescriptorError, control, part};
pub use filter::Filter;
pub use held::{Group, Privilege, group, privilege};
pub use identity::{Client, DefaultError, Identity, OutOfMemory};
pub use inherit::Child;
pub use sid::{MOST_SID_BYTES, Sid};
