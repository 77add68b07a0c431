//! Threads that act for someone else: whom, how far, and what they may open.
use super::{copies::impersonation, one, own, sids};
use abi::access::*;
use abi::io::CURRENT_THREAD;
use abi::thread::THREAD_IMPERSONATION_TOKEN;
use abi::token::*;
use nt::information::{self, Of};
use nt::object::{Name, create_event, duplicate, open_with};
use nt::sync::{self, Handle};
use nt::token::{self, adjust, filter, query, query_into, set};
use nt::{NtStatus, Program, call};

const PATH: &str = "\\BaseNamedObjects\\Clients";
const DONE: NtStatus = NtStatus::SUCCESS;
const DENIED: NtStatus = NtStatus::ACCESS_DENIED;

pub fn all(program: &Program) {
    let (_, event) = create_event(&Name::new(PATH));
    let _event = program.done("an event", event);
    refused(program);
    the_same_user(program);
    levels(program);
    nobody(program);
    with_less(program);
    program.check("as before", open(EVENT_ALL_ACCESS), DONE);
}

/// Acts for whom a handle's token says; 0: for the process.
fn act_for(handle: u64) -> NtStatus {
    let class = THREAD_IMPERSONATION_TOKEN;
    information::set(Of::Thread, CURRENT_THREAD, class, &handle)
}

fn open(access: u32) -> NtStatus {
    let opened = open_with(call::nt_open_event, &Name::new(PATH), access.into());
    opened.err().unwrap_or(DONE)
}

fn be_nobody(thread: u64) -> NtStatus {
    // SAFETY: takes no address.
    unsafe { call::nt_impersonate_anonymous_token(thread) }
}

fn refused(program: &Program) {
    let token = own(program);
    let event = program.done("an event", sync::event(true, false));
    program.check("none", act_for(0), DONE);
    program.check(
        "a process's",
        act_for(token.raw()),
        NtStatus::BAD_TOKEN_TYPE,
    );
    program.check(
        "no token",
        act_for(event.raw()),
        NtStatus::OBJECT_TYPE_MISMATCH,
    );
    program.check("no handle", act_for(0xBAD0), NtStatus::INVALID_HANDLE);
    let client = impersonation(program, &token, SECURITY_LEVEL_IMPERSONATION);
    let less = duplicate(client.raw(), TOKEN_QUERY.into(), 0, 0);
    let less = program.done("to ask only", less);
    program.check("without access", act_for(less.raw()), DENIED);
    let access = u64::from(THREAD_ALL_ACCESS & !(THREAD_SET_THREAD_TOKEN | THREAD_IMPERSONATE));
    let thread = program.done("this thread", duplicate(CURRENT_THREAD, access, 0, 0));
    let class = THREAD_IMPERSONATION_TOKEN;
    let refused = information::set(Of::Thread, thread.raw(), class, &client.raw());
    program.check("may not set", refused, DENIED);
    program.check("nor be nobody", be_nobody(thread.raw()), DENIED);
    program.check(
        "of no thread",
        be_nobody(event.raw()),
        NtStatus::OBJECT_TYPE_MISMATCH,
    );
    let none = query::<u32>(CURRENT_THREAD_TOKEN, TOKEN_TYPE);
    program.check("for nobody yet", none.err(), Some(NtStatus::NO_TOKEN));
}

fn kinds(program: &Program, expected: [u32; 3]) {
    let pseudo = [
        CURRENT_PROCESS_TOKEN,
        CURRENT_THREAD_TOKEN,
        CURRENT_EFFECTIVE_TOKEN,
    ];
    let found = pseudo.map(|handle| query::<u32>(handle, TOKEN_TYPE));
    program.check("by pseudo handles", found, expected.map(Ok));
}

fn the_same_user(program: &Program) {
    let token = own(program);
    let client = impersonation(program, &token, SECURITY_LEVEL_IMPERSONATION);
    program.check("acts for it", act_for(client.raw()), DONE);
    kinds(
        program,
        [TOKEN_PRIMARY, TOKEN_IMPERSONATION, TOKEN_IMPERSONATION],
    );
    for opened in token::open_of_thread() {
        let opened = program.done("its token", opened);
        let level = query::<u32>(opened.raw(), TOKEN_IMPERSONATION_LEVEL);
        program.check("its level", level, Ok(SECURITY_LEVEL_IMPERSONATION));
        let [ours, its] = [client.raw(), opened.raw()]
            .map(|handle| query::<TokenStatistics>(handle, TOKEN_STATISTICS));
        let (ours, its) = (program.done("ours", ours), program.done("its", its));
        program.check("the same token", its.token_id.low, ours.token_id.low);
    }
    program.check("opened", open(EVENT_ALL_ACCESS), DONE);
    // The handle may go; the thread keeps what it has.
    drop(client);
    kinds(
        program,
        [TOKEN_PRIMARY, TOKEN_IMPERSONATION, TOKEN_IMPERSONATION],
    );
    program.check("no more", act_for(0), DONE);
    let none = token::open_of_thread().map(|opened| opened.err());
    program.check("no token", none, [Some(NtStatus::NO_TOKEN); 2]);
    program.check(
        "again its process's",
        query::<u32>(CURRENT_EFFECTIVE_TOKEN, TOKEN_TYPE),
        Ok(TOKEN_PRIMARY),
    );
}

fn levels(program: &Program) {
    let token = own(program);
    for (level, opened, token_opened) in [
        (
            SECURITY_LEVEL_ANONYMOUS,
            NtStatus::BAD_IMPERSONATION_LEVEL,
            Some(NtStatus::CANT_OPEN_ANONYMOUS),
        ),
        (
            SECURITY_LEVEL_IDENTIFICATION,
            NtStatus::BAD_IMPERSONATION_LEVEL,
            None,
        ),
        (SECURITY_LEVEL_DELEGATION, DONE, None),
    ] {
        let client = impersonation(program, &token, level);
        program.check("acts for it", act_for(client.raw()), DONE);
        program.check("opened", open(EVENT_ALL_ACCESS), opened);
        let its = token::open_of_thread().map(|opened| opened.err());
        program.check("its token, as itself", its, [token_opened; 2]);
        // SAFETY: writes the handle only.
        let as_client = sync::made(|at| unsafe {
            call::nt_open_thread_token(CURRENT_THREAD, TOKEN_QUERY.into(), 0, at)
        });
        let expected = token_opened.or(Some(opened).filter(|status| !status.is_success()));
        program.check("its token, as the client", as_client.err(), expected);
        program.check("no more", act_for(0), DONE);
    }
}

fn nobody(program: &Program) {
    const NOBODY: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 7, 0, 0, 0];
    program.check("is nobody", be_nobody(CURRENT_THREAD), DONE);
    let mut answer = [0_u8; 64];
    let asked = query_into(CURRENT_EFFECTIVE_TOKEN, TOKEN_USER, &mut answer);
    let opened = open(EVENT_QUERY_STATE);
    let again = open(MAXIMUM_ALLOWED);
    let level = query::<u32>(CURRENT_THREAD_TOKEN, TOKEN_IMPERSONATION_LEVEL);
    let found = query::<TokenStatistics>(CURRENT_THREAD_TOKEN, TOKEN_STATISTICS);
    program.check("no more", act_for(0), DONE);
    program.check("who", asked, (DONE, 28));
    program.check("who", &answer[16..28], NOBODY.as_slice());
    program.check("may open nothing", [opened, again], [DENIED; 2]);
    program.check("its level", level, Ok(SECURITY_LEVEL_IMPERSONATION));
    let found = program.done("its statistics", found);
    program.check("nobody's session", found.authentication_id.low, 0x3E6);
}

fn with_less(program: &Program) {
    let token = own(program);
    let restricted = sids::Groups::new([(sids::EVERYONE.as_slice(), 0)]);
    let less = filter(token.raw(), 0, 0, 0, restricted.address());
    let less = program.done("restricted", less);
    let client = impersonation(program, &less, SECURITY_LEVEL_IMPERSONATION);
    program.check("acts for it", act_for(client.raw()), DONE);
    let opened = open(EVENT_QUERY_STATE);
    program.check("no more", act_for(0), DONE);
    program.check("not everyone's", opened, DENIED);

    let client = impersonation(program, &token, SECURITY_LEVEL_IMPERSONATION);
    let low = SidAndAttributes {
        sid: sids::LOW.as_ptr() as u64,
        attributes: SE_GROUP_INTEGRITY,
        reserved_0c: 0,
    };
    let lowered = set(client.raw(), TOKEN_INTEGRITY_LEVEL, &low);
    program.check("lowered", lowered, DONE);
    let wanted = one(SE_SHUTDOWN_PRIVILEGE, SE_PRIVILEGE_ENABLED);
    program.check("enabled", adjust(client.raw(), &wanted), DONE);
    program.check("acts for it", act_for(client.raw()), DONE);
    let opened = [EVENT_QUERY_STATE, EVENT_MODIFY_STATE, EVENT_ALL_ACCESS].map(open);
    let name = "\\BaseNamedObjects\\Low";
    let made = create_event(&Name::new(name)).1;
    let own = open_with(call::nt_open_event, &Name::new(name), 0x1F_0003).err();
    program.check("no more", act_for(0), DONE);
    program.check("nothing upwards", opened, [DONE, DENIED, DENIED]);
    program.check("what is its own", own, None);
    let made: Handle = program.done("made", made);
    drop(made);
}
