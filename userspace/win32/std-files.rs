//! Files and folders as Rust's standard library has them.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let root = PathBuf::from("std-files.place");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("a").join("b"))?;
    contents(&root.join("text.txt"))?;
    positions(&root.join("bytes"))?;
    names(&root.join("a"))?;
    metadata(&root)?;
    errors(&root);
    moves(&root)?;
    paths(&root)?;
    fs::remove_dir_all(&root)?;
    println!("gone: {}", !root.try_exists()?);
    Ok(())
}

fn contents(path: &Path) -> io::Result<()> {
    fs::write(path, "one\r\ntwo\nthree")?;
    for line in BufReader::new(File::open(path)?).lines() {
        println!("line {:?}", line?);
    }
    let mut file = OpenOptions::new().append(true).open(path)?;
    writeln!(file, " and a half")?;
    file.sync_all()?;
    println!("all {:?}", fs::read_to_string(path)?);
    fs::write(path, b"\xff")?;
    println!(
        "no text: {:?}",
        fs::read_to_string(path).map_err(|error| error.kind())
    );
    Ok(())
}

fn positions(path: &Path) -> io::Result<()> {
    let mut file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(path)?;
    file.write_all(b"0123456789")?;
    println!("at {}", file.seek(SeekFrom::Current(-4))?);
    let mut two = [0; 2];
    file.read_exact(&mut two)?;
    println!(
        "read {:?}, at {}",
        two.map(char::from),
        file.stream_position()?
    );
    file.set_len(3)?;
    println!("behind the end {}", file.read(&mut two)?);
    file.seek(SeekFrom::Start(5))?;
    file.write_all(b"x")?;
    println!("with a gap {:?}", fs::read(path)?);
    println!(
        "before the start {:?}",
        file.seek(SeekFrom::Current(-99))
            .map_err(|error| error.kind())
    );
    let mut other = file.try_clone()?;
    println!(
        "the same place {}",
        other.stream_position()? == file.stream_position()?
    );
    Ok(())
}

fn names(folder: &Path) -> io::Result<()> {
    let long = "n".repeat(200);
    for name in ["z.txt", "Ünïcode 日本.txt", "two words", &long] {
        File::create(folder.join(name))?;
    }
    let mut found: Vec<OsString> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<Result<_, _>>()?;
    found.sort();
    for name in &found {
        println!(
            "entry {} units, {:?}",
            name.to_string_lossy().encode_utf16().count(),
            name.to_string_lossy().chars().take(20).collect::<String>()
        );
    }
    println!("in another case {}", folder.join("Z.TXT").is_file());
    Ok(())
}

fn metadata(root: &Path) -> io::Result<()> {
    let file = root.join("bytes");
    let known = fs::metadata(&file)?;
    println!(
        "a file {}, {} bytes, read-only {}",
        known.is_file(),
        known.len(),
        known.permissions().readonly()
    );
    println!("times {}", known.modified()? >= known.created()?);
    println!("a folder {}", fs::metadata(root.join("a"))?.is_dir());
    let mut permissions = known.permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions.clone())?;
    println!(
        "read-only {}",
        fs::metadata(&file)?.permissions().readonly()
    );
    permissions.set_readonly(false);
    fs::set_permissions(&file, permissions)?;
    println!(
        "again {:?}",
        OpenOptions::new().write(true).open(&file).is_ok()
    );
    Ok(())
}

fn errors(root: &Path) {
    let show = |what: &str, error: Option<io::Error>| {
        let error = error.map(|error| (error.kind(), error.raw_os_error()));
        println!("{what}: {error:?}");
    };
    show("none", File::open(root.join("none")).err());
    show("below none", File::open(root.join("none").join("x")).err());
    show("a folder is no file", File::open(root.join("a")).err());
    show("a full folder", fs::remove_dir(root.join("a")).err());
    show("a folder once more", fs::create_dir(root.join("a")).err());
    show(
        "a file once more",
        File::create_new(root.join("bytes")).err(),
    );
    show("a star", File::create(root.join("a*b")).err());
    println!("of that kind {}", ErrorKind::NotFound);
}

fn moves(root: &Path) -> io::Result<()> {
    let (from, to) = (root.join("from"), root.join("a").join("to"));
    fs::write(&from, "moved")?;
    fs::rename(&from, &to)?;
    println!("moved {:?} {}", fs::read_to_string(&to)?, from.exists());
    fs::copy(&to, &from)?;
    fs::write(&to, "other")?;
    fs::rename(&from, &to)?;
    println!("replaced {:?}", fs::read_to_string(&to)?);
    fs::rename(root.join("a"), root.join("c"))?;
    println!("a folder moved {}", root.join("c").join("b").is_dir());
    Ok(())
}

fn paths(root: &Path) -> io::Result<()> {
    let whole = fs::canonicalize(root)?;
    println!("whole {}", whole.to_string_lossy().starts_with(r"\\?\"));
    let absolute = std::path::absolute(root.join("c").join("..").join("x."))?;
    println!(
        "absolute {:?}",
        absolute
            .strip_prefix(std::env::current_dir()?)
            .map(Path::to_owned)
    );
    println!(
        "parts {:?}",
        Path::new(r"C:\a/b\..\c.tar.gz").components().count()
    );
    println!("extension {:?}", Path::new(r"C:\a\c.tar.gz").extension());
    Ok(())
}
