//! Names that are taken, odd, or begin at an open file.
use super::*;

/// A name that is taken is so for a file as for a directory.
pub fn taken_names(program: &Program) {
    let path = "\\??\\C:\\taken";
    let file = make(program, path);
    let create = |path, kind| {
        let how = How::open(READ, SHARE_ALL).disposed(FILE_CREATE).with(kind);
        file::create(&name(path), how).map(|_| ())
    };
    let taken = Err(NtStatus::OBJECT_NAME_COLLISION);
    program.check("a directory", create(path, FILE_DIRECTORY_FILE), taken);
    let directory = "\\??\\C:\\programs";
    program.check("a file", create(directory, FILE_NON_DIRECTORY_FILE), taken);
    let set = file::set(&file, FILE_DISPOSITION_INFORMATION, &1_u8);
    program.check("delete", set, NtStatus::SUCCESS);
    let pending = Err(NtStatus::DELETE_PENDING);
    program.check("while it goes", create(path, 0), pending);
}

/// Names that begin at an open file or directory.
pub fn roots(program: &Program) {
    let from = |root: &Handle, path: &str| {
        let relative = Name::with(path, root.raw(), OBJ_CASE_INSENSITIVE);
        file::create(&relative, How::open(READ, SHARE_ALL)).map(|_| ())
    };
    let root = program.done("the root", open("\\??\\C:\\", READ));
    program.check("in it", from(&root, "programs\\files.exe"), Ok(()));
    program.check("itself", from(&root, ""), Ok(()));
    let invalid = Err(NtStatus::OBJECT_NAME_INVALID);
    program.check("a separator", from(&root, "\\programs"), invalid);
    let directory = program.done("a directory", open("\\??\\C:\\programs", READ));
    program.check("a separator", from(&directory, "\\files.exe"), invalid);
    let file = program.done("a file", open("\\??\\C:\\programs\\files.exe", READ));
    program.check("the file again", from(&file, ""), Ok(()));
    let no_path = Err(NtStatus::OBJECT_PATH_NOT_FOUND);
    program.check("in a file", from(&file, "x"), no_path);
    let null = program.done("nothing", open("\\??\\NUL", READ | WRITE));
    let mut byte = [0];
    let end = Err(NtStatus::END_OF_FILE);
    program.check("of nothing", file::read(&null, None, &mut byte), end);
    program.check("to nothing", file::write(&null, None, b"text"), Ok(4));
    let directory = How::open(READ, SHARE_ALL).with(FILE_DIRECTORY_FILE);
    let refused = file::create(&name("\\??\\NUL"), directory).map(|_| ());
    program.check("as one", refused, Err(NtStatus::NOT_A_DIRECTORY));
}

/// Names as long as can be, and of units that are no text.
pub fn odd_names(program: &Program) {
    let opened = |units: &[u16], disposition| {
        let text = UnicodeString {
            length_bytes: (units.len() * 2) as u16,
            maximum_length_bytes: (units.len() * 2) as u16,
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
            call::nt_create_file(
                &raw mut handle as u64,
                (READ | DELETE).into(),
                &raw const attributes as u64,
                result.as_mut_ptr() as u64,
                0,
                0,
                SHARE_ALL.into(),
                u64::from(disposition),
                FILE_DELETE_ON_CLOSE.into(),
                0,
                0,
            )
        };
        if status.is_success() {
            program.check("close", system::close(handle), NtStatus::SUCCESS);
        }
        status
    };
    let mut units = [u16::from(b'a'); 32_767];
    for (unit, letter) in units.iter_mut().zip("\\??\\C:\\".encode_utf16()) {
        *unit = letter;
    }
    let invalid = NtStatus::OBJECT_NAME_INVALID;
    program.check("the longest name", opened(&units, FILE_OPEN), invalid);
    program.check("256 units", opened(&units[..7 + 256], FILE_CREATE), invalid);
    let whole = opened(&units[..7 + 255], FILE_CREATE);
    program.check("255 units", whole, NtStatus::SUCCESS);
    for unit in units.iter_mut().skip(8).step_by(2) {
        *unit = u16::from(b'\\');
    }
    // The device has a longer name than the link to it.
    let deep = opened(&units[..32_001], FILE_OPEN);
    program.check("many of one", deep, NtStatus::OBJECT_PATH_NOT_FOUND);
    units[8] = 0xDC00;
    units[9] = 0xD800;
    let alone = opened(&units[..10], FILE_CREATE);
    program.check("no text", alone, NtStatus::SUCCESS);
    units[9] = 0;
    program.check("a zero", opened(&units[..10], FILE_CREATE), invalid);
}
