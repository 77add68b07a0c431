//! Boot information from a multiboot2 loader.

use multiboot2::{
    BootLoaderNameTag, CommandLineTag, DynSizedStructure, FramebufferTag, FramebufferType,
    MemoryMapTag, ModuleTag, TagHeader,
};

use crate::acpi::AcpiRoot;
use crate::framebuffer::{ColourField, Framebuffer, FramebufferFormat};
use crate::memory::MemoryKind;
use crate::tags::{Tag, check_multiboot2, number, stated_size_bytes};
use crate::text::COMMAND_LINE_MAX_BYTES;
use crate::{BootError, BootInfo, Protocol};

/// Where an ACPI tag's copy of the root pointer starts.
const ACPI_POINTER_OFFSET: usize = 8;

/// The size of the whole information, from its first eight bytes.
///
/// # Errors
/// [`BootError::InformationSize`] when it is impossible (more than 1 MiB).
pub fn multiboot2_size_bytes(first_bytes: &[u8; 8]) -> Result<usize, BootError> {
    stated_size_bytes(first_bytes, usize::MAX)
}

/// Reads multiboot2 information that lies at the physical `address`.
///
/// `bytes` starts at an address divisible by 8 and has at least
/// [`multiboot2_size_bytes`] bytes. Any content is safe.
///
/// # Errors
/// A [`BootError`] that says what the boot loader got wrong.
pub fn from_multiboot2(bytes: &[u8], address: u64) -> Result<BootInfo<'_>, BootError> {
    let tags = check_multiboot2(bytes)?;
    let mut info = BootInfo::new(Protocol::Multiboot2);
    let mut has_memory_map = false;
    let mut has_command_line = false;
    for tag in tags.iter() {
        match tag.number {
            number::COMMAND_LINE if !has_command_line => {
                has_command_line = true;
                info.command_line = command_line(tag)?;
            }
            number::LOADER_NAME if info.loader_name.is_none() => read_loader_name(&mut info, tag)?,
            number::MODULE => read_module(&mut info, tag)?,
            number::MEMORY_MAP => {
                has_memory_map = true;
                read_memory_map(&mut info, tag)?;
            }
            number::FRAMEBUFFER if info.framebuffer.is_none() => read_framebuffer(&mut info, tag)?,
            number::ACPI_OLD | number::ACPI_NEW => read_acpi(&mut info, tag),
            _ => {}
        }
    }
    if !has_memory_map {
        return Err(BootError::NoMemoryMap);
    }
    info.claim_modules()?;
    let size = u64::try_from(tags.as_bytes().len()).unwrap_or(u64::MAX);
    let end = address.saturating_add(size);
    info.memory.add(address, end, MemoryKind::Loaded)?;
    if info.memory.usable_bytes() == 0 {
        return Err(BootError::NoUsableMemory);
    }
    Ok(info)
}

/// The crate's view of a tag; its assertions hold because the tag was checked.
fn view<'a, T>(tag: Tag<'a>) -> Result<&'a T, BootError>
where
    T: multiboot2::MaybeDynSized<Header = TagHeader> + ?Sized,
    T::Metadata: Default,
{
    DynSizedStructure::<TagHeader>::ref_from_slice(tag.padded)
        .map(DynSizedStructure::cast)
        .map_err(|_| BootError::Misaligned)
}

fn command_line(tag: Tag<'_>) -> Result<&str, BootError> {
    let text = view::<CommandLineTag>(tag)?.cmdline();
    checked_text(text, "kernel command line")
}

fn read_loader_name<'a>(info: &mut BootInfo<'a>, tag: Tag<'a>) -> Result<(), BootError> {
    match view::<BootLoaderNameTag>(tag)?.name() {
        Ok(name) => info.loader_name = Some(name),
        Err(_) => info.warn("the boot loader's name is not a text and is left out"),
    }
    Ok(())
}

fn read_module<'a>(info: &mut BootInfo<'a>, tag: Tag<'a>) -> Result<(), BootError> {
    let module = view::<ModuleTag>(tag)?;
    let text = checked_text(module.cmdline(), "command line of a module")?;
    let start = u64::from(module.start_address());
    info.add_module(start, u64::from(module.end_address()), text)
}

fn read_memory_map(info: &mut BootInfo<'_>, tag: Tag<'_>) -> Result<(), BootError> {
    for area in view::<MemoryMapTag>(tag)?.memory_areas() {
        let end = area.start_address().saturating_add(area.size());
        let kind = MemoryKind::from_number(area.typ().val());
        info.memory.add(area.start_address(), end, kind)?;
    }
    Ok(())
}

fn read_framebuffer(info: &mut BootInfo<'_>, tag: Tag<'_>) -> Result<(), BootError> {
    let screen = view::<FramebufferTag>(tag)?;
    let Ok(coding) = screen.buffer_type() else {
        info.warn("the framebuffer is of an unknown type and is not used");
        return Ok(());
    };
    let field = |field: multiboot2::FramebufferField| ColourField {
        position: field.position,
        bits: field.size,
    };
    let framebuffer = Framebuffer {
        address: screen.address(),
        pitch_bytes: screen.pitch(),
        width: screen.width(),
        height: screen.height(),
        bits_per_pixel: screen.bpp(),
        format: match coding {
            FramebufferType::Indexed { .. } => FramebufferFormat::Indexed,
            FramebufferType::RGB { red, green, blue } => FramebufferFormat::Rgb {
                red: field(red),
                green: field(green),
                blue: field(blue),
            },
            FramebufferType::Text => FramebufferFormat::EgaText,
        },
    };
    if framebuffer.is_consistent() {
        info.framebuffer = Some(framebuffer);
    } else {
        info.warn("the framebuffer's numbers contradict each other and it is not used");
    }
    Ok(())
}

/// Takes the root pointer of either tag, the 64-bit one where both are there.
fn read_acpi(info: &mut BootInfo<'_>, tag: Tag<'_>) {
    let pointer = tag.bytes.get(ACPI_POINTER_OFFSET..).unwrap_or_default();
    match (AcpiRoot::parse(pointer), info.acpi_root) {
        (None, _) => info.warn("the ACPI root pointer is damaged and is not used"),
        (Some(AcpiRoot::Rsdt(_)), Some(_)) => {}
        (Some(root), _) => info.acpi_root = Some(root),
    }
}

fn checked_text<'a>(
    text: Result<&'a str, multiboot2::StringError>,
    name: &'static str,
) -> Result<&'a str, BootError> {
    use multiboot2::StringError;
    match text {
        Ok(text) if text.len() > COMMAND_LINE_MAX_BYTES => {
            Err(BootError::TextTooLong { text: name })
        }
        Ok(text) => Ok(text),
        Err(StringError::MissingNul(_)) => Err(BootError::TextNotEnded { text: name }),
        Err(StringError::Utf8(error)) => Err(BootError::TextNotUtf8 {
            text: name,
            offset_bytes: error.valid_up_to(),
        }),
    }
}
