//! Files: opened and read, listed by the thousand, copied by the mebibyte.

use abi::access::DELETE;
use abi::file::*;
use nt::NtStatus;
use nt::file::name;
use nt::file::{self, How};
use nt::memory::Memory;
use nt::object::Name;
use nt::sync::Handle;

use super::{cost, print, row};

const SHARE_ALL: u32 = FILE_SHARE_VALID_FLAGS;
const READ: u32 = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
const BLOCK: usize = 4096;
const MIB: u64 = 0x10_0000;

pub fn all(program: &nt::Program) {
    small(program);
    directories(program);
    large(program);
}

fn make(program: &nt::Program, path: &str, options: u32) -> Handle {
    let access = READ | FILE_WRITE_DATA | DELETE;
    let how = How::open(access, SHARE_ALL)
        .disposed(FILE_CREATE)
        .with(options);
    program.done(path, file::create(&name(path), how)).0
}

/// A small file opened, read and closed, and a block read from an open file.
fn small(program: &nt::Program) {
    const PATH: &str = "\\??\\C:\\bench";
    let written = make(program, PATH, FILE_DELETE_ON_CLOSE);
    let mut block = [1; BLOCK];
    for _ in 0..16 {
        program.check("write", file::write(&written, None, &block), Ok(BLOCK));
    }
    let name = name(PATH);
    row("open_read_close", 1_000, || {
        let file = file::open(
            &name,
            READ | abi::access::SYNCHRONIZE,
            SHARE_ALL,
            FILE_SYNCHRONOUS_IO_NONALERT,
        );
        let file = program.done("open", file);
        let mut some = [0; 256];
        program.check("read", file::read(&file, None, &mut some), Ok(some.len()));
    });
    row("read_4k", 1_000, || {
        let read = file::read(&written, Some(2 * BLOCK as u64), &mut block);
        program.check("read", read, Ok(BLOCK));
    });
}

/// What an entry costs in a large directory, and what more than in a small one.
fn directories(program: &nt::Program) {
    let [few, many] = [1_000, 10_000].map(|count| {
        let made = cost(|| fill(program, count));
        print_per("dir_create", count, made);
        let directory = program.done("a directory", file::create(&name(DIRECTORY), list()));
        let listed = cost(|| count_entries(program, &directory.0, count));
        print_per("dir_list", count, listed);
        let emptied = cost(|| empty(program, count));
        print_per("dir_delete", count, emptied);
        listed / count
    });
    print("dir_10000.growth", many * 100 / few, "percent");
}

const DIRECTORY: &str = "\\??\\C:\\bench.dir";
const FILE_NAME: [u8; 25] = *b"\\??\\C:\\bench.dir\\name0000";

fn print_per(id: &str, count: u64, all: u64) {
    nt::println!(
        "PETREL-BENCH id={id}.{count} value={} unit=instructions",
        all / count
    );
}

fn list() -> How {
    How::open(FILE_READ_DATA, SHARE_ALL)
}

/// Gives the path of each file of the directory.
fn for_each_name(count: u64, mut use_it: impl FnMut(&Name)) {
    for number in 0..count {
        let mut path = FILE_NAME;
        let mut rest = number;
        for digit in path.iter_mut().rev().take(4) {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        use_it(&name(core::str::from_utf8(&path).unwrap_or_default()));
    }
}

fn fill(program: &nt::Program, count: u64) {
    drop(make(program, DIRECTORY, FILE_DIRECTORY_FILE));
    for_each_name(count, |name| {
        let how = How::open(READ, SHARE_ALL).disposed(FILE_CREATE);
        drop(program.done("a file", file::create(name, how)));
    });
}

fn count_entries(program: &nt::Program, directory: &Handle, count: u64) {
    let mut buffer = [0; 0x4000];
    let mut found = 0;
    loop {
        let class = FILE_BOTH_DIRECTORY_INFORMATION;
        let (status, bytes) = file::list(directory, class, None, (false, false), &mut buffer);
        if status == NtStatus::NO_MORE_FILES {
            break;
        }
        program.check("list", status, NtStatus::SUCCESS);
        let mut rest = &buffer[..bytes];
        while let Some(next) = rest.first_chunk::<4>() {
            found += 1;
            match u32::from_le_bytes(*next) as usize {
                0 => break,
                next => rest = &rest[next..],
            }
        }
    }
    // With itself and what is above it.
    program.check("entries", found, count + 2);
}

fn empty(program: &nt::Program, count: u64) {
    for_each_name(count, |name| {
        program.check("delete", file::delete(name), NtStatus::SUCCESS);
    });
    let deleted = file::delete(&name(DIRECTORY));
    program.check("delete all", deleted, NtStatus::SUCCESS);
}

/// A new file of 64 MiB written and read in calls of one, against the same copied
/// between two buffers.
fn large(program: &nt::Program) {
    const CALLS: u64 = 64;
    let [mut from, mut to] = [(); 2].map(|()| program.done("a buffer", Memory::committed(MIB)));
    for (memory, value) in [(&mut from, 1), (&mut to, 2)] {
        memory.words().fill(value);
    }
    let copied = cost(|| {
        for _ in 0..2 * CALLS {
            to.copy_from(&from);
        }
    });
    let file = make(program, "\\??\\C:\\bench.large", FILE_DELETE_ON_CLOSE);
    let all = Ok(MIB as usize);
    let written = cost(|| {
        for _ in 0..CALLS {
            program.check("write", file::write(&file, None, from.bytes()), all);
        }
    });
    let read = cost(|| {
        for call in 0..CALLS {
            let read = file::read(&file, Some(call * MIB), to.bytes());
            program.check("read", read, all);
        }
    });
    print("file_64mib.write", written * 200 / copied, "percent");
    print("file_64mib.read", read * 200 / copied, "percent");
    print("file_64mib", (written + read) * 100 / copied, "percent");
    drop(file);
    for memory in [from, to] {
        program.check("give back", memory.release().is_ok(), true);
    }
}
