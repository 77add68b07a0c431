//! Questions of every class, for which some calls need memory of their own.
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::memory::PAGE_READWRITE;
use abi::section::SEC_COMMIT;
use nt::object::{Name, create_event, open};
use nt::{NtStatus, Program, call, job, section, token};

use crate::walk::{done, walk};

/// Longer than any answer to what is asked here.
const ANSWER_WORDS: usize = 256;
const CLASSES: u32 = 120;

/// A question: handle, class, buffer, length.
type Ask = fn(u64, u64, u64, u64) -> NtStatus;

/// What can be asked: its name, a handle, and the call.
macro_rules! ask {
    ($stub:ident) => {
        |handle, class, buffer, length| {
            let mut returned = 0_u64;
            // SAFETY: writes the buffer and the length only.
            unsafe { call::$stub(handle, class, buffer, length, &raw mut returned as u64) }
        }
    };
}

pub fn all(program: &Program) {
    let name = Name::new("\\BaseNamedObjects\\Asked");
    let (_, event) = create_event(&name);
    let event = program.done("an event", event);
    let token = program.done("a token", token::own());
    let job = program.done("a job", job::create());
    let made = section::create(0x1000, PAGE_READWRITE, SEC_COMMIT);
    let made = program.done("a section", made);
    let asked: [(&str, u64, Ask); 6] = [
        (
            "process",
            CURRENT_PROCESS,
            ask!(nt_query_information_process),
        ),
        ("thread", CURRENT_THREAD, ask!(nt_query_information_thread)),
        ("object", event.raw(), ask!(nt_query_object)),
        ("token", token.raw(), ask!(nt_query_information_token)),
        ("job", job.raw(), ask!(nt_query_information_job_object)),
        ("section", made.raw(), ask!(nt_query_section)),
    ];
    for (what, handle, ask) in asked {
        for class in 0..CLASSES {
            if let Some(length) = length_of(ask, handle, class) {
                ask_one(program, what, ask, (handle, class, length));
            }
        }
    }
    directory(program);
}

/// A length with which a question of a class succeeds: the whole buffer, else the
/// longest that is the size of a structure.
fn length_of(ask: Ask, handle: u64, class: u32) -> Option<u64> {
    let mut buffer = [0_u64; ANSWER_WORDS];
    let at = buffer.as_mut_ptr() as u64;
    let most = size_of_val(&buffer) as u64;
    let all = core::iter::once(most).chain((1..0x100).rev());
    all.into_iter()
        .find(|length| ask(handle, class.into(), at, *length).is_success())
}

fn ask_one(program: &Program, what: &str, ask: Ask, (handle, class, length): (u64, u32, u64)) {
    let mut buffer = [0_u64; ANSWER_WORDS];
    let at = buffer.as_mut_ptr() as u64;
    nt::println!("{what}, class {class}, {length} bytes:");
    walk(program, what, || {
        done(ask(handle, class.into(), at, length))
    });
}

fn directory(program: &Program) {
    let name = Name::new("\\");
    let root = open(call::nt_open_directory_object, &name);
    let root = program.done("the root", root);
    let mut buffer = [0_u64; ANSWER_WORDS];
    let (mut context, mut length) = (0_u32, 0_u32);
    walk(program, "list a directory", || {
        // SAFETY: writes buffer, context and length only.
        done(unsafe {
            call::nt_query_directory_object(
                root.raw(),
                buffer.as_mut_ptr() as u64,
                size_of::<[u64; ANSWER_WORDS]>() as u64,
                0,
                1,
                &raw mut context as u64,
                &raw mut length as u64,
            )
        })
    });
}
