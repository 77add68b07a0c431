//! What a minidump says of a crash, by the `minidump` crate.

use minidump::format::{CONTEXT_AMD64, MINIDUMP_EXCEPTION, MINIDUMP_MEMORY_DESCRIPTOR};
use minidump::{
    CodeView, Error, Minidump, MinidumpException, MinidumpMemoryList, MinidumpMiscInfo,
    MinidumpModuleList, MinidumpRawContext, MinidumpStream, MinidumpSystemInfo, MinidumpThreadList,
    Module as _,
};

/// A crash of an x64 process.
pub(crate) struct Dump<'a> {
    /// When it happened, in seconds since 1970.
    pub time_s: u32,
    pub process_id: Option<u32>,
    /// Major, minor and build number of the system.
    pub version: [u32; 3],
    pub thread_count: usize,
    pub thread_id: u32,
    pub exception: MINIDUMP_EXCEPTION,
    /// Registers of the thread that crashed, when it did.
    pub context: CONTEXT_AMD64,
    pub modules: Vec<Module>,
    /// The stacks and whatever else is in the dump: (address, bytes).
    memory: Vec<(u64, &'a [u8])>,
}

/// An image in the process.
#[derive(Debug)]
pub(crate) struct Module {
    pub base: u64,
    pub size_bytes: u32,
    pub timestamp: u32,
    pub checksum: u32,
    /// As the dump has it, maybe with folders.
    pub path: String,
    pub pdb: Option<Pdb>,
}

/// The PDB file that an image names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pdb {
    /// In the usual form of GUIDs.
    pub guid: String,
    pub age: u32,
    pub file: String,
}

impl Module {
    /// The last part of its path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit(['\\', '/']).next().unwrap_or_default()
    }

    /// How far above its base an address in it lies.
    pub(crate) fn rva_of(&self, address: u64) -> Option<u32> {
        let offset = u32::try_from(address.checked_sub(self.base)?).ok()?;
        (offset < self.size_bytes).then_some(offset)
    }
}

impl<'a> Dump<'a> {
    /// Reads a file's bytes. Where they are damaged, says which part is.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let file = Minidump::read(bytes).map_err(|error| format!("is no minidump: {error}"))?;
        let system: MinidumpSystemInfo = stream(&file, "system information")?;
        let exception: MinidumpException<'_> = stream(&file, "exception")?;
        let threads: MinidumpThreadList<'_> = stream(&file, "threads")?;
        let modules: MinidumpModuleList = stream(&file, "modules")?;
        let list: Option<MinidumpMemoryList<'_>> = file.get_stream().ok();
        let misc: Option<MinidumpMiscInfo> = file.get_stream().ok();
        let context = exception.context(&system, misc.as_ref());
        let context = match context.as_deref().map(|context| &context.raw) {
            Some(MinidumpRawContext::Amd64(context)) => context.clone(),
            Some(_) => return Err("is of a process that is not x64".into()),
            None => return Err("has no registers of the thread that crashed".into()),
        };
        Ok(Self {
            time_s: file.header.time_date_stamp,
            process_id: misc.and_then(|misc| misc.raw.process_id().copied()),
            version: [
                system.raw.major_version,
                system.raw.minor_version,
                system.raw.build_number,
            ],
            thread_count: threads.threads.len(),
            thread_id: exception.get_crashing_thread_id(),
            exception: exception.raw.exception_record.clone(),
            context,
            modules: modules.iter().map(module).collect(),
            memory: memory(bytes, &threads, list.as_ref()),
        })
    }

    /// The module that holds an address.
    pub(crate) fn module_at(&self, address: u64) -> Option<(&Module, u32)> {
        let mut found = self
            .modules
            .iter()
            .filter_map(|module| Some((module, module.rva_of(address)?)));
        found.next()
    }

    /// The word at an address, if it is in the dump.
    pub(crate) fn word(&self, address: u64) -> Option<u64> {
        let mut found = self.memory.iter().filter_map(|(start, bytes)| {
            let offset = usize::try_from(address.checked_sub(*start)?).ok()?;
            bytes.get(offset..)?.first_chunk()
        });
        found.next().copied().map(u64::from_le_bytes)
    }
}

fn stream<'a, S: MinidumpStream<'a>>(
    file: &'a Minidump<'_, &'a [u8]>,
    what: &str,
) -> Result<S, String> {
    file.get_stream().map_err(|error| match error {
        Error::StreamNotFound => format!("has no stream of its {what}"),
        error => format!("its stream of its {what} is damaged: {error}"),
    })
}

fn module(module: &minidump::MinidumpModule) -> Module {
    let pdb = match &module.codeview_info {
        Some(CodeView::Pdb70(record)) => Some(Pdb {
            guid: record.signature.to_string(),
            age: record.age,
            file: module.debug_file().unwrap_or_default().into_owned(),
        }),
        _ => None,
    };
    Module {
        base: module.raw.base_of_image,
        size_bytes: module.raw.size_of_image,
        timestamp: module.raw.time_date_stamp,
        checksum: module.raw.checksum,
        path: module.name.clone(),
        pdb,
    }
}

/// The memory that the list has, and the stacks that it may lack.
fn memory<'a>(
    file: &'a [u8],
    threads: &MinidumpThreadList<'_>,
    list: Option<&MinidumpMemoryList<'_>>,
) -> Vec<(u64, &'a [u8])> {
    let stacks = threads.threads.iter().map(|thread| thread.raw.stack);
    let listed = list.into_iter().flat_map(|list| list.iter());
    let ranges = stacks.chain(listed.map(|range| range.desc));
    let bytes = |range: MINIDUMP_MEMORY_DESCRIPTOR| {
        let bytes = file.get(range.memory.rva as usize..)?;
        let bytes = bytes.get(..range.memory.data_size as usize)?;
        Some((range.start_of_memory_range, bytes))
    };
    ranges.filter_map(bytes).collect()
}
