//! Whatever code, unwind information and registers are, a step of unwinding
//! ends after a bounded number of reads, and an error changes nothing.

use std::sync::OnceLock;

use pe::{PeView, Segment};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::compilers::Built;
use crate::frames::*;
use crate::programs::with_version_2;
use crate::unwind_reference::Reference;

/// All slots of all parts that a function may have, and the return address.
const MOST_READS: u32 = 32 * 255 + 1;

/// Unwind information close to what compilers write.
fn any_info() -> impl Strategy<Value = Vec<u8>> {
    let header = prop_oneof![Just(1u8), Just(2), Just(1 | 4 << 3), any::<u8>()];
    (
        header,
        any::<u8>(),
        any::<u8>(),
        vec(any::<u16>(), 0..12),
        vec(any::<u8>(), 0..16),
    )
        .prop_map(|(version, prologue_bytes, frame, codes, tail)| {
            [info(version, prologue_bytes, frame, &codes), tail].concat()
        })
}

/// Code that consists mostly of what epilogues do.
fn any_code() -> impl Strategy<Value = Vec<u8>> {
    let instruction = prop_oneof![
        Just(vec![0x5B]),
        Just(vec![0x41, 0x5C]),
        Just(vec![0x48, 0x83, 0xC4]),
        Just(vec![0x48, 0x8D, 0x65]),
        Just(vec![0xEB]),
        Just(vec![0xE9]),
        Just(vec![0xFF]),
        Just(vec![0xC3]),
        vec(any::<u8>(), 1..5),
    ];
    vec(instruction, 0..40).prop_map(|instructions| {
        let mut code = instructions.concat();
        code.truncate(0x100);
        code
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 5000, ..Default::default() })]

    #[test]
    fn any_bytes_are_unwound_in_bounds(
        code in any_code(),
        info in any_info(),
        link in any::<[u32; 3]>(),
        unwind_rva in prop_oneof![INFO_RVA..INFO_RVA + 8, any::<u32>()],
        registers in any::<[u64; 16]>(),
        is_near in any::<[bool; 16]>(),
        place in prop_oneof![0u32..0x100, any::<u32>()],
        after_call in any::<bool>(),
        readable in 0u64..100,
    ) {
        let link = link.map(|word| INFO_RVA + word % 0x20);
        let tail = link.map(u32::to_le_bytes);
        let info = [info, tail.concat()].concat();
        let file = image(&code, &info, &[[CODE_RVA, END_RVA, unwind_rva]]);
        let mut context = context(CODE_RVA.wrapping_add(place));
        context.after_call = after_call;
        for (to, (value, near)) in context.registers.iter_mut().zip(registers.iter().zip(is_near)) {
            *to = if near { STACK + value % 0x1000 } else { *value };
        }
        let mut reads = 0;
        let _ = run_with(&file, context, |address| {
            reads += 1;
            (address % 100 < readable).then_some(address)
        });
        prop_assert!(reads <= MOST_READS);
    }

    #[test]
    fn changed_programs_are_unwound_in_bounds(
        changes in vec((any::<Index>(), 0u32..24, any::<u8>()), 1..20),
        places in vec((any::<Index>(), any::<u32>()), 1..20),
        after_call in any::<bool>(),
    ) {
        let mut file = program().bytes.clone();
        let entries = entries(&file);
        for (index, offset, value) in changes {
            let [.., info] = index.get(&entries);
            let at = file_offset(&program().bytes, info + offset);
            file[at] = value;
        }
        for (index, offset) in places {
            let [begin, end, _] = index.get(&entries);
            let mut context = context(begin + offset % (end - begin));
            context.after_call = after_call;
            let _ = run(&file, context);
        }
    }
}

/// Has unwind information of both versions.
fn program() -> &'static Built {
    static PROGRAM: OnceLock<Built> = OnceLock::new();
    PROGRAM.get_or_init(|| with_version_2("changed.exe"))
}

fn entries(file: &[u8]) -> Vec<[u32; 3]> {
    Reference::new(&PeView::parse(file).unwrap(), file).entries
}

fn file_offset(file: &[u8], rva: u32) -> usize {
    let view = PeView::parse(file).unwrap();
    let holds = |segment: &Segment<'_>| (segment.first_page..).contains(&(rva / 0x1000));
    let segment = view.map_plan().filter(holds).last().unwrap();
    (segment.file_offset + rva - segment.first_page * 0x1000) as usize
}
