//! A second opinion on unwinding: the `framehop` crate.

use std::ops::Range;
use std::sync::Arc;

use framehop::x86_64::{CacheX86_64, Reg, UnwindRegsX86_64, UnwinderX86_64};
use framehop::{FrameAddress, Module, ModuleSectionInfo, Unwinder};
use iced_x86::{Decoder, DecoderOptions};
use object::read::pe::PeFile64;
use pe::PeView;
use pe::unwind::Context;

use crate::pages::image;

pub const BASE: u64 = 0x7FF6_0000_0000;

/// In the order of the processor's numbers.
const REGISTERS: [Reg; 16] = [
    Reg::RAX,
    Reg::RCX,
    Reg::RDX,
    Reg::RBX,
    Reg::RSP,
    Reg::RBP,
    Reg::RSI,
    Reg::RDI,
    Reg::R8,
    Reg::R9,
    Reg::R10,
    Reg::R11,
    Reg::R12,
    Reg::R13,
    Reg::R14,
    Reg::R15,
];

/// A random word for every address of the stack.
pub fn word(address: u64) -> u64 {
    (address ^ 0x5555).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1
}

/// One image as framehop needs it, and its function table.
pub struct Reference {
    pub entries: Vec<[u32; 3]>,
    pub memory: Arc<[u8]>,
    unwinder: UnwinderX86_64<Arc<[u8]>>,
    /// Rules for stopped frames and for those that wait for a call: framehop
    /// keeps both under the same address.
    caches: [CacheX86_64; 2],
}

impl Reference {
    pub fn new(view: &PeView<'_>, file: &[u8]) -> Self {
        let object = PeFile64::parse(file).unwrap();
        let directory = object.data_directory(object::pe::IMAGE_DIRECTORY_ENTRY_EXCEPTION);
        let table = directory.map(|directory| directory.data(file, &object.section_table()));
        let table: Arc<[u8]> = table.expect("a function table").unwrap().into();
        let memory: Arc<[u8]> = image(view, 0).into();
        let word = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
        let entry = |entry: &[u8]| [word(&entry[..4]), word(&entry[4..8]), word(&entry[8..])];
        let sections = Sections {
            base: view.image_base(),
            table: table.clone(),
            memory: memory.clone(),
        };
        let range = BASE..BASE + u64::from(view.size_of_image());
        let mut unwinder = UnwinderX86_64::new();
        unwinder.add_module(Module::new("image".into(), range, BASE, sections));
        Self {
            entries: table.chunks_exact(12).map(entry).collect(),
            memory,
            unwinder,
            caches: [CacheX86_64::new(), CacheX86_64::new()],
        }
    }

    /// The code from `rva` to the end of the function there.
    pub fn decoder(&self, rva: u32, end_rva: u32) -> Decoder<'_> {
        let code = &self.memory[rva as usize..end_rva as usize];
        Decoder::with_ip(64, code, rva.into(), DecoderOptions::NONE)
    }

    /// The versions of all unwind information.
    pub fn versions(&self) -> Vec<u8> {
        let version = |[.., info]: &[u32; 3]| self.memory[*info as usize] & 7;
        self.entries.iter().map(version).collect()
    }

    /// What framehop says.
    pub fn unwind(&mut self, context: Context) -> Context {
        let mut registers = UnwindRegsX86_64::new(context.rip, 0, 0);
        for (name, value) in REGISTERS.into_iter().zip(context.registers) {
            registers.set(name, value);
        }
        let address = match context.after_call {
            true => FrameAddress::from_return_address(context.rip).unwrap(),
            false => FrameAddress::from_instruction_pointer(context.rip),
        };
        let cache = &mut self.caches[usize::from(context.after_call)];
        let mut stack = |address| Ok(word(address));
        let rip = self
            .unwinder
            .unwind_frame(address, &mut registers, cache, &mut stack);
        Context {
            rip: rip.unwrap().unwrap(),
            registers: REGISTERS.map(|name| registers.get(name)),
            after_call: true,
        }
    }

    /// By the unwind codes alone: framehop looks for no epilogue where it takes
    /// a call to return to, but one byte before that.
    pub fn undo(&mut self, mut context: Context) -> Context {
        context.rip += 1;
        context.after_call = true;
        self.unwind(context)
    }

    /// The entry that covers `rva`.
    pub fn entry(&self, rva: u32) -> Option<[u32; 3]> {
        let after = self.entries.partition_point(|[begin, ..]| *begin <= rva);
        let entry = self.entries[after.checked_sub(1)?];
        (rva < entry[1]).then_some(entry)
    }
}

/// All of the image counts as text and as unwind information, so that nothing
/// depends on the names of sections.
struct Sections {
    base: u64,
    table: Arc<[u8]>,
    memory: Arc<[u8]>,
}

impl ModuleSectionInfo<Arc<[u8]>> for Sections {
    fn base_svma(&self) -> u64 {
        self.base
    }

    fn section_svma_range(&mut self, name: &[u8]) -> Option<Range<u64>> {
        let range = self.base..self.base + self.memory.len() as u64;
        matches!(name, b".text" | b".xdata").then_some(range)
    }

    fn section_data(&mut self, name: &[u8]) -> Option<Arc<[u8]>> {
        match name {
            b".pdata" => Some(self.table.clone()),
            b".text" | b".xdata" => Some(self.memory.clone()),
            _ => None,
        }
    }
}
