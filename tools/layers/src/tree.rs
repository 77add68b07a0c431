//! The files that are checked, read once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// From a file's path in the checkout, with `/`, to its text.
pub(crate) type Tree = BTreeMap<String, String>;

const FOLDERS: [&str; 3] = ["kernel", "tools", "userspace"];

/// What cargo builds into.
const BUILT: &str = "target";

/// Reads the manifests and Rust files of a checkout.
pub(crate) fn read(checkout: &Path) -> Result<Tree, String> {
    if !checkout.join("kernel/Cargo.toml").is_file() {
        return Err(format!(
            "{}: has no kernel/Cargo.toml; give the folder of the checkout",
            checkout.display()
        ));
    }
    let mut tree = Tree::new();
    for folder in FOLDERS {
        let path = checkout.join(folder);
        if path.is_dir() {
            add_folder(&mut tree, &path, folder)?;
        }
    }
    Ok(tree)
}

fn add_folder(tree: &mut Tree, path: &Path, inside: &str) -> Result<(), String> {
    let cannot = |error| format!("{}: cannot be read: {error}", path.display());
    for entry in fs::read_dir(path).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let inside = format!("{inside}/{name}");
        let path = entry.path();
        if entry.file_type().map_err(cannot)?.is_dir() {
            if name != BUILT && !name.starts_with('.') {
                add_folder(tree, &path, &inside)?;
            }
        } else if name == "Cargo.toml" || name.ends_with(".rs") {
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("{}: cannot be read: {error}", path.display()))?;
            tree.insert(inside, text);
        }
    }
    Ok(())
}
