//! The directory of thread-local storage.

use crate::layout::Layout;
use crate::records::{TlsDirectory, record};
use crate::{Directory, PeError};

const INDEX_BYTES: u64 = 4;
const CALLBACK_BYTES: u64 = 8;
/// Bits 20 to 23 of the characteristics: 1 + log2 of the alignment, or 0.
const ALIGNMENT_SHIFT: u32 = 20;

/// What each thread needs for the image; places are offsets from its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tls {
    /// Start of the bytes that each thread gets a copy of.
    pub template_rva: u32,
    /// How many bytes that are.
    pub template_bytes: u32,
    /// How many zero bytes follow them.
    pub zero_fill_bytes: u32,
    /// Alignment of each thread's copy in bytes, if stated.
    pub alignment_bytes: Option<u32>,
    /// Where the loader writes the image's TLS index (32 bits).
    pub index_rva: u32,
    /// A list of 64-bit addresses, ended by zero, to call for each thread.
    pub callbacks_rva: Option<u32>,
}

impl Tls {
    pub(crate) fn parse(layout: &Layout<'_>) -> Result<Option<Self>, PeError> {
        let directory = layout.headers.optional.data_directories.tls_table;
        if directory.virtual_address == 0 {
            return Ok(None);
        }
        let read = || {
            let data = layout.data_from(directory.virtual_address)?;
            Self::from_record(layout, record(data, 0)?)
        };
        read()
            .map(Some)
            .ok_or(PeError::BadDirectory(Directory::Tls))
    }

    fn from_record(layout: &Layout<'_>, tls: &TlsDirectory) -> Option<Self> {
        let start = tls.template_start.get();
        let bytes = tls.template_end.get().checked_sub(start)?;
        let template_rva = match bytes {
            0 => 0,
            _ => rva_of(layout, start, bytes)?,
        };
        let callbacks_rva = match tls.callbacks.get() {
            0 => None,
            address => Some(rva_of(layout, address, CALLBACK_BYTES)?),
        };
        let exponent = (tls.characteristics.get() >> ALIGNMENT_SHIFT) & 0xF;
        Some(Self {
            template_rva,
            template_bytes: u32::try_from(bytes).ok()?,
            zero_fill_bytes: tls.zero_fill_bytes.get(),
            alignment_bytes: exponent
                .checked_sub(1)
                .and_then(|bits| 1u32.checked_shl(bits)),
            index_rva: rva_of(layout, tls.index.get(), INDEX_BYTES)?,
            callbacks_rva,
        })
    }
}

/// The offset of `bytes` bytes at an address for the preferred base, if they
/// lie in one section.
fn rva_of(layout: &Layout<'_>, address: u64, bytes: u64) -> Option<u32> {
    let offset = address.checked_sub(layout.headers.optional.image_base)?;
    let rva = u32::try_from(offset).ok()?;
    layout
        .is_in_section(rva, u32::try_from(bytes).ok()?)
        .then_some(rva)
}
