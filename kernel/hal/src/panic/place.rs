//! What lies at an address of the kernel's, in the words of a report.

use core::fmt::{self, Display};

use crate::memory::{layout, walk};
use crate::stacks;

unsafe extern "C" {
    static __text_start: u8;
    static __text_end: u8;
    static __rodata_start: u8;
    static __rodata_end: u8;
    static __kernel_end: u8;
}

/// What lies at an address; its `Display` is a noun with its attributes.
#[derive(Clone, Copy)]
pub(super) struct Place(pub(super) u64);

impl Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NULL_PAGE: u64 = 0x1_0000;
        let address = self.0;
        match address {
            _ if address < NULL_PAGE => return write!(out, "null + {address:#x}"),
            _ if address < layout::LOWER_HALF_END => {
                return out.write_str("a user address, touched outside the copy routines");
            }
            _ if address < layout::DIRECT_MAP => return out.write_str("not a canonical address"),
            _ => {}
        }
        if let Some(stack) = stacks::guarding(address) {
            return write!(out, "in the guard page of the {stack}");
        }
        out.write_str(region(address))?;
        out.write_str(match walk::is_mapped(address) {
            true => ", mapped but not for this",
            false => ", not mapped there",
        })
    }
}

/// The part of the address map (kernel/MEMORY.md) that an address is in.
fn region(address: u64) -> &'static str {
    let image = [
        (
            &raw const __text_start,
            &raw const __text_end,
            "the kernel's code",
        ),
        (
            &raw const __rodata_start,
            &raw const __rodata_end,
            "the kernel's constants",
        ),
        (
            &raw const __rodata_end,
            &raw const __kernel_end,
            "the kernel's data",
        ),
    ];
    let is_in = |start: u64, bytes: u64| (start..start.saturating_add(bytes)).contains(&address);
    let parts = [
        (
            layout::DIRECT_MAP,
            layout::HEAP - layout::DIRECT_MAP,
            "the direct map of memory",
        ),
        (layout::HEAP, layout::HEAP_LIMIT, "the kernel heap"),
        (
            layout::KERNEL_STACKS,
            layout::KERNEL_STACK_COUNT * layout::KERNEL_STACK_SLOT,
            "the kernel stacks of threads",
        ),
        (layout::DEVICES, layout::DEVICES_LIMIT, "device memory"),
        (
            layout::SNAPSHOTS,
            layout::SNAPSHOTS_LIMIT,
            "the kernel's copies of files",
        ),
    ];
    let image = image
        .into_iter()
        .map(|(start, end, name)| (start as u64, end as u64 - start as u64, name));
    image
        .chain(parts)
        .find(|&(start, bytes, _)| is_in(start, bytes))
        .map_or("no part of the kernel's address map", |(_, _, name)| name)
}
