//! Where symbolic links lead.

use crate::names;

/// The directory above.
pub const UP: &str = "..";

/// The names by which a link leads on from the directory that it is in, [`UP`] among
/// them. `None`: it leads to no such place, as it begins at the host's root; none of
/// a name: nothing that can be seen from here is called so.
pub fn steps(target: &[u8]) -> Option<impl Iterator<Item = Option<&str>>> {
    if matches!(target, [] | [b'/', ..]) {
        return None;
    }
    let names = target.split(|byte| *byte == b'/');
    let names = names.filter(|name| !matches!(*name, b"" | b"."));
    Some(names.map(|name| match name {
        b".." => Some(UP),
        name => names::from_host(name),
    }))
}
