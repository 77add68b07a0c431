//! What the processor is and what programs may use of it.

use arrayvec::{ArrayString, ArrayVec};
use bitflags::bitflags;
use raw_cpuid::{CacheType, CpuId};
use x86_64::registers::control::{Cr4, Cr4Flags};

use super::features::{self, ExtendedState};

bitflags! {
    /// Instructions and mechanisms that not every processor with a 64-bit mode has.
    /// What needs the kernel's help is there only where the kernel gives it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Abilities: u32 {
        /// SSE3.
        const SSE3 = 1 << 0;
        /// SSSE3.
        const SSSE3 = 1 << 1;
        /// SSE4.1.
        const SSE4_1 = 1 << 2;
        /// SSE4.2.
        const SSE4_2 = 1 << 3;
        /// AVX, and its registers are kept.
        const AVX = 1 << 4;
        /// AVX2.
        const AVX2 = 1 << 5;
        /// XSAVE is switched on.
        const XSAVE = 1 << 6;
        /// RDTSCP.
        const RDTSCP = 1 << 7;
        /// Programs may change their segment bases themselves.
        const FSGSBASE = 1 << 8;
        /// RDRAND.
        const RDRAND = 1 << 9;
        /// RDPID.
        const RDPID = 1 << 10;
        /// BMI2.
        const BMI2 = 1 << 11;
        /// Fast REP MOVSB.
        const ERMS = 1 << 12;
        /// Memory type range registers.
        const MTRR = 1 << 13;
        /// The page attribute table.
        const PAT = 1 << 14;
        /// CMPXCHG16B.
        const CMPXCHG16B = 1 << 15;
    }
}

/// Most caches that are told of.
const MOST_CACHES: usize = 8;
/// Bytes of the longest name of a processor.
const NAME_BYTES: usize = 48;

/// What a cache holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Both.
    Everything,
    /// Instructions.
    Instructions,
    /// Data.
    Data,
}

/// A cache of the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cache {
    /// 1 is nearest to the processor.
    pub level: u8,
    /// What it holds.
    pub holds: Holds,
    /// Ways; 255: fully associative.
    pub associativity: u8,
    /// Bytes of a line.
    pub line_bytes: u16,
    /// Bytes of all of it.
    pub size_bytes: u32,
}

/// What programs may use.
pub fn abilities() -> Abilities {
    let cpuid = CpuId::new();
    let mut found = Abilities::empty();
    if let Some(basic) = cpuid.get_feature_info() {
        found.set(Abilities::SSE3, basic.has_sse3());
        found.set(Abilities::SSSE3, basic.has_ssse3());
        found.set(Abilities::SSE4_1, basic.has_sse41());
        found.set(Abilities::SSE4_2, basic.has_sse42());
        found.set(Abilities::RDRAND, basic.has_rdrand());
        found.set(Abilities::MTRR, basic.has_mtrr());
        found.set(Abilities::PAT, basic.has_pat());
        found.set(Abilities::CMPXCHG16B, basic.has_cmpxchg16b());
    }
    let has_xsave = matches!(features::extended_state(), ExtendedState::Xsave(_));
    let has_avx = crate::thread::has_avx();
    found.set(Abilities::XSAVE, has_xsave);
    found.set(Abilities::AVX, has_avx);
    if let Some(more) = cpuid.get_extended_feature_info() {
        found.set(Abilities::AVX2, has_avx && more.has_avx2());
        found.set(Abilities::RDPID, more.has_rdpid());
        found.set(Abilities::BMI2, more.has_bmi2());
        found.set(Abilities::ERMS, more.has_rep_movsb_stosb());
    }
    if let Some(more) = cpuid.get_extended_processor_and_feature_identifiers() {
        found.set(Abilities::RDTSCP, more.has_rdtscp());
    }
    found.set(
        Abilities::FSGSBASE,
        Cr4::read().contains(Cr4Flags::FSGSBASE),
    );
    found
}

/// The processor's caches, those nearest to it first.
pub fn caches() -> ArrayVec<Cache, MOST_CACHES> {
    let mut caches = ArrayVec::new();
    let described = CpuId::new().get_cache_parameters();
    for cache in described.into_iter().flatten() {
        let holds = match cache.cache_type() {
            CacheType::Data => Holds::Data,
            CacheType::Instruction => Holds::Instructions,
            CacheType::Unified => Holds::Everything,
            CacheType::Null | CacheType::Reserved => continue,
        };
        let product = [
            cache.physical_line_partitions(),
            cache.coherency_line_size(),
            cache.sets(),
        ];
        let size = product
            .into_iter()
            .fold(cache.associativity(), |size, by| size.saturating_mul(by));
        let associativity = match cache.is_fully_associative() {
            true => u8::MAX,
            false => u8::try_from(cache.associativity()).unwrap_or(u8::MAX - 1),
        };
        // More than anybody has are left out.
        let _ = caches.try_push(Cache {
            level: cache.level(),
            holds,
            associativity,
            line_bytes: u16::try_from(cache.coherency_line_size()).unwrap_or(u16::MAX),
            size_bytes: u32::try_from(size).unwrap_or(u32::MAX),
        });
    }
    caches
}

/// The processor's name, if it has one.
pub fn name() -> Option<ArrayString<NAME_BYTES>> {
    let brand = CpuId::new().get_processor_brand_string()?;
    ArrayString::from(brand.as_str().trim()).ok()
}
