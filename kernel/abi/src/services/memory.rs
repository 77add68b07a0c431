//! Services of virtual memory and sections.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! memory_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            4 NtAllocateVirtualMemory nt_allocate_virtual_memory(
                process: Handle, base: InOut, zero_bits: Value64, size: InOut,
                allocation_type: Value32, protection: Value32)
                (Full) "kernel/personality/nt/src/memory/virtual_memory.rs"
                ["memory", "code", "watches", "hostile"];
            25 NtAllocateVirtualMemoryEx nt_allocate_virtual_memory_ex(
                process: Handle, base: InOut, size: InOut, allocation_type: Value32,
                protection: Value32, parameters: InOutOptional, parameter_count: Value32)
                (Full) "kernel/personality/nt/src/memory/virtual_memory.rs"
                ["placeholders"];
            26 NtAreMappedFilesTheSame nt_are_mapped_files_the_same(first: Value64, second: Value64)
                (Full) "kernel/personality/nt/src/memory/same.rs"
                ["sealed", "files", "images"];
            54 NtCreatePagingFile nt_create_paging_file(
                name: Text, size_min: In, size_max: In, priority: Value32)
                (None) "" [];
            56 NtCreateSection nt_create_section(
                section: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                size: InOptional, protection: Value32, allocation: Value32, file: Handle)
                (Full)
                "kernel/personality/nt/src/memory/section.rs"
                ["sections", "files", "images", "hostile"];
            81 NtFlushInstructionCache nt_flush_instruction_cache(
                process: Handle, base: Value64, size: Value64)
                (Full) "kernel/personality/nt/src/memory/range.rs"
                ["sections"];
            84 NtFlushVirtualMemory nt_flush_virtual_memory(
                process: Handle, base: InOut, size: InOut, result: Out)
                (Full) "kernel/personality/nt/src/memory/range.rs"
                ["sections"];
            5 NtFreeVirtualMemory nt_free_virtual_memory(
                process: Handle, base: InOut, size: InOut, free_type: Value32)
                (Full) "kernel/personality/nt/src/memory/virtual_memory.rs"
                ["memory", "placeholders", "hostile"];
            90 NtGetWriteWatch nt_get_write_watch(
                process: Handle, flags: Value32, base: Value64, size: Value64, addresses: Out,
                count: InOut, granularity: Out)
                (Full) "kernel/personality/nt/src/memory/watch.rs"
                ["watches"];
            101 NtLockVirtualMemory nt_lock_virtual_memory(
                process: Handle, base: InOut, size: InOut, map_type: Value32)
                (Full) "kernel/personality/nt/src/memory/range.rs"
                ["watches"];
            104 NtMapViewOfSection nt_map_view_of_section(
                section: Handle, process: Handle, base: InOut, zero_bits: Value64,
                commit_size: Value64, offset: InOutOptional, size: InOut, inherit: Value32,
                allocation_type: Value32, protection: Value32)
                (Full) "kernel/personality/nt/src/memory/view.rs"
                ["sections"];
            105 NtMapViewOfSectionEx nt_map_view_of_section_ex(
                section: Handle, process: Handle, base: InOut, offset: InOutOptional, size: InOut,
                allocation_type: Value32, protection: Value32, parameters: InOutOptional,
                parameter_count: Value32)
                (Full) "kernel/personality/nt/src/memory/view.rs"
                ["placeholders"];
            123 NtOpenSection nt_open_section(
                section: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/memory/section.rs"
                ["sections"];
            6 NtProtectVirtualMemory nt_protect_virtual_memory(
                process: Handle, base: InOut, size: InOut, protection: Value32, old_protection: Out)
                (Full) "kernel/personality/nt/src/memory/virtual_memory.rs"
                ["memory", "code", "hostile"];
            154 NtQuerySection nt_query_section(
                section: Handle, class: Class, buffer: Out, length: Value64,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/memory/section.rs"
                ["sections"];
            7 NtQueryVirtualMemory nt_query_virtual_memory(
                process: Handle, base: Value64, class: Class, buffer: Out, length: Value64,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/memory/query.rs"
                ["memory", "watches", "sections", "files", "images"];
            170 NtReadVirtualMemory nt_read_virtual_memory(
                process: Handle, base: Value64, buffer: Out, size: Value64,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/memory/other.rs"
                ["sections"];
            183 NtResetWriteWatch nt_reset_write_watch(
                process: Handle, base: Value64, size: Value64)
                (Full) "kernel/personality/nt/src/memory/watch.rs"
                ["watches"];
            204 NtSetInformationVirtualMemory nt_set_information_virtual_memory(
                process: Handle, class: Class, count: Value64, ranges: In, buffer: In,
                length: Value32)
                (Partial("prefetch and page priority")) "kernel/personality/nt/src/memory/set.rs"
                ["watches"];
            229 NtUnlockVirtualMemory nt_unlock_virtual_memory(
                process: Handle, base: InOut, size: InOut, map_type: Value32)
                (Full) "kernel/personality/nt/src/memory/range.rs"
                ["watches"];
            230 NtUnmapViewOfSection nt_unmap_view_of_section(process: Handle, base: Value64)
                (Full) "kernel/personality/nt/src/memory/view.rs"
                ["sections"];
            231 NtUnmapViewOfSectionEx nt_unmap_view_of_section_ex(
                process: Handle, base: Value64, flags: Value32)
                (Full) "kernel/personality/nt/src/memory/view.rs"
                ["placeholders"];
            238 NtWriteVirtualMemory nt_write_virtual_memory(
                process: Handle, base: Value64, buffer: In, size: Value64,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/memory/other.rs"
                ["sections"];
        }
    };
}
