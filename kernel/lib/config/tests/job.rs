//! Jobs, whole and damaged.

use config::{Input, JOB_HEADER, Job, JobError};
use proptest::prelude::*;

fn file(records: &[&str]) -> Vec<u8> {
    let all = [&[JOB_HEADER], records].concat();
    all.iter()
        .flat_map(|record| record.bytes().chain([0]))
        .collect()
}

#[test]
fn all_that_can_be_said() {
    let bytes = file(&[
        "program=a b.exe",
        "line=\"a b.exe\" \"x\ny\" =\u{1F427}",
        "directory=C:\\data\\",
        "variable=ONE=1=1",
        "input=one",
        "variable=EMPTY=",
        "program=C:\\b\\c.exe",
        "line=c",
        "begins=two",
    ]);
    let steps: Vec<_> = Job::parse(&bytes).unwrap().steps().collect();
    let [job, other] = steps.as_slice() else {
        panic!("{steps:?}");
    };
    assert_eq!(job.program, "a b.exe");
    assert_eq!(job.command_line, "\"a b.exe\" \"x\ny\" =\u{1F427}");
    assert_eq!(job.directory, Some("C:\\data\\"));
    assert_eq!(job.input, Input::Image("one"));
    assert_eq!((other.program, other.command_line), ("C:\\b\\c.exe", "c"));
    assert_eq!((other.directory, other.input), (None, Input::Begins("two")));
    assert_eq!(other.environment().count(), 0);
    let variables: Vec<_> = job.environment().collect();
    assert_eq!(variables, [("ONE", "1=1"), ("EMPTY", "")]);
}

#[test]
fn the_least_that_must_be_said() {
    let bytes = file(&["program=a.exe", "line=a.exe"]);
    let job = Job::parse(&bytes).unwrap().steps().next().unwrap();
    assert_eq!((job.directory, job.input), (None, Input::Host));
    assert_eq!(job.environment().count(), 0);
    let whole = ["program=a", "line=a"];
    let none = file(&["program=a.exe", "line=a.exe", "input="]);
    let job = Job::parse(&none).unwrap().steps().next().unwrap();
    assert_eq!(job.input, Input::Nothing);
    for missing in [
        &["program=a.exe"][..],
        &["line=a.exe"],
        &["program=", "line=a"],
        &["program=a", "program=b", "line=b"],
        &[whole[0], whole[1], "program=b"],
        &[],
    ] {
        assert_eq!(Job::parse(&file(missing)), Err(JobError::Incomplete));
    }
}

#[test]
fn what_is_no_job() {
    assert_eq!(Job::parse(b""), Err(JobError::NoHeader));
    assert_eq!(Job::parse(b"petrel job 2\0"), Err(JobError::NoHeader));
    assert_eq!(Job::parse(b"petrel job 1\0\xff\0"), Err(JobError::NotText));
    let whole = file(&["program=a.exe", "line=a.exe"]);
    assert_eq!(Job::parse(&whole[..whole.len() - 1]), Err(JobError::Cut));
    for record in ["", "line", "word=1", "variable==1", "variable=A"] {
        let bytes = file(&["program=a.exe", record]);
        assert_eq!(Job::parse(&bytes), Err(JobError::Record { number: 2 }));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Job::parse(&bytes);
        let mut behind = file(&["program=a", "line=a"]);
        behind.extend(bytes);
        if let Ok(job) = Job::parse(&behind) {
            for step in job.steps() {
                prop_assert!(!step.program.is_empty() && !step.command_line.is_empty());
                prop_assert!(step.environment().all(|(name, _)| !name.is_empty()));
            }
        }
    }
}
