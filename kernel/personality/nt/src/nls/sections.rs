//! Tables of languages, in view of the program that asks for them.

use abi::NtStatus;
use executive::memory::views::{ViewRequest, Viewed};
use executive::nls::{section, with_languages};
use nls::File;
use vm::{Protection, Span};

use crate::call::{Call, Outcome, probe, refused, write};

/// NtInitializeNlsFiles(base, locale, casing size)
pub(crate) fn nt_initialize_nls_files(call: &Call<'_>) -> Outcome {
    let (base, locale, size) = (call.word(0)?, call.word(1)?, call.word(2)?);
    probe::<u64>(base)?;
    probe::<u32>(locale)?;
    if size != 0 {
        probe::<i64>(size)?;
    }
    let system_locale = with_languages(|languages| languages.locale(false));
    show(call, File::Locales, |start, size_bytes| {
        write(base, &start)?;
        write(locale, &system_locale)?;
        match size {
            0 => Ok(()),
            size => write(size, &size_bytes),
        }
    })
}

/// NtGetNlsSectionPtr(section type, section id, context, pointer, size)
pub(crate) fn nt_get_nls_section_ptr(call: &Call<'_>) -> Outcome {
    let (pointer, size) = (call.word(3)?, call.word(4)?);
    probe::<u64>(pointer)?;
    probe::<u64>(size)?;
    let file = File::of(call.value32(0)?, call.value32(1)?);
    let file = file.map_err(|error| NtStatus(error.status_code()))?;
    show(call, file, |start, size_bytes| {
        write(pointer, &start)?;
        write(size, &size_bytes)
    })
}

/// Puts a file into view and tells where and how long it is. What the program cannot
/// be told of goes out of view again.
fn show(
    call: &Call<'_>,
    file: File,
    tell: impl FnOnce(u64, u64) -> Result<(), NtStatus>,
) -> Outcome {
    let section = section(file).map_err(refused)?;
    let request = ViewRequest {
        address: 0,
        span: Span::ALL,
        top_down: false,
        replaces_placeholder: false,
        is_sealed: false,
        offset_bytes: 0,
        size_bytes: 0,
        protection: Protection::READ_ONLY,
    };
    let memory = call.process().memory();
    let shown = memory.with(|space| space.map_section(&section, &request));
    let Viewed { range, .. } = shown.map_err(refused)?;
    let start = range.start.address();
    if let Err(status) = tell(start, range.size_bytes()) {
        // The program took its memory away meanwhile.
        memory
            .with(|space| space.unmap_view(start))
            .map_err(refused)?;
        return Err(status);
    }
    Ok(NtStatus::SUCCESS)
}
