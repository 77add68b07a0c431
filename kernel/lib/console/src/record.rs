//! Input records: what programs read of keys and of the window.

/// The bytes of `INPUT_RECORD` (NT `wincon.h`).
pub const RECORD_BYTES: usize = 20;

const KEY_EVENT: u16 = 1;
const WINDOW_BUFFER_SIZE_EVENT: u16 = 4;

/// Either Alt key.
pub(crate) const ALT: u32 = 3;
pub(crate) const LEFT_ALT: u32 = 2;
/// Either Ctrl key.
pub(crate) const CTRL: u32 = 0xC;
pub(crate) const LEFT_CTRL: u32 = 8;
pub(crate) const SHIFT: u32 = 0x10;
/// A key that the first keyboards had not.
pub(crate) const ENHANCED: u32 = 0x100;

/// A record as programs see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record(pub(crate) [u8; RECORD_BYTES]);

/// What a key record says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) is_down: bool,
    pub(crate) repeat: u16,
    /// The virtual key, 0 for none.
    pub(crate) code: u16,
    pub(crate) scan: u16,
    /// UTF-16, 0 for none.
    pub(crate) unit: u16,
    /// [`SHIFT`] and the others.
    pub(crate) state: u32,
}

impl Record {
    /// Of a key.
    pub(crate) fn key(key: Key) -> Self {
        let mut fields = [0; RECORD_BYTES];
        let down = u32::from(key.is_down).to_le_bytes();
        let parts: [&[u8]; 8] = [
            &KEY_EVENT.to_le_bytes(),
            &[0, 0],
            &down,
            &key.repeat.to_le_bytes(),
            &key.code.to_le_bytes(),
            &key.scan.to_le_bytes(),
            &key.unit.to_le_bytes(),
            &key.state.to_le_bytes(),
        ];
        for (to, from) in fields.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        Self(fields)
    }

    /// Of the size of the screen buffer.
    pub(crate) fn size(width: u16, height: u16) -> Self {
        let mut fields = [0; RECORD_BYTES];
        let event = WINDOW_BUFFER_SIZE_EVENT.to_le_bytes();
        let (width, height) = (width.to_le_bytes(), height.to_le_bytes());
        let parts = event.iter().chain(&[0, 0]).chain(&width).chain(&height);
        for (to, from) in fields.iter_mut().zip(parts) {
            *to = *from;
        }
        Self(fields)
    }

    /// The key, if it is of one.
    pub(crate) fn as_key(&self) -> Option<Key> {
        let [
            e0,
            e1,
            _,
            _,
            d0,
            d1,
            d2,
            d3,
            r0,
            r1,
            c0,
            c1,
            s0,
            s1,
            u0,
            u1,
            state @ ..,
        ] = self.0;
        (u16::from_le_bytes([e0, e1]) == KEY_EVENT).then_some(Key {
            is_down: u32::from_le_bytes([d0, d1, d2, d3]) != 0,
            repeat: u16::from_le_bytes([r0, r1]),
            code: u16::from_le_bytes([c0, c1]),
            scan: u16::from_le_bytes([s0, s1]),
            unit: u16::from_le_bytes([u0, u1]),
            state: u32::from_le_bytes(state),
        })
    }
}
