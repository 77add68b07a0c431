//! Source lines and inlined functions, written and read back.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::{TOKENS, function, table_with_lines};
use crate::{
    BUILD_ID_BYTES, Call, Function, INLINED_MAX, InlinedFunction, Lines, NAME_MAX_BYTES, Site,
    Table, TableParts, WriteError, write,
};

pub(super) const BASE: u64 = 0xFFFF_FFFF_8010_1000;
pub(super) const FUNCTION_BYTES: u32 = 0x4000;
const FILES: [[u16; 1]; 3] = [[0], [1], [2]];
const INLINED: u32 = 40;

/// Name, file, line, is it inlined, is it exact.
pub(super) type Seen = (String, Option<String>, u32, bool, bool);

pub(super) fn frames_at(table: &Table<'_>, address: u64) -> Vec<Seen> {
    let frames = table.frames(address).map(|frame| {
        let file = frame.file.map(|file| file.to_string());
        let name = frame.name.to_string();
        (name, file, frame.line, frame.is_inlined, frame.is_exact)
    });
    frames.collect()
}

/// Four adjacent functions.
pub(super) fn functions() -> Vec<Function> {
    (0..4_u16)
        .map(|index| {
            let start = BASE + u64::from(index) * u64::from(FUNCTION_BYTES);
            function(start, FUNCTION_BYTES, &[index])
        })
        .collect()
}

fn files() -> Vec<Vec<u16>> {
    FILES.iter().map(|file| file.to_vec()).collect()
}

fn inlined() -> Vec<InlinedFunction> {
    let name = |index: u32| vec![5, (index % 6) as u16, (index / 6) as u16 % 6];
    (0..INLINED)
        .map(|index| InlinedFunction {
            name: name(index),
            file: index % 3,
        })
        .collect()
}

fn text(tokens: &[u16]) -> String {
    tokens
        .iter()
        .map(|&token| TOKENS[usize::from(token)])
        .collect()
}

pub(super) fn site(offset: u64, file: u32, line: u32, inlined: &[(u32, u32)]) -> Site {
    let call = |&(function, line): &(u32, u32)| Call { function, line };
    Site {
        address: BASE + offset,
        file,
        line,
        inlined: inlined.iter().map(call).collect(),
    }
}

fn table_of(sites: &[Site]) -> Vec<u8> {
    table_of_kind(sites, false)
}

pub(super) fn table_of_kind(sites: &[Site], is_dense: bool) -> Vec<u8> {
    let (files, inlined) = (files(), inlined());
    let lines = Lines {
        files: &files,
        inlined: &inlined,
        sites,
        is_dense,
    };
    table_with_lines(&functions(), lines)
}

/// What the frames of a site must be.
pub(super) fn expected(site: &Site) -> Vec<Seen> {
    let (functions, inlined) = (functions(), inlined());
    let of = |name: &[u16], file: u32, line, is_inlined| {
        let file = Some(text(&FILES[file as usize]));
        (text(name), file, line, is_inlined, true)
    };
    let mut frames: Vec<Seen> = (site.inlined.iter().rev())
        .map(|call| {
            let function = &inlined[call.function as usize];
            of(&function.name, function.file, call.line, true)
        })
        .collect();
    let holds = |function: &&Function| {
        site.address.wrapping_sub(function.start) < u64::from(FUNCTION_BYTES)
    };
    let function = functions.iter().find(holds).unwrap();
    frames.push(of(&function.name, site.file, site.line, false));
    frames
}

#[test]
fn exact_near_and_unknown_lines() {
    let sites = [
        site(0x10, 0, 7, &[]),
        site(0x20, 1, 0, &[(3, 9), (4, 0)]),
        site(0x4020, 2, 12, &[]),
    ];
    let bytes = table_of(&sites);
    let table = Table::parse(&bytes).unwrap();
    for site in &sites {
        assert_eq!(frames_at(&table, site.address), expected(site));
    }
    let near = |name: &str, file: &str, line| {
        let file = (!file.is_empty()).then(|| file.into());
        vec![(name.into(), file, line, false, false)]
    };
    let at = |offset| frames_at(&table, BASE + offset);
    assert_eq!(at(0x0F), near("core::", "", 0));
    assert_eq!(at(0x11), near("core::", "core::", 7));
    assert_eq!(at(0x21), near("core::", "fmt::", 0));
    assert_eq!(at(0x3FFF), near("core::", "fmt::", 0));
    assert_eq!(at(0x4000), near("fmt::", "", 0));
    assert_eq!(at(0x401F), near("fmt::", "", 0));
    assert_eq!(at(0x8000), near("Debug", "", 0));
    assert_eq!(at(4 * u64::from(FUNCTION_BYTES)), []);
    assert!(table.frames(BASE - 1).symbol().is_none());
    assert_eq!(table.frames(BASE + 4).symbol().unwrap().offset, 4);
}

#[test]
fn the_writer_refuses_sites_it_cannot_say() {
    let refused = |sites: &[Site]| {
        let (files, inlined) = (files(), inlined());
        let parts = TableParts {
            build_id: [0; BUILD_ID_BYTES],
            capacity_bytes: None,
            tokens: &TOKENS,
            functions: &functions(),
            lines: Lines {
                files: &files,
                inlined: &inlined,
                sites,
                is_dense: false,
            },
        };
        write(&parts).err()
    };
    let at = |offset| {
        Some(WriteError::Site {
            address: BASE + offset,
        })
    };
    let good = site(8, 0, 1, &[]);
    assert_eq!(
        refused(&[good.clone(), site(9, 2, 1, &[(39, 1); INLINED_MAX])]),
        None
    );
    for bad in [
        site(8, 0, 1, &[]),
        site(9, 3, 1, &[]),
        site(9, 0, 1 << 19, &[]),
        site(9, 0, 1, &[(40, 1)]),
        site(9, 0, 1, &[(0, 1 << 19)]),
        site(9, 0, 1, &[(0, 1); INLINED_MAX + 1]),
        site(8 + (1 << 20), 0, 1, &[]),
    ] {
        let address = bad.address;
        assert_eq!(refused(&[good.clone(), bad]), at(address - BASE));
    }
}

prop_compose! {
    pub(super) fn sites()(
        shapes in prop::collection::vec(
            (1..400_u64, 0..3_u32, 0..90_u32, prop::collection::vec((0..6_u32, 0..4_u32), 0..5)),
            0..120,
        ),
        deep in prop::collection::vec((0..INLINED, 0..5000_u32), 0..=INLINED_MAX),
    ) -> Vec<Site> {
        let mut offset = 0;
        let mut sites: Vec<Site> = shapes
            .into_iter()
            .map(|(distance, file, line, inlined)| {
                offset += distance;
                site(offset - 1, file, line, &inlined)
            })
            .collect();
        sites.push(site(offset + 9, 1, 4000, &deep));
        sites
    }
}

proptest! {
    #[test]
    fn every_site_comes_back(sites in sites()) {
        let bytes = table_of(&sites);
        let table = Table::parse(&bytes).unwrap();
        for site in &sites {
            prop_assert_eq!(frames_at(&table, site.address), expected(site));
        }
        for pair in sites.windows(2) {
            let between = pair[1].address - 1;
            if between > pair[0].address {
                let frames = frames_at(&table, between);
                prop_assert_eq!(frames.len(), 1);
                prop_assert!(!frames[0].4);
                let starts_between = (between - BASE) % u64::from(FUNCTION_BYTES)
                    < between - pair[0].address;
                let line = if starts_between { 0 } else { pair[0].line };
                prop_assert_eq!(frames[0].2, line);
            }
        }
    }

    #[test]
    fn damaged_lines_do_no_harm(
        sites in sites(),
        is_dense: bool,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30),
    ) {
        let mut bytes = table_of_kind(&sites, is_dense);
        let used = Table::parse(&bytes).unwrap().used_bytes() as usize;
        for (place, value) in damage {
            // Past the build id, so that more tables are read.
            bytes[60 + place.index(used - 60)] = value;
        }
        if let Ok(table) = Table::parse(&bytes) {
            for site in &sites {
                let frames = frames_at(&table, site.address);
                prop_assert!(frames.len() <= INLINED_MAX + 1);
                prop_assert!(frames.iter().all(|frame| frame.0.len() <= NAME_MAX_BYTES));
            }
        }
    }
}
