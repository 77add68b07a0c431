//! Every class of keys and values: what is told, with room for more or less.

use abi::registry::*;
use nt::sync::Handle;
use nt::{NtStatus, Program, registry};

use crate::{is_text, new, new_with, remove, user, word};

/// Asks with so much room.
type Ask<'a> = &'a dyn Fn(&mut [u8], usize) -> (NtStatus, u32);

pub fn all(program: &Program) {
    let user = user(program);
    let home = new_with(program, &user, "Queries", "Class", 0);
    let below = new_with(program, &home, "Belows", "Of it", 0);
    for (name, data) in [("abc", &[1_u8, 2, 3, 4, 5][..]), ("", &[]), ("lo", &[7; 9])] {
        let status = registry::set_value(home.raw(), name, REG_BINARY, data);
        program.check("a value", status, NtStatus::SUCCESS);
    }
    keys(program, &home);
    listed(program, &home);
    values(program, &home);
    wrong_classes(program, &home);
    for name in ["abc", "", "lo"] {
        let status = registry::delete_value(home.raw(), name);
        program.check("no value", status, NtStatus::SUCCESS);
    }
    remove(program, &below);
    remove(program, &home);
}

/// Asks with every size of buffer up to one more than needed: below the structure's
/// size nothing is given, below what is needed its beginning. The answer.
fn every_length(
    program: &Program,
    what: &str,
    fixed: usize,
    needed: usize,
    ask: Ask<'_>,
) -> [u8; 256] {
    let mut whole = [0xAA; 256];
    let told = ask(&mut whole, needed);
    program.check(what, told, (NtStatus::SUCCESS, needed as u32));
    for room in 0..=needed + 1 {
        let mut part = [0xAA; 256];
        let (status, length) = ask(&mut part, room);
        let (expected, given) = match room {
            _ if room < fixed => (NtStatus::BUFFER_TOO_SMALL, 0),
            _ if room < needed => (NtStatus::BUFFER_OVERFLOW, room),
            _ => (NtStatus::SUCCESS, needed),
        };
        program.check(what, (status, length as usize), (expected, needed));
        program.require("its beginning", part[..given] == whole[..given]);
        program.require("no more", part[given..].iter().all(|byte| *byte == 0xAA));
    }
    whole
}

fn keys(program: &Program, home: &Handle) {
    let ask = |class| {
        move |buffer: &mut [u8], room: usize| registry::query(home.raw(), class, buffer, room)
    };
    let basic = every_length(
        program,
        "basic",
        0x10,
        0x10 + 14,
        &ask(KEY_BASIC_INFORMATION),
    );
    program.check("a name", (word(&basic, 8), word(&basic, 12)), (0, 14));
    program.require("it", is_text(&basic[0x10..0x1E], "Queries"));
    let node = every_length(program, "node", 0x18, 0x18 + 24, &ask(KEY_NODE_INFORMATION));
    let fields = [8, 12, 16, 20].map(|at| word(&node, at));
    program.check("a node", fields, [0, 0x26, 10, 14]);
    program.require("it", is_text(&node[0x18..0x26], "Queries"));
    program.require("of a class", is_text(&node[0x26..0x30], "Class"));
    let full = every_length(program, "full", 0x2C, 0x2C + 10, &ask(KEY_FULL_INFORMATION));
    let fields = [8, 12, 16, 20, 24, 28, 32, 36, 40].map(|at| word(&full, at));
    program.check("all of it", fields, [0, 0x2C, 10, 1, 12, 10, 3, 6, 9]);
    program.require("of a class", is_text(&full[0x2C..0x36], "Class"));
    const NAME: &str = "\\REGISTRY\\USER\\S-1-5-21-0-0-0-1000\\Queries";
    let bytes = 4 + 2 * NAME.len();
    let name = every_length(program, "name", 4, bytes, &ask(KEY_NAME_INFORMATION));
    program.require("its name", is_text(&name[4..bytes], NAME));
    let cached = every_length(program, "cached", 0x28, 0x28, &ask(KEY_CACHED_INFORMATION));
    let fields = [8, 12, 16, 20, 24, 28, 32, 36].map(|at| word(&cached, at));
    program.check("in short", fields, [0, 1, 12, 3, 6, 9, 14, 0]);
    every_length(program, "flags", 12, 12, &ask(KEY_FLAGS_INFORMATION));
    let virtual_key = ask(KEY_VIRTUALIZATION_INFORMATION);
    let answer = every_length(program, "virtual", 4, 4, &virtual_key);
    program.check("not so", word(&answer, 0), 0);
    let answer = every_length(program, "trust", 4, 4, &ask(KEY_TRUST_INFORMATION));
    program.check("trusted", word(&answer, 0), KEY_IS_TRUSTED);
    let answer = every_length(program, "layer", 4, 4, &ask(KEY_LAYER_INFORMATION));
    program.check("one", word(&answer, 0), 0);
    every_length(program, "tags", 4, 4, &ask(KEY_HANDLE_TAGS_INFORMATION));
}

fn listed(program: &Program, home: &Handle) {
    let ask = |class| {
        move |buffer: &mut [u8], room: usize| {
            registry::enumerate(home.raw(), 0, class, buffer, room)
        }
    };
    let basic = every_length(
        program,
        "basic",
        0x10,
        0x10 + 12,
        &ask(KEY_BASIC_INFORMATION),
    );
    program.require("it", is_text(&basic[0x10..0x1C], "Belows"));
    let node = every_length(program, "node", 0x18, 0x18 + 22, &ask(KEY_NODE_INFORMATION));
    program.require("of a class", is_text(&node[0x24..0x2E], "Of it"));
    let full = every_length(program, "full", 0x2C, 0x2C + 10, &ask(KEY_FULL_INFORMATION));
    program.check("empty", [20, 32].map(|at| word(&full, at)), [0, 0]);
    let plain = new(program, home, "Plain");
    let mut answer = [0; 64];
    for (class, length) in [(KEY_NODE_INFORMATION, 0x22), (KEY_FULL_INFORMATION, 0x2C)] {
        let told = registry::enumerate(home.raw(), 1, class, &mut answer, 64);
        program.check("no class", told, (NtStatus::SUCCESS, length));
        program.check("nowhere", word(&answer, 12), NO_OFFSET);
    }
    remove(program, &plain);
}

fn values(program: &Program, home: &Handle) {
    let by_name = |class| {
        move |buffer: &mut [u8], room: usize| {
            registry::query_value(home.raw(), "ABC", class, buffer, room)
        }
    };
    let by_number = |class| {
        move |buffer: &mut [u8], room: usize| {
            registry::enumerate_value(home.raw(), 0, class, buffer, room)
        }
    };
    const DATA: [u8; 5] = [1, 2, 3, 4, 5];
    let basic = KEY_VALUE_BASIC_INFORMATION;
    let asks: [Ask<'_>; 2] = [&by_name(basic), &by_number(basic)];
    for ask in asks {
        let answer = every_length(program, "basic", 12, 12 + 6, ask);
        let fields = [0, 4, 8].map(|at| word(&answer, at));
        program.check("a name", fields, [0, REG_BINARY, 6]);
        program.require("as it was set", is_text(&answer[12..18], "abc"));
    }
    let full = KEY_VALUE_FULL_INFORMATION;
    let asks: [Ask<'_>; 2] = [&by_name(full), &by_number(full)];
    for ask in asks {
        let answer = every_length(program, "full", 0x14, 0x1C + 5, ask);
        let fields = [0, 4, 8, 12, 16].map(|at| word(&answer, at));
        program.check("all of it", fields, [0, REG_BINARY, 0x1C, 5, 6]);
        program.check("its data", &answer[0x1C..0x21], &DATA);
    }
    let partial = KEY_VALUE_PARTIAL_INFORMATION;
    let asks: [Ask<'_>; 2] = [&by_name(partial), &by_number(partial)];
    for ask in asks {
        let answer = every_length(program, "partial", 12, 12 + 5, ask);
        let fields = [0, 4, 8].map(|at| word(&answer, at));
        program.check("a part", fields, [0, REG_BINARY, 5]);
        program.check("its data", &answer[12..17], &DATA);
    }
    let wide = by_name(KEY_VALUE_FULL_INFORMATION_ALIGN64);
    let answer = every_length(program, "full, wide", 0x14, 0x20 + 5, &wide);
    program.check("further on", word(&answer, 8), 0x20);
    program.check("its data", &answer[0x20..0x25], &DATA);
    let wide = by_name(KEY_VALUE_PARTIAL_INFORMATION_ALIGN64);
    let answer = every_length(program, "partial, wide", 8, 8 + 5, &wide);
    program.check(
        "at once",
        [0, 4].map(|at| word(&answer, at)),
        [REG_BINARY, 5],
    );
    program.check("its data", &answer[8..13], &DATA);
    // The default value, without data.
    let mut answer = [0; 64];
    let told = registry::query_value(home.raw(), "", full, &mut answer, 64);
    program.check("the default", told, (NtStatus::SUCCESS, 0x14));
    program.check(
        "no data",
        [8, 12, 16].map(|at| word(&answer, at)),
        [NO_OFFSET, 0, 0],
    );
}

fn wrong_classes(program: &Program, home: &Handle) {
    let mut answer = [0; 64];
    let invalid = NtStatus::INVALID_PARAMETER;
    for class in [10, 99, u32::MAX] {
        let (status, _) = registry::query(home.raw(), class, &mut answer, 64);
        program.check("no class of keys", status, invalid);
    }
    for class in [3, 4, 5, 6, 7, 8] {
        let (status, _) = registry::enumerate(home.raw(), 0, class, &mut answer, 64);
        program.check("none of lists", status, invalid);
    }
    for class in [5, 99] {
        let (status, _) = registry::query_value(home.raw(), "abc", class, &mut answer, 64);
        program.check("none of values", status, invalid);
    }
    for class in [3, 4, 5] {
        let (status, _) = registry::enumerate_value(home.raw(), 0, class, &mut answer, 64);
        program.check("none of their lists", status, invalid);
    }
}
