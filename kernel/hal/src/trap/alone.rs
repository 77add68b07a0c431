//! One instruction of a program run alone, on pages both written and run.
//!
//! Interrupts are off and the trap flag is set from the moment the kernel is left. So
//! nothing else runs until the processor says that the instruction is done, or that it
//! cannot be, and then the pages are closed before anything else: no program and no
//! part of the kernel ever sees a page that is both. That interrupts are off is also
//! how this is told from everything else that comes from user mode.

use vm::Page;

use super::frame::TrapFrame;
use crate::AddressSpace;
use crate::cpu::local;
use crate::memory::both;

/// Pages that an instruction can be in.
pub const PAGES: usize = 2;

const TRAP_FLAG: u64 = 1 << 8;
const INTERRUPT_FLAG: u64 = 1 << 9;

impl TrapFrame {
    /// Has the program run its next instruction alone, with these pages of the active
    /// address space, where they may be written, to be run as well. The kernel must be
    /// left directly.
    pub fn run_alone(&mut self, space: &mut AddressSpace, pages: [Option<Page>; PAGES]) {
        let opened = pages.map(|page| page.filter(|&page| both::open(space, page)));
        if opened == [None; PAGES] {
            return;
        }
        local::set_alone(opened, self.flags & TRAP_FLAG != 0);
        self.flags = self.flags & !INTERRUPT_FLAG | TRAP_FLAG;
    }

    /// Ends that, if it was so. Whether a single step is only ours to know.
    #[inline]
    pub(super) fn end_alone(&mut self) -> bool {
        self.is_user() && self.flags & INTERRUPT_FLAG == 0 && self.close_alone()
    }

    #[cold]
    fn close_alone(&mut self) -> bool {
        let (opened, is_stepping) = local::take_alone();
        opened.into_iter().flatten().for_each(both::close);
        self.flags |= INTERRUPT_FLAG;
        if !is_stepping {
            self.flags &= !TRAP_FLAG;
        }
        !is_stepping
    }
}
