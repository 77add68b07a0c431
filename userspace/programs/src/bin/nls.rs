//! Tables of languages: found, shared, kept; who has which language.
#![no_std]
#![no_main]
nt::program!("nls", main);

use abi::access::{DELETE, SECTION_MAP_READ, SECTION_MAP_WRITE, SECTION_QUERY};
use abi::file::{
    FILE_CREATE, FILE_DIRECTORY_FILE, FILE_OPEN_IF, FILE_READ_DATA, FILE_SHARE_VALID_FLAGS,
    FILE_WRITE_DATA,
};
use abi::io::CURRENT_PROCESS;
use abi::memory::{MEM_COMMIT, MEM_MAPPED, PAGE_READONLY, PAGE_READWRITE, PAGE_SIZE};
use abi::nls::{
    NLS_SECTION_CASEMAP as CASE_MAP, NLS_SECTION_CODEPAGE as CODE_PAGE,
    NLS_SECTION_NORMALIZE as NORMALIZATION, NLS_SECTION_SORTKEYS as SORT_KEYS,
};
use nt::file::{self, How};
use nt::nls::{self, Table};
use nt::object::{Name, open_with};
use nt::sync::Handle;
use nt::{NtStatus, Program, call, memory};

const ENGLISH: u32 = 0x409;

fn main(program: &Program) {
    refused(program);
    missing(program);
    folders(program);
    tables(program);
    kept(program);
    pointers(program);
    locales(program);
    shown(program);
}

/// Numbers that stand for no file, whatever the volume has.
fn refused(program: &Program) {
    for (section_type, number, status) in [
        (0, 0, NtStatus::INVALID_PARAMETER_1),
        (1, 0, NtStatus::INVALID_PARAMETER_1),
        (8, 0, NtStatus::INVALID_PARAMETER_1),
        (13, 0, NtStatus::INVALID_PARAMETER_1),
        (u32::MAX, 0, NtStatus::INVALID_PARAMETER_1),
        (SORT_KEYS, 1, NtStatus::INVALID_PARAMETER_1),
        (SORT_KEYS, u32::MAX, NtStatus::INVALID_PARAMETER_1),
        (CASE_MAP, 1, NtStatus::UNSUCCESSFUL),
        (NORMALIZATION, 0, NtStatus::OBJECT_NAME_NOT_FOUND),
        (NORMALIZATION, 3, NtStatus::OBJECT_NAME_NOT_FOUND),
        (NORMALIZATION, 14, NtStatus::OBJECT_NAME_NOT_FOUND),
    ] {
        program.check("no table", nls::table(section_type, number), Err(status));
    }
}

/// Files that the volume does not have: the folder, or the file in it.
fn missing(program: &Program) {
    for number in [60000, 0, 65536, u32::MAX] {
        let table = nls::table(CODE_PAGE, number);
        program.check("no file", table, Err(NtStatus::OBJECT_NAME_NOT_FOUND));
    }
}

fn folders(program: &Program) {
    for path in [
        "\\??\\C:\\windows",
        "\\??\\C:\\windows\\system32",
        "\\??\\C:\\windows\\globalization",
        "\\??\\C:\\windows\\globalization\\sorting",
    ] {
        let how = How::open(FILE_READ_DATA, FILE_SHARE_VALID_FLAGS);
        let how = how.disposed(FILE_OPEN_IF).with(FILE_DIRECTORY_FILE);
        program.done("a folder", file::create(&Name::new(path), how));
    }
    missing(program);
}

/// Makes a file, unless the archive has it; its first bytes.
fn file_of(program: &Program, path: &str, contents: &[u8]) -> [u8; 4] {
    let name = Name::new(path);
    let how = How::open(FILE_WRITE_DATA, FILE_SHARE_VALID_FLAGS);
    if let Ok((made, _)) = file::create(&name, how.disposed(FILE_CREATE)) {
        program.done("its contents", file::write(&made, Some(0), contents));
    }
    let how = How::open(FILE_READ_DATA, FILE_SHARE_VALID_FLAGS);
    let (file, _) = program.done("a file", file::create(&name, how));
    let mut first = [0; 4];
    program.done("its first bytes", file::read(&file, Some(0), &mut first));
    first
}

/// The first bytes of a table, which must be in view as one is.
fn first_of(program: &Program, table: Table) -> [u8; 4] {
    let view = program.done("what is there", memory::query(table.address));
    let found = [view.state, view.kind, view.protect, view.allocation_protect];
    let expected = [MEM_COMMIT, MEM_MAPPED, PAGE_READONLY, PAGE_READONLY];
    program.check("a view", found, expected);
    program.check("its base", view.allocation_base, table.address);
    program.check("its size", view.region_size_bytes, table.size_bytes);
    // SAFETY: in view as was just checked.
    unsafe { (table.address as *const [u8; 4]).read_volatile() }
}

fn tables(program: &Program) {
    let long = [0x5A; 2 * PAGE_SIZE as usize + 1];
    for (section_type, number, path, contents) in [
        (
            SORT_KEYS,
            0,
            "\\??\\C:\\windows\\globalization\\sorting\\sortdefault.nls",
            &b"sort"[..],
        ),
        (
            CASE_MAP,
            0,
            "\\??\\C:\\windows\\system32\\l_intl.nls",
            b"case",
        ),
        (
            CODE_PAGE,
            1252,
            "\\??\\C:\\windows\\system32\\c_1252.nls",
            b"1252",
        ),
        (
            CODE_PAGE,
            37,
            "\\??\\C:\\windows\\system32\\C_037.NLS",
            b"0037",
        ),
        (
            CODE_PAGE,
            60001,
            "\\??\\C:\\windows\\system32\\c_60001.nls",
            &long,
        ),
        (
            NORMALIZATION,
            1,
            "\\??\\C:\\windows\\system32\\normnfc.nls",
            b"nfc ",
        ),
        (
            NORMALIZATION,
            2,
            "\\??\\C:\\windows\\system32\\normnfd.nls",
            b"nfd ",
        ),
        (
            NORMALIZATION,
            5,
            "\\??\\C:\\windows\\system32\\normnfkc.nls",
            b"nfkc",
        ),
        (
            NORMALIZATION,
            6,
            "\\??\\C:\\windows\\system32\\normnfkd.nls",
            b"nfkd",
        ),
        (
            NORMALIZATION,
            13,
            "\\??\\C:\\windows\\system32\\normidna.nls",
            b"idna",
        ),
    ] {
        let contents = file_of(program, path, contents);
        let table = program.done(path, nls::table(section_type, number));
        program.check(path, first_of(program, table), contents);
        // The caller may take it out of view, and get it again.
        let again = program.done(path, nls::table(section_type, number));
        program.require("another view", again.address != table.address);
        for each in [table, again] {
            // SAFETY: nothing refers to the view any more.
            let status = unsafe { call::nt_unmap_view_of_section(CURRENT_PROCESS, each.address) };
            program.check("out of view", status, NtStatus::SUCCESS);
        }
    }
    let empty = "\\??\\C:\\windows\\system32\\c_60002.nls";
    let how = How::open(FILE_WRITE_DATA, FILE_SHARE_VALID_FLAGS).disposed(FILE_OPEN_IF);
    let (empty, _) = program.done("an empty file", file::create(&Name::new(empty), how));
    let table = nls::table(CODE_PAGE, 60002);
    program.check("empty", table, Err(NtStatus::MAPPED_FILE_SIZE_ZERO));
    drop(empty);
}

/// The sections, by their names.
fn kept(program: &Program) {
    for path in [
        "\\NLS\\NlsSectionSORTDEFAULT",
        "\\NLS\\NlsSectionLANG_INTL",
        "\\NLS\\NlsSectionCP1252",
        "\\NLS\\NlsSectionCP037",
        "\\NLS\\NlsSectionNORM00000001",
        "\\NLS\\NlsSectionNORM0000000d",
    ] {
        let name = Name::new(path);
        let access = u64::from(SECTION_MAP_READ | SECTION_QUERY);
        let section = program.done(path, open_with(call::nt_open_section, &name, access));
        let table = program.done("a view", memory_view(&section, PAGE_READONLY));
        first_of(program, table);
        let denied = open_with(call::nt_open_section, &name, DELETE.into());
        program.check("to keep", denied.err(), Some(NtStatus::ACCESS_DENIED));
        let write = u64::from(SECTION_MAP_READ | SECTION_MAP_WRITE);
        if let Ok(section) = open_with(call::nt_open_section, &name, write) {
            let view = memory_view(&section, PAGE_READWRITE);
            program.check("to read only", view, Err(NtStatus::SECTION_PROTECTION));
        }
    }
    // What is kept is not looked for again.
    let path = "\\??\\C:\\windows\\system32\\c_60001.nls";
    file::delete(&Name::new(path));
    program.done("kept", nls::table(CODE_PAGE, 60001));
}

fn memory_view(section: &Handle, protection: u32) -> Result<Table, NtStatus> {
    let view = nt::section::map_into(section, CURRENT_PROCESS, 0, 0, 0, protection)?;
    Ok(Table {
        address: view.base,
        size_bytes: view.size_bytes,
    })
}

fn pointers(program: &Program) {
    let mut place = 0_u64;
    let good = &raw mut place as u64;
    for bad in [1, u64::MAX, 1 << 47, 1 << 63] {
        // SAFETY: all of these are refused.
        let statuses = unsafe {
            [
                call::nt_get_nls_section_ptr(CODE_PAGE.into(), 1252, 0, bad, good),
                call::nt_get_nls_section_ptr(CODE_PAGE.into(), 1252, 0, good, bad),
                call::nt_initialize_nls_files(bad, good, good),
                call::nt_initialize_nls_files(good, bad, good),
                call::nt_initialize_nls_files(good, good, bad),
                call::nt_query_default_locale(0, bad),
                call::nt_query_default_ui_language(bad),
                call::nt_query_install_ui_language(bad),
            ]
        };
        program.check("bad addresses", statuses, [NtStatus::ACCESS_VIOLATION; 8]);
    }
}

fn locales(program: &Program) {
    let path = "\\??\\C:\\windows\\system32\\locale.nls";
    if let Err(status) = nls::locales() {
        program.check("no file", status, NtStatus::OBJECT_NAME_NOT_FOUND);
    }
    let contents = file_of(program, path, b"locales");
    let (table, locale) = program.done("the locales", nls::locales());
    program.check("the machine's", locale, ENGLISH);
    program.check("its table", first_of(program, table), contents);
    program.check("the user's", nls::locale(true), Ok(ENGLISH));
    program.check("the machine's", nls::locale(false), Ok(ENGLISH));
    program.check("set", nls::set_locale(true, 0x407), NtStatus::SUCCESS);
    program.check("the user's", nls::locale(true), Ok(0x407));
    program.check("the machine's", nls::locale(false), Ok(ENGLISH));
    for (of_user, locale, status) in [
        (false, 0x407, NtStatus::ACCESS_DENIED),
        (true, 0x1_0407, NtStatus::INVALID_PARAMETER),
        (true, u32::MAX, NtStatus::INVALID_PARAMETER),
    ] {
        let refused = nls::set_locale(of_user, locale);
        program.check("refused", refused, status);
    }
    program.check("as it was", nls::locale(true), Ok(0x407));
    let back = nls::set_locale(true, ENGLISH);
    program.check("set back", back, NtStatus::SUCCESS);
}

fn shown(program: &Program) {
    let english = Ok(ENGLISH as u16);
    program.check("installed", nls::installed(), english);
    program.check("shown", nls::shown(), english);
    for language in [ENGLISH as u16, 0, 0] {
        program.check("set", nls::set_shown(language), NtStatus::SUCCESS);
        program.check("shown", nls::shown(), english);
    }
    for language in [0x407, 1, u16::MAX] {
        let refused = nls::set_shown(language);
        program.check("not installed", refused, NtStatus::INVALID_PARAMETER);
    }
}
