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
        "input=image",
        "variable=EMPTY=",
    ]);
    let job = Job::parse(&bytes).unwrap();
    assert_eq!(job.program, "a b.exe");
    assert_eq!(job.command_line, "\"a b.exe\" \"x\ny\" =\u{1F427}");
    assert_eq!(job.directory, Some("C:\\data\\"));
    assert_eq!(job.input, Input::Image);
    let begins = file(&["program=a", "line=a", "input=begins"]);
    assert_eq!(Job::parse(&begins).unwrap().input, Input::Begins);
    let variables: Vec<_> = job.environment().collect();
    assert_eq!(variables, [("ONE", "1=1"), ("EMPTY", "")]);
}

#[test]
fn the_least_that_must_be_said() {
    let bytes = file(&["program=a.exe", "line=a.exe"]);
    let job = Job::parse(&bytes).unwrap();
    assert_eq!((job.directory, job.input), (None, Input::Host));
    assert_eq!(job.environment().count(), 0);
    for missing in ["program=a.exe", "line=a.exe"] {
        assert_eq!(Job::parse(&file(&[missing])), Err(JobError::Incomplete));
    }
}

#[test]
fn what_is_no_job() {
    assert_eq!(Job::parse(b""), Err(JobError::NoHeader));
    assert_eq!(Job::parse(b"petrel job 2\0"), Err(JobError::NoHeader));
    assert_eq!(Job::parse(b"petrel job 1\0\xff\0"), Err(JobError::NotText));
    let whole = file(&["program=a.exe", "line=a.exe"]);
    assert_eq!(Job::parse(&whole[..whole.len() - 1]), Err(JobError::Cut));
    for record in [
        "",
        "line",
        "word=1",
        "input=host",
        "variable==1",
        "variable=A",
    ] {
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
            for (name, _) in job.environment() {
                prop_assert!(!name.is_empty());
            }
        }
    }
}
