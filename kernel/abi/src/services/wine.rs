//! The two services of Wine's own, which have no number in our table.
//!
//! They tell a program the host's name of a file, and there is no host.
use super::{Argument, Kind};

/// Their names and arguments (W appendix A, 0EFh and 0F0h).
pub const WINE: &[(&str, &[Argument])] = &[
    (
        "wine_nt_to_unix_file_name",
        &[
            argument("attributes", Kind::ObjectAttributes),
            argument("name", Kind::OutOptional),
            argument("size", Kind::InOut),
            argument("disposition", Kind::Value32),
        ],
    ),
    (
        "wine_unix_to_nt_file_name",
        &[
            argument("name", Kind::In),
            argument("buffer", Kind::OutOptional),
            argument("size", Kind::InOut),
        ],
    ),
];

const fn argument(name: &'static str, kind: Kind) -> Argument {
    Argument { name, kind }
}
