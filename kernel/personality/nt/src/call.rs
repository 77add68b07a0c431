//! One system call: its arguments, and user memory in NT's terms.

use core::cell::RefCell;

use abi::NtStatus;
use abi::entry::STACK_ARGUMENTS;
use abi::memory::PAGE_SIZE;
use alloc::vec::Vec;
use executive::Error;
use executive::process::{Process, Thread};
use hal::Ref;
use hal::cpu::interrupts;
use hal::trap::TrapFrame;
use hal::user::{self, UserFault};
use zerocopy::{FromBytes, Immutable, IntoBytes};

const REGISTER_ARGUMENTS: usize = 4;
const WORD_BYTES: u64 = 8;

/// What a handler returns: a status of success or of refusal.
pub(crate) type Outcome = Result<NtStatus, NtStatus>;

/// A system call being served.
pub(crate) struct Call<'a> {
    thread: &'a Ref<Thread>,
    frame: RefCell<&'a mut TrapFrame>,
    registers: [u64; REGISTER_ARGUMENTS],
}

impl<'a> Call<'a> {
    pub(crate) fn new(thread: &'a Ref<Thread>, frame: &'a mut TrapFrame) -> Self {
        Self {
            thread,
            registers: frame.register_arguments(),
            frame: RefCell::new(frame),
        }
    }

    /// Uses the registers with which the program goes on.
    pub(crate) fn with_frame<T>(&self, use_it: impl FnOnce(&mut TrapFrame) -> T) -> T {
        use_it(&mut self.frame.borrow_mut())
    }

    /// The same, where these are then what the program goes on with: the call has
    /// no result in them.
    pub(crate) fn replace_registers(&self, replace: impl FnOnce(&mut TrapFrame)) {
        self.with_frame(|frame| {
            replace(frame);
            frame.keep_rax();
        });
    }

    /// Gives the program the result, unless its registers were replaced.
    pub(crate) fn finish(self, status: NtStatus) {
        self.frame.into_inner().set_result(status.0.into());
    }

    /// Whether its registers were replaced.
    pub(crate) fn has_new_registers(&self) -> bool {
        self.with_frame(|frame| frame.keeps_rax())
    }

    /// The arguments in registers, and the program's stack pointer.
    pub(crate) fn registers(&self) -> (&[u64], u64) {
        (&self.registers, self.stack())
    }

    fn stack(&self) -> u64 {
        self.with_frame(|frame| frame.stack_pointer())
    }

    /// The calling thread.
    pub(crate) fn thread(&self) -> &'a Ref<Thread> {
        self.thread
    }

    /// The calling process.
    pub(crate) fn process(&self) -> &Process {
        self.thread.process()
    }

    /// An argument of 64 bits, counted from 0.
    #[inline]
    pub(crate) fn word(&self, number: usize) -> Result<u64, NtStatus> {
        if let Some(&value) = self.registers.get(number) {
            return Ok(value);
        }
        let index = u64::try_from(number.saturating_sub(REGISTER_ARGUMENTS));
        let offset = index.unwrap_or(u64::MAX).saturating_mul(WORD_BYTES);
        self.stack_word(offset)
    }

    /// An argument on the stack, so many bytes above the first one there.
    #[inline(never)]
    fn stack_word(&self, offset: u64) -> Result<u64, NtStatus> {
        read(self.stack_arguments().wrapping_add(offset))
    }

    /// The first arguments on the stack, which a call has at least so many of.
    #[inline]
    pub(crate) fn stack_words<const COUNT: usize>(&self) -> Result<[u64; COUNT], NtStatus> {
        let mut words = [0; COUNT];
        user::copy_in(words.as_mut_bytes(), self.stack_arguments()).map_err(violation)?;
        Ok(words)
    }

    fn stack_arguments(&self) -> u64 {
        self.stack().wrapping_add(STACK_ARGUMENTS)
    }

    /// An argument of 32 bits; the upper half of its place is garbage.
    pub(crate) fn value32(&self, number: usize) -> Result<u32, NtStatus> {
        let [a, b, c, d, ..] = self.word(number)?.to_le_bytes();
        Ok(u32::from_le_bytes([a, b, c, d]))
    }
}

/// Reads a value from user memory.
pub(crate) fn read<T: FromBytes + IntoBytes>(address: u64) -> Result<T, NtStatus> {
    let mut value = T::new_zeroed();
    user::copy_in(value.as_mut_bytes(), address).map_err(violation)?;
    Ok(value)
}

/// Reads so many values from user memory.
pub(crate) fn read_vec<
    T: Copy + Default + zerocopy::FromBytes + IntoBytes + zerocopy::Immutable,
>(
    address: u64,
    count: usize,
) -> Result<Vec<T>, NtStatus> {
    let mut values = Vec::new();
    values
        .try_reserve_exact(count)
        .map_err(|_| NtStatus::NO_MEMORY)?;
    values.resize(count, T::default());
    user::copy_in(values.as_mut_slice().as_mut_bytes(), address).map_err(violation)?;
    Ok(values)
}

/// Writes a value to user memory.
pub(crate) fn write<T: IntoBytes + Immutable>(address: u64, value: &T) -> Result<(), NtStatus> {
    user::copy_out(address, value.as_bytes()).map_err(violation)
}

/// Checks that a value can be written where it is to go, before anything is
/// done whose result would be lost.
pub(crate) fn probe<T: FromBytes + IntoBytes + Immutable>(address: u64) -> Result<T, NtStatus> {
    let value = read::<T>(address)?;
    write(address, &value)?;
    Ok(value)
}

/// Checks that a buffer of so many bytes begins and ends in memory that can be read,
/// where a call is refused for other reasons too.
pub(crate) fn check_readable(address: u64, length: u32) -> Result<(), NtStatus> {
    for place in ends(address, length) {
        read::<u8>(place)?;
    }
    Ok(())
}

/// The same of memory that can be written.
pub(crate) fn check_writable(address: u64, length: u32) -> Result<(), NtStatus> {
    for place in ends(address, length) {
        probe::<u8>(place)?;
    }
    Ok(())
}

/// The first and the last byte; of an empty buffer none.
fn ends(address: u64, length: u32) -> impl Iterator<Item = u64> {
    let last = length.checked_sub(1).map(u64::from);
    let places = last.map(|last| [address, address.wrapping_add(last)]);
    places.into_iter().flatten()
}

/// Checks that so many bytes can be written: each page of them.
pub(crate) fn probe_bytes(address: u64, length: u64) -> Result<(), NtStatus> {
    /// Pages before others get their turn.
    const PAGES: u64 = 0x100;
    let last = match length {
        0 => return Ok(()),
        1..=PAGE_SIZE => {
            // No page lies between the first and the last byte.
            let bytes = usize::try_from(length).unwrap_or(usize::MAX);
            return user::probe(address, bytes).map_err(violation);
        }
        _ => length.saturating_sub(1),
    };
    let end = address
        .checked_add(last)
        .ok_or(NtStatus::ACCESS_VIOLATION)?;
    user::probe(address, 1).map_err(violation)?;
    let mut page = address | PAGE_SIZE.wrapping_sub(1);
    while page < end {
        page = page.wrapping_add(1);
        user::probe(page, 1).map_err(violation)?;
        if page.is_multiple_of(PAGES.wrapping_mul(PAGE_SIZE)) {
            interrupts::let_pending_in();
        }
        page |= PAGE_SIZE.wrapping_sub(1);
    }
    Ok(())
}

/// The status of a copy that failed.
pub(crate) fn violation(fault: UserFault) -> NtStatus {
    match fault {
        UserFault::Denied => NtStatus::ACCESS_VIOLATION,
        UserFault::OutOfMemory => NtStatus::NO_MEMORY,
    }
}

/// The same, of one that is given away.
pub(crate) fn refused(error: Error) -> NtStatus {
    status_of(&error)
}

/// The status of an executive error.
pub(crate) fn status_of(error: &Error) -> NtStatus {
    match error {
        Error::Memory(error) => NtStatus(error.status_code()),
        Error::Image(error) => NtStatus(error.status_code()),
        Error::Pipe(status) => NtStatus(status.status_code()),
        Error::Console(status) => NtStatus(status.status_code()),
        Error::Socket(status) => NtStatus(status.status_code()),
        Error::File(error) => NtStatus(error.status_code()),
        Error::Registry(error) => NtStatus(error.status_code()),
        Error::Descriptor(error) => NtStatus(error.status_code()),
        Error::Name(error) => NtStatus(error.status_code()),
        Error::NoSuchProgram => NtStatus::OBJECT_NAME_NOT_FOUND,
        Error::Userland(_) => NtStatus::DLL_NOT_FOUND,
        Error::Archive => NtStatus::IN_PAGE_ERROR,
        Error::TooLong | Error::NotExclusive | Error::NoPort => NtStatus::INVALID_PARAMETER,
        Error::UserFault => NtStatus::ACCESS_VIOLATION,
        Error::EndOfFile => NtStatus::END_OF_FILE,
        Error::EmptyFile => NtStatus::MAPPED_FILE_SIZE_ZERO,
        Error::InvalidDeviceRequest => NtStatus::INVALID_DEVICE_REQUEST,
        Error::OutOfMemory => NtStatus::NO_MEMORY,
        Error::InvalidHandle => NtStatus::INVALID_HANDLE,
        Error::WrongType | Error::NotWaitable => NtStatus::OBJECT_TYPE_MISMATCH,
        Error::NobodyToActFor => NtStatus::CANNOT_IMPERSONATE,
        Error::ImpersonationLevel => NtStatus::BAD_IMPERSONATION_LEVEL,
        Error::AccessDenied => NtStatus::ACCESS_DENIED,
        Error::HandleProtected => NtStatus::HANDLE_NOT_CLOSABLE,
        Error::TooManyHandles | Error::TooManyIds => NtStatus::INSUFFICIENT_RESOURCES,
        Error::NotAligned => NtStatus::MAPPED_ALIGNMENT,
        Error::ViewTooBig => NtStatus::INVALID_VIEW_SIZE,
        Error::SectionTooBig => NtStatus::SECTION_TOO_BIG,
        Error::VolumeFull => NtStatus::DISK_FULL,
        Error::LinkNotResolved => NtStatus::REPARSE_POINT_NOT_RESOLVED,
        Error::WriteProtected => NtStatus::MEDIA_WRITE_PROTECTED,
        Error::DeviceFailed => NtStatus::IO_DEVICE_ERROR,
        Error::NotForImage => NtStatus::INVALID_FILE_FOR_SECTION,
        Error::FileShown => NtStatus::USER_MAPPED_FILE,
        Error::NamedTwice => NtStatus::INVALID_PARAMETER_MIX,
        Error::SemaphoreLimit => NtStatus::SEMAPHORE_LIMIT_EXCEEDED,
        Error::MutantNotOwned => NtStatus::MUTANT_NOT_OWNED,
        Error::MutantLimit => NtStatus::MUTANT_LIMIT_EXCEEDED,
        Error::SuspendedTooOften => NtStatus::SUSPEND_COUNT_EXCEEDED,
        Error::JobProcessLimit | Error::JobTimeLimit => NtStatus::QUOTA_EXCEEDED,
        Error::JobNotNestable => NtStatus::ACCESS_DENIED,
        Error::Ending => NtStatus::PROCESS_IS_TERMINATING,
        Error::ThreadEnding => NtStatus::THREAD_IS_TERMINATING,
        Error::ReserveInUse => NtStatus::INVALID_PARAMETER_2,
    }
}
