//! What processors are.

use crate::thread::GroupAffinity;

layout! {
    /// `SYSTEM_PROCESSOR_INFORMATION`.
    pub struct SystemProcessorInformation, size 0xc {
        /// `PROCESSOR_ARCHITECTURE_AMD64`, 9.
        0x0 architecture: u16,
        /// Its family.
        0x2 level: u16,
        /// Its model in the upper byte, its stepping in the lower.
        0x4 revision: u16,
        /// How many there are.
        0x6 processor_count: u16,
        /// `KF_*`.
        0x8 feature_bits: u32,
    }
}

/// `KF_V86_VIS`: virtual 8086 mode.
pub const KF_V86_VIS: u32 = 1;
/// `KF_RDTSC`.
pub const KF_RDTSC: u32 = 2;
/// `KF_CR4`.
pub const KF_CR4: u32 = 4;
/// `KF_CMOV`.
pub const KF_CMOV: u32 = 8;
/// `KF_GLOBAL_PAGE`.
pub const KF_GLOBAL_PAGE: u32 = 0x10;
/// `KF_LARGE_PAGE`.
pub const KF_LARGE_PAGE: u32 = 0x20;
/// `KF_MTRR`.
pub const KF_MTRR: u32 = 0x40;
/// `KF_CMPXCHG8B`.
pub const KF_CMPXCHG8B: u32 = 0x80;
/// `KF_MMX`.
pub const KF_MMX: u32 = 0x100;
/// `KF_PAT`.
pub const KF_PAT: u32 = 0x400;
/// `KF_FXSR`.
pub const KF_FXSR: u32 = 0x800;
/// `KF_FAST_SYSCALL`.
pub const KF_FAST_SYSCALL: u32 = 0x1000;
/// `KF_XMMI`: SSE.
pub const KF_XMMI: u32 = 0x2000;
/// `KF_XMMI64`: SSE2.
pub const KF_XMMI64: u32 = 0x1_0000;
/// `KF_CMPXCHG16B`.
pub const KF_CMPXCHG16B: u32 = 0x10_0000;
/// `KF_XSTATE`: XSAVE.
pub const KF_XSTATE: u32 = 0x80_0000;
/// `KF_NOEXECUTE`.
pub const KF_NOEXECUTE: u32 = 0x2000_0000;

/// `LOGICAL_PROCESSOR_RELATIONSHIP`: a core.
pub const RELATION_PROCESSOR_CORE: u32 = 0;
/// A node of memory.
pub const RELATION_NUMA_NODE: u32 = 1;
/// A cache.
pub const RELATION_CACHE: u32 = 2;
/// What goes into one socket.
pub const RELATION_PROCESSOR_PACKAGE: u32 = 3;
/// Groups of processors.
pub const RELATION_GROUP: u32 = 4;
/// All of them.
pub const RELATION_ALL: u32 = 0xffff;

/// `PROCESSOR_CACHE_TYPE`: everything.
pub const CACHE_UNIFIED: u32 = 0;
/// Instructions.
pub const CACHE_INSTRUCTION: u32 = 1;
/// Data.
pub const CACHE_DATA: u32 = 2;
/// [`CacheDescriptor::associativity`]: every line can be anywhere.
pub const CACHE_FULLY_ASSOCIATIVE: u8 = 0xff;

layout! {
    /// `CACHE_DESCRIPTOR`.
    pub struct CacheDescriptor, size 0xc {
        /// 1 is nearest to the processor.
        0x0 level: u8,
        /// Ways, or [`CACHE_FULLY_ASSOCIATIVE`].
        0x1 associativity: u8,
        /// Bytes of a line.
        0x2 line_bytes: u16,
        /// Bytes.
        0x4 size_bytes: u32,
        /// What it holds.
        0x8 cache_type: u32,
    }
}

layout! {
    /// `SYSTEM_LOGICAL_PROCESSOR_INFORMATION`.
    pub struct SystemLogicalProcessorInformation, size 0x20 {
        /// A bit for each processor.
        0x00 processors_mask: u64,
        /// What they have in common.
        0x08 relationship: u32,
        /// Padding.
        0x0c reserved_0c: u32,
        /// A cache; of a core its first byte are flags, of a node its first four the
        /// number.
        0x10 cache: CacheDescriptor,
        /// The rest of the union.
        0x1c reserved_1c: u32,
    }
}

layout! {
    /// `SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX` of a core or package.
    pub struct ProcessorRelationship, size 0x30 {
        /// Core, package.
        0x00 relationship: u32,
        /// 30h.
        0x04 size_bytes: u32,
        /// 1: a core with several threads.
        0x08 flags: u8,
        /// 0: all cores are alike.
        0x09 efficiency_class: u8,
        /// Padding.
        0x0a reserved_0a: [u8; 20],
        /// 1.
        0x1e group_count: u16,
        /// Which processors.
        0x20 group: GroupAffinity,
    }
}

layout! {
    /// `SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX` of a node.
    pub struct NumaNodeRelationship, size 0x30 {
        /// Node.
        0x00 relationship: u32,
        /// 30h.
        0x04 size_bytes: u32,
        /// Its number.
        0x08 node_number: u32,
        /// Padding.
        0x0c reserved_0c: [u8; 18],
        /// 1; old programs know 0.
        0x1e group_count: u16,
        /// Which processors.
        0x20 group: GroupAffinity,
    }
}

layout! {
    /// `SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX` of a cache.
    pub struct CacheRelationship, size 0x38 {
        /// Cache.
        0x00 relationship: u32,
        /// 38h.
        0x04 size_bytes: u32,
        /// The cache.
        0x08 cache: CacheDescriptor,
        /// Padding.
        0x14 reserved_14: [u8; 18],
        /// 1; old programs know 0.
        0x26 group_count: u16,
        /// Which processors.
        0x28 group: GroupAffinity,
    }
}

layout! {
    /// `SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX` of the one group.
    pub struct GroupRelationship, size 0x50 {
        /// Group.
        0x00 relationship: u32,
        /// 50h.
        0x04 size_bytes: u32,
        /// 1.
        0x08 maximum_group_count: u16,
        /// 1.
        0x0a active_group_count: u16,
        /// Padding.
        0x0c reserved_0c: [u8; 20],
        /// Most processors in it.
        0x20 maximum_processor_count: u8,
        /// Processors in it.
        0x21 active_processor_count: u8,
        /// Padding.
        0x22 reserved_22: [u8; 38],
        /// A bit for each.
        0x48 active_processors_mask: u64,
    }
}
