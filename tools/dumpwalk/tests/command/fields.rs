//! Every field that was written is what the `minidump` crate reads.

use minidump::format::{CONTEXT_AMD64, ContextFlagsAmd64};
use minidump::system_info::{Cpu, Os};
use minidump::*;
use minidump_writer::{Context, Dump, MemoryRange};

use crate::crash::{byte, with_dump};
use crate::image;

/// Calls `check` with the dump and what the crate makes of its file.
fn with_read(check: impl FnOnce(&Dump<'_>, &Minidump<'_, Vec<u8>>)) {
    with_dump(|dump, file| check(dump, &Minidump::read(file).unwrap()));
}

#[test]
fn system_and_process() {
    with_read(|dump, read| {
        assert_eq!(read.header.time_date_stamp, dump.time_s);
        assert_eq!(read.header.flags, 0);
        let system: MinidumpSystemInfo = read.get_stream().unwrap();
        assert_eq!((system.os, system.cpu), (Os::Windows, Cpu::X86_64));
        let raw = &system.raw;
        assert_eq!(raw.major_version, dump.system.major_version);
        assert_eq!(raw.minor_version, dump.system.minor_version);
        assert_eq!(raw.build_number, dump.system.build);
        assert_eq!(raw.number_of_processors, dump.system.processor_count);
        assert_eq!((raw.processor_level, raw.processor_revision), (6, 0x5504));
        let features = dump.system.processor_features;
        let expected: Vec<u8> = features
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect();
        assert_eq!(raw.cpu.data[..16], expected);
        assert_eq!(system.csd_version().as_deref(), Some(""));

        let misc: MinidumpMiscInfo = read.get_stream().unwrap();
        assert_eq!(misc.raw.process_id(), Some(&dump.process_id));
        assert_eq!(misc.raw.process_create_time(), None);
    });
}

#[test]
fn exception() {
    with_read(|dump, read| {
        let exception: MinidumpException<'_> = read.get_stream().unwrap();
        assert_eq!(exception.thread_id, dump.exception.thread_id);
        let raw = &exception.raw.exception_record;
        assert_eq!(raw.exception_code, dump.exception.code);
        assert_eq!(raw.exception_flags, dump.exception.flags);
        assert_eq!(raw.exception_record, 0);
        assert_eq!(raw.exception_address, dump.exception.address);
        assert_eq!(raw.number_parameters, 2);
        assert_eq!(raw.exception_information[..2], *dump.exception.parameters);
        assert_eq!(raw.exception_information[2..], [0; 13]);
        assert_eq!(
            exception
                .get_crash_reason(Os::Windows, Cpu::X86_64)
                .to_string(),
            "EXCEPTION_ACCESS_VIOLATION_WRITE"
        );
        let address = exception.get_crash_address(Os::Windows, Cpu::X86_64);
        assert_eq!(address, 0x18);
        let system = read.get_stream().unwrap();
        let context = exception.context(&system, None).unwrap();
        assert_context(&context, &dump.exception.context);
    });
}

#[test]
fn threads() {
    with_read(|dump, read| {
        let system = read.get_stream().unwrap();
        let list: MinidumpThreadList<'_> = read.get_stream().unwrap();
        let memory = read.get_memory().unwrap();
        assert_eq!(list.threads.len(), dump.threads.len());
        for (found, thread) in list.threads.iter().zip(dump.threads) {
            assert_eq!(found.raw.thread_id, thread.id);
            assert_eq!(found.raw.teb, thread.teb);
            assert_eq!(found.raw.suspend_count, 0);
            let stack = found.stack_memory(&memory).unwrap();
            assert_memory(stack.base_address(), stack.bytes(), &thread.stack);
            let context = found.context(&system, None).unwrap();
            assert_context(&context, &thread.context);
        }
    });
}

#[test]
fn memory() {
    with_read(|dump, read| {
        let list: MinidumpMemoryList<'_> = read.get_stream().unwrap();
        let stacks = dump.threads.iter().map(|thread| thread.stack);
        let expected: Vec<_> = stacks.chain(dump.ranges.iter().copied()).collect();
        assert_eq!(list.iter().count(), expected.len());
        for (found, range) in list.iter().zip(&expected) {
            assert_memory(found.base_address, found.bytes, range);
        }
    });
}

#[test]
fn modules() {
    with_read(|dump, read| {
        let list: MinidumpModuleList = read.get_stream().unwrap();
        assert_eq!(list.iter().count(), dump.modules.len());
        for (found, module) in list.iter().zip(dump.modules) {
            assert_eq!(found.raw.base_of_image, module.base);
            assert_eq!(found.raw.size_of_image, module.size_bytes);
            assert_eq!(found.raw.checksum, module.checksum);
            assert_eq!(found.raw.time_date_stamp, module.timestamp);
            assert_eq!(found.name, module.name);
            assert_eq!(found.version(), None);
            let Some(code_view) = module.code_view else {
                assert!(found.codeview_info.is_none());
                continue;
            };
            let Some(CodeView::Pdb70(record)) = &found.codeview_info else {
                panic!("{:?}", found.codeview_info);
            };
            assert_eq!(record.signature.to_string(), image::GUID_TEXT);
            assert_eq!(record.age, code_view.age);
            let name = [code_view.pdb_name, b"\0"].concat();
            assert_eq!(record.pdb_file_name, name);
            assert_eq!(found.debug_file().as_deref(), Some(image::PDB_NAME));
        }
    });
}

#[track_caller]
fn assert_memory(base: u64, bytes: &[u8], range: &MemoryRange) {
    assert_eq!((base, bytes.len() as u64), (range.start, range.bytes));
    assert!((base..).zip(bytes).all(|(at, &found)| found == byte(at)));
}

#[track_caller]
fn assert_context(found: &MinidumpContext, context: &Context<'_>) {
    let MinidumpRawContext::Amd64(raw) = &found.raw else {
        panic!("{:?}", found.raw);
    };
    assert_eq!(general(raw), context.registers);
    assert_eq!(raw.rip, context.rip);
    assert_eq!(u64::from(raw.eflags), context.rflags);
    let segments = &context.segments;
    assert_eq!(
        [raw.cs, raw.ds, raw.es],
        [segments.cs, segments.ds, segments.es]
    );
    assert_eq!(
        [raw.fs, raw.gs, raw.ss],
        [segments.fs, segments.gs, segments.ss]
    );
    let flags = ContextFlagsAmd64::from_bits(raw.context_flags).unwrap();
    let has = |part| flags.contains(part);
    assert!(has(ContextFlagsAmd64::CONTEXT_AMD64_CONTROL));
    assert!(has(ContextFlagsAmd64::CONTEXT_AMD64_INTEGER));
    assert!(has(ContextFlagsAmd64::CONTEXT_AMD64_SEGMENTS));
    let fxsave = context.fxsave.copied().unwrap_or([0; 512]);
    let is_known = has(ContextFlagsAmd64::CONTEXT_AMD64_FLOATING_POINT);
    assert_eq!(is_known, context.fxsave.is_some());
    assert_eq!(raw.float_save, fxsave);
    assert_eq!(raw.mx_csr.to_le_bytes(), fxsave[24..28]);
    let debug = [raw.dr0, raw.dr1, raw.dr2, raw.dr3, raw.dr6, raw.dr7];
    assert_eq!(debug, [0; 6]);
    assert_eq!(raw.vector_register, [0; 26]);
}

/// In the order of the processor's numbers.
fn general(raw: &CONTEXT_AMD64) -> [u64; 16] {
    [
        raw.rax, raw.rcx, raw.rdx, raw.rbx, raw.rsp, raw.rbp, raw.rsi, raw.rdi, raw.r8, raw.r9,
        raw.r10, raw.r11, raw.r12, raw.r13, raw.r14, raw.r15,
    ]
}
