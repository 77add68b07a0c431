//! Which numbers are protections, and what each allows.

use super::*;

/// Number, then read, write, execute, copy-on-write.
const ALLOWED: [(u32, bool, bool, bool, bool); 8] = [
    (0x01, false, false, false, false),
    (0x02, true, false, false, false),
    (0x04, true, true, false, false),
    (0x08, true, true, false, true),
    (0x10, true, false, true, false),
    (0x20, true, false, true, false),
    (0x40, true, true, true, false),
    (0x80, true, true, true, true),
];

#[test]
fn each_protection_allows_what_nt_says() {
    for (number, read, write, execute, copies) in ALLOWED {
        let protection = Protection::from_nt(number).unwrap();
        assert_eq!(protection.nt(), number);
        let rights = Rights {
            read,
            write,
            execute,
        };
        assert_eq!(protection.rights(), rights);
        assert_eq!(protection.is_copy_on_write(), copies);
        assert_eq!(protection.is_writable_and_executable(), write && execute);
        for access in [Access::Read, Access::Write, Access::Execute] {
            let allowed = match access {
                Access::Read => read,
                Access::Write => write,
                Access::Execute => execute,
            };
            assert_eq!(rights.allow(access), allowed);
        }
    }
}

#[test]
fn a_guard_is_a_modifier() {
    for (number, ..) in ALLOWED {
        let guarded = Protection::from_nt(number | 0x100);
        if number == 0x01 {
            assert_eq!(guarded, Err(VmError::InvalidPageProtection));
            continue;
        }
        let plain = Protection::from_nt(number).unwrap();
        assert_eq!(guarded, Ok(plain.with_guard()));
        assert!(plain.with_guard().is_guard() && !plain.is_guard());
        assert_eq!(plain.with_guard().without_guard(), plain);
        assert_eq!(plain.with_guard().rights(), plain.rights());
    }
}

#[test]
fn targets_of_calls_are_said_of_executable_pages_only() {
    for (number, ..) in ALLOWED {
        let expected = match number < 0x10 {
            true => Err(VmError::InvalidPageProtection),
            false => Protection::from_nt(number),
        };
        assert_eq!(Protection::from_nt(number | 0x4000_0000), expected);
    }
}

#[test]
fn every_other_number_is_refused() {
    let valid = |number: u32| ALLOWED.iter().any(|row| row.0 == number & !0x100);
    for number in (0..0x1000).chain([0x8000_0002, 0x4000_0004, u32::MAX]) {
        let expected = valid(number) && number != 0x101;
        assert_eq!(Protection::from_nt(number).is_ok(), expected, "{number:#x}");
    }
}

#[test]
fn a_new_view_copies_where_the_section_can_be_read() {
    let view = |asked: Protection, section| asked.for_new_view(section);
    let (read, write) = (Protection::READ_ONLY, Protection::READ_WRITE);
    let (copy, code) = (Protection::WRITE_COPY, Protection::EXECUTE_WRITE_COPY);
    assert_eq!(view(copy, read), Some(copy));
    assert_eq!(view(copy, write), Some(copy));
    assert_eq!(view(write, read), None);
    assert_eq!(view(write, copy), Some(copy));
    assert_eq!(view(code, read), None);
    assert_eq!(view(code, Protection::EXECUTE_READ), Some(code));
}
