//! KUSER_SHARED_DATA: one page that every process reads and each tick updates.

use abi::context::{XSTATE_BYTES, XSTATE_FEATURES, XSTATE_PLACES};
use abi::user_shared::*;
use core::mem::offset_of;
use executive::{Error, random};
use hal::cpu::features;
use hal::cpu::identity::{self, Abilities};
use hal::memory::{OwnedFrame, PermanentFrame, PublishedPage};
use spin::Once;
use zerocopy::{FromZeros, IntoBytes};

use crate::time::uptime_100ns;

/// Where Windows is.
pub(crate) const SYSTEM_ROOT: &str = "C:\\windows";
const PER_MS: u64 = 10_000;

static PAGE: Once<PublishedPage> = Once::new();

/// The major number of the version of Windows that programs see.
pub(crate) const MAJOR_VERSION: u32 = 10;
/// The minor one.
pub(crate) const MINOR_VERSION: u32 = 0;

/// What every processor with a 64-bit mode can do.
const ALWAYS: [usize; 7] = [
    FEATURE_COMPARE_EXCHANGE_8,
    FEATURE_MMX,
    FEATURE_SSE,
    FEATURE_RDTSC,
    FEATURE_PAE,
    FEATURE_SSE2,
    FEATURE_FAST_FAIL,
];
/// What some can.
const SOMETIMES: [(Abilities, usize); 14] = [
    (Abilities::CMPXCHG16B, FEATURE_COMPARE_EXCHANGE_16),
    (Abilities::SSE3, FEATURE_SSE3),
    (Abilities::SSSE3, FEATURE_SSSE3),
    (Abilities::SSE4_1, FEATURE_SSE4_1),
    (Abilities::SSE4_2, FEATURE_SSE4_2),
    (Abilities::AVX, FEATURE_AVX),
    (Abilities::AVX2, FEATURE_AVX2),
    (Abilities::XSAVE, FEATURE_XSAVE),
    (Abilities::RDTSCP, FEATURE_RDTSCP),
    (Abilities::FSGSBASE, FEATURE_RDWRFSGSBASE),
    (Abilities::RDRAND, FEATURE_RDRAND),
    (Abilities::RDPID, FEATURE_RDPID),
    (Abilities::BMI2, FEATURE_BMI2),
    (Abilities::ERMS, FEATURE_ERMS),
];

/// What the processor can do, by IsProcessorFeaturePresent's numbers.
pub(crate) fn processor_features() -> impl Iterator<Item = usize> {
    let nx = features::has_no_execute().then_some(FEATURE_NX);
    let abilities = identity::abilities();
    let more = SOMETIMES
        .into_iter()
        .filter_map(move |(ability, feature)| abilities.contains(ability).then_some(feature));
    ALWAYS.into_iter().chain(nx).chain(more)
}

/// Makes the page. Once.
pub fn init() -> Result<(), Error> {
    let mut data = UserSharedData::new_zeroed();
    data.tick_count_multiplier = TICK_COUNT_MULTIPLIER;
    for (place, unit) in data.system_root.iter_mut().zip(SYSTEM_ROOT.encode_utf16()) {
        *place = unit;
    }
    data.large_page_minimum_bytes = 0x20_0000;
    data.build_number = BUILD_NUMBER;
    data.product_type = 1;
    data.product_type_is_valid = 1;
    data.native_processor_architecture = PROCESSOR_ARCHITECTURE_AMD64;
    data.major_version = MAJOR_VERSION;
    data.minor_version = MINOR_VERSION;
    for index in processor_features() {
        if let Some(feature) = data.processor_features.get_mut(index) {
            *feature = 1;
        }
    }
    data.suite_mask = 0x100;
    data.nx_support_policy = 2;
    let frames = hal::memory::frame_counts().total;
    data.physical_pages = u32::try_from(frames).unwrap_or(u32::MAX);
    data.performance_frequency = PERFORMANCE_FREQUENCY;
    data.cookie = random::next32();
    data.image_numbers = [IMAGE_FILE_MACHINE_AMD64; 2];
    data.active_processor_count = 1;
    data.unparked_processor_count = 1;
    data.active_group_count = 1;

    describe_extended_state(&mut data.extended_state);

    let mut frame = OwnedFrame::zeroed()?;
    let bytes = data.as_bytes();
    frame
        .bytes_mut()
        .get_mut(..bytes.len())
        .ok_or(Error::TooLong)?
        .copy_from_slice(bytes);
    PAGE.call_once(|| PublishedPage::new(frame));
    tick();
    Ok(())
}

/// Fills XSTATE_CONFIGURATION (NT `ntddk.h`) where there are AVX registers: features,
/// those that calls do not keep, the size, then each feature's place.
fn describe_extended_state(words: &mut [u64]) {
    const HALF_BITS: u32 = 32;
    if !hal::thread::has_avx() {
        return;
    }
    let places =
        XSTATE_PLACES.map(|(offset, bytes)| u64::from(bytes) << HALF_BITS | u64::from(offset));
    let first = [XSTATE_FEATURES, XSTATE_FEATURES, XSTATE_BYTES.into()];
    for (word, value) in words.iter_mut().zip(first.into_iter().chain(places)) {
        *word = value;
    }
}

/// The page as processes see it.
pub(crate) fn view() -> Result<PermanentFrame, Error> {
    PAGE.get()
        .map(PublishedPage::view)
        .ok_or(Error::OutOfMemory)
}

/// Brings the clocks up to date.
pub fn tick() {
    let Some(page) = PAGE.get() else { return };
    let now = uptime_100ns();
    let milliseconds = now.wrapping_div(PER_MS);
    store(page, offset_of!(UserSharedData, interrupt_time_100ns), now);
    store(
        page,
        offset_of!(UserSharedData, system_time_100ns),
        crate::time::system_time_100ns(),
    );
    store(
        page,
        offset_of!(UserSharedData, tick_count_ms),
        milliseconds,
    );
    let [a, b, c, d, ..] = milliseconds.to_le_bytes();
    page.store(
        offset_of!(UserSharedData, tick_count_low_ms),
        u32::from_le_bytes([a, b, c, d]),
    );
}

/// Stores a KSYSTEM_TIME in the order that lets readers notice a change.
fn store(page: &PublishedPage, offset: usize, value: u64) {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    let (low, high) = (
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
    );
    let field = |part: usize| offset.saturating_add(part);
    page.store(field(offset_of!(SystemTime, high2)), high);
    page.store(field(offset_of!(SystemTime, low)), low);
    page.store(field(offset_of!(SystemTime, high1)), high);
}
