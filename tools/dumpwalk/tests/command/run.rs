//! Runs the tool in a folder of the test's own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A folder with files.
pub struct Folder(PathBuf);

/// Exit status, standard output and standard error.
pub type Outcome = (i32, String, String);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("images")).unwrap();
        Self(path)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_dumpwalk"))
            .args(arguments)
            .current_dir(&self.0)
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }

    /// Runs the tool on a dump, expecting a report.
    #[track_caller]
    pub fn report(&self, dump: &[u8]) -> String {
        self.write("crash.dmp", dump);
        let (status, output, error) = self.run(&["crash.dmp", "--images", "images"]);
        assert_eq!((status, error.as_str()), (0, ""));
        output
    }

    /// Runs the tool on a dump, expecting a fault of one sentence.
    #[track_caller]
    pub fn fault(&self, dump: &[u8]) -> String {
        self.write("crash.dmp", dump);
        let (status, output, error) = self.run(&["crash.dmp", "--images", "images"]);
        assert_sentence(status, &output, &error);
        error
    }
}

#[track_caller]
pub fn assert_sentence(status: i32, output: &str, error: &str) {
    assert_eq!((status, output), (1, ""), "{error}");
    assert!(error.starts_with("dumpwalk: "), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}
