//! Tokens: opened, copied, filtered, changed.
use abi::io::CURRENT_PROCESS;
use abi::token::{TOKEN_IMPERSONATION, TOKEN_PRIMARY};
use nt::sync::{ALL_ACCESS, made};
use nt::token::{Privileges, adjust_and_tell, duplicate, filter, open, own};
use nt::{Program, call};

use crate::walk::{done, walk};

/// Leaves the token no privilege but one.
const DISABLE_MAX_PRIVILEGE: u32 = 1;

pub fn all(program: &Program) {
    let token = program.done("a token", own());
    let token = token.raw();
    walk(program, "open a token", || open(ALL_ACCESS));
    walk(program, "open a token in the other way", || {
        // SAFETY: writes the handle only.
        made(|at| unsafe { call::nt_open_process_token_ex(CURRENT_PROCESS, ALL_ACCESS, 0, at) })
    });
    for token_type in [TOKEN_PRIMARY, TOKEN_IMPERSONATION] {
        for effective_only in [false, true] {
            walk(program, "copy a token", || {
                duplicate(token, ALL_ACCESS, 0, effective_only, token_type)
            });
        }
    }
    walk(program, "filter a token", || {
        filter(token, DISABLE_MAX_PRIVILEGE, 0, 0, 0)
    });
    let copy = duplicate(token, ALL_ACCESS, 0, false, TOKEN_PRIMARY);
    let copy = program.done("a copy", copy);
    let mut before = [0; 256];
    walk(program, "adjust privileges", || {
        done(adjust_and_tell::<1>(copy.raw(), None, &mut before).0)
    });
    walk(program, "adjust a list of privileges", || {
        let wanted = Privileges {
            count: 1,
            entries: [[23, 0, 2]],
        };
        done(adjust_and_tell(copy.raw(), Some(&wanted), &mut before).0)
    });
}
