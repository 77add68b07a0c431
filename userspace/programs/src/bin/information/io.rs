//! What a process has asked of files, counted.

use abi::access::DELETE;
use abi::file::*;
use abi::io::CURRENT_PROCESS;
use abi::process::{IoCounters, PROCESS_IO_COUNTERS};
use nt::Program;
use nt::file::{self, How};
use nt::information::{Of, query};

const LENGTH: usize = 10;

fn counters(program: &Program) -> IoCounters {
    let counters = query(Of::Process, CURRENT_PROCESS, PROCESS_IO_COUNTERS);
    program.done("counters", counters)
}

pub fn check(program: &Program) {
    let name = file::name("\\??\\C:\\counted");
    let access = FILE_READ_DATA | FILE_WRITE_DATA | DELETE;
    let how = How::open(access, 0).disposed(FILE_CREATE);
    let file = file::create(&name, how.with(FILE_DELETE_ON_CLOSE));
    let file = program.done("a file", file).0;
    let before = counters(program);
    let mut bytes = [7; LENGTH];
    let written = file::write(&file, Some(0), &bytes);
    let read = [0, 4].map(|offset| file::read(&file, Some(offset), &mut bytes));
    let behind = file::read(&file, Some(99), &mut bytes);
    let flushed = file::flush(&file);
    let after = counters(program);
    program.check("written", written, Ok(LENGTH));
    program.check("read", read, [Ok(LENGTH), Ok(LENGTH - 4)]);
    program.check("nothing behind the end", behind.is_err(), true);
    program.check("flushed", flushed, nt::NtStatus::SUCCESS);
    let rise = |of: fn(&IoCounters) -> u64| of(&after) - of(&before);
    program.check("writes", rise(|all| all.write_operations), 1);
    program.check("bytes written", rise(|all| all.write_bytes), LENGTH as u64);
    program.check("reads", rise(|all| all.read_operations), 3);
    let bytes_read = 2 * LENGTH as u64 - 4;
    program.check("bytes read", rise(|all| all.read_bytes), bytes_read);
    program.check("a flush", rise(|all| all.other_operations), 1);
    program.check("no bytes", rise(|all| all.other_bytes), 0);
}
