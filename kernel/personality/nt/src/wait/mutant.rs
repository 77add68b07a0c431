//! Mutants: NT's mutexes, which know their owner.

use abi::NtStatus;
use abi::access::MUTANT_QUERY_STATE;
use abi::wait::MutantBasicInformation;
use executive::dispatch::Signalled;
use executive::object::{Object, ObjectKind};
use sched::Signal;
use zerocopy::FromZeros;

use crate::call::{Call, Outcome, refused};

/// The count of a mutant nobody owns; each acquisition takes one.
const FREE: i32 = 1;

fn count(acquisitions: u32) -> i32 {
    FREE.wrapping_sub_unsigned(acquisitions)
}

/// NtCreateMutant(mutant, access, attributes, initial owner)
pub(crate) fn nt_create_mutant(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Mutant)?;
    let is_owned = call.flag(3)?;
    new.create(call, || {
        let owner = is_owned.then(|| &**call.thread());
        Ok(Object::Mutant(Signalled::mutant(owner).map_err(refused)?))
    })
}

/// NtOpenMutant(mutant, access, attributes)
pub(crate) fn nt_open_mutant(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Mutant)?.open(call)
}

/// NtReleaseMutant(mutant, previous count)
pub(crate) fn nt_release_mutant(call: &Call<'_>) -> Outcome {
    let previous = call.optional_result::<i32>(1)?;
    let mutant = call.mutant(0, 0)?;
    let acquisitions = mutant.release_mutant(call.thread()).map_err(refused)?;
    previous.set(&count(acquisitions))?;
    Ok(NtStatus::SUCCESS)
}

/// NtQueryMutant(mutant, class, buffer, length, return length)
pub(crate) fn nt_query_mutant(call: &Call<'_>) -> Outcome {
    call.answer(|| {
        let mutant = call.mutant(0, MUTANT_QUERY_STATE)?;
        let mut information = MutantBasicInformation::new_zeroed();
        information.is_owned_by_caller = mutant.is_owned_by(call.thread()).into();
        if let Signal::Mutant {
            acquisitions,
            is_abandoned,
            ..
        } = mutant.signal()
        {
            information.current_count = count(acquisitions);
            information.is_abandoned = is_abandoned.into();
        }
        Ok(information)
    })
}
