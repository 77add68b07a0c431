//! KUSER_SHARED_DATA: the read-only page every process sees (W 3.3).

/// Address of the page in every process.
pub const USER_SHARED_DATA: u64 = 0x7FFE_0000;
/// [`UserSharedData::tick_count_multiplier`]: a tick is 1 ms.
pub const TICK_COUNT_MULTIPLIER: u32 = 1 << 24;
/// [`UserSharedData::performance_frequency`]: counts of 100 ns.
pub const PERFORMANCE_FREQUENCY: i64 = 10_000_000;
/// [`UserSharedData::build_number`].
pub const BUILD_NUMBER: u32 = 19_045;
/// [`UserSharedData::native_processor_architecture`]: AMD64.
pub const PROCESSOR_ARCHITECTURE_AMD64: u16 = 9;
/// [`UserSharedData::image_numbers`].
pub const IMAGE_FILE_MACHINE_AMD64: u16 = 0x8664;
/// 100 ns units from 1601-01-01 to 1970-01-01, both UTC.
pub const UNIX_EPOCH_100NS: u64 = 116_444_736_000_000_000;

layout! {
    /// `KSYSTEM_TIME`: 64 bits that a reader without 64-bit loads can check.
    ///
    /// The writer stores `high2`, `low`, `high1` in this order; a reader takes
    /// `high1`, `low`, `high2` and repeats until the two high parts agree.
    pub struct SystemTime, size 0xc {
        /// Low half.
        0x0 low: u32,
        /// High half, written last.
        0x4 high1: u32,
        /// High half, written first.
        0x8 high2: u32,
    }
}

layout! {
    /// `KUSER_SHARED_DATA`; what is not named is 0.
    pub struct UserSharedData, size 0x710 {
        /// Low half of [`UserSharedData::tick_count_ms`].
        0x000 tick_count_low_ms: u32,
        /// [`TICK_COUNT_MULTIPLIER`].
        0x004 tick_count_multiplier: u32,
        /// 100 ns since boot.
        0x008 interrupt_time_100ns: SystemTime,
        /// 100 ns since 1601 UTC.
        0x014 system_time_100ns: SystemTime,
        /// 100 ns to subtract from UTC for local time.
        0x020 time_zone_bias_100ns: SystemTime,
        /// The machines whose images run, lowest and highest number:
        /// [`IMAGE_FILE_MACHINE_AMD64`] both.
        0x02c image_numbers: [u16; 2],
        /// `C:\windows` in UTF-16, terminated by 0.
        0x030 system_root: [u16; 260],
        /// Stack-trace depth, crypto, 0.
        0x238 reserved_238: [u8; 8],
        /// 0.
        0x240 time_zone_id: u32,
        /// Bytes of a large page.
        0x244 large_page_minimum_bytes: u32,
        /// Policies.
        0x248 reserved_248: [u8; 0x18],
        /// [`BUILD_NUMBER`].
        0x260 build_number: u32,
        /// 1: workstation.
        0x264 product_type: u32,
        /// 1.
        0x268 product_type_is_valid: u8,
        /// Padding.
        0x269 reserved_269: u8,
        /// [`PROCESSOR_ARCHITECTURE_AMD64`].
        0x26a native_processor_architecture: u16,
        /// 10.
        0x26c major_version: u32,
        /// 0.
        0x270 minor_version: u32,
        /// One byte for each `PF_*` number, 1 = present.
        0x274 processor_features: [u8; 64],
        /// Time slip and expiry data.
        0x2b4 reserved_2b4: [u8; 0x1c],
        /// 100h.
        0x2d0 suite_mask: u32,
        /// Kernel debugger; 0.
        0x2d4 kernel_debugger: u8,
        /// 2: opt-in.
        0x2d5 nx_support_policy: u8,
        /// Time slip, sessions.
        0x2d6 reserved_2d6: [u8; 0x12],
        /// Pages of memory.
        0x2e8 physical_pages: u32,
        /// Safe-boot flags.
        0x2ec reserved_2ec: [u8; 0x14],
        /// [`PERFORMANCE_FREQUENCY`].
        0x300 performance_frequency: i64,
        /// 0: programs use the `syscall` instruction.
        0x308 system_call: u32,
        /// Boot flags and padding.
        0x30c reserved_30c: [u8; 0x14],
        /// ms since boot, 64 bits.
        0x320 tick_count_ms: SystemTime,
        /// Padding.
        0x32c reserved_32c: u32,
        /// Random.
        0x330 cookie: u32,
        /// Console session, time updates.
        0x334 reserved_334: [u8; 0x2e],
        /// Processors that are awake.
        0x362 unparked_processor_count: u16,
        /// Enclaves, tracing, image options.
        0x364 reserved_364: [u8; 0x4c],
        /// How long it slept, in 100 ns.
        0x3b0 interrupt_time_bias_100ns: u64,
        /// 0.
        0x3b8 performance_bias: u64,
        /// Processors in use.
        0x3c0 active_processor_count: u32,
        /// Groups of processors.
        0x3c4 active_group_count: u8,
        /// Padding.
        0x3c5 reserved_3c5: u8,
        /// 0: the counter is read by system call.
        0x3c6 performance_bypass_enabled: u8,
        /// 0.
        0x3c7 performance_shift: u8,
        /// Time-zone dates.
        0x3c8 reserved_3c8: [u8; 0x10],
        /// XSTATE_CONFIGURATION; its first word 0 says: no extended state.
        0x3d8 extended_state: [u64; 0x67],
    }
}

/// Index in [`UserSharedData::processor_features`]: MMX.
pub const FEATURE_MMX: usize = 3;
/// Index in [`UserSharedData::processor_features`]: SSE.
pub const FEATURE_SSE: usize = 6;
/// Index in [`UserSharedData::processor_features`]: `rdtsc`.
pub const FEATURE_RDTSC: usize = 8;
/// Index in [`UserSharedData::processor_features`]: page-table extensions.
pub const FEATURE_PAE: usize = 9;
/// Index in [`UserSharedData::processor_features`]: SSE2.
pub const FEATURE_SSE2: usize = 10;
/// Index in [`UserSharedData::processor_features`]: no-execute pages.
pub const FEATURE_NX: usize = 12;
/// Index in [`UserSharedData::processor_features`]: `cmpxchg8b`.
pub const FEATURE_COMPARE_EXCHANGE_8: usize = 2;
/// Index in [`UserSharedData::processor_features`]: `cmpxchg16b`.
pub const FEATURE_COMPARE_EXCHANGE_16: usize = 14;
/// Index in [`UserSharedData::processor_features`]: fast fail, `int 29h`.
pub const FEATURE_FAST_FAIL: usize = 23;
/// Index in [`UserSharedData::processor_features`]: SSE3.
pub const FEATURE_SSE3: usize = 13;
/// Index in [`UserSharedData::processor_features`]: XSAVE, switched on.
pub const FEATURE_XSAVE: usize = 17;
/// Index in [`UserSharedData::processor_features`]: programs may set their segment bases.
pub const FEATURE_RDWRFSGSBASE: usize = 22;
/// Index in [`UserSharedData::processor_features`]: `rdrand`.
pub const FEATURE_RDRAND: usize = 28;
/// Index in [`UserSharedData::processor_features`]: `rdtscp`.
pub const FEATURE_RDTSCP: usize = 32;
/// Index in [`UserSharedData::processor_features`]: `rdpid`.
pub const FEATURE_RDPID: usize = 33;
/// Index in [`UserSharedData::processor_features`]: SSSE3.
pub const FEATURE_SSSE3: usize = 36;
/// Index in [`UserSharedData::processor_features`]: SSE4.1.
pub const FEATURE_SSE4_1: usize = 37;
/// Index in [`UserSharedData::processor_features`]: SSE4.2.
pub const FEATURE_SSE4_2: usize = 38;
/// Index in [`UserSharedData::processor_features`]: AVX.
pub const FEATURE_AVX: usize = 39;
/// Index in [`UserSharedData::processor_features`]: AVX2.
pub const FEATURE_AVX2: usize = 40;
/// Index in [`UserSharedData::processor_features`]: fast `rep movsb`.
pub const FEATURE_ERMS: usize = 42;
/// Index in [`UserSharedData::processor_features`]: BMI2.
pub const FEATURE_BMI2: usize = 43;

#[cfg(test)]
mod tests {
    use super::UNIX_EPOCH_100NS;

    #[test]
    fn unix_epoch_is_369_years_with_89_leap_days_after_1601() {
        let days = 369 * 365 + 89;
        assert_eq!(UNIX_EPOCH_100NS, days * 24 * 3600 * 10_000_000);
    }
}
