//! The order of the kernel's layers: dependencies go down only.

use toml::{Table, Value};

use crate::Fault;
use crate::tree::Tree;

/// Pairs of lib crates of which the first may use the second. Names of files
/// compare and fold as those of objects do, and there is one such table; those of
/// keys and texts in conditions do too. A traced call is a record like those of other events, in the JSON of
/// reports.
const LIB_USES: [(&str, &str); 4] = [
    ("calltrace", "report"),
    ("files", "objects"),
    ("registry", "objects"),
    ("security", "objects"),
];

const KERNEL_MANIFEST: &str = "kernel/Cargo.toml";

/// A layer of the kernel, lower ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Abi,
    Lib,
    Hal,
    Executive,
    Upper,
    Tests,
    Binary,
}

impl Layer {
    /// The layer of a crate, by its folder in `kernel/`.
    fn of(folder: &str) -> Option<Self> {
        match folder.split_once('/') {
            None => match folder {
                "abi" => Some(Self::Abi),
                "hal" => Some(Self::Hal),
                "executive" => Some(Self::Executive),
                "drivers" => Some(Self::Upper),
                "selftest" => Some(Self::Tests),
                "petrel" => Some(Self::Binary),
                _ => None,
            },
            Some(("lib", _)) => Some(Self::Lib),
            Some(("personality" | "drivers", _)) => Some(Self::Upper),
            _ => None,
        }
    }
}

/// Faults in the manifests of the kernel's crates.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let workspace = match tree.get(KERNEL_MANIFEST).map(|text| text.parse::<Table>()) {
        Some(Ok(workspace)) => workspace,
        Some(Err(error)) => return vec![unreadable(KERNEL_MANIFEST, &error)],
        None => return Vec::new(),
    };
    let mut faults = Vec::new();
    for (file, text) in tree {
        let folder = file
            .strip_prefix("kernel/")
            .and_then(|file| file.strip_suffix("/Cargo.toml"));
        let Some(folder) = folder else {
            continue;
        };
        match text.parse::<Table>() {
            Ok(manifest) => check_crate(&mut faults, &workspace, file, folder, text, &manifest),
            Err(error) => faults.push(unreadable(file, &error)),
        }
    }
    faults
}

fn check_crate(
    faults: &mut Vec<Fault>,
    workspace: &Table,
    file: &str,
    folder: &str,
    text: &str,
    manifest: &Table,
) {
    let mut add = |line, text| {
        faults.push(Fault {
            file: file.into(),
            line,
            text,
        });
    };
    let Some(layer) = Layer::of(folder) else {
        add(
            1,
            format!("kernel/{folder} is in no layer; move it into one (see layers --help)"),
        );
        return;
    };
    for (name, value) in dependencies(manifest) {
        let Some(used) = folder_of(workspace, folder, name, value) else {
            continue;
        };
        let is_listed = LIB_USES.iter().any(|&(user, listed)| {
            folder == format!("lib/{user}") && used == format!("lib/{listed}")
        });
        let what = match Layer::of(&used) {
            None => "is not of the kernel's layers",
            Some(used) if used > layer => "is a layer above",
            Some(used) if used == layer && !is_listed => "is in the same layer",
            Some(_) => continue,
        };
        let line = line_of(text, name);
        add(
            line,
            format!(
                "kernel/{folder} uses {used}, which {what}; move the shared part to a layer below, \
                 or pass it in from above"
            ),
        );
    }
}

/// All dependencies of a manifest: for the build, for tests, for one target.
fn dependencies(manifest: &Table) -> Vec<(&String, &Value)> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table);
    let mut found = Vec::new();
    for table in targets.chain([manifest]) {
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            found.extend(
                table
                    .get(kind)
                    .and_then(Value::as_table)
                    .into_iter()
                    .flatten(),
            );
        }
    }
    found
}

/// The folder in `kernel/` of a dependency given by path, its own or the
/// workspace's; a dependency outside keeps its `..`.
fn folder_of(workspace: &Table, folder: &str, name: &str, value: &Value) -> Option<String> {
    if let Some(path) = value.get("path") {
        return Some(normal(&format!("{folder}/{}", path.as_str()?)));
    }
    value.get("workspace")?;
    let shared = workspace.get("workspace")?.get("dependencies")?.get(name)?;
    Some(normal(shared.get("path")?.as_str()?))
}

fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The line that names a dependency, counted from 1.
fn line_of(text: &str, name: &str) -> usize {
    let is_it = |line: &str| {
        let key = line.trim_start().trim_start_matches('"');
        key.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(['.', '=', ' ', '"']))
            || key.ends_with(&format!("ependencies.{name}]"))
    };
    text.lines().position(is_it).map_or(1, |index| index + 1)
}

fn unreadable(file: &str, error: &toml::de::Error) -> Fault {
    Fault {
        file: file.into(),
        line: 1,
        text: format!("is not a manifest: {}; correct it", error.message()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "[workspace.dependencies]\n\
        abi = { path = \"abi\" }\nhal = { path = \"hal\" }\npe = { path = \"./lib/pe\" }\n\
        vm = { path = \"lib/vm\" }\nnt = { path = \"personality/nt\" }\nlog = \"1\"\n";

    /// The faults of a crate in `folder` with these lines in its manifest.
    fn faults_of(folder: &str, lines: &str) -> Vec<(usize, String)> {
        let file = format!("kernel/{folder}/Cargo.toml");
        let tree = Tree::from([
            (KERNEL_MANIFEST.into(), WORKSPACE.into()),
            (file.clone(), format!("[package]\nname = \"x\"\n{lines}\n")),
        ]);
        check(&tree)
            .into_iter()
            .map(|fault| {
                assert_eq!(fault.file, file);
                (fault.line, fault.text)
            })
            .collect()
    }

    #[track_caller]
    fn assert_fault(folder: &str, lines: &str, line: usize, part: &str) {
        let faults = faults_of(folder, lines);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].0, line);
        assert!(faults[0].1.contains(part), "{faults:?}");
    }

    #[test]
    fn down_is_allowed() {
        let all = "[dependencies]\nlog.workspace = true\nabi.workspace = true\n";
        assert_eq!(faults_of("lib/pe", all), []);
        let more = format!("{all}pe.workspace = true\nvm.workspace = true\n");
        assert_eq!(faults_of("hal", &more), []);
        let upper = format!("{more}hal.workspace = true\n");
        assert_eq!(faults_of("executive", &upper), []);
        assert_eq!(faults_of("drivers/pci", &upper), []);
        assert_eq!(
            faults_of("petrel", &format!("{upper}nt.workspace = true\n")),
            []
        );
    }

    #[test]
    fn up_is_a_fault() {
        let hal = "[dependencies]\nhal.workspace = true";
        assert_fault("lib/pe", hal, 4, "uses hal, which is a layer above");
        assert_fault("abi", "[dependencies]\npe.workspace = true", 4, "above");
        assert_fault(
            "hal",
            "[dependencies.nt]\nworkspace = true",
            3,
            "personality/nt",
        );
        assert_fault("hal", "[dev-dependencies]\nnt.workspace = true", 4, "above");
        assert_fault(
            "hal",
            "[target.'cfg(x)'.dependencies]\nnt.workspace = true",
            4,
            "above",
        );
        assert_fault(
            "hal",
            "[build-dependencies]\ny = { path = \"../executive\" }",
            4,
            "executive",
        );
    }

    #[test]
    fn sideways_is_a_fault() {
        assert_fault(
            "lib/pe",
            "[dependencies]\nvm = { workspace = true }",
            4,
            "lib/vm, which is in the same",
        );
        assert_fault(
            "drivers/pci",
            "[dependencies]\nnt.workspace = true",
            4,
            "same layer",
        );
    }

    #[test]
    fn crates_outside_the_layers_are_faults() {
        assert_fault("extra", "", 1, "kernel/extra is in no layer");
        assert_fault(
            "hal",
            "[dependencies]\nx = { path = \"../../tools/x\" }",
            4,
            "../tools/x, which is not of",
        );
    }

    #[test]
    fn a_broken_manifest_is_a_fault() {
        assert_fault("hal", "[dependencies", 1, "is not a manifest");
    }
}
