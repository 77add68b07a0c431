//! The volume itself, and what is told of it.
use super::*;
use abi::object::OBJ_CASE_INSENSITIVE;
use nt::object::Name;
use nt::pipe::control_status;
use nt::volume::{control, query, set};

pub fn all(program: &Program) {
    let file = make(program, "\\??\\C:\\onit");
    let volume = program.done("the volume", open("\\??\\C:", READ | FILE_WRITE_DATA));
    told(program, &volume);
    told(program, &file);
    label(program, &file, &volume);
    itself(program, &volume);
    codes(program, &volume, &file);
    let null = program.done("a device", open("\\??\\NUL", READ));
    codes_of_disk(
        program,
        &volume,
        [(&file, NtStatus::INVALID_PARAMETER), (&null, REFUSED)],
    );
    let mut buffer = [0; 0x40];
    let (status, _) = query(&null, FILE_FS_DEVICE_INFORMATION, &mut buffer);
    program.check("its type", (status, buffer[0]), (NtStatus::SUCCESS, 0x15));
    let (status, _) = query(&null, FILE_FS_SIZE_INFORMATION, &mut buffer);
    program.check("no volume", status, NtStatus::INVALID_DEVICE_REQUEST);
    drop(file);
    delete(program, "\\??\\C:\\onit");
}

fn told(program: &Program, file: &Handle) {
    let mut buffer = [0; 0x80];
    let success = NtStatus::SUCCESS;
    for (class, length, status) in [
        (FILE_FS_VOLUME_INFORMATION, 0x12, success),
        (FILE_FS_SIZE_INFORMATION, 0x18, success),
        (FILE_FS_DEVICE_INFORMATION, 8, success),
        (FILE_FS_ATTRIBUTE_INFORMATION, 0x14, success),
        (FILE_FS_CONTROL_INFORMATION, 0x30, success),
        (FILE_FS_FULL_SIZE_INFORMATION, 0x20, success),
        (FILE_FS_OBJECTID_INFORMATION, 0, NtStatus::INVALID_PARAMETER),
        (FILE_FS_SECTOR_SIZE_INFORMATION, 0x1C, success),
        (FILE_FS_LABEL_INFORMATION, 0, NtStatus::INVALID_INFO_CLASS),
        (99, 0, NtStatus::INVALID_INFO_CLASS),
    ] {
        let found = query(file, class, &mut buffer);
        program.check("a class", (class, found), (class, (status, length)));
        if status == success {
            let (short, _) = query(file, class, &mut buffer[..7]);
            program.check("too short", short, NtStatus::INFO_LENGTH_MISMATCH);
        }
    }
    let found = query(file, FILE_FS_ATTRIBUTE_INFORMATION, &mut buffer);
    program.check("the file system", &buffer[0xC..0x14], b"N\0T\0F\0S\0");
    program.check("all of it", found.0, success);
    let found = query(file, FILE_FS_ATTRIBUTE_INFORMATION, &mut buffer[..0x11]);
    program.check("not all of it", found, (NtStatus::BUFFER_OVERFLOW, 0x11));
}

fn label(program: &Program, file: &Handle, volume: &Handle) {
    const LABEL: [u8; 8] = [4, 0, 0, 0, b'A', 0, b'B', 0];
    let class = FILE_FS_LABEL_INFORMATION;
    let refused = NtStatus::INVALID_PARAMETER;
    program.check("through a file", set(file, class, &LABEL), refused);
    program.check("a label", set(volume, class, &LABEL), NtStatus::SUCCESS);
    let mut buffer = [0; 0x20];
    let found = query(volume, FILE_FS_VOLUME_INFORMATION, &mut buffer);
    program.check("its label", found, (NtStatus::SUCCESS, 0x16));
    program.check("what it is", &buffer[0x12..0x16], b"A\0B\0");
    let mut long = [0; 80];
    long[0] = 66;
    let wrong = NtStatus::INVALID_VOLUME_LABEL;
    program.check("too long", set(volume, class, &long), wrong);
    let short = NtStatus::INFO_LENGTH_MISMATCH;
    program.check("too short", set(volume, class, &LABEL[..6]), short);
    long[0] = 80;
    program.check("cut off", set(volume, class, &long), refused);
    let none = [0; 8];
    program.check("no label", set(volume, class, &none), NtStatus::SUCCESS);
}

/// It is no directory, and no file.
fn itself(program: &Program, volume: &Handle) {
    let mut bytes = [0; 0x40];
    let wrong = NtStatus::INVALID_PARAMETER;
    for class in [
        FILE_BASIC_INFORMATION,
        FILE_STANDARD_INFORMATION,
        FILE_NAME_INFORMATION,
    ] {
        let (status, _) = file::query_bytes(volume, class, &mut bytes);
        program.check("of no file", status, wrong);
    }
    let read = file::read(volume, Some(0), &mut bytes);
    program.check("read", read, Err(NtStatus::INVALID_DEVICE_REQUEST));
    let class = FILE_DIRECTORY_INFORMATION;
    let mut entries = [0; 0x100];
    let (status, _) = file::list(volume, class, None, (false, false), &mut entries);
    program.check("list", status, wrong);
    let relative = Name::with("programs", volume.raw(), OBJ_CASE_INSENSITIVE);
    let opened = file::create(&relative, How::open(READ, SHARE_ALL));
    program.check(
        "from it",
        opened.map(|_| ()),
        Err(NtStatus::OBJECT_PATH_NOT_FOUND),
    );
    let how = How::open(READ | DELETE, SHARE_ALL);
    for (how, status) in [
        (how.with(FILE_DIRECTORY_FILE), NtStatus::NOT_A_DIRECTORY),
        (how.with(FILE_DELETE_ON_CLOSE), NtStatus::CANNOT_DELETE),
        (how.disposed(FILE_CREATE), NtStatus::ACCESS_DENIED),
    ] {
        let opened = file::create(&name("\\??\\C:"), how);
        program.check("as that", opened.map(|_| ()), Err(status));
    }
    let mut units = [0; 16];
    let length = program.done("its name", nt::object::name_of(volume.raw(), &mut units));
    let path = nt::Text::new(units[..length].iter().copied());
    program.check("its name", path.as_str(), "\\??\\C:");
}

const REFUSED: NtStatus = NtStatus::INVALID_DEVICE_REQUEST;

/// What the disk that the volume is on says of itself, and nothing else does.
fn codes_of_disk(program: &Program, volume: &Handle, others: [(&Handle, NtStatus); 2]) {
    let mut buffer = [0; 0x80];
    for (code, bytes) in [
        (IOCTL_DISK_IS_WRITABLE, 0),
        (IOCTL_STORAGE_CHECK_VERIFY, 0),
        (IOCTL_DISK_GET_LENGTH_INFO, 8),
        (IOCTL_DISK_GET_DRIVE_GEOMETRY, 0x18),
        (IOCTL_STORAGE_GET_DEVICE_NUMBER, 0xC),
        (IOCTL_MOUNTDEV_QUERY_DEVICE_NAME, 0x30),
    ] {
        let found = control(volume, code, &mut buffer);
        program.check(
            "of a disk",
            (code, found),
            (code, (NtStatus::SUCCESS, bytes)),
        );
        for (other, status) in others {
            let found = control(other, code, &mut buffer).0;
            program.check("of no disk", (code, found), (code, status));
        }
        if let Some(short) = bytes.checked_sub(1) {
            let found = control(volume, code, &mut buffer[..short]).0;
            let is_name = code == IOCTL_MOUNTDEV_QUERY_DEVICE_NAME;
            let expected = match is_name {
                true => NtStatus::BUFFER_OVERFLOW,
                false => NtStatus::BUFFER_TOO_SMALL,
            };
            program.check("no room", (code, found), (code, expected));
        }
    }
    let unknown = control(volume, FSCTL_PIPE_PEEK, &mut buffer).0;
    program.check("no such code", unknown, REFUSED);
    let short = control(volume, IOCTL_MOUNTDEV_QUERY_DEVICE_NAME, &mut buffer[..3]).0;
    program.check("no room for a length", short, NtStatus::INVALID_PARAMETER);
    let (status, _) = control(volume, IOCTL_MOUNTDEV_QUERY_DEVICE_NAME, &mut buffer);
    program.check("a name", status, NtStatus::SUCCESS);
    let units = buffer[2..0x30].as_chunks::<2>().0.iter();
    let name = nt::Text::new(units.map(|unit| u16::from_le_bytes(*unit)));
    program.check("its device", name.as_str(), "\\Device\\HarddiskVolume1");
    program.check("its length", buffer[..2] == [0x2E, 0], true);
    let mut length = [0; 8];
    control(volume, IOCTL_DISK_GET_LENGTH_INFO, &mut length);
    let mut sizes = [0; 0x18];
    query(volume, FILE_FS_SIZE_INFORMATION, &mut sizes);
    let units = u64::from_le_bytes(sizes[..8].try_into().unwrap_or_default());
    program.check("its bytes", u64::from_le_bytes(length), units * 4096);
}

/// What it and its files do besides.
fn codes(program: &Program, volume: &Handle, file: &Handle) {
    use NtStatus as S;
    let wrong = S::INVALID_PARAMETER;
    let invalid = S::INVALID_DEVICE_REQUEST;
    for (code, of_volume, of_file) in [
        (FSCTL_IS_VOLUME_MOUNTED, (S::SUCCESS, 0), (S::SUCCESS, 0)),
        (FSCTL_LOCK_VOLUME, (S::ACCESS_DENIED, 0), (wrong, 0)),
        (FSCTL_DISMOUNT_VOLUME, (S::ACCESS_DENIED, 0), (wrong, 0)),
        (FSCTL_UNLOCK_VOLUME, (S::NOT_LOCKED, 0), (wrong, 0)),
        (FSCTL_GET_COMPRESSION, (invalid, 0), (S::SUCCESS, 2)),
        (
            FSCTL_GET_REPARSE_POINT,
            (invalid, 0),
            (S::NOT_A_REPARSE_POINT, 0),
        ),
        (
            FSCTL_GET_OBJECT_ID,
            (invalid, 0),
            (S::OBJECTID_NOT_FOUND, 0),
        ),
        (
            FSCTL_CREATE_OR_GET_OBJECT_ID,
            (invalid, 0),
            (S::BUFFER_TOO_SMALL, 0),
        ),
        (FSCTL_PIPE_PEEK, (invalid, 0), (invalid, 0)),
    ] {
        for (of, expected) in [(volume, of_volume), (file, of_file)] {
            let mut output = [0xFF; 8];
            let found = control_status(of, code, &[], &mut output);
            program.check("a code", (code, found), (code, expected));
            if expected.1 != 0 {
                program.check("not compressed", output[..2] == [0, 0], true);
            }
        }
    }
    let mut own = [0; 64];
    let found = control_status(file, FSCTL_CREATE_OR_GET_OBJECT_ID, &[], &mut own);
    program.check("its identifier", found, (S::SUCCESS, 64));
    program.check("made with it", own[..16] == own[32..48], true);
    program.check("it is one", own[..16] == [0; 16], false);
    let cut = control_status(file, FSCTL_GET_COMPRESSION, &[], &mut [0; 1]);
    program.check("no room", cut, (S::BUFFER_TOO_SMALL, 0));
}
