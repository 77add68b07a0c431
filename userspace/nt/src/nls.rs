//! Tables of languages, and who has which language.
use crate::call;
use abi::NtStatus;

/// A table in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Where it begins.
    pub address: u64,
    /// How much of the address space it has.
    pub size_bytes: u64,
}

/// The table of a type and a number.
pub fn table(section_type: u32, number: u32) -> Result<Table, NtStatus> {
    let (mut address, mut size_bytes) = (0_u64, 0_u64);
    // SAFETY: writes address and size only.
    let status = unsafe {
        call::nt_get_nls_section_ptr(
            section_type.into(),
            number.into(),
            0,
            &raw mut address as u64,
            &raw mut size_bytes as u64,
        )
    };
    let table = Table {
        address,
        size_bytes,
    };
    status.is_success().then_some(table).ok_or(status)
}

/// The table of locales, and the machine's locale.
pub fn locales() -> Result<(Table, u32), NtStatus> {
    let (mut address, mut size_bytes, mut locale) = (0_u64, 0_u64, 0_u32);
    // SAFETY: writes address, size and locale only.
    let status = unsafe {
        call::nt_initialize_nls_files(
            &raw mut address as u64,
            &raw mut locale as u64,
            &raw mut size_bytes as u64,
        )
    };
    let table = Table {
        address,
        size_bytes,
    };
    status.is_success().then_some((table, locale)).ok_or(status)
}

/// The locale of the user, or of the machine.
pub fn locale(of_user: bool) -> Result<u32, NtStatus> {
    let mut locale = 0_u32;
    // SAFETY: writes the locale only.
    let status = unsafe { call::nt_query_default_locale(of_user.into(), &raw mut locale as u64) };
    status.is_success().then_some(locale).ok_or(status)
}

/// Sets it.
pub fn set_locale(of_user: bool, locale: u32) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_set_default_locale(of_user.into(), locale.into()) }
}

/// The language of what is shown.
pub fn shown() -> Result<u16, NtStatus> {
    language(call::nt_query_default_ui_language)
}

/// Sets what it is to be; 0: now it is.
pub fn set_shown(language: u16) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_set_default_ui_language(language.into()) }
}

/// The language that the machine was installed in.
pub fn installed() -> Result<u16, NtStatus> {
    language(call::nt_query_install_ui_language)
}

fn language(stub: unsafe extern "system" fn(u64) -> NtStatus) -> Result<u16, NtStatus> {
    let mut language = 0_u16;
    // SAFETY: writes the language only.
    let status = unsafe { stub(&raw mut language as u64) };
    status.is_success().then_some(language).ok_or(status)
}
