//! Identities, lists and checks from outside.

mod access;
mod conditions;
mod descriptors;
mod identities;
mod inheritance;
mod labels;
mod lists;

use super::{Identity, Sid};
use alloc::vec::Vec;

fn user() -> Identity {
    Identity::of_ordinary_user(0x3E9).unwrap()
}

fn user_sid() -> Sid {
    Sid::new(5, &[21, 0, 0, 0, 1000])
}

fn everyone() -> Sid {
    Sid::new(1, &[0])
}

/// A list of entries: type, flags, mask, for whom.
fn list(entries: &[(u8, u8, u32, Sid)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, flags, mask, sid) in entries {
        let size = (8 + sid.size_bytes()) as u16;
        body.extend([*kind, *flags]);
        body.extend(size.to_le_bytes());
        body.extend(mask.to_le_bytes());
        body.extend(sid.as_bytes());
    }
    let mut list = [2, 0].to_vec();
    list.extend((8 + body.len() as u16).to_le_bytes());
    list.extend((entries.len() as u16).to_le_bytes());
    list.extend([0, 0]);
    list.extend(body);
    list
}
