//! Privileges by their numbers, the lower halves of their LUIDs (NT `wdm.h`).

/// Make tokens.
pub const SE_CREATE_TOKEN_PRIVILEGE: u32 = 2;
/// Give a token to a process.
pub const SE_ASSIGN_PRIMARY_TOKEN_PRIVILEGE: u32 = 3;
/// Lock pages.
pub const SE_LOCK_MEMORY_PRIVILEGE: u32 = 4;
/// Raise quotas.
pub const SE_INCREASE_QUOTA_PRIVILEGE: u32 = 5;
/// Make accounts of machines.
pub const SE_MACHINE_ACCOUNT_PRIVILEGE: u32 = 6;
/// Act as part of the system.
pub const SE_TCB_PRIVILEGE: u32 = 7;
/// Manage auditing.
pub const SE_SECURITY_PRIVILEGE: u32 = 8;
/// Take ownership.
pub const SE_TAKE_OWNERSHIP_PRIVILEGE: u32 = 9;
/// Load drivers.
pub const SE_LOAD_DRIVER_PRIVILEGE: u32 = 10;
/// Profile the system.
pub const SE_SYSTEM_PROFILE_PRIVILEGE: u32 = 11;
/// Set the clock.
pub const SE_SYSTEMTIME_PRIVILEGE: u32 = 12;
/// Profile a process.
pub const SE_PROFILE_SINGLE_PROCESS_PRIVILEGE: u32 = 13;
/// Raise priorities.
pub const SE_INCREASE_BASE_PRIORITY_PRIVILEGE: u32 = 14;
/// Make page files.
pub const SE_CREATE_PAGEFILE_PRIVILEGE: u32 = 15;
/// Make permanent objects.
pub const SE_CREATE_PERMANENT_PRIVILEGE: u32 = 16;
/// Read every file.
pub const SE_BACKUP_PRIVILEGE: u32 = 17;
/// Write every file.
pub const SE_RESTORE_PRIVILEGE: u32 = 18;
/// Switch the machine off.
pub const SE_SHUTDOWN_PRIVILEGE: u32 = 19;
/// Open every process.
pub const SE_DEBUG_PRIVILEGE: u32 = 20;
/// Write audit entries.
pub const SE_AUDIT_PRIVILEGE: u32 = 21;
/// Change firmware variables.
pub const SE_SYSTEM_ENVIRONMENT_PRIVILEGE: u32 = 22;
/// Pass through directories unchecked.
pub const SE_CHANGE_NOTIFY_PRIVILEGE: u32 = 23;
/// Switch it off from afar.
pub const SE_REMOTE_SHUTDOWN_PRIVILEGE: u32 = 24;
/// Undock.
pub const SE_UNDOCK_PRIVILEGE: u32 = 25;
/// Synchronise directories.
pub const SE_SYNC_AGENT_PRIVILEGE: u32 = 26;
/// Trust accounts.
pub const SE_ENABLE_DELEGATION_PRIVILEGE: u32 = 27;
/// Maintain volumes.
pub const SE_MANAGE_VOLUME_PRIVILEGE: u32 = 28;
/// Act for a client.
pub const SE_IMPERSONATE_PRIVILEGE: u32 = 29;
/// Make global names.
pub const SE_CREATE_GLOBAL_PRIVILEGE: u32 = 30;
/// Read credentials.
pub const SE_TRUSTED_CREDMAN_ACCESS_PRIVILEGE: u32 = 31;
/// Change integrity levels.
pub const SE_RELABEL_PRIVILEGE: u32 = 32;
/// Enlarge working sets.
pub const SE_INCREASE_WORKING_SET_PRIVILEGE: u32 = 33;
/// Set the time zone.
pub const SE_TIME_ZONE_PRIVILEGE: u32 = 34;
/// Make symbolic links of files.
pub const SE_CREATE_SYMBOLIC_LINK_PRIVILEGE: u32 = 35;
