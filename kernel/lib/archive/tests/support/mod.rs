//! Images made by mkfs.erofs for the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Keeps every file in whole blocks, as the boot archive does.
pub const WHOLE_BLOCKS: &[&str] = &["-E", "noinline_data"];
/// Puts the ends of files behind their inodes.
pub const WITH_TAILS: &[&str] = &[];

/// A folder that is deleted with its owner.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "petrel-archive-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, with the folders on the way to it.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The image of a folder, the same every time.
pub fn make_image(folder: &Folder, options: &[&str]) -> Vec<u8> {
    make_dated_image(folder, &[options, &["-T0"]].concat())
}

/// The image of a folder, with the times that the options say, or those of the files.
pub fn make_dated_image(folder: &Folder, options: &[&str]) -> Vec<u8> {
    let place = Folder::new();
    let image = place.path().join("image");
    run(Command::new("mkfs.erofs")
        .args(options)
        .args(["-U", "00000000-0000-0000-0000-000000000001"])
        .args(["--all-root", "--quiet"])
        .args([&image, folder.path()]));
    fs::read(image).unwrap()
}

/// Runs a tool of erofs-utils and returns what it prints.
pub fn run(command: &mut Command) -> String {
    let tool = command.get_program().to_string_lossy().into_owned();
    let output = command.output().unwrap_or_else(|error| {
        panic!("{tool} cannot be run ({error}): install erofs-utils, or use tools/setup")
    });
    assert!(
        output.status.success(),
        "{tool} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Bytes that look random and are the same every time.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32.wrapping_add(length as u32);
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(step).collect()
}
