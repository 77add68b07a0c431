//! The kernel binary: the start-up order, one line per step.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

extern crate alloc;

mod ending;
mod job;
mod provoke;
mod selftest;
mod settings;
mod start_list;

use hal::BootInfo;

hal::entry!(main);

fn main(info: &BootInfo<'static>) -> ! {
    let config = settings::read(info);
    log::info!(
        "Petrel {} by {}",
        env!("CARGO_PKG_VERSION"),
        settings::loader(info)
    );
    settings::report_protections();
    settings::need("memory", hal::memory::start(info));
    settings::report_memory("at the start");
    settings::open_screen(info);
    settings::start_clock();
    settings::seed(config);
    executive::memory::init_commitment();
    executive::install_traps();
    hal::panic::describe_with(&executive::describe::Describer);
    settings::need("the first thread", executive::scheduler::init());
    settings::need("the names of objects", executive::object::init());
    settings::need("the devices", executive::io::init());
    settings::need("the registry", nt::init_registry());
    settings::need("the shared page", nt::init_shared_data());
    executive::clock::on_tick(nt::tick_shared_data);
    settings::share(config);
    settings::trace_if_asked(config);
    settings::check_pages("after start-up");
    provoke::if_asked(config);
    selftest::if_asked(config);
    start_list::run(config)
}
