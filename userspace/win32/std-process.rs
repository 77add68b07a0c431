//! Arguments, environment and time as Rust's standard library has them.

use std::env;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Each is given to this program again, as one argument of several.
const ARGUMENTS: [&str; 12] = [
    "",
    "plain",
    "two words",
    "tab\there",
    "quo\"te",
    "\"",
    "back\\slash\\",
    "two words\\",
    "\\\"mixed\\\\\" ones",
    "C:\\Program Files\\",
    "%PATH% ^& | < >",
    "ünïcode 日本 \u{1F600}",
];

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some("show") {
        for argument in arguments {
            println!("  {argument:?}");
        }
        println!(
            "  variable {:?}, empty {:?}",
            env::var("std_process"),
            env::var("STD_EMPTY")
        );
        let is_own = |name: &str| name.to_uppercase().starts_with("STD_");
        let listed = env::vars().filter(|(name, _)| is_own(name)).count();
        println!("  listed {listed}, removed {:?}", env::var("windir"));
        return ExitCode::from(42);
    }
    children();
    variables();
    clocks();
    ExitCode::SUCCESS
}

fn children() {
    let own = env::current_exe().expect("a path");
    println!("own name {:?}", own.file_name());
    let done = Command::new(&own)
        .arg("show")
        .args(ARGUMENTS)
        .env("STD_PROCESS", "ärger=1")
        .env("Std_Empty", "")
        .env_remove("WINDIR")
        .output()
        .expect("a child");
    print!("{}", String::from_utf8_lossy(&done.stdout));
    println!("status {:?}, errors {:?}", done.status.code(), done.stderr);
    let missing = Command::new("no-such-program-anywhere").output();
    println!("none {:?}", missing.map(drop).map_err(|error| error.kind()));
}

fn variables() {
    println!("known {:?} {:?}", env::var("os"), env::var("WINDIR"));
    println!("unknown {:?}", env::var("STD_PROCESS"));
    let paths = env::join_paths(["C:\\a", "C:\\b c"]).expect("no quotes");
    println!("joined {paths:?}");
    println!("split {:?}", env::split_paths(&paths).count());
    println!("of {} for {}", env::consts::OS, env::consts::ARCH);
}

fn clocks() {
    let (start, began) = (Instant::now(), SystemTime::now());
    thread::sleep(Duration::from_millis(30));
    println!("slept {}", start.elapsed() >= Duration::from_millis(30));
    println!("went on {}", SystemTime::now() > began);
    let mut last = Instant::now();
    let is_monotonic = (0..1000).all(|_| {
        let now = Instant::now();
        now >= std::mem::replace(&mut last, now)
    });
    println!("monotonic {is_monotonic}");
    let since = began.duration_since(UNIX_EPOCH).expect("later");
    println!("after 2020 {}", since > Duration::from_secs(1_577_836_800));
    let (timeout, waited) = (Duration::from_millis(20), Instant::now());
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    println!("nothing came {:?}", receiver.recv_timeout(timeout));
    println!("waited {}", waited.elapsed() >= timeout);
}
