//! What is printed: one fact a line, in an order and a form that stay.

use std::fmt::{self, Write};

use crate::dump::{Dump, Module, Pdb};
use crate::frames;
use crate::images::Images;

/// The whole report.
pub(crate) fn report(dump: &Dump<'_>, images: &Images) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_report(&mut text, dump, images);
    text
}

fn write_report(text: &mut String, dump: &Dump<'_>, images: &Images) -> fmt::Result {
    let process = dump.process_id.map_or("?".into(), |id| id.to_string());
    let [major, minor, build] = dump.version;
    writeln!(
        text,
        "process {process} crashed at {} (since 1970) on Windows {major}.{minor}.{build}",
        dump.time_s
    )?;
    write_exception(text, dump)?;
    writeln!(
        text,
        "thread {}, one of {}",
        dump.thread_id, dump.thread_count
    )?;
    for module in &dump.modules {
        writeln!(text, "{module}")?;
    }
    let (frames, end) = frames::walk(dump, images);
    write_frames(text, dump, &frames)?;
    writeln!(text, "end: {end}")
}

fn write_exception(text: &mut String, dump: &Dump<'_>) -> fmt::Result {
    let record = &dump.exception;
    write!(
        text,
        "exception {:#010x} flags {:#x} at {:#x} parameters [",
        record.exception_code, record.exception_flags, record.exception_address
    )?;
    let count = record.number_parameters as usize;
    let parameters = record.exception_information.iter().take(count);
    for (index, parameter) in parameters.enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(text, "{comma}{parameter:#x}")?;
    }
    writeln!(text, "]")
}

/// Recursion takes one line.
fn write_frames(text: &mut String, dump: &Dump<'_>, frames: &[u64]) -> fmt::Result {
    let mut number = 0;
    for same in frames.chunk_by(|a, b| a == b) {
        for address in same.iter().take(1) {
            // A call may be the last instruction of a function, so the caller
            // is the one that holds the byte before.
            let inside = address.wrapping_sub(u64::from(number > 0));
            write!(text, "#{number} {address:#018x} ")?;
            match dump.module_at(inside) {
                Some((module, _)) => {
                    let rva = address.wrapping_sub(module.base);
                    writeln!(text, "{}+{rva:#x}", module.name().escape_debug())?;
                }
                None => writeln!(text, "?")?,
            }
        }
        if same.len() > 1 {
            writeln!(text, "... and {} more from the same place", same.len() - 1)?;
        }
        number += same.len();
    }
    Ok(())
}

/// Names are quoted and escaped: they are the crashed program's choice.
impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "module {:#018x} size {:#x} {:?} ",
            self.base, self.size_bytes, self.path
        )?;
        match &self.pdb {
            Some(pdb) => pdb.fmt(f),
            None => f.write_str("no pdb"),
        }
    }
}

impl fmt::Display for Pdb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pdb {{{}}} age {} {:?}", self.guid, self.age, self.file)
    }
}
