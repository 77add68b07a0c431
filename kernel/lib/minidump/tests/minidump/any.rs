//! Whatever the crash, all that is told lies in the file, and apart.

use minidump::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::crash::*;

fn ranges() -> impl Strategy<Value = Vec<MemoryRange>> {
    let start = prop_oneof![any::<u64>(), 0..0x3000u64, u64::MAX - 0x3000..];
    let range = (start, 0..0x2100u64).prop_map(|(start, bytes)| MemoryRange { start, bytes });
    vec(range, 0..5)
}

/// Parts of a file: (place, length).
type Parts = Vec<(usize, usize)>;

/// The part that a location descriptor leads to.
fn part(file: &[u8], offset: usize) -> (usize, usize) {
    let bytes = located(file, offset);
    (
        bytes.as_ptr() as usize - file.as_ptr() as usize,
        bytes.len(),
    )
}

fn parts(file: &[u8]) -> Parts {
    let streams: Parts = (0..6).map(|n| part(file, 32 + 12 * n + 4)).collect();
    let [
        (system, _),
        _,
        (threads, _),
        (modules, _),
        (list, _),
        (exception, _),
    ] = streams[..]
    else {
        panic!("six streams");
    };
    let count = |at| u32_at(file, at) as usize;
    let name = |place: usize| (place, 4 + count(place) + 2);
    let mut parts = vec![(0, 32 + 6 * 12), part(file, exception + 160)];
    parts.extend(streams);
    parts.push(name(count(system + 24)));
    for at in (0..count(threads)).map(|n| threads + 4 + 48 * n) {
        parts.push(part(file, at + 40));
    }
    for at in (0..count(modules)).map(|n| modules + 4 + 108 * n) {
        parts.push(name(count(at + 20)));
        parts.push(part(file, at + 76));
    }
    for at in (0..count(list)).map(|n| list + 4 + 16 * n) {
        parts.push(part(file, at + 8));
    }
    parts.retain(|&(_, bytes)| bytes > 0);
    parts.sort();
    parts
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn parts_lie_apart(
        stacks in ranges(),
        more in ranges(),
        names in vec((".{0,20}", proptest::option::of(vec(any::<u8>(), 0..20))), 0..5),
        parameters in vec(any::<u64>(), 0..20),
    ) {
        let threads: Vec<_> = (1..).zip(&stacks).map(|(id, &stack)| thread(id, stack)).collect();
        let modules: Vec<_> = names.iter().map(|(name, pdb_name)| Module {
            code_view: pdb_name.as_ref().map(|pdb_name| CodeView { guid: [1; 16], age: 2, pdb_name }),
            ..module(name, None)
        }).collect();
        let mut dump = empty();
        dump.threads = &threads;
        dump.modules = &modules;
        dump.ranges = &more;
        dump.exception.parameters = &parameters;
        let file = file(&dump, memory);

        let mut end = 0;
        for (place, bytes) in parts(&file) {
            // What is between two parts is there for alignment.
            prop_assert!((end..end + 16).contains(&place), "{end:#x} {place:#x}");
            prop_assert!(file[end..place].iter().all(|&byte| byte == 0));
            end = place + bytes;
        }
        prop_assert!(end <= file.len() && file.len() < end + 16);
    }
}
