//! What the DLLs do otherwise than those of Windows.

use abi::NtStatus;
use abi::access::{DELETE, SYNCHRONIZE};
use abi::file::{
    FILE_ATTRIBUTE_ARCHIVE, FILE_ATTRIBUTE_READONLY, FILE_DIRECTORY_FILE, FILE_EXECUTE,
    FILE_NON_DIRECTORY_FILE, FILE_READ_ATTRIBUTES, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT, FILE_WRITE_ATTRIBUTES, FileBasicInformation,
};
use executive::Error;
use executive::claim::Claim;
use executive::io::{self, Deletion, File, Request, Wanted};
use hal::Ref;
use objects::SEPARATOR;

use crate::call::Call;

const SHARE_ALL: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// The open file of a handle argument, whose holder must have this right to its
/// attributes, or could have had it: SetFileAttributes and CreateHardLink ask for none
/// when they open a file, MoveFile only for that to delete it, and all rely on that
/// their server looks at the file itself.
pub(crate) fn file_with(call: &Call<'_>, number: usize, right: u32) -> Result<Ref<File>, NtStatus> {
    match call.file(number, right) {
        Err(NtStatus::ACCESS_DENIED)
            if right == FILE_READ_ATTRIBUTES || right == FILE_WRITE_ATTRIBUTES =>
        {
            opened_again(call, number, right)
        }
        file => file,
    }
}

/// The attributes of a file that is to be opened: SetNamedSecurityInfo and
/// GetNamedSecurityInfo pass a flag of CreateFile among them.
pub(crate) fn attributes(call: &Call<'_>, attributes: u32) -> u32 {
    const FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
    match attributes == FLAG_BACKUP_SEMANTICS && super::is_for(call.process().image()) {
        true => 0,
        false => attributes,
    }
}

/// The attributes that a file is given with its times: CopyFile leaves none but that of
/// what it has copied that nobody may write, and relies on that files are always to be
/// archived.
pub(crate) fn new_attributes(call: &Call<'_>, new: &FileBasicInformation) -> u32 {
    let is_copy = new.creation_time != 0 && new.file_attributes == FILE_ATTRIBUTE_READONLY;
    match is_copy && super::is_for(call.process().image()) {
        true => FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_ARCHIVE,
        false => new.file_attributes,
    }
}

/// Whether a result goes nowhere: LockFile, UnlockFile and FlushViewOfFile name no place
/// for it.
pub(crate) fn wants_no_result(call: &Call<'_>, address: u64) -> bool {
    address == 0 && super::is_for(call.process().image())
}

/// Whether a file's end can be asked for by the class that sets it: whoever reads a
/// manifest that is a file does.
pub(crate) fn may_ask_for_ends(call: &Call<'_>) -> bool {
    super::is_for(call.process().image())
}

/// Whether a sleep has no end: Sleep(INFINITE) gives no interval.
pub(crate) fn sleeps_forever(call: &Call<'_>, interval: u64) -> bool {
    interval == 0 && super::is_for(call.process().image())
}

/// How long clients of a new pipe wait that do not say: CreatePipe and CreateNamedPipe
/// pass on the 0 that stands for Windows' own time.
pub(crate) fn pipe_timeout(call: &Call<'_>, timeout: i64) -> i64 {
    const WINDOWS_TIMEOUT: i64 = -500_000;
    match timeout == 0 && super::is_for(call.process().image()) {
        true => WINDOWS_TIMEOUT,
        false => timeout,
    }
}

/// Whether changes of a directory are not waited for even by a handle whose calls wait:
/// FindFirstChangeNotification opens such a one and waits for it, and ReadDirectoryChanges
/// reads how much came only if it had to wait for an event.
pub(crate) fn watches_apart(call: &Call<'_>) -> bool {
    super::is_for(call.process().image())
}

/// Has a file that goes with an opening lose its name then, though others have it open:
/// DeleteFile on Windows 10 has it deleted with POSIX semantics, but opens it here, with
/// this access that no CreateFile asks for, only to have it go when all have closed it.
#[cold]
pub(crate) fn take_name_along(call: &Call<'_>, file: &File, asked: u32, share: u32, options: u32) {
    let is_deletion = asked & !SYNCHRONIZE == DELETE
        && share == SHARE_ALL
        && options & FILE_NON_DIRECTORY_FILE != 0;
    if is_deletion && super::is_for(call.process().image()) {
        let deletion = Deletion {
            deletes: true,
            is_posix: true,
            is_on_close: true,
            ignores_read_only: false,
        };
        // What may not lose its name at once goes as it was opened to.
        let _ = file.node().and_then(|node| node.set_deletion(deletion));
    }
}

/// Whether this opening is for a current directory with a longer path than one may have:
/// SetCurrentDirectory copies it over what follows its place in the heap.
pub(crate) fn is_too_far(
    call: &Call<'_>,
    name: Option<&[u16]>,
    asked: u32,
    share: u32,
    options: u32,
) -> bool {
    /// `MAX_PATH` without a backslash and a zero, behind `\??\`.
    const MOST_UNITS: usize = 4 + 258;
    let name = name.unwrap_or_default();
    name.strip_suffix(&[SEPARATOR]).unwrap_or(name).len() > MOST_UNITS
        && asked == FILE_EXECUTE | SYNCHRONIZE
        && share == FILE_SHARE_READ | FILE_SHARE_WRITE
        && options == FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT
        && super::is_for(call.process().image())
}

/// A file that is open, opened once more with a right.
fn opened_again(call: &Call<'_>, number: usize, right: u32) -> Result<Ref<File>, NtStatus> {
    if !super::is_for(call.process().image()) {
        return Err(NtStatus::ACCESS_DENIED);
    }
    let file = call.file(number, 0)?;
    let id = file.node().map_err(|_| NtStatus::ACCESS_DENIED)?.id();
    let request = Request {
        wanted: Wanted::Any,
        opens_link: true,
        claim: Some(Claim {
            asked: right,
            for_backup: false,
            descriptor: None,
        }),
        ..Request::to_open(right, SHARE_ALL)
    };
    match io::open_number_in(&file, id, &request) {
        Ok((again, _)) => Ok(again),
        // Not even who may could.
        Err(Error::WriteProtected) => Err(NtStatus::MEDIA_WRITE_PROTECTED),
        Err(_) => Err(NtStatus::ACCESS_DENIED),
    }
}
