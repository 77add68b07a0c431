//! Numbers and structures of events, semaphores, mutants, timers and waits.

/// Stays signalled until it is reset (NT `ntdef.h`, as all types here).
pub const NOTIFICATION_EVENT: u32 = 0;
/// Lets one waiter go, then it is reset.
pub const SYNCHRONIZATION_EVENT: u32 = 1;
/// Stays signalled until it is set again.
pub const NOTIFICATION_TIMER: u32 = 0;
/// Lets one waiter go, then it is not signalled.
pub const SYNCHRONIZATION_TIMER: u32 = 1;
/// `NtWaitForMultipleObjects` waits for all objects at once.
pub const WAIT_ALL: u32 = 0;
/// `NtWaitForMultipleObjects` waits for the first object.
pub const WAIT_ANY: u32 = 1;
/// Most objects of one wait (NT `winnt.h`).
pub const MAXIMUM_WAIT_OBJECTS: usize = 64;

/// Class of `NtQueryEvent`: [`EventBasicInformation`].
pub const EVENT_BASIC_INFORMATION: u32 = 0;
/// Class of `NtQuerySemaphore`: [`SemaphoreBasicInformation`].
pub const SEMAPHORE_BASIC_INFORMATION: u32 = 0;
/// Class of `NtQueryMutant`: [`MutantBasicInformation`].
pub const MUTANT_BASIC_INFORMATION: u32 = 0;
/// Class of `NtQueryMutant`: [`MutantOwnerInformation`].
pub const MUTANT_OWNER_INFORMATION: u32 = 1;
/// Class of `NtQueryTimer`: [`TimerBasicInformation`].
pub const TIMER_BASIC_INFORMATION: u32 = 0;
/// Class of `NtSetTimerEx`: [`TimerSetCoalescableTimerInformation`].
pub const TIMER_SET_COALESCABLE_TIMER: u32 = 0;

layout! {
    /// `EVENT_BASIC_INFORMATION` (phnt `ntexapi.h`, as all structures here).
    pub struct EventBasicInformation, size 0x8 {
        /// [`NOTIFICATION_EVENT`] or [`SYNCHRONIZATION_EVENT`].
        0x00 event_type: u32,
        /// 1 if signalled, else 0.
        0x04 event_state: i32,
    }
}

layout! {
    /// `SEMAPHORE_BASIC_INFORMATION`.
    pub struct SemaphoreBasicInformation, size 0x8 {
        /// How many waits succeed now.
        0x00 current_count: i32,
        /// Most the count can be.
        0x04 maximum_count: i32,
    }
}

layout! {
    /// `MUTANT_BASIC_INFORMATION`.
    pub struct MutantBasicInformation, size 0x8 {
        /// 1 if free, 0 if owned, less if owned more than once.
        0x00 current_count: i32,
        /// Whether the calling thread owns it.
        0x04 is_owned_by_caller: u8,
        /// Whether its owner ended without releasing it.
        0x05 is_abandoned: u8,
        /// Padding.
        0x06 reserved_06: u16,
    }
}

layout! {
    /// `MUTANT_OWNER_INFORMATION`.
    pub struct MutantOwnerInformation, size 0x10 {
        /// The owner; all zero without one.
        0x00 client_id: crate::thread::ClientId,
    }
}

layout! {
    /// `TIMER_BASIC_INFORMATION`.
    pub struct TimerBasicInformation, size 0x10 {
        /// Until it is signalled; negative afterwards.
        0x00 remaining_time_100ns: i64,
        /// Whether it is.
        0x08 is_signalled: u8,
        /// Padding.
        0x09 reserved_09: [u8; 7],
    }
}

layout! {
    /// `TIMER_SET_COALESCABLE_TIMER_INFO`.
    pub struct TimerSetCoalescableTimerInformation, size 0x30 {
        /// Relative when negative.
        0x00 due_time_100ns: i64,
        /// User address of the APC's function, or 0.
        0x08 apc_routine: u64,
        /// Its argument.
        0x10 apc_context: u64,
        /// Whether to wake the machine; 0.
        0x18 wake_context: u64,
        /// 0: once.
        0x20 period_ms: u32,
        /// How late it may be.
        0x24 tolerable_delay_ms: u32,
        /// User address of a BOOLEAN, or 0.
        0x28 previous_state: u64,
    }
}
