//! The addresses that get exact lines: where functions wait or stop.

use std::collections::BTreeSet;

use iced_x86::{Decoder, DecoderOptions, FlowControl};

use crate::kernel::Kernel;

/// What the disassembly of all functions found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sites {
    /// The last byte of every call: one less than its return address.
    pub(crate) calls: BTreeSet<u64>,
    /// The first byte of every instruction that stops on purpose, as `ud2` does.
    pub(crate) stops: BTreeSet<u64>,
    /// The first byte of every function without any of these.
    pub(crate) leaves: BTreeSet<u64>,
}

/// Disassembles every function of the ELF.
pub(crate) fn find(kernel: &Kernel<'_>) -> Result<Sites, String> {
    let mut sites = Sites::default();
    for function in kernel.functions() {
        let code = kernel
            .code(function.start, function.size)
            .ok_or_else(|| format!("has no code for its function {}", function.name))?;
        let mut has_site = false;
        let mut decoder = Decoder::with_ip(64, code, function.start, DecoderOptions::NONE);
        while decoder.can_decode() {
            let instruction = decoder.decode();
            match instruction.flow_control() {
                FlowControl::Call | FlowControl::IndirectCall => {
                    has_site = true;
                    sites.calls.insert(instruction.next_ip().wrapping_sub(1));
                }
                FlowControl::Exception if !instruction.is_invalid() => {
                    has_site = true;
                    sites.stops.insert(instruction.ip());
                }
                _ => {}
            }
        }
        if !has_site {
            sites.leaves.insert(function.start);
        }
    }
    Ok(sites)
}
