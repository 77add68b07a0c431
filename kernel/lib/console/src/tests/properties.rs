//! Whatever is typed, written and asked, the console stays whole.

use std::vec::Vec;

use proptest::prelude::*;

use super::{Got, cursor};
use crate::{Channel, CodePage, Console, Part, Reply, Size, Want};

const CODES: [u32; 30] = [
    0x50_4000, 0x50_8004, 0x50_4028, 0x50_402C, 0x50_4030, 0x50_8034, 0x50_4038, 0x50_403C,
    0x50_8040, 0x50_4044, 0x50_8048, 0x50_004C, 0x50_0050, 0x50_0054, 0x50_0058, 0x50_005C,
    0x50_4060, 0x50_4064, 0x50_8078, 0x50_807C, 0x50_4080, 0x50_8084, 0x50_4088, 0x50_808C,
    0x50_8090, 0x50_8094, 0x50_8098, 0x50_00CC, 0x50_0008, 0,
];

#[derive(Clone, Debug)]
enum Step {
    Type(Vec<u8>),
    Pause,
    Read(u8, usize),
    Write(Vec<u8>, bool),
    Ask(bool, usize, Vec<u8>, usize),
    Resize(u16, u16),
    Abort,
}

/// Text that is often commands.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let letter = || prop::sample::select(b"az \r\n\t\x08\x7f\x1a^".to_vec());
    let digit = || prop::sample::select(b"0123459;?".to_vec());
    let command = prop_oneof![
        any::<u8>().prop_map(|byte| std::vec![byte]),
        prop::collection::vec(letter(), 1..8),
        (prop::collection::vec(digit(), 0..6), 0x40..0x7F_u8).prop_map(|(digits, last)| [
            &b"\x1b["[..],
            &digits,
            &[last]
        ]
        .concat()),
        prop::sample::select(std::vec!["é", "日本", "😀"]).prop_map(|text| text.into()),
    ];
    prop::collection::vec(command, 0..8).prop_map(|parts| parts.concat())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        bytes().prop_map(Step::Type),
        Just(Step::Pause),
        (any::<u8>(), 0..70_usize).prop_map(|(kind, room)| Step::Read(kind, room)),
        (bytes(), any::<bool>()).prop_map(|(text, wide)| Step::Write(text, wide)),
        (
            any::<bool>(),
            0..CODES.len(),
            prop::collection::vec(
                prop_oneof![Just(0_u8), Just(0xFF), 0..5_u8, any::<u8>()],
                0..120
            ),
            prop_oneof![0..130_usize, Just(4), Just(100), Just(1 << 20)]
        )
            .prop_map(|(screen, code, input, room)| Step::Ask(screen, code, input, room)),
        (0..12_u16, 0..6_u16).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        Just(Step::Abort),
    ]
}

fn want(kind: u8, room: usize) -> Want {
    match kind & 3 {
        0 => Want::Records {
            room: room / 20 * 20 + 20,
        },
        1 => Want::Text { room: room & !1 },
        2 => Want::Bytes { room },
        _ => Want::Woken {
            room: room + 4,
            mask: u32::MAX,
            initial: std::vec![0x61; usize::from(kind >> 4)],
        },
    }
}

fn serve(console: &mut Console, want: &mut Want) {
    let mut got = Got::default();
    let answer = console.serve(want, &mut got);
    let room = match want {
        Want::Records { room } | Want::Text { room } | Want::Bytes { room } => *room,
        Want::Woken { room, .. } => *room,
    };
    if let Some(answer) = answer {
        assert!(answer.data.len() <= room);
    }
    got.text();
}

proptest! {
    #[test]
    fn nothing_breaks_it(
        (columns, rows) in (0..12_u16, 0..6_u16),
        echoes in any::<bool>(),
        steps in prop::collection::vec(step(), 0..30),
    ) {
        let mut console = Console::new(Size { columns, rows }, echoes).unwrap();
        for step in steps {
            match step {
                Step::Type(bytes) => bytes.iter().for_each(|byte| {
                    console.take(*byte);
                }),
                Step::Pause => console.pause(),
                Step::Read(kind, room) => serve(&mut console, &mut want(kind, room)),
                Step::Write(text, is_utf16) => {
                    let mut got = Got::default();
                    let _ = console.write(0, &text, is_utf16, &mut got);
                    got.text();
                }
                Step::Ask(screen, code, input, room) => {
                    let part = if screen { Part::Screen(0) } else { Part::Input };
                    let mut got = Got::default();
                    let reply = console.control(part, CODES[code], &input, room, &mut got);
                    got.text();
                    match reply {
                        Ok(Reply::Done(data)) => assert!(data.len() <= room),
                        Ok(Reply::Read(mut want)) => serve(&mut console, &mut want),
                        Ok(Reply::CodePages(_, number)) => {
                            console.set_code_page(CodePage::bare(number), true);
                        }
                        _ => {}
                    }
                }
                Step::Resize(columns, rows) => console.resize(Size { columns, rows }),
                Step::Abort => {
                    console.abort_reads(true);
                    serve(&mut console, &mut want(1, 10));
                    console.abort_reads(false);
                }
            }
            let (x, y) = cursor(&mut console);
            let info = super::ask(&mut console, Part::Screen(0), 0x50_4088, &[], 100).0;
            prop_assert!(x < u16::from_le_bytes([info[8], info[9]]));
            prop_assert!(y < u16::from_le_bytes([info[10], info[11]]));
        }
    }

    #[test]
    fn any_bytes_are_messages_or_none(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut channel = Channel::new();
        for byte in bytes {
            channel.take(byte);
        }
    }

    #[test]
    fn any_file_is_a_code_page_or_none(words in prop::collection::vec(0..600_u16, 0..900)) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        // Of the number that the file says, if it has got so far.
        let number = words.get(1).copied().unwrap_or(437);
        if let Some(page) = CodePage::of_file(number.into(), &bytes) {
            let mut console = Console::new(Size { columns: 9, rows: 3 }, false).unwrap();
            console.set_code_page(page, true);
            console.write(0, &bytes, false, &mut Got::default()).unwrap();
        }
    }
}
