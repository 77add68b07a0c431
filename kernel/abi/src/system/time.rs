//! The clocks and the time zone.

layout! {
    /// `SYSTEM_TIMEOFDAY_INFORMATION`; old programs know its beginnings.
    pub struct SystemTimeOfDayInformation, size 0x30 {
        /// When the system began, since 1601 UTC.
        0x00 boot_time_100ns: i64,
        /// Now, since 1601 UTC.
        0x08 current_time_100ns: i64,
        /// What to subtract for local time.
        0x10 time_zone_bias_100ns: i64,
        /// Which rule of the zone holds; 0: it has one.
        0x18 time_zone_id: u32,
        /// 0.
        0x1c reserved_1c: u32,
        /// How far the clock was set since the system began.
        0x20 boot_time_bias_100ns: u64,
        /// How long it slept.
        0x28 sleep_time_bias_100ns: u64,
    }
}

layout! {
    /// `SYSTEM_QUERY_TIME_ADJUST_INFORMATION`.
    pub struct SystemTimeAdjustmentInformation, size 0xc {
        /// What the clock goes on each tick.
        0x0 adjustment_100ns: u32,
        /// How long a tick is.
        0x4 increment_100ns: u32,
        /// 1: the clock goes with the ticks.
        0x8 is_disabled: u8,
        /// Padding.
        0x9 reserved_9: [u8; 3],
    }
}

layout! {
    /// `SYSTEM_SET_TIME_ADJUST_INFORMATION`.
    pub struct SystemSetTimeAdjustInformation, size 0x8 {
        /// What the clock is to go on each tick.
        0x0 adjustment_100ns: u32,
        /// 1: it is to go with the ticks.
        0x4 is_disabled: u8,
        /// Padding.
        0x5 reserved_5: [u8; 3],
    }
}

layout! {
    /// `SYSTEM_QUERY_PERFORMANCE_COUNTER_INFORMATION`.
    pub struct SystemQueryPerformanceCounterInformation, size 0xc {
        /// [`PERFORMANCE_COUNTER_VERSION`], set by the caller.
        0x0 version: u32,
        /// What holds.
        0x4 flags: u32,
        /// Which of the flags mean something.
        0x8 valid_flags: u32,
    }
}

/// [`SystemQueryPerformanceCounterInformation::version`].
pub const PERFORMANCE_COUNTER_VERSION: u32 = 1;

/// Characters of the names in [`TimeZoneInformation`], with a terminator.
pub const TIME_ZONE_NAME_UNITS: usize = 32;
/// `TIME_ZONE_ID_UNKNOWN`: the zone has one rule.
pub const TIME_ZONE_ID_UNKNOWN: u32 = 0;

layout! {
    /// `RTL_TIME_ZONE_INFORMATION`.
    pub struct TimeZoneInformation, size 0xac {
        /// Minutes from local time to UTC.
        0x00 bias_minutes: i32,
        /// Its name.
        0x04 standard_name: [u16; TIME_ZONE_NAME_UNITS],
        /// When its rule begins; zeros: there is no other.
        0x44 standard_start: [u16; 8],
        /// Minutes more.
        0x54 standard_bias_minutes: i32,
        /// Its name in summer.
        0x58 daylight_name: [u16; TIME_ZONE_NAME_UNITS],
        /// When its summer begins.
        0x98 daylight_start: [u16; 8],
        /// Minutes more then.
        0xa8 daylight_bias_minutes: i32,
    }
}

layout! {
    /// `RTL_DYNAMIC_TIME_ZONE_INFORMATION`.
    pub struct DynamicTimeZoneInformation, size 0x1b0 {
        /// The same.
        0x000 zone: TimeZoneInformation,
        /// Its key in the registry.
        0x0ac key_name: [u16; 128],
        /// 1: its summer is not used.
        0x1ac is_daylight_time_disabled: u8,
        /// Padding.
        0x1ad reserved_1ad: [u8; 3],
    }
}
