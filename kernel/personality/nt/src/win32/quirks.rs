//! What the DLLs do otherwise than those of Windows.

use abi::file::{FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE};
use executive::claim::Claim;
use executive::io::{self, Disposition, File, Intent, Mode, Request, Wanted};
use hal::Ref;

use crate::call::Call;

/// A file that is open with no right but to wait for it, opened once more with a right
/// that a call needs: SetFileAttributes and CreateHardLink ask for none, and rely on
/// that their server looks at the file itself.
pub(crate) fn with_right(call: &Call<'_>, number: usize, right: u32) -> Option<Ref<File>> {
    if !super::is_for(call.process().image()) {
        return None;
    }
    let file = call.file(number, 0).ok()?;
    let id = file.node().ok()?.id();
    let request = Request {
        intent: Intent {
            access: right,
            share: FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            deletes_on_close: false,
        },
        disposition: Disposition::Open,
        wanted: Wanted::Any,
        attributes: 0,
        mode: Mode {
            is_synchronous: true,
            flags: 0,
        },
        claim: Some(Claim {
            asked: right,
            for_backup: false,
            descriptor: None,
        }),
    };
    let (again, _) = io::open_number_in(&file, id, &request).ok()?;
    Some(again)
}
