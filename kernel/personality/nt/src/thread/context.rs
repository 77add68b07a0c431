//! Contexts of threads, and going on with one.

use abi::NtStatus;
use abi::access::{THREAD_GET_CONTEXT, THREAD_SET_CONTEXT};
use abi::context::{CONTEXT_INTEGER, Context};
use abi::exception::ExceptionRecord;
use executive::exception::{self, Cause};
use executive::process;
use hal::trap::TrapFrame;

use crate::call::{Call, Outcome, probe, read, write};
use crate::context::{self, Source, Wanted};
use crate::dispatcher;
use crate::extended_context::Place;

/// NtContinue(context, alertable)
pub(crate) fn nt_continue(call: &Call<'_>) -> Outcome {
    let is_alertable = call.flag(1)?;
    go_on(call, is_alertable)
}

/// NtContinueEx(context, argument)
///
/// The argument is a flag as NtContinue's, or the address of a structure that says
/// what the continuation is for and has flags of its own.
pub(crate) fn nt_continue_ex(call: &Call<'_>) -> Outcome {
    const TEST_ALERT: u32 = 1;
    const LAST_FLAG: u64 = 0xFF;
    let argument = call.word(1)?;
    let is_alertable = match argument {
        0..=LAST_FLAG => argument != 0,
        address => {
            let [_, flags] = read::<[u32; 2]>(address)?;
            flags & TEST_ALERT != 0
        }
    };
    go_on(call, is_alertable)
}

fn go_on(call: &Call<'_>, is_alertable: bool) -> Outcome {
    let wanted = Wanted::read(call.word(0)?)?;
    if is_alertable {
        process::test_alert(call.thread());
    }
    call.replace_registers(|frame| wanted.give(&mut Source::Current(frame)));
    Ok(NtStatus::SUCCESS)
}

/// NtRaiseException(record, context, first chance)
pub(crate) fn nt_raise_exception(call: &Call<'_>) -> Outcome {
    let record = read::<ExceptionRecord>(call.word(0)?)?;
    let wanted = Wanted::read(call.word(1)?)?;
    let is_first_chance = call.flag(2)?;
    if usize::try_from(record.parameter_count).unwrap_or(usize::MAX) > record.information.len() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    call.replace_registers(|frame| {
        // What the context leaves out is as it is.
        wanted.give(&mut Source::Current(frame));
        let thread = call.thread();
        let whole = context::of_current(frame);
        let is_shown =
            is_first_chance && dispatcher::show_exception(thread, frame, whole, record).is_ok();
        if !is_shown {
            exception::end_program(thread, frame, &Cause::Raised(record.code.0));
        }
    });
    Ok(NtStatus::SUCCESS)
}

/// NtGetContextThread(thread, context)
pub(crate) fn nt_get_context_thread(call: &Call<'_>) -> Outcome {
    let at = call.word(1)?;
    let mut wanted = probe::<Context>(at)?;
    let flags = wanted.context_flags;
    if !context::is_valid(flags) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let place = Place::find(at, flags)?;
    let mut avx = None;
    with_registers(call, THREAD_GET_CONTEXT, |mut source| {
        context::take(&mut source, flags, &mut wanted);
        avx = place.is_some().then(|| source.avx()).flatten();
    })?;
    write(at, &wanted)?;
    if let (Some(place), Some(halves)) = (place, avx) {
        place.write(&halves)?;
    }
    Ok(NtStatus::SUCCESS)
}

/// NtSetContextThread(thread, context)
pub(crate) fn nt_set_context_thread(call: &Call<'_>) -> Outcome {
    let wanted = Wanted::read(call.word(1)?)?;
    if call.is_own_thread(0)? {
        let give = |frame: &mut TrapFrame| wanted.give(&mut Source::Current(frame));
        // Where the context names no rax, it is what the call returns.
        match wanted.context.context_flags & CONTEXT_INTEGER == CONTEXT_INTEGER {
            true => call.replace_registers(give),
            false => call.with_frame(give),
        }
        return Ok(NtStatus::SUCCESS);
    }
    with_registers(call, THREAD_SET_CONTEXT, |mut source| {
        wanted.give(&mut source);
    })?;
    Ok(NtStatus::SUCCESS)
}

impl Call<'_> {
    /// Whether a handle argument is one of the calling thread, with the access to set
    /// its context.
    fn is_own_thread(&self, number: usize) -> Result<bool, NtStatus> {
        let thread = self.thread_of(number, THREAD_SET_CONTEXT)?;
        Ok(core::ptr::eq(&*thread, &raw const **self.thread()))
    }
}

/// Uses the registers of the thread of argument 0.
fn with_registers(
    call: &Call<'_>,
    wanted: u32,
    use_them: impl FnOnce(Source<'_, '_>),
) -> Result<(), NtStatus> {
    let thread = call.thread_of(0, wanted)?;
    if core::ptr::eq(&*thread, &raw const **call.thread()) {
        call.with_frame(|frame| use_them(Source::Current(frame)));
        return Ok(());
    }
    let execution = thread.execution().ok_or(NtStatus::THREAD_IS_TERMINATING)?;
    let used = execution.with_user_registers(|registers| use_them(Source::Waiting(registers)));
    used.ok_or(NtStatus::UNSUCCESSFUL)
}
