//! Services of tokens, privileges and access checks.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! token_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            14 NtAccessCheck nt_access_check(
                descriptor: In, token: Handle, access: Access, mapping: In, privileges: Out,
                privileges_length: InOut, granted_access: Out, result: Out)
                (Full) "kernel/personality/nt/src/token/check.rs"
                ["tokens"];
            15 NtAccessCheckAndAuditAlarm nt_access_check_and_audit_alarm(
                subsystem: Text, handle_id: Value64, object_type: Text, object_name: Text,
                descriptor: In, access: Access, mapping: In, creation: Value8, granted_access: Out,
                result: Out, generate_on_close: Out)
                (None) "" [];
            17 NtAdjustGroupsToken nt_adjust_groups_token(
                token: Handle, reset: Value8, groups: InOptional, length: Value32,
                previous: OutOptional, return_length: OutOptional)
                (Full) "kernel/personality/nt/src/token/adjust.rs"
                ["tokens"];
            18 NtAdjustPrivilegesToken nt_adjust_privileges_token(
                token: Handle, disable_all: Value8, privileges: InOptional, length: Value32,
                previous: OutOptional, return_length: OutOptional)
                (Full) "kernel/personality/nt/src/token/adjust.rs"
                ["tokens"];
            36 NtCompareTokens nt_compare_tokens(first: Handle, second: Handle, equal: Out)
                (Full) "kernel/personality/nt/src/token/duplicate.rs"
                ["tokens"];
            50 NtCreateLowBoxToken nt_create_low_box_token(
                token: HandleOut, existing: Handle, access: Access,
                attributes: ObjectAttributesOptional, package: In, capability_count: Value32,
                capabilities: InOptional, handle_count: Value32, handles: InOptional)
                (None) "" [];
            62 NtCreateToken nt_create_token(
                token: HandleOut, access: Access, attributes: ObjectAttributesOptional,
                token_type: Value32, authentication_id: In, expiration: In, user: In, groups: In,
                privileges: In, owner: InOptional, primary_group: In, default_acl: InOptional,
                source: In)
                (None) "" [];
            74 NtDuplicateToken nt_duplicate_token(
                token: Handle, access: Access, attributes: ObjectAttributesOptional,
                effective_only: Value8, token_type: Value32, new_token: HandleOut)
                (Full) "kernel/personality/nt/src/token/duplicate.rs"
                ["tokens"];
            77 NtFilterToken nt_filter_token(
                token: Handle, flags: Value32, disabled: InOptional, deleted: InOptional,
                restricted: InOptional, new_token: HandleOut)
                (Full) "kernel/personality/nt/src/token/duplicate.rs"
                ["tokens"];
            91 NtImpersonateAnonymousToken nt_impersonate_anonymous_token(thread: Handle)
                (Full) "kernel/personality/nt/src/token/open.rs"
                ["tokens"];
            121 NtOpenProcessToken nt_open_process_token(
                process: Handle, access: Access, token: HandleOut)
                (Full) "kernel/personality/nt/src/token/open.rs"
                ["tokens"];
            122 NtOpenProcessTokenEx nt_open_process_token_ex(
                process: Handle, access: Access, handle_attributes: Value32, token: HandleOut)
                (Full) "kernel/personality/nt/src/token/open.rs"
                ["tokens"];
            127 NtOpenThreadToken nt_open_thread_token(
                thread: Handle, access: Access, open_as_self: Value8, token: HandleOut)
                (Full) "kernel/personality/nt/src/token/open.rs"
                ["tokens"];
            128 NtOpenThreadTokenEx nt_open_thread_token_ex(
                thread: Handle, access: Access, open_as_self: Value8, handle_attributes: Value32,
                token: HandleOut)
                (Full) "kernel/personality/nt/src/token/open.rs"
                ["tokens"];
            131 NtPrivilegeCheck nt_privilege_check(token: Handle, privileges: InOut, result: Out)
                (Full) "kernel/personality/nt/src/token/check.rs"
                ["tokens"];
            146 NtQueryInformationToken nt_query_information_token(
                token: Handle, class: Class, buffer: OutOptional, length: Value32,
                return_length: Out)
                (Full) "kernel/personality/nt/src/token/query.rs"
                ["tokens"];
            203 NtSetInformationToken nt_set_information_token(
                token: Handle, class: Class, buffer: In, length: Value32)
                (Partial("no sessions, audit policy or virtualisation; levels are only lowered"))
                "kernel/personality/nt/src/token/set.rs"
                ["tokens"];
        }
    };
}
