//! What lies at an address of a program, in the words of a report.

use core::fmt;

use hal::Ref;
use hal::memory::layout;
use vm::{Kind, Page, Protection, State};

use super::Image;
use super::space::Space;
use super::views::View;

/// Addresses below this come from a null pointer with an offset.
const NULL_END: u64 = 0x1_0000;

/// What lies at an address; its `Display` is a noun with its attributes.
pub enum Place {
    /// Near null.
    Null(u64),
    /// In no process's memory.
    Outside {
        /// Whether it is an address at all.
        is_canonical: bool,
    },
    /// Nothing is allocated there.
    Free,
    /// It belongs to something.
    Region(Region),
}

/// What an address belongs to.
pub struct Region {
    what: What,
    /// How far from the first address of the allocation.
    offset: u64,
    state: State,
}

enum What {
    Image(Ref<Image>),
    Private,
    Stack,
    Placeholder,
    Kernel,
    Section,
}

impl Space {
    /// What lies at an address.
    pub fn what_is_at(&self, address: u64) -> Place {
        const UPPER_HALF: u64 = !(layout::LOWER_HALF_END - 1);
        if address < NULL_END {
            return Place::Null(address);
        }
        if address >= layout::USER_END {
            let is_canonical = !(layout::LOWER_HALF_END..UPPER_HALF).contains(&address);
            return Place::Outside { is_canonical };
        }
        let Some(info) = self.regions.look_up(Page::containing(address)) else {
            return Place::Free;
        };
        let what = match info.kind {
            Kind::Private | Kind::Watched => What::Private,
            Kind::Stack => What::Stack,
            Kind::Placeholder => What::Placeholder,
            Kind::Window => What::Private,
            Kind::Fixed => What::Kernel,
            Kind::Mapped { .. } => What::Section,
            Kind::Image { id } => match self.view(id) {
                Some(View { image, .. }) => What::Image(image.image().clone()),
                None => What::Section,
            },
        };
        Place::Region(Region {
            what,
            offset: address.wrapping_sub(info.allocation_base.address()),
            state: info.state,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null(offset) => write!(out, "null + {offset:#x}"),
            Self::Outside { is_canonical: true } => out.write_str("not a program's to use"),
            Self::Outside { .. } => out.write_str("not a canonical address"),
            Self::Free => out.write_str("nothing is allocated there"),
            Self::Region(region) => region.fmt(out),
        }
    }
}

impl Region {
    /// What it is, without its state.
    pub fn what(&self) -> impl fmt::Display {
        fmt::from_fn(move |out| {
            let offset = self.offset;
            match &self.what {
                What::Image(image) => write!(out, "image {}+{offset:#x}", image.name()),
                What::Private => write!(out, "private memory+{offset:#x}"),
                What::Stack => write!(out, "a stack+{offset:#x}"),
                What::Placeholder => write!(out, "a placeholder+{offset:#x}"),
                What::Kernel => write!(out, "memory that the kernel placed+{offset:#x}"),
                What::Section => write!(out, "section+{offset:#x}"),
            }
        })
    }
}

impl fmt::Display for Region {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what();
        match self.state {
            State::Reserved => write!(out, "{what}, reserved but not committed"),
            State::Committed(protection) => write!(out, "{what}, {}", words(protection)),
        }
    }
}

fn words(protection: Protection) -> &'static str {
    if protection.is_guard() {
        return "a guard page";
    }
    let rights = protection.rights();
    match (rights.read, rights.write, rights.execute) {
        (false, ..) => "not accessible",
        (true, false, false) => "read-only",
        (true, true, false) => "readable and writable",
        (true, false, true) => "code, not writable",
        (true, true, true) => "code and writable",
    }
}
