//! A program with a little memory and a few handles.

use std::cell::RefCell;
use std::fmt::Write;

use abi::NtStatus;
use abi::services::{ARGUMENTS_MAX, FREESTANDING, Service};
use calltrace::{
    Arguments, Caller, Described, End, Head, write_call, write_end, write_inputs, write_outputs,
};
use report::trace::Stamp;

const MEMORY: u64 = 0x8000;
const MEMORY_BYTES: usize = 0x2000;
/// Room that nothing else uses.
pub const ARGUMENT_OUT: u64 = 0x8800;

pub struct Program {
    memory: RefCell<Vec<u8>>,
    used: RefCell<u64>,
}

impl Program {
    pub fn new() -> Self {
        Self {
            memory: RefCell::new(vec![0; MEMORY_BYTES]),
            used: RefCell::new(MEMORY),
        }
    }

    pub fn write(&self, address: u64, bytes: &[u8]) {
        let at = (address - MEMORY) as usize;
        self.memory.borrow_mut()[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn put(&self, bytes: &[u8]) -> u64 {
        let at = *self.used.borrow();
        *self.used.borrow_mut() += (bytes.len() as u64).next_multiple_of(16);
        assert!(*self.used.borrow() < ARGUMENT_OUT);
        self.write(at, bytes);
        at
    }

    /// A UNICODE_STRING of bytes elsewhere.
    pub fn string(&self, bytes: u16, buffer: u64) -> u64 {
        let mut string = Vec::from(bytes.to_le_bytes());
        string.extend(bytes.to_le_bytes());
        string.extend([0; 4]);
        string.extend(buffer.to_le_bytes());
        self.put(&string)
    }

    /// An OBJECT_ATTRIBUTES; without a name if that is empty.
    pub fn attributes(&self, name: &str, root: u64, flags: u32) -> u64 {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let name = match name {
            "" => 0,
            _ => self.string(units.len() as u16, self.put(&units)),
        };
        self.put_attributes(name, root, flags)
    }

    /// One with a name at an address.
    pub fn attributes_of(&self, name: u64) -> u64 {
        self.put_attributes(name, 0, 0)
    }

    fn put_attributes(&self, name: u64, root: u64, flags: u32) -> u64 {
        let words = [0x30, root, name, flags.into(), 0, 0];
        self.put(&words.map(u64::to_le_bytes).concat())
    }

    pub fn call(&self, name: &str, words: &[u64]) -> Call<'_> {
        let service = FREESTANDING.iter().find(|service| service.name == name);
        let mut arguments: Arguments = [Some(0); ARGUMENTS_MAX];
        for (place, word) in arguments.iter_mut().zip(words) {
            *place = Some(*word);
        }
        let service = service.expect("a service");
        Call {
            program: self,
            number: service.number,
            service: Some(service),
            arguments,
        }
    }
}

impl Caller for Program {
    fn read(&self, address: u64, to: &mut [u8]) -> bool {
        let memory = self.memory.borrow();
        let from = address
            .checked_sub(MEMORY)
            .and_then(|at| memory.get(usize::try_from(at).ok()?..)?.get(..to.len()));
        from.map(|from| to.copy_from_slice(from)).is_some()
    }

    fn describe(&self, holder: u64, handle: u64, use_it: &mut dyn FnMut(Option<&Described<'_>>)) {
        let wide = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
        if holder != u64::MAX {
            let child_has = holder == 0x30 && handle == 4;
            return use_it(child_has.then_some(&Described::Object("Mutant", &[])));
        }
        match handle {
            u64::MAX => use_it(Some(&Described::Pseudo("NtCurrentProcess"))),
            0x24 => {
                let name = wide(r"\BaseNamedObjects\x");
                use_it(Some(&Described::Object("Event", &name)));
            }
            0x28 => {
                let name = wide(r"\BaseNamedObjects");
                use_it(Some(&Described::Object("Directory", &name)));
            }
            0x30 => use_it(Some(&Described::Process(40, "child.exe"))),
            0x34 => use_it(Some(&Described::Thread(40, 44))),
            _ => use_it(None),
        }
    }
}

pub struct Call<'a> {
    program: &'a Program,
    number: u32,
    service: Option<&'static Service>,
    arguments: Arguments,
}

impl Call<'_> {
    pub fn forget(&mut self, place: usize) {
        self.arguments[place] = None;
    }

    pub fn make_unknown(&mut self, number: u32) {
        self.number = number;
        self.service = None;
    }

    fn head(&self) -> Head<'static> {
        Head {
            process: 8,
            thread: 12,
            program: "events.exe",
            number: self.number,
        }
    }

    pub fn inputs(&self) -> String {
        let head = self.head();
        written(|to| write_inputs(to, &head, self.service, &self.arguments, self.program))
    }

    /// The record of the call.
    pub fn record(&self, stamp: Stamp) -> String {
        let mut text = String::new();
        let (head, arguments) = (self.head(), &self.arguments);
        write_call(
            &mut text,
            stamp,
            &head,
            self.service,
            arguments,
            self.program,
        );
        text
    }

    /// The record of its end.
    pub fn end(&self, stamp: Stamp, end: End) -> String {
        let mut text = String::new();
        let (service, arguments) = (self.service, &self.arguments);
        write_end(&mut text, stamp, 12, service, arguments, end, self.program);
        text
    }

    pub fn outputs(&self, status: NtStatus) -> String {
        written(|to| write_outputs(to, self.service, &self.arguments, status, self.program))
    }
}

fn written(write: impl FnOnce(&mut dyn Write) -> std::fmt::Result) -> String {
    let mut text = String::new();
    write(&mut text).expect("a string takes everything");
    text
}
