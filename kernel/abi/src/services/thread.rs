//! Services of threads, their contexts, exceptions and APCs.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! thread_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            19 NtAlertResumeThread nt_alert_resume_thread(
                thread: Handle, previous_count: OutOptional)
                (Full) "kernel/personality/nt/src/wait/alert.rs"
                ["waits"];
            20 NtAlertThread nt_alert_thread(thread: Handle)
                (Full) "kernel/personality/nt/src/wait/alert.rs"
                ["waits"];
            28 NtCallbackReturn nt_callback_return(
                result: InOptional, length: Value32, status: Status)
                (None) "" [];
            39 NtContinue nt_continue(context: In, alertable: Value8)
                (Full) "kernel/personality/nt/src/thread/context.rs"
                ["exceptions", "bench"];
            40 NtContinueEx nt_continue_ex(context: In, argument: Value64)
                (Full) "kernel/personality/nt/src/thread/context.rs"
                ["exceptions"];
            59 NtCreateThread nt_create_thread(
                thread: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                process: Handle, client_id: Out, context: In, initial_teb: In, suspended: Value8)
                (None) "" [];
            60 NtCreateThreadEx nt_create_thread_ex(
                thread: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                process: Handle, start: Value64, argument: Value64, flags: Value32,
                zero_bits: Value64, stack_commit: Value64, stack_reserve: Value64,
                attribute_list: InOutOptional)
                (Full) "kernel/personality/nt/src/thread/create.rs"
                ["threads", "churn-threads", "bench"];
            83 NtFlushProcessWriteBuffers nt_flush_process_write_buffers()
                (Full) "kernel/personality/nt/src/memory/range.rs"
                ["sections"];
            86 NtGetContextThread nt_get_context_thread(thread: Handle, context: InOut)
                (Full) "kernel/personality/nt/src/thread/context.rs"
                ["exceptions"];
            87 NtGetCurrentProcessorNumber nt_get_current_processor_number()
                (Full) "kernel/personality/nt/src/thread/life.rs"
                ["threads"];
            88 NtGetNextThread nt_get_next_thread(
                process: Handle, thread: Handle, access: Access, handle_attributes: Value32,
                flags: Value32, next: HandleOut)
                (Full) "kernel/personality/nt/src/thread/open.rs"
                ["threads"];
            126 NtOpenThread nt_open_thread(
                thread: HandleOut, access: Access, attributes: ObjectAttributes,
                client_id: InOptional)
                (Full) "kernel/personality/nt/src/thread/open.rs"
                ["threads"];
            145 NtQueryInformationThread nt_query_information_thread(
                thread: Handle, class: Class, buffer: Out, length: Value32,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/thread/information.rs"
                ["information", "threads"];
            165 NtQueueApcThread nt_queue_apc_thread(
                thread: Handle, routine: Value64, first: Value64, second: Value64, third: Value64)
                (Full) "kernel/personality/nt/src/thread/apc.rs"
                ["exceptions", "bench"];
            166 NtQueueApcThreadEx nt_queue_apc_thread_ex(
                thread: Handle, reserve: Handle, routine: Value64, first: Value64, second: Value64,
                third: Value64)
                (Full) "kernel/personality/nt/src/thread/apc.rs"
                ["exceptions"];
            167 NtRaiseException nt_raise_exception(record: In, context: In, first_chance: Value8)
                (Full) "kernel/personality/nt/src/thread/context.rs"
                ["exceptions"];
            171 NtRegisterThreadTerminatePort nt_register_thread_terminate_port(port: Handle)
                (None) "" [];
            186 NtResumeThread nt_resume_thread(thread: Handle, previous_count: OutOptional)
                (Full) "kernel/personality/nt/src/thread/life.rs"
                ["threads"];
            190 NtSetContextThread nt_set_context_thread(thread: Handle, context: In)
                (Full) "kernel/personality/nt/src/thread/context.rs"
                ["exceptions"];
            202 NtSetInformationThread nt_set_information_thread(
                thread: Handle, class: Class, buffer: InOptional, length: Value32)
                (Full) "kernel/personality/nt/src/thread/set_information.rs"
                ["information"];
            208 NtSetLdtEntries nt_set_ldt_entries(
                first: Value32, first_entry: Value64, second: Value32, second_entry: Value64)
                (None) "" [];
            212 NtSetThreadExecutionState nt_set_thread_execution_state(
                state: Value32, previous_state: Out)
                (Full) "kernel/personality/nt/src/thread/execution_state.rs"
                ["information"];
            220 NtSuspendThread nt_suspend_thread(thread: Handle, previous_count: OutOptional)
                (Full) "kernel/personality/nt/src/thread/life.rs"
                ["threads"];
            223 NtTerminateThread nt_terminate_thread(thread: Handle, status: Status)
                (Full) "kernel/personality/nt/src/thread/life.rs"
                ["threads"];
            224 NtTestAlert nt_test_alert()
                (Full) "kernel/personality/nt/src/wait/alert.rs"
                ["waits"];
            8 NtYieldExecution nt_yield_execution()
                (Full) "kernel/personality/nt/src/thread/life.rs"
                ["twin"];
        }
    };
}
