//! Numbers and structures of `NtPowerInformation`.

/// POWER_INFORMATION_LEVEL: [`SystemPowerCapabilities`].
pub const POWER_SYSTEM_POWER_CAPABILITIES: u32 = 4;
/// [`SystemBatteryState`].
pub const POWER_SYSTEM_BATTERY_STATE: u32 = 5;
/// A [`ProcessorPowerInformation`] for each processor.
pub const POWER_PROCESSOR_INFORMATION: u32 = 11;
/// When it last woke, 8 bytes.
pub const POWER_LAST_WAKE_TIME: u32 = 14;
/// When it last fell asleep, 8 bytes.
pub const POWER_LAST_SLEEP_TIME: u32 = 15;
/// `ES_*` of all threads together, 4 bytes.
pub const POWER_SYSTEM_EXECUTION_STATE: u32 = 16;
/// The last one that NT knows.
pub const POWER_LAST_CLASS: u32 = 95;

layout! {
    /// `SYSTEM_POWER_CAPABILITIES`.
    pub struct SystemPowerCapabilities, size 0x4c {
        /// Buttons and lid, states of sleep.
        0x00 buttons_and_states: [u8; 9],
        /// Whether it is awake as a whole when it wakes.
        0x09 is_full_wake: u8,
        /// Whether the display is dimmed, and other savings.
        0x0a savings: [u8; 3],
        /// Whether the processor can be slowed down.
        0x0d has_throttle: u8,
        /// To so many percent.
        0x0e processor_minimum_throttle: u8,
        /// From so many.
        0x0f processor_maximum_throttle: u8,
        /// Fast start, hybrid sleep, and more of the kind.
        0x10 more: [u8; 14],
        /// Whether there are batteries, for a short while only, and how large.
        0x1e batteries: [u8; 2],
        /// How full a battery is when it says so.
        0x20 battery_scales: [[u32; 2]; 3],
        /// States of sleep that wake in these ways.
        0x38 wake_states: [u32; 5],
    }
}

layout! {
    /// `SYSTEM_BATTERY_STATE`.
    pub struct SystemBatteryState, size 0x20 {
        /// On the mains.
        0x00 is_ac_online: u8,
        /// There is a battery.
        0x01 has_battery: u8,
        /// It is charged.
        0x02 is_charging: u8,
        /// It is discharged.
        0x03 is_discharging: u8,
        /// Padding.
        0x04 reserved_04: [u8; 4],
        /// How much it can hold.
        0x08 maximum_capacity: u32,
        /// How much it holds.
        0x0c remaining_capacity: u32,
        /// How fast that changes.
        0x10 rate: u32,
        /// Seconds until it is empty.
        0x14 estimated_time: u32,
        /// When it alerts.
        0x18 default_alerts: [u32; 2],
    }
}

layout! {
    /// `PROCESSOR_POWER_INFORMATION`.
    pub struct ProcessorPowerInformation, size 0x18 {
        /// Its number.
        0x00 number: u32,
        /// The fastest it can.
        0x04 maximum_mhz: u32,
        /// Now.
        0x08 current_mhz: u32,
        /// The fastest it may.
        0x0c limit_mhz: u32,
        /// States of idling.
        0x10 maximum_idle_state: u32,
        /// The one that it is in.
        0x14 current_idle_state: u32,
    }
}
