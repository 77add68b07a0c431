//! Object attributes (NT `ntdef.h`).

/// The handle is inherited.
pub const OBJ_INHERIT: u32 = 0x2;
/// Every flag there is.
pub const OBJ_VALID_ATTRIBUTES: u32 = 0x1FF2;

layout! {
    /// `OBJECT_ATTRIBUTES` (NT `ntdef.h`).
    pub struct ObjectAttributes, size 0x30 {
        /// Bytes of this structure.
        0x00 length_bytes: u32,
        /// Padding.
        0x04 reserved_04: u32,
        /// Where the name begins; 0: at the root.
        0x08 root_directory: u64,
        /// Address of the name.
        0x10 object_name: u64,
        /// `OBJ_*`.
        0x18 attributes: u32,
        /// Padding.
        0x1c reserved_1c: u32,
        /// Address of the security descriptor.
        0x20 security_descriptor: u64,
        /// Address of the quality of service.
        0x28 security_quality_of_service: u64,
    }
}
