//! Short names of source files: what is left when the machine's folders go.
//!
//! Always a whole tail of the path that DWARF has, so nothing is lost but where
//! on the building machine the sources were:
//!
//! - of the standard library, what comes after `library/`: `core/src/option.rs`;
//! - of a crate from a registry, from the folder with its version on:
//!   `log-0.4.29/src/lib.rs`; so too for crates that the library came with;
//! - of the project, from the checkout's root on: `kernel/hal/src/log.rs`;
//! - any other path stays whole.

use addr2line::gimli::{Dwarf, Error, Reader};

/// In front of the library's sources: as rustup installs them, and as the
/// toolchain's own build saw them, where the commit's hash comes between.
const LIBRARY: [(&str, &str); 2] = [("/rustlib/src/rust/", "library/"), ("/rustc/", "library/")];

/// In front of other crates' sources; the second may be an empty folder.
const CRATES: [(&str, &str); 2] = [("/registry/src/", "/"), ("/rust/deps/", "")];

/// The folder that the kernel is compiled in.
const KERNEL: &str = "/kernel";

/// Knows where the project was built.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    /// The checkout's root with a slash at the end.
    root: Option<String>,
}

impl Paths {
    /// Takes the checkout's root from the folder that the compiler ran in.
    pub(crate) fn of<R: Reader>(dwarf: &Dwarf<R>) -> Result<Self, Error> {
        let mut units = dwarf.units();
        while let Some(header) = units.next()? {
            let unit = dwarf.unit(header)?;
            let Some(folder) = &unit.comp_dir else {
                continue;
            };
            if let Some(root) = folder.to_string_lossy()?.strip_suffix(KERNEL) {
                return Ok(Self {
                    root: Some(format!("{root}/")),
                });
            }
        }
        Ok(Self::default())
    }

    /// The short name of a path.
    pub(crate) fn short(&self, path: &str) -> String {
        let known = LIBRARY.iter().chain(&CRATES);
        let outside = known
            .filter_map(|(folder, end)| {
                let (_, rest) = path.split_once(folder)?;
                Some(rest.split_once(end)?.1)
            })
            .next();
        let project = self.root.as_ref().and_then(|root| path.strip_prefix(root));
        outside.or(project).unwrap_or(path).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_machine_is_cut_off() {
        let paths = Paths {
            root: Some("/home/kernel/petrel/".into()),
        };
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
            ("/usr/include/x.h", "/usr/include/x.h"),
            ("", ""),
        ] {
            assert_eq!(paths.short(path), short);
            assert!(path.ends_with(short));
        }
    }
}
