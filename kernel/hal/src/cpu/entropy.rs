//! What nobody can know before: the processor's random numbers, else jitter.

use core::arch::x86_64::{_rdrand64_step, _rdseed64_step};

use raw_cpuid::CpuId;

use crate::time;

/// Numbers of the processor's that are taken: 256 bits.
const NUMBERS: usize = 4;
/// Tries until the processor's source counts as broken (Intel SDM vol. 1, 7.3.17).
const TRIES: usize = 100;
/// Numbers of jitter that are taken where there is nothing else; beside others, one.
const JITTERS: usize = 8;
/// Time stamps in such a number, each with a bit or less that nobody knows.
const STAMPS: usize = 32;

/// Where random numbers begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// RDSEED.
    Seeds,
    /// RDRAND.
    Numbers,
    /// How long devices take to answer, which a patient observer can guess.
    Jitter,
}

/// Gives `take` one number after the other; all of them together are a seed.
pub fn gather(mut take: impl FnMut(u64)) -> Source {
    let source = [
        (Source::Seeds, has_rdseed(), rdseed as fn() -> Option<u64>),
        (Source::Numbers, has_rdrand(), rdrand),
    ];
    let found = source.into_iter().find(|&(_, is_there, number)| {
        is_there
            && (0..NUMBERS).all(|_| {
                let number = (0..TRIES).find_map(|_| number());
                number.map(&mut take).is_some()
            })
    });
    let jitters = if found.is_some() { 1 } else { JITTERS };
    (0..jitters).for_each(|_| take(jitter()));
    found.map_or(Source::Jitter, |(source, ..)| source)
}

fn jitter() -> u64 {
    (0..STAMPS).fold(0, |sum: u64, _| {
        sum.rotate_left(11) ^ time::uncertain_cycles()
    })
}

fn has_rdseed() -> bool {
    let features = CpuId::new().get_extended_feature_info();
    features.is_some_and(|features| features.has_rdseed())
}

fn has_rdrand() -> bool {
    let features = CpuId::new().get_feature_info();
    features.is_some_and(|features| features.has_rdrand())
}

fn rdseed() -> Option<u64> {
    let mut number = 0;
    // SAFETY: only called where CPUID says that there is the instruction.
    let is_valid = unsafe { _rdseed64_step(&mut number) } == 1;
    is_valid.then_some(number)
}

fn rdrand() -> Option<u64> {
    let mut number = 0;
    // SAFETY: as above.
    let is_valid = unsafe { _rdrand64_step(&mut number) } == 1;
    is_valid.then_some(number)
}
