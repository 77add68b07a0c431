//! Multiboot2 information: what a loader may say.

use bootinfo::{
    AcpiRoot, BootError, BootInfo, ColourField, FramebufferFormat, MemoryKind, Protocol,
    from_multiboot2,
};

mod builder;
mod fuzz;
mod refused;
use builder::{Aligned, Builder, root_pointer};

/// Where the information is said to lie.
const ADDRESS: u64 = 0x9500;
const MEMORY: &[(u64, u64, u32)] = &[
    (0, 0x9_fc00, 1),
    (0x9_fc00, 0x400, 2),
    (0x10_0000, 0x700_0000, 1),
];
const RGB_32: &[u8] = &[16, 8, 8, 8, 0, 8];

fn minimal() -> Builder {
    Builder::new().memory(MEMORY)
}

fn read(information: &Aligned) -> Result<BootInfo<'_>, BootError> {
    from_multiboot2(information.bytes(), ADDRESS)
}

#[test]
fn everything_a_loader_can_say() {
    let information = minimal()
        .command_line("log=info \"start=a; b\"")
        .loader_name("GRUB 2.06")
        .module(0x20_0000, 0x20_1234, "archive")
        .module(0x30_0000, 0x30_0000, "")
        .framebuffer(32, 1, RGB_32)
        .tag(14, &root_pointer(0, 0xe_0000, 0))
        .tag(15, &root_pointer(2, 0xe_0000, 0x1_0000_0000))
        .tag(21, &[0, 0, 0x10, 0])
        .tag(0x4242, b"a tag of the future")
        .finish();
    let info = read(&information).unwrap();
    assert_eq!(info.protocol, Protocol::Multiboot2);
    assert_eq!(info.loader_name, Some("GRUB 2.06"));
    assert_eq!(info.command_line, "log=info \"start=a; b\"");
    assert_eq!(info.acpi_root, Some(AcpiRoot::Xsdt(0x1_0000_0000)));
    assert!(info.warnings.is_empty());
    assert_eq!(info.modules.len(), 2);
    let module = info.modules[0];
    assert_eq!((module.start, module.end), (0x20_0000, 0x20_1234));
    assert_eq!(module.command_line, "archive");
    let screen = info.framebuffer.unwrap();
    assert_eq!((screen.address, screen.pitch_bytes), (0xfd00_0000, 4096));
    assert_eq!(
        (screen.width, screen.height, screen.bits_per_pixel),
        (1024, 768, 32)
    );
    assert_eq!(screen.size_bytes(), 4096 * 768);
    let field = |position, bits| ColourField { position, bits };
    let (red, green, blue) = (field(16, 8), field(8, 8), field(0, 8));
    assert_eq!(screen.format, FramebufferFormat::Rgb { red, green, blue });
}

/// Modules and the information itself are not free memory.
#[test]
fn what_was_loaded_is_not_usable() {
    let information = minimal().module(0x20_0000, 0x20_1234, "").finish();
    let info = read(&information).unwrap();
    let end = ADDRESS + information.bytes().len() as u64;
    let loaded: Vec<_> = info
        .memory
        .ranges()
        .iter()
        .filter(|range| range.kind == MemoryKind::Loaded)
        .map(|range| range.start..range.end)
        .collect();
    assert_eq!(loaded, [ADDRESS..end, 0x20_0000..0x20_1234]);
    let usable: Vec<_> = info.memory.usable().collect();
    let expected = [
        0..0x9000,
        0xa000..0x9_f000,
        0x10_0000..0x20_0000,
        0x20_2000..0x710_0000,
    ];
    assert_eq!(usable, expected);
}

#[test]
fn what_a_loader_need_not_say() {
    let information = minimal().finish();
    let info = read(&information).unwrap();
    assert_eq!((info.command_line, info.loader_name), ("", None));
    assert!(info.modules.is_empty() && info.warnings.is_empty());
    assert_eq!((info.acpi_root, info.framebuffer), (None, None));
}

#[test]
fn the_first_command_line_counts() {
    let information = minimal().command_line("").command_line("second").finish();
    assert_eq!(read(&information).unwrap().command_line, "");
}

#[test]
fn text_screens_and_indexed_ones_are_told_apart() {
    let format = |builder: Builder| {
        let information = builder.finish();
        let info = read(&information).unwrap();
        (
            info.framebuffer.map(|screen| screen.format),
            info.warnings.len(),
        )
    };
    let text = minimal().framebuffer(16, 2, &[]);
    assert_eq!(format(text), (Some(FramebufferFormat::EgaText), 0));
    let indexed = minimal().framebuffer(8, 0, &[2, 0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(format(indexed), (Some(FramebufferFormat::Indexed), 0));
    assert_eq!(format(minimal().framebuffer(32, 3, &[])), (None, 1));
    assert_eq!(format(minimal().framebuffer(0, 1, RGB_32)), (None, 1));
    assert_eq!(
        format(minimal().framebuffer(24, 1, &[17, 8, 8, 8, 0, 8])),
        (None, 1)
    );
    assert_eq!(
        format(minimal().framebuffer(32, 1, &[16, 0, 8, 8, 0, 8])),
        (None, 1)
    );
}

#[test]
fn a_screen_whose_numbers_contradict_is_left_out() {
    let good = [
        0, 0, 0, 0xfd, 0, 0, 0, 0, 16, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 32, 1, 0, 0,
    ];
    let used = |offset: usize, value: u8| {
        let mut payload = [&good[..], RGB_32].concat();
        payload[offset] = value;
        let information = minimal().tag(8, &payload).finish();
        let info = read(&information).unwrap();
        assert_eq!(info.warnings.len(), usize::from(info.framebuffer.is_none()));
        info.framebuffer.is_some()
    };
    assert!(used(0, 0));
    for (offset, value) in [
        (3, 0),
        (8, 15),
        (12, 0),
        (12, 5),
        (16, 0),
        (20, 33),
        (20, 8),
    ] {
        assert!(!used(offset, value), "{value} at {offset}");
    }
}

#[test]
fn a_damaged_root_pointer_is_left_out() {
    let mut wrong_sum = root_pointer(2, 1, 2);
    wrong_sum[35] ^= 1;
    let mut wrong_old_sum = root_pointer(0, 1, 0);
    wrong_old_sum[19] ^= 1;
    let mut wrong_signature = root_pointer(0, 1, 0);
    wrong_signature[0] = b'X';
    for (number, pointer) in [
        (15, &wrong_sum[..]),
        (14, &wrong_old_sum),
        (14, &wrong_signature),
        (14, &[]),
        (15, &root_pointer(2, 1, 2)[..35]),
        (14, &root_pointer(0, 0, 0)),
    ] {
        let information = minimal().tag(number, pointer).finish();
        let info = read(&information).unwrap();
        assert_eq!((info.acpi_root, info.warnings.len()), (None, 1));
    }
    let old = minimal().tag(15, &root_pointer(2, 7, 0)).finish();
    assert_eq!(read(&old).unwrap().acpi_root, Some(AcpiRoot::Rsdt(7)));
    let both = minimal()
        .tag(15, &root_pointer(2, 1, 2))
        .tag(14, &root_pointer(0, 1, 0))
        .finish();
    assert_eq!(read(&both).unwrap().acpi_root, Some(AcpiRoot::Xsdt(2)));
}
