//! Short names of source files: what is left when the machine's folders go.
//!
//! Always a whole tail of the path that the debug information has, so nothing
//! is lost but where on the building machine the sources were:
//!
//! - of the standard library, what comes after `library/`: `core/src/option.rs`;
//! - of a crate from a registry, from the folder with its version on:
//!   `log-0.4.29/src/lib.rs`; so too for crates that the library came with;
//! - of the project, from the checkout's root on: `kernel/hal/src/log.rs`;
//! - of any other program, from the folder on that the compiler ran in;
//! - any other path stays whole.

use crate::SourceFrame;

/// In front of the library's sources: as rustup installs them, and as the
/// toolchain's own build saw them, where the commit's hash comes between.
const LIBRARY: [(&str, &str); 2] = [("/rustlib/src/rust/", "library/"), ("/rustc/", "library/")];

/// In front of other crates' sources; the second may be an empty folder.
const CRATES: [(&str, &str); 2] = [("/registry/src/", "/"), ("/rust/deps/", "")];

/// The folders of the checkout that cargo compiles in.
const PROJECT: [&str; 2] = ["/kernel", "/userspace"];

/// Knows where the sources were compiled.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    /// Folders with a slash at the end, the longest first.
    roots: Vec<String>,
}

impl Paths {
    /// Takes the folders that the compiler ran in.
    pub(crate) fn compiled_in(folders: impl IntoIterator<Item = String>) -> Self {
        let folders = folders.into_iter().map(|folder| with_slashes(&folder));
        let mut roots: Vec<String> = folders.filter_map(|folder| root(&folder)).collect();
        roots.sort_by(|a, b| (b.len(), a).cmp(&(a.len(), b)));
        roots.dedup();
        Self { roots }
    }

    /// A frame with the short name of its file.
    pub(crate) fn frame(&self, name: String, path: &str, line: u32) -> SourceFrame {
        // Compilers for Windows on Unix mix the two slashes.
        let path = match path.starts_with('/') {
            true => with_slashes(path),
            false => path.into(),
        };
        SourceFrame {
            name,
            file: self.short(&with_slashes(&path)),
            path,
            line,
        }
    }

    /// The short name of a path.
    fn short(&self, path: &str) -> String {
        let known = LIBRARY.iter().chain(&CRATES);
        let outside = known
            .filter_map(|(folder, end)| {
                let (_, rest) = path.split_once(folder)?;
                Some(rest.split_once(end)?.1)
            })
            .next();
        let inside = || {
            self.roots
                .iter()
                .find_map(|root| path.strip_prefix(&**root))
        };
        outside.or_else(inside).unwrap_or(path).into()
    }
}

fn with_slashes(path: &str) -> String {
    path.replace('\\', "/")
}

/// What short names leave out of paths in a folder.
fn root(folder: &str) -> Option<String> {
    let folder = folder.trim_end_matches('/');
    let project = PROJECT.iter().find_map(|part| folder.strip_suffix(part));
    let root = project.unwrap_or(folder);
    (root.contains('/') || root.ends_with(':')).then(|| format!("{root}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_machine_is_cut_off() {
        let folders = [
            "/home/kernel/petrel/kernel",
            "/",
            ".",
            "C:\\game",
            "/home/a",
            "/home/a/game/",
        ];
        let paths = Paths::compiled_in(folders.map(String::from));
        for (path, short) in [
            (
                "/home/a/.rustup/toolchains/stable/lib/rustlib/src/rust/library/core/src/option.rs",
                "core/src/option.rs",
            ),
            (
                "/rustc/59807616e1fa/library/alloc/src/vec/mod.rs",
                "alloc/src/vec/mod.rs",
            ),
            (
                "/rustc/59807616e1fa/library\\alloc\\src\\vec\\mod.rs",
                "alloc/src/vec/mod.rs",
            ),
            (
                "/home/a/.cargo/registry/src/index-1949cf8c6b5b557f/log-0.4.29/src/lib.rs",
                "log-0.4.29/src/lib.rs",
            ),
            (
                "/rust/deps/compiler_builtins-0.1.160/src/mem/mod.rs",
                "compiler_builtins-0.1.160/src/mem/mod.rs",
            ),
            (
                "/home/kernel/petrel/kernel/hal/src/log.rs",
                "kernel/hal/src/log.rs",
            ),
            ("/home/a/game/src/main.rs", "src/main.rs"),
            ("/home/a/engine/draw.c", "engine/draw.c"),
            ("C:\\game\\src\\main.cpp", "src/main.cpp"),
            ("D:\\crt\\exe.c", "D:/crt/exe.c"),
            ("/usr/include/x.h", "/usr/include/x.h"),
            ("src/main.c", "src/main.c"),
            ("", ""),
        ] {
            let frame = paths.frame(String::new(), path, 0);
            assert_eq!(frame.file, short);
            assert!(with_slashes(path).ends_with(short));
            let is_windows = path.contains(':');
            assert_eq!(
                frame.path,
                if is_windows {
                    path.into()
                } else {
                    with_slashes(path)
                }
            );
        }
    }
}
