//! Which services belong together: those of one part of the list.

/// The kind of objects a service is about; traces are chosen by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Objects in general, directories and symbolic links.
    Object,
    /// Events, semaphores, mutants, timers, and waiting.
    Wait,
    /// Threads.
    Thread,
    /// Processes, jobs and debugging.
    Process,
    /// Virtual memory and sections.
    Memory,
    /// Files, pipes and completion ports.
    File,
    /// The registry.
    Registry,
    /// Tokens, privileges and access checks.
    Token,
    /// Message ports and transactions.
    Message,
    /// Time, language, atoms, power and the system as a whole.
    System,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 10] = [
        Self::Object,
        Self::Wait,
        Self::Thread,
        Self::Process,
        Self::Memory,
        Self::File,
        Self::Registry,
        Self::Token,
        Self::Message,
        Self::System,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Wait => "wait",
            Self::Thread => "thread",
            Self::Process => "process",
            Self::Memory => "memory",
            Self::File => "file",
            Self::Registry => "registry",
            Self::Token => "token",
            Self::Message => "message",
            Self::System => "system",
        }
    }

    /// The numbers of its services.
    const fn numbers(self) -> &'static [u32] {
        match self {
            Self::Object => crate::object_services! { numbers_of [] },
            Self::Wait => crate::wait_services! { numbers_of [] },
            Self::Thread => crate::thread_services! { numbers_of [] },
            Self::Process => crate::process_services! { numbers_of [] },
            Self::Memory => crate::memory_services! { numbers_of [] },
            Self::File => crate::file_services! { numbers_of [] },
            Self::Registry => crate::registry_services! { numbers_of [] },
            Self::Token => crate::token_services! { numbers_of [] },
            Self::Message => crate::message_services! { numbers_of [] },
            Self::System => crate::system_services! { numbers_of [] },
        }
    }

    /// The family of a service.
    #[allow(
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "evaluated by the compiler only"
    )]
    pub(super) const fn of(number: u32) -> Self {
        let mut family = 0;
        while family < Self::ALL.len() {
            let numbers = Self::ALL[family].numbers();
            let mut place = 0;
            while place < numbers.len() {
                if numbers[place] == number {
                    return Self::ALL[family];
                }
                place += 1;
            }
            family += 1;
        }
        panic!("a part of the list is no family's");
    }
}

/// The numbers of one part of the list.
macro_rules! numbers_of {
    ($(
        $number:literal $name:ident $function:ident
        ($($argument:ident: $kind:ident),*)
        ($($coverage:tt)*) $file:literal [$($test:literal),*];
    )*) => {
        &[$($number),*]
    };
}
use numbers_of;

#[cfg(test)]
mod tests {
    use super::Family;
    use crate::services::FREESTANDING;

    #[test]
    fn a_service_has_the_family_of_its_part() {
        for (name, family) in [
            ("NtClose", Family::Object),
            ("NtSetEvent", Family::Wait),
            ("NtResumeThread", Family::Thread),
            ("NtCreateSection", Family::Memory),
            ("NtWriteFile", Family::File),
            ("NtQuerySystemTime", Family::System),
        ] {
            let service = FREESTANDING.iter().find(|service| service.name == name);
            assert_eq!(
                service.map(|service| service.family),
                Some(family),
                "{name}"
            );
        }
        for family in Family::ALL {
            let has_one = |service: &crate::services::Service| service.family == family;
            assert!(FREESTANDING.iter().any(has_one), "{family:?}");
        }
    }
}
