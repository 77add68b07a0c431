//! Random calls with random arguments; a seed replays them.
//!
//! Nothing here may end the program or the kernel. The arguments are chosen so
//! that the program does not saw off its own branch: the memory calls are led
//! to an arena or to nonsense, never to the image, the stack or the blocks.
#![no_std]
#![no_main]
nt::program!("fuzz", main);

use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::memory::*;
use abi::services::{FREESTANDING, Kind, Service, numbers};
use nt::call::ARGUMENTS_MAX;
use nt::memory::{Memory, allocate};
use nt::{NtStatus, Program};

const SCRATCH_BYTES: u64 = 0x1_0000;
const ARENA_BYTES: u64 = 0x10_0000;
const CALLS: u64 = 20_000;
/// One call in this many may be any, also one without a handler.
const ANY_ONE_IN: u64 = 8;

/// Calls that would end or stop this program, or write over it, with a handle that
/// is good: they get one that is not. Their own tests use them.
const WITHOUT_HANDLE: [u32; 13] = [
    numbers::NtAssignProcessToJobObject,
    numbers::NtCreateThreadEx,
    numbers::NtMapViewOfSection,
    numbers::NtMapViewOfSectionEx,
    numbers::NtSetContextThread,
    numbers::NtSuspendProcess,
    numbers::NtSuspendThread,
    numbers::NtTerminateJobObject,
    numbers::NtTerminateProcess,
    numbers::NtTerminateThread,
    numbers::NtUnmapViewOfSection,
    numbers::NtUnmapViewOfSectionEx,
    numbers::NtWriteVirtualMemory,
];

/// Calls after which this program would go on elsewhere, or nowhere.
const LEFT_OUT: [u32; 3] = [
    numbers::NtContinue,
    numbers::NtContinueEx,
    numbers::NtRaiseException,
];

/// Addresses and numbers with a reputation.
const NONSENSE: [u64; 16] = [
    0,
    1,
    8,
    0xFFF,
    0x1_0000,
    0x7FFF_FFFF,
    0xFFFF_FFFF,
    0x7FFF_FFFE_F000,
    0x7FFF_FFFF_0000,
    0x7FFF_FFFF_FFF8,
    0x8000_0000_0000,
    0xFFFF_8000_0000_0000,
    0xFFFF_FFFF_8010_0000,
    0x8000_0000_0000_0000,
    u64::MAX - 7,
    u64::MAX,
];

struct Fuzzer {
    state: u64,
    scratch: u64,
    arena: u64,
}

fn main(program: &Program) {
    let number = |position| {
        program
            .arguments()
            .nth(position)
            .and_then(|text| text.number())
    };
    let seed = number(1).unwrap_or(1);
    let calls = number(2).unwrap_or(CALLS);
    let size = MEM_RESERVE | MEM_COMMIT;
    let scratch = program
        .done("scratch", allocate(0, SCRATCH_BYTES, size, PAGE_READWRITE))
        .base;
    let arena = program
        .done("arena", Memory::reserve(ARENA_BYTES))
        .range()
        .base;
    let mut fuzzer = Fuzzer {
        state: seed.wrapping_mul(2).wrapping_add(1),
        scratch,
        arena,
    };
    let mut succeeded = 0;
    for _ in 0..calls {
        if fuzzer.one().is_success() {
            succeeded += 1;
        }
    }
    program.require("some calls succeeded", succeeded > 0);
    nt::println!("fuzz: seed {seed}, {calls} calls, {succeeded} succeeded");
}

impl Fuzzer {
    /// A random number: xorshift*, of which the upper half is good.
    fn random(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.random() % limit
    }

    fn nonsense(&mut self) -> u64 {
        let index = self.below(NONSENSE.len() as u64) as usize;
        NONSENSE[index].wrapping_add(self.below(3)).wrapping_sub(1)
    }

    /// Makes one call.
    fn one(&mut self) -> NtStatus {
        let mut arguments = [0; ARGUMENTS_MAX];
        let mut number = self.number();
        if let Some(service) = FREESTANDING.get(number as usize) {
            for (position, argument) in service.arguments.iter().enumerate() {
                arguments[position] = self.argument(service, argument.name, argument.kind);
            }
        } else {
            number = self.random() << 16 | self.random();
            if (number as u32 as usize) < FREESTANDING.len() {
                number |= 0x8000_0000;
            }
            arguments = core::array::from_fn(|_| self.nonsense());
        }
        // SAFETY: see the head of this file.
        NtStatus(unsafe { nt::call::any(number, arguments) } as u32)
    }

    /// The number of a call, or the one behind the last.
    fn number(&mut self) -> u64 {
        let is_any = self.below(ANY_ONE_IN) == 0;
        loop {
            let number = self.below(FREESTANDING.len() as u64 + 1);
            if LEFT_OUT.contains(&(number as u32)) {
                continue;
            }
            let service = FREESTANDING.get(number as usize);
            if is_any || service.is_some_and(Service::is_served) {
                return number;
            }
        }
    }

    fn argument(&mut self, service: &Service, name: &str, kind: Kind) -> u64 {
        let garbage = self.random() << 32;
        match (name, kind) {
            (_, Kind::Handle) => self.handle(service),
            ("length", _) => self.length(service) | garbage,
            (_, Kind::Value8) => self.below(2) | garbage,
            (_, kind) if kind.bits() < 64 => self.small_number() | garbage,
            (_, Kind::Value64) => match self.below(2) {
                0 => self.below(64),
                _ => self.nonsense(),
            },
            (_, Kind::Interval | Kind::IntervalOptional) => self.interval(),
            _ => self.pointer(kind),
        }
    }

    fn handle(&mut self, service: &Service) -> u64 {
        match self.below(4) {
            _ if WITHOUT_HANDLE.contains(&service.number) => 0xBAD0,
            // It would wait for input that never comes.
            0..3 if service.number == numbers::NtReadFile => CURRENT_PROCESS,
            0..3 if service.number == numbers::NtWriteFile => {
                nt::program::parameters().standard_output
            }
            0..3 => CURRENT_PROCESS,
            _ => [CURRENT_THREAD, 4, 0xBAD0, 1 << 63][self.below(4) as usize],
        }
    }

    /// Written text would flood the console, so it is empty or refused.
    fn length(&mut self, service: &Service) -> u64 {
        if service.number == numbers::NtWriteFile {
            return 0;
        }
        [0, 8, 0x30, 0x138, 0x1000, 0xFFFF_FFFF][self.below(6) as usize]
    }

    /// Flags, protections, classes.
    fn small_number(&mut self) -> u64 {
        match self.below(4) {
            0 => self.below(8),
            1 => 1 << self.below(32),
            2 => u64::from(
                [MEM_COMMIT, MEM_RESERVE, MEM_DECOMMIT, MEM_RELEASE][self.below(4) as usize],
            ),
            _ => self.below(1 << 16) & 0x3FFF,
        }
    }

    /// The address of an interval that is over at once, or nonsense.
    fn interval(&mut self) -> u64 {
        if self.below(4) == 0 {
            return 1 << 63 | self.nonsense();
        }
        // SAFETY: inside the scratch memory, aligned.
        unsafe { (self.scratch as *mut i64).write_volatile(-(self.below(100) as i64)) };
        self.scratch
    }

    /// The address of a number that leads into the arena, or nonsense.
    fn pointer(&mut self, kind: Kind) -> u64 {
        match self.below(5) {
            0 => return self.unowned_nonsense(),
            1 if matches!(kind, Kind::Out | Kind::OutOptional | Kind::HandleOut) => {
                return self.arena + self.below(ARENA_BYTES);
            }
            _ => {}
        }
        let value = match self.below(8) {
            0 => self.unowned_nonsense(),
            1 => 0,
            2..5 => self.arena + self.below(ARENA_BYTES),
            // A size; as an address it may be of something this program needs.
            _ => match self.below(ARENA_BYTES) {
                size if is_in_use(size) => 0,
                size => size,
            },
        };
        let place = self.scratch + 8 + self.below(SCRATCH_BYTES / 2);
        // SAFETY: inside the scratch memory.
        unsafe { (place as *mut u64).write_unaligned(value) };
        place
    }

    /// Nonsense that is not the address of something this program needs.
    fn unowned_nonsense(&mut self) -> u64 {
        let value = self.nonsense();
        if is_in_use(value) { 0 } else { value }
    }
}

fn is_in_use(address: u64) -> bool {
    nt::memory::query(address).is_ok_and(|found| found.state != MEM_FREE)
}
