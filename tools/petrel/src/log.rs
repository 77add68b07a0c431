//! The end of the kernel's log: the last record, reports, complaints.

/// What the kernel's records begin with.
const RECORD: &str = "PETREL-";
/// What a report begins with.
const REPORTS: [&str; 2] = ["CRASH: ", "PANIC: "];
/// Where the DLLs' own messages come from.
const MESSAGE: &str = " nt::win32::unix_call: ";

/// The last record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Whether it is that of a panic.
    pub(crate) is_panic: bool,
    /// What it says of the reason.
    pub(crate) reason: String,
    /// The status of the program, if one ran.
    pub(crate) status: Option<u32>,
}

/// The log as text, whose lines may end as a terminal's do.
pub(crate) fn text(log: &[u8]) -> String {
    String::from_utf8_lossy(log).replace('\r', "")
}

/// Whether QEMU says that it cannot share folders.
pub(crate) fn lacks_sharing(log: &str) -> bool {
    log.contains("-fsdev") || log.contains("virtio-9p-device")
}

/// The last record: nothing is behind it, and what is before it, if programs ran, is
/// of the last one.
pub(crate) fn record(log: &str) -> Option<Record> {
    let mut lines = log.trim_end_matches('\n').rsplit('\n');
    let end = lines.next()?.strip_prefix("PETREL-END ")?;
    let is_panic = field(end, "verdict")? == "panic";
    let count = field(end, "programs")?;
    let status = match count {
        "0" => None,
        _ if is_panic => None,
        _ => {
            let program = lines.next()?.strip_prefix("PETREL-PROGRAM ")?;
            let status = field(program, "status")?.strip_prefix("0x")?;
            Some(u32::from_str_radix(status, 16).ok()?)
        }
    };
    Some(Record {
        is_panic,
        reason: field(end, "reason")?.to_owned(),
        status,
    })
}

fn field<'a>(record: &'a str, name: &str) -> Option<&'a str> {
    record.split(' ').find_map(|field| {
        let value = field.strip_prefix(name)?;
        value.strip_prefix('=')
    })
}

/// Each line but records, and whether it is one of a report.
fn lines(log: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut is_inside = false;
    log.lines().filter_map(move |line| {
        let is_record = line.starts_with(RECORD);
        is_inside = match REPORTS.iter().any(|start| line.starts_with(start)) {
            true => true,
            false => is_inside && !is_record,
        };
        (!is_record).then_some((is_inside, line))
    })
}

/// The reports, as the kernel prints them.
pub(crate) fn reports(log: &str) -> String {
    let inside = lines(log).filter(|(is_inside, _)| *is_inside);
    inside.flat_map(|(_, line)| [line, "\n"]).collect()
}

/// What the DLLs said, each message without what the log puts before it. A report
/// repeats some of it.
pub(crate) fn messages(log: &str) -> impl Iterator<Item = &str> {
    lines(log)
        .filter(|(is_inside, _)| !is_inside)
        .filter_map(|(_, line)| line.split_once(MESSAGE))
        .filter_map(|(_, message)| message.split_once(": "))
        .map(|(_, message)| message)
}

/// Why the kernel refused to start the program, in its words.
pub(crate) fn refusal(log: &str) -> Option<&str> {
    let (_, why) = log
        .lines()
        .find_map(|line| line.split_once(" cannot be started: "))?;
    Some(why)
}

/// The function that the DLLs say is missing, behind the name of its DLL.
pub(crate) fn missing_function(log: &str) -> Option<&str> {
    let (_, behind) = messages(log).find_map(|line| line.split_once("unimplemented function "))?;
    behind.split([',', ' ']).next()
}

/// The system service that a program asked for in vain, in the kernel's words.
pub(crate) fn missing_service(log: &str) -> Option<&str> {
    let mut services = log.lines().filter_map(|line| {
        let (before, _) = line.split_once(", which there is not yet")?;
        Some(before.rsplit_once(" needs ")?.1)
    });
    services.next_back()
}

/// Errors of the kernel's, without the time before them; else its last words.
pub(crate) fn complaints(log: &str) -> String {
    let errors: Vec<&str> = log
        .lines()
        .filter_map(|line| line.split_once("] error "))
        .map(|(_, error)| error)
        .collect();
    match errors.is_empty() {
        false => errors.join("\n"),
        true => {
            let lines: Vec<&str> = log.trim_end().lines().collect();
            let from = lines.len().saturating_sub(5);
            lines.get(from..).unwrap_or_default().join("\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
[    0.1] info  petrel: Petrel
[    0.2] info  nt::win32::unix_call: a.exe: wine: Unhandled page fault

CRASH: a.exe: read of 0x8
last events:
[    0.2] info  nt::win32::unix_call: a.exe: wine: Unhandled page fault
PETREL-REPORT {\"[    0.2] info  nt::win32::unix_call: a.exe: wine: Unhandled\"}
[    0.3] info  petrel::settings: memory
PETREL-PROGRAM name=a.exe status=0xC0000005 expected=0x00000000
PETREL-END verdict=failure programs=1 failed=1 reason=unexpected-status
";

    #[test]
    fn all_of_a_log() {
        let expected = Record {
            is_panic: false,
            reason: "unexpected-status".into(),
            status: Some(0xC000_0005),
        };
        assert_eq!(record(LOG), Some(expected));
        let report = reports(LOG);
        assert!(report.starts_with("CRASH: a.exe: read of 0x8\nlast events:\n["));
        assert_eq!(report.lines().count(), 3);
        let messages: Vec<_> = messages(LOG).collect();
        assert_eq!(messages, ["wine: Unhandled page fault"]);
        assert_eq!(refusal(LOG), None);
    }

    #[test]
    fn records_of_other_ends() {
        let panic = "PANIC: x\nPETREL-END verdict=panic programs=0 failed=0 reason=panic\n";
        let found = record(panic).unwrap();
        assert!(found.is_panic && found.status.is_none());
        // A program's own words are no record, whatever they say.
        assert_eq!(record(&format!("{LOG}more\n")), None);
        assert_eq!(record(""), None);
        let lone = "PETREL-END verdict=success programs=1 failed=0 reason=-";
        assert_eq!(record(lone), None);
    }

    #[test]
    fn what_is_missing() {
        let log = "[ 0.1] warn  nt::win32: a.exe needs NtCreateTransaction, which there is not yet\n\
                   [ 0.2] info  nt::win32::unix_call: a.exe: wine: Call from 00007FF6 to \
                   unimplemented function KERNEL32.dll.Beep, aborting\n";
        assert_eq!(missing_service(log), Some("NtCreateTransaction"));
        assert_eq!(missing_function(log), Some("KERNEL32.dll.Beep"));
        assert_eq!((missing_service(LOG), missing_function(LOG)), (None, None));
    }

    #[test]
    fn refusals_and_complaints() {
        let log = "[  0.1] error petrel::start_list: a.exe cannot be started: no DLL (X)\n";
        assert_eq!(refusal(log), Some("no DLL (X)"));
        assert_eq!(complaints("one\ntwo\n"), "one\ntwo");
        assert_eq!(
            complaints(log),
            "petrel::start_list: a.exe cannot be started: no DLL (X)"
        );
    }
}
