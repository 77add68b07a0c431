//! Page faults: asks the policy table, does what it says.

use hal::memory::OwnedFrame;
use hal::memory::address_space::Backing;
use hal::trap::PageFault;
use vm::fault::{Backing as EntryBacking, Denial, Entry, Fault, FaultAction, Mode, around, decide};
use vm::{Access, Kind, PAGE_SIZE, Page, PageInfo, PageRange, Rights, StackGrowth, State};

use super::section::Content;
use super::space::Space;
use super::views::View;
use crate::{Error, totals};

/// Why a page fault is the program's problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// Nothing there, or not for this access.
    Denied(Denial),
    /// A guard page, which is an ordinary page from now on.
    GuardPage,
    /// The stack cannot grow any further; the rest of it is usable now.
    StackOverflow {
        /// The lowest usable address of the stack.
        limit: u64,
    },
    /// No frame was left for the page.
    OutOfMemory,
}

/// What an access that can be tried again needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A page of zeros of its own.
    Zeros,
    /// A copy of a page that others see.
    Copy,
    /// A page of an image.
    Image,
    /// A page of a file.
    File,
    /// A page of a section of the page file.
    Section,
    /// What a section has had committed meanwhile.
    Commitment,
    /// An entry that is as the protection is, or nothing.
    Entry,
    /// An entry that allows this access and not, as before, another.
    Turn,
}

/// What came of a page fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The access can be tried again.
    Retry(Need),
    /// It can, and the stack now reaches down to this address.
    StackGrown {
        /// The lowest usable address of the stack.
        limit: u64,
    },
    /// It touched the guard page of a stack: see [`Space::grow_stack`].
    StackGuard,
    /// It cannot.
    Unresolved(Unresolved),
}

impl Space {
    /// Resolves a page fault on a user address.
    #[inline]
    pub fn resolve(&mut self, fault: &PageFault) -> Resolution {
        let page = Page::containing(fault.address);
        let access = match (fault.is_write, fault.is_execute) {
            (true, _) => Access::Write,
            (_, true) => Access::Execute,
            _ => Access::Read,
        };
        let mode = if fault.in_user_mode {
            Mode::User
        } else {
            Mode::Kernel
        };
        let fault = Fault { page, access, mode };
        self.faults = self.faults.saturating_add(1);
        totals::FAULTS.add(1);
        self.resolve_once(fault)
            .unwrap_or(Resolution::Unresolved(Unresolved::OutOfMemory))
    }

    pub(super) fn resolve_once(&mut self, fault: Fault) -> Result<Resolution, Error> {
        let page = fault.page;
        let info = self.regions.look_up(page);
        if let Some(PageInfo {
            kind: Kind::Mapped { id },
            state: State::Reserved,
            ..
        }) = info
            && self.adopt_commitment(page, id)?
        {
            return Ok(Resolution::Retry(Need::Commitment));
        }
        let action = decide(fault, info.as_ref(), self.entry(page));
        let private = info.map_or(Rights::NONE, |info| {
            info.rights(EntryBacking::Private, fault.access)
        });
        let unresolved = |why| Ok(Resolution::Unresolved(why));
        Ok(Resolution::Retry(match action {
            FaultAction::MapZero => {
                self.tables
                    .map(page, Backing::Private(OwnedFrame::zeroed()?), private)?;
                self.enter_around(fault, info);
                Need::Zeros
            }
            FaultAction::MapShared => {
                self.map_view_page(fault, info)?;
                self.enter_image_around(fault, info);
                self.need_of_view(info)
            }
            FaultAction::CopyOnWrite => {
                if !self.tables.make_private(page, private)? {
                    self.map_view_page(fault, info)?;
                    self.tables.make_private(page, private)?;
                }
                Need::Copy
            }
            FaultAction::UpdateEntry | FaultAction::Spurious => {
                self.update_entry(page, info, fault.access);
                Need::Entry
            }
            FaultAction::TurnEntry => {
                self.update_entry(page, info, fault.access);
                Need::Turn
            }
            FaultAction::GrowStack => return Ok(Resolution::StackGuard),
            FaultAction::GuardHit => {
                self.regions.change(|regions| regions.clear_guard(page))?;
                return unresolved(Unresolved::GuardPage);
            }
            FaultAction::Deny(denial) => return unresolved(Unresolved::Denied(denial)),
        }))
    }

    fn need_of_view(&self, info: Option<PageInfo>) -> Need {
        let Some(Kind::Mapped { id }) = info.map(|info| info.kind) else {
            return Need::Image;
        };
        match self.sections.get(id).map(|view| view.section.content()) {
            Some(Content::File(_)) => Need::File,
            _ => Need::Section,
        }
    }

    #[inline]
    fn entry(&self, page: Page) -> Entry {
        self.tables.shown(page).map_or(Entry::Empty, |shown| {
            let backing = if shown.is_private {
                EntryBacking::Private
            } else {
                EntryBacking::Shared
            };
            Entry::Frame(backing, shown.rights)
        })
    }

    /// Enters the pages that are likely to be touched next, as far as that is cheap.
    fn enter_around(&mut self, fault: Fault, info: Option<PageInfo>) {
        let Some(info) = info else {
            return;
        };
        let page = fault.page;
        let part = around(page, &info, |page| self.tables.shown(page).is_some());
        let goes_down = part.start < page;
        let mut pages = part.pages();
        let rights = info.rights(EntryBacking::Private, fault.access);
        while let Some(page) = match goes_down {
            true => pages.next_back(),
            false => pages.next(),
        } {
            if self.tables.shown(page).is_some() {
                break;
            }
            let entered = OwnedFrame::zeroed()
                .and_then(|frame| self.tables.map(page, Backing::Private(frame), rights));
            if entered.is_err() {
                break;
            }
        }
    }

    /// Enters the pages around one of an image, as far as they need not be filled.
    fn enter_image_around(&mut self, fault: Fault, info: Option<PageInfo>) {
        let Some(info) = info else {
            return;
        };
        let Kind::Image { id } = info.kind else {
            return;
        };
        let Some(View { image, .. }) = self.views.get(id) else {
            return;
        };
        let base = info.allocation_base;
        let rights = info.rights(EntryBacking::Shared, fault.access);
        let part = around(fault.page, &info, |_| false);
        // Without memory for a table they are entered when they are touched.
        let _ = self.tables.map_unused(part, |page| {
            let number = u32::try_from(page.pages_since(base)).ok()?;
            let backing = image.ready_page(number, base.address())?;
            Some((backing, rights))
        });
    }

    /// Enters the page of the image in view.
    fn map_view_page(&mut self, fault: Fault, info: Option<PageInfo>) -> Result<(), Error> {
        let Fault { page, access, .. } = fault;
        let info = info.ok_or(Error::Archive)?;
        let id = match info.kind {
            Kind::Image { id } => id,
            Kind::Mapped { id } => return self.map_section_page(fault, info, id),
            _ => return Err(Error::Archive),
        };
        let image = &self.view(id).ok_or(Error::Archive)?.image;
        let number = page.pages_since(info.allocation_base);
        let number = u32::try_from(number).map_err(|_| Error::Archive)?;
        let backing = image.page(number, info.allocation_base.address())?;
        let kind = match backing {
            Backing::Private(_) => EntryBacking::Private,
            _ => EntryBacking::Shared,
        };
        let rights = info.rights(kind, access);
        self.tables.map(page, backing, rights)?;
        Ok(())
    }

    /// Enters the page of the data section in view.
    fn map_section_page(&mut self, fault: Fault, info: PageInfo, id: u32) -> Result<(), Error> {
        let Fault { page, access, .. } = fault;
        let view = self.sections.get(id).ok_or(Error::Archive)?;
        let (number, _) = view.pages_of(info.allocation_base, PageRange::sized(page, 1));
        let frame = view.section.page(number)?;
        let rights = info.rights(EntryBacking::Shared, access);
        self.tables.map(page, Backing::Common(frame), rights)?;
        Ok(())
    }

    fn update_entry(&mut self, page: Page, info: Option<PageInfo>, access: Access) {
        self.tables.protect(PageRange::sized(page, 1), |_, shown| {
            let backing = if shown.is_private {
                EntryBacking::Private
            } else {
                EntryBacking::Shared
            };
            info.map_or(Rights::NONE, |info| info.rights(backing, access))
        });
    }

    /// Opens the guard page of a stack that was touched, and makes the page below it
    /// the guard, or opens all that its thread wants to be left at the end.
    pub fn grow_stack(&mut self, address: u64, guaranteed_bytes: u64) -> Resolution {
        let page = Page::containing(address);
        let pages = guaranteed_bytes.div_ceil(PAGE_SIZE);
        match self
            .regions
            .change(|regions| regions.grow_stack(page, pages))
        {
            Ok(StackGrowth::Grown { guard }) => {
                // An entry of the guard, from when it was usable.
                self.tables
                    .protect(PageRange::sized(guard, 1), |_, _| Rights::NONE);
                Resolution::StackGrown {
                    limit: page.address(),
                }
            }
            Ok(StackGrowth::Overflow { limit }) => {
                let opened = PageRange::new(limit, page.plus(1));
                for page in opened.pages() {
                    self.update_entry(page, self.regions.look_up(page), Access::Write);
                }
                Resolution::Unresolved(Unresolved::StackOverflow {
                    limit: limit.address(),
                })
            }
            Ok(StackGrowth::NotGuard) => Resolution::Retry(Need::Entry),
            Err(_) => Resolution::Unresolved(Unresolved::OutOfMemory),
        }
    }
}
