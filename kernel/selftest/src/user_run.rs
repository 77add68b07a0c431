//! A program of a few instructions, without a process: it runs until it traps.
//!
//! Meanwhile the tests answer traps themselves: each trap of the program gives the
//! test the processor back, and the program waits inside it until it is run again.

use core::sync::atomic::{AtomicU64, Ordering};

use hal::cpu::per_cpu::PerCpu;
use hal::memory::OwnedFrame;
use hal::memory::address_space::Backing;
use hal::thread::{self, Execution, WaitingRegisters};
use hal::trap::{Exception, Handlers, PageFault, TrapFrame, UserRegisters, UserStart};
use hal::user::UserFault;
use hal::{AddressSpace, Ref, trap};
use spin::Once;
use vm::{Page, Rights};

use super::expect::{Outcome, done, fail};

/// Where the program's code begins: a page of it, for reading too.
pub(super) const CODE: u64 = 0x1_0000;
/// Where its data begins: a page.
pub(super) const DATA: u64 = 0x2_0000;
/// Its stack pointer at the start: the end of the data.
pub(super) const STACK: u64 = DATA + 4096;
/// What is in rcx at the start.
pub(super) const ARGUMENT: u64 = 0x1234_5678_9abc_def0;
/// The user's gs base.
pub(super) const GS_BASE: u64 = DATA + 8;

/// How a program came into the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trap {
    SystemCall,
    Exception {
        vector: u8,
        debug_status: u64,
        in_return: bool,
    },
}

impl Trap {
    /// An exception of the program's own without more to say.
    pub(super) const fn exception(vector: u8) -> Self {
        Self::Exception {
            vector,
            debug_status: 0,
            in_return: false,
        }
    }
}

/// What ran last, in a word: the tests run one program at a time.
static LAST: AtomicU64 = AtomicU64::new(0);
const SYSTEM_CALL: u64 = 1 << 8;
const IN_RETURN: u64 = 1 << 9;
const STATUS_SHIFT: u32 = 16;
const PAGE_FAULT: u8 = 14;

/// The execution that the tests run on.
static TESTER: Once<Ref<Execution>> = Once::new();

/// What the program that is run does in the kernel when it first runs.
static FIRST: PerCpu<fn()> = PerCpu::new();

struct Answers;
static ANSWERS: &dyn Handlers = &Answers;

impl Handlers for Answers {
    fn copy_fault(&self, _: PageFault) -> Result<(), UserFault> {
        Err(UserFault::Denied)
    }

    fn user_page_fault(&self, _: &mut TrapFrame, _: PageFault) {
        give_back(PAGE_FAULT.into());
    }

    fn user_exception(&self, _: &mut TrapFrame, exception: Exception) {
        let return_bit = if exception.in_return { IN_RETURN } else { 0 };
        let status = exception.debug_status << STATUS_SHIFT;
        give_back(u64::from(exception.vector) | return_bit | status);
    }

    fn system_call(&self, _: &mut TrapFrame) {
        give_back(SYSTEM_CALL);
    }

    fn tick(&self, _: Option<&mut TrapFrame>) {}
}

fn give_back(what: u64) {
    LAST.store(what, Ordering::Relaxed);
    if let Some(tester) = TESTER.get() {
        thread::switch_to(tester.clone());
    }
}

/// Lets the tests answer traps while `use_it` runs.
pub(super) fn answering<T>(use_it: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    let Some(tester) = thread::current() else {
        return fail("there are no threads yet");
    };
    TESTER.call_once(|| tester);
    let before = trap::install(&ANSWERS);
    let outcome = use_it();
    if let Some(before) = before {
        trap::install(before);
    }
    outcome
}

/// A program with its thread.
pub(super) struct UserRun {
    first: Ref<fn()>,
    execution: Ref<Execution>,
    _space: AddressSpace,
}

impl UserRun {
    /// A program that consists of this code; `first` runs in its thread's place in
    /// the kernel before it.
    pub(super) fn new(code: &[u8], first: fn()) -> Outcome<Self> {
        let mut space = done("an address space", AddressSpace::new())?;
        let mut page = done("a frame", OwnedFrame::zeroed())?;
        page.bytes_mut()[..code.len()].copy_from_slice(code);
        let rights = |write, execute| Rights {
            read: true,
            write,
            execute,
        };
        for (address, frame, rights) in [
            (CODE, page, rights(false, true)),
            (
                DATA,
                done("a frame", OwnedFrame::zeroed())?,
                rights(true, false),
            ),
        ] {
            let backing = Backing::Private(frame);
            let mapped = space.map(Page::containing(address), backing, rights);
            done("a page", mapped)?;
        }
        let start = UserStart {
            instruction: CODE,
            stack: STACK,
            argument: ARGUMENT,
            gs_base: GS_BASE,
        };
        let first = done("memory", Ref::try_new(first))?;
        let execution = Execution::for_user(space.root(), start, begin);
        Ok(Self {
            first,
            execution: done("an execution", execution)?,
            _space: space,
        })
    }

    /// Runs it until it traps.
    pub(super) fn run(&self) -> Trap {
        drop(FIRST.replace(Some(self.first.clone())));
        thread::switch_to(self.execution.clone());
        drop(FIRST.replace(None));
        let what = LAST.load(Ordering::Relaxed);
        if what & SYSTEM_CALL != 0 {
            return Trap::SystemCall;
        }
        Trap::Exception {
            vector: what as u8,
            debug_status: what >> STATUS_SHIFT,
            in_return: what & IN_RETURN != 0,
        }
    }

    /// Lets `use_them` see and change its registers.
    pub(super) fn with<T>(
        &self,
        use_them: impl FnOnce(&mut WaitingRegisters<'_>) -> T,
    ) -> Outcome<T> {
        let answer = self.execution.with_user_registers(use_them);
        done("a look at a waiting thread's registers", answer.ok_or(()))
    }

    pub(super) fn registers(&self) -> Outcome<UserRegisters> {
        self.with(|registers| registers.frame().user_registers())
    }

    pub(super) fn set_registers(&self, wanted: &UserRegisters) -> Outcome {
        self.with(|registers| registers.frame().set_user_registers(wanted))
    }

    /// The execution, to be looked at where it must not be.
    pub(super) fn execution(&self) -> &Ref<Execution> {
        &self.execution
    }
}

fn begin() -> ! {
    let first = FIRST.get();
    let function = first.as_deref().copied();
    // This stack is not unwound, so the reference must go first.
    drop(first);
    if let Some(function) = function {
        function();
    }
    thread::enter_user(|_| ())
}
