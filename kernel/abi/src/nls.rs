//! Numbers of national language support (NT; W 3.12).

/// Type of section: how texts are sorted; number 0.
pub const NLS_SECTION_SORTKEYS: u32 = 9;
/// Type of section: upper and lower case; number 0.
pub const NLS_SECTION_CASEMAP: u32 = 10;
/// Type of section: the code page of the number.
pub const NLS_SECTION_CODEPAGE: u32 = 11;
/// Type of section: the normal form of the number.
pub const NLS_SECTION_NORMALIZE: u32 = 12;
