//! The streams' records, made from what is known of the crash.

use zerocopy::little_endian::{U16, U32, U64};

use crate::context::CONTEXT_BYTES;
use crate::dump::{Dump, Exception, Module, PARAMETERS_MAX, System, Thread};
use crate::format::{
    AMD64, ExceptionStream, HAS_PROCESS_ID, Header, Location, MemoryDescriptor, MiscInfo,
    ModuleRecord, PLATFORM_NT, SIGNATURE, SystemInfo, ThreadRecord, VERSION, WORKSTATION,
};
use crate::memory::MemoryRange;
use crate::plan::{Part, Plan, STREAM_COUNT};
use crate::text;

pub(crate) fn header(dump: &Dump<'_>, plan: &Plan) -> Header {
    Header {
        signature: SIGNATURE.into(),
        version: VERSION.into(),
        stream_count: STREAM_COUNT.into(),
        directory_rva: plan.directory_rva.into(),
        checksum: U32::ZERO,
        time: dump.time_s.into(),
        flags: U64::ZERO,
    }
}

pub(crate) fn system_info(system: &System, service_pack_rva: u32) -> SystemInfo {
    let (level, revision) = level_and_revision(system.processor_signature);
    SystemInfo {
        architecture: AMD64.into(),
        level: level.into(),
        revision: revision.into(),
        processor_count: system.processor_count,
        product_type: WORKSTATION,
        major_version: system.major_version.into(),
        minor_version: system.minor_version.into(),
        build: system.build.into(),
        platform: PLATFORM_NT.into(),
        service_pack_rva: service_pack_rva.into(),
        suite_mask: U16::ZERO,
        reserved: U16::ZERO,
        processor_features: system.processor_features.map(U64::new),
        unused: [0; 8],
    }
}

pub(crate) fn misc_info(dump: &Dump<'_>, bytes: u32) -> MiscInfo {
    MiscInfo {
        bytes: bytes.into(),
        flags: HAS_PROCESS_ID.into(),
        process_id: dump.process_id.into(),
        times: [U32::ZERO; 3],
    }
}

pub(crate) fn thread(thread: &Thread<'_>, stack_rva: u32, context_rva: u32) -> ThreadRecord {
    ThreadRecord {
        id: thread.id.into(),
        suspend_count: U32::ZERO,
        priority_class: U32::ZERO,
        priority: U32::ZERO,
        teb: thread.teb.into(),
        stack: memory(&thread.stack, stack_rva),
        context: context(context_rva),
    }
}

pub(crate) fn module(module: &Module<'_>, name_rva: u32, code_view_rva: u32) -> ModuleRecord {
    let code_view = Part {
        rva: code_view_rva,
        bytes: narrow(text::code_view_bytes(module)),
    };
    ModuleRecord {
        base: module.base.into(),
        size_bytes: module.size_bytes.into(),
        checksum: module.checksum.into(),
        timestamp: module.timestamp.into(),
        name_rva: name_rva.into(),
        version: [U32::ZERO; 13],
        code_view: module
            .code_view
            .map_or(Location::default(), |_| code_view.location()),
        misc: Location::default(),
        reserved: [U64::ZERO; 2],
    }
}

pub(crate) fn memory(range: &MemoryRange, rva: u32) -> MemoryDescriptor {
    let bytes = narrow(range.bytes_in_space());
    MemoryDescriptor {
        start: range.start.into(),
        location: Part { rva, bytes }.location(),
    }
}

pub(crate) fn exception(exception: &Exception<'_>, context_rva: u32) -> ExceptionStream {
    let mut parameters = [U64::ZERO; PARAMETERS_MAX];
    let mut count = 0_u32;
    for (to, from) in parameters.iter_mut().zip(exception.parameters) {
        *to = U64::new(*from);
        count = count.saturating_add(1);
    }
    ExceptionStream {
        thread_id: exception.thread_id.into(),
        stream_alignment: U32::ZERO,
        code: exception.code.into(),
        flags: exception.flags.into(),
        nested: U64::ZERO,
        address: exception.address.into(),
        parameter_count: count.into(),
        record_alignment: U32::ZERO,
        parameters,
        context: context(context_rva),
    }
}

fn context(rva: u32) -> Location {
    let bytes = CONTEXT_BYTES;
    Part { rva, bytes }.location()
}

/// A length that the plan has found to fit.
pub(crate) fn narrow(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// ProcessorLevel is the family, ProcessorRevision model and stepping. The
/// signature has them as the Intel SDM says at CPUID, leaf 1: the family is
/// extended where it is 15, the model where the family is 6 or 15.
fn level_and_revision(signature: u32) -> (u16, u16) {
    let [stepping_model, family, extended_model, extended_family] = [
        signature & 0xFF,
        (signature >> 8) & 0xF,
        (signature >> 16) & 0xF,
        (signature >> 20) & 0xFF,
    ];
    let level = match family {
        15 => family.saturating_add(extended_family),
        _ => family,
    };
    let high_model = match family {
        6 | 15 => extended_model << 4,
        _ => 0,
    };
    let model = high_model | (stepping_model >> 4);
    let revision = (model << 8) | (stepping_model & 0xF);
    let narrow = |value| u16::try_from(value).unwrap_or(u16::MAX);
    (narrow(level), narrow(revision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_taken_apart() {
        for (signature, level, revision) in [
            // Intel, family 6 model 0x55 stepping 4; AMD, family 0x17 model
            // 0x31 stepping 0; QEMU's qemu64; family 5, which has no extension.
            (0x0005_0654, 6, 0x5504),
            (0x0083_0F10, 0x17, 0x3100),
            (0x0000_0F61 | 0x6_0000, 15, 0x6601),
            (0x0FFF_0513, 5, 0x0103),
            (u32::MAX, 0x10E, 0xFF0F),
        ] {
            assert_eq!(level_and_revision(signature), (level, revision));
        }
    }
}
