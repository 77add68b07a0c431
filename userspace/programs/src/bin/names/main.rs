//! Names: types, lengths of answers, lists, links from the start, one owner.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("names", main);

mod answers;
mod exclusive;
mod links;
mod lists;
mod types;

use nt::Program;

fn main(program: &Program) {
    types::types(program);
    answers::answers(program);
    lists::lists(program);
    links::links(program);
    exclusive::exclusive(program);
}

/// A string behind an address of a buffer that holds it: does it say that?
fn is_text(buffer: &[u64], string: [u64; 2], expected: &str) -> bool {
    let bytes = (string[0] & 0xFFFF) as usize;
    let start = (string[1] - buffer.as_ptr() as u64) as usize / 2;
    let unit = |number: usize| {
        let word = buffer[(start + number) / 4];
        (word >> (16 * ((start + number) % 4))) as u16
    };
    expected.encode_utf16().eq((0..bytes / 2).map(unit))
}
