//! From DWARF to what the table stores of source lines.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use debuginfo::{DebugInfo, SourceFrame};
use symbols::{Call, INLINED_MAX, Site};

use crate::sites::Sites;

/// Where code can fault: only there is memory touched that may not be mapped. A
/// function without calls has its first line here, for a fault to be near it.
const FAULTING: &str = "kernel/hal/";

/// A function and its file: one that has lines in two files counts as two.
type Inlined = (String, String);

/// Source lines, with texts not yet encoded.
#[derive(Debug, Default)]
pub(crate) struct SourceLines {
    /// Short paths by alphabet.
    pub(crate) files: Vec<String>,
    /// Names of inlined functions and the places of their files, those that
    /// stand in most chains first.
    pub(crate) inlined: Vec<(String, u32)>,
    /// Sorted as the table sorts functions.
    pub(crate) sites: Vec<Site>,
    /// Whether each holds up to the next.
    pub(crate) is_dense: bool,
}

/// Looks all sites up in DWARF; those it does not know are left out.
pub(crate) fn collect(sites: &Sites, dwarf: &DebugInfo<'_>) -> Result<SourceLines, String> {
    let mut found = Vec::new();
    let addresses = sites.calls.iter().chain(&sites.stops).chain(&sites.leaves);
    for &address in addresses {
        let frames = frames(dwarf, address)?;
        let is_wanted = !sites.leaves.contains(&address)
            || (frames.last()).is_some_and(|frame| frame.file.starts_with(FAULTING));
        if is_wanted && is_known(&frames) {
            check(address, &frames)?;
            found.push((address, frames));
        }
    }
    found.sort_by_key(|(address, _)| address.cast_signed());
    Ok(of_sites(&found))
}

/// The lines of sites that are sorted already; none may be without frames.
pub(crate) fn of_sites(found: &[(u64, Vec<SourceFrame>)]) -> SourceLines {
    let all = found.iter().flat_map(|(_, frames)| frames);
    let files: BTreeSet<&str> = all.map(|frame| &*frame.file).collect();
    let files: BTreeMap<&str, u32> = files.into_iter().zip(0..).collect();
    let ranked = by_chains(found);
    let functions: BTreeMap<&Inlined, u32> = ranked.iter().zip(0..).collect();
    let sites = found.iter().map(|(address, frames)| {
        let (outermost, inlined) = frames.split_last().expect("known frames are not empty");
        let call = |frame: &SourceFrame| Call {
            function: functions[&inlined_of(frame)],
            line: frame.line,
        };
        Site {
            address: *address,
            file: files[&*outermost.file],
            line: outermost.line,
            inlined: inlined.iter().rev().map(call).collect(),
        }
    });
    let sites = sites.collect();
    let inlined = ranked.iter();
    SourceLines {
        sites,
        is_dense: false,
        inlined: inlined
            .map(|(name, file)| (name.clone(), files[&**file]))
            .collect(),
        files: files.into_keys().map(String::from).collect(),
    }
}

/// The frames at an address as a table has them.
pub(crate) fn frames(dwarf: &DebugInfo<'_>, address: u64) -> Result<Vec<SourceFrame>, String> {
    let frames = dwarf.frames(address)?.into_iter();
    Ok(frames.map(SourceFrame::without_path).collect())
}

/// Whether DWARF says where the function at the address comes from. It does not
/// for assembly.
pub(crate) fn is_known(frames: &[SourceFrame]) -> bool {
    frames.last().is_some_and(|frame| !frame.file.is_empty())
}

/// The inlined functions, by the number of different chains that begin in them.
fn by_chains(found: &[(u64, Vec<SourceFrame>)]) -> Vec<Inlined> {
    let mut chains: BTreeSet<&[SourceFrame]> = BTreeSet::new();
    for (_, frames) in found {
        chains.extend((1..frames.len()).map(|length| &frames[..length]));
    }
    let mut uses: BTreeMap<Inlined, usize> = BTreeMap::new();
    for chain in chains {
        *uses.entry(inlined_of(&chain[chain.len() - 1])).or_default() += 1;
    }
    let mut ranked: Vec<_> = uses.into_iter().collect();
    ranked.sort_by_key(|(_, uses)| Reverse(*uses));
    ranked.into_iter().map(|(function, _)| function).collect()
}

fn inlined_of(frame: &SourceFrame) -> Inlined {
    (frame.name.clone(), frame.file.clone())
}

fn check(address: u64, frames: &[SourceFrame]) -> Result<(), String> {
    let inlined = &frames[..frames.len() - 1];
    let fault = if inlined.len() > INLINED_MAX {
        "too many inlined functions for a table"
    } else if inlined.iter().any(|frame| frame.name.is_empty()) {
        "an inlined function without a name"
    } else if inlined.iter().any(|frame| frame.file.is_empty()) {
        "an inlined function without a file"
    } else {
        return Ok(());
    };
    Err(format!("has {fault} at {address:#x}, in {frames:?}"))
}
