//! Children of the standard library: streams, ends, environments, batch files.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;
use std::{env, thread};

const LARGE_BYTES: usize = 300_000;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    match arguments.next().as_deref() {
        Some("echo") => echo(),
        Some("exit") => ExitCode::from(number(arguments.next())),
        Some("sleep") => {
            thread::sleep(Duration::from_secs(1000));
            ExitCode::SUCCESS
        }
        Some("variables") => variables(),
        Some("folder") => folder(),
        Some("flood") => flood(),
        Some("panic") => panic!("as it was told"),
        Some("abort") => std::process::abort(),
        _ => {
            streams();
            outputs();
            ends();
            environment();
            folders();
            batch_files();
            not_started();
            ExitCode::SUCCESS
        }
    }
}

fn number(argument: Option<String>) -> u8 {
    argument.and_then(|text| text.parse().ok()).unwrap_or(99)
}

fn echo() -> ExitCode {
    let mut lines = 0;
    for line in io::stdin().lines() {
        let Ok(line) = line else { break };
        println!("<{line}>");
        lines += 1;
    }
    eprintln!("{lines} lines");
    ExitCode::from(lines)
}

fn variables() -> ExitCode {
    let own = env::vars().filter(|(name, _)| name.starts_with("CHILD_"));
    let mut own: Vec<String> = own.map(|(name, value)| format!("{name}={value}")).collect();
    own.sort();
    print!("{own:?} {}", env::var("windir").is_ok());
    ExitCode::SUCCESS
}

fn folder() -> ExitCode {
    let own = env::current_dir().expect("a folder");
    print!("{:?} {}", own.file_name(), Path::new("here.txt").exists());
    ExitCode::SUCCESS
}

fn flood() -> ExitCode {
    let piece = [b'e'; 1000];
    for _ in 0..LARGE_BYTES / piece.len() {
        let _ = io::stderr().write_all(&piece);
        let _ = io::stdout().write_all(&piece);
    }
    ExitCode::SUCCESS
}

fn own(what: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("a path"));
    command.arg(what);
    command
}

fn piped(what: &str) -> Child {
    own(what)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a child")
}

fn streams() {
    let mut child = piped("echo");
    let mut input = child.stdin.take().expect("piped");
    let mut output = BufReader::new(child.stdout.take().expect("piped"));
    for text in ["one", "two words", "ünïcode"] {
        writeln!(input, "{text}").expect("it reads");
        let mut line = String::new();
        output.read_line(&mut line).expect("it writes");
        println!("answer {:?}", line.trim_end());
    }
    println!("runs {:?}", child.try_wait().map(|status| status.is_some()));
    drop(input);
    let mut rest = String::new();
    let length = output.read_to_string(&mut rest).expect("an end");
    let mut errors = String::new();
    let mut from = child.stderr.take().expect("piped");
    from.read_to_string(&mut errors).expect("an end");
    println!("rest {length}, errors {errors:?}");
    println!("status {:?}", child.wait().map(|status| status.code()));
    // One child's output is another's input.
    let mut first = own("exit")
        .arg("0")
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let none = Stdio::from(first.stdout.take().expect("piped"));
    let second = own("echo").stdin(none).output().expect("a child");
    println!(
        "chained {:?}, {:?}",
        second.status.code(),
        first.wait().map(|one| one.code())
    );
    fs::write("input.txt", "from\na file\n").expect("a file");
    let status = own("echo")
        .stdin(File::open("input.txt").expect("the file"))
        .stdout(File::create("output.txt").expect("a file"))
        .stderr(Stdio::null())
        .status();
    println!("files {:?}", status.map(|status| status.code()));
    println!("written {:?}", fs::read_to_string("output.txt").ok());
    let _ = (fs::remove_file("input.txt"), fs::remove_file("output.txt"));
}

fn outputs() {
    let done = own("flood").output().expect("a child");
    println!("flood {} {}", done.stdout.len(), done.stderr.len());
    let mut child = piped("echo");
    drop(child.stdout.take());
    let done = child.wait_with_output().expect("a child");
    println!(
        "closed {:?}, {:?}",
        done.status.code(),
        String::from_utf8_lossy(&done.stderr)
    );
    let all: Vec<Child> = (0..8)
        .map(|each| own("exit").arg(each.to_string()).spawn().expect("a child"))
        .collect();
    let codes = all
        .into_iter()
        .map(|mut child| child.wait().expect("an end").code());
    println!("several {:?}", codes.collect::<Vec<_>>());
}

fn ends() {
    let mut child = piped("sleep");
    println!("runs {:?}", child.try_wait().map(|status| status.is_some()));
    println!("kill {:?}", child.kill().map_err(|error| error.kind()));
    println!("killed {:?}", child.wait().map(|status| status.code()));
    println!("again {:?}", child.wait().map(|status| status.code()));
    let done = own("panic").output().expect("a child");
    let said = String::from_utf8_lossy(&done.stderr).contains("as it was told");
    println!("panic {:?}, said {said}", done.status.code());
    let done = own("abort").output().expect("a child");
    println!("abort {}", done.status.success());
}

fn environment() {
    let print = |what: &str, command: &mut Command| {
        let done = command.output().expect("a child");
        println!("{what}: {}", String::from_utf8_lossy(&done.stdout));
    };
    print(
        "some",
        own("variables")
            .env("CHILD_ONE", "1")
            .env("CHILD_TWO", "z=y"),
    );
    let mut command = own("variables");
    command.env("CHILD_ONE", "1").env_remove("CHILD_ONE");
    print("removed", &mut command);
    let mut command = own("variables");
    command.env_clear().env("CHILD_ALONE", "ä");
    if let Ok(root) = env::var("SystemRoot") {
        command.env("SystemRoot", root);
    }
    print("cleared", &mut command);
    let many = (0..500).map(|each| (format!("CHILD_{each}"), "x".repeat(100)));
    let done = own("variables").envs(many).output().expect("a child");
    println!("many: {}", done.stdout.len() > 50_000);
}

fn folders() {
    fs::create_dir_all("child folder/below").expect("a folder");
    fs::write("child folder/here.txt", "").expect("a file");
    for name in [
        "child folder",
        "child folder/below",
        "child folder\\below\\..",
    ] {
        let done = own("folder").current_dir(name).output().expect("a child");
        println!("{name}: {}", String::from_utf8_lossy(&done.stdout));
    }
    let missing = own("folder").current_dir("missing folder").output();
    println!(
        "missing: {:?}",
        missing.err().and_then(|error| error.raw_os_error())
    );
    fs::remove_dir_all("child folder").expect("its end");
}

fn batch_files() {
    let text = "@echo off\r\necho [%~1] [%~2] %*\r\nexit /b %3\r\n";
    fs::write("child batch.cmd", text).expect("a file");
    fs::write("child.bat", text).expect("a file");
    for (name, arguments) in [
        ("child.bat", ["one", "two", "3"]),
        ("child batch.cmd", ["with space", "a&b", "4"]),
        ("child.bat", ["(c)", "^d", "5"]),
    ] {
        let path = env::current_dir().expect("a folder").join(name);
        let done = Command::new(path)
            .args(arguments)
            .output()
            .expect("a shell");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        println!("{:?} {:?}", said.trim_end(), done.status.code());
    }
    let path = env::current_dir().expect("a folder").join("child.bat");
    let refused = Command::new(path).arg("line\r\nbreak").output();
    println!("refused {:?}", refused.err().map(|error| error.kind()));
    let _ = (
        fs::remove_file("child batch.cmd"),
        fs::remove_file("child.bat"),
    );
    let shell = Command::new("cmd")
        .args(["/d", "/c", "echo shell& exit 6"])
        .output();
    let done = shell.expect("a shell");
    println!(
        "{:?} {:?}",
        String::from_utf8_lossy(&done.stdout).trim_end(),
        done.status.code()
    );
}

fn not_started() {
    fs::write("child-text.exe", "no program").expect("a file");
    let path = env::current_dir().expect("a folder").join("child-text.exe");
    let error = Command::new(path).spawn().err();
    println!("text {:?}", error.and_then(|error| error.raw_os_error()));
    let _ = fs::remove_file("child-text.exe");
    let error = Command::new("no-such-child").spawn().err();
    println!("none {:?}", error.map(|error| error.kind()));
    let error = own("exit\0").spawn().err();
    println!("zero {:?}", error.map(|error| error.kind()));
}
