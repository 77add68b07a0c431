//! Opening and creating files.

use abi::NtStatus;
use abi::access::{DELETE, SYNCHRONIZE};
use abi::file::*;
use executive::claim::Claim;
use executive::io::{self, Disposition, Done, File, Intent, Mode, Request, Target, Wanted};
use executive::object::{Object, ObjectKind, namespace};
use hal::Ref;

use super::ResultBlock;
use super::console;
use super::extended::check_list;
use crate::call::{Call, Outcome, read, refused};
use crate::new_handle::{Attributes, NewHandle};
use crate::win32::quirks;

/// Attributes that a program may pass: all that there are.
const VALID_ATTRIBUTES: u32 = 0x0056_7FB7;

/// What a program says of a file that it opens.
pub(super) struct Options {
    pub(super) access: u32,
    /// As it was asked for: generic rights count for nothing where one is needed
    /// by name.
    pub(super) asked: u32,
    pub(super) share: u32,
    pub(super) disposition: u32,
    pub(super) options: u32,
    pub(super) attributes: u32,
}

/// NtCreateFile(file, access, attributes, result, allocation size, file attributes,
/// share, disposition, options, extended attributes, their length)
///
/// Room is made when it is written, so the allocation size makes no difference.
pub(crate) fn nt_create_file(call: &Call<'_>) -> Outcome {
    if call.word(4)? != 0 {
        let size = read::<i64>(call.word(4)?)?;
        u64::try_from(size).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    }
    let ea_length = call.value32(10)?;
    let options = Options {
        access: 0,
        asked: 0,
        attributes: quirks::attributes(call, call.value32(5)?),
        share: call.value32(6)?,
        disposition: call.value32(7)?,
        options: call.value32(8)?,
    };
    match (call.word(9)?, ea_length) {
        (0, 0) => {}
        (0, _) => return Err(NtStatus::INVALID_PARAMETER),
        (address, _) => {
            check_list(address, ea_length)?;
            return Err(NtStatus::EAS_NOT_SUPPORTED);
        }
    }
    give(call, options)
}

/// NtOpenFile(file, access, attributes, result, share, options)
pub(crate) fn nt_open_file(call: &Call<'_>) -> Outcome {
    let options = Options {
        access: 0,
        asked: 0,
        attributes: 0,
        share: call.value32(4)?,
        disposition: FILE_OPEN,
        options: call.value32(5)?,
    };
    give(call, options)
}

/// NtDeleteFile(attributes)
pub(crate) fn nt_delete_file(call: &Call<'_>) -> Outcome {
    let options = Options {
        access: DELETE,
        asked: DELETE,
        attributes: 0,
        share: FILE_SHARE_VALID_FLAGS,
        disposition: FILE_OPEN,
        options: FILE_DELETE_ON_CLOSE,
    };
    let attributes = Attributes::read(call.word(0)?)?;
    // It goes as soon as it is let go of.
    let (file, _) = open(call, &attributes, &options.request()?)?;
    drop(file);
    Ok(NtStatus::SUCCESS)
}

fn give(call: &Call<'_>, mut options: Options) -> Outcome {
    let result = ResultBlock::at(call.word(3)?)?;
    let new = call.new_handle(ObjectKind::File)?;
    (options.access, options.asked) = (new.access(), new.asked());
    let Options { asked, share, .. } = options;
    if quirks::is_too_far(call, new.attributes.name(), asked, share, options.options) {
        return Err(NtStatus::NAME_TOO_LONG);
    }
    let mut request = options.request()?;
    if let Some(claim) = &mut request.claim {
        claim.descriptor = new.attributes.descriptor();
    }
    let notes = call.notes(new.asked())?;
    if request.disposition != Disposition::Open {
        // What is made or emptied is not left without a handle.
        call.process().handles().make_room().map_err(refused)?;
    }
    let (file, done) = match options.options & FILE_OPEN_BY_FILE_ID {
        0 => open(call, &new.attributes, &request)?,
        _ => open_number(call, &new.attributes, &request)?,
    };
    if let Target::Terminal(terminal) = file.target() {
        console::note_group(call, terminal);
    }
    if options.options & FILE_DELETE_ON_CLOSE != 0 {
        quirks::take_name_along(call, &file, asked, share, options.options);
    }
    give_handle(call, &new, file, notes)?;
    result.set(
        NtStatus::SUCCESS,
        match done {
            Done::Superseded => FILE_SUPERSEDED,
            Done::Opened => FILE_OPENED,
            Done::Created => FILE_CREATED,
            Done::Overwritten => FILE_OVERWRITTEN,
        },
    )
}

/// What is on the volume says itself who may have what.
fn give_handle(
    call: &Call<'_>,
    new: &NewHandle,
    file: Ref<File>,
    notes: u32,
) -> Result<(), NtStatus> {
    let access = match file.target() {
        Target::Node(node) => node.access(),
        _ => new.access(),
    };
    new.give_as(call, Object::File(file), access | notes)?;
    Ok(())
}

/// Opens the file of a name.
pub(super) fn open(
    call: &Call<'_>,
    attributes: &Attributes,
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), NtStatus> {
    let root = attributes.root(call)?;
    let name = match (attributes.name(), &root) {
        (Some(name), _) => name,
        (None, Some(_)) => &[],
        (None, None) => return Err(NtStatus::OBJECT_PATH_SYNTAX_BAD),
    };
    let found = namespace::find_device(root, name, attributes.walk());
    let (object, rest) = found.map_err(refused)?;
    let opened = match &object {
        Object::Device(device) => io::open_on(device, &rest, request),
        Object::File(directory) => io::open_in(directory, &rest, request),
        _ => return Err(NtStatus::OBJECT_TYPE_MISMATCH),
    };
    opened.map_err(refused)
}

/// Opens the file of a number, which the name is or ends with.
fn open_number(
    call: &Call<'_>,
    attributes: &Attributes,
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), NtStatus> {
    const NUMBER_UNITS: usize = 4;
    let root = attributes.root(call)?;
    let name = attributes.name().unwrap_or_default();
    let start = name.len().checked_sub(NUMBER_UNITS);
    let (path, number) = start
        .and_then(|start| name.split_at_checked(start))
        .ok_or(NtStatus::INVALID_PARAMETER)?;
    let number = number
        .iter()
        .rev()
        .fold(0, |number, unit| number << 16 | u64::from(*unit));
    let opened = match root {
        // The name is looked into by nobody.
        Some(Object::File(file)) if path.is_empty() => io::open_number_in(&file, number, request),
        Some(Object::File(_)) => return Err(NtStatus::INVALID_PARAMETER),
        root => {
            let found = namespace::find_device(root, path, attributes.walk());
            match found.map_err(refused)? {
                (Object::Device(device), rest) if rest == [objects::SEPARATOR] => {
                    io::open_number_on(&device, number, request)
                }
                _ => return Err(NtStatus::INVALID_PARAMETER),
            }
        }
    };
    opened.map_err(refused)
}

impl Options {
    /// What it comes to, if it does not contradict itself.
    #[inline]
    pub(super) fn request(&self) -> Result<Request<'static>, NtStatus> {
        const SYNCHRONOUS: u32 = FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT;
        let has = |option: u32| self.options & option != 0;
        let is_synchronous = has(SYNCHRONOUS);
        let wanted = match (has(FILE_DIRECTORY_FILE), has(FILE_NON_DIRECTORY_FILE)) {
            (true, true) => return Err(NtStatus::INVALID_PARAMETER),
            (true, false) => Wanted::Directory,
            (false, true) => Wanted::File,
            (false, false) => Wanted::Any,
        };
        let disposition = match self.disposition {
            FILE_SUPERSEDE => Disposition::Supersede,
            FILE_OPEN => Disposition::Open,
            FILE_CREATE => Disposition::Create,
            FILE_OPEN_IF => Disposition::OpenIf,
            FILE_OVERWRITE => Disposition::Overwrite,
            FILE_OVERWRITE_IF => Disposition::OverwriteIf,
            _ => return Err(NtStatus::INVALID_PARAMETER),
        };
        let opens_directory = matches!(
            disposition,
            Disposition::Open | Disposition::Create | Disposition::OpenIf
        );
        // What only the data of a file has.
        let no_directory = FILE_SEQUENTIAL_ONLY
            | FILE_RANDOM_ACCESS
            | FILE_NO_INTERMEDIATE_BUFFERING
            | FILE_NO_EA_KNOWLEDGE;
        let is_wrong = self.options & !FILE_VALID_OPTION_FLAGS != 0
            || self.share & !FILE_SHARE_VALID_FLAGS != 0
            || self.attributes & !VALID_ATTRIBUTES != 0
            || self.options & SYNCHRONOUS == SYNCHRONOUS
            || (is_synchronous && self.asked & SYNCHRONIZE == 0)
            || (has(FILE_DELETE_ON_CLOSE) && self.asked & DELETE == 0)
            || (has(FILE_NO_INTERMEDIATE_BUFFERING)
                && self.access & FILE_APPEND_DATA != 0
                && self.access & FILE_WRITE_DATA == 0)
            || (wanted == Wanted::Directory && (!opens_directory || has(no_directory)));
        if is_wrong {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        Ok(Request {
            intent: Intent {
                access: self.access,
                share: self.share,
                deletes_on_close: has(FILE_DELETE_ON_CLOSE),
            },
            disposition,
            wanted,
            opens_link: has(FILE_OPEN_REPARSE_POINT),
            attributes: self.attributes,
            mode: Mode {
                is_synchronous,
                flags: self.options & FILE_MODE_FLAGS,
            },
            claim: Some(Claim {
                asked: self.asked,
                for_backup: has(FILE_OPEN_FOR_BACKUP_INTENT),
                descriptor: None,
            }),
        })
    }
}
