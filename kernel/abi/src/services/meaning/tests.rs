//! The rules against the list of services.

extern crate std;
use super::Meaning::{Bytes, Context, Handles, IoStatus};
use super::Shown::{Flags, Signed};
use super::*;
use crate::display::{PROTECTIONS, THREAD_CLASSES};
use crate::services::FREESTANDING;
use std::string::{String, ToString};
use std::vec::Vec;

fn service(name: &str) -> &'static Service {
    let found = FREESTANDING.iter().find(|service| service.name == name);
    found.expect("a service")
}

fn meaning(service_name: &str, argument: &str) -> Meaning {
    let service = service(service_name);
    let argument = service.arguments.iter().find(|one| one.name == argument);
    service.meaning(argument.expect("an argument"))
}

#[test]
fn every_rule_is_of_some_argument() {
    for rule in RULES {
        let is_used = FREESTANDING.iter().any(|service| {
            (rule.1.is_empty() || rule.1.contains(&service.name))
                && service
                    .arguments
                    .iter()
                    .any(|argument| argument.name == rule.0 && service.meaning(argument) == rule.2)
        });
        assert!(is_used, "{rule:?}");
    }
    for name in RULES.iter().flat_map(|(_, services, _)| *services) {
        service(name);
    }
    for (suffix, _) in CLASSES {
        assert!(
            FREESTANDING.iter().any(|one| one.name.ends_with(suffix)),
            "{suffix}"
        );
    }
    for (name, rights) in RIGHTS {
        let has = |service: &Service| service.rights("access") == *rights;
        assert!(FREESTANDING.iter().any(has), "{name}");
    }
}

#[test]
fn lengths_that_rules_name_are_arguments() {
    for service in FREESTANDING {
        for argument in service.arguments {
            if let Bytes(length) | Handles(length) = service.meaning(argument) {
                let given = service.arguments.iter().find(|other| other.name == length);
                let kind = given.map(|given| given.kind);
                assert!(
                    kind.is_some(),
                    "{}: {} {length}",
                    service.name,
                    argument.name
                );
            }
        }
    }
}

#[test]
fn an_address_is_no_number() {
    for service in FREESTANDING {
        for argument in service.arguments {
            let meaning = service.meaning(argument);
            let name = service.name;
            assert_eq!(
                meaning.is_address(),
                argument.kind.is_address(),
                "{name} {argument:?}"
            );
            if let Pointer(_, bytes) = meaning {
                assert!([1, 2, 4, 8].contains(&bytes));
            }
        }
    }
}

#[test]
fn exceptions_come_before_the_rule() {
    let protections = Flags(PROTECTIONS);
    for (service, argument, wanted) in [
        ("NtSetEvent", "previous_state", Pointer(Signed, 4)),
        ("NtSetTimer", "previous_state", Pointer(Bool, 1)),
        ("NtProtectVirtualMemory", "base", Pointer(Hex, 8)),
        (
            "NtProtectVirtualMemory",
            "old_protection",
            Pointer(protections, 4),
        ),
        ("NtUnmapViewOfSection", "base", Number(Hex)),
        ("NtGetContextThread", "context", Context),
        ("NtQueryDirectoryObject", "context", Pointer(Decimal, 4)),
        (
            "NtCreateKeyedEvent",
            "access",
            Number(Access(Rights::KEYED_EVENT)),
        ),
        (
            "NtCreateUserProcess",
            "thread_access",
            Number(Access(Rights::THREAD)),
        ),
        (
            "NtDuplicateObject",
            "access",
            Number(Access(Rights::UNKNOWN)),
        ),
        (
            "NtQueryInformationThread",
            "class",
            Number(One(THREAD_CLASSES)),
        ),
        ("NtQuerySystemTime", "time", Pointer(Time, 8)),
        ("NtWriteFile", "result", IoStatus),
        ("NtWriteFile", "buffer", Bytes("length")),
    ] {
        assert_eq!(meaning(service, argument), wanted, "{service} {argument}");
    }
}

#[test]
fn served_classes_and_masks_have_names() {
    for service in FREESTANDING.iter().filter(|service| service.is_served()) {
        for argument in service.arguments {
            if let Number(One(names)) = service.meaning(argument) {
                assert!(!names.0.is_empty(), "{} {}", service.name, argument.name);
            }
            let meaning = service.meaning(argument);
            let is_plain = meaning == Number(Access(Rights::UNKNOWN));
            let may_be = ["NtDuplicateObject", "NtAccessCheck"].contains(&service.name);
            assert!(!is_plain || may_be, "{} {}", service.name, argument.name);
        }
    }
}

#[test]
fn arguments_are_spelt_as_nt_does() {
    let names = |name: &str| {
        let service = service(name);
        let names = service.arguments.iter();
        let names = names.map(|argument| service.name_of(argument).to_string());
        names.collect::<Vec<String>>().join(" ")
    };
    assert_eq!(
        names("NtCreateEvent"),
        "EventHandle DesiredAccess ObjectAttributes EventType InitialState"
    );
    assert_eq!(
        names("NtReadFile"),
        "FileHandle EventHandle ApcRoutine ApcContext IoStatusBlock Buffer Length ByteOffset Key"
    );
    assert_eq!(names("NtClose"), "Handle");
}
