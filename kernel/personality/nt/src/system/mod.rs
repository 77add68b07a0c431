//! What the system says of itself, and what of it can be changed.

mod basic;
mod change;
mod debug;
mod display;
mod environment;
mod firmware;
mod kernel;
mod license;
mod list;
mod performance;
mod power;
mod processes;
mod processors;
mod random;
mod shutdown;
mod uuid;
mod zone;

use abi::NtStatus;
use abi::access::PROCESS_QUERY_LIMITED_INFORMATION;
use abi::system::*;

pub(crate) use change::*;
pub(crate) use debug::*;
pub(crate) use display::*;
pub(crate) use environment::*;
pub(crate) use license::*;
pub(crate) use list::for_each_process;
pub(crate) use power::*;
pub(crate) use shutdown::*;
pub(crate) use uuid::*;

use crate::call::{Call, Outcome, read};
use crate::query::Query;

/// NtQuerySystemInformation(class, buffer, length, return length)
pub(crate) fn nt_query_system_information(call: &Call<'_>) -> Outcome {
    let query = call.query_in([0, 1, 2, 3])?;
    match query.class {
        SYSTEM_BASIC_INFORMATION
        | SYSTEM_NATIVE_BASIC_INFORMATION
        | SYSTEM_EMULATION_BASIC_INFORMATION => {
            query.answer_exactly(|| Ok(basic::basic(query.class)))
        }
        SYSTEM_PROCESSOR_INFORMATION | SYSTEM_EMULATION_PROCESSOR_INFORMATION => {
            query.answer_within(|| Ok(processors::processor(query.class)))
        }
        SYSTEM_PERFORMANCE_INFORMATION => performance::performance(&query),
        SYSTEM_BASIC_PERFORMANCE_INFORMATION => query.answer_exactly(|| Ok(performance::basic())),
        SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION => {
            query.answer_within(|| Ok(performance::of_processor()))
        }
        SYSTEM_PROCESSOR_IDLE_INFORMATION => query.answer_within(|| Ok(performance::idle())),
        SYSTEM_PROCESSOR_IDLE_CYCLE_TIME_INFORMATION => {
            query.answer_within(|| Ok(performance::idle_cycles()))
        }
        SYSTEM_CONTEXT_SWITCH_INFORMATION => {
            query.answer_exactly(|| Ok(performance::context_switches()))
        }
        SYSTEM_FILE_CACHE_INFORMATION | SYSTEM_FILE_CACHE_INFORMATION_EX => {
            query.answer_within(|| Ok(performance::file_cache()))
        }
        SYSTEM_TIME_OF_DAY_INFORMATION => zone::time_of_day(&query),
        SYSTEM_TIME_ADJUSTMENT_INFORMATION => query.answer_exactly(|| Ok(zone::adjustment())),
        SYSTEM_CURRENT_TIME_ZONE_INFORMATION => query.answer_within(|| Ok(zone::current())),
        SYSTEM_DYNAMIC_TIME_ZONE_INFORMATION => query.answer_within(|| Ok(zone::dynamic())),
        SYSTEM_QUERY_PERFORMANCE_COUNTER_INFORMATION => zone::counter(&query),
        SYSTEM_PROCESS_INFORMATION | SYSTEM_EXTENDED_PROCESS_INFORMATION => {
            processes::processes(&query)
        }
        SYSTEM_HANDLE_INFORMATION => list::handles(&query),
        SYSTEM_EXTENDED_HANDLE_INFORMATION => list::extended_handles(&query),
        // There are none.
        SYSTEM_PAGE_FILE_INFORMATION => query.answer_all(&[], NtStatus::INFO_LENGTH_MISMATCH),
        SYSTEM_DEVICE_INFORMATION => query.answer_exactly(|| Ok(basic::devices())),
        // `FLG_*`: none is set.
        SYSTEM_FLAGS_INFORMATION => query.answer_exactly(|| Ok(0_u32)),
        SYSTEM_MODULE_INFORMATION => kernel::modules(&query),
        // Nobody told the system at its start to keep lists of them.
        SYSTEM_OBJECT_INFORMATION => Err(NtStatus::UNSUCCESSFUL),
        SYSTEM_POOL_TAG_INFORMATION => kernel::pool_tags(&query),
        SYSTEM_RANGE_START_INFORMATION => query.answer_exactly(|| Ok(FIRST_KERNEL_ADDRESS)),
        SYSTEM_NUMA_PROCESSOR_MAP => kernel::numa(&query),
        SYSTEM_PROCESS_ID_INFORMATION => kernel::path_of_process(&query),
        SYSTEM_INTERRUPT_INFORMATION => random::fill(call, &query),
        SYSTEM_KERNEL_DEBUGGER_INFORMATION => query.answer_within(|| Ok(basic::debugger())),
        SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX => {
            query.answer_within(|| Ok(basic::extended_debugger()))
        }
        SYSTEM_RECOMMENDED_SHARED_DATA_ALIGNMENT => {
            query.answer_exactly(|| Ok(processors::SHARED_DATA_ALIGNMENT))
        }
        SYSTEM_LOGICAL_PROCESSOR_INFORMATION => processors::logical(&query),
        SYSTEM_FIRMWARE_TABLE_INFORMATION => firmware::table(&query),
        SYSTEM_BOOT_ENVIRONMENT_INFORMATION => basic::boot_environment(&query),
        SYSTEM_CODE_INTEGRITY_INFORMATION => basic::code_integrity(&query),
        SYSTEM_SECURE_BOOT_INFORMATION => query.answer_within(|| Ok(basic::secure_boot())),
        SYSTEM_PROCESSOR_BRAND_STRING => processors::name(&query),
        SYSTEM_WINE_VERSION_INFORMATION => {
            query.answer_all(basic::VERSION_TEXTS, NtStatus::INFO_LENGTH_MISMATCH)
        }
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

/// NtQuerySystemInformationEx(class, input, input length, buffer, length, return
/// length)
pub(crate) fn nt_query_system_information_ex(call: &Call<'_>) -> Outcome {
    let query = call.query_in([0, 3, 4, 5])?;
    let (input, input_length) = (call.word(1)?, call.value32(2)?);
    if input == 0 || input_length == 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    match query.class {
        SYSTEM_LOGICAL_PROCESSOR_AND_GROUP_INFORMATION => {
            let relation = input_of::<u32>(input, input_length)?;
            processors::relations(&query, relation)
        }
        SYSTEM_SUPPORTED_PROCESSOR_ARCHITECTURES | SYSTEM_CPU_SET_INFORMATION => {
            let process = input_of::<u64>(input, input_length)?;
            // The system's own answer is everybody's.
            if process != 0 {
                call.process_by(process, PROCESS_QUERY_LIMITED_INFORMATION)?;
            }
            match query.class {
                SYSTEM_CPU_SET_INFORMATION => query.answer_within(|| Ok(processors::cpu_set())),
                _ => processors::architectures(&query, process != 0),
            }
        }
        SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION
        | SYSTEM_PROCESSOR_IDLE_INFORMATION
        | SYSTEM_LOGICAL_PROCESSOR_INFORMATION
        | SYSTEM_PROCESSOR_IDLE_CYCLE_TIME_INFORMATION
        | SYSTEM_PROCESSOR_CYCLE_TIME_INFORMATION => {
            if input_of::<u16>(input, input_length)? != ONLY_GROUP {
                return Err(NtStatus::INVALID_PARAMETER);
            }
            of_group(&query)
        }
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

/// Where the half of the addresses begins that is not the programs'.
const FIRST_KERNEL_ADDRESS: u64 = 0xFFFF_8000_0000_0000;
/// All processors are in this group.
const ONLY_GROUP: u16 = 0;

fn of_group(query: &Query) -> Outcome {
    match query.class {
        SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION => {
            query.answer_within(|| Ok(performance::of_processor()))
        }
        SYSTEM_PROCESSOR_IDLE_INFORMATION => query.answer_within(|| Ok(performance::idle())),
        SYSTEM_LOGICAL_PROCESSOR_INFORMATION => processors::logical(query),
        SYSTEM_PROCESSOR_CYCLE_TIME_INFORMATION => {
            query.answer_within(|| Ok(performance::cycles()))
        }
        _ => query.answer_within(|| Ok(performance::idle_cycles())),
    }
}

/// What is asked about: a number of a fixed size.
fn input_of<T: zerocopy::FromBytes + zerocopy::IntoBytes>(
    address: u64,
    length: u32,
) -> Result<T, NtStatus> {
    match usize::try_from(length) == Ok(size_of::<T>()) {
        true => read(address),
        false => Err(NtStatus::INVALID_PARAMETER),
    }
}
