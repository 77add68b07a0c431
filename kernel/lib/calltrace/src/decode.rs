//! From the words of a call to names and values.

use abi::NtStatus;
use abi::io::CURRENT_PROCESS;
use abi::services::{ARGUMENTS_MAX, Argument, ArgumentName, Kind, Meaning, Service, Shown};

use crate::caller::Caller;
use crate::value::Value;
use crate::{handles, memory, structures};

/// The words of a call's arguments; `None`: it lies where nothing can be read.
pub type Arguments = [Option<u64>; ARGUMENTS_MAX];

/// More of a buffer is not shown.
const BYTES_MAX: usize = 64;

/// Gives the arguments a call is made with, in order.
pub fn inputs(
    service: &Service,
    arguments: &Arguments,
    caller: &dyn Caller,
    give: &mut dyn FnMut(ArgumentName, &Value<'_>),
) {
    let decoder = Decoder {
        service,
        arguments,
        caller,
    };
    for (argument, word) in service.arguments.iter().zip(arguments) {
        let name = service.name_of(argument);
        let mut give_value = |value: &Value<'_>| give(name, value);
        match word {
            None => give_value(&Value::Missing),
            Some(word) => decoder.input(argument, shortened(*word, argument), &mut give_value),
        }
    }
}

/// Gives what a call left behind, without what cannot be read.
pub fn outputs(
    service: &Service,
    arguments: &Arguments,
    status: NtStatus,
    caller: &dyn Caller,
    give: &mut dyn FnMut(ArgumentName, &Value<'_>),
) {
    let decoder = Decoder {
        service,
        arguments,
        caller,
    };
    for (argument, word) in service.arguments.iter().zip(arguments) {
        let Some(word) = word.filter(|&word| word != 0) else {
            continue;
        };
        if argument.kind.is_written() && is_left(argument, status) {
            let name = service.name_of(argument);
            decoder.output(argument, word, &mut |value| match value {
                Value::Unreadable(_) => {}
                value => give(name, value),
            });
        }
    }
}

/// Whether a call with that result wrote what this points to.
fn is_left(argument: &Argument, status: NtStatus) -> bool {
    const SEVERITY_ERROR: u32 = 0xC000_0000;
    let wants_more = matches!(
        status,
        NtStatus::INFO_LENGTH_MISMATCH | NtStatus::BUFFER_TOO_SMALL
    );
    status.0 < SEVERITY_ERROR || wants_more && argument.name == RETURN_LENGTH
}

/// What the list calls the place for the length of an answer.
const RETURN_LENGTH: &str = "return_length";

/// What the list adds to a handle's name for the process that has it.
const HOLDER_SUFFIX: &str = "_process";

/// The bits of an argument that count.
fn shortened(word: u64, argument: &Argument) -> u64 {
    let unused = u64::BITS.saturating_sub(argument.kind.bits());
    word & u64::MAX.checked_shr(unused).unwrap_or(0)
}

struct Decoder<'a> {
    service: &'a Service,
    arguments: &'a Arguments,
    caller: &'a dyn Caller,
}

type Use<'a> = &'a mut dyn FnMut(&Value<'_>);

impl Decoder<'_> {
    fn input(&self, argument: &Argument, word: u64, use_it: Use<'_>) {
        let meaning = self.service.meaning(argument);
        let is_only_written = matches!(
            argument.kind,
            Kind::Out | Kind::OutOptional | Kind::HandleOut
        );
        match meaning {
            Meaning::Number(Shown::Handle) => {
                handles::one_of(self.caller, self.holder(argument), word, use_it);
            }
            Meaning::Number(shown) => use_it(&Value::Number(word, shown)),
            _ if word == 0 => use_it(&Value::Address(0)),
            // Of the text there is the buffer only.
            Meaning::Text if argument.kind == Kind::InOut => self.address(word, use_it),
            _ if is_only_written => self.address(word, use_it),
            Meaning::Bytes(length) => {
                self.bytes(word, self.word(length).unwrap_or(0), use_it);
            }
            meaning => self.pointed(argument, meaning, word, use_it),
        }
    }

    fn output(&self, argument: &Argument, word: u64, use_it: Use<'_>) {
        match self.service.meaning(argument) {
            Meaning::Bytes(length) => {
                let room = self.word(length).unwrap_or(0);
                let used = self.written_bytes().unwrap_or(room);
                self.bytes(word, room.min(used), use_it);
            }
            meaning => self.pointed(argument, meaning, word, use_it),
        }
    }

    /// How many bytes the call says it wrote.
    fn written_bytes(&self) -> Option<u64> {
        let arguments = self.service.arguments.iter().zip(self.arguments);
        arguments.into_iter().find_map(|(argument, word)| {
            let address = word.filter(|&word| word != 0)?;
            match self.service.meaning(argument) {
                Meaning::Pointer(_, bytes) if argument.name == RETURN_LENGTH => {
                    memory::number(self.caller, address, bytes)
                }
                Meaning::IoStatus => {
                    let information = core::mem::offset_of!(abi::io::IoStatusBlock, information);
                    let information = u64::try_from(information).ok()?;
                    memory::number(self.caller, address.wrapping_add(information), 8)
                }
                _ => None,
            }
        })
    }

    fn pointed(&self, argument: &Argument, meaning: Meaning, address: u64, use_it: Use<'_>) {
        match meaning {
            Meaning::Number(_) | Meaning::Bytes(_) => {}
            Meaning::Address => self.address(address, use_it),
            Meaning::Pointer(shown, bytes) => {
                match (memory::number(self.caller, address, bytes), shown) {
                    (None, _) => use_it(&Value::Unreadable(address)),
                    (Some(handle), Shown::Handle) => {
                        let holder = self.holder(argument);
                        handles::one_of(self.caller, holder, handle, &mut |value| {
                            use_it(&Value::Pointed(value));
                        });
                    }
                    (Some(number), shown) => {
                        use_it(&Value::Pointed(&Value::Number(number, shown)));
                    }
                }
            }
            Meaning::Handles(count) => {
                let count = self.word(count).unwrap_or(0);
                handles::many(self.caller, address, count, use_it);
            }
            Meaning::Attributes => structures::attributes(self.caller, address, use_it),
            Meaning::Text => structures::text(self.caller, address, use_it),
            Meaning::ClientId => structures::client_id(self.caller, address, use_it),
            Meaning::Context => structures::context(self.caller, address, use_it),
            Meaning::Record => structures::record(self.caller, address, use_it),
            Meaning::IoStatus => structures::io_status(self.caller, address, use_it),
        }
    }

    /// Whose a handle is: `source` one of `source_process`, if there is such an
    /// argument, else one of the caller's.
    fn holder(&self, argument: &Argument) -> u64 {
        let is_holder = |other: &&Argument| {
            other.name.strip_prefix(argument.name) == Some(HOLDER_SUFFIX)
                && other.kind == Kind::Handle
        };
        let holder = self.service.arguments.iter().find(is_holder);
        let word = holder.and_then(|holder| self.word(holder.name));
        word.unwrap_or(CURRENT_PROCESS)
    }

    /// An address, marked if nothing can be read there.
    fn address(&self, address: u64, use_it: Use<'_>) {
        match self.caller.read(address, &mut [0]) {
            true => use_it(&Value::Address(address)),
            false => use_it(&Value::Unreadable(address)),
        }
    }

    fn bytes(&self, address: u64, length: u64, use_it: Use<'_>) {
        let mut bytes = [0; BYTES_MAX];
        let shown = usize::try_from(length).map_or(BYTES_MAX, |length| length.min(BYTES_MAX));
        let Some(place) = bytes.get_mut(..shown) else {
            return;
        };
        match shown == 0 || self.caller.read(address, place) {
            true => use_it(&Value::Pointed(&Value::Bytes(place, length))),
            false => use_it(&Value::Unreadable(address)),
        }
    }

    /// The word of the argument of that name.
    fn word(&self, name: &str) -> Option<u64> {
        let arguments = self.service.arguments.iter().zip(self.arguments);
        let mut named = arguments.into_iter().filter(|(one, _)| one.name == name);
        let (argument, word) = named.next()?;
        Some(shortened((*word)?, argument))
    }
}
