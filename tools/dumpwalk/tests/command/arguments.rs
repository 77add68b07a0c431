//! The command line, from outside.

use crate::run::{Folder, assert_sentence};

#[test]
fn help_is_printed() {
    let (status, output, error) = Folder::new("help").run(&["--help"]);
    assert_eq!((status, error.as_str()), (0, ""));
    assert!(output.contains("usage:") && output.contains("--images"));
}

#[test]
fn faults_are_one_sentence() {
    let folder = Folder::new("faults");
    folder.write("empty", b"");
    folder.write("text", b"no minidump, but longer than a header would be");
    for (arguments, part) in [
        (&[][..], "--help"),
        (&["a", "b"], "--help"),
        (&["missing.dmp"], "missing.dmp: cannot be read"),
        (&["images"], "images: cannot be read"),
        (&["empty"], "empty: is no minidump"),
        (&["text"], "text: is no minidump"),
    ] {
        let (status, output, error) = folder.run(arguments);
        assert_sentence(status, &output, &error);
        assert!(error.contains(part), "{error}");
    }
}
