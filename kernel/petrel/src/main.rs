//! The kernel binary: the start-up order, one line per step.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use hal::BootInfo;

hal::entry!(main);

fn main(info: BootInfo<'static>) -> ! {
    log::info!("Petrel {} started by {}", env!("CARGO_PKG_VERSION"), info.loader_name.unwrap_or("PVH"));
    let protections = hal::cpu::features::enable();
    for protection in protections {
        log::info!("{} {}", protection.name, protection.is_on);
    }
    hal::memory::start(&info).expect("memory");
    log::info!("frames {:?} screen {:?}", hal::memory::frame_counts(), hal::console::open_screen(info.framebuffer.as_ref()));
    log::info!("clock {:?}", hal::time::init());
    log::info!("pages {:?}", hal::memory::check_write_xor_execute());
    hal::end::in_order()
}
