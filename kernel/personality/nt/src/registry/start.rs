//! What the registry has from the start: what programs look for and is so.
//!
//! Programs that miss a value do without; so there is no more than that (W 3.15).

use abi::registry::{REG_BINARY, REG_DWORD, REG_EXPAND_SZ, REG_SZ};
use abi::user_shared::BUILD_NUMBER;
use alloc::vec::Vec;
use arrayvec::ArrayString;
use core::fmt::Write;
use executive::Error;
use executive::registry::{self, Key, Kind, Name};
use hal::Ref;
use hal::cpu::identity;
use objects::Links;

use crate::shared_data::{MAJOR_VERSION, MINOR_VERSION, SYSTEM_ROOT};
use crate::system::processor_mhz;
use crate::win32::{HOST, USER_FOLDER};

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

/// The keys, each after those that it is in.
const KEYS: [(&str, Fate); 43] = [
    ("", Fate::Closed),
    ("\\MACHINE", Fate::Closed),
    ("\\MACHINE\\HARDWARE", Fate::Stays),
    ("\\MACHINE\\HARDWARE\\DESCRIPTION", Fate::Free),
    ("\\MACHINE\\HARDWARE\\DESCRIPTION\\System", Fate::Free),
    (
        "\\MACHINE\\HARDWARE\\DESCRIPTION\\System\\CentralProcessor",
        Fate::Free,
    ),
    (PROCESSOR, Fate::Free),
    ("\\MACHINE\\SOFTWARE", Fate::Stays),
    ("\\MACHINE\\SOFTWARE\\Classes", Fate::Free),
    ("\\MACHINE\\SOFTWARE\\Microsoft", Fate::Free),
    ("\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT", Fate::Free),
    (CURRENT_VERSION, Fate::Free),
    (PROFILES, Fate::Free),
    (SYSTEM_PROFILE, Fate::Free),
    (LOCAL_SERVICE_PROFILE, Fate::Free),
    (NETWORK_SERVICE_PROFILE, Fate::Free),
    (USER_PROFILE, Fate::Free),
    (TIME_ZONES, Fate::Free),
    (UTC, Fate::Free),
    ("\\MACHINE\\SOFTWARE\\Microsoft\\Cryptography", Fate::Free),
    (
        "\\MACHINE\\SOFTWARE\\Microsoft\\Cryptography\\Defaults",
        Fate::Free,
    ),
    (
        "\\MACHINE\\SOFTWARE\\Microsoft\\Cryptography\\Defaults\\Provider",
        Fate::Free,
    ),
    (RSA_PROVIDER, Fate::Free),
    (AES_PROVIDER, Fate::Free),
    (
        "\\MACHINE\\SOFTWARE\\Microsoft\\Cryptography\\Defaults\\Provider Types",
        Fate::Free,
    ),
    (RSA_TYPE, Fate::Free),
    (AES_TYPE, Fate::Free),
    ("\\MACHINE\\SYSTEM", Fate::Stays),
    ("\\MACHINE\\SYSTEM\\CurrentControlSet", Fate::Free),
    ("\\MACHINE\\SYSTEM\\CurrentControlSet\\Control", Fate::Free),
    (PRODUCT_OPTIONS, Fate::Free),
    (WINDOWS, Fate::Free),
    (
        "\\MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName",
        Fate::Free,
    ),
    (COMPUTER_NAME, Fate::Free),
    ("\\MACHINE\\SYSTEM\\CurrentControlSet\\Services", Fate::Free),
    (
        "\\MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip",
        Fate::Free,
    ),
    (TCP_IP, Fate::Free),
    ("\\USER", Fate::Closed),
    ("\\USER\\.DEFAULT", Fate::Stays),
    ("\\USER\\S-1-5-18", Fate::Stays),
    // The one user there is.
    ("\\USER\\S-1-5-21-0-0-0-1000", Fate::Stays),
    ("\\USER\\S-1-5-21-0-0-0-1000\\Environment", Fate::Free),
    ("\\USER\\S-1-5-21-0-0-0-1000\\Software", Fate::Free),
];
const PROCESSOR: &str = "\\MACHINE\\HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0";
const CURRENT_VERSION: &str = "\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
/// Where the folders of users are.
const PROFILES: &str = "\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList";
const SYSTEM_PROFILE: &str =
    "\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-18";
const LOCAL_SERVICE_PROFILE: &str =
    "\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-19";
const NETWORK_SERVICE_PROFILE: &str =
    "\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-20";
const USER_PROFILE: &str =
    "\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-21-0-0-0-1000";
const PROFILE_PATH: &str = "ProfileImagePath";
/// Who encrypts and makes random numbers for programs that ask CryptAcquireContext.
const RSA_PROVIDER: &str = "\\MACHINE\\SOFTWARE\\Microsoft\\Cryptography\\Defaults\\Provider\\Microsoft Strong Cryptographic Provider";
const AES_PROVIDER: &str = "\\MACHINE\\SOFTWARE\\Microsoft\\Cryptography\\Defaults\\Provider\\Microsoft Enhanced RSA and AES Cryptographic Provider";
const RSA_TYPE: &str =
    "\\MACHINE\\SOFTWARE\\Microsoft\\Cryptography\\Defaults\\Provider Types\\Type 001";
const AES_TYPE: &str =
    "\\MACHINE\\SOFTWARE\\Microsoft\\Cryptography\\Defaults\\Provider Types\\Type 024";
const RSA_NAME: &str = "Microsoft Strong Cryptographic Provider";
const AES_NAME: &str = "Microsoft Enhanced RSA and AES Cryptographic Provider";
const RSA_LIBRARY: &str = "C:\\windows\\system32\\rsaenh.dll";
/// The one time zone: GetTimeZoneInformation fails without its key.
const TIME_ZONES: &str = "\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Time Zones";
const UTC: &str = "\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Time Zones\\UTC";
const UTC_NAME: &str = "Coordinated Universal Time";
const PRODUCT_OPTIONS: &str = "\\MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions";
const WINDOWS: &str = "\\MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Windows";

const COMPUTER_NAME: &str =
    "\\MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ActiveComputerName";
const TCP_IP: &str = "\\MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters";

/// REG_TZI_FORMAT: three biases and two dates.
const ZONE_BYTES: usize = 3 * 4 + 2 * 16;

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

/// The values: those that [`abi::user_shared`] says too, where users are at home, and who
/// encrypts.
const VALUES: [(&str, &str, Data); 38] = [
    (
        CURRENT_VERSION,
        "CurrentMajorVersionNumber",
        Data::Number(MAJOR_VERSION),
    ),
    (
        CURRENT_VERSION,
        "CurrentMinorVersionNumber",
        Data::Number(MINOR_VERSION),
    ),
    (
        CURRENT_VERSION,
        "CurrentBuildNumber",
        Data::Digits(BUILD_NUMBER),
    ),
    (CURRENT_VERSION, "CurrentBuild", Data::Digits(BUILD_NUMBER)),
    (CURRENT_VERSION, "CurrentVersion", Data::Text("6.3")),
    (CURRENT_VERSION, "DisplayVersion", Data::Text("22H2")),
    (CURRENT_VERSION, "EditionID", Data::Text("Professional")),
    (CURRENT_VERSION, "InstallationType", Data::Text("Client")),
    (CURRENT_VERSION, "ProductName", Data::Text("Windows 10 Pro")),
    (CURRENT_VERSION, "ReleaseId", Data::Text("2009")),
    (CURRENT_VERSION, "SystemRoot", Data::Text(SYSTEM_ROOT)),
    (PROCESSOR, "ProcessorNameString", Data::ProcessorName),
    (PROCESSOR, "~MHz", Data::ProcessorMhz),
    (
        SYSTEM_PROFILE,
        PROFILE_PATH,
        Data::Expanded("%systemroot%\\system32\\config\\systemprofile"),
    ),
    (
        LOCAL_SERVICE_PROFILE,
        PROFILE_PATH,
        Data::Expanded("%systemroot%\\ServiceProfiles\\LocalService"),
    ),
    (
        NETWORK_SERVICE_PROFILE,
        PROFILE_PATH,
        Data::Expanded("%systemroot%\\ServiceProfiles\\NetworkService"),
    ),
    (USER_PROFILE, PROFILE_PATH, Data::Expanded(USER_FOLDER)),
    (
        PROFILES,
        "Default",
        Data::Expanded("%SystemDrive%\\users\\Default"),
    ),
    (
        PROFILES,
        "ProfilesDirectory",
        Data::Expanded("%SystemDrive%\\users"),
    ),
    (
        PROFILES,
        "ProgramData",
        Data::Expanded("%SystemDrive%\\ProgramData"),
    ),
    (
        PROFILES,
        "Public",
        Data::Expanded("%SystemDrive%\\users\\Public"),
    ),
    (PRODUCT_OPTIONS, "ProductType", Data::Text("WinNT")),
    (WINDOWS, "CSDVersion", Data::Number(0)),
    (COMPUTER_NAME, "ComputerName", Data::Text(HOST)),
    (TCP_IP, "Hostname", Data::Text(HOST)),
    (TCP_IP, "Domain", Data::Text("")),
    (
        UTC,
        "Display",
        Data::Text("(UTC) Coordinated Universal Time"),
    ),
    (UTC, "Std", Data::Text(UTC_NAME)),
    (UTC, "Dlt", Data::Text(UTC_NAME)),
    (UTC, "TZI", Data::Zone),
    (RSA_PROVIDER, "Image Path", Data::Text(RSA_LIBRARY)),
    (RSA_PROVIDER, "Type", Data::Number(1)),
    (RSA_TYPE, "Name", Data::Text(RSA_NAME)),
    (
        RSA_TYPE,
        "TypeName",
        Data::Text("RSA Full (Signature and Key Exchange)"),
    ),
    (AES_PROVIDER, "Image Path", Data::Text(RSA_LIBRARY)),
    (AES_PROVIDER, "Type", Data::Number(24)),
    (AES_TYPE, "Name", Data::Text(AES_NAME)),
    (AES_TYPE, "TypeName", Data::Text("RSA Full and AES")),
];

/// Makes the registry. Once.
pub fn init() -> Result<(), Error> {
    registry::init()?;
    for (path, _) in KEYS.iter().skip(1) {
        let path = whole(path)?;
        registry::create(at(&path), &Kind::default(), None)?;
    }
    for (path, name, data) in &VALUES {
        let key = open(path)?;
        let name = units(name)?;
        match data {
            Data::Number(number) => set_number(&key, &name, *number)?,
            Data::ProcessorMhz => set_number(&key, &name, processor_mhz())?,
            Data::ProcessorName => {
                let processor = identity::name().unwrap_or_default();
                set_text(&key, &name, REG_SZ, &processor)?;
            }
            Data::Zone => key.set_value(&name, REG_BINARY, &[0; ZONE_BYTES])?,
            Data::Text(text) => set_text(&key, &name, REG_SZ, text)?,
            Data::Expanded(text) => set_text(&key, &name, REG_EXPAND_SZ, text)?,
            Data::Digits(number) => {
                let mut digits = ArrayString::<10>::new();
                write!(digits, "{number}").map_err(|_| Error::TooLong)?;
                set_text(&key, &name, REG_SZ, &digits)?;
            }
        }
    }
    for (path, fate) in KEYS.iter().filter(|(_, fate)| *fate != Fate::Free) {
        open(path)?.keep(*fate == Fate::Closed)?;
    }
    Ok(())
}

fn set_number(key: &Key, name: &[u16], number: u32) -> Result<(), Error> {
    key.set_value(name, REG_DWORD, &number.to_le_bytes())
}

fn set_text(key: &Key, name: &[u16], kind: u32, text: &str) -> Result<(), Error> {
    let mut bytes = Vec::new();
    let units = text.len().saturating_add(1);
    bytes.try_reserve_exact(units.saturating_mul(2))?;
    let terminated = text.encode_utf16().chain([0]);
    bytes.extend(terminated.flat_map(u16::to_le_bytes));
    key.set_value(name, kind, &bytes)
}

fn open(path: &str) -> Result<Ref<Key>, Error> {
    Ok(registry::open(at(&whole(path)?), None)?.0)
}

fn at(path: &[u16]) -> Name<'_> {
    Name {
        root: None,
        path,
        links: Links::Follow,
        opens_link: false,
    }
}

fn whole(path: &str) -> Result<Vec<u16>, Error> {
    const ROOT: &str = "\\REGISTRY";
    let mut units = Vec::new();
    units.try_reserve_exact(ROOT.len().saturating_add(path.len()))?;
    units.extend(ROOT.encode_utf16().chain(path.encode_utf16()));
    Ok(units)
}

fn units(text: &str) -> Result<Vec<u16>, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(text.len())?;
    units.extend(text.encode_utf16());
    Ok(units)
}
