//! What is known of objects that signal.

layout! {
    /// `EVENT_BASIC_INFORMATION`.
    pub struct EventBasicInformation, size 0x8 {
        /// 0: notification; 1: synchronization.
        0x0 event_type: u32,
        /// 1: signalled.
        0x4 event_state: u32,
    }
}
layout! {
    /// `SEMAPHORE_BASIC_INFORMATION`.
    pub struct SemaphoreBasicInformation, size 0x8 {
        /// What it counts.
        0x0 current_count: u32,
        /// What it may count.
        0x4 maximum_count: u32,
    }
}
layout! {
    /// `MUTANT_BASIC_INFORMATION`.
    pub struct MutantBasicInformation, size 0x8 {
        /// 1 less the acquisitions.
        0x0 current_count: i32,
        /// 1: the caller owns it.
        0x4 owned_by_caller: u8,
        /// 1: abandoned.
        0x5 abandoned_state: u8,
        /// Padding.
        0x6 reserved_06: u16,
    }
}
layout! {
    /// `TIMER_BASIC_INFORMATION`.
    pub struct TimerBasicInformation, size 0x10 {
        /// Time until it is due.
        0x0 remaining_time_100ns: i64,
        /// 1: signalled.
        0x8 timer_state: u8,
        /// Padding.
        0x9 reserved_09: [u8; 7],
    }
}
