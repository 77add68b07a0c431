//! The core DLLs of Wine 10: a Debian package, fetched by name and checked by
//! hash, through the package sources this machine is set up with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PACKAGE: &str = "libwine=10.0~repack-6";
const SUITE: &str = "trixie";
const SHA256: &str = "702c99d2fbaef2a4966667e0cdabd477ed1754c1b3b5d4476606eaf5fd6e1444";
/// Where the DLLs are in the package, and how deep that is.
const FOLDER: &str = "./usr/lib/x86_64-linux-gnu/wine/x86_64-windows";
const FOLDER_PARTS: &str = "--strip-components=6";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// If set, the test is left out where the package is not there yet.
const OFFLINE: &str = "PETREL_OFFLINE";

const LIBRARIES: &[&str] = &[
    "ntdll",
    "kernelbase",
    "kernel32",
    "msvcrt",
    "ucrtbase",
    "vcruntime140",
    "vcruntime140_1",
    "msvcp140",
    "advapi32",
    "sechost",
    "bcryptprimitives",
    "bcrypt",
    "userenv",
    "version",
    "psapi",
    "ws2_32",
    "rpcrt4",
    "combase",
    "ole32",
    "oleaut32",
    "shell32",
    "shlwapi",
    "shcore",
    "user32",
    "gdi32",
    "win32u",
    "imm32",
    "crypt32",
    "dnsapi",
    "iphlpapi",
    "nsi",
    "secur32",
    "powrprof",
    "dbghelp",
    "winmm",
    "setupapi",
    "cfgmgr32",
];

/// Names and contents of the DLLs; none if the test is to be left out.
pub fn libraries() -> Option<Vec<(String, Vec<u8>)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../build/corpus");
    let folder = root.join(PACKAGE.replace('=', "-"));
    if !folder.exists() {
        if std::env::var_os(OFFLINE).is_some() {
            println!("left out: {PACKAGE} is not there, and {OFFLINE} is set");
            return None;
        }
        fetch(&root, &folder);
    }
    let read = |name: &&str| {
        let name = format!("{name}.dll");
        let bytes = fs::read(folder.join(&name)).unwrap_or_else(|error| {
            panic!("{name} of {PACKAGE} cannot be read: {error}. Remove {folder:?} and try again")
        });
        (name, bytes)
    };
    Some(LIBRARIES.iter().map(read).collect())
}

/// Downloads the package, and unpacks the DLLs into `folder`.
fn fetch(root: &Path, folder: &Path) {
    let work = root.join("fetching");
    // What an earlier attempt that failed may have left.
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(work.join("lists/partial")).unwrap();
    fs::create_dir_all(work.join("archives/partial")).unwrap();
    fs::write(work.join("sources.list"), sources()).unwrap();
    apt(&work, &["update"]);
    apt(&work, &["download", PACKAGE]);
    let is_package = |path: &PathBuf| path.extension().is_some_and(|end| end == "deb");
    let mut files = fs::read_dir(&work)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let package = files.find(is_package).expect("what apt-get downloads");
    let hash = run(Command::new("sha256sum").arg(&package));
    assert!(
        hash.starts_with(SHA256),
        "{PACKAGE} is not the expected file: its SHA-256 is {hash}"
    );
    let unpacked = work.join("unpacked");
    fs::create_dir(&unpacked).unwrap();
    unpack(&package, &unpacked);
    match fs::rename(unpacked, folder) {
        Err(error) if !folder.exists() => panic!("{folder:?} cannot be made: {error}"),
        _ => fs::remove_dir_all(&work).unwrap(),
    }
}

/// Unpacks the DLLs alone: the whole package is 700 MB.
fn unpack(package: &Path, folder: &Path) {
    let mut opened = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(package)
        .stdout(Stdio::piped())
        .spawn()
        .expect("dpkg-deb");
    let mut tar = Command::new("tar");
    tar.arg("x").arg(FOLDER_PARTS).arg("-C").arg(folder);
    tar.args(LIBRARIES.iter().map(|name| format!("{FOLDER}/{name}.dll")));
    run(tar.stdin(opened.stdout.take().unwrap()));
    opened.wait().unwrap();
}

/// The machine's own Debian sources, for the suite of the package.
fn sources() -> String {
    let folder = fs::read_dir("/etc/apt/sources.list.d")
        .into_iter()
        .flatten();
    let files = folder.map(|entry| entry.unwrap().path());
    let texts = files
        .chain(["/etc/apt/sources.list".into()])
        .map(fs::read_to_string);
    let text = texts.flatten().collect::<Vec<_>>().join("\n");
    let is_source =
        |word: &&str| word.contains("://") && word.trim_end_matches('/').ends_with("/debian");
    let mut addresses: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("deb ") || line.starts_with("URIs:"))
        .flat_map(str::split_whitespace)
        .filter(is_source)
        .collect();
    addresses.sort();
    addresses.dedup();
    assert!(
        !addresses.is_empty(),
        "no Debian package source is set up, so {PACKAGE} cannot be fetched; set {OFFLINE} to leave this test out"
    );
    // Where Debian's keys are missing, the hash alone decides.
    let trust = match Path::new(KEYRING).exists() {
        true => format!("signed-by={KEYRING}"),
        false => "trusted=yes".into(),
    };
    let line = |address: &str| format!("deb [{trust} arch=amd64] {address} {SUITE} main\n");
    addresses.into_iter().map(line).collect()
}

/// Runs apt-get with everything it writes in `work`.
fn apt(work: &Path, arguments: &[&str]) {
    let path = |name: &str| work.join(name).display().to_string();
    let options = [
        format!("Dir::Etc::sourcelist={}", path("sources.list")),
        format!("Dir::Etc::sourceparts={}", path("parts")),
        format!("Dir::State::lists={}", path("lists")),
        format!("Dir::Cache::archives={}", path("archives")),
        "Dir::Cache::pkgcache=".into(),
        "Dir::Cache::srcpkgcache=".into(),
        "APT::Sandbox::User=".into(),
        "Acquire::Languages=none".into(),
        "Acquire::Retries=5".into(),
    ];
    let mut command = Command::new("apt-get");
    command.current_dir(work).arg("-qq").args(arguments);
    command.args(options.iter().flat_map(|option| ["-o", option]));
    run(&mut command);
}

fn run(command: &mut Command) -> String {
    let fetching = format!("fetching {PACKAGE} failed; set {OFFLINE} to leave this test out");
    let done = command.output();
    let done = done.unwrap_or_else(|error| panic!("{fetching}: {command:?}: {error}"));
    let messages = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{fetching}: {command:?}: {messages}");
    String::from_utf8_lossy(&done.stdout).into_owned()
}
