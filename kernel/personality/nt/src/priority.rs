//! Priorities as NT's services give and take them.

use abi::NtStatus;
use abi::process::{
    PRIORITY_CLASS_ABOVE_NORMAL, PRIORITY_CLASS_BELOW_NORMAL, PRIORITY_CLASS_HIGH,
    PRIORITY_CLASS_IDLE, PRIORITY_CLASS_NORMAL, PRIORITY_CLASS_REALTIME,
};
use abi::thread::{
    LOW_PRIORITY, LOW_REALTIME_PRIORITY, THREAD_BASE_PRIORITY_IDLE, THREAD_BASE_PRIORITY_LOWRT,
    THREAD_BASE_PRIORITY_MAX, THREAD_BASE_PRIORITY_MIN,
};
use executive::process::{PriorityClass, Process, RelativePriority};
use sched::Priority;

/// Windows's kernelbase asks for saturation by half the number of levels, Wine's by
/// the values of Win32.
const SATURATION: i32 = 16;
/// Increments in real-time processes (NT `winbase.h`).
const REAL_TIME_INCREMENTS: core::ops::RangeInclusive<i32> = -7..=6;
/// Levels of input and output that can be set (IO_PRIORITY_HINT, NT `wdm.h`); 4 is
/// the pager's.
const HIGHEST_IO: u32 = 3;
/// Levels of pages (MEMORY_PRIORITY_NORMAL, NT `winnt.h`).
const HIGHEST_PAGE: u32 = 5;

const CLASSES: [(PriorityClass, u32); 6] = [
    (PriorityClass::Idle, PRIORITY_CLASS_IDLE),
    (PriorityClass::Normal, PRIORITY_CLASS_NORMAL),
    (PriorityClass::High, PRIORITY_CLASS_HIGH),
    (PriorityClass::RealTime, PRIORITY_CLASS_REALTIME),
    (PriorityClass::BelowNormal, PRIORITY_CLASS_BELOW_NORMAL),
    (PriorityClass::AboveNormal, PRIORITY_CLASS_ABOVE_NORMAL),
];

/// NT's number of a class.
pub(crate) fn class_number(class: PriorityClass) -> u8 {
    let found = CLASSES.iter().find(|(other, _)| *other == class);
    let number = found.map_or(PRIORITY_CLASS_NORMAL, |(_, number)| *number);
    u8::try_from(number).unwrap_or(0)
}

/// The class of a number.
pub(crate) fn class_of(number: u8) -> Result<PriorityClass, NtStatus> {
    let found = CLASSES
        .iter()
        .find(|(_, other)| *other == u32::from(number));
    found
        .map(|(class, _)| *class)
        .ok_or(NtStatus::INVALID_PARAMETER)
}

/// A thread's priority relative to its process's as an increment.
pub(crate) fn increment(relative: RelativePriority) -> i32 {
    match relative {
        RelativePriority::By(levels) => levels,
        RelativePriority::Highest => THREAD_BASE_PRIORITY_LOWRT,
        RelativePriority::Lowest => THREAD_BASE_PRIORITY_IDLE,
    }
}

/// What an increment means for a thread of a process.
pub(crate) fn relative(process: &Process, increment: i32) -> Result<RelativePriority, NtStatus> {
    let is_real_time = i32::from(process.base_priority().level()) >= LOW_REALTIME_PRIORITY;
    match increment {
        THREAD_BASE_PRIORITY_LOWRT | SATURATION => Ok(RelativePriority::Highest),
        THREAD_BASE_PRIORITY_IDLE => Ok(RelativePriority::Lowest),
        _ if increment == -SATURATION => Ok(RelativePriority::Lowest),
        THREAD_BASE_PRIORITY_MIN..=THREAD_BASE_PRIORITY_MAX => Ok(RelativePriority::By(increment)),
        _ if is_real_time && REAL_TIME_INCREMENTS.contains(&increment) => {
            Ok(RelativePriority::By(increment))
        }
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// A level that a program can set; the lowest one is nobody's.
pub(crate) fn level(value: i32) -> Result<Priority, NtStatus> {
    let level = u32::try_from(value).ok().filter(|_| value > LOW_PRIORITY);
    level
        .and_then(Priority::new)
        .ok_or(NtStatus::INVALID_PARAMETER)
}

/// A level of input and output that a program can set.
pub(crate) fn io_level(value: u32) -> Result<u32, NtStatus> {
    within(value, HIGHEST_IO)
}

/// A level of pages that a program can set.
pub(crate) fn page_level(value: u32) -> Result<u32, NtStatus> {
    within(value, HIGHEST_PAGE)
}

fn within(value: u32, highest: u32) -> Result<u32, NtStatus> {
    match value <= highest {
        true => Ok(value),
        false => Err(NtStatus::INVALID_PARAMETER),
    }
}
