//! Creating processes.

use abi::NtStatus;
use abi::access::{
    JOB_OBJECT_ASSIGN_PROCESS, PROCESS_CREATE_PROCESS, PROCESS_DUP_HANDLE, TOKEN_ASSIGN_PRIMARY,
};
use abi::attribute::{
    PS_ATTRIBUTE_DEBUG_OBJECT, PS_ATTRIBUTE_HANDLE_LIST, PS_ATTRIBUTE_IMAGE_INFORMATION,
    PS_ATTRIBUTE_IMAGE_NAME, PS_ATTRIBUTE_JOB_LIST, PS_ATTRIBUTE_MACHINE_TYPE,
    PS_ATTRIBUTE_PARENT_PROCESS, PS_ATTRIBUTE_TOKEN, PsAttribute, PsCreateInfo,
};
use abi::process::{
    PROCESS_CREATE_FLAGS_BREAKAWAY, PROCESS_CREATE_FLAGS_INHERIT_HANDLES,
    PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT, PROCESS_CREATE_FLAGS_SUSPENDED,
};
use abi::section::SectionImageInformation;
use alloc::vec::Vec;
use executive::ids::Id;
use executive::job::Job;
use executive::memory::HeldImage;
use executive::object::{Object, ObjectKind};
use executive::process::{NewThread, Process, Thread};
use executive::token::{Token, TokenKind};
use hal::Ref;

use super::console;
use crate::attributes::{self, AttributeList, ThreadResults};
use crate::call::{Call, Outcome, probe, read_vec, refused};
use crate::image;
use crate::new_handle::NewHandle;
use crate::parameters::Parameters;
use crate::path;
use crate::personality_of;
use crate::set_up;
use crate::thread::client_id;

/// Debuggers, of which there are none, are not passed on.
const PROCESS_FLAGS: u32 = PROCESS_CREATE_FLAGS_BREAKAWAY
    | PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT
    | PROCESS_CREATE_FLAGS_INHERIT_HANDLES
    | PROCESS_CREATE_FLAGS_SUSPENDED;
const THREAD_SUSPENDED: u32 = 1;
/// Bytes of a path.
const MOST_NAME_BYTES: u64 = 0xFFFE;
const HANDLE_BYTES: u64 = 8;
/// Handles of a list; more than a process sensibly passes on.
const MOST_LISTED: u64 = 0x1_0000;

/// NtCreateUserProcess(process, thread, process access, thread access, process
/// attributes, thread attributes, process flags, thread flags, parameters, create
/// info, attribute list)
pub(crate) fn nt_create_user_process(call: &Call<'_>) -> Outcome {
    let new_process = NewHandle::at(
        call.word(0)?,
        ObjectKind::Process,
        call.value32(2)?,
        call.word(4)?,
    )?;
    let new_thread = NewHandle::at(
        call.word(1)?,
        ObjectKind::Thread,
        call.value32(3)?,
        call.word(5)?,
    )?;
    let (process_flags, thread_flags) = (call.value32(6)?, call.value32(7)?);
    if process_flags & !PROCESS_FLAGS != 0 {
        return Err(NtStatus::INVALID_PARAMETER_7);
    }
    if thread_flags & !THREAD_SUSPENDED != 0 {
        return Err(NtStatus::INVALID_PARAMETER_8);
    }
    // What it says to Windows' own callers is of no use here, but it is a place.
    probe::<PsCreateInfo>(call.word(9)?)?;
    let wanted = Wanted::read(call, call.word(10)?)?;
    let parameters = Parameters::of_caller(call.word(8)?, wanted.dos_path())?;
    let is_suspended =
        thread_flags & THREAD_SUSPENDED != 0 || process_flags & PROCESS_CREATE_FLAGS_SUSPENDED != 0;

    let breaks_away = process_flags & PROCESS_CREATE_FLAGS_BREAKAWAY != 0;
    let asked = parameters.asked();
    let (process, thread) = make(&wanted, parameters, is_suspended, breaks_away)?;
    let inherits = process_flags & PROCESS_CREATE_FLAGS_INHERIT_HANDLES != 0;
    let passed = pass_handles(&wanted, &process, inherits)
        .and_then(|()| console::pass(&wanted.parent, &process, &asked));
    let given = passed.and_then(|()| {
        wanted.tell(&thread)?;
        let handle = new_process.give_made(call, Object::Process(process.clone()))?;
        let thread_handle = new_thread.give_made(call, Object::Thread(thread.clone()));
        if thread_handle.is_err() {
            call.process().handles().close(handle).map_err(refused)?;
        }
        thread_handle
    });
    match given {
        Ok(_) => thread.start(),
        Err(_) => Process::discard(&process, &thread),
    }
    given.map(|_| NtStatus::SUCCESS)
}

/// What the attribute list asks for.
struct Wanted {
    /// NT path of the program.
    path: Vec<u16>,
    image: HeldImage,
    parent: Ref<Process>,
    /// Whose copy it gets instead of its parent's.
    token: Option<Ref<Token>>,
    handles: Option<Vec<u64>>,
    /// The jobs to put it into, the outermost first.
    jobs: Vec<Ref<Job>>,
    results: ThreadResults,
    image_information: Option<PsAttribute>,
}

impl Wanted {
    fn read(call: &Call<'_>, address: u64) -> Result<Self, NtStatus> {
        let list = AttributeList::read(address)?;
        let mut results = ThreadResults::default();
        let (mut path, mut token, mut handles, mut image_information) = (None, None, None, None);
        let mut jobs = Vec::new();
        let mut parent = call.thread().process().clone();
        for attribute in list.iter() {
            if results.take(attribute)? {
                continue;
            }
            match attribute.attribute {
                PS_ATTRIBUTE_IMAGE_NAME => path = Some(read_path(attribute)?),
                PS_ATTRIBUTE_TOKEN => token = Some(primary_token(call, attribute.value)?),
                PS_ATTRIBUTE_HANDLE_LIST => handles = Some(read_handles(attribute)?),
                PS_ATTRIBUTE_JOB_LIST => jobs = read_jobs(call, attribute)?,
                PS_ATTRIBUTE_PARENT_PROCESS => {
                    let wanted = PROCESS_CREATE_PROCESS | PROCESS_DUP_HANDLE;
                    parent = call.process_by(attribute.value, wanted)?;
                }
                PS_ATTRIBUTE_IMAGE_INFORMATION => {
                    attributes::check::<SectionImageInformation>(attribute)?;
                    image_information = Some(*attribute);
                }
                PS_ATTRIBUTE_MACHINE_TYPE if attribute.value == image::MACHINE.into() => {}
                // No handle stands for one: there is no making them.
                PS_ATTRIBUTE_DEBUG_OBJECT => {
                    call.found_by(attribute.value)?;
                    return Err(NtStatus::OBJECT_TYPE_MISMATCH);
                }
                PS_ATTRIBUTE_MACHINE_TYPE => {
                    return Err(NtStatus::IMAGE_MACHINE_TYPE_MISMATCH);
                }
                _ => return Err(NtStatus::INVALID_PARAMETER),
            }
        }
        let path = path.ok_or(NtStatus::INVALID_PARAMETER)?;
        let image = path::program(&path)?;
        Ok(Self {
            path,
            image,
            parent,
            token,
            handles,
            jobs,
            results,
            image_information,
        })
    }

    /// The path that the new program knows itself by.
    fn dos_path(&self) -> &[u16] {
        path::dos(&self.path)
    }

    /// Writes the results that the list asks for.
    fn tell(&self, thread: &Thread) -> Result<(), NtStatus> {
        self.results
            .set(client_id(thread), thread.environment_block())?;
        let information = image::information(&self.image);
        attributes::set(self.image_information.as_ref(), &information)
    }
}

/// The token of a handle, if a process can have it.
fn primary_token(call: &Call<'_>, handle: u64) -> Result<Ref<Token>, NtStatus> {
    let token = call.token_by(handle, TOKEN_ASSIGN_PRIMARY)?;
    match token.kind() {
        TokenKind::Primary => Ok(token),
        TokenKind::Impersonation(_) => Err(NtStatus::BAD_TOKEN_TYPE),
    }
}

fn read_path(attribute: &PsAttribute) -> Result<Vec<u16>, NtStatus> {
    let bytes = attribute.size_bytes;
    if bytes > MOST_NAME_BYTES || !bytes.is_multiple_of(2) {
        return Err(NtStatus::OBJECT_NAME_INVALID);
    }
    let count = usize::try_from(bytes >> 1).map_err(|_| NtStatus::OBJECT_NAME_INVALID)?;
    read_vec(attribute.value, count)
}

fn read_handles(attribute: &PsAttribute) -> Result<Vec<u64>, NtStatus> {
    let count = attribute.size_bytes.wrapping_div(HANDLE_BYTES);
    if count > MOST_LISTED || count.wrapping_mul(HANDLE_BYTES) != attribute.size_bytes {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let count = usize::try_from(count).map_err(|_| NtStatus::INVALID_PARAMETER)?;
    read_vec(attribute.value, count)
}

fn read_jobs(call: &Call<'_>, attribute: &PsAttribute) -> Result<Vec<Ref<Job>>, NtStatus> {
    let handles = read_handles(attribute)?;
    let mut jobs = Vec::new();
    jobs.try_reserve_exact(handles.len())
        .map_err(|_| NtStatus::NO_MEMORY)?;
    for handle in handles {
        jobs.push(call.job_by(handle, JOB_OBJECT_ASSIGN_PROCESS)?);
    }
    Ok(jobs)
}

/// Makes the process and its first thread, which has not started.
fn make(
    wanted: &Wanted,
    parameters: Parameters,
    is_suspended: bool,
    breaks_away: bool,
) -> Result<(Ref<Process>, Ref<Thread>), NtStatus> {
    let parent = &wanted.parent;
    let image = wanted.image.image();
    let personality = personality_of(image);
    personality.check(image).map_err(refused)?;
    let token = wanted.token.as_deref();
    let process = Process::new(image, Some(parent), token, personality).map_err(refused)?;
    process.set_priority_class(parent.priority_class().inherited());
    let error_mode = parent.settings().error_mode.get();
    process.settings().error_mode.set(error_mode);
    process.join_job_of(parent, breaks_away).map_err(refused)?;
    for job in &wanted.jobs {
        process.assign_to(job).map_err(refused)?;
    }
    let place = |space: &mut executive::memory::Space| space.place_image(&wanted.image);
    let image_base = process.memory().with(place).map_err(refused)?;
    let id = Id::claim().map_err(refused)?;
    let start = set_up::lay_out(&process, image_base, id.number(), parameters).map_err(refused)?;
    let thread = Thread::new(NewThread {
        id,
        process: &process,
        start: start.user,
        stack: start.stack,
        is_suspended,
    });
    let thread = thread.map_err(refused)?;
    Process::publish(&process);
    log::debug!(
        "{} is process {}, its image at {image_base:#x}",
        process.name(),
        process.id()
    );
    Ok((process, thread))
}

/// Gives the new process the handles it inherits, with the same values.
fn pass_handles(wanted: &Wanted, process: &Process, inherits: bool) -> Result<(), NtStatus> {
    if !inherits {
        return Ok(());
    }
    let parent = wanted.parent.handles();
    if let Some(listed) = &wanted.handles {
        // One that cannot be inherited is the caller's mistake.
        for &handle in listed {
            match parent.flags(handle).map_err(refused)? {
                (true, _) => {}
                (false, _) => return Err(NtStatus::INVALID_PARAMETER),
            }
        }
    }
    let is_wanted = |handle| {
        let listed = wanted.handles.as_ref();
        listed.is_none_or(|listed| listed.contains(&handle))
    };
    process
        .handles()
        .inherit_from(parent, is_wanted)
        .map_err(refused)
}
