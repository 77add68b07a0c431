//! NT paths of programs.

use abi::NtStatus;
use abi::file::{FILE_EXECUTE, FILE_SHARE_DELETE, FILE_SHARE_READ};
use executive::claim::Claim;
use executive::io::{self, Request};
use executive::memory::HeldImage;
use executive::object::Object;
use executive::object::namespace::{self, Walk};
use objects::{Case, Links};

use crate::call::refused;
use crate::image;

const DOS_DEVICES: &str = "\\??\\";

/// The DOS form of an NT path.
pub(crate) fn dos(path: &[u16]) -> &[u16] {
    strip(path, DOS_DEVICES).unwrap_or(path)
}

/// The program that an NT path leads to.
pub(crate) fn program(path: &[u16]) -> Result<HeldImage, NtStatus> {
    // Others may read it, and rename it while it runs.
    const REQUEST: Request<'_> = Request {
        claim: Some(Claim {
            asked: FILE_EXECUTE,
            for_backup: false,
            descriptor: None,
        }),
        ..Request::to_open(FILE_EXECUTE, FILE_SHARE_READ | FILE_SHARE_DELETE)
    };
    const WALK: Walk = Walk {
        case: Case::Insensitive,
        links: Links::Follow,
    };
    let (device, rest) = namespace::find_device(None, path, WALK).map_err(refused)?;
    let Object::Device(device) = device else {
        return Err(NtStatus::OBJECT_TYPE_MISMATCH);
    };
    let (file, _) = io::open_on(&device, &rest, &REQUEST).map_err(refused)?;
    image::of_file(&file)
}

/// What follows a prefix, in whatever case.
fn strip<'a>(path: &'a [u16], prefix: &str) -> Option<&'a [u16]> {
    let (start, rest) = path.split_at_checked(prefix.len())?;
    let is_same = |(unit, byte): (&u16, u8)| {
        u8::try_from(*unit).is_ok_and(|unit| unit.eq_ignore_ascii_case(&byte))
    };
    start
        .iter()
        .zip(prefix.bytes())
        .all(is_same)
        .then_some(rest)
}
