//! Programs that are written at run time: run, shown, held, replaced, damaged.
#![no_std]
#![no_main]
nt::program!("images", main);

mod damaged;
mod held;
mod shown;
mod written;

use abi::access::DELETE;
use abi::file::*;
use abi::memory::PAGE_EXECUTE_READ;
use abi::parameters::ProcessParameters;
use abi::section::SEC_IMAGE;
use nt::file::name;
use nt::file::{self, How};
use nt::process::{self, Created, Wide};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, program as own, system, thread};

const READ: u32 = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
const WRITE: u32 = FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES;
const SHARE_ALL: u32 = FILE_SHARE_VALID_FLAGS;
const EXIT: &str = "\\??\\C:\\programs\\exit.exe";
const COPY: &str = "\\??\\C:\\copy.exe";
/// And where one is when it runs.
const MOVED: &str = "\\??\\C:\\moved.exe";
/// What the copies are told to end with.
const STATUS: u32 = 0x2A;
const PAGE_BYTES: usize = 0x1000;

fn main(program: &Program) {
    copied(program);
    shown::one_image(program);
    shown::names(program);
    shown::same_files(program);
    shown::written_by_view(program);
    written::code(program);
    shown::only_read(program);
    held::running(program);
    held::by_a_section(program);
    held::of_the_archive(program);
    held::crashed(program);
    damaged::table(program);
    damaged::large(program);
    damaged::lying_size(program);
    damaged::by_chance(program);
    nothing_is_left(program);
}

fn open(path: &str, access: u32) -> Result<Handle, NtStatus> {
    let opened = file::create(&name(path), How::open(access, SHARE_ALL))?;
    Ok(opened.0)
}

fn make(program: &Program, path: &str) -> Handle {
    let how = How::open(READ | WRITE | DELETE, SHARE_ALL).disposed(FILE_OVERWRITE_IF);
    program.done("a new file", file::create(&name(path), how)).0
}

fn delete(program: &Program, path: &str) {
    program.check(path, file::delete(&name(path)), NtStatus::SUCCESS);
    let gone = open(path, READ).map(|_| ());
    program.check(path, gone, Err(NtStatus::OBJECT_NAME_NOT_FOUND));
}

/// Copies a file; how long it is.
fn copy(program: &Program, from: &str, to: &str) -> u64 {
    let source = program.done(from, open(from, READ));
    let target = make(program, to);
    let mut page = [0; PAGE_BYTES];
    let mut size_bytes = 0;
    loop {
        match file::read(&source, Some(size_bytes), &mut page) {
            Ok(bytes) => {
                let written = file::write(&target, Some(size_bytes), &page[..bytes]);
                program.check("written", written, Ok(bytes));
                size_bytes += bytes as u64;
            }
            Err(NtStatus::END_OF_FILE) => return size_bytes,
            Err(status) => program.fail(format_args!("read {from}: {status}")),
        }
    }
}

fn image(file: &Handle) -> Result<Handle, NtStatus> {
    file::section(file, 0, PAGE_EXECUTE_READ, SEC_IMAGE)
}

/// Starts a file that is told what to end with; its thread is suspended at first.
fn launch(path: &str) -> Result<Created, NtStatus> {
    let command_line = Wide::new(&["copy.exe 0x2A"]);
    let block = ProcessParameters {
        command_line: command_line.string(),
        ..*own::parameters()
    };
    process::create_from(&Wide::new(&[path]), &block, 0, process::SUSPENDED)
}

/// Lets it run and waits for its end.
fn join(program: &Program, created: &Created, expected: u32) {
    let resumed = thread::resume(&created.thread);
    program.check("resumed", resumed, Ok(1));
    let over = sync::wait(&created.process, None);
    program.check("its end", over, NtStatus::WAIT_0);
    let left = process::basic_information(created.process.raw());
    let status = program.done("what it left", left).exit_status;
    program.check("its status", status, NtStatus(expected));
}

/// A copy runs, as often as it is started, under whatever name.
fn copied(program: &Program) {
    copy(program, EXIT, COPY);
    for _ in 0..2 {
        let created = program.done("started", launch(COPY));
        join(program, &created, STATUS);
    }
    let (one, two) = (launch(COPY), launch(COPY));
    for created in [two, one] {
        join(program, &program.done("both at once", created), STATUS);
    }
    let file = program.done("the copy", open(COPY, DELETE));
    let renamed = nt::volume::rename(&file, 0, "\\??\\C:\\text.txt", Err(false));
    program.check("rename", renamed, NtStatus::SUCCESS);
    drop(file);
    let created = program.done("renamed", launch("\\??\\C:\\text.txt"));
    join(program, &created, STATUS);
    delete(program, "\\??\\C:\\text.txt");
}

/// What a copy and its images took comes back.
fn nothing_is_left(program: &Program) {
    let once = || {
        copy(program, EXIT, COPY);
        let created = program.done("started", launch(COPY));
        join(program, &created, STATUS);
        drop(created);
        delete(program, COPY);
    };
    once();
    let before = program.done("pages", system::available_pages());
    once();
    let after = program.done("pages", system::available_pages());
    program.check("pages", after, before);
}
