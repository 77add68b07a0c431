//! Processes.

layout! {
    /// `CLIENT_ID`.
    pub struct ClientId, size 0x10 {
        /// The process.
        0x0 unique_process: u64,
        /// The thread.
        0x8 unique_thread: u64,
    }
}
/// Attribute.
pub const PS_ATTRIBUTE_CLIENT_ID: u64 = 0x1_0003;
/// Attribute.
pub const PS_ATTRIBUTE_TEB_ADDRESS: u64 = 0x1_0004;
/// Attribute.
pub const PS_ATTRIBUTE_IDEAL_PROCESSOR: u64 = 0x3_000E;
layout! {
    /// `PS_ATTRIBUTE`.
    pub struct PsAttribute, size 0x20 {
        /// Which.
        0x00 attribute: u64,
        /// Bytes.
        0x08 size_bytes: u64,
        /// Value.
        0x10 value: u64,
        /// Where the length goes.
        0x18 return_length: u64,
    }
}
