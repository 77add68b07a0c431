//! Services of files, pipes and completion ports.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! file_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            29 NtCancelIoFile nt_cancel_io_file(file: Handle, result: Out)
                (Full)
                "kernel/personality/nt/src/file/cancel.rs" ["completion", "hostile"];
            30 NtCancelIoFileEx nt_cancel_io_file_ex(file: Handle, request: Value64, result: Out)
                (Full)
                "kernel/personality/nt/src/file/cancel.rs" ["completion", "hostile"];
            31 NtCancelSynchronousIoFile nt_cancel_synchronous_io_file(
                thread: Handle, request: Value64, result: Out)
                (Full)
                "kernel/personality/nt/src/file/cancel.rs" ["completion", "hostile"];
            44 NtCreateFile nt_create_file(
                file: HandleOut, access: Access, attributes: ObjectAttributes, result: Out,
                allocation_size: InOptional, file_attributes: Value32, share: Value32,
                disposition: Value32, options: Value32, ea: InOptional, ea_length: Value32)
                (Full)
                "kernel/personality/nt/src/file/create.rs" ["files", "security", "hostile"];
            45 NtCreateIoCompletion nt_create_io_completion(
                completion: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                concurrency: Value32)
                (Full)
                "kernel/personality/nt/src/file/completion_port.rs" ["completion", "hostile"];
            51 NtCreateMailslotFile nt_create_mailslot_file(
                file: HandleOut, access: Access, attributes: ObjectAttributes, result: Out,
                options: Value32, quota: Value32, message_size_max: Value32,
                timeout: IntervalOptional)
                (None) "" [];
            53 NtCreateNamedPipeFile nt_create_named_pipe_file(
                file: HandleOut, access: Access, attributes: ObjectAttributes, result: Out,
                share: Value32, disposition: Value32, options: Value32, pipe_type: Value32,
                read_mode: Value32, completion_mode: Value32, instances_max: Value32,
                inbound_quota: Value32, outbound_quota: Value32, timeout: IntervalOptional)
                (Full)
                "kernel/personality/nt/src/file/pipe.rs" ["pipes", "hostile"];
            68 NtDeleteFile nt_delete_file(attributes: ObjectAttributes)
                (Full)
                "kernel/personality/nt/src/file/create.rs" ["files", "hostile"];
            71 NtDeviceIoControlFile nt_device_io_control_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, code: Value32, input: InOptional, input_length: Value32,
                output: OutOptional, output_length: Value32)
                (Full)
                "kernel/personality/nt/src/file/control.rs" ["volumes", "hostile"];
            79 NtFlushBuffersFile nt_flush_buffers_file(file: Handle, result: Out)
                (Full)
                "kernel/personality/nt/src/file/transfer.rs" ["files", "hostile"];
            80 NtFlushBuffersFileEx nt_flush_buffers_file_ex(
                file: Handle, flags: Value32, parameters: InOptional, parameters_length: Value32,
                result: Out)
                (Full)
                "kernel/personality/nt/src/file/transfer.rs" ["files", "hostile"];
            85 NtFsControlFile nt_fs_control_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, code: Value32, input: InOptional, input_length: Value32,
                output: OutOptional, output_length: Value32)
                (Full)
                "kernel/personality/nt/src/file/control.rs" ["pipes", "volumes", "hostile"];
            100 NtLockFile nt_lock_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, range_offset: In, range_length: In, key: Value32,
                fail_immediately: Value8, exclusive: Value8)
                (Full)
                "kernel/personality/nt/src/file/lock.rs" ["locks", "volumes", "hostile"];
            106 NtNotifyChangeDirectoryFile nt_notify_change_directory_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, buffer: Out, length: Value32, filter: Value32, tree: Value8)
                (Full)
                "kernel/personality/nt/src/file/watch.rs" ["watching", "hostile"];
            111 NtOpenFile nt_open_file(
                file: HandleOut, access: Access, attributes: ObjectAttributes, result: Out,
                share: Value32, options: Value32)
                (Full)
                "kernel/personality/nt/src/file/create.rs" ["files", "hostile"];
            112 NtOpenIoCompletion nt_open_io_completion(
                completion: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full)
                "kernel/personality/nt/src/file/completion_port.rs" ["completion", "hostile"];
            133 NtQueryAttributesFile nt_query_attributes_file(
                attributes: ObjectAttributes, information: Out)
                (Full)
                "kernel/personality/nt/src/file/information.rs" ["files", "hostile"];
            136 NtQueryDirectoryFile nt_query_directory_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, buffer: Out, length: Value32, class: Class, single: Value8,
                mask: TextOptional, restart: Value8)
                (Full)
                "kernel/personality/nt/src/file/directory.rs" ["files", "hostile"];
            138 NtQueryEaFile nt_query_ea_file(
                file: Handle, result: Out, buffer: Out, length: Value32, single: Value8,
                list: InOptional, list_length: Value32, index: InOptional, restart: Value8)
                (Full)
                "kernel/personality/nt/src/file/extended.rs" ["volumes", "hostile"];
            140 NtQueryFullAttributesFile nt_query_full_attributes_file(
                attributes: ObjectAttributes, information: Out)
                (Full)
                "kernel/personality/nt/src/file/information.rs" ["files", "hostile"];
            142 NtQueryInformationFile nt_query_information_file(
                file: Handle, result: Out, buffer: Out, length: Value32, class: Class)
                (Full)
                "kernel/personality/nt/src/file/information.rs" ["files", "volumes", "hostile"];
            148 NtQueryIoCompletion nt_query_io_completion(
                completion: Handle, class: Class, buffer: Out, length: Value32,
                return_length: OutOptional)
                (Full)
                "kernel/personality/nt/src/file/completion_port.rs" ["completion", "hostile"];
            164 NtQueryVolumeInformationFile nt_query_volume_information_file(
                file: Handle, result: Out, buffer: Out, length: Value32, class: Class)
                (Full)
                "kernel/personality/nt/src/file/volume.rs" ["files", "volumes", "hostile"];
            2 NtReadFile nt_read_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, buffer: Out, length: Value32, offset: InOptional, key: InOptional)
                (Full)
                "kernel/personality/nt/src/file/transfer.rs" ["echo", "files", "hostile"];
            169 NtReadFileScatter nt_read_file_scatter(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, segments: In, length: Value32, offset: InOptional, key: InOptional)
                (Full)
                "kernel/personality/nt/src/file/vectors.rs" ["volumes", "hostile"];
            175 NtRemoveIoCompletion nt_remove_io_completion(
                completion: Handle, key: Out, value: Out, result: Out, timeout: IntervalOptional)
                (Full)
                "kernel/personality/nt/src/file/completion_port.rs" ["completion", "hostile"];
            176 NtRemoveIoCompletionEx nt_remove_io_completion_ex(
                completion: Handle, entries: Out, count: Value32, removed: Out,
                timeout: IntervalOptional, alertable: Value8)
                (Full)
                "kernel/personality/nt/src/file/completion_port.rs" ["completion", "hostile"];
            194 NtSetEaFile nt_set_ea_file(file: Handle, result: Out, buffer: In, length: Value32)
                (Full)
                "kernel/personality/nt/src/file/extended.rs" ["volumes", "hostile"];
            197 NtSetInformationFile nt_set_information_file(
                file: Handle, result: Out, buffer: In, length: Value32, class: Class)
                (Full)
                "kernel/personality/nt/src/file/set_information.rs" ["files", "volumes", "hostile"];
            206 NtSetIoCompletion nt_set_io_completion(
                completion: Handle, key: Value64, value: Value64, status: Status,
                information: Value64)
                (Full)
                "kernel/personality/nt/src/file/completion_port.rs" ["completion", "hostile"];
            207 NtSetIoCompletionEx nt_set_io_completion_ex(
                completion: Handle, reserve: Handle, key: Value64, value: Value64, status: Status,
                information: Value64)
                (Full)
                "kernel/personality/nt/src/file/completion_port.rs" ["completion", "hostile"];
            216 NtSetVolumeInformationFile nt_set_volume_information_file(
                file: Handle, result: Out, buffer: In, length: Value32, class: Class)
                (Full)
                "kernel/personality/nt/src/file/volume_set.rs" ["volumes", "hostile"];
            228 NtUnlockFile nt_unlock_file(
                file: Handle, result: Out, range_offset: In, range_length: In, key: Value32)
                (Full)
                "kernel/personality/nt/src/file/lock.rs" ["locks", "volumes", "hostile"];
            1 NtWriteFile nt_write_file(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, buffer: In, length: Value32, offset: InOptional, key: InOptional)
                (Full)
                "kernel/personality/nt/src/file/transfer.rs" ["hello", "files", "hostile"];
            237 NtWriteFileGather nt_write_file_gather(
                file: Handle, event: Handle, apc_routine: Value64, apc_context: Value64,
                result: Out, segments: In, length: Value32, offset: InOptional, key: InOptional)
                (Full)
                "kernel/personality/nt/src/file/vectors.rs" ["volumes", "hostile"];
        }
    };
}
