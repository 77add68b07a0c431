//! Services of events, semaphores, mutants, timers, and of waiting.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! wait_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            21 NtAlertThreadByThreadId nt_alert_thread_by_thread_id(thread_id: Value64)
                (Full) "kernel/personality/nt/src/wait/alert.rs"
                ["waits", "bench"];
            32 NtCancelTimer nt_cancel_timer(timer: Handle, previous_state: OutOptional)
                (Full) "kernel/personality/nt/src/wait/timer.rs"
                ["waits"];
            33 NtClearEvent nt_clear_event(event: Handle)
                (Full) "kernel/personality/nt/src/wait/event.rs"
                ["waits"];
            43 NtCreateEvent nt_create_event(
                event: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                event_type: Value32, initial_state: Value8)
                (Full) "kernel/personality/nt/src/wait/event.rs"
                ["waits", "bench"];
            49 NtCreateKeyedEvent nt_create_keyed_event(
                event: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                flags: Value32)
                (Full) "kernel/personality/nt/src/wait/keyed_event.rs"
                ["waits"];
            52 NtCreateMutant nt_create_mutant(
                mutant: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                initial_owner: Value8)
                (Full) "kernel/personality/nt/src/wait/mutant.rs"
                ["waits"];
            57 NtCreateSemaphore nt_create_semaphore(
                semaphore: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                initial_count: Value32, maximum_count: Value32)
                (Full) "kernel/personality/nt/src/wait/semaphore.rs"
                ["waits"];
            61 NtCreateTimer nt_create_timer(
                timer: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                timer_type: Value32)
                (Full) "kernel/personality/nt/src/wait/timer.rs"
                ["waits"];
            9 NtDelayExecution nt_delay_execution(alertable: Value8, interval: Interval)
                (Full) "kernel/personality/nt/src/time.rs"
                ["kuser"];
            110 NtOpenEvent nt_open_event(
                event: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/wait/event.rs"
                ["waits"];
            118 NtOpenKeyedEvent nt_open_keyed_event(
                event: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/wait/keyed_event.rs"
                ["waits"];
            119 NtOpenMutant nt_open_mutant(
                mutant: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/wait/mutant.rs"
                ["waits"];
            124 NtOpenSemaphore nt_open_semaphore(
                semaphore: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/wait/semaphore.rs"
                ["waits"];
            129 NtOpenTimer nt_open_timer(
                timer: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/wait/timer.rs"
                ["waits"];
            132 NtPulseEvent nt_pulse_event(event: Handle, previous_state: OutOptional)
                (Full) "kernel/personality/nt/src/wait/event.rs"
                ["waits"];
            139 NtQueryEvent nt_query_event(
                event: Handle, class: Class, buffer: Out, length: Value32,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/wait/event.rs"
                ["waits"];
            152 NtQueryMutant nt_query_mutant(
                mutant: Handle, class: Class, buffer: Out, length: Value32,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/wait/mutant.rs"
                ["waits"];
            156 NtQuerySemaphore nt_query_semaphore(
                semaphore: Handle, class: Class, buffer: Out, length: Value32,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/wait/semaphore.rs"
                ["waits"];
            161 NtQueryTimer nt_query_timer(
                timer: Handle, class: Class, buffer: Out, length: Value32,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/wait/timer.rs"
                ["waits"];
            172 NtReleaseKeyedEvent nt_release_keyed_event(
                event: Handle, key: Value64, alertable: Value8, timeout: IntervalOptional)
                (Full) "kernel/personality/nt/src/wait/keyed_event.rs"
                ["waits"];
            173 NtReleaseMutant nt_release_mutant(mutant: Handle, previous_count: OutOptional)
                (Full) "kernel/personality/nt/src/wait/mutant.rs"
                ["waits"];
            174 NtReleaseSemaphore nt_release_semaphore(
                semaphore: Handle, count: Value32, previous_count: OutOptional)
                (Full) "kernel/personality/nt/src/wait/semaphore.rs"
                ["waits"];
            182 NtResetEvent nt_reset_event(event: Handle, previous_state: OutOptional)
                (Full) "kernel/personality/nt/src/wait/event.rs"
                ["waits"];
            195 NtSetEvent nt_set_event(event: Handle, previous_state: OutOptional)
                (Full) "kernel/personality/nt/src/wait/event.rs"
                ["waits", "bench"];
            213 NtSetTimer nt_set_timer(
                timer: Handle, due_time: Interval, apc_routine: Value64, apc_context: Value64,
                resume: Value8, period: Value32, previous_state: OutOptional)
                (Full) "kernel/personality/nt/src/wait/timer.rs"
                ["waits"];
            218 NtSignalAndWaitForSingleObject nt_signal_and_wait_for_single_object(
                signal: Handle, wait: Handle, alertable: Value8, timeout: IntervalOptional)
                (Full) "kernel/personality/nt/src/wait/waiting.rs"
                ["waits"];
            232 NtWaitForAlertByThreadId nt_wait_for_alert_by_thread_id(
                address: Value64, timeout: IntervalOptional)
                (Full) "kernel/personality/nt/src/wait/alert.rs"
                ["waits", "bench"];
            234 NtWaitForKeyedEvent nt_wait_for_keyed_event(
                event: Handle, key: Value64, alertable: Value8, timeout: IntervalOptional)
                (Full) "kernel/personality/nt/src/wait/keyed_event.rs"
                ["waits"];
            235 NtWaitForMultipleObjects nt_wait_for_multiple_objects(
                count: Value32, handles: In, wait_type: Value32, alertable: Value8,
                timeout: IntervalOptional)
                (Full) "kernel/personality/nt/src/wait/waiting.rs"
                ["waits"];
            236 NtWaitForSingleObject nt_wait_for_single_object(
                handle: Handle, alertable: Value8, timeout: IntervalOptional)
                (Full) "kernel/personality/nt/src/wait/waiting.rs"
                ["waits", "bench"];
        }
    };
}
