//! Paths of what is there and what is not, and the status of each.
use super::*;
use abi::io::UnicodeString;
use abi::object::ObjectAttributes;
use nt::call;

const FOUND: NtStatus = NtStatus::SUCCESS;
const NO_NAME: NtStatus = NtStatus::OBJECT_NAME_NOT_FOUND;
const NO_PATH: NtStatus = NtStatus::OBJECT_PATH_NOT_FOUND;
const INVALID: NtStatus = NtStatus::OBJECT_NAME_INVALID;
const SYNTAX: NtStatus = NtStatus::OBJECT_PATH_SYNTAX_BAD;
const TYPE: NtStatus = NtStatus::OBJECT_TYPE_MISMATCH;

/// Paths from the root of all.
const WHOLE: [(&str, NtStatus); 33] = [
    ("", SYNTAX),
    ("paths", SYNTAX),
    ("C:\\paths", SYNTAX),
    ("\\", TYPE),
    ("\\\\", INVALID),
    ("\\??", TYPE),
    ("\\??\\", INVALID),
    ("\\\\??\\C:\\paths", INVALID),
    ("\\??\\\\C:\\paths", INVALID),
    ("\\Device", TYPE),
    ("\\Device\\none", NO_NAME),
    ("\\Device\\none\\x", NO_PATH),
    ("\\??\\Q:", NO_NAME),
    ("\\??\\Q:\\x", NO_PATH),
    ("\\??\\C", NO_NAME),
    ("\\??\\C:paths", NO_NAME),
    ("\\??\\C:", FOUND),
    ("\\??\\c:\\", FOUND),
    // Two at the start are taken for one.
    ("\\??\\C:\\\\", FOUND),
    ("\\??\\C:\\\\paths", FOUND),
    ("\\??\\C:\\\\\\", INVALID),
    ("\\??\\C:\\\\\\paths", INVALID),
    ("\\??\\C:/paths", NO_NAME),
    ("\\??\\C:\\..", INVALID),
    ("\\??\\C:\\..\\paths", INVALID),
    ("\\??\\C:\\.", INVALID),
    ("\\??\\NUL", FOUND),
    ("\\??\\nul", FOUND),
    ("\\??\\NUL.txt", NO_NAME),
    ("\\DosDevices\\C:\\paths\\file", FOUND),
    ("\\GLOBAL??\\C:\\paths\\file", FOUND),
    ("\\Device\\HarddiskVolume1\\paths\\file", FOUND),
    ("\\??\\GLOBALROOT\\Device\\HarddiskVolume1\\paths", FOUND),
];

/// Paths from [`PLACE`], which has a `file`, a `dir` and `Grün.Ωω`.
const INSIDE: [(&str, NtStatus); 54] = [
    ("file", FOUND),
    ("FILE", FOUND),
    ("dir", FOUND),
    ("dir\\", FOUND),
    ("file\\", INVALID),
    ("dir\\\\", INVALID),
    ("\\file", INVALID),
    ("dir\\\\none", INVALID),
    ("none", NO_NAME),
    ("none\\", NO_NAME),
    ("none\\none", NO_PATH),
    ("file\\none", NO_PATH),
    ("file\\none\\none", NO_PATH),
    ("dir\\none\\none", NO_PATH),
    // Nothing is resolved, nothing is stripped.
    (".", INVALID),
    ("..", INVALID),
    ("dir\\.", INVALID),
    ("dir\\..", INVALID),
    ("dir\\..\\file", INVALID),
    ("none\\..\\file", INVALID),
    ("file.", NO_NAME),
    ("file ", NO_NAME),
    (" file", NO_NAME),
    ("...", NO_NAME),
    ("dir.\\none", NO_PATH),
    ("CON", NO_NAME),
    ("NUL", NO_NAME),
    ("nul.txt", NO_NAME),
    ("COM1", NO_NAME),
    // A path that is malformed is so wherever it leads.
    ("none\\a*", INVALID),
    ("a?b", INVALID),
    ("a<", INVALID),
    (">a", INVALID),
    ("a\"b", INVALID),
    ("|", INVALID),
    ("dir/none", INVALID),
    ("a\0b", INVALID),
    ("file\0", INVALID),
    ("a\u{1f}", INVALID),
    ("a\u{7f}", NO_NAME),
    ("file::$DATA", FOUND),
    ("file::$data", FOUND),
    ("file:", INVALID),
    ("file::", INVALID),
    ("file:stream", NO_NAME),
    ("file:stream:$DATA", NO_NAME),
    ("file::$BITMAP", INVALID),
    ("dir::$INDEX_ALLOCATION", FOUND),
    ("dir:$I30:$INDEX_ALLOCATION", FOUND),
    ("file::$INDEX_ALLOCATION", NtStatus::NOT_A_DIRECTORY),
    ("dir::$DATA", NtStatus::FILE_IS_A_DIRECTORY),
    // Case as it is outside ASCII too; letters that are others stay others.
    ("GRÜN.ωΩ", FOUND),
    ("grun.ωω", NO_NAME),
    ("Grün.ΩΩ", FOUND),
];

pub fn all(program: &Program) {
    for (part, options) in [("file", 0), ("dir", FILE_DIRECTORY_FILE), ("Grün.Ωω", 0)] {
        let path = Joined::new(part);
        drop(make(program, path.as_str(), options));
    }
    for (path, expected) in WHOLE {
        one(program, &name(path), path, expected);
    }
    let place = program.done("the place", open(PLACE, FILE_READ_ATTRIBUTES));
    for (path, expected) in INSIDE {
        one(program, &name(Joined::new(path).as_str()), path, expected);
        let relative = Name::with(path, place.raw(), OBJ_CASE_INSENSITIVE);
        one(program, &relative, path, expected);
    }
    roots(program, &place);
    lengths(program);
    drop(place);
    for part in ["file", "dir", "grün.ωω"] {
        delete(program, Joined::new(part).as_str());
    }
}

/// A path in [`PLACE`].
struct Joined([u8; 300], usize);

impl Joined {
    fn new(part: &str) -> Self {
        let mut joined = Self([0; 300], 0);
        for byte in PLACE.bytes().chain([b'\\']).chain(part.bytes()) {
            joined.0[joined.1] = byte;
            joined.1 += 1;
        }
        joined
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0[..self.1]).unwrap_or_default()
    }
}

/// Every call that opens by name says the same.
fn one(program: &Program, name: &Name, path: &str, expected: NtStatus) {
    let how = How::open(FILE_READ_ATTRIBUTES, SHARE_ALL);
    let created = status_of(file::create(name, how));
    let opened = status_of(file::open(name, FILE_READ_ATTRIBUTES, SHARE_ALL, 0));
    program.check("opened", (path, opened), (path, expected));
    program.check("created as it is", (path, created), (path, expected));
    let asked = file::attributes_of::<FileBasicInformation>(call::nt_query_attributes_file, name);
    let asked = status_of(asked);
    // What is no file of a volume opens, and has no attributes.
    let has_none =
        asked == NtStatus::INVALID_PARAMETER || asked == NtStatus::INVALID_DEVICE_REQUEST;
    let is_device = matches!(path, "\\??\\C:" | "\\??\\NUL" | "\\??\\nul");
    match is_device {
        true => program.check("attributes", (path, has_none), (path, true)),
        false => program.check("attributes", (path, asked), (path, expected)),
    }
    if expected != FOUND {
        // Where something cannot be, and where nothing is to be deleted.
        program.check("deleted", (path, file::delete(name)), (path, expected));
    }
}

/// Names from what is no directory, and none at all.
fn roots(program: &Program, place: &Handle) {
    let file = program.done("a file", open(Joined::new("file").as_str(), READ));
    let null = program.done("a device", open("\\??\\NUL", READ));
    for (what, root, path, expected) in [
        ("the directory itself", place.raw(), "", FOUND),
        ("the file itself", file.raw(), "", FOUND),
        ("in a file", file.raw(), "none", NO_PATH),
        ("in a device", null.raw(), "none", NO_PATH),
        (
            "a whole path",
            place.raw(),
            "\\??\\C:\\paths\\file",
            INVALID,
        ),
        ("of no handle", 0x7FF8, "file", NtStatus::INVALID_HANDLE),
    ] {
        let name = Name::with(path, root, OBJ_CASE_INSENSITIVE);
        let how = How::open(FILE_READ_ATTRIBUTES, SHARE_ALL);
        program.check(what, status_of(file::create(&name, how)), expected);
    }
}

/// Up to the end of what a UNICODE_STRING can count.
fn lengths(program: &Program) {
    let mut units = [u16::from(b'x'); 32_767];
    for (unit, letter) in units.iter_mut().zip(PLACE.encode_utf16()) {
        *unit = letter;
    }
    let start = PLACE.len();
    // Components of 255.
    for place in units.iter_mut().skip(start).step_by(256) {
        *place = u16::from(b'\\');
    }
    // The device has a longer name than the link to it.
    let most = 32_766 - ("\\Device\\HarddiskVolume1".len() - "\\??\\C:".len());
    for (bytes, expected) in [
        (2 * (start + 1 + 255), NO_NAME),
        (2 * (start + 1 + 255) + 2, NO_NAME),
        (2 * (start + 1 + 255) + 1, INVALID),
        (2 * (start + 1 + 255) + 4, NO_PATH),
        (2 * most, NO_PATH),
        (2 * most + 2, NtStatus::NAME_TOO_LONG),
        (65_532, NtStatus::NAME_TOO_LONG),
        (65_533, INVALID),
        (65_534, INVALID),
        (65_535, INVALID),
    ] {
        let status = opened(&units, bytes);
        program.check("so long", (bytes, status), (bytes, expected));
    }
    units[start + 256] = u16::from(b'x');
    let long = opened(&units, 2 * (start + 1 + 256));
    program.check("a component of 256", long, INVALID);
    let all = opened(&units, 2 * most);
    program.check("at the start of a long path", all, INVALID);
}

fn opened(units: &[u16], bytes: usize) -> NtStatus {
    let text = UnicodeString {
        length_bytes: bytes as u16,
        maximum_length_bytes: bytes as u16,
        reserved_04: 0,
        buffer: units.as_ptr() as u64,
    };
    let attributes = ObjectAttributes {
        length_bytes: size_of::<ObjectAttributes>() as u32,
        reserved_04: 0,
        root_directory: 0,
        object_name: &raw const text as u64,
        attributes: OBJ_CASE_INSENSITIVE,
        reserved_1c: 0,
        security_descriptor: 0,
        security_quality_of_service: 0,
    };
    let (mut result, mut handle) = ([0_u64; 2], 0_u64);
    // SAFETY: writes handle and result, reads the name.
    let status = unsafe {
        call::nt_open_file(
            &raw mut handle as u64,
            READ.into(),
            &raw const attributes as u64,
            result.as_mut_ptr() as u64,
            SHARE_ALL.into(),
            0,
        )
    };
    if status.is_success() {
        let _ = nt::system::close(handle);
    }
    status
}
