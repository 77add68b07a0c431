//! Any multiboot2 bytes are read or refused, and never panic in the crate.

use bootinfo::{BootInfo, check_multiboot2};
use proptest::prelude::*;

use crate::builder::{Aligned, Builder, root_pointer};
use crate::{MEMORY, RGB_32, read};

/// Everything a loader may say, in one piece.
fn complete() -> Aligned {
    Builder::new()
        .command_line("log=info")
        .loader_name("loader")
        .module(0x20_0000, 0x20_1234, "archive")
        .memory(MEMORY)
        .framebuffer(32, 1, RGB_32)
        .framebuffer(8, 0, &[2, 0, 1, 2, 3, 4, 5, 6])
        .framebuffer(16, 2, &[])
        .tag(14, &root_pointer(0, 1, 0))
        .tag(15, &root_pointer(2, 1, 2))
        .finish()
}

/// What holds for every result.
fn check(information: &Aligned) {
    let result = read(information);
    if check_multiboot2(information.bytes()).is_err() {
        assert!(result.is_err());
    }
    match result {
        Ok(info) => check_info(&info),
        Err(error) => assert!(error.to_string().len() > 40),
    }
}

fn check_info(info: &BootInfo<'_>) {
    assert!(info.memory.usable_bytes() > 0);
    for module in &info.modules {
        assert!(module.start <= module.end);
        assert!(info.memory.is_ram(module.start, module.end));
        for range in info.memory.usable() {
            let is_apart = range.end <= module.start || module.end <= range.start;
            assert!(is_apart || module.start == module.end);
        }
    }
    if let Some(screen) = info.framebuffer {
        assert!(screen.address.checked_add(screen.size_bytes()).is_some());
        assert!(screen.width > 0 && screen.height > 0);
        let line_bytes = u64::from(screen.width) * u64::from(screen.bits_per_pixel.div_ceil(8));
        assert!(line_bytes <= screen.pitch_bytes.into());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn damage_is_survived(
        changes in prop::collection::vec((4..400_usize, any::<u8>()), 1..12),
    ) {
        let mut information = complete();
        for (offset, byte) in changes {
            let length = information.bytes().len();
            information.bytes_mut()[offset % length] = byte;
        }
        check(&information);
    }

    #[test]
    fn any_tags_are_survived(
        tags in prop::collection::vec(
            (0..24_u32, prop::collection::vec(any::<u8>(), 0..80)),
            0..10,
        ),
        with_memory in any::<bool>(),
    ) {
        let start = if with_memory { Builder::new().memory(MEMORY) } else { Builder::new() };
        let builder = tags
            .iter()
            .fold(start, |builder, (number, payload)| builder.tag(*number, payload));
        check(&builder.clone().finish());
        check(&builder.finish_open());
    }

    /// Screens with every type and every size.
    #[test]
    fn any_screen_is_survived(
        bits in any::<u8>(),
        kind in 0..4_u8,
        colours in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        check(&Builder::new().memory(MEMORY).framebuffer(bits, kind, &colours).finish());
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut information = Aligned::new(&bytes);
        check(&information);
        let size = bytes.len() as u32;
        if let Some(stated) = information.bytes_mut().get_mut(..4) {
            stated.copy_from_slice(&size.to_le_bytes());
        }
        check(&information);
    }
}
