//! Pages that a program fills with zeros before it has touched them.

use hal::trap::TrapFrame;
use vm::fault::zeros::{fill_unit, writes_zeros};
use vm::{Kind, PAGE_SIZE, Page, PageRange, Protection, State};

use super::Space;
use super::watch::Search;

/// The longest instruction that is looked for.
const CODE_BYTES: usize = 3;
/// DF: it fills downwards.
const DIRECTION: u64 = 1 << 10;

impl Space {
    /// If the instruction at which a program was interrupted fills memory with zeros
    /// from an address on, takes it as done for the untouched pages there. False: the
    /// page is to be entered as for any other access.
    pub fn skip_zeros(&mut self, frame: &mut TrapFrame, address: u64) -> bool {
        let mut registers = frame.user_registers();
        if registers.rdi != address || registers.flags & DIRECTION != 0 {
            return false;
        }
        let mut code = [0; CODE_BYTES];
        let read = self.read(registers.rip, &mut code);
        let Some(unit) = code.get(..read).and_then(fill_unit) else {
            return false;
        };
        if !writes_zeros(registers.rax, unit) {
            return false;
        }
        let pages = registers.rcx.saturating_mul(unit) / PAGE_SIZE;
        let bytes = self.untouched(address, pages).saturating_mul(PAGE_SIZE);
        registers.rdi = registers.rdi.wrapping_add(bytes);
        registers.rcx = registers.rcx.wrapping_sub(bytes.div_euclid(unit));
        if bytes != 0 {
            frame.set_user_registers(&registers);
        }
        bytes != 0
    }

    /// How many pages from an address on show nothing yet and would show zeros that can
    /// be written, so many at most.
    fn untouched(&self, address: u64, pages: u64) -> u64 {
        let first = Page::containing(address);
        let Some(info) = self.regions.look_up(first) else {
            return 0;
        };
        let is_zeros = matches!(info.kind, Kind::Private | Kind::Stack)
            && info.state == State::Committed(Protection::READ_WRITE);
        if !is_zeros || !address.is_multiple_of(PAGE_SIZE) {
            return 0;
        }
        let there = info.run.end.pages_since(first);
        let wanted = PageRange::sized(first, pages.min(there));
        match self.next_shown(wanted) {
            Search::Found(page) | Search::GoesOn(page) => page.pages_since(first),
            Search::Nothing => wanted.size_pages(),
        }
    }
}
