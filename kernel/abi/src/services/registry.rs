//! Services of the registry.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! registry_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            47 NtCreateKey nt_create_key(
                key: HandleOut, access: Access, attributes: ObjectAttributes, title_index: Value32,
                class_name: TextOptional, options: Value32, disposition: OutOptional)
                (Full)
                "kernel/personality/nt/src/registry/open.rs" ["registry", "security", "hostile"];
            48 NtCreateKeyTransacted nt_create_key_transacted(
                key: HandleOut, access: Access, attributes: ObjectAttributes, title_index: Value32,
                class_name: TextOptional, options: Value32, transaction: Handle,
                disposition: OutOptional)
                (Full)
                "kernel/personality/nt/src/registry/open.rs" ["registry", "hostile"];
            69 NtDeleteKey nt_delete_key(key: Handle)
                (Full)
                "kernel/personality/nt/src/registry/key.rs" ["registry", "hostile"];
            70 NtDeleteValueKey nt_delete_value_key(key: Handle, name: Text)
                (Full)
                "kernel/personality/nt/src/registry/value.rs" ["registry", "hostile"];
            75 NtEnumerateKey nt_enumerate_key(
                key: Handle, index: Value32, class: Class, buffer: OutOptional, length: Value32,
                return_length: Out)
                (Full)
                "kernel/personality/nt/src/registry/query_key.rs" ["registry", "hostile"];
            76 NtEnumerateValueKey nt_enumerate_value_key(
                key: Handle, index: Value32, class: Class, buffer: OutOptional, length: Value32,
                return_length: Out)
                (Full)
                "kernel/personality/nt/src/registry/query_value.rs" ["registry", "hostile"];
            82 NtFlushKey nt_flush_key(key: Handle)
                (Full)
                "kernel/personality/nt/src/registry/key.rs" ["registry", "hostile"];
            97 NtLoadKey nt_load_key(target: ObjectAttributes, source: ObjectAttributes)
                (None) "" [];
            98 NtLoadKey2 nt_load_key2(
                target: ObjectAttributes, source: ObjectAttributes, flags: Value32)
                (None) "" [];
            99 NtLoadKeyEx nt_load_key_ex(
                target: ObjectAttributes, source: ObjectAttributes, flags: Value32,
                trust_key: Handle, event: Handle, access: Access, root: OutOptional,
                result: OutOptional)
                (None) "" [];
            107 NtNotifyChangeKey nt_notify_change_key(
                key: Handle, event: Handle, apc_routine: Value64, apc_context: Value64, result: Out,
                filter: Value32, tree: Value8, buffer: OutOptional, length: Value32,
                asynchronous: Value8)
                (Full)
                "kernel/personality/nt/src/registry/notify.rs" ["registry", "hostile"];
            108 NtNotifyChangeMultipleKeys nt_notify_change_multiple_keys(
                key: Handle, count: Value32, others: InOptional, event: Handle,
                apc_routine: Value64, apc_context: Value64, result: Out, filter: Value32,
                tree: Value8, buffer: OutOptional, length: Value32, asynchronous: Value8)
                (Full)
                "kernel/personality/nt/src/registry/notify.rs" ["registry", "hostile"];
            114 NtOpenKey nt_open_key(key: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full)
                "kernel/personality/nt/src/registry/open.rs" ["registry", "hostile"];
            115 NtOpenKeyEx nt_open_key_ex(
                key: HandleOut, access: Access, attributes: ObjectAttributes, options: Value32)
                (Full)
                "kernel/personality/nt/src/registry/open.rs" ["registry", "security", "hostile"];
            116 NtOpenKeyTransacted nt_open_key_transacted(
                key: HandleOut, access: Access, attributes: ObjectAttributes, transaction: Handle)
                (Full)
                "kernel/personality/nt/src/registry/open.rs" ["registry", "hostile"];
            117 NtOpenKeyTransactedEx nt_open_key_transacted_ex(
                key: HandleOut, access: Access, attributes: ObjectAttributes, options: Value32,
                transaction: Handle)
                (Full)
                "kernel/personality/nt/src/registry/open.rs" ["registry", "hostile"];
            149 NtQueryKey nt_query_key(
                key: Handle, class: Class, buffer: OutOptional, length: Value32, return_length: Out)
                (Full)
                "kernel/personality/nt/src/registry/query_key.rs" ["registry", "hostile"];
            151 NtQueryMultipleValueKey nt_query_multiple_value_key(
                key: Handle, entries: InOut, count: Value32, buffer: Out, buffer_length: InOut,
                return_length: OutOptional)
                (Full)
                "kernel/personality/nt/src/registry/multiple.rs" ["registry", "hostile"];
            163 NtQueryValueKey nt_query_value_key(
                key: Handle, name: Text, class: Class, buffer: OutOptional, length: Value32,
                return_length: Out)
                (Full)
                "kernel/personality/nt/src/registry/query_value.rs" ["registry", "hostile"];
            178 NtRenameKey nt_rename_key(key: Handle, name: Text)
                (Full)
                "kernel/personality/nt/src/registry/key.rs" ["registry", "hostile"];
            179 NtReplaceKey nt_replace_key(
                new_file: ObjectAttributes, key: Handle, old_file: ObjectAttributes)
                (None) "" [];
            184 NtRestoreKey nt_restore_key(key: Handle, file: Handle, flags: Value32)
                (None) "" [];
            188 NtSaveKey nt_save_key(key: Handle, file: Handle)
                (None) "" [];
            199 NtSetInformationKey nt_set_information_key(
                key: Handle, class: Class, buffer: In, length: Value32)
                (Full)
                "kernel/personality/nt/src/registry/key.rs" ["registry", "hostile"];
            215 NtSetValueKey nt_set_value_key(
                key: Handle, name: Text, title_index: Value32, value_type: Value32,
                buffer: InOptional, length: Value32)
                (Full)
                "kernel/personality/nt/src/registry/value.rs" ["registry", "hostile"];
            227 NtUnloadKey nt_unload_key(target: ObjectAttributes)
                (None) "" [];
        }
    };
}
