//! A report as it was read: the fields of its JSON.
//!
//! The report library says what they mean; what it has no field for is absent.

use report::{Kind, MarkKind, Origin};
use serde::Deserialize;

use crate::fields;

/// A report.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Report {
    #[serde(deserialize_with = "fields::kind")]
    pub(crate) kind: Kind,
    pub(crate) version: String,
    #[serde(default, deserialize_with = "fields::bytes")]
    pub(crate) build_id: Vec<u8>,
    pub(crate) cause: String,
    pub(crate) location: Option<String>,
    pub(crate) fault: Option<Fault>,
    pub(crate) ending: Option<Ending>,
    /// Frames and what stands between them.
    #[serde(default, rename = "frames")]
    pub(crate) entries: Vec<Entry>,
    #[serde(default, deserialize_with = "fields::registers")]
    pub(crate) registers: Vec<(String, u64)>,
    pub(crate) code: Option<Code>,
    pub(crate) current: Option<Thread>,
    pub(crate) current_unknown: Option<String>,
    #[serde(default)]
    pub(crate) modules: Vec<Module>,
    #[serde(default)]
    pub(crate) events: Vec<String>,
    /// Whether the report is one of text, of which what follows registers is not read.
    #[serde(skip)]
    pub(crate) is_text: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Fault {
    #[serde(deserialize_with = "fields::address")]
    pub(crate) address: u64,
    pub(crate) access: String,
    pub(crate) place: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Ending {
    pub(crate) program: String,
    pub(crate) status: u32,
    pub(crate) name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "fields::Entry")]
pub(crate) enum Entry {
    Frame(Frame),
    Mark(Mark),
}

#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) kind: MarkKind,
    pub(crate) text: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) number: usize,
    pub(crate) address: u64,
    pub(crate) is_call: bool,
    pub(crate) is_inlined: bool,
    pub(crate) origin: Origin,
    /// A program's image, and how far into it the address is.
    pub(crate) module: Option<(String, u64)>,
    pub(crate) function: Option<String>,
    pub(crate) offset: u64,
    pub(crate) place: Option<Place>,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) is_exact: bool,
    /// Where the file was when it was compiled, if debug information said so.
    pub(crate) path: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Code {
    #[serde(deserialize_with = "fields::address")]
    pub(crate) start: u64,
    pub(crate) at: usize,
    #[serde(deserialize_with = "fields::bytes")]
    pub(crate) bytes: Vec<u8>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Thread {
    pub(crate) thread: u64,
    pub(crate) name: Option<String>,
    pub(crate) process: u64,
    pub(crate) program: String,
    pub(crate) call: Option<SystemCall>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SystemCall {
    pub(crate) number: u32,
    pub(crate) name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Module {
    pub(crate) name: String,
    #[serde(deserialize_with = "fields::address")]
    pub(crate) base: u64,
    #[serde(rename = "size")]
    pub(crate) size_bytes: u64,
    #[serde(deserialize_with = "fields::bytes")]
    pub(crate) identity: Vec<u8>,
}

impl Frame {
    /// Whether it is the kernel's: in no image and in the upper half of the
    /// address space, where programs have nothing.
    pub(crate) fn is_kernel(&self) -> bool {
        self.module.is_none() && self.address >> 63 == 1
    }
}

impl Report {
    /// The module that a program's frame lies in.
    pub(crate) fn module_of(&self, frame: &Frame) -> Option<&Module> {
        let (name, _) = frame.module.as_ref()?;
        let is_inside = |module: &Module| {
            let inside = frame.address.wrapping_sub(frame.is_call.into());
            inside.wrapping_sub(module.base) < module.size_bytes
        };
        let mut modules = self.modules.iter();
        modules.find(|module| module.name == *name && is_inside(module))
    }
}
