//! The numbers that tell one program from another.

use pe::PeView;

use crate::builder::{full_image, put};
use crate::compilers::built;

/// Offsets from the PE signature.
const TIME: usize = 8;
const CHECK_SUM: usize = 24 + 64;

fn identity(file: &[u8]) -> [u8; 20] {
    PeView::parse(file).unwrap().identity()
}

#[test]
fn it_has_time_size_check_sum_and_length() {
    let mut file = full_image();
    let signature = file[0x3C] as usize;
    put(&mut file, signature + TIME, &0x1234_5678_u32.to_le_bytes());
    put(&mut file, signature + CHECK_SUM, &9_u32.to_le_bytes());
    let view = PeView::parse(&file).unwrap();
    let mut expected = vec![0x78, 0x56, 0x34, 0x12];
    expected.extend(view.size_of_image().to_le_bytes());
    expected.extend(9_u32.to_le_bytes());
    expected.extend((file.len() as u64).to_le_bytes());
    assert_eq!(view.identity(), *expected);

    let mut longer = file.clone();
    longer.push(0);
    assert_ne!(identity(&longer), identity(&file));
}

#[test]
fn linked_files_differ() {
    let identities: Vec<_> = built().iter().map(|built| identity(&built.bytes)).collect();
    for (index, one) in identities.iter().enumerate() {
        assert!(!identities[..index].contains(one));
    }
}
