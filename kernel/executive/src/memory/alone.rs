//! Instructions that write to a page that they are in, and so run alone.

use hal::trap::TrapFrame;
use vm::fault::alone::{FlagPush, LONGEST_BYTES, code_pages, flag_push};
use vm::{Access, Page, State};

use super::Space;

impl Space {
    /// If the instruction at which a program was interrupted is in the page of an
    /// address, to which it is to write, has it run alone. The kernel must be left
    /// directly.
    pub fn run_alone(&mut self, frame: &mut TrapFrame, address: u64) {
        let instruction = frame.instruction_pointer();
        let code = code_pages(instruction);
        if !code.contains(Page::containing(address)) {
            return;
        }
        let mut bytes = [0; LONGEST_BYTES];
        let read = self.read(instruction, &mut bytes);
        if let Some(push) = bytes.get(..read).and_then(flag_push)
            && self.push_flags(frame, push)
        {
            return;
        }
        let mut pages = [None; 2];
        for (page, place) in code.pages().zip(&mut pages) {
            *place = self.is_both(page).then_some(page);
        }
        frame.run_alone(&mut self.tables, pages);
    }

    /// Whether a page is both writable and executable; it can be written then.
    fn is_both(&mut self, page: Page) -> bool {
        let state = self.regions.look_up(page).map(|info| info.state);
        let is_both = matches!(state, Some(State::Committed(protection))
            if protection.is_writable_and_executable());
        is_both && self.touch(page, Access::Write).is_ok()
    }

    /// Pushes the flags of a program, as it would. False: something is in the way, which
    /// the program itself is to meet.
    fn push_flags(&mut self, frame: &mut TrapFrame, push: FlagPush) -> bool {
        /// RF and VM are pushed as 0: Intel SDM vol. 2, 4.3.
        const NOT_PUSHED: u64 = 1 << 16 | 1 << 17;
        let mut registers = frame.user_registers();
        let flags = (registers.flags & !NOT_PUSHED).to_le_bytes();
        let size = usize::try_from(push.pushed_bytes).unwrap_or(flags.len());
        let pushed = flags.get(..size).unwrap_or(&flags);
        registers.rsp = registers.rsp.wrapping_sub(push.pushed_bytes);
        registers.rip = registers.rip.wrapping_add(push.length_bytes);
        let is_pushed = self.write(registers.rsp, pushed) == size;
        if is_pushed {
            frame.set_user_registers(&registers);
        }
        is_pushed
    }
}
