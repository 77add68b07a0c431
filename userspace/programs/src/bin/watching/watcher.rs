//! A watcher of a directory, and the records that it reads.
use nt::pipe::Operation;
use nt::sync::Handle;
use nt::{NtStatus, Program, Text};

/// Bytes of a record before its name.
const HEADER: usize = 12;
const ROOM: usize = 1024;

/// A directory that is open, what is asked of it, and where records go. It must stay
/// where it is from a call to its end.
pub struct Watcher {
    /// It.
    pub directory: Handle,
    /// `FILE_NOTIFY_CHANGE_*`.
    pub filter: u32,
    /// Whether all below is watched too.
    pub is_deep: bool,
    /// How many bytes there is room for.
    pub room: usize,
    /// What is asked.
    pub operation: Operation,
    buffer: [u8; ROOM],
}

impl Watcher {
    /// One that watches everything.
    pub fn new(directory: Handle, is_deep: bool) -> Self {
        Self {
            directory,
            filter: abi::file::FILE_NOTIFY_VALID_MASK,
            is_deep,
            room: ROOM,
            operation: Operation::new(),
            buffer: [0xFF; ROOM],
        }
    }

    /// Asks for changes.
    pub fn ask(&mut self) -> NtStatus {
        self.operation.block.status = NtStatus::PENDING;
        self.operation.block.information = 0xFFFF;
        // SAFETY: callers leave it where it is.
        unsafe {
            self.operation.watch(
                &self.directory,
                self.buffer.as_mut_ptr(),
                self.room,
                self.filter,
                self.is_deep,
            )
        }
    }

    /// Asks, and expects that nothing has happened.
    pub fn wait(&mut self, program: &Program) {
        program.check("nothing yet", self.ask(), NtStatus::PENDING);
        let status = self.operation.result().0;
        program.check("no result", status, NtStatus::PENDING);
    }

    /// Expects just these records, which are there.
    pub fn told(&mut self, program: &Program, what: &str, expected: &[(u32, &str)]) {
        let (status, bytes) = self.operation.result();
        program.check(what, status, NtStatus::SUCCESS);
        let (mut at, mut end) = (0, 0);
        for (action, name) in expected {
            program.require("more records", at % 4 == 0 && at >= end);
            let word = |from: usize| {
                let bytes = self.buffer[at + from..at + from + 4].first_chunk();
                bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes)) as usize
            };
            let length = word(8);
            let (pairs, _) = self.buffer[at + HEADER..at + HEADER + length].as_chunks::<2>();
            let found = Text::new(pairs.iter().map(|pair| u16::from_le_bytes(*pair)));
            let is_it = word(4) == *action as usize && found.as_str() == *name;
            if !is_it {
                program.fail(format_args!(
                    "{what}: {} of {found} instead of {action} of {name}",
                    word(4)
                ));
            }
            end = at + HEADER + length;
            at = match word(0) {
                0 => usize::MAX - 3,
                distance => at + distance,
            };
        }
        program.check("no more records", at, usize::MAX - 3);
        program.check("their length", bytes, end as u64);
    }

    /// Asks, and expects just these records, which were kept; the end is told apart all
    /// the same.
    pub fn kept(&mut self, program: &Program, what: &str, expected: &[(u32, &str)]) {
        program.check(what, self.ask(), NtStatus::PENDING);
        self.told(program, what, expected);
    }
}
