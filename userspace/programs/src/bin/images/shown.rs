//! What views and sections of written programs show, and say.

use abi::io::CURRENT_PROCESS;
use abi::memory::{
    MEM_IMAGE, MEMORY_MAPPED_FILENAME_INFORMATION, PAGE_EXECUTE, PAGE_EXECUTE_READWRITE,
    PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY,
};
use abi::section::{
    SEC_COMMIT, SEC_IMAGE_NO_EXECUTE, SEC_NO_CHANGE, SECTION_IMAGE_INFORMATION,
    SectionImageInformation,
};
use nt::memory::{protect, query};
use nt::{call, section};
use zerocopy::FromZeros;

use super::*;

pub fn unmap(program: &Program, base: u64) {
    // SAFETY: of a view that its test is done with.
    let status = unsafe { section::unmap(CURRENT_PROCESS, base) };
    program.check("unmap", status, NtStatus::SUCCESS);
}

pub fn information(program: &Program, section: &Handle) -> SectionImageInformation {
    let mut information = SectionImageInformation::new_zeroed();
    // SAFETY: writes the information only.
    let status = unsafe {
        call::nt_query_section(
            section.raw(),
            SECTION_IMAGE_INFORMATION.into(),
            &raw mut information as u64,
            size_of::<SectionImageInformation>() as u64,
            0,
        )
    };
    program.check("what it is", status, NtStatus::SUCCESS);
    information
}

/// All sections of a file that has not changed are of one image: at one base.
pub fn one_image(program: &Program) {
    let size_bytes = copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ | FILE_EXECUTE));
    let one = program.done("an image", image(&file));
    let before = program.done("pages", system::available_pages());
    let other = program.done("again", image(&file));
    let after = program.done("pages", system::available_pages());
    program.require("no second copy", before - after < 2);
    let (shown, again) = (information(program, &one), information(program, &other));
    program.check("at", again.transfer_address, shown.transfer_address);
    program.check("bytes", u64::from(shown.image_file_bytes), size_bytes);
    let origin = program.done("the original", open(EXIT, READ | FILE_EXECUTE));
    let origin = information(program, &program.done("its image", image(&origin)));
    program.check(
        "stack",
        shown.maximum_stack_bytes,
        origin.maximum_stack_bytes,
    );
    drop((file, one, other));
    delete(program, COPY);
}

pub fn view(program: &Program, path: &str) -> u64 {
    let file = program.done(path, open(path, READ | FILE_EXECUTE));
    let image = program.done(path, image(&file));
    let view = program.done(path, section::map(&image, PAGE_EXECUTE_READ));
    view.base
}

pub fn names(program: &Program) {
    const NAME: &str = "\\Device\\HarddiskVolume1\\copy.exe";
    copy(program, EXIT, COPY);
    let base = view(program, COPY);
    let mut buffer = [0_u16; 0x80];
    let mut needed = 0_u64;
    // SAFETY: writes the buffer and the length only.
    let status = unsafe {
        call::nt_query_virtual_memory(
            CURRENT_PROCESS,
            base,
            MEMORY_MAPPED_FILENAME_INFORMATION.into(),
            buffer.as_mut_ptr() as u64,
            size_of_val(&buffer) as u64,
            &raw mut needed as u64,
        )
    };
    program.check("its name", status, NtStatus::SUCCESS);
    let header = size_of::<abi::io::UnicodeString>() / 2;
    let name = &buffer[header..][..NAME.len()];
    program.require(
        "is the copy's",
        NAME.encode_utf16().eq(name.iter().copied()),
    );
    unmap(program, base);
    delete(program, COPY);
}

pub fn same_files(program: &Program) {
    // SAFETY: changes nothing.
    let same = |one, other| unsafe { call::nt_are_mapped_files_the_same(one, other) };
    copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ | WRITE | FILE_EXECUTE));
    let data = file::section(&file, 0, PAGE_READONLY, SEC_COMMIT);
    let data = program.done("its data", data);
    let data = program
        .done("a view", section::map(&data, PAGE_READONLY))
        .base;
    let (one, other) = (view(program, COPY), view(program, COPY));
    program.check("touched", file::write(&file, Some(0), b"MZ"), Ok(2));
    let newer = view(program, COPY);
    let origin = view(program, EXIT);
    for (first, second, status) in [
        (one, other, NtStatus::SUCCESS),
        (one, newer, NtStatus::SUCCESS),
        (one, data, NtStatus::SUCCESS),
        (newer, data, NtStatus::SUCCESS),
        (data, one, NtStatus::NOT_SAME_DEVICE),
        (one, origin, NtStatus::NOT_SAME_DEVICE),
        (origin, one, NtStatus::NOT_SAME_DEVICE),
        (origin, data, NtStatus::NOT_SAME_DEVICE),
    ] {
        program.check("two views", same(first, second), status);
    }
    for base in [data, one, other, newer, origin] {
        unmap(program, base);
    }
    drop(file);
    delete(program, COPY);
}

/// A view that can write the file changes what the next image is, and none that is
/// there.
pub fn written_by_view(program: &Program) {
    copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ | WRITE | FILE_EXECUTE));
    let data = file::section(&file, 0, PAGE_READWRITE, SEC_COMMIT);
    let data = program.done("its data", data);
    let data = program
        .done("a view", section::map(&data, PAGE_READWRITE))
        .base;
    let put = |bytes: [u8; 2]| {
        // SAFETY: of a view that nothing in this program refers to.
        unsafe { (data as *mut [u8; 2]).write_volatile(bytes) };
    };
    let before = view(program, COPY);
    put(*b"ZM");
    let refused = image(&file).map(|_| ());
    program.check("no MZ", refused, Err(NtStatus::INVALID_IMAGE_NOT_MZ));
    // SAFETY: of a view that this test has mapped.
    let shown = unsafe { (before as *const [u8; 2]).read_volatile() };
    program.check("as it was", shown, *b"MZ");
    put(*b"MZ");
    program.check("mended", image(&file).map(|_| ()), Ok(()));
    drop(file);
    let created = program.done("started", launch(COPY));
    join(program, &created, STATUS);
    for base in [data, before] {
        unmap(program, base);
    }
    delete(program, COPY);
}

/// An image that is only read: its code cannot be run, whatever is asked for.
pub fn only_read(program: &Program) {
    copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ));
    let none = SEC_IMAGE_NO_EXECUTE;
    for (protection, allocation, status) in [
        (PAGE_EXECUTE_READ, none, NtStatus::INVALID_PAGE_PROTECTION),
        (PAGE_READWRITE, none, NtStatus::INVALID_PAGE_PROTECTION),
        (
            PAGE_READONLY,
            none | SEC_NO_CHANGE,
            NtStatus::INVALID_PARAMETER_6,
        ),
        (
            PAGE_READONLY,
            none | SEC_COMMIT,
            NtStatus::INVALID_PARAMETER_6,
        ),
    ] {
        let refused = file::section(&file, 0, protection, allocation).err();
        program.check("an image to read", refused, Some(status));
    }
    let blind = program.done("to be run only", open(COPY, FILE_EXECUTE));
    let refused = file::section(&blind, 0, PAGE_READONLY, none).err();
    program.check("not to be read", refused, Some(NtStatus::ACCESS_DENIED));
    let image = file::section(&file, 0, PAGE_READONLY, none);
    let image = program.done("an image to read", image);
    let entry = information(program, &image).transfer_address;
    let view = program.done("its view", section::map(&image, PAGE_READONLY));
    let (base, end) = (view.base, view.base + view.size_bytes);
    program.require("where it would run", (base..end).contains(&entry));
    let mut part = base;
    while part < end {
        let found = program.done("a part", query(part));
        program.check("an image", found.kind, MEM_IMAGE);
        program.check("at most", found.allocation_protect, PAGE_WRITECOPY);
        program.require("not to be run", found.protect < PAGE_EXECUTE);
        part += found.region_size_bytes;
    }
    let refused = Some(NtStatus::SECTION_PROTECTION);
    for protection in [PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE] {
        // SAFETY: refused.
        let made = unsafe { protect(entry, 1, protection) }.err();
        program.check("made code", made, refused);
    }
    // SAFETY: of a view that nothing in this program refers to.
    program.done("written", unsafe { protect(entry, 1, PAGE_READWRITE) });
    // SAFETY: as above.
    unsafe { (entry as *mut u8).write_volatile(0xC3) };
    let now = query(entry).map(|found| found.protect);
    program.check("a copy", now, Ok(PAGE_WRITECOPY));
    let wider = section::map(&image, PAGE_EXECUTE_READ);
    let wider = program.done("asked to be run", wider).base;
    let offset = entry - base;
    let found = query(wider + offset).map(|found| found.protect);
    program.check("still not", found, Ok(PAGE_READONLY));
    for base in [base, wider] {
        unmap(program, base);
    }
    drop((file, blind, image));
    delete(program, COPY);
}
