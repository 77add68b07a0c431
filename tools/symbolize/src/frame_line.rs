//! A frame as text has it: `#0 0x1f a.exe!f+0x8 at a.c:7  [note]`.

use report::Origin;

use crate::fields::number;
use crate::record::{Frame, Place};

impl Frame {
    /// A return address of which nothing else is known.
    pub(crate) fn bare(number: usize, address: u64) -> Self {
        Self {
            number,
            address,
            is_call: true,
            is_inlined: false,
            origin: Origin::Kernel,
            module: None,
            function: None,
            offset: 0,
            place: None,
            note: None,
        }
    }
}

/// Reads a line without the blanks around it; `None` if it is no frame.
pub(crate) fn read(line: &str) -> Option<Frame> {
    let (count, rest) = word(line.strip_prefix('#')?)?;
    let (address, rest) = word(rest)?;
    let mut frame = Frame::bare(count.parse().ok()?, 0);
    match address {
        "(inlined)" => frame.is_inlined = true,
        _ => frame.address = number(address.strip_prefix("0x")?)?,
    }
    let (rest, note) = match rest
        .strip_suffix(']')
        .and_then(|rest| rest.rsplit_once("  ["))
    {
        Some((rest, note)) => (rest, Some(note.into())),
        None => (rest, None),
    };
    frame.note = note;
    let (function, place) = split_place(rest.trim());
    frame.place = place;
    read_function(&mut frame, function);
    Some(frame)
}

/// The first word, and what follows.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(' ').unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    (!word.is_empty()).then_some((word, rest.trim_start()))
}

/// Cuts off ` at FILE:LINE` or ` near FILE:LINE`.
fn split_place(text: &str) -> (&str, Option<Place>) {
    let exact = text.rsplit_once(" at ").map(|found| (found, true));
    let near = text.rsplit_once(" near ").map(|found| (found, false));
    let Some(((function, place), is_exact)) = exact.or(near) else {
        return (text, None);
    };
    let (file, line) = match place.rsplit_once(':') {
        Some((file, line)) if line.parse::<u32>().is_ok() => (file, line.parse().unwrap_or(0)),
        _ => (place, 0),
    };
    let place = Place {
        file: file.into(),
        line,
        is_exact,
        path: None,
    };
    (function, Some(place))
}

/// Reads `?`, `MODULE+0xRVA`, `MODULE!NAME+0xOFFSET`, or `NAME+0xOFFSET`.
fn read_function(frame: &mut Frame, text: &str) {
    let (name, offset) = match text.rsplit_once("+0x") {
        Some((name, digits)) => match number(digits) {
            Some(offset) => (name, offset),
            None => (text, 0),
        },
        None => (text, 0),
    };
    // An inlined frame has no address; its caller follows and says whose it is.
    let is_program = frame.address >> 63 == 0;
    if name == "?" {
        return;
    }
    frame.offset = offset;
    if is_program && let Some((module, name)) = name.split_once('!') {
        frame.origin = Origin::Program;
        frame.module = Some((module.into(), 0));
        frame.function = Some(name.into());
    } else if is_program && !frame.is_inlined {
        frame.origin = Origin::Program;
        frame.module = Some((name.into(), offset));
    } else {
        frame.function = Some(name.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Entry, Report};

    /// The line that the report library makes of a frame that was read.
    fn again(line: &str) -> Option<String> {
        let frame = read(line)?;
        let json = "{\"kind\":\"crash\",\"version\":\"\",\"cause\":\"\"}";
        let mut report: Report = serde_json::from_str(json).unwrap();
        report.entries.push(Entry::Frame(frame));
        report.is_text = true;
        let out = crate::output::Page::new(false);
        crate::describe::describe(&report, &mut report::Text::new(&mut out.writer()), |_| {});
        out.into_text()
            .lines()
            .last()
            .map(|line| line.trim().into())
    }

    #[test]
    fn lines_are_read_without_loss() {
        for line in [
            "#0   0xffffffff80000001  ?",
            "#12  0xffffffff80000001  <a::B as c>::d::{{closure}}+0x3a at kernel/a.rs:83",
            "#16252 0xffffffff80000001  f+0x9 near kernel/hal/a.rs",
            "#1   (inlined)           a::b at kernel/executive/src/traps.rs:54",
            "#1   (inlined)           a.exe!a::b at a.rs:54",
            "#1   0x00007ff663e0110a  hello.exe+0x110a  [called by a function]",
            "#0   0x00007ff6c2bf1041  fault-null.exe!read_null+0x1 at C:/a b.c:9",
        ] {
            assert_eq!(again(line).as_deref(), Some(line));
        }
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "",
            "#",
            "# 1",
            "#x 0x1 ?",
            "#1 2 ?",
            "#1 0x ?",
            "#1 0x1ffffffffffffffff ?",
        ] {
            assert!(read(line).is_none(), "{line}");
        }
        assert!(read("#1 0x1").is_some_and(|frame| frame.address == 1));
    }
}
