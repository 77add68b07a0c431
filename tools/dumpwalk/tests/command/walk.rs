//! The report, and where the frames end.

use minidump_writer::{Dump, Exception, MemoryRange};

use crate::crash::{self, BASE, FRAMES, STACK_START, with_dump};
use crate::image;
use crate::run::Folder;

const HEAD: &str = "\
process 44 crashed at 1700000000 (since 1970) on Windows 10.0.19045
exception 0xc0000005 flags 0x1 at 0x7ff610001044 parameters [0x1, 0x18]
thread 7, one of 2
module 0x00007ff610000000 size 0x3000 \"C:\\\\naïve\\\\crash.exe\" \
pdb {33323130-3534-3736-3839-616263646566} age 3 \"C:\\\\build\\\\crash.pdb\"
module 0x00007ffe00000000 size 0x10000 \"evil\\n\\\"#0.dll\" no pdb
";

/// A folder with the image that ran.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("images/Crash.EXE", &image::file());
    folder
}

/// The report of the crash with other registers, from the frames on.
fn frames(folder: &Folder, rip: u64, change: impl FnOnce(&mut [u64; 16])) -> String {
    let mut text = String::new();
    with_dump(|dump, _| {
        let mut context = crash::context();
        context.rip = rip;
        change(&mut context.registers);
        let exception = Exception {
            context,
            ..dump.exception
        };
        let report = folder.report(&crash::file(&Dump { exception, ..*dump }));
        text = report[report.find("#0 ").unwrap()..].into();
    });
    text
}

#[test]
fn the_whole_report() {
    with_dump(|_, file| {
        let expected = format!(
            "{HEAD}\
             #0 0x00007ff610001044 crash.exe+0x1044\n\
             #1 0x00007ff610001030 crash.exe+0x1030\n\
             #2 0x00007ff610001010 crash.exe+0x1010\n\
             end: end of the stack\n"
        );
        assert_eq!(folder("whole").report(&file), expected);
    });
}

#[test]
fn without_images_there_is_one_frame() {
    with_dump(|_, file| {
        let folder = Folder::new("no-images");
        let expected = format!(
            "{HEAD}\
             #0 0x00007ff610001044 crash.exe+0x1044\n\
             end: the file of crash.exe was not given (--images)\n"
        );
        assert_eq!(folder.report(&file), expected);
        let (status, output, _) = folder.run(&["crash.dmp"]);
        assert_eq!((status, output), (0, expected));
    });
}

#[test]
fn a_prologue_is_undone_as_far_as_it_got() {
    let folder = folder("prologue");
    // At the entry, and after rbx was saved.
    let entry = frames(&folder, BASE + u64::from(image::SECOND), |registers| {
        registers[4] = STACK_START + 0x30;
    });
    let pushed = frames(&folder, BASE + u64::from(image::SECOND) + 1, |registers| {
        registers[4] = STACK_START + 0x28;
    });
    for (text, first) in [(entry, "1020"), (pushed, "1021")] {
        let expected = format!(
            "#0 0x00007ff61000{first} crash.exe+0x{first}\n\
             #1 0x00007ff610001010 crash.exe+0x1010\n\
             end: end of the stack\n"
        );
        assert_eq!(text, expected);
    }
}

#[test]
fn broken_chains_say_why() {
    let folder = folder("broken");
    let nowhere = frames(&folder, 0x18, |_| {});
    assert_eq!(
        nowhere,
        "#0 0x0000000000000018 ?\nend: broken: 0x18 is in no module\n"
    );
    let no_stack = frames(&folder, FRAMES[0], |registers| registers[4] = 0x1000);
    assert!(no_stack.ends_with("+0x1044\nend: broken: 0x1000 is not in the dump\n"));
    let highest = frames(&folder, FRAMES[1], |registers| registers[4] = u64::MAX);
    assert!(
        highest.contains("+0x1030\nend: broken: the stack"),
        "{highest}"
    );
    let other = frames(&folder, 0x7FFE_0000_0010, |_| {});
    assert!(other.ends_with("end: the file of evil\\n\\\"#0.dll was not given (--images)\n"));
    let outside = frames(&folder, FRAMES[0], |registers| {
        registers[4] = STACK_START + 8
    });
    assert!(outside.contains("#1 0x5a5a5a5a5a5d"), "{outside}");
    assert!(outside.ends_with(" is in no module\n"), "{outside}");
}

#[test]
fn damaged_unwind_information_is_told() {
    let folder = folder("unwind");
    let mut file = image::file();
    file[image::UNWIND_INFO_OF_SECOND] = 7;
    folder.write("images/Crash.EXE", &file);
    let text = frames(&folder, FRAMES[0], |_| {});
    let end = "#1 0x00007ff610001030 crash.exe+0x1030\n\
               end: broken: crash.exe has damaged unwind information for 0x102f\n";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn recursion_takes_one_line() {
    let folder = folder("recursion");
    with_dump(|dump, _| {
        // The first function calls itself a hundred times.
        let start = 0x40_0000;
        let mut exception = dump.exception;
        exception.context.rip = FRAMES[2];
        exception.context.registers[4] = start;
        let ranges = [MemoryRange {
            start,
            bytes: 101 * 0x30,
        }];
        let dump = Dump {
            exception,
            ranges: &ranges,
            ..*dump
        };
        let byte = |address: u64| match address.checked_sub(start) {
            Some(at) if at % 0x30 >= 0x28 && at < 100 * 0x30 => {
                FRAMES[2].to_le_bytes()[(at % 8) as usize]
            }
            _ => 0,
        };
        let mut memory = |address: u64, to: &mut [u8]| {
            for (to, at) in to.iter_mut().zip(address..) {
                *to = byte(at);
            }
            true
        };
        let mut file = Vec::new();
        dump.write(&mut memory, &mut |bytes: &[u8]| file.extend(bytes))
            .unwrap();
        let text = folder.report(&file);
        let end = "#0 0x00007ff610001010 crash.exe+0x1010\n\
                   ... and 100 more from the same place\n\
                   end: end of the stack\n";
        assert!(text.ends_with(end), "{text}");
    });
}

#[test]
fn images_of_another_build_are_refused() {
    let folder = folder("another");
    with_dump(|_, dump| {
        for (offset, part) in [
            (image::TIMESTAMP_OFFSET, "its timestamp is 0x65432101"),
            (image::AGE_OFFSET, "age 2 "),
        ] {
            let mut file = image::file();
            file[offset] ^= 1;
            folder.write("images/Crash.EXE", &file);
            let error = folder.fault(&dump);
            assert!(error.contains("Crash.EXE: is another build"), "{error}");
            assert!(error.contains(part), "{error}");
        }
        folder.write("images/Crash.EXE", b"MZ");
        assert!(folder.fault(&dump).contains("is no image for x64"));
    });
}
