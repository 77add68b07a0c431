//! Objects in general, directories and symbolic links.

mod close;
mod directory;
mod duplicate;
mod link;
mod name;
mod query;

pub(crate) use close::*;
pub(crate) use directory::*;
pub(crate) use duplicate::*;
pub(crate) use link::*;
pub(crate) use name::*;
pub(crate) use query::*;

use executive::object::ObjectKind;

/// NT's name of a type.
pub(crate) fn type_name(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Directory => "Directory",
        ObjectKind::SymbolicLink => "SymbolicLink",
        ObjectKind::Event => "Event",
        ObjectKind::Semaphore => "Semaphore",
        ObjectKind::Mutant => "Mutant",
        ObjectKind::Timer => "Timer",
        ObjectKind::KeyedEvent => "KeyedEvent",
        ObjectKind::Section => "Section",
        ObjectKind::Job => "Job",
        ObjectKind::Token => "Token",
        ObjectKind::Process => "Process",
        ObjectKind::Thread => "Thread",
        ObjectKind::Device => "Device",
        ObjectKind::File => "File",
    }
}
