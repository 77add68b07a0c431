//! Services of objects in general, directories and symbolic links.

/// Adds them to the list; see [`freestanding_services`](crate::freestanding_services).
#[doc(hidden)]
#[macro_export]
macro_rules! object_services {
    ($callback:ident $later:tt $($before:tt)*) => {
        $crate::next_services! { $callback $later $($before)*
            23 NtAllocateReserveObject nt_allocate_reserve_object(
                reserve: HandleOut, attributes: ObjectAttributesOptional, reserve_type: Value32)
                (Full) "kernel/personality/nt/src/object/reserve.rs"
                ["completion", "exceptions", "hostile"];
            0 NtClose nt_close(handle: Handle)
                (Full) "kernel/personality/nt/src/object/close.rs"
                ["hostile", "objects", "bench"];
            35 NtCompareObjects nt_compare_objects(first: Handle, second: Handle)
                (Full) "kernel/personality/nt/src/object/name.rs"
                ["objects"];
            42 NtCreateDirectoryObject nt_create_directory_object(
                directory: HandleOut, access: Access, attributes: ObjectAttributesOptional)
                (Full) "kernel/personality/nt/src/object/directory.rs"
                ["objects"];
            58 NtCreateSymbolicLinkObject nt_create_symbolic_link_object(
                link: HandleOut, access: Access, attributes: ObjectAttributes, target: Text)
                (Full) "kernel/personality/nt/src/object/link.rs"
                ["objects", "names"];
            73 NtDuplicateObject nt_duplicate_object(
                source_process: Handle, source: Handle, target_process: Handle, target: OutOptional,
                access: Access, handle_attributes: Value32, options: Value32)
                (Full) "kernel/personality/nt/src/object/duplicate.rs"
                ["objects", "duplicates"];
            102 NtMakePermanentObject nt_make_permanent_object(handle: Handle)
                (Full) "kernel/personality/nt/src/object/name.rs"
                ["objects"];
            103 NtMakeTemporaryObject nt_make_temporary_object(handle: Handle)
                (Full) "kernel/personality/nt/src/object/name.rs"
                ["objects"];
            109 NtOpenDirectoryObject nt_open_directory_object(
                directory: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/object/directory.rs"
                ["objects"];
            125 NtOpenSymbolicLinkObject nt_open_symbolic_link_object(
                link: HandleOut, access: Access, attributes: ObjectAttributes)
                (Full) "kernel/personality/nt/src/object/link.rs"
                ["objects", "names"];
            137 NtQueryDirectoryObject nt_query_directory_object(
                directory: Handle, buffer: OutOptional, length: Value32, single: Value8,
                restart: Value8, context: InOut, return_length: OutOptional)
                (Full) "kernel/personality/nt/src/object/directory.rs"
                ["objects", "names"];
            153 NtQueryObject nt_query_object(
                handle: Handle, class: Class, buffer: OutOptional, length: Value32,
                return_length: OutOptional)
                (Full) "kernel/personality/nt/src/object/query.rs"
                ["objects", "names"];
            155 NtQuerySecurityObject nt_query_security_object(
                handle: Handle, security_information: Value32, descriptor: OutOptional,
                length: Value32, return_length: Out)
                (Full) "kernel/personality/nt/src/security/object.rs"
                ["security"];
            157 NtQuerySymbolicLinkObject nt_query_symbolic_link_object(
                link: Handle, target: InOut, return_length: OutOptional)
                (Full) "kernel/personality/nt/src/object/link.rs"
                ["objects", "names"];
            200 NtSetInformationObject nt_set_information_object(
                handle: Handle, class: Class, buffer: In, length: Value32)
                (Full) "kernel/personality/nt/src/object/query.rs"
                ["objects"];
            209 NtSetSecurityObject nt_set_security_object(
                handle: Handle, security_information: Value32, descriptor: In)
                (Full) "kernel/personality/nt/src/security/object.rs"
                ["security"];
        }
    };
}
