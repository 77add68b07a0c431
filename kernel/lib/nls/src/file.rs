//! The files, by the numbers that programs ask for them with.

use core::fmt::Write;

use arrayvec::ArrayString;

/// The type of the table for sorting.
pub const SORT_KEYS: u32 = 9;
/// The type of the table of upper and lower case.
pub const CASE_MAP: u32 = 10;
/// The type of tables of code pages.
pub const CODE_PAGE: u32 = 11;
/// The type of tables of normal forms.
pub const NORMALIZATION: u32 = 12;

const SYSTEM: &str = r"\windows\system32\";
const SORTING: &str = r"\windows\globalization\sorting\";
const PATH_BYTES: usize = 64;
const NAME_BYTES: usize = 32;

/// The path of a file on its volume.
pub type Path = ArrayString<PATH_BYTES>;
/// The name of a section in `\NLS`.
pub type SectionName = ArrayString<NAME_BYTES>;

/// A file with tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// What the machine's locales are like.
    Locales,
    /// How texts are sorted.
    SortKeys,
    /// Upper and lower case.
    CaseMap,
    /// The code page of this number.
    CodePage(u32),
    /// The normal form of this number.
    NormalForm(NormalForm),
}

/// Normal forms of Unicode, and that of names of hosts; the values are their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormalForm {
    /// C.
    C = 1,
    /// D.
    D = 2,
    /// KC.
    Kc = 5,
    /// KD.
    Kd = 6,
    /// Of international names of hosts.
    Idna = 13,
}

/// Why numbers stand for no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NlsError {
    /// There is no such type, or no sort table of that number:
    /// `STATUS_INVALID_PARAMETER_1`.
    InvalidType,
    /// There is one table of upper and lower case only: `STATUS_UNSUCCESSFUL`.
    NoSuchCaseMap,
    /// `STATUS_OBJECT_NAME_NOT_FOUND`.
    NoSuchFile,
}

impl NlsError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::InvalidType => 0xC000_00EF,
            Self::NoSuchCaseMap => 0xC000_0001,
            Self::NoSuchFile => 0xC000_0034,
        }
    }
}

impl File {
    /// The file of a type and a number.
    ///
    /// # Errors
    /// [`NlsError`]; whether the file is there only the volume knows.
    pub fn of(section_type: u32, number: u32) -> Result<Self, NlsError> {
        match (section_type, number) {
            (SORT_KEYS, 0) => Ok(Self::SortKeys),
            (CASE_MAP, 0) => Ok(Self::CaseMap),
            (CASE_MAP, _) => Err(NlsError::NoSuchCaseMap),
            (CODE_PAGE, number) => Ok(Self::CodePage(number)),
            (NORMALIZATION, number) => match NormalForm::of(number) {
                Some(form) => Ok(Self::NormalForm(form)),
                None => Err(NlsError::NoSuchFile),
            },
            _ => Err(NlsError::InvalidType),
        }
    }

    /// Where the volume may have it, in the order in which it is looked for.
    pub fn paths(self) -> impl Iterator<Item = Path> {
        let folders: &[&str] = match self {
            Self::SortKeys => &[SORTING, SYSTEM],
            _ => &[SYSTEM],
        };
        folders.iter().map(move |folder| {
            let mut path = Path::new();
            // There is room for all of them.
            let _ = match self {
                Self::Locales => write!(path, "{folder}locale.nls"),
                Self::SortKeys => write!(path, "{folder}sortdefault.nls"),
                Self::CaseMap => write!(path, "{folder}l_intl.nls"),
                Self::CodePage(number) => write!(path, "{folder}c_{number:03}.nls"),
                Self::NormalForm(form) => write!(path, "{folder}{}.nls", form.stem()),
            };
            path
        })
    }

    /// What its section is called.
    #[inline]
    #[must_use]
    pub fn section_name(self) -> SectionName {
        let mut name = SectionName::new();
        // There is room for all of them.
        let _ = match self {
            Self::Locales => write!(name, "NlsSectionLocale"),
            Self::SortKeys => write!(name, "NlsSectionSORTDEFAULT"),
            Self::CaseMap => write!(name, "NlsSectionLANG_INTL"),
            Self::CodePage(number) => write!(name, "NlsSectionCP{number:03}"),
            Self::NormalForm(form) => write!(name, "NlsSectionNORM{:08x}", form as u32),
        };
        name
    }
}

impl NormalForm {
    const ALL: [Self; 5] = [Self::C, Self::D, Self::Kc, Self::Kd, Self::Idna];

    fn of(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|form| *form as u32 == number)
    }

    const fn stem(self) -> &'static str {
        match self {
            Self::C => "normnfc",
            Self::D => "normnfd",
            Self::Kc => "normnfkc",
            Self::Kd => "normnfkd",
            Self::Idna => "normidna",
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::{String, ToString};
    use std::vec::Vec;

    fn paths(file: File) -> Vec<String> {
        file.paths().map(|path| path.to_string()).collect()
    }

    #[test]
    fn types_and_numbers_lead_to_files() {
        for (section_type, number, file, name) in [
            (
                9,
                0,
                r"\windows\globalization\sorting\sortdefault.nls",
                "SORTDEFAULT",
            ),
            (10, 0, r"\windows\system32\l_intl.nls", "LANG_INTL"),
            (11, 1252, r"\windows\system32\c_1252.nls", "CP1252"),
            (11, 37, r"\windows\system32\c_037.nls", "CP037"),
            (11, 0, r"\windows\system32\c_000.nls", "CP000"),
            (12, 1, r"\windows\system32\normnfc.nls", "NORM00000001"),
            (12, 2, r"\windows\system32\normnfd.nls", "NORM00000002"),
            (12, 5, r"\windows\system32\normnfkc.nls", "NORM00000005"),
            (12, 6, r"\windows\system32\normnfkd.nls", "NORM00000006"),
            (12, 13, r"\windows\system32\normidna.nls", "NORM0000000d"),
        ] {
            let found = File::of(section_type, number).unwrap();
            assert_eq!(paths(found)[0], file);
            assert_eq!(found.section_name().strip_prefix("NlsSection"), Some(name));
        }
        assert_eq!(paths(File::Locales), [r"\windows\system32\locale.nls"]);
        assert_eq!(
            paths(File::SortKeys)[1],
            r"\windows\system32\sortdefault.nls"
        );
    }

    #[test]
    fn others_are_refused_by_their_type() {
        for (section_type, number, error) in [
            (0, 0, NlsError::InvalidType),
            (8, 0, NlsError::InvalidType),
            (13, 0, NlsError::InvalidType),
            (u32::MAX, 0, NlsError::InvalidType),
            (9, 1, NlsError::InvalidType),
            (9, u32::MAX, NlsError::InvalidType),
            (10, 1, NlsError::NoSuchCaseMap),
            (12, 0, NlsError::NoSuchFile),
            (12, 3, NlsError::NoSuchFile),
            (12, u32::MAX, NlsError::NoSuchFile),
        ] {
            assert_eq!(File::of(section_type, number), Err(error));
        }
    }

    #[test]
    fn the_longest_names_fit() {
        let file = File::CodePage(u32::MAX);
        assert_eq!(paths(file), [r"\windows\system32\c_4294967295.nls"]);
        assert_eq!(file.section_name().as_str(), "NlsSectionCP4294967295");
    }
}
