//! Services of time, language, atoms, power and the system as a whole.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! system_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            16 NtAddAtom nt_add_atom(name: InOptional, length: Value32, atom: OutOptional)
                (Full) "kernel/personality/nt/src/atom.rs" ["atoms"];
            22 NtAllocateLocallyUniqueId nt_allocate_locally_unique_id(luid: Out)
                (Full) "kernel/personality/nt/src/token/luid.rs"
                ["tokens"];
            24 NtAllocateUuids nt_allocate_uuids(time: Out, range: Out, sequence: Out, seed: Out)
                (Full) "kernel/personality/nt/src/system/uuid.rs" ["system", "hostile"];
            67 NtDeleteAtom nt_delete_atom(atom: Value16)
                (Full) "kernel/personality/nt/src/atom.rs" ["atoms"];
            72 NtDisplayString nt_display_string(text: Text)
                (Full) "kernel/personality/nt/src/system/display.rs" ["system", "hostile"];
            78 NtFindAtom nt_find_atom(name: InOptional, length: Value32, atom: OutOptional)
                (Full) "kernel/personality/nt/src/atom.rs" ["atoms"];
            89 NtGetNlsSectionPtr nt_get_nls_section_ptr(
                section_type: Value32, section_id: Value32, context: Value64, pointer: Out,
                size: Out)
                (Full) "kernel/personality/nt/src/nls/sections.rs" ["nls"];
            92 NtInitializeNlsFiles nt_initialize_nls_files(
                base: Out, locale: Out, casing_size: OutOptional)
                (Full) "kernel/personality/nt/src/nls/sections.rs" ["nls"];
            93 NtInitiatePowerAction nt_initiate_power_action(
                action: Value32, state_min: Value32, flags: Value32, asynchronous: Value8)
                (Full) "kernel/personality/nt/src/system/shutdown.rs" ["system"];
            96 NtLoadDriver nt_load_driver(name: Text)
                (None) "" [];
            130 NtPowerInformation nt_power_information(
                class: Class, input: InOptional, input_length: Value32, output: OutOptional,
                output_length: Value32)
                (Full) "kernel/personality/nt/src/system/power.rs" ["system", "hostile"];
            134 NtQueryDefaultLocale nt_query_default_locale(user: Value8, locale: Out)
                (Full) "kernel/personality/nt/src/nls/languages.rs" ["nls"];
            135 NtQueryDefaultUILanguage nt_query_default_ui_language(language: Out)
                (Full) "kernel/personality/nt/src/nls/languages.rs" ["nls"];
            141 NtQueryInformationAtom nt_query_information_atom(
                atom: Value16, class: Class, buffer: Out, length: Value32,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/atom.rs" ["atoms"];
            147 NtQueryInstallUILanguage nt_query_install_ui_language(language: Out)
                (Full) "kernel/personality/nt/src/nls/languages.rs" ["nls"];
            150 NtQueryLicenseValue nt_query_license_value(
                name: Text, value_type: OutOptional, buffer: OutOptional, length: Value32,
                return_length: Out)
                (Full) "kernel/personality/nt/src/system/license.rs" ["system", "hostile"];
            11 NtQueryPerformanceCounter nt_query_performance_counter(
                counter: Out, frequency: OutOptional)
                (Full) "kernel/personality/nt/src/time.rs" ["kuser", "hostile"];
            158 NtQuerySystemEnvironmentValue nt_query_system_environment_value(
                name: Text, buffer: Out, length: Value32, return_length: OutOptional)
                (Full) "kernel/personality/nt/src/system/environment.rs" ["system", "hostile"];
            159 NtQuerySystemEnvironmentValueEx nt_query_system_environment_value_ex(
                name: Text, vendor: In, buffer: OutOptional, buffer_length: InOut,
                attributes: OutOptional)
                (Full) "kernel/personality/nt/src/system/environment.rs" ["system", "hostile"];
            12 NtQuerySystemInformation nt_query_system_information(
                class: Class, buffer: Out, length: Value32, return_length: OutOptional)
                (Full)
                "kernel/personality/nt/src/system/mod.rs" ["system", "demand", "hostile"];
            160 NtQuerySystemInformationEx nt_query_system_information_ex(
                class: Class, input: InOptional, input_length: Value32, buffer: OutOptional,
                length: Value32, return_length: OutOptional)
                (Full) "kernel/personality/nt/src/system/mod.rs" ["system", "hostile"];
            10 NtQuerySystemTime nt_query_system_time(time: Out)
                (Full) "kernel/personality/nt/src/time.rs" ["kuser", "hostile"];
            162 NtQueryTimerResolution nt_query_timer_resolution(
                coarsest: Out, finest: Out, current: Out)
                (Full) "kernel/personality/nt/src/time.rs" ["system", "hostile"];
            168 NtRaiseHardError nt_raise_hard_error(
                status: Status, count: Value32, string_mask: Value32, parameters: InOptional,
                options: Value32, response: Out)
                (None) "" [];
            191 NtSetDebugFilterState nt_set_debug_filter_state(
                component: Value32, level: Value32, state: Value8)
                (Full) "kernel/personality/nt/src/system/debug.rs" ["system"];
            192 NtSetDefaultLocale nt_set_default_locale(user: Value8, locale: Value32)
                (Full) "kernel/personality/nt/src/nls/languages.rs" ["nls"];
            193 NtSetDefaultUILanguage nt_set_default_ui_language(language: Value16)
                (Full) "kernel/personality/nt/src/nls/languages.rs" ["nls"];
            205 NtSetIntervalProfile nt_set_interval_profile(
                interval_100ns: Value32, source: Value32)
                (None) "" [];
            210 NtSetSystemInformation nt_set_system_information(
                class: Class, buffer: In, length: Value32)
                (Partial("refuses what there is not; no time zones")) "kernel/personality/nt/src/system/change.rs" ["system", "hostile"];
            211 NtSetSystemTime nt_set_system_time(time: In, previous_time: OutOptional)
                (Full) "kernel/personality/nt/src/time.rs" ["system", "hostile"];
            214 NtSetTimerResolution nt_set_timer_resolution(
                resolution: Value32, set: Value8, current: Out)
                (Full) "kernel/personality/nt/src/time.rs" ["system", "hostile"];
            217 NtShutdownSystem nt_shutdown_system(action: Value32)
                (Full) "kernel/personality/nt/src/system/shutdown.rs" ["system"];
            221 NtSystemDebugControl nt_system_debug_control(
                command: Class, input: InOptional, input_length: Value32, output: OutOptional,
                output_length: Value32, return_length: OutOptional)
                (Full) "kernel/personality/nt/src/system/debug.rs" ["system", "hostile"];
            225 NtTraceControl nt_trace_control(
                function: Value32, input: InOptional, input_length: Value32, output: OutOptional,
                output_length: Value32, return_length: Out)
                (Full) "kernel/personality/nt/src/system/debug.rs" ["system", "hostile"];
            226 NtUnloadDriver nt_unload_driver(name: Text)
                (None) "" [];
        }
    };
}
