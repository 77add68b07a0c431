//! Services of processes, jobs and debugging.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! process_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            27 NtAssignProcessToJobObject nt_assign_process_to_job_object(
                job: Handle, process: Handle)
                (Full) "kernel/personality/nt/src/job/life.rs"
                ["jobs"];
            41 NtCreateDebugObject nt_create_debug_object(
                debug: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                flags: Value32)
                (None) "" [];
            46 NtCreateJobObject nt_create_job_object(
                job: HandleOut, access: Access, attributes: ObjectAttributesOptional)
                (Full) "kernel/personality/nt/src/job/life.rs"
                ["jobs"];
            64 NtCreateUserProcess nt_create_user_process(
                process: HandleOut, thread: HandleOut, process_access: Access,
                thread_access: Access, process_attributes: ObjectAttributesOptional,
                thread_attributes: ObjectAttributesOptional, process_flags: Value32,
                thread_flags: Value32, parameters: InOptional, create_info: InOut,
                attribute_list: InOutOptional)
                (Full)
                "kernel/personality/nt/src/process/create.rs"
                ["processes", "images", "tokens", "jobs", "churn-processes", "bench"];
            65 NtDebugActiveProcess nt_debug_active_process(process: Handle, debug: Handle)
                (None) "" [];
            66 NtDebugContinue nt_debug_continue(debug: Handle, client_id: In, status: Status)
                (None) "" [];
            94 NtIsProcessInJob nt_is_process_in_job(process: Handle, job: Handle)
                (Full) "kernel/personality/nt/src/job/life.rs"
                ["jobs"];
            113 NtOpenJobObject nt_open_job_object(
                job: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/job/life.rs"
                ["jobs"];
            120 NtOpenProcess nt_open_process(
                process: HandleOut, access: Access, attributes: ObjectAttributes,
                client_id: InOptional)
                (Full) "kernel/personality/nt/src/process/life.rs"
                ["processes"];
            143 NtQueryInformationJobObject nt_query_information_job_object(
                job: Handle, class: Class, buffer: Out, length: Value32, return_length: OutOptional)
                (Full) "kernel/personality/nt/src/job/information.rs"
                ["jobs"];
            144 NtQueryInformationProcess nt_query_information_process(
                process: Handle, class: Class, buffer: Out, length: Value32,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/process/information.rs"
                ["information", "processes"];
            177 NtRemoveProcessDebug nt_remove_process_debug(process: Handle, debug: Handle)
                (None) "" [];
            185 NtResumeProcess nt_resume_process(process: Handle)
                (Full) "kernel/personality/nt/src/process/life.rs"
                ["processes"];
            196 NtSetInformationDebugObject nt_set_information_debug_object(
                debug: Handle, class: Class, buffer: In, length: Value32, return_length: OutOptional
            )
                (None) "" [];
            198 NtSetInformationJobObject nt_set_information_job_object(
                job: Handle, class: Class, buffer: In, length: Value32)
                (Full) "kernel/personality/nt/src/job/information.rs"
                ["jobs"];
            201 NtSetInformationProcess nt_set_information_process(
                process: Handle, class: Class, buffer: In, length: Value32)
                (Full) "kernel/personality/nt/src/process/set_information.rs"
                ["information"];
            219 NtSuspendProcess nt_suspend_process(process: Handle)
                (Full) "kernel/personality/nt/src/process/life.rs"
                ["processes"];
            222 NtTerminateJobObject nt_terminate_job_object(job: Handle, status: Status)
                (Full) "kernel/personality/nt/src/job/life.rs"
                ["jobs"];
            3 NtTerminateProcess nt_terminate_process(process: Handle, status: Status)
                (Full) "kernel/personality/nt/src/process/life.rs"
                ["hello", "processes"];
            233 NtWaitForDebugEvent nt_wait_for_debug_event(
                debug: Handle, alertable: Value8, timeout: IntervalOptional, event: Out)
                (None) "" [];
        }
    };
}
