//! What the command line asks for, and what the log says about the machine.

use core::fmt::Debug;

use config::{Config, LogLevel};
use hal::BootInfo;
use hal::cpu::entropy::Source;
use log::{Level, LevelFilter};
use spin::Once;

use crate::ending;

static CONFIG: Once<Config> = Once::new();

/// Reads the command line and sets the log up by it.
pub(crate) fn read(info: &BootInfo<'static>) -> &'static Config {
    let config = match CONFIG.try_call_once(|| Config::parse(info.command_line)) {
        Ok(config) => config,
        Err(error) => {
            log::error!("command line: {error}");
            ending::fail("bad-option", config::EndAction::Exit)
        }
    };
    hal::log::set_filter(level_filter(config.log().most_detailed()), is_wanted);
    if config.has_colours() {
        hal::console::show_colours();
    }
    for warning in &info.warnings {
        log::warn!("boot information: {warning}");
    }
    for option in config.unknown_options() {
        log::warn!("command line: {option} means nothing to this kernel and is ignored");
    }
    config
}

fn is_wanted(module: &str, level: Level) -> bool {
    let level = match level {
        Level::Error => LogLevel::Error,
        Level::Warn => LogLevel::Warn,
        Level::Info => LogLevel::Info,
        Level::Debug => LogLevel::Debug,
        Level::Trace => LogLevel::Trace,
    };
    CONFIG
        .get()
        .is_some_and(|config| config.log().enabled(module, level))
}

fn level_filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Off => LevelFilter::Off,
        LogLevel::Error => LevelFilter::Error,
        LogLevel::Warn => LevelFilter::Warn,
        LogLevel::Info => LevelFilter::Info,
        LogLevel::Debug => LevelFilter::Debug,
        LogLevel::Trace => LevelFilter::Trace,
    }
}

/// Who loaded the kernel.
pub(crate) fn loader(info: &BootInfo<'static>) -> &'static str {
    info.loader_name.unwrap_or("PVH")
}

/// Gives the value of a step without which there is no kernel.
pub(crate) fn need<T, E: Debug>(what: &str, result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => {
            log::error!("no {what}: {error:?}; give the machine more memory");
            ending::fail("start-up", config::EndAction::Exit)
        }
    }
}

/// Switches the processor's protections on and checks them off.
pub(crate) fn report_protections() {
    for protection in hal::cpu::features::enable() {
        match protection.is_on {
            true => log::info!("protection: {} on", protection.name),
            false => log::warn!("protection: {} missing in this processor", protection.name),
        }
    }
}

/// Says how much memory and heap is in use.
pub(crate) fn report_memory(when: &str) {
    let frames = hal::memory::frame_counts();
    let heap = hal::memory::heap_counts();
    log::info!(
        "memory {when}: {} of {} frames free, heap {} of {} bytes used",
        frames.free,
        frames.total,
        heap.used_bytes,
        heap.size_bytes,
    );
}

/// Opens the screen.
pub(crate) fn open_screen(info: &BootInfo<'static>) {
    match hal::console::open_screen(info.framebuffer.as_ref()) {
        Ok(name) => log::info!("screen: {name}"),
        Err(error) => log::warn!("screen: cannot be mapped: {error:?}"),
    }
}

/// Starts the tick and the time of day.
pub(crate) fn start_clock() {
    let clock = need("timer", hal::time::init());
    log::info!(
        "clock: TSC at {} Hz, ticks from the {}",
        clock.tsc_hz,
        clock.timer
    );
    if !executive::clock::init() {
        log::warn!("clock: no real-time clock, time begins in 1970");
    }
}

/// Starts the random numbers: from the command line alone, so that they repeat, or
/// else from the processor and the clocks.
pub(crate) fn seed(config: &Config) {
    if let Some(seed) = config.seed() {
        return executive::random::seed(&seed.to_le_bytes());
    }
    let now = executive::clock::since_1970_100ns();
    executive::random::seed(&now.to_le_bytes());
    let source = hal::cpu::entropy::gather(|number| {
        executive::random::seed(&number.to_le_bytes());
    });
    match source {
        Source::Seeds | Source::Numbers => log::debug!("random numbers: seeded by {source:?}"),
        Source::Jitter => {
            log::warn!("random numbers: this processor has none to start from, they can be guessed")
        }
    }
}

/// Gives programs the host's directories.
pub(crate) fn share(config: &Config) {
    for share in config.shares() {
        let letter = char::from(share.letter);
        if let Err(why) = executive::io::share(share.letter, share.slot, share.is_read_only) {
            log::error!("share={letter},{}: {why}", share.slot);
            ending::fail("no-share", config.end())
        }
        log::info!("{letter}: is a directory of the host's");
    }
}

/// Prints system calls from now on, if the command line says which.
pub(crate) fn trace_if_asked(config: &'static Config) {
    if let Some(filter) = config.trace() {
        nt::start_trace(filter);
    }
}

/// Checks that no page is writable and executable, and says so.
pub(crate) fn check_pages(when: &str) {
    match hal::memory::check_write_xor_execute() {
        Ok(pages) if hal::cpu::features::has_no_execute() => {
            log::info!("pages: {pages} checked {when}: none both writable and executable");
        }
        Ok(pages) => {
            log::warn!("pages: {pages} checked {when}, but this processor executes any of them");
        }
        Err(violation) => panic!("{when}, {violation}"),
    }
}
