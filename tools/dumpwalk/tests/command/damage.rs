//! Damaged dumps give a report or a fault of one sentence, and never a panic.

use crate::crash::with_dump;
use crate::image;
use crate::run::Folder;

/// The last exit status that is the tool's own.
const FAULT: i32 = 1;

/// Runs the tool and judges only that it ended as it should.
#[track_caller]
fn assert_calm(folder: &Folder, dump: &[u8], what: &str) -> i32 {
    folder.write("crash.dmp", dump);
    let (status, output, error) = folder.run(&["crash.dmp", "--images", "images"]);
    assert!(status <= FAULT, "{what}: {status} {error}");
    assert_eq!(error.lines().count() as i32, status, "{what}: {error}");
    assert_eq!(output.is_empty(), status == FAULT, "{what}");
    status
}

#[test]
fn a_dump_cut_short_is_a_fault_or_lacks_memory() {
    let folder = Folder::new("cut");
    folder.write("images/crash.exe", &image::file());
    with_dump(|_, dump| {
        // All that is not memory lies in the first part.
        let cuts = (0..0x400)
            .step_by(7)
            .chain((0x400..dump.len()).step_by(531));
        let statuses: Vec<i32> = cuts
            .map(|length| assert_calm(&folder, &dump[..length], &format!("{length} bytes")))
            .collect();
        assert_eq!(statuses[..50], [FAULT; 50], "streams are gone");
    });
}

#[test]
fn changed_dumps_keep_the_tool_calm() {
    let folder = Folder::new("changed");
    folder.write("images/crash.exe", &image::file());
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    with_dump(|_, dump| {
        let first_part = 0x1800;
        for round in 0..400 {
            let mut changed = dump.clone();
            for _ in 0..1 + round % 4 {
                let place = (next() as usize % first_part) & !3;
                let value = match next() % 4 {
                    0 => u32::MAX,
                    1 => next() as u32,
                    2 => next() as u32 % 0x100,
                    _ => dump.len() as u32 - next() as u32 % 0x100,
                };
                changed[place..place + 4].copy_from_slice(&value.to_le_bytes());
            }
            assert_calm(&folder, &changed, &format!("round {round}"));
        }
    });
}
