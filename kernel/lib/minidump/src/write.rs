//! Puts the parts of the file in the order of the plan.

use zerocopy::little_endian::U32;

use crate::context::CONTEXT_BYTES;
use crate::dump::Dump;
use crate::format::{
    DirectoryEntry, EXCEPTION, MEMORY_LIST, MISC_INFO, MODULE_LIST, SYSTEM_INFO, THREAD_LIST,
};
use crate::memory::{self, Memory};
use crate::output::Output;
use crate::plan::{Part, Plan, SERVICE_PACK, STREAM_COUNT, TooLarge, is_listed, names, ranges};
use crate::streams::{self, narrow};
use crate::text;

impl Dump<'_> {
    /// The size of the file in bytes.
    pub fn total_bytes(&self) -> Result<u32, TooLarge> {
        Plan::new(self).map(|plan| plan.total_bytes)
    }

    /// Gives the bytes of the file in order to `sink`: as many as
    /// [`Self::total_bytes`] says, whatever `memory` can read. A dump that is
    /// too large gives none.
    pub fn write(
        &self,
        memory: &mut impl Memory,
        sink: &mut impl FnMut(&[u8]),
    ) -> Result<(), TooLarge> {
        let plan = Plan::new(self)?;
        let mut output = Output::new(sink);
        output.record(&streams::header(self, &plan));
        put_directory(&mut output, &plan);
        output.pad_to(plan.system.rva);
        output.record(&streams::system_info(&self.system, plan.strings.rva));
        output.pad_to(plan.misc.rva);
        output.record(&streams::misc_info(self, plan.misc.bytes));
        output.pad_to(plan.threads.rva);
        put_threads(&mut output, self, &plan);
        output.pad_to(plan.modules.rva);
        put_modules(&mut output, self, &plan);
        output.pad_to(plan.memory_list.rva);
        put_memory_list(&mut output, self, &plan);
        output.pad_to(plan.exception.rva);
        let mut contexts = Places::new(plan.contexts);
        contexts.skip(u64::from(CONTEXT_BYTES).saturating_mul(self.threads.len() as u64));
        output.record(&streams::exception(&self.exception, contexts.next));
        output.pad_to(plan.contexts.rva);
        for thread in self.threads {
            thread.context.put(&mut output);
        }
        self.exception.context.put(&mut output);
        output.pad_to(plan.strings.rva);
        names(self).for_each(|name| text::put_string(&mut output, name));
        output.pad_to(plan.code_views.rva);
        for module in self.modules {
            text::put_code_view(&mut output, module);
        }
        output.pad_to(plan.memory.rva);
        for range in ranges(self) {
            memory::put(&mut output, memory, &range);
        }
        output.pad_to(plan.total_bytes);
        Ok(())
    }
}

/// Places of the items of a part that lie one after the other.
struct Places {
    next: u32,
}

impl Places {
    fn new(part: Part) -> Self {
        Self { next: part.rva }
    }

    /// The place of an item that takes so many bytes; the plan found that it
    /// fits.
    fn take(&mut self, bytes: u64) -> u32 {
        let place = self.next;
        self.skip(bytes);
        place
    }

    fn skip(&mut self, bytes: u64) {
        self.next = self.next.saturating_add(narrow(bytes));
    }
}

fn put_directory(output: &mut Output<'_, impl FnMut(&[u8])>, plan: &Plan) {
    let streams: [(u32, Part); STREAM_COUNT as usize] = [
        (SYSTEM_INFO, plan.system),
        (MISC_INFO, plan.misc),
        (THREAD_LIST, plan.threads),
        (MODULE_LIST, plan.modules),
        (MEMORY_LIST, plan.memory_list),
        (EXCEPTION, plan.exception),
    ];
    for (stream_type, part) in streams {
        output.record(&DirectoryEntry {
            stream_type: stream_type.into(),
            location: part.location(),
        });
    }
}

fn put_threads(output: &mut Output<'_, impl FnMut(&[u8])>, dump: &Dump<'_>, plan: &Plan) {
    put_count(output, dump.threads.len());
    let mut stacks = Places::new(plan.memory);
    let mut contexts = Places::new(plan.contexts);
    for thread in dump.threads {
        let stack_rva = stacks.take(thread.stack.bytes_in_space());
        let context_rva = contexts.take(CONTEXT_BYTES.into());
        output.record(&streams::thread(thread, stack_rva, context_rva));
    }
}

fn put_modules(output: &mut Output<'_, impl FnMut(&[u8])>, dump: &Dump<'_>, plan: &Plan) {
    put_count(output, dump.modules.len());
    let mut strings = Places::new(plan.strings);
    strings.skip(text::string_bytes(SERVICE_PACK));
    let mut code_views = Places::new(plan.code_views);
    for module in dump.modules {
        let name_rva = strings.take(text::string_bytes(module.name));
        let code_view_rva = code_views.take(text::code_view_space(module));
        output.record(&streams::module(module, name_rva, code_view_rva));
    }
}

fn put_memory_list(output: &mut Output<'_, impl FnMut(&[u8])>, dump: &Dump<'_>, plan: &Plan) {
    put_count(output, ranges(dump).filter(is_listed).count());
    let mut places = Places::new(plan.memory);
    for range in ranges(dump) {
        let rva = places.take(range.bytes_in_space());
        if is_listed(&range) {
            output.record(&streams::memory(&range, rva));
        }
    }
}

fn put_count(output: &mut Output<'_, impl FnMut(&[u8])>, count: usize) {
    output.record(&U32::new(narrow(count as u64)));
}
