//! What every personality shares: memory, processes, images, scheduling.
//!
//! The executive decides, hal does. Nothing here knows a system-call number or
//! an NT structure: a process carries its [`Personality`], which does.
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

extern crate alloc;

pub mod atoms;
pub mod claim;
pub mod clock;
pub mod describe;
pub mod dispatch;
mod error;
pub mod events;
pub mod exception;
pub mod ids;
pub mod io;
pub mod job;
pub mod luid;
pub mod memory;
pub mod nls;
pub mod object;
pub mod process;
pub mod programs;
pub mod random;
pub mod registry;
pub mod scheduler;
pub mod shutdown;
mod slots;
pub mod token;
pub mod totals;
mod traps;
mod user_frames;
pub mod uuid;

pub use error::Error;
pub use process::personality::Personality;
pub use traps::{install as install_traps, provoke_in_next_call, provoke_in_next_copy_fault};

/// The ranks of the executive's locks; hal's are above them.
pub(crate) mod rank {
    hal::lock_ranks! {
        /// What is typed, shown and waited for at the console.
        Console = 0;
        /// All keys and values of the registry, and who watches them.
        Registry = 1;
        /// The entries of all directories of objects.
        Namespace = 2;
        /// Where one object's name is.
        Name = 3;
        /// One process's handles.
        Handles = 4;
        /// Which job one process is in.
        Membership = 5;
        /// The threads of one process.
        Process = 6;
        /// The name of a thread.
        ThreadName = 7;
        /// One process's regions and page tables.
        Space = 8;
        /// The processes and limits of one job.
        Jobs = 9;
        /// The list of images.
        Images = 10;
        /// All sockets, and what is on its way between them.
        Sockets = 11;
        /// The filled pages of one image.
        ImagePages = 12;
        /// The pages of one data section.
        SectionPages = 13;
        /// The pages of one file.
        FilePages = 14;
        /// What is promised to all processes together.
        Commitment = 15;
        /// What the numbers of processes and threads stand for.
        Ids = 16;
        /// What one open file holds of its volume.
        OpenFile = 17;
        /// How far one open directory has been listed.
        Listing = 18;
        /// The names of the files of the volume, and who has them open.
        Volume = 19;
        /// The names of pipes, and their instances.
        PipeNames = 20;
        /// One instance of a pipe.
        Pipe = 21;
        /// What one completion port holds.
        Packets = 22;
        /// Who runs, who is ready, who waits for what.
        Scheduler = 23;
        /// What one thread has asked that was not answered.
        Irps = 25;
        /// How far one request is.
        Irp = 26;
        /// What one request is about to be answered with.
        HeldIrp = 27;
        /// The state of the random numbers.
        Random = 28;
        /// Who has which language.
        Languages = 29;
        /// The names that have numbers.
        Atoms = 30;
        /// The descriptor of one object.
        Security = 31;
        /// What one reserve has in it.
        PacketReserve = 32;
        /// Which completion port one open file has.
        FilePort = 33;
        /// What one token says.
        Token = 34;
        /// Who one thread acts for.
        ThreadToken = 35;
        /// Whom the client of one pipe acts for.
        PipeClient = 37;
        /// What exception one thread was shown last.
        ShownException = 38;
        /// What programs have not read of their standard input.
        HostInput = 39;
        /// What leads to one of the host's directories, and what stands for its files.
        Share = 40;
    }
}
