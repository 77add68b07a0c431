//! Enabling and disabling what tokens have.

use abi::NtStatus;
use abi::access::{TOKEN_ADJUST_GROUPS, TOKEN_ADJUST_PRIVILEGES, TOKEN_QUERY};
use security::AdjustError;

use super::answer::Answer;
use super::read::{groups_at, privileges_at};
use crate::call::{Call, Outcome, probe, write};

const COUNT_BYTES: u64 = size_of::<u32>() as u64;

/// Where the state before goes, and how much of it may.
struct Previous {
    address: u64,
    length: u32,
    return_length: u64,
}

impl Previous {
    fn read(call: &Call<'_>) -> Result<Self, NtStatus> {
        let previous = Self {
            address: call.word(4)?,
            length: call.value32(3)?,
            return_length: call.word(5)?,
        };
        // Without the state its length can be left out.
        if previous.address != 0 || previous.return_length != 0 {
            probe::<u32>(previous.return_length)?;
        }
        Ok(previous)
    }

    /// The access that it takes besides.
    fn access(&self) -> u32 {
        match self.address {
            0 => 0,
            _ => TOKEN_QUERY,
        }
    }

    /// Writes it, before anything is changed.
    fn give(&self, put: impl FnOnce(&mut Answer) -> Result<(), NtStatus>) -> Result<(), NtStatus> {
        if self.address == 0 {
            return Ok(());
        }
        let mut answer = Answer::new(self.address);
        put(&mut answer)?;
        write(self.return_length, &answer.length())?;
        match self.length < answer.length() {
            true => Err(NtStatus::BUFFER_TOO_SMALL),
            false => answer.send(),
        }
    }
}

/// NtAdjustPrivilegesToken(token, disable all, privileges, length, previous, return
/// length)
pub(crate) fn nt_adjust_privileges_token(call: &Call<'_>) -> Outcome {
    let (disables_all, wanted_at) = (call.flag(1)?, call.word(2)?);
    let previous = Previous::read(call)?;
    if !disables_all && wanted_at == 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let mut wanted = match disables_all {
        true => alloc::vec::Vec::new(),
        false => privileges_at(wanted_at, COUNT_BYTES)?,
    };
    let token = call.token(0, TOKEN_ADJUST_PRIVILEGES | previous.access())?;
    if disables_all {
        let all = token.with(|identity| identity.all_disabled());
        wanted = all.map_err(|_| NtStatus::NO_MEMORY)?;
    }
    let before = token.with(|identity| identity.would_adjust_privileges(&wanted));
    let before = before.map_err(|_| NtStatus::NO_MEMORY)?.before;
    previous.give(|answer| answer.put_privileges(&before))?;
    let adjusted = token.change(|identity| identity.adjust_privileges(&wanted));
    match adjusted.map_err(|_| NtStatus::NO_MEMORY)?.had_all {
        true => Ok(NtStatus::SUCCESS),
        false => Ok(NtStatus::NOT_ALL_ASSIGNED),
    }
}

/// NtAdjustGroupsToken(token, reset, groups, length, previous, return length)
pub(crate) fn nt_adjust_groups_token(call: &Call<'_>) -> Outcome {
    let (resets, wanted_at) = (call.flag(1)?, call.word(2)?);
    let previous = Previous::read(call)?;
    if !resets && wanted_at == 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let mut wanted = match resets {
        true => alloc::vec::Vec::new(),
        false => groups_at(wanted_at)?,
    };
    let token = call.token(0, TOKEN_ADJUST_GROUPS | previous.access())?;
    if resets {
        let defaults = token.with(|identity| identity.groups_by_default());
        wanted = defaults.map_err(|_| NtStatus::NO_MEMORY)?;
    }
    let before = token.with(|identity| identity.would_adjust_groups(&wanted));
    let before = before.map_err(refused)?.before;
    previous.give(|answer| answer.put_groups(&before))?;
    let adjusted = token.change(|identity| identity.adjust_groups(&wanted));
    match adjusted.map_err(refused)?.had_all {
        true => Ok(NtStatus::SUCCESS),
        false => Ok(NtStatus::NOT_ALL_ASSIGNED),
    }
}

fn refused(error: AdjustError) -> NtStatus {
    match error {
        AdjustError::Mandatory => NtStatus::CANT_DISABLE_MANDATORY,
        AdjustError::DenyOnly => NtStatus::CANT_ENABLE_DENY_ONLY,
        AdjustError::NoMemory => NtStatus::NO_MEMORY,
    }
}
