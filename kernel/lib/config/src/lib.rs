//! The kernel command line: options, log filter, start list.
//!
//! The line is the same for every boot protocol: tokens separated by spaces;
//! double quotes keep spaces together anywhere in a token; a backslash takes
//! the next character as it is, inside and outside quotes.
//!
//! | option | meaning |
//! |---|---|
//! | `log=info,vm=trace` | log level, and levels for single modules |
//! | `start="a.exe x; b.exe => 0xC0000005; c.exe & d.exe"` | what to run |
//! | `trace=nt,family=wait` | print system calls, see [`TraceFilter`] |
//! | `trace=json,events=calls\|faults` | the same and more as data for tools |
//! | `panic=KIND` | provoke a panic, see [`PanicKind`] |
//! | `selftest=A,B` | kernel self-tests to run |
//! | `seed=N` | seed of everything random |
//! | `fail=alloc:N` | the Nth allocation after the first program's start begins fails, once |
//! | `fail=calls` | programs may have their own calls' allocations fail |
//! | `env=NAME=VALUE` | environment variable of programs, repeatable |
//! | `colour=on` or `off` | whether reports on the serial line have colours |
//! | `share=Z,0,rw` or `share=Z,0,ro` | the host's directory in a slot of the machine, by its drive |
//! | `stdio=console` or `stdio=host` | where standard streams of programs lead |
//! | `terminal=80x25,in,out,err,echo` | which of the host's streams are its terminal, see [`Terminal`] |
//! | `wine=+loaddll,+relay` | which messages the Win32 DLLs print, see [`Channels`] |
//! | `end=exit` or `end=halt` | what to do after the last program |
//!
//! What cannot be said in one line is in a [`Job`], a file of the boot image.
//!
//! Of an option that is given twice the last one counts, except for `env`.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod config;
mod error;
mod job;
mod log;
mod number;
mod panic;
mod start;
mod terminal;
mod tokens;
mod trace;
mod wine;

pub use config::{Config, ENVIRONMENT_MAX, EndAction, SHARES_MAX, Share, Streams, UNKNOWN_MAX};
pub use error::{ConfigError, Problem, QUOTE_MAX_BYTES};
pub use job::{Input, JOB_HEADER, Job, JobError, Step};
pub use log::{LOG_RULES_MAX, LogFilter, LogLevel, MODULE_NAME_MAX_BYTES};
pub use panic::PanicKind;
pub use start::{StartEntry, StartGroup, StartList};
pub use terminal::Terminal;
pub use tokens::TEXT_MAX_BYTES;
pub use trace::{TRACE_EVENTS, TRACE_FAMILIES, TraceFilter, TraceForm, TracedCall};
pub use wine::{CHANNELS_MAX, ChannelRecord, Channels};
