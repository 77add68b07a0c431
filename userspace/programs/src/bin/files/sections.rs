//! Sections that show files.
use super::*;

pub fn data_sections(program: &Program) {
    let path = "\\??\\C:\\shown";
    let file = make(program, path);
    let section = |size, protection| file::section(&file, size, protection, SEC_COMMIT);
    let empty = section(0, PAGE_READWRITE);
    program.check(
        "of nothing",
        empty.map(|_| ()),
        Err(NtStatus::MAPPED_FILE_SIZE_ZERO),
    );
    program.check("write", file::write(&file, None, b"section"), Ok(7));
    let big = section(0x3000, PAGE_READONLY);
    program.check(
        "longer than it",
        big.map(|_| ()),
        Err(NtStatus::SECTION_TOO_BIG),
    );
    let all = program.done("that it grows to", section(0x3000, PAGE_READWRITE));
    let size = file::query::<FileStandardInformation>(&file, FILE_STANDARD_INFORMATION);
    program.check("grown", size.map(|size| size.end_of_file), Ok(0x3000));
    let view = program
        .done("a view", section::map(&all, PAGE_READWRITE))
        .base;
    program.check("what was written", get(view), *b"section\0");
    put(view + 0x1000, *b"by view ");
    let mut buffer = [0; 8];
    program.check("read", file::read(&file, Some(0x1000), &mut buffer), Ok(8));
    program.check("what the view wrote", &buffer, b"by view ");
    program.check(
        "write",
        file::write(&file, Some(0x2000), b"by call "),
        Ok(8),
    );
    program.check("what the call wrote", get(view + 0x2000), *b"by call ");
    let cut = file::set(&file, FILE_END_OF_FILE_INFORMATION, &0x1000_i64);
    program.check("cut while shown", cut, NtStatus::USER_MAPPED_FILE);
    let read_only = program.done("to read", section(0, PAGE_READONLY));
    let refused = section::map(&read_only, PAGE_READWRITE).map(|_| ());
    program.check(
        "a view to write",
        refused,
        Err(NtStatus::SECTION_PROTECTION),
    );
    let copy = program
        .done("a copy", section::map(&read_only, PAGE_WRITECOPY))
        .base;
    put(copy, *b"private ");
    program.check("copied", get(copy), *b"private ");
    program.check("the file has not changed", get(view), *b"section\0");
    for base in [view, copy] {
        // SAFETY: this test does not use the views again.
        let status = unsafe { section::unmap(abi::io::CURRENT_PROCESS, base) };
        program.check("unmap", status, NtStatus::SUCCESS);
    }
    drop((all, read_only));
    let cut = file::set(&file, FILE_END_OF_FILE_INFORMATION, &4_i64);
    program.check("cut when it is not", cut, NtStatus::SUCCESS);
    let readable = program.done("a reader", open(path, READ));
    let refused = file::section(&readable, 0, PAGE_READWRITE, SEC_COMMIT);
    program.check(
        "without access",
        refused.map(|_| ()),
        Err(NtStatus::ACCESS_DENIED),
    );
    drop((readable, file));
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
    let directory = program.done("a directory", open("\\??\\C:\\programs", READ));
    let refused = file::section(&directory, 0, PAGE_READONLY, SEC_COMMIT);
    let no_file = Err(NtStatus::INVALID_FILE_FOR_SECTION);
    program.check("of a directory", refused.map(|_| ()), no_file);
    let bytes = program.done("the archive's", open("\\??\\C:\\programs\\files.exe", READ));
    let section = file::section(&bytes, 0, PAGE_READONLY, SEC_COMMIT);
    let section = program.done("of the archive", section);
    let view = program
        .done("a view", section::map(&section, PAGE_READONLY))
        .base;
    program.check("flat", &get(view)[..2], b"MZ");
}

pub fn image_sections(program: &Program) {
    let access = FILE_EXECUTE | READ;
    let file = program.done("a program", open("\\??\\C:\\programs\\based.exe", access));
    let image = file::section(&file, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    let image = program.done("its image", image);
    let view = program.done("a view", section::map(&image, PAGE_EXECUTE_READ));
    program.check("its headers", &get(view.base)[..2], b"MZ");
    let text = make(program, "\\??\\C:\\text");
    program.check("write", file::write(&text, None, b"no program"), Ok(10));
    drop(text);
    let text = program.done("the text", open("\\??\\C:\\text", access));
    let refused = file::section(&text, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    program.check("text is no image", refused.is_err(), true);
    drop(text);
    program.check(
        "delete",
        file::delete(&name("\\??\\C:\\text")),
        NtStatus::SUCCESS,
    );
}

/// What is shown as data can be run, and cannot be emptied.
pub fn shown_and_run(program: &Program) {
    let path = "\\??\\C:\\programs\\based.exe";
    let reader = program.done("a reader", open(path, READ));
    let data = file::section(&reader, 0, PAGE_READONLY, SEC_COMMIT);
    let data = program.done("its data", data);
    let view = program.done("a view", section::map(&data, PAGE_READONLY));
    program.check("touched", &get(view.base)[..2], b"MZ");
    let image = file::section(&reader, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    program.check("its image", image.map(|_| ()), Ok(()));
    let refused = file::section(&reader, 0, PAGE_EXECUTE_READ, SEC_COMMIT).map(|_| ());
    program.check("to run", refused, Err(NtStatus::ACCESS_DENIED));
    let runner = program.done("a runner", open(path, FILE_EXECUTE));
    let run = file::section(&runner, 0, PAGE_EXECUTE, SEC_COMMIT).map(|_| ());
    program.check("just to run", run, Ok(()));
    let path = "\\??\\C:\\kept";
    let file = make(program, path);
    program.check("write", file::write(&file, None, b"kept"), Ok(4));
    let shown = file::section(&file, 0, PAGE_READONLY, SEC_COMMIT);
    let shown = program.done("shown", shown);
    let how = How::open(READ | WRITE | DELETE, SHARE_ALL)
        .disposed(FILE_OVERWRITE)
        .with(FILE_DELETE_ON_CLOSE);
    let refused = file::create(&name(path), how).map(|_| ());
    program.check("overwrite", refused, Err(NtStatus::USER_MAPPED_FILE));
    program.check("it stays", open(path, READ).map(|_| ()), Ok(()));
    drop((shown, file));
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
}

fn get(address: u64) -> [u8; 8] {
    // SAFETY: of a view that this test has mapped; else the program ends.
    unsafe { (address as *const [u8; 8]).read_volatile() }
}

fn put(address: u64, bytes: [u8; 8]) {
    // SAFETY: as above.
    unsafe { (address as *mut [u8; 8]).write_volatile(bytes) }
}
