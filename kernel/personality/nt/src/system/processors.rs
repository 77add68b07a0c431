//! What processors there are: one, with its caches.

use abi::NtStatus;
use abi::system::*;
use abi::thread::GroupAffinity;
use abi::user_shared::PROCESSOR_ARCHITECTURE_AMD64;
use hal::cpu::features;
use hal::cpu::identity::{self, Abilities, Cache, Holds};
use zerocopy::{FromZeros, IntoBytes};

use super::list::Bytes;
use crate::call::Outcome;
use crate::query::Query;
use crate::thread::ALL_PROCESSORS;

/// Bytes of a line of any cache of x86-64's.
pub(super) const SHARED_DATA_ALIGNMENT: u32 = 64;
/// What 32-bit programs know AMD64 as: Intel's.
const PROCESSOR_ARCHITECTURE_INTEL: u16 = 0;

/// What every processor with a 64-bit mode has.
const BASE_FEATURES: u32 = KF_V86_VIS
    | KF_RDTSC
    | KF_CR4
    | KF_CMOV
    | KF_GLOBAL_PAGE
    | KF_LARGE_PAGE
    | KF_CMPXCHG8B
    | KF_MMX
    | KF_FXSR
    | KF_FAST_SYSCALL
    | KF_XMMI
    | KF_XMMI64;

pub(super) fn processor(class: u32) -> SystemProcessorInformation {
    let signature = Signature(features::signature());
    let abilities = identity::abilities();
    let more = [
        (Abilities::MTRR, KF_MTRR),
        (Abilities::PAT, KF_PAT),
        (Abilities::CMPXCHG16B, KF_CMPXCHG16B),
        (Abilities::XSAVE, KF_XSTATE),
    ];
    let more = more
        .into_iter()
        .filter(|(ability, _)| abilities.contains(*ability))
        .fold(BASE_FEATURES, |bits, (_, bit)| bits | bit);
    SystemProcessorInformation {
        architecture: match class {
            SYSTEM_EMULATION_PROCESSOR_INFORMATION => PROCESSOR_ARCHITECTURE_INTEL,
            _ => PROCESSOR_ARCHITECTURE_AMD64,
        },
        level: signature.family(),
        revision: signature.model() << 8 | signature.stepping(),
        processor_count: 1,
        feature_bits: match features::has_no_execute() {
            true => more | KF_NOEXECUTE,
            false => more,
        },
    }
}

/// Intel SDM vol. 2, CPUID, figure 3-6.
struct Signature(u32);

impl Signature {
    /// So many bits from one on.
    const fn bits(&self, first: u32, count: u32) -> u16 {
        let bits = self.0 >> first & !(u32::MAX << count);
        let [a, b, ..] = bits.to_le_bytes();
        u16::from_le_bytes([a, b])
    }

    const fn family(&self) -> u16 {
        match self.bits(8, 4) {
            0xF => self.bits(20, 8).saturating_add(0xF),
            family => family,
        }
    }

    const fn model(&self) -> u16 {
        match self.bits(8, 4) {
            0x6 | 0xF => self.bits(16, 4) << 4 | self.bits(4, 4),
            _ => self.bits(4, 4),
        }
    }

    const fn stepping(&self) -> u16 {
        self.bits(0, 4)
    }
}

/// The processor's name.
pub(super) fn name(query: &Query) -> Outcome {
    let mut answer = Bytes::new();
    answer.put(identity::name().unwrap_or_default().as_bytes())?;
    answer.put(&0_u8)?;
    query.answer_all(&answer.0, NtStatus::INFO_LENGTH_MISMATCH)
}

/// The processor as core, package and node, and its caches.
pub(super) fn logical(query: &Query) -> Outcome {
    let mut answer = Bytes::new();
    let entry = |relationship| {
        let mut entry = SystemLogicalProcessorInformation::new_zeroed();
        entry.processors_mask = ALL_PROCESSORS;
        entry.relationship = relationship;
        entry
    };
    answer.put(&entry(RELATION_PROCESSOR_CORE))?;
    answer.put(&entry(RELATION_PROCESSOR_PACKAGE))?;
    for cache in identity::caches() {
        let mut entry = entry(RELATION_CACHE);
        entry.cache = descriptor(&cache);
        answer.put(&entry)?;
    }
    answer.put(&entry(RELATION_NUMA_NODE))?;
    query.answer_all(&answer.0, NtStatus::INFO_LENGTH_MISMATCH)
}

fn descriptor(cache: &Cache) -> CacheDescriptor {
    CacheDescriptor {
        level: cache.level,
        associativity: cache.associativity,
        line_bytes: cache.line_bytes,
        size_bytes: cache.size_bytes,
        cache_type: match cache.holds {
            Holds::Everything => CACHE_UNIFIED,
            Holds::Instructions => CACHE_INSTRUCTION,
            Holds::Data => CACHE_DATA,
        },
    }
}

/// The same with the group of processors, all of it or one relation.
pub(super) fn relations(query: &Query, relation: u32) -> Outcome {
    if relation > RELATION_GROUP && relation != RELATION_ALL {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let wants = |one| relation == RELATION_ALL || relation == one;
    let mut answer = Bytes::new();
    for relationship in [RELATION_PROCESSOR_CORE, RELATION_PROCESSOR_PACKAGE] {
        if wants(relationship) {
            let mut entry = ProcessorRelationship::new_zeroed();
            entry.relationship = relationship;
            entry.size_bytes = size_of_val(&entry) as u32;
            entry.group_count = 1;
            entry.group = group();
            answer.put(&entry)?;
        }
    }
    for cache in identity::caches() {
        if wants(RELATION_CACHE) {
            let mut entry = CacheRelationship::new_zeroed();
            entry.relationship = RELATION_CACHE;
            entry.size_bytes = size_of_val(&entry) as u32;
            entry.cache = descriptor(&cache);
            entry.group_count = 1;
            entry.group = group();
            answer.put(&entry)?;
        }
    }
    if wants(RELATION_NUMA_NODE) {
        let mut entry = NumaNodeRelationship::new_zeroed();
        entry.relationship = RELATION_NUMA_NODE;
        entry.size_bytes = size_of_val(&entry) as u32;
        entry.group_count = 1;
        entry.group = group();
        answer.put(&entry)?;
    }
    if wants(RELATION_GROUP) {
        let mut entry = GroupRelationship::new_zeroed();
        entry.relationship = RELATION_GROUP;
        entry.size_bytes = size_of_val(&entry) as u32;
        entry.maximum_group_count = 1;
        entry.active_group_count = 1;
        entry.maximum_processor_count = 1;
        entry.active_processor_count = 1;
        entry.active_processors_mask = ALL_PROCESSORS;
        answer.put(&entry)?;
    }
    query.answer_all(&answer.0, NtStatus::INFO_LENGTH_MISMATCH)
}

/// The one processor as a set; their numbers begin with 256.
pub(super) fn cpu_set() -> SystemCpuSetInformation {
    const FIRST_ID: u32 = 0x100;
    let mut set = SystemCpuSetInformation::new_zeroed();
    set.size_bytes = size_of_val(&set) as u32;
    set.id = FIRST_ID;
    set
}

/// There is one kind of programs.
pub(super) fn architectures(query: &Query, is_of_process: bool) -> Outcome {
    const MACHINE_AMD64: u32 = 0x8664;
    let of_process = match is_of_process {
        true => ARCHITECTURE_PROCESS,
        false => 0,
    };
    let native = ARCHITECTURE_KERNEL_MODE | ARCHITECTURE_USER_MODE | ARCHITECTURE_NATIVE;
    let answer = [MACHINE_AMD64 | native | of_process, 0];
    query.answer_all(answer.as_bytes(), NtStatus::BUFFER_TOO_SMALL)
}

fn group() -> GroupAffinity {
    let mut group = GroupAffinity::new_zeroed();
    group.mask = ALL_PROCESSORS;
    group
}
