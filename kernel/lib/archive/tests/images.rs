//! Real images against the folders they were made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use archive::{ArchiveError, BLOCK_BYTES, Case, NodeKind, Volume};

mod support;
use support::{Folder, WHOLE_BLOCKS, WITH_TAILS, make_dated_image, make_image, noise, run};

const MANY: usize = 2000;

/// The format and Linux allow 255 bytes; mkfs.erofs 1.5 cuts the last one off
/// and then does not find the file.
const LONGEST_NAME: usize = 254;

/// Folders and files at every edge the format has.
fn sample() -> Folder {
    let folder = Folder::new();
    for length in [0, 1, 12, 4095, 4096, 4097, 8192, 8193, 3 << 20] {
        folder.write(&format!("sizes/{length}"), &noise(length));
    }
    folder.write("programs/Hello.EXE", b"MZ hello");
    folder.write("deep/a/b/c/d/e/f/file.txt", b"at the bottom");
    fs::create_dir(folder.path().join("empty")).unwrap();
    for number in 0..MANY {
        folder.write(
            &format!("many/entry-{number:04}"),
            number.to_string().as_bytes(),
        );
    }
    for letter in ["a", "b", "c"] {
        folder.write(
            &format!("long/{}", letter.repeat(LONGEST_NAME)),
            letter.as_bytes(),
        );
    }
    folder.write("long/gr\u{fc}n.txt", b"not ASCII");
    folder
}

/// What a directory on the host holds: name to kind and size of files.
fn host_entries(path: &Path) -> BTreeMap<String, Option<u64>> {
    fs::read_dir(path)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let about = entry.metadata().unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, about.is_file().then_some(about.len()))
        })
        .collect()
}

/// Compares a directory of the image with one of the host, and all below it;
/// returns how many files there are.
fn compare(volume: &Volume<'_>, inside: &str, outside: &Path) -> usize {
    let expected = host_entries(outside);
    let found: BTreeMap<_, _> = volume
        .read_dir(inside, Case::Exact)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let size = (entry.kind == NodeKind::File).then_some(entry.size_bytes);
            assert!(size.is_some() || entry.kind == NodeKind::Directory);
            (entry.name.to_owned(), size)
        })
        .collect();
    assert_eq!(found, expected, "in {inside}");
    let mut files = 0;
    for (name, size) in expected {
        let path = format!("{inside}/{name}");
        if size.is_none() {
            files += compare(volume, &path, &outside.join(name));
            continue;
        }
        files += 1;
        let bytes = fs::read(outside.join(name)).unwrap();
        let file = volume.open(&path, Case::Exact).unwrap();
        assert_eq!(file.size(), bytes.len(), "{path}");
        let mut copy = vec![0xaa; bytes.len() + 1];
        assert_eq!(file.read(0, &mut copy), bytes.len(), "{path}");
        assert!(copy[..bytes.len()] == bytes[..], "{path}");
        assert_eq!(file.read(bytes.len(), &mut copy), 0, "{path}");
        assert_eq!(file.read(usize::MAX, &mut copy), 0, "{path}");
    }
    files
}

#[test]
fn every_file_is_as_on_the_host() {
    let folder = sample();
    for options in [WHOLE_BLOCKS, WITH_TAILS] {
        for extended in [
            &["-E", "force-inode-extended"][..],
            &["-E", "force-inode-compact"],
        ] {
            let image = make_image(&folder, &[options, extended].concat());
            let volume = Volume::parse(&image).unwrap();
            let files = compare(&volume, "", folder.path());
            assert_eq!(files, 9 + 1 + 1 + MANY + 4);
        }
    }
}

#[test]
fn whole_block_files_are_one_aligned_run() {
    let folder = sample();
    let image = make_image(&folder, WHOLE_BLOCKS);
    let volume = Volume::parse(&image).unwrap();
    for length in [1, 4095, 4096, 4097, 3 << 20] {
        let file = volume
            .open(&format!("/sizes/{length}"), Case::Exact)
            .unwrap();
        let range = file.contiguous().unwrap();
        assert!(range.start.is_multiple_of(BLOCK_BYTES));
        assert!(image[range] == noise(length)[..]);
        assert!(file.bytes().unwrap() == noise(length));
    }
    let empty = volume.open("/sizes/0", Case::Exact).unwrap();
    assert_eq!(empty.contiguous(), Some(0..0));
    assert_eq!(empty.bytes(), Some(&[][..]));
}

#[test]
fn tails_are_read_across_the_seam() {
    let folder = sample();
    let image = make_image(&folder, WITH_TAILS);
    let volume = Volume::parse(&image).unwrap();
    let file = volume.open("/sizes/8193", Case::Exact).unwrap();
    assert_eq!(file.contiguous(), None);
    assert_eq!(file.bytes(), None);
    let expected = noise(8193);
    for (offset, length) in [(0, 8193), (4000, 200), (8191, 2), (8192, 9), (8190, 1)] {
        let mut buffer = vec![0; length];
        let count = file.read(offset, &mut buffer);
        assert_eq!(count, length.min(8193 - offset));
        assert_eq!(buffer[..count], expected[offset..offset + count]);
    }
    let short = volume.open("/sizes/12", Case::Exact).unwrap();
    assert_eq!(short.bytes(), Some(&noise(12)[..]));
}

#[test]
fn times_are_those_of_the_files_or_of_the_image() {
    let folder = Folder::new();
    folder.write("old", b"");
    folder.write("folder/new", b"");
    let old = Duration::new(1_000_000_000, 123_456_700);
    let time_of = |volume: &Volume<'_>, wanted: &str| {
        let mut entries = volume.read_dir("/", Case::Exact).unwrap();
        let entry = entries.find(|entry| entry.as_ref().unwrap().name == wanted);
        volume.time(entry.unwrap().unwrap().number)
    };
    fs::File::open(folder.path().join("old"))
        .and_then(|file| file.set_modified(UNIX_EPOCH + old))
        .unwrap();
    let image = make_dated_image(&folder, WHOLE_BLOCKS);
    let own = Volume::parse(&image).unwrap();
    assert_eq!(
        time_of(&own, "old"),
        Ok((old.as_secs(), old.subsec_nanos()))
    );
    let written = fs::metadata(folder.path().join("folder"))
        .unwrap()
        .modified();
    let written = written.unwrap().duration_since(UNIX_EPOCH).unwrap();
    assert_eq!(
        time_of(&own, "folder"),
        Ok((written.as_secs(), written.subsec_nanos()))
    );
    let image = make_dated_image(&folder, &["-T1577836800"]);
    let all = Volume::parse(&image).unwrap();
    assert_eq!(time_of(&all, "old"), Ok((1_577_836_800, 0)));
    assert!(matches!(
        all.time(u64::MAX),
        Err(ArchiveError::Inode { .. })
    ));
}

#[test]
fn paths_lead_where_they_should() {
    let folder = sample();
    std::os::unix::fs::symlink("sizes", folder.path().join("link")).unwrap();
    let image = make_image(&folder, WHOLE_BLOCKS);
    let volume = Volume::parse(&image).unwrap();
    let open = |path, case| volume.open(path, case).map(|file| file.size());
    assert_eq!(open("/programs/Hello.EXE", Case::Exact), Ok(8));
    assert_eq!(open("programs//Hello.EXE", Case::Exact), Ok(8));
    assert_eq!(open("/PROGRAMS/hello.exe", Case::Ignored), Ok(8));
    let long = format!("/long/{}", "B".repeat(LONGEST_NAME));
    assert_eq!(open(&long, Case::Ignored), Ok(1));
    for missing in [
        "/programs/hello.exe",
        "/PROGRAMS/Hello.EXE",
        "/programs/Hello.EX",
        "/programs/Hello.EXE2",
        "/programs/./Hello.EXE",
        "/programs/../sizes/1",
    ] {
        assert_eq!(
            open(missing, Case::Exact),
            Err(ArchiveError::NotFound),
            "{missing}"
        );
    }
    assert_eq!(
        open("/sizes/1/x", Case::Exact),
        Err(ArchiveError::NotDirectory)
    );
    assert_eq!(
        open("/link/1", Case::Exact),
        Err(ArchiveError::NotDirectory)
    );
    for (path, kind) in [
        ("/", NodeKind::Directory),
        ("", NodeKind::Directory),
        ("/sizes", NodeKind::Directory),
        ("/link", NodeKind::SymbolicLink),
    ] {
        assert_eq!(
            open(path, Case::Exact),
            Err(ArchiveError::NotFile { kind }),
            "{path}"
        );
    }
    let not_a_directory = volume.read_dir("/sizes/1", Case::Exact).err();
    assert_eq!(not_a_directory, Some(ArchiveError::NotDirectory));
}

/// dump.erofs is the other reader of the same image.
#[test]
fn the_listing_agrees_with_dump_erofs() {
    let folder = sample();
    let image = make_image(&folder, WITH_TAILS);
    let place = Folder::new();
    place.write("image", &image);
    let volume = Volume::parse(&image).unwrap();
    for path in [
        "/",
        "/sizes",
        "/many",
        "/long",
        "/empty",
        "/deep/a/b/c/d/e/f",
    ] {
        let printed = run(Command::new("dump.erofs")
            .args(["--ls", &format!("--path={path}")])
            .arg(place.path().join("image")));
        let table = printed.split_once("NID TYPE  FILENAME\n").unwrap().1;
        let expected: Vec<&str> = table
            .lines()
            .filter_map(|line| line.split_whitespace().nth(2))
            .filter(|name| *name != "." && *name != "..")
            .collect();
        let found: Vec<&str> = volume
            .read_dir(path, Case::Exact)
            .unwrap()
            .map(|entry| entry.unwrap().name)
            .collect();
        assert_eq!(found, expected, "in {path}");
    }
}
