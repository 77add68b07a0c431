//! What dnsapi asks for: no domains are searched, and nobody can be asked.

use abi::NtStatus;
use hal::user;

use crate::call::{Outcome, read, violation, write};

/// A call of dnsapi's. What it returns is an error of Win32. Both lists are empty, of
/// which the second has a head.
pub(super) fn serve(code: u32, arguments: u64) -> Outcome {
    const GET_SEARCH_LIST: u32 = 0;
    const GET_SERVERS: u32 = 1;
    const NO_DNS_SERVERS: NtStatus = NtStatus(9852);
    /// The end of a list of texts.
    const NO_DOMAINS: [u8; 2] = [0; 2];
    /// `DNS_ADDR_ARRAY`
    const NO_SERVERS: [u8; 32] = [0; 32];
    match code {
        GET_SEARCH_LIST => {
            let [list, length_at] = read::<[u64; 2]>(arguments)?;
            give_list(&NO_DOMAINS, list, length_at)
        }
        GET_SERVERS => {
            let [_, list, length_at] = read::<[u64; 3]>(arguments)?;
            give_list(&NO_SERVERS, list, length_at)
        }
        _ => Ok(NO_DNS_SERVERS),
    }
}

/// Tells how long a list is, and gives it, if there is a place for it.
fn give_list(bytes: &[u8], list: u64, length_at: u64) -> Outcome {
    const MORE_DATA: NtStatus = NtStatus(234);
    let (room, needed) = (read::<u32>(length_at)?, u32::try_from(bytes.len()));
    let needed = needed.unwrap_or(0);
    write(length_at, &needed)?;
    match list {
        0 => Ok(NtStatus::SUCCESS),
        _ if room < needed => Ok(MORE_DATA),
        _ => {
            user::copy_out(list, bytes).map_err(violation)?;
            Ok(NtStatus::SUCCESS)
        }
    }
}
