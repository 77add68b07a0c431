//! Files: opened, made, written, asked about, shown by sections, deleted.
use abi::access::{DELETE, WRITE_DAC};
use abi::file::*;
use abi::io::CURRENT_PROCESS;
use abi::memory::{PAGE_EXECUTE_READ, PAGE_READONLY, PAGE_READWRITE, PAGE_SIZE, PAGE_WRITECOPY};
use abi::section::{SEC_COMMIT, SEC_IMAGE};
use abi::security::DACL_SECURITY_INFORMATION;
use core::fmt::Write;
use nt::file::name;
use nt::file::{self, How};
use nt::memory::Range;
use nt::sync::Handle;
use nt::{NtStatus, Program, call, section, security};

use crate::grow::{Grow, MOST, grow};
use crate::walk::{Walk, done, walk, walk_and_undo};

const PATH: &str = "\\??\\C:\\failing";
const PROGRAM: &str = "\\??\\C:\\programs\\nothing.exe";
const READ: u32 = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
const WRITE: u32 = FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES;

pub fn all(program: &Program) {
    opened(program);
    made(program);
    many(program);
    let file = make(program);
    written(program, &file);
    asked(program, &file);
    changed(program, &file);
    shown(program, &file);
    drop(file);
    remove(program, PATH);
    images(program);
    written_images(program);
    deleted(program);
}

fn how(disposition: u32) -> How {
    How::open(READ | WRITE | DELETE, FILE_SHARE_VALID_FLAGS).disposed(disposition)
}

fn make(program: &Program) -> Handle {
    let made = file::create(&name(PATH), how(FILE_CREATE));
    program.done("a new file", made).0
}

fn remove(program: &Program, path: &str) {
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
}

/// Nothing has the name.
fn absent(program: &Program, path: &str) {
    let found = file::create(&name(path), how(FILE_OPEN)).err();
    program.check("no name", found, Some(NtStatus::OBJECT_NAME_NOT_FOUND));
}

fn open(path: &str, access: u32) -> Result<Handle, NtStatus> {
    file::open(&name(path), access, FILE_SHARE_VALID_FLAGS, 0)
}

fn opened(program: &Program) {
    for path in [PROGRAM, "\\??\\C:\\programs", "\\??\\NUL"] {
        walk(program, path, || open(path, READ));
        walk(program, "created as it is", || {
            let how = How::open(READ, FILE_SHARE_VALID_FLAGS).disposed(FILE_OPEN_IF);
            file::create(&name(path), how)
        });
    }
    grow(program, "open files", MOST, |_| open(PROGRAM, READ));
}

fn made(program: &Program) {
    for (what, disposition, options) in [
        ("create a file", FILE_CREATE, 0),
        ("create a file or open it", FILE_OPEN_IF, 0),
        ("create or overwrite a file", FILE_OVERWRITE_IF, 0),
        ("supersede no file", FILE_SUPERSEDE, 0),
        (
            "create a file for a while",
            FILE_CREATE,
            FILE_DELETE_ON_CLOSE,
        ),
        ("create a directory", FILE_CREATE, FILE_DIRECTORY_FILE),
    ] {
        let steps = Walk {
            call: &mut || file::create(&name(PATH), how(disposition).with(options)),
            undo: &mut |made| {
                drop(made);
                if options & FILE_DELETE_ON_CLOSE == 0 {
                    remove(program, PATH);
                }
            },
            untouched: &mut || absent(program, PATH),
        };
        steps.run(program, what);
    }
    described(program);
    let kept = make(program);
    for (what, disposition) in [
        ("open a file", FILE_OPEN),
        ("overwrite a file", FILE_OVERWRITE),
        ("supersede a file", FILE_SUPERSEDE),
    ] {
        let fill = || {
            let written = file::write(&kept, Some(0), &[1; 3]);
            program.check("fill", written, Ok(3));
        };
        fill();
        let steps = Walk {
            call: &mut || file::create(&name(PATH), how(disposition)),
            undo: &mut |made| {
                drop(made);
                fill();
            },
            untouched: &mut || check_size(program, &kept, 3),
        };
        steps.run(program, what);
    }
    drop(kept);
    remove(program, PATH);
}

/// A descriptor that grants everyone everything.
pub static DESCRIPTOR: [u8; 48] = [
    1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 2, 0, 28, 0, 1, 0, 0, 0, 0, 0,
    20, 0, 0xFF, 1, 0x1F, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
];

/// Nothing is left of a file that could not have its descriptor.
fn described(program: &Program) {
    let named = || name(PATH).described(DESCRIPTOR.as_ptr() as u64);
    for (what, options) in [
        ("create a file with a descriptor", 0),
        ("create a directory with a descriptor", FILE_DIRECTORY_FILE),
    ] {
        let steps = Walk {
            call: &mut || file::create(&named(), how(FILE_CREATE).with(options)),
            undo: &mut |made| {
                drop(made);
                remove(program, PATH);
            },
            untouched: &mut || absent(program, PATH),
        };
        steps.run(program, what);
    }
    let made = file::create(&named(), how(FILE_CREATE));
    drop(program.done("a file", made));
    walk(program, "open a file with a descriptor", || {
        open(PATH, READ)
    });
    let file = program.done("it", open(PATH, WRITE_DAC));
    walk(program, "give a file another descriptor", || {
        let parts = DACL_SECURITY_INFORMATION;
        done(security::set(file.raw(), parts, &DESCRIPTOR))
    });
    drop(file);
    remove(program, PATH);
}

fn check_size(program: &Program, file: &Handle, size: i64) {
    let known = file::query::<FileStandardInformation>(file, FILE_STANDARD_INFORMATION);
    program.check("its size", known.map(|known| known.end_of_file), Ok(size));
}

/// A path of its own.
struct Numbered([u8; 32], usize);

impl Numbered {
    fn new(number: usize) -> Self {
        let mut path = Self([0; 32], 0);
        // It fits.
        let _ = write!(path, "{PATH}{number}");
        path
    }

    fn path(&self) -> &str {
        core::str::from_utf8(&self.0[..self.1]).unwrap_or_default()
    }
}

impl Write for Numbered {
    fn write_str(&mut self, part: &str) -> core::fmt::Result {
        let room = self.0.get_mut(self.1..self.1 + part.len());
        room.ok_or(core::fmt::Error)?
            .copy_from_slice(part.as_bytes());
        self.1 += part.len();
        Ok(())
    }
}

/// So many that directory and tree have to grow.
fn many(program: &Program) {
    for (what, options) in [
        ("create files", 0),
        ("create directories", FILE_DIRECTORY_FILE),
    ] {
        let steps = Grow {
            call: &mut |index| {
                let how = how(FILE_CREATE).with(options);
                file::create(&name(Numbered::new(index).path()), how)
            },
            undo: &mut |index, made| {
                drop(made);
                remove(program, Numbered::new(index).path());
            },
            untouched: &mut |index| absent(program, Numbered::new(index).path()),
        };
        steps.run(program, what, MOST);
    }
}

fn cut(program: &Program, file: &Handle, size: i64) {
    let status = file::set(file, FILE_END_OF_FILE_INFORMATION, &size);
    program.check("cut", status, NtStatus::SUCCESS);
}

fn written(program: &Program, file: &Handle) {
    const PAGES: [u8; 3 * PAGE_SIZE as usize] = [7; 3 * PAGE_SIZE as usize];
    for (what, offset) in [("write pages", 0), ("write far behind the end", 0x123_4567)] {
        let steps = Walk {
            call: &mut || file::write(file, Some(offset), &PAGES),
            undo: &mut |_| cut(program, file, 0),
            untouched: &mut || check_size(program, file, 0),
        };
        steps.run(program, what);
    }
    let steps = Grow {
        call: &mut |index| file::write(file, Some(index as u64 * PAGE_SIZE), &[1; 8]),
        undo: &mut |_, _| (),
        untouched: &mut |index| {
            let size = match index {
                0 => 0,
                _ => (index as i64 - 1) * PAGE_SIZE as i64 + 8,
            };
            check_size(program, file, size);
        },
    };
    steps.run(program, "write page by page", MOST);
    let mut bytes = [0; 64];
    walk(program, "read a file", || {
        file::read(file, Some(0), &mut bytes)
    });
    let target = nt::memory::allocate(0, PAGE_SIZE, abi::memory::MEM_RESERVE, PAGE_READWRITE);
    let target = program.done("memory", target).base;
    let again = || {
        let kind = abi::memory::MEM_COMMIT;
        let range = nt::memory::allocate(target, PAGE_SIZE, kind, PAGE_READWRITE);
        program.done("a new page", range);
    };
    let renew = || {
        // SAFETY: nothing of the program's is there.
        let taken = unsafe { nt::memory::free(target, PAGE_SIZE, abi::memory::MEM_DECOMMIT) };
        program.done("decommit", taken);
        again();
    };
    again();
    let steps = Walk {
        call: &mut || {
            // SAFETY: nothing else uses the page.
            let page = unsafe { core::slice::from_raw_parts_mut(target as *mut u8, 64) };
            file::read(file, Some(0), page)
        },
        undo: &mut |_| renew(),
        untouched: &mut || renew(),
    };
    steps.run(program, "read to a new page");
    // SAFETY: nothing of the program's is there.
    let released = unsafe { nt::memory::free(target, 0, abi::memory::MEM_RELEASE) };
    program.done("release", released);
}

fn asked(program: &Program, file: &Handle) {
    let mut buffer = [0; 512];
    for class in 0..80 {
        let lengths = core::iter::once(buffer.len()).chain((1..0x80).rev());
        for length in lengths {
            let (status, _) = file::query_bytes(file, class, &mut buffer[..length]);
            if status.is_success() {
                nt::println!("file, class {class}, {length} bytes:");
                walk(program, "file", || {
                    done(file::query_bytes(file, class, &mut buffer[..length]).0)
                });
                break;
            }
        }
    }
    let path = name(PATH);
    walk(program, "attributes by name", || {
        let stub = call::nt_query_attributes_file;
        file::attributes_of::<FileBasicInformation>(stub, &path)
    });
    walk(program, "all attributes by name", || {
        let stub = call::nt_query_full_attributes_file;
        file::attributes_of::<FileNetworkOpenInformation>(stub, &path)
    });
}

fn changed(program: &Program, file: &Handle) {
    cut(program, file, 0);
    for (what, class, value) in [
        ("longer", FILE_END_OF_FILE_INFORMATION, 0x5_4321_i64),
        ("room", FILE_ALLOCATION_INFORMATION, 0x5_0000),
        ("position", FILE_POSITION_INFORMATION, 0x1234),
    ] {
        let steps = Walk {
            call: &mut || done(file::set(file, class, &value)),
            undo: &mut |()| cut(program, file, 0),
            untouched: &mut || check_size(program, file, 0),
        };
        steps.run(program, what);
    }
    let basic = file::query::<FileBasicInformation>(file, FILE_BASIC_INFORMATION);
    let basic = program.done("times", basic);
    walk(program, "times", || {
        done(file::set(file, FILE_BASIC_INFORMATION, &basic))
    });
    let pages = [1; 2 * PAGE_SIZE as usize];
    let fill = || program.check("fill", file::write(file, Some(0), &pages), Ok(pages.len()));
    fill();
    let steps = Walk {
        call: &mut || done(file::set(file, FILE_END_OF_FILE_INFORMATION, &1_i64)),
        undo: &mut |()| fill(),
        untouched: &mut || check_size(program, file, pages.len() as i64),
    };
    steps.run(program, "shorter");
    let mark = |deletes: u8| done(file::set(file, FILE_DISPOSITION_INFORMATION, &deletes));
    walk_and_undo(
        program,
        "mark for deletion",
        || mark(1),
        |()| program.check("keep", mark(0), Ok(())),
    );
}

fn unmap(program: &Program, range: Range) {
    // SAFETY: nothing uses the view.
    let status = unsafe { section::unmap(CURRENT_PROCESS, range.base) };
    program.check("unmap", status, NtStatus::SUCCESS);
}

fn shown(program: &Program, file: &Handle) {
    let make = |size, protection| file::section(file, size, protection, SEC_COMMIT);
    walk(program, "section of a file", || make(0, PAGE_READWRITE));
    grow(program, "sections of a file", MOST, |_| {
        make(0, PAGE_READONLY)
    });
    cut(program, file, 0);
    let steps = Walk {
        call: &mut || make(0x5000, PAGE_READWRITE),
        undo: &mut |made| {
            drop(made);
            cut(program, file, 0);
        },
        // What failed behind it has made the file longer.
        untouched: &mut || cut(program, file, 0),
    };
    steps.run(program, "section longer than a file");
    let made = program.done("a section", make(0x5000, PAGE_READWRITE));
    for protection in [PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY] {
        walk_and_undo(
            program,
            "view of a file",
            || section::map(&made, protection),
            |range| unmap(program, range),
        );
    }
    let steps = Grow {
        call: &mut |_| section::map(&made, PAGE_READONLY),
        undo: &mut |_, range| unmap(program, range),
        untouched: &mut |_| (),
    };
    steps.run(program, "views of a file", MOST);
}

fn images(program: &Program) {
    let opened = open(PROGRAM, READ | FILE_EXECUTE);
    let opened = program.done("a program", opened);
    let make = || file::section(&opened, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    walk(program, "section of an image", make);
    grow(program, "sections of an image", MOST, |_| make());
    let made = program.done("an image", make());
    walk_and_undo(
        program,
        "view of an image",
        || section::map(&made, PAGE_EXECUTE_READ),
        |range| unmap(program, range),
    );
    let steps = Grow {
        call: &mut |_| section::map(&made, PAGE_EXECUTE_READ),
        undo: &mut |_, range| unmap(program, range),
        untouched: &mut |_| (),
    };
    steps.run(program, "views of an image", MOST / 4);
}

/// An image of a file that was written is made of a copy, anew each time.
fn written_images(program: &Program) {
    let source = program.done("a program", open(PROGRAM, READ));
    let target = make(program);
    let mut page = [0; PAGE_SIZE as usize];
    let mut size_bytes = 0;
    while let Ok(bytes) = file::read(&source, Some(size_bytes), &mut page) {
        let written = file::write(&target, Some(size_bytes), &page[..bytes]);
        size_bytes += program.done("write", written) as u64;
    }
    drop((source, target));
    let opened = program.done("the copy", open(PATH, READ | FILE_EXECUTE));
    let make = || file::section(&opened, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    walk(program, "section of a written image", make);
    let made = program.done("an image", make());
    walk(program, "another section of it", make);
    walk_and_undo(
        program,
        "view of a written image",
        || section::map(&made, PAGE_EXECUTE_READ),
        |range| unmap(program, range),
    );
    drop((made, opened));
    remove(program, PATH);
}

/// Deleted by name; a failure leaves it.
fn deleted(program: &Program) {
    drop(make(program));
    let steps = Walk {
        call: &mut || done(file::delete(&name(PATH))),
        undo: &mut |()| drop(make(program)),
        untouched: &mut || {
            let found = file::create(&name(PATH), how(FILE_OPEN));
            program.done("still there", found);
        },
    };
    steps.run(program, "delete");
    remove(program, PATH);
}
