//! The end of the machine: only with the privilege, and then for everybody.
use abi::access::{TOKEN_ADJUST_PRIVILEGES, TOKEN_QUERY};
use abi::token::{SE_PRIVILEGE_ENABLED, SE_SHUTDOWN_PRIVILEGE};
use nt::machine::{power_action, shut_down as shut_down_by};
use nt::token::{self, Privileges, adjust, privilege};
use nt::{NtStatus, Program};

/// POWER_ACTION: nothing, sleep, switch off; and one that there is not.
const ACTIONS: [(u32, NtStatus); 4] = [
    (0, NtStatus::SUCCESS),
    (2, NtStatus::NOT_SUPPORTED),
    (3, NtStatus::NOT_SUPPORTED),
    (99, NtStatus::INVALID_PARAMETER),
];
/// SYSTEM_POWER_STATE: working.
const WORKING: u32 = 1;
const NO_STATE: u32 = 7;

/// Without the privilege, and with it as far as nothing ends.
pub fn check(program: &Program) {
    for action in [0, 1, 2, 3, u32::MAX] {
        let status = shut_down_by(action);
        program.check("the end", status, NtStatus::PRIVILEGE_NOT_HELD);
        let status = power_action(action, WORKING);
        program.check("an action", status, NtStatus::PRIVILEGE_NOT_HELD);
    }
    set_privilege(program, SE_PRIVILEGE_ENABLED);
    for action in [3, u32::MAX] {
        let status = shut_down_by(action);
        program.check("no such end", status, NtStatus::INVALID_PARAMETER);
    }
    for (action, expected) in ACTIONS {
        let status = power_action(action, WORKING);
        program.check("an action", (action, status), (action, expected));
    }
    let status = power_action(0, NO_STATE);
    program.check("no such state", status, NtStatus::INVALID_PARAMETER);
    set_privilege(program, 0);
}

/// Ends everybody.
pub fn shut_down(program: &Program) -> ! {
    set_privilege(program, SE_PRIVILEGE_ENABLED);
    nt::println!("system: the end of all");
    let status = shut_down_by(2);
    program.fail(format_args!("still there, with {status}"))
}

fn set_privilege(program: &Program, attributes: u32) {
    let access = u64::from(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);
    let token = program.done("the token", token::open(access));
    let wanted = Privileges {
        count: 1,
        entries: [privilege(SE_SHUTDOWN_PRIVILEGE, attributes)],
    };
    let status = adjust(token.raw(), &wanted);
    program.check("the privilege", status, NtStatus::SUCCESS);
}
