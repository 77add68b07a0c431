//! Tables whose sites hold up to the next, and tables of large programs.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::lines::{BASE, FUNCTION_BYTES, expected, frames_at, site, sites, table_of_kind};
use super::{TOKENS, function};
use crate::format::field;
use crate::{Call, InlinedFunction, Lines, Site, Table};

const FLAG_WIDE: u8 = 2;

#[test]
fn a_site_holds_to_the_next_or_the_end_of_its_function() {
    let sites = [
        site(0x10, 0, 7, &[(3, 9)]),
        site(0x20, 1, 0, &[]),
        site(0x4000, 2, 12, &[(1, 2), (4, 0)]),
    ];
    let bytes = table_of_kind(&sites, true);
    let table = Table::parse(&bytes).unwrap();
    for (offset, site) in [
        (0x10, &sites[0]),
        (0x1F, &sites[0]),
        (0x20, &sites[1]),
        (0x3FFF, &sites[1]),
        (0x4000, &sites[2]),
        (0x7FFF, &sites[2]),
    ] {
        assert_eq!(frames_at(&table, BASE + offset), expected(site));
    }
    for offset in [0, 0xF, 0x8000] {
        let frames = frames_at(&table, BASE + offset);
        let [(_, file, line, is_inlined, is_exact)] = &frames[..] else {
            panic!("{frames:?}");
        };
        assert_eq!(
            (file, *line, *is_inlined, *is_exact),
            (&None, 0, false, false)
        );
    }
}

#[test]
fn an_empty_path_is_no_file() {
    let files = [vec![], vec![0]];
    let inlined = [InlinedFunction {
        name: vec![2],
        file: 0,
    }];
    let call = Call {
        function: 0,
        line: 0,
    };
    let sites = [Site {
        address: 0x1000,
        file: 0,
        line: 0,
        inlined: vec![call],
    }];
    let bytes = super::table_with_lines(
        &[function(0x1000, 8, &[1])],
        Lines {
            files: &files,
            inlined: &inlined,
            sites: &sites,
            is_dense: true,
        },
    );
    let frames = frames_at(&Table::parse(&bytes).unwrap(), 0x1004);
    let unknown = |name: &str, is_inlined| (name.to_string(), None, 0, is_inlined, true);
    assert_eq!(frames, [unknown("Debug", true), unknown("fmt::", false)]);
}

/// A table of one function with sites that are a mebibyte apart, each in a file
/// of its own.
fn large(count: u32, path_tokens: usize) -> (Vec<Site>, Vec<u8>) {
    let path = |index| vec![(index % 6) as u16; path_tokens];
    let files: Vec<Vec<u16>> = (0..count).map(path).collect();
    let site = |index| Site {
        address: 0x1000 + u64::from(index) * 0xF_FFFF,
        file: index,
        line: index,
        inlined: Vec::new(),
    };
    let sites: Vec<Site> = (0..count).map(site).collect();
    let lines = Lines {
        files: &files,
        inlined: &[],
        sites: &sites,
        is_dense: true,
    };
    let bytes = super::table_with_lines(&[function(0x1000, count << 20, &[1])], lines);
    (sites, bytes)
}

#[test]
fn large_programs_have_wide_tables() {
    for (count, path_tokens, is_wide) in [(14, 600, false), (70, 1, true), (114, 600, true)] {
        let (sites, bytes) = large(count, path_tokens);
        assert_eq!(bytes[field::FLAGS] & FLAG_WIDE != 0, is_wide);
        let table = Table::parse(&bytes).unwrap();
        for site in &sites {
            let frames = frames_at(&table, site.address + 9);
            let (_, file, line, _, is_exact) = &frames[0];
            let token = TOKENS[(site.file % 6) as usize];
            assert_eq!(file.as_deref(), Some(&*token.repeat(path_tokens)));
            assert_eq!((*line, *is_exact), (site.line, true));
        }
    }
}

proptest! {
    #[test]
    fn every_address_has_the_site_before_it(sites in sites(), away in 0..400_u64) {
        let bytes = table_of_kind(&sites, true);
        let table = Table::parse(&bytes).unwrap();
        for (index, site) in sites.iter().enumerate() {
            let function_end = (site.address - BASE) / u64::from(FUNCTION_BYTES) + 1;
            let function_end = BASE + function_end * u64::from(FUNCTION_BYTES);
            let next = sites.get(index + 1).map_or(u64::MAX, |next| next.address);
            let address = (site.address + away).min(next - 1).min(function_end - 1);
            prop_assert_eq!(frames_at(&table, address), expected(site));
        }
    }
}
