//! Wine's DLLs beneath programs that import: all that is peculiar to them.
//!
//! The contract is W (the Wine contract), chapters 2 to 4. Numbers of services, places
//! of entry points and of the variables that the kernel writes are read from the
//! volume's own ntdll, so that they are those of its release.

mod control;
mod names;
pub(crate) mod quirks;
mod resolver;
mod start;
mod stubs;
mod unix_call;

use core::sync::atomic::{AtomicU64, Ordering};

use abi::NtStatus;
use executive::Error;
use executive::memory::{HeldImage, Image};
use executive::process::{EntryPoint, Process};
use hal::memory::{OwnedFrame, PermanentFrame, PublishedPage};
use pe::ExportTarget;
use spin::Once;

use crate::call::Call;
use crate::{path, table};
use stubs::Numbers;

pub(crate) use control::{console_event, inherited, thread_ends};
pub use start::choose_debug_channels;
pub(crate) use start::{context_for, environment, place, place_channels};
pub(crate) use unix_call::library_handle;

/// What the machine is called.
pub(crate) const HOST: &str = "PETREL";
/// Where the user is at home.
pub(crate) const USER_FOLDER: &str = "C:\\users\\petrel";
const NTDLL: &str = "\\??\\C:\\windows\\system32\\ntdll.dll";
const API_SETS: &str = "\\??\\C:\\windows\\system32\\apisetschema.dll";
/// The section of the latter that is the table.
const API_SET_SECTION: &[u8] = b".apiset";

static USERLAND: Once<Userland> = Once::new();

/// What the kernel knows of the DLLs.
pub(crate) struct Userland {
    ntdll: HeldImage,
    api_sets: HeldImage,
    api_set_rva: u32,
    numbers: Numbers,
    places: Places,
    /// The page with the code that makes a unix call.
    thunk: PublishedPage,
}

/// Where in ntdll what the kernel uses is.
struct Places {
    thread_init: u32,
    thread_start: u32,
    exception: u32,
    apc: u32,
    control: u32,
    unix_call_dispatcher: u32,
    unix_library_handle: u32,
}

/// Whether a program needs the DLLs.
pub(crate) fn is_for(image: &Image) -> bool {
    image.view().has_imports() || image.view().tls().is_some()
}

/// The DLLs that a program of this image runs over, if it needs them.
pub(crate) fn of(image: &Image) -> Result<Option<&'static Userland>, Error> {
    match is_for(image) {
        true => USERLAND.try_call_once(Userland::read).map(Some),
        false => Ok(None),
    }
}

/// The place of a service in the list, by the number that ntdll gives it.
pub(crate) fn service_of(number: u32) -> Called {
    USERLAND
        .get()
        .map_or(Called::Unknown, |userland| userland.numbers.get(number))
}

/// What a number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// A service, by its place in the list.
    Service(u32),
    /// One of win32u's, which has no windows to show.
    Window,
    /// A unix call.
    Unix,
    /// One of ntdll's that there is no handler of.
    Absent(u32),
    /// Nothing.
    Unknown,
}

/// The name of a service by its number.
pub(crate) fn name_of(number: u32) -> Option<&'static str> {
    match service_of(number) {
        Called::Service(place) => Some(table::service(place)?.name),
        Called::Unix => Some("a unix call"),
        Called::Window | Called::Absent(_) | Called::Unknown => None,
    }
}

/// Serves a call that is none of a service.
pub(crate) fn serve(call: &Call<'_>, called: Called) -> NtStatus {
    match called {
        Called::Unix => unix_call::serve(call).unwrap_or_else(|status| status),
        Called::Window => NtStatus::SUCCESS,
        Called::Absent(number) => {
            note_absent(call, number);
            NtStatus::NOT_IMPLEMENTED
        }
        Called::Service(_) | Called::Unknown => NtStatus::INVALID_SYSTEM_SERVICE,
    }
}

/// Says once for each service that a program asked for it in vain.
fn note_absent(call: &Call<'_>, number: u32) {
    const WORDS: usize = stubs::WINDOWS as usize / u64::BITS as usize;
    static NOTED: [AtomicU64; WORDS] = [const { AtomicU64::new(0) }; WORDS];
    let bit = 1_u64 << (number % u64::BITS);
    let word = usize::try_from(number / u64::BITS)
        .ok()
        .and_then(|index| NOTED.get(index));
    let is_new = word.is_some_and(|word| word.fetch_or(bit, Ordering::Relaxed) & bit == 0);
    if let (true, Some(userland)) = (is_new, USERLAND.get()) {
        let program = call.process().name();
        let name = stubs::name_of(userland.ntdll.view(), number).unwrap_or("a system call");
        log::warn!("{program} needs {name}, which there is not yet");
    }
}

impl Userland {
    fn read() -> Result<Self, Error> {
        let ntdll = dll(NTDLL)?;
        let api_sets = dll(API_SETS)?;
        let section = api_sets.view().section_rva(API_SET_SECTION);
        let api_set_rva = section.ok_or(Error::Userland("apisetschema.dll has no table"))?;
        let numbers = Numbers::read(ntdll.view())?;
        let places = Places::read(&ntdll)?;
        let mut page = OwnedFrame::zeroed()?;
        let code = page.bytes_mut().get_mut(..unix_call::THUNK.len());
        code.ok_or(Error::TooLong)?
            .copy_from_slice(&unix_call::THUNK);
        log::debug!("ntdll.dll has {} services", numbers.count());
        Ok(Self {
            ntdll,
            api_sets,
            api_set_rva,
            numbers,
            places,
            thunk: PublishedPage::new(page),
        })
    }

    fn thunk(&self) -> PermanentFrame {
        self.thunk.view()
    }

    /// Notes where in a process ntdll's entry points are.
    fn set_entry_points(&self, process: &Process, base: u64) {
        for (point, rva) in [
            (EntryPoint::ThreadInit, self.places.thread_init),
            (EntryPoint::ThreadStart, self.places.thread_start),
            (EntryPoint::Exception, self.places.exception),
            (EntryPoint::Apc, self.places.apc),
        ] {
            process.set_entry_point(point, base.wrapping_add(rva.into()));
        }
    }
}

impl Places {
    fn read(ntdll: &Image) -> Result<Self, Error> {
        let exports = ntdll.view().exports();
        let find = |name: &[u8]| match exports.by_name(name).map(|export| export.target) {
            Some(ExportTarget::Rva(rva)) => Ok(rva),
            _ => Err(Error::Userland("ntdll.dll is not one of Wine 10")),
        };
        Ok(Self {
            thread_init: find(b"LdrInitializeThunk")?,
            thread_start: find(b"RtlUserThreadStart")?,
            exception: find(b"KiUserExceptionDispatcher")?,
            apc: find(b"KiUserApcDispatcher")?,
            control: find(b"__wine_ctrl_routine")?,
            unix_call_dispatcher: find(b"__wine_unix_call_dispatcher")?,
            unix_library_handle: find(b"__wine_unixlib_handle")?,
        })
    }
}

/// A DLL of the volume.
fn dll(path: &str) -> Result<HeldImage, Error> {
    let mut units = alloc::vec::Vec::new();
    units.try_reserve_exact(path.len())?;
    units.extend(path.encode_utf16());
    path::program(&units).map_err(|status| match status {
        NtStatus::NO_MEMORY | NtStatus::INSUFFICIENT_RESOURCES => Error::OutOfMemory,
        NtStatus::OBJECT_NAME_NOT_FOUND | NtStatus::OBJECT_PATH_NOT_FOUND => {
            Error::Userland("the boot image has none of the Windows DLLs it needs")
        }
        _ => Error::Userland("a Windows DLL of the boot image cannot be used"),
    })
}
