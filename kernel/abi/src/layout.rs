//! The macro that writes an NT structure with each field's offset beside it.

/// Declares a `repr(C)` structure and asserts its size and every offset.
///
/// The structure gets the zerocopy traits, so that it can be built from zeroed
/// bytes, parsed from user memory and written to it without `unsafe`; padding
/// must therefore be spelled out as a field.
macro_rules! layout {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident, size $size:literal {
            $(
                $(#[$field_attribute:meta])*
                $offset:literal $field:ident: $type:ty,
            )*
        }
    ) => {
        $(#[$attribute])*
        #[repr(C)]
        #[derive(
            Clone,
            Copy,
            Debug,
            zerocopy::FromBytes,
            zerocopy::IntoBytes,
            zerocopy::Immutable,
            zerocopy::KnownLayout,
        )]
        pub struct $name {
            $(
                $(#[$field_attribute])*
                pub $field: $type,
            )*
        }

        const _: () = {
            assert!(size_of::<$name>() == $size);
            $(assert!(core::mem::offset_of!($name, $field) == $offset);)*
        };
    };
}
