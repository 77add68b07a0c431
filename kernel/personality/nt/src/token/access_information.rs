//! What access checks look at, all at once.

use abi::NtStatus;
use abi::token::*;
use executive::token::Token;
use security::{Group, Identity, privilege};
use zerocopy::FromZeros;

use super::answer::{Answer, entries_bytes};
use super::luid::luid_of;
use super::query::{MANDATORY_POLICY, kind_and_level, user_and_groups};

const HASH_BYTES: u64 = size_of::<SidAndAttributesHash>() as u64;
const WORD_BYTES: u64 = size_of::<u64>() as u64;

/// Puts a TOKEN_ACCESS_INFORMATION, and behind it what it refers to: three hashes,
/// groups, restricting groups, privileges.
pub(super) fn put(token: &Token, answer: &mut Answer) -> Result<(), NtStatus> {
    let mut head = TokenAccessInformation::new_zeroed();
    (head.token_type, head.impersonation_level) = kind_and_level(token);
    head.authentication_id = luid_of(token.logon());
    head.mandatory_policy = MANDATORY_POLICY;
    token.with(|identity| {
        let groups = user_and_groups(identity)?;
        let restricted = identity.restricted();
        let hashes_at = answer.address_after(size_of_val(&head) as u64);
        let place = |number: u64| hashes_at.wrapping_add(number.wrapping_mul(HASH_BYTES));
        let (groups_at, after) = (place(3), entries_bytes(&groups));
        let padding = after.wrapping_neg() % WORD_BYTES;
        let restricted_at = groups_at.wrapping_add(after).wrapping_add(padding);
        head.sid_hash = place(0);
        head.restricted_sid_hash = place(1);
        head.capabilities_hash = place(2);
        head.privileges = restricted_at.wrapping_add(entries_bytes(restricted));
        head.flags = flags(identity);
        answer.put(&head)?;
        answer.put(&hash(&groups, groups_at))?;
        answer.put(&hash(restricted, restricted_at))?;
        answer.put(&hash(&[], 0))?;
        answer.put_entries(&groups)?;
        let padding = usize::try_from(padding).unwrap_or(0);
        answer.put_bytes([0; WORD_BYTES as usize].get(..padding).unwrap_or_default())?;
        answer.put_entries(restricted)?;
        answer.put_privileges(identity.privileges())
    })
}

/// Where groups are, and which of them can be an identifier.
fn hash(groups: &[Group], at: u64) -> SidAndAttributesHash {
    let mut hash = SidAndAttributesHash::new_zeroed();
    hash.count = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    if !groups.is_empty() {
        hash.sids = at;
    }
    let (lower, upper) = hash.hash.split_at_mut(16);
    for (number, group) in groups.iter().take(64).enumerate() {
        let [byte, ..] = group.sid.last_part().unwrap_or(0).to_le_bytes();
        let bit = 1_u64 << (number & 63);
        for (half, place) in [(byte & 15, &mut *lower), (byte >> 4, &mut *upper)] {
            if let Some(bits) = place.get_mut(usize::from(half)) {
                *bits |= bit;
            }
        }
    }
    hash
}

fn flags(identity: &Identity) -> u32 {
    [
        (
            identity.has_enabled(privilege::CHANGE_NOTIFY),
            TOKEN_HAS_TRAVERSE_PRIVILEGE,
        ),
        (
            identity.is_restricted() && identity.is_write_restricted(),
            TOKEN_WRITE_RESTRICTED,
        ),
        (identity.is_restricted(), TOKEN_IS_RESTRICTED_FLAG),
        (identity.is_sandbox_inert(), TOKEN_SANDBOX_INERT_FLAG),
        (
            identity.has_enabled(privilege::IMPERSONATE),
            TOKEN_HAS_IMPERSONATE_PRIVILEGE,
        ),
        (identity.is_above_low(), TOKEN_NOT_LOW),
    ]
    .iter()
    .fold(
        0,
        |sum, (is_set, flag)| if *is_set { sum | flag } else { sum },
    )
}
