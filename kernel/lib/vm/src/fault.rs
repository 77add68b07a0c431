//! The fault policy: what a page fault means, and what to do about it.
//!
//! [`decide`] is a pure function of what faulted, what the regions say of the
//! page, and what the page table holds for it. It is one match, read from the
//! top; the first line that fits is the answer.
//!
//! The entry of a page that is both writable and executable never is: it has two
//! faces, one to be written and one to be run, and whichever access the one it has
//! does not allow turns it. An instruction that writes to the page it is in needs
//! both: see [`alone`].

pub mod alone;
mod around;
#[cfg(test)]
mod tests;
pub mod zeros;

pub use around::around;

use crate::{Access, Kind, Page, PageInfo, Rights, State};

/// The privilege the access was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By the program.
    User,
    /// By the kernel's user-memory copy, on the program's behalf.
    Kernel,
}

/// A page fault at a user address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The page that was touched.
    pub page: Page,
    /// How it was touched.
    pub access: Access,
    /// By whom.
    pub mode: Mode,
}

/// Whose frame a page-table entry refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backing {
    /// This address space alone owns the frame.
    Private,
    /// Other owners see the same frame: a page of an image or section.
    Shared,
    /// The one frame of zeroes that every space may map read-only.
    Zero,
}

/// What the page table holds for the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// No frame.
    Empty,
    /// A frame. The rights may be none: the entry of a page without access,
    /// or with a guard, keeps its frame but is not present.
    Frame(Backing, Rights),
}

/// Why an access is refused; the program sees `STATUS_ACCESS_VIOLATION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Nothing is allocated there.
    Unmapped,
    /// Reserved, not committed.
    Reserved,
    /// The protection allows no such load or store.
    Protection,
    /// The page is not executable.
    NoExecute,
    /// The kernel never runs user pages.
    KernelExecute,
}

/// What the executive must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultAction {
    /// Enter a zeroed frame of its own (in place of the frame of zeroes,
    /// where that is mapped), with [`PageInfo::rights`]; retry.
    MapZero,
    /// Enter the view's shared frame (image page, section page), with
    /// [`PageInfo::rights`] for a shared backing; retry.
    MapShared,
    /// Copy the mapped frame, or the view's page when none is mapped, to a
    /// frame of its own and enter that; retry.
    CopyOnWrite,
    /// The frame stays, its entry gets [`PageInfo::rights`]; retry.
    UpdateEntry,
    /// The same, where the entry cannot allow all that the protection does.
    TurnEntry,
    /// Call [`crate::Regions::grow_stack`]; retry, or raise
    /// `STATUS_STACK_OVERFLOW` where it says so.
    GrowStack,
    /// Call [`crate::Regions::clear_guard`], then raise
    /// `STATUS_GUARD_PAGE_VIOLATION`.
    GuardHit,
    /// Raise `STATUS_ACCESS_VIOLATION`.
    Deny(Denial),
    /// The entry allows the access by now: flush the page's translation;
    /// retry.
    Spurious,
}

/// Decides about one fault; `info` is [`crate::Regions::look_up`] of the page.
#[must_use]
pub fn decide(fault: Fault, info: Option<&PageInfo>, entry: Entry) -> FaultAction {
    use Access::{Execute, Read, Write};
    use FaultAction as Do;

    let Some(info) = info else {
        return Do::Deny(Denial::Unmapped);
    };
    let State::Committed(protection) = info.state else {
        return Do::Deny(Denial::Reserved);
    };
    let is_view = matches!(info.kind, Kind::Image { .. } | Kind::Mapped { .. });
    let may_write_shared = matches!(info.kind, Kind::Mapped { .. }) && protection.writes_in_place();

    match (fault.access, entry) {
        // Refusals: by privilege, by guard, by protection.
        (Execute, _) if fault.mode == Mode::Kernel => Do::Deny(Denial::KernelExecute),
        _ if protection.is_guard() => match info.kind {
            Kind::Stack => Do::GrowStack,
            _ => Do::GuardHit,
        },
        (Execute, _) if !protection.rights().execute => Do::Deny(Denial::NoExecute),
        (access, _) if !protection.rights().allow(access) => Do::Deny(Denial::Protection),

        // Nothing mapped yet.
        (_, Entry::Empty) if !is_view => Do::MapZero,
        (Read | Execute, Entry::Empty) => Do::MapShared,
        (Write, Entry::Empty) if may_write_shared => Do::MapShared,
        (Write, Entry::Empty) => Do::CopyOnWrite,

        // Never written in place.
        (Write, Entry::Frame(Backing::Zero, _)) => Do::MapZero,
        (Write, Entry::Frame(Backing::Shared, _)) if !may_write_shared => Do::CopyOnWrite,

        // The right frame: its entry is behind the protection, or this
        // processor's copy of the entry is behind the entry.
        (access, Entry::Frame(_, rights)) if rights.allow(access) => Do::Spurious,
        _ if protection.is_writable_and_executable() => Do::TurnEntry,
        (_, Entry::Frame(..)) => Do::UpdateEntry,
    }
}

impl PageInfo {
    /// What the entry of a frame of this page must allow: what the protection
    /// does, but nothing under a guard, and no writes to a frame that others
    /// see, unless the view is of a section shared for writing. Where both
    /// writing and execution remain, the access for which it is made says which.
    #[inline]
    #[must_use]
    pub const fn rights(&self, backing: Backing, access: Access) -> Rights {
        let State::Committed(protection) = self.state else {
            return Rights::NONE;
        };
        if protection.is_guard() {
            return Rights::NONE;
        }
        let rights = protection.rights();
        let writable_in_place = match backing {
            Backing::Private => true,
            Backing::Shared => {
                matches!(self.kind, Kind::Mapped { .. }) && !protection.is_copy_on_write()
            }
            Backing::Zero => false,
        };
        let write = rights.write && writable_in_place;
        let is_to_write = write && (matches!(access, Access::Write) || !rights.execute);
        Rights {
            read: rights.read,
            write: is_to_write,
            execute: rights.execute && !is_to_write,
        }
    }
}
