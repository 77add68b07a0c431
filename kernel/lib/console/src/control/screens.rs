//! What is asked of a screen: what it is like, and its cells.

use alloc::vec::Vec;

use super::{OUTPUT_INFO_BYTES, Reply, check};
use crate::ConsoleStatus::{self, InvalidParameter};
use crate::cells::{Cell, Place};
use crate::fields::Fields;
use crate::output::Output;
use crate::rectangle::{Rectangle, What};
use crate::screen::Screen;

pub(super) fn output_info(screen: &Screen) -> Result<Reply, ConsoleStatus> {
    /// Columns and rows of a character in pixels, how bold it is, and of which family.
    const FONT: [u16; 4] = [8, 16, 400, 0x36];
    let (size, whole) = (screen.size(), screen.whole());
    let numbers = [
        screen.cursor_percent,
        screen.is_cursor_shown.into(),
        screen.cursor.x,
        screen.cursor.y,
        size.columns,
        size.rows,
        screen.attribute,
        screen.popup_attribute,
        whole.left,
        whole.top,
        whole.right,
        whole.bottom,
        size.columns,
        size.rows,
    ];
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(OUTPUT_INFO_BYTES)?;
    for number in numbers.into_iter().chain(FONT) {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    for colour in screen.colours {
        bytes.extend_from_slice(&colour.to_le_bytes());
    }
    Ok(Reply::Done(bytes))
}

pub(super) fn set_output_info(
    screen: &mut Screen,
    mut fields: Fields<'_>,
    out: &mut Output<'_>,
) -> Result<(), ConsoleStatus> {
    const CURSOR_SHAPE: u32 = 1;
    const CURSOR_PLACE: u32 = 2;
    const SIZE: u32 = 4;
    const ATTRIBUTE: u32 = 8;
    const WINDOW: u32 = 0x10;
    const COLOURS: u32 = 0x80;
    const POPUP_ATTRIBUTE: u32 = 0x100;
    let mask = fields.u32()?;
    let has = |bit: u32| mask & bit != 0;
    let (percent, is_shown) = (fields.i16()?, fields.i16()?);
    let (x, y) = (fields.i16()?, fields.i16()?);
    let (columns, rows) = (fields.i16()?, fields.i16()?);
    let (attribute, popup) = (fields.u16()?, fields.u16()?);
    let window = fields.sides()?;
    for _ in 0..6 {
        // The largest window and the font are the terminal's.
        fields.i16()?;
    }
    let size = screen.size();
    let place = |x: i16, y: i16| {
        let place = Place {
            x: u16::try_from(x).ok()?,
            y: u16::try_from(y).ok()?,
        };
        screen.cells.get(place).map(|_| place)
    };
    let cursor = match has(CURSOR_PLACE) {
        true => Some(place(x, y).ok_or(InvalidParameter)?),
        false => None,
    };
    if has(CURSOR_SHAPE) && !(1..=100).contains(&percent) {
        return Err(InvalidParameter);
    }
    // The screen is as large as the window, which is the terminal's.
    let holds = |given: i16, most: u16| u16::try_from(given).is_ok_and(|given| given >= most);
    if has(SIZE) && !(holds(columns, size.columns) && holds(rows, size.rows)) {
        return Err(InvalidParameter);
    }
    let [left, top, right, bottom] = window;
    if has(WINDOW) && (left > right || top > bottom || left < 0 || top < 0) {
        return Err(InvalidParameter);
    }
    if has(CURSOR_SHAPE) {
        screen.cursor_percent = u16::try_from(percent).unwrap_or(1);
        if screen.is_cursor_shown != (is_shown != 0) {
            screen.show_cursor(is_shown != 0, out);
        }
    }
    if let Some(place) = cursor {
        screen.move_to(place.x, place.y, out);
    }
    if has(ATTRIBUTE) {
        screen.set_attribute(attribute, out);
    }
    if has(POPUP_ATTRIBUTE) {
        screen.popup_attribute = popup;
    }
    if has(COLOURS) {
        for colour in &mut screen.colours {
            *colour = fields.u32()?;
        }
    }
    Ok(())
}

/// A place that a structure gives; what is not on the screen is `None`.
fn place_of(screen: &Screen, x: u32, y: u32) -> Option<Place> {
    let place = Place {
        x: u16::try_from(x).ok()?,
        y: u16::try_from(y).ok()?,
    };
    screen.cells.get(place).map(|_| place)
}

fn counted(count: u32, room: usize) -> Result<Reply, ConsoleStatus> {
    match room {
        0 => Reply::none(),
        _ => Reply::number(count),
    }
}

pub(super) fn fill(
    screen: &mut Screen,
    mut fields: Fields<'_>,
    room: usize,
    out: &mut Output<'_>,
) -> Result<Reply, ConsoleStatus> {
    if room != 0 {
        check(room, size_of::<u32>())?;
    }
    let (x, y, mode, count) = (fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?);
    let wraps = fields.u32()? != 0;
    let cell = Cell {
        unit: fields.u16()?,
        attribute: fields.u16()?,
    };
    let what = What::of(mode)?;
    let Some(start) = place_of(screen, x, y) else {
        return counted(0, room);
    };
    let in_line = screen.size().columns.saturating_sub(start.x);
    let most = match wraps {
        true => usize::MAX,
        false => in_line.into(),
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(most);
    let cells = core::iter::repeat_n(cell, count);
    counted(screen.change(start, what, cells, out), room)
}

fn rectangle_of(screen: &Screen, sides: [i16; 4]) -> Option<Rectangle> {
    let whole = screen.whole();
    let [left, top, right, bottom] = sides;
    let low = |side: i16| u16::try_from(side.max(0)).unwrap_or(0);
    let high = |side: i16, most: u16| u16::try_from(side).ok().map(|side| side.min(most));
    let area = Rectangle {
        left: low(left),
        top: low(top),
        right: high(right, whole.right)?,
        bottom: high(bottom, whole.bottom)?,
    };
    (area.left <= area.right && area.top <= area.bottom).then_some(area)
}

pub(super) fn scroll(
    screen: &mut Screen,
    mut fields: Fields<'_>,
    out: &mut Output<'_>,
) -> Result<(), ConsoleStatus> {
    let from = fields.sides()?;
    let (x, y) = (fields.i16()?, fields.i16()?);
    let clip = fields.sides()?;
    let fill = Cell {
        unit: fields.u16()?,
        attribute: fields.u16()?,
    };
    let [left, top, right, bottom] = from;
    if left > right || top > bottom {
        return Err(InvalidParameter);
    }
    // What is not on the screen moves nothing.
    let (Some(area), Some(clip)) = (rectangle_of(screen, from), rectangle_of(screen, clip)) else {
        return Ok(());
    };
    let moved = |to: i16, side: i16, start: u16| {
        i32::from(to)
            .saturating_sub(side.into())
            .saturating_add(start.into())
    };
    let to = (moved(x, left, area.left), moved(y, top, area.top));
    screen.scroll_area(area, to, clip, fill, out)
}

pub(super) fn read(
    screen: &Screen,
    mut fields: Fields<'_>,
    room: usize,
) -> Result<Reply, ConsoleStatus> {
    const RECTANGLE_BYTES: usize = 8;
    let (x, y, mode, width) = (fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?);
    let what = What::of(mode)?;
    let Some(start) = place_of(screen, x, y) else {
        return Reply::none();
    };
    let mut bytes = Vec::new();
    let push = |bytes: &mut Vec<u8>, cell: Cell| {
        if what != What::Attributes {
            bytes.extend_from_slice(&cell.unit.to_le_bytes());
        }
        if what != What::Text {
            bytes.extend_from_slice(&cell.attribute.to_le_bytes());
        }
    };
    let each = what.bytes();
    let Ok(width @ 1..) = u16::try_from(width) else {
        let most = room.checked_div(each).unwrap_or(0);
        let all = usize::from(screen.size().columns).saturating_mul(screen.size().rows.into());
        bytes.try_reserve_exact(most.min(all).saturating_mul(each))?;
        screen
            .read(start, most)
            .for_each(|cell| push(&mut bytes, cell));
        return Ok(Reply::Done(bytes));
    };
    let room = room.checked_sub(RECTANGLE_BYTES).ok_or(InvalidParameter)?;
    let rows = room
        .checked_div(each.saturating_mul(width.into()))
        .and_then(|rows| u16::try_from(rows.min(usize::from(u16::MAX))).ok())
        .filter(|rows| *rows != 0)
        .ok_or(InvalidParameter)?;
    let whole = screen.whole();
    let area = Rectangle {
        left: start.x,
        top: start.y,
        right: start
            .x
            .saturating_add(width.saturating_sub(1))
            .min(whole.right),
        bottom: start
            .y
            .saturating_add(rows.saturating_sub(1))
            .min(whole.bottom),
    };
    let columns = usize::from(area.right.saturating_sub(area.left)).saturating_add(1);
    let count = usize::from(area.bottom.saturating_sub(area.top)).saturating_add(1);
    let count = count.saturating_mul(columns).saturating_mul(each);
    bytes.try_reserve_exact(count.saturating_add(RECTANGLE_BYTES))?;
    bytes.extend(rectangle_bytes(area));
    for y in area.top..=area.bottom {
        let row = Place { x: area.left, y };
        screen
            .read(row, columns)
            .for_each(|cell| push(&mut bytes, cell));
    }
    Ok(Reply::Done(bytes))
}

fn rectangle_bytes(area: Rectangle) -> impl Iterator<Item = u8> {
    [area.left, area.top, area.right, area.bottom]
        .into_iter()
        .flat_map(u16::to_le_bytes)
}

pub(super) fn write(
    screen: &mut Screen,
    mut fields: Fields<'_>,
    room: usize,
    out: &mut Output<'_>,
) -> Result<Reply, ConsoleStatus> {
    let (x, y, mode, width) = (fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?);
    let what = What::of(mode)?;
    let each = what.bytes();
    if !fields.0.len().is_multiple_of(each) {
        return Err(InvalidParameter);
    }
    let count = fields.0.len().checked_div(each).unwrap_or(0);
    let cells = fields.0.chunks_exact(each).map(|bytes| {
        let half = |at: usize| {
            let bytes = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
            bytes.map_or(0, |bytes| u16::from_le_bytes(*bytes))
        };
        match what {
            What::Both => Cell {
                unit: half(0),
                attribute: half(2),
            },
            _ => Cell {
                unit: half(0),
                attribute: half(0),
            },
        }
    });
    let start = place_of(screen, x, y);
    let Ok(width @ 1..) = u16::try_from(width) else {
        if room != 0 {
            check(room, size_of::<u32>())?;
        }
        let Some(start) = start else {
            return counted(0, room);
        };
        return counted(screen.change(start, what, cells, out), room);
    };
    check(room, 8)?;
    let rows = count.checked_div(width.into()).unwrap_or(0);
    let (Some(start), Ok(rows @ 1..)) = (start, u16::try_from(rows)) else {
        return Err(InvalidParameter);
    };
    let area = Rectangle {
        left: start.x,
        top: start.y,
        right: start.x.saturating_add(width.saturating_sub(1)),
        bottom: start.y.saturating_add(rows.saturating_sub(1)),
    };
    let seen = screen.change_in(area, what, cells, out);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(8)?;
    bytes.extend(rectangle_bytes(seen));
    Ok(Reply::Done(bytes))
}
