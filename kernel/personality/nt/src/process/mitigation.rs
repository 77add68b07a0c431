//! What is made harder for attackers, as PROCESS_MITIGATION_POLICY asks.

use abi::NtStatus;
use abi::process::{
    MITIGATION_DEP_DISABLE_THUNKS, MITIGATION_DEP_ENABLE, PROCESS_DEP_POLICY,
    PROCESS_MITIGATION_POLICIES,
};

/// The flags of a policy. Data is never executable, and images that ask for it are
/// moved; programs are not kept from anything by policies, so the others are off.
pub(super) fn policy_flags(policy: u32) -> Result<u32, NtStatus> {
    match policy {
        PROCESS_DEP_POLICY => Ok(MITIGATION_DEP_ENABLE | MITIGATION_DEP_DISABLE_THUNKS),
        PROCESS_MITIGATION_POLICIES.. => Err(NtStatus::INVALID_PARAMETER),
        _ => Ok(0),
    }
}

/// Refuses to change a policy to what it is not.
pub(super) fn check_same(policy: u32, flags: u32) -> Result<(), NtStatus> {
    match policy_flags(policy)? & flags == flags {
        true => Ok(()),
        false => Err(NtStatus::NOT_SUPPORTED),
    }
}
