//! The folder of a run, and the images made in it.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::arguments::Options;
use crate::exit::Failure;
use crate::home::Home;
use crate::program::Program;
use crate::shares::Share;
use crate::streams::Input;
use crate::{copies, dlls, imports, job, say, testing};

/// The same as those of the images that the build makes.
const UUID: &str = "70657472-656c-4000-8000-000000000000";
/// When a deterministic run's clock begins, too.
const TIME_OF_FILES: &str = "-T1767225600";
/// Where the guest finds programs and their symbols, and the kernel its own files.
const PROGRAMS: &str = "programs";
const SYMBOLS: &str = "symbols";
const OWN: &str = "petrel";

/// A folder that goes when the run is over, or as soon as nobody needs it.
pub(crate) struct Work {
    path: PathBuf,
    keeps: bool,
    is_gone: AtomicBool,
    /// What is closed when petrel has ended.
    watched: OnceLock<ChildStdin>,
}

impl Work {
    /// Makes one.
    pub(crate) fn new(keeps: bool) -> Result<Self, Failure> {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let name = format!("petrel-{}-{:x}", std::process::id(), since.as_nanos());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).map_err(|error| unwritable(&path, &error))?;
        Ok(Self {
            path,
            keeps,
            is_gone: AtomicBool::new(false),
            watched: OnceLock::new(),
        })
    }

    /// A file in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The run is over: says where the folder is if it stays for good.
    pub(crate) fn finish(&self, stays: bool) {
        match stays {
            true => say(&format!(
                "the log and the images are in {}",
                self.path.display()
            )),
            false => self.delete(),
        }
    }

    /// The machine has read its files: removes them, unless they are still needed.
    pub(crate) fn remove(&self) {
        if !self.keeps {
            self.delete();
        }
    }

    /// Removes the folder even when petrel is ended: by a process that waits for that,
    /// and that a key of the terminal does not end.
    pub(crate) fn leave_no_trace(&self) {
        let watcher = Command::new("sh")
            .args(["-c", "read -r _; rm -rf -- \"$0\""])
            .arg(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        // Without it, the folder stays then.
        if let Some(end) = watcher.ok().and_then(|watcher| watcher.stdin) {
            let _ = self.watched.set(end);
        }
    }

    fn delete(&self) {
        if !self.is_gone.swap(true, Ordering::Relaxed) {
            // Somebody may have removed it already.
            let _ = fs::remove_dir_all(&self.path);
        }
    }

    /// Makes what the machine loads beside the kernel: the image with the program, and
    /// the one with the Windows DLLs behind it.
    pub(crate) fn make_images(
        &self,
        home: &Home,
        program: &Program,
        (options, shares): (&Options, &[Share]),
        input: &Input,
    ) -> Result<PathBuf, Failure> {
        let tree = self.file("tree");
        for folder in &options.folders {
            copies::copy_folder(&folder.host, &tree.join(folder.guest.in_tree()))?;
        }
        let made = |error: io::Error| unwritable(&tree, &error);
        if let Some(directory) = options.directory.as_ref().filter(|it| it.drive() == 'C') {
            fs::create_dir_all(tree.join(directory.in_tree())).map_err(made)?;
        }
        for inside in [PROGRAMS, SYMBOLS, OWN] {
            fs::create_dir_all(tree.join(inside)).map_err(made)?;
        }
        let file = tree.join(PROGRAMS).join(&program.name);
        fs::write(&file, &program.bytes).map_err(made)?;
        let job = job::file(&program.name, (options, shares), input)?;
        fs::write(tree.join(OWN).join("job"), job).map_err(made)?;
        if input.is_all() || !input.first.is_empty() {
            fs::write(tree.join(OWN).join(job::INPUT), &input.first).map_err(made)?;
        }
        if program.needs_windows {
            if options.is_test {
                for path in testing::programs_beside(&options.program) {
                    let target = path.file_name().map(|name| tree.join(PROGRAMS).join(name));
                    if let Some(target) = target.filter(|target| !target.exists()) {
                        fs::copy(&path, &target).map_err(|error| unwritable(&target, &error))?;
                    }
                }
            }
            let (list, programs) = (read_list(home)?, tree.join(PROGRAMS));
            let (path, is_test) = (&options.program, options.is_test);
            dlls::bring(path, &program.bytes, &list, is_test, &programs)?;
        }
        pack_symbols(home, program, options, &tree);
        let image = self.file("image");
        make_erofs(&tree, &image, options.is_deterministic)?;
        if program.needs_windows {
            append(&home.windows, &image).map_err(|error| unwritable(&image, &error))?;
        }
        Ok(image)
    }
}

/// Names and lines for the kernel's reports; a program may have none.
fn pack_symbols(home: &Home, program: &Program, options: &Options, tree: &Path) {
    let has_debug_information = imports::has_debug_information(&program.bytes);
    let pdb = options.program.with_extension("pdb");
    if !has_debug_information && !pdb.is_file() {
        return;
    }
    let target = tree.join(SYMBOLS).join(&program.name);
    // That takes longer than most tests, which nextest starts one by one.
    let kept = options
        .is_test
        .then(|| options.program.with_extension("petrel-symbols"));
    if let Some(kept) = &kept
        && is_newer(kept, &options.program)
        && fs::copy(kept, &target).is_ok()
    {
        return;
    }
    let mut tool = Command::new(&home.symtab);
    tool.arg("--program").arg(&options.program);
    tool.arg("--out").arg(&target);
    if pdb.is_file() {
        tool.arg("--pdb").arg(pdb);
    }
    // Without them a report has addresses.
    let made = tool
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if let Some(kept) = kept.filter(|_| made.is_ok_and(|status| status.success())) {
        // Others may do the same now. Where it cannot be written, it is made again.
        let part = kept.with_extension(format!("petrel-part-{}", std::process::id()));
        let _ = fs::copy(&target, &part).and_then(|_| fs::rename(&part, &kept));
    }
}

/// Whether a file was made after another one.
fn is_newer(file: &Path, than: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    time(file).is_ok_and(|made| time(than).is_ok_and(|built| made > built))
}

fn make_erofs(tree: &Path, image: &Path, is_deterministic: bool) -> Result<(), Failure> {
    let mut tool = Command::new("mkfs.erofs");
    tool.args(["-E", "noinline_data", "-U", UUID, "--all-root"]);
    if is_deterministic {
        tool.arg(TIME_OF_FILES);
    }
    let made = tool.arg(image).arg(tree).stdin(Stdio::null()).output();
    match made {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(Failure::not_installed(format!(
            "mkfs.erofs cannot make the machine's image: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))),
        Err(error) => Err(Failure::not_installed(format!(
            "mkfs.erofs cannot be run ({error}); install erofs-utils"
        ))),
    }
}

fn append(more: &Path, image: &Path) -> io::Result<()> {
    let mut to = File::options().append(false).write(true).open(image)?;
    io::Seek::seek(&mut to, io::SeekFrom::End(0))?;
    io::copy(&mut File::open(more)?, &mut to)?;
    Ok(())
}

/// The names of Windows' DLLs.
fn read_list(home: &Home) -> Result<String, Failure> {
    fs::read_to_string(&home.list).map_err(|error| unreadable(&home.list, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::not_installed(format!(
        "{} cannot be read: {error}; `tools/setup scons petrel` makes it again",
        path.display()
    ))
}

pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::not_installed(format!(
        "{} cannot be written: {error}; make room, or set TMPDIR",
        path.display()
    ))
}
