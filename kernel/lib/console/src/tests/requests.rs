//! Control codes: sizes, statuses, and which part they are for.

use std::string::ToString;

use super::{Got, ask, console, text_of, type_in, utf16};
use crate::ConsoleStatus::{InvalidHandle, InvalidParameter};
use crate::{Event, Part, Reply, Want};

const INPUT: Part = Part::Input;
const SCREEN: Part = Part::Screen(0);

#[test]
fn wrong_sizes_are_refused() {
    let mut console = console(80, 25);
    for (part, code, input, room, status) in [
        (INPUT, 0x50_4000, 0, 3, InvalidParameter),
        (INPUT, 0x50_4000, 0, 8, InvalidParameter),
        (SCREEN, 0x50_4000, 0, 0, InvalidParameter),
        (INPUT, 0x50_8004, 3, 0, InvalidParameter),
        (SCREEN, 0x50_8004, 5, 0, InvalidParameter),
        (SCREEN, 0x50_4088, 0, 99, InvalidParameter),
        (INPUT, 0x50_4088, 0, 100, InvalidHandle),
        (SCREEN, 0x50_808C, 103, 0, InvalidParameter),
        (SCREEN, 0x50_8078, 3, 0, InvalidParameter),
        (INPUT, 0x50_8078, 2, 0, InvalidHandle),
        (INPUT, 0x50_4028, 0, 3, InvalidParameter),
        (SCREEN, 0x50_4028, 0, 4, InvalidHandle),
        (INPUT, 0x50_4030, 0, 19, InvalidParameter),
        (INPUT, 0x50_4030, 0, 0, InvalidParameter),
        (INPUT, 0x50_4038, 0, 21, InvalidParameter),
        (INPUT, 0x50_8034, 21, 0, InvalidParameter),
        (INPUT, 0x50_4064, 0, 5, InvalidParameter),
        (INPUT, 0x50_403C, 0, 4, InvalidParameter),
        (INPUT, 0x50_8040, 8, 0, InvalidParameter),
        (INPUT, 0x50_4044, 4, 7, InvalidParameter),
        (INPUT, 0x50_8048, 3, 0, InvalidParameter),
        (INPUT, 0x50_004C, 4, 0, InvalidParameter),
        (INPUT, 0x50_0054, 1, 0, InvalidParameter),
        (INPUT, 0x50_005C, 0, 3, InvalidParameter),
        (INPUT, 0x50_4060, 3, 100, InvalidParameter),
        (INPUT, 0x50_4060, 4, 3, InvalidParameter),
        (INPUT, 0x50_00CC, 3, 0, InvalidParameter),
        (SCREEN, 0x50_8094, 23, 4, InvalidParameter),
        (SCREEN, 0x50_8098, 23, 0, InvalidParameter),
        (SCREEN, 0x50_4080, 15, 8, InvalidParameter),
        (SCREEN, 0x50_8084, 15, 8, InvalidParameter),
        (SCREEN, 0x50_8090, 1, 0, InvalidParameter),
        (INPUT, 0x50_0008, 0, 0, InvalidHandle),
        (SCREEN, 0x50_0008, 0, 0, InvalidHandle),
        (INPUT, 0, 0, 0, InvalidHandle),
        (Part::Screen(7), 0x50_4000, 0, 4, InvalidHandle),
    ] {
        let refused = console.control(part, code, &[0; 128][..input], room, &mut Got::default());
        assert_eq!(refused.unwrap_err(), status, "{part:?} {code:#x}");
    }
}

#[test]
fn modes_are_those_of_their_parts() {
    let mut console = console(80, 25);
    let mode = |console: &mut crate::Console, part| {
        let data = ask(console, part, 0x50_4000, &[], 4).0;
        u32::from_le_bytes(data.try_into().unwrap())
    };
    assert_eq!(
        (mode(&mut console, INPUT), mode(&mut console, SCREEN)),
        (0x1F7, 3)
    );
    ask(&mut console, SCREEN, 0x50_8004, &7_u32.to_le_bytes(), 0);
    ask(&mut console, INPUT, 0x50_8004, &0x80_u32.to_le_bytes(), 0);
    assert_eq!(
        (mode(&mut console, INPUT), mode(&mut console, SCREEN)),
        (0x80, 7)
    );
    let other = console.open_new().unwrap();
    assert_eq!(mode(&mut console, Part::Screen(other)), 3);
    for (part, bad, after) in [(SCREEN, 0x20_u32, 7), (INPUT, 4, 4), (INPUT, 0x1001, 1)] {
        let refused = console.control(part, 0x50_8004, &bad.to_le_bytes(), 0, &mut Got::default());
        assert_eq!(refused.unwrap_err(), InvalidParameter);
        // NT changes the mode of input all the same.
        assert_eq!(mode(&mut console, part), after, "{bad:#x}");
    }
}

#[test]
fn records_are_looked_at_written_and_flushed() {
    let mut console = console(80, 25);
    type_in(&mut console, b"a");
    let count = |console: &mut crate::Console| ask(console, INPUT, 0x50_4064, &[], 4).0[0];
    assert_eq!(count(&mut console), 2);
    let peeked = ask(&mut console, INPUT, 0x50_4038, &[], 100).0;
    assert_eq!((peeked.len(), count(&mut console)), (40, 2));
    ask(&mut console, INPUT, 0x50_8034, &peeked, 0);
    assert_eq!(count(&mut console), 4);
    let read = console.serve(&mut Want::Records { room: 20 }, &mut Got::default());
    assert_eq!(read.unwrap().data, peeked[..20]);
    ask(&mut console, INPUT, 0x50_0054, &[], 0);
    assert_eq!(count(&mut console), 0);
    assert!(!console.has_records());
    let reply = console.control(INPUT, 0x50_4030, &[], 40, &mut Got::default());
    assert!(matches!(reply, Ok(Reply::Read(Want::Records { room: 40 }))));
}

#[test]
fn titles_reach_the_terminal_without_commands() {
    let mut console = console(80, 25);
    let (_, got) = ask(&mut console, INPUT, 0x50_8048, &utf16("a\x1b]0;é\x07"), 0);
    assert_eq!(got, "\x1b]0;a]0;é\x07");
    let (title, _) = ask(&mut console, INPUT, 0x50_4044, &[0; 4], 8 + 6);
    assert_eq!((title.len(), title[0]), (14, 7));
    assert_eq!(text_of(&title[4..10]), "a\x1b]".to_string());
}

#[test]
fn the_rest_is_the_executives() {
    let mut console = console(80, 25);
    let mut reply = |code, numbers: &[u32], room| {
        let input: std::vec::Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        console.control(INPUT, code, &input, room, &mut Got::default())
    };
    assert!(matches!(
        reply(0x50_004C, &[1, 9], 0),
        Ok(Reply::Tell(Event::Break, 9))
    ));
    assert_eq!(reply(0x50_004C, &[2, 0], 0).unwrap_err(), InvalidParameter);
    assert!(matches!(
        reply(0x50_8040, &[3, 850, 65001], 0),
        Ok(Reply::CodePages(850, 65001))
    ));
    assert!(matches!(
        reply(0x50_8040, &[2, 850, 65001], 0),
        Ok(Reply::CodePages(0, 65001))
    ));
    assert!(matches!(reply(0x50_005C, &[], 8), Ok(Reply::Processes)));
    assert!(matches!(reply(0x50_00CC, &[8], 0), Ok(Reply::Bind(8))));
}
