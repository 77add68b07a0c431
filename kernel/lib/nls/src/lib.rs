//! National language support: files with tables, and who has which language.
//!
//! * [`File`] is what a program asks for by numbers; it says where the volume has it
//!   and what its section is called in the directory `\NLS`.
//! * [`Languages`] are the machine's and the user's.
//!
//! The numbers are NT's. What is in a file is the programs' business.
//!
//! ```
//! use nls::{File, NlsError};
//!
//! let file = File::of(nls::CODE_PAGE, 437).unwrap();
//! assert_eq!(file.paths().next().unwrap().as_str(), r"\windows\system32\c_437.nls");
//! assert_eq!(file.section_name().as_str(), "NlsSectionCP437");
//! assert_eq!(File::of(nls::NORMALIZATION, 3), Err(NlsError::NoSuchFile));
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod file;
mod languages;

pub use file::{
    CASE_MAP, CODE_PAGE, File, NORMALIZATION, NlsError, NormalForm, Path, SORT_KEYS, SectionName,
};
pub use languages::{Languages, NotALanguage};
