//! Numbers of `NtSystemDebugControl`.

/// SYSDBG_COMMAND: which modules there are.
pub const SYSDBG_QUERY_MODULE_INFORMATION: u32 = 0;
/// What the kernel's version is.
pub const SYSDBG_QUERY_VERSION: u32 = 7;
/// Read the kernel's memory.
pub const SYSDBG_READ_VIRTUAL: u32 = 8;
/// Write it.
pub const SYSDBG_WRITE_VIRTUAL: u32 = 9;
/// Read memory by its physical address.
pub const SYSDBG_READ_PHYSICAL: u32 = 10;
/// Write it.
pub const SYSDBG_WRITE_PHYSICAL: u32 = 11;
/// Read a model-specific register.
pub const SYSDBG_READ_MSR: u32 = 16;
/// Write one.
pub const SYSDBG_WRITE_MSR: u32 = 17;
/// Dump a program for a short report.
pub const SYSDBG_GET_TRIAGE_DUMP: u32 = 29;
/// Whether a debugger is kept out.
pub const SYSDBG_GET_KD_BLOCK_ENABLE: u32 = 31;
/// Dump the kernel while it runs.
pub const SYSDBG_GET_LIVE_KERNEL_DUMP: u32 = 37;
