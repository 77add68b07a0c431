//! What the registry has from the start: what programs look for and is so.
//!
//! Programs that miss a value do without; so there is no more than that (W 3.15).

use abi::registry::{REG_BINARY, REG_DWORD, REG_EXPAND_SZ, REG_SZ};
use abi::user_shared::BUILD_NUMBER;
use alloc::vec::Vec;
use arrayvec::{ArrayString, ArrayVec};
use core::fmt::Write;
use executive::Error;
use executive::object::Object;
use executive::registry::{self, Key, Kind, Name};
use hal::Ref;
use hal::cpu::identity;
use objects::Links;
use zerocopy::IntoBytes;

use crate::shared_data::{MAJOR_VERSION, MINOR_VERSION, SYSTEM_ROOT};
use crate::system::processor_mhz;
use crate::win32::{HOST, USER_FOLDER};

/// What there is, each key before what is in it.
enum Entry {
    /// A key, so far below the root.
    Key(u8, Fate, &'static str),
    /// A value of the key before it.
    Value(&'static str, Data),
}

/// What becomes of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It stays, and nothing is made in it: what NT loads hives into.
    Closed,
    /// It stays: what would be a hive's root.
    Stays,
    /// What programs make of it.
    Free,
}

/// What a value says.
enum Data {
    Number(u32),
    Text(&'static str),
    /// Text with variables of the environment's.
    Expanded(&'static str),
    /// A number, as text.
    Digits(u32),
    /// Biases and dates of a time zone, all zeros.
    Zone,
    /// The processor's name.
    ProcessorName,
    /// How fast it counts.
    ProcessorMhz,
}

use Data::{Digits, Expanded, Number, ProcessorMhz, ProcessorName, Text, Zone};
use Entry::{Key as K, Value as V};
use Fate::{Closed, Free, Stays};

/// The keys and values: those that [`abi::user_shared`] says too, where users are at home,
/// and who encrypts.
const ENTRIES: [Entry; 80] = [
    K(0, Closed, "MACHINE"),
    K(1, Stays, "HARDWARE"),
    K(2, Free, "DESCRIPTION"),
    K(3, Free, "System"),
    K(4, Free, "CentralProcessor"),
    K(5, Free, "0"),
    V("ProcessorNameString", ProcessorName),
    V("~MHz", ProcessorMhz),
    K(1, Stays, "SOFTWARE"),
    K(2, Free, "Classes"),
    K(2, Free, "Microsoft"),
    // Who makes random numbers and encrypts for programs that ask CryptAcquireContext.
    K(3, Free, "Cryptography"),
    K(4, Free, "Defaults"),
    K(5, Free, "Provider"),
    K(6, Free, RSA_NAME),
    V("Image Path", Text(RSA_LIBRARY)),
    V("Type", Number(1)),
    K(6, Free, AES_NAME),
    V("Image Path", Text(RSA_LIBRARY)),
    V("Type", Number(24)),
    K(5, Free, "Provider Types"),
    K(6, Free, "Type 001"),
    V("Name", Text(RSA_NAME)),
    V("TypeName", Text("RSA Full (Signature and Key Exchange)")),
    K(6, Free, "Type 024"),
    V("Name", Text(AES_NAME)),
    V("TypeName", Text("RSA Full and AES")),
    K(3, Free, "Windows NT"),
    K(4, Free, "CurrentVersion"),
    V("CurrentMajorVersionNumber", Number(MAJOR_VERSION)),
    V("CurrentMinorVersionNumber", Number(MINOR_VERSION)),
    V("CurrentBuildNumber", Digits(BUILD_NUMBER)),
    V("CurrentBuild", Digits(BUILD_NUMBER)),
    V("CurrentVersion", Text("6.3")),
    V("DisplayVersion", Text("22H2")),
    V("EditionID", Text("Professional")),
    V("InstallationType", Text("Client")),
    V("ProductName", Text("Windows 10 Pro")),
    V("ReleaseId", Text("2009")),
    V("SystemRoot", Text(SYSTEM_ROOT)),
    K(5, Free, "ProfileList"),
    V("Default", Expanded("%SystemDrive%\\users\\Default")),
    V("ProfilesDirectory", Expanded("%SystemDrive%\\users")),
    V("ProgramData", Expanded("%SystemDrive%\\ProgramData")),
    V("Public", Expanded("%SystemDrive%\\users\\Public")),
    K(6, Free, "S-1-5-18"),
    V(
        PROFILE,
        Expanded("%systemroot%\\system32\\config\\systemprofile"),
    ),
    K(6, Free, "S-1-5-19"),
    V(
        PROFILE,
        Expanded("%systemroot%\\ServiceProfiles\\LocalService"),
    ),
    K(6, Free, "S-1-5-20"),
    V(
        PROFILE,
        Expanded("%systemroot%\\ServiceProfiles\\NetworkService"),
    ),
    K(6, Free, USER),
    V(PROFILE, Expanded(USER_FOLDER)),
    // The one time zone: GetTimeZoneInformation fails without its key.
    K(5, Free, "Time Zones"),
    K(6, Free, "UTC"),
    V("Display", Text("(UTC) Coordinated Universal Time")),
    V("Std", Text(UTC_NAME)),
    V("Dlt", Text(UTC_NAME)),
    V("TZI", Zone),
    K(1, Stays, "SYSTEM"),
    K(2, Free, "CurrentControlSet"),
    K(3, Free, "Control"),
    K(4, Free, "ComputerName"),
    K(5, Free, "ActiveComputerName"),
    V("ComputerName", Text(HOST)),
    K(4, Free, "ProductOptions"),
    V("ProductType", Text("WinNT")),
    K(4, Free, "Windows"),
    V("CSDVersion", Number(0)),
    K(3, Free, "Services"),
    K(4, Free, "Tcpip"),
    K(5, Free, "Parameters"),
    V("Hostname", Text(HOST)),
    V("Domain", Text("")),
    K(0, Closed, "USER"),
    K(1, Stays, ".DEFAULT"),
    K(1, Stays, "S-1-5-18"),
    K(1, Stays, USER),
    K(2, Free, "Environment"),
    K(2, Free, "Software"),
];
/// The one user there is.
const USER: &str = "S-1-5-21-0-0-0-1000";
const PROFILE: &str = "ProfileImagePath";
const RSA_NAME: &str = "Microsoft Strong Cryptographic Provider";
const AES_NAME: &str = "Microsoft Enhanced RSA and AES Cryptographic Provider";
const RSA_LIBRARY: &str = "C:\\windows\\system32\\rsaenh.dll";
const UTC_NAME: &str = "Coordinated Universal Time";

/// The most keys that are in each other, with the root.
const MOST_DEPTH: usize = 8;
/// REG_TZI_FORMAT: three biases and two dates.
const ZONE_BYTES: usize = 3 * 4 + 2 * 16;

/// Makes the registry. Once.
pub fn init() -> Result<(), Error> {
    registry::init()?;
    let root = units("\\REGISTRY")?;
    let (root, _) = registry::open(at(None, &root), None)?;
    // The key that the next is in, and those that it is in, each with what becomes of it.
    let mut open = ArrayVec::<_, MOST_DEPTH>::new();
    open.push((root, Closed));
    for entry in &ENTRIES {
        match entry {
            Entry::Key(depth, fate, name) => {
                while open.len() > usize::from(*depth).saturating_add(1) {
                    end(open.pop())?;
                }
                let parent = open.last().map(|(key, _)| Object::Key(key.clone()));
                let name = units(name)?;
                let (key, _) = registry::create(at(parent, &name), &Kind::default(), None)?;
                open.try_push((key, *fate)).map_err(|_| Error::TooLong)?;
            }
            Entry::Value(name, data) => {
                if let Some((key, _)) = open.last() {
                    set(key, &units(name)?, data)?;
                }
            }
        }
    }
    while !open.is_empty() {
        end(open.pop())?;
    }
    Ok(())
}

/// Nothing more is made in a key.
fn end(made: Option<(Ref<Key>, Fate)>) -> Result<(), Error> {
    match made {
        Some((key, fate)) if fate != Free => key.keep(fate == Closed),
        _ => Ok(()),
    }
}

fn set(key: &Key, name: &[u16], data: &Data) -> Result<(), Error> {
    match data {
        Number(number) => set_number(key, name, *number),
        ProcessorMhz => set_number(key, name, processor_mhz()),
        ProcessorName => {
            let processor = identity::name().unwrap_or_default();
            set_text(key, name, REG_SZ, &processor)
        }
        Zone => key.set_value(name, REG_BINARY, &[0; ZONE_BYTES]),
        Text(text) => set_text(key, name, REG_SZ, text),
        Expanded(text) => set_text(key, name, REG_EXPAND_SZ, text),
        Digits(number) => {
            let mut digits = ArrayString::<10>::new();
            write!(digits, "{number}").map_err(|_| Error::TooLong)?;
            set_text(key, name, REG_SZ, &digits)
        }
    }
}

fn at(root: Option<Object>, path: &[u16]) -> Name<'_> {
    Name {
        root,
        path,
        links: Links::Follow,
        opens_link: false,
    }
}

fn set_number(key: &Key, name: &[u16], number: u32) -> Result<(), Error> {
    key.set_value(name, REG_DWORD, &number.to_le_bytes())
}

fn set_text(key: &Key, name: &[u16], kind: u32, text: &str) -> Result<(), Error> {
    let mut value = units(text)?;
    value.try_reserve_exact(1)?;
    value.push(0);
    key.set_value(name, kind, value.as_bytes())
}

/// A text, which is ASCII.
fn units(text: &str) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(text.len())?;
    units.extend(text.bytes().map(u16::from));
    Ok(units)
}
