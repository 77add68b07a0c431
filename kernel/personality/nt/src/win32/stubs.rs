//! Numbers of services, read from the stubs of ntdll.
//!
//! A release numbers them as it likes; the names are the interface (W 2.2).

use abi::services::{FREESTANDING, Service};
use alloc::vec::Vec;
use executive::Error;
use pe::{ExportTarget, PeView};

use super::Called;

/// Bytes of a stub (W 2.1).
const STUB_BYTES: u32 = 32;
/// What the names of services begin with.
const PREFIX: &[u8] = b"Nt";
/// mov r10, rcx; mov eax, imm32.
const START: [u8; 4] = [0x4C, 0x8B, 0xD1, 0xB8];
/// test byte ptr [7FFE0308h], 1; jne; syscall; ret.
const REST: [u8; 13] = [
    0xF6, 0x04, 0x25, 0x08, 0x03, 0xFE, 0x7F, 0x01, 0x75, 0x03, 0x0F, 0x05, 0xC3,
];
/// Numbers of ntdll's table end here, win32u's begin here.
pub(super) const WINDOWS: u32 = 0x1000;
/// The next table, of which one number is used: by the kernel's own thunk.
pub(super) const UNIX_CALL: u32 = 0x2000;
/// A number that stands for no service of the list.
const NONE: u8 = u8::MAX;

/// From ntdll's numbers to places in the list.
pub(super) struct Numbers {
    places: Vec<u8>,
    count: usize,
}

impl Numbers {
    /// Reads them from ntdll.
    pub(super) fn read(ntdll: &PeView<'_>) -> Result<Self, Error> {
        let mut numbers = Self {
            places: Vec::new(),
            count: 0,
        };
        for export in ntdll.exports().iter() {
            let ExportTarget::Rva(rva) = export.target else {
                continue;
            };
            let Some(number) = ntdll.data(rva, STUB_BYTES).and_then(number_of) else {
                continue;
            };
            // Those with Zw are the same.
            let name = export.name.as_bytes();
            let is_it = |(service, _): &(&Service, u8)| service.name.as_bytes() == name;
            let found = match name.starts_with(PREFIX) {
                true => FREESTANDING.iter().zip(0..).find(is_it),
                false => None,
            };
            let served = found.filter(|(service, _)| service.is_served());
            numbers.set(number, served.map(|(_, place)| place))?;
        }
        match numbers.count {
            0 => Err(Error::Userland("ntdll.dll has no system calls")),
            _ => Ok(numbers),
        }
    }

    /// Another name of the same number is that of no service.
    fn set(&mut self, number: u32, place: Option<u8>) -> Result<(), Error> {
        let index = usize::try_from(number).map_err(|_| Error::TooLong)?;
        if index >= self.places.len() {
            let length = index.saturating_add(1);
            self.places
                .try_reserve(length.saturating_sub(self.places.len()))?;
            self.places.resize(length, NONE);
        }
        if let (Some(place), Some(held)) = (place, self.places.get_mut(index)) {
            *held = place;
            self.count = self.count.saturating_add(1);
        }
        Ok(())
    }

    /// How many services of the list have a number.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// What a number stands for.
    pub(super) fn get(&self, number: u32) -> Called {
        let place = usize::try_from(number)
            .ok()
            .and_then(|index| self.places.get(index));
        match place {
            Some(&NONE) => Called::Absent(number),
            Some(&place) => Called::Service(place.into()),
            None if number == UNIX_CALL => Called::Unix,
            None if (WINDOWS..UNIX_CALL).contains(&number) => Called::Window,
            None => Called::Unknown,
        }
    }
}

/// What ntdll calls the service of a number.
pub(super) fn name_of<'a>(ntdll: &PeView<'a>, number: u32) -> Option<&'a str> {
    let names = ntdll.exports().iter().filter_map(|export| {
        let ExportTarget::Rva(rva) = export.target else {
            return None;
        };
        let found = ntdll.data(rva, STUB_BYTES).and_then(number_of)?;
        (found == number).then_some(export.name.as_bytes())
    });
    // Nt's names are also there with Zw, which is behind them.
    names.min().and_then(|name| core::str::from_utf8(name).ok())
}

/// The number in a stub, if these bytes are one.
#[inline]
fn number_of(stub: &[u8]) -> Option<u32> {
    let (number, rest) = stub.strip_prefix(&START)?.split_first_chunk::<4>()?;
    let number = u32::from_le_bytes(*number);
    (rest.get(..REST.len())? == REST && number < WINDOWS).then_some(number)
}
