//! A program's lines: every address where the source changes.

use debuginfo::{DebugInfo, SourceFrame};
use iced_x86::{Decoder, DecoderOptions};
use symbols::{INLINED_MAX, LINE_END, NAME_MAX_BYTES, SITE_DISTANCE_END};

use crate::functions::NamedFunction;

/// Stands for an inlined function without a name.
const NO_NAME: &str = "?";

/// A function of a program and its code.
pub(crate) struct Coded<'a> {
    pub(crate) function: NamedFunction,
    code: &'a [u8],
}

/// Where sections of code are in the image, and their bytes.
pub(crate) type Code<'a> = [(u64, &'a [u8])];

/// The functions that have code, named as their debug information does.
pub(crate) fn functions<'a>(
    info: &DebugInfo<'_>,
    sections: &Code<'a>,
) -> Result<Vec<Coded<'a>>, String> {
    let mut coded = Vec::new();
    for function in info.functions()? {
        let code = sections.iter().find_map(|(section, bytes)| {
            let from = usize::try_from(function.start.checked_sub(*section)?).ok()?;
            let rest = bytes.get(from..).filter(|rest| !rest.is_empty())?;
            Some(&rest[..rest.len().min(usize::try_from(function.size).ok()?)])
        });
        let Some(code) = code else {
            continue;
        };
        let outermost = info.frames(function.start)?.pop().unwrap_or_default();
        let name = match outermost.name.is_empty() {
            true => function.name,
            false => outermost.name,
        };
        coded.push(Coded {
            function: NamedFunction {
                name: short(name),
                start: function.start,
                size: u32::try_from(code.len()).map_err(|_| "has a function of 4 GiB")?,
            },
            code,
        });
    }
    Ok(coded)
}

impl Coded<'_> {
    /// The addresses of its instructions.
    pub(crate) fn instructions(&self) -> impl Iterator<Item = u64> {
        let mut decoder =
            Decoder::with_ip(64, self.code, self.function.start, DecoderOptions::NONE);
        std::iter::from_fn(move || decoder.can_decode().then(|| decoder.decode().ip()))
    }

    /// The frames at an address in it, as a table can hold them.
    pub(crate) fn frames(
        &self,
        info: &DebugInfo<'_>,
        address: u64,
    ) -> Result<Vec<SourceFrame>, String> {
        let mut frames = info.frames(address)?;
        let mut outermost = frames.pop().unwrap_or_default();
        outermost.name.clone_from(&self.function.name);
        frames.truncate(INLINED_MAX);
        for frame in &mut frames {
            if frame.name.is_empty() {
                frame.name = NO_NAME.into();
            }
        }
        frames.push(outermost);
        Ok(frames.into_iter().map(storable).collect())
    }
}

fn storable(frame: SourceFrame) -> SourceFrame {
    let file = short(frame.file);
    let is_known = !file.is_empty() && frame.line < LINE_END;
    SourceFrame {
        name: short(frame.name),
        file,
        line: if is_known { frame.line } else { 0 },
        ..SourceFrame::default()
    }
}

/// A name cut to what a table holds.
fn short(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(NAME_MAX_BYTES));
    name
}

/// The addresses where the frames change, each with those that hold from there
/// on. None is further from the one before than a table can say.
pub(crate) fn changes(
    info: &DebugInfo<'_>,
    functions: &[Coded<'_>],
) -> Result<Vec<(u64, Vec<SourceFrame>)>, String> {
    let mut found: Vec<(u64, Vec<SourceFrame>)> = Vec::new();
    for coded in functions {
        // What the reader says of a function before its first site.
        let unknown = vec![storable(SourceFrame {
            name: coded.function.name.clone(),
            ..SourceFrame::default()
        })];
        let mut last = unknown.clone();
        let mut at = coded.function.start;
        fill(&mut found, at, &unknown);
        for address in coded.instructions() {
            let frames = coded.frames(info, address)?;
            let is_far = address.saturating_sub(at) >= u64::from(SITE_DISTANCE_END) / 2;
            if frames != last || is_far {
                last.clone_from(&frames);
                found.push((address, frames));
                at = address;
            }
        }
    }
    Ok(found)
}

/// Bridges a gap between functions with sites that know nothing.
fn fill(found: &mut Vec<(u64, Vec<SourceFrame>)>, up_to: u64, unknown: &[SourceFrame]) {
    let step = u64::from(SITE_DISTANCE_END) / 2;
    while let Some((last, _)) = found.last()
        && up_to.saturating_sub(*last) >= step
    {
        let next = *last + step;
        found.push((next, unknown.to_vec()));
    }
}
