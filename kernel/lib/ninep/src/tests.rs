//! What is written is what the protocol has; what is read may be anything.

use super::*;
use proptest::prelude::*;
use std::vec::Vec;

extern crate std;

#[test]
fn a_walk_is_written() {
    let mut buffer = [0; 64];
    let request = Request::new(&mut buffer, Kind::Walk, 3).u32(1).u32(2);
    let length = request.names(["ab", "c"].into_iter()).finish().unwrap();
    let expected = [
        24, 0, 0, 0, 110, 3, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 2, 0, b'a', b'b', 1, 0, b'c',
    ];
    assert_eq!(&buffer[..length], expected);
}

#[test]
fn what_does_not_fit_is_not_sent() {
    let mut buffer = [0; 12];
    let of = |buffer: &mut [u8], more| {
        Request::new(buffer, Kind::Clunk, 1)
            .u32(1)
            .finish_before(more)
    };
    assert_eq!(of(&mut buffer, 1), Some(12));
    assert_eq!(of(&mut buffer, 2), None);
    assert_eq!(of(&mut buffer[..10], 0), None);
    assert_eq!(
        Request::new(&mut buffer[..3], Kind::Clunk, 1).finish(),
        None
    );
    assert_eq!(
        Request::new(&mut buffer, Kind::Clunk, 1).u64(1).finish(),
        None
    );
    let long = "x".repeat(0x1_0000);
    let mut room = std::vec![0; 0x2_0000];
    assert_eq!(
        Request::new(&mut room, Kind::Walk, 1).text(&long).finish(),
        None
    );
}

#[test]
fn changes_say_what_is_meant() {
    let mut buffer = [0; 128];
    let change = Change {
        size_bytes: Some(5),
        written: Some(Time {
            seconds: 7,
            nanoseconds: 8,
        }),
        ..Change::default()
    };
    let request = Request::new(&mut buffer, Kind::SetAttributes, 1).u32(9);
    assert_eq!(request.change(&change).finish(), Some(67));
    assert_eq!(buffer[11..15], (8_u32 | 0x20 | 0x100).to_le_bytes());
    assert_eq!(buffer[27..35], 5_u64.to_le_bytes());
    assert_eq!(buffer[51..59], 7_u64.to_le_bytes());
}

fn answer(kind: u8, tag: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(HEADER_BYTES + body.len()).unwrap();
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.push(kind);
    bytes.extend(tag.to_le_bytes());
    bytes.extend(body);
    bytes
}

#[test]
fn answers_are_for_the_request() {
    let right = answer(121, 1, &[]);
    assert!(Answer::read(&right, Kind::Clunk, 1).is_ok());
    for wrong in [
        answer(120, 1, &[]),
        answer(121, 2, &[]),
        right[..6].to_vec(),
        answer(7, 1, &[1]),
        {
            let mut longer = right.clone();
            longer[0] = 8;
            longer
        },
        {
            let mut shorter = right.clone();
            shorter[0] = 6;
            shorter
        },
    ] {
        let refused = Answer::read(&wrong, Kind::Clunk, 1).err();
        assert_eq!(refused, Some(Refusal::Malformed), "{wrong:?}");
    }
}

#[test]
fn a_directory_is_read() {
    let mut entries = Vec::new();
    for (number, name) in [(1_u64, &b"a"[..]), (2, b"\xFF"), (3, b"")] {
        entries.push(0x80);
        entries.extend([0; 4]);
        entries.extend(number.to_le_bytes());
        entries.extend((number + 10).to_le_bytes());
        entries.push(4);
        entries.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        entries.extend(name);
    }
    // The last one is cut off.
    let cut = entries.len() - 1;
    let mut body = u32::try_from(cut).unwrap().to_le_bytes().to_vec();
    body.extend(&entries[..cut]);
    let bytes = answer(41, 1, &body);
    let mut answer = Answer::read(&bytes, Kind::ReadDirectory, 1).unwrap();
    let read: Vec<_> = answer.entries().unwrap().collect();
    assert_eq!(read.len(), 3);
    assert_eq!(
        read[0].map(|entry| (entry.name, entry.offset)),
        Ok((&b"a"[..], 11))
    );
    assert!(read[0].unwrap().qid.is_directory());
    assert_eq!(read[1].map(|entry| entry.qid.number), Ok(2));
    assert_eq!(read[2], Err(Malformed));
}

#[test]
fn times_go_there_and_back() {
    let of = |seconds: i64, nanoseconds| Time {
        seconds: seconds.cast_unsigned(),
        nanoseconds,
    };
    assert_eq!(of(0, 199).since_1601_100ns(), 116_444_736_000_000_001);
    assert_eq!(of(-11_644_473_600, 0).since_1601_100ns(), 0);
    assert_eq!(of(-11_644_473_601, 0).since_1601_100ns(), 0);
    assert_eq!(
        of(i64::MAX, u64::MAX).since_1601_100ns(),
        i64::MAX.unsigned_abs()
    );
    assert_eq!(Time::of_1601_100ns(0), of(-11_644_473_600, 0));
    assert_eq!(Time::of_1601_100ns(116_444_736_000_000_003), of(0, 300));
}

#[test]
fn names_of_either_side() {
    let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
    let mut buffer = [0; names::MOST_BYTES];
    assert_eq!(
        names::to_host(&units("Zoë 𝄞.txt"), &mut buffer),
        Some("Zoë 𝄞.txt")
    );
    let fits = "é".repeat(127) + "x";
    assert_eq!(
        names::to_host(&units(&fits), &mut buffer),
        Some(fits.as_str())
    );
    assert_eq!(names::to_host(&units(&"é".repeat(128)), &mut buffer), None);
    for wrong in ["", ".", "..", "a/b", "a\0"] {
        assert_eq!(names::to_host(&units(wrong), &mut buffer), None);
    }
    assert_eq!(names::to_host(&[0xD800], &mut buffer), None);
    assert_eq!(names::from_host(b"a. "), Some("a. "));
    for wrong in [&b"a:b"[..], b"\xFF", b"..", b"a\\b", b"\n", b"*"] {
        assert_eq!(names::from_host(wrong), None);
    }
}

#[test]
fn links_lead_on() {
    let of = |target: &'static [u8]| links::steps(target).map(Iterator::collect::<Vec<_>>);
    assert_eq!(of(b"a"), Some(std::vec![Some("a")]));
    assert_eq!(
        of(b"../.././/b c/d/"),
        Some(std::vec![
            Some(links::UP),
            Some(links::UP),
            Some("b c"),
            Some("d")
        ])
    );
    assert_eq!(of(b"."), Some(std::vec![]));
    // What is not seen from here, and what is elsewhere.
    assert_eq!(of(b"x/a:b"), Some(std::vec![Some("x"), None]));
    assert_eq!(of(b"\xFF"), Some(std::vec![None]));
    assert_eq!(of(b"/a"), None);
    assert_eq!(of(b""), None);
}

#[test]
fn what_links_are() {
    let qid = |kind| Qid { kind, number: 1 };
    assert!(qid(0x02).is_link() && !qid(0x02).is_directory());
    assert!(!qid(0x80).is_link() && !qid(0).is_link());
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for kind in [Kind::GetAttributes, Kind::ReadDirectory, Kind::Read, Kind::Walk] {
            let _ = Answer::read(&bytes, kind, 1).map(use_all);
            let _ = Answer::read(&answer((kind as u8) + 1, 1, &bytes), kind, 1).map(use_all);
        }
        let _ = names::from_host(&bytes);
        for step in links::steps(&bytes).into_iter().flatten().flatten() {
            prop_assert!(step == links::UP || names::from_host(step.as_bytes()).is_some());
        }
    }

    #[test]
    fn times_survive(time in 0..i64::MAX.unsigned_abs()) {
        prop_assert_eq!(Time::of_1601_100ns(time).since_1601_100ns(), time);
    }

    #[test]
    fn names_survive(name in "[^\\x00-\\x1f\"*/:<>?\\\\|]{1,60}") {
        let units: Vec<u16> = name.encode_utf16().collect();
        let mut buffer = [0; names::MOST_BYTES];
        let host = names::to_host(&units, &mut buffer);
        match name.as_str() {
            "." | ".." => prop_assert_eq!(host, None),
            _ => prop_assert_eq!(host.and_then(|host| names::from_host(host.as_bytes())), Some(name.as_str())),
        }
    }
}

fn use_all(answer: Answer<'_>) {
    let mut one = answer;
    let _ = (one.attributes(), one.space(), one.qid());
    let mut one = answer;
    let _ = one.data();
    let mut one = answer;
    let _ = one.entries().map(|entries| entries.count());
    let mut one = answer;
    while one.name().is_ok_and(|name| !name.is_empty()) {}
}
