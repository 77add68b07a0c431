//! Compares the documents with the code: addresses, locks, figures, links.
//!
//! `cargo test` of this crate reads the checkout and fails with one sentence for
//! each difference: which document, which entry, what the code says.

use std::collections::BTreeMap;

mod expression;
mod figures;
mod links;
mod locks;
mod memory;
mod table;

pub use figures::check as check_figures;
pub use links::check as check_links;
pub use locks::check as check_locks;
pub use memory::check as check_memory;

/// From a file's path in the checkout, with `/`, to its text.
pub type Files = BTreeMap<String, String>;

/// The file that a link in a document of `kernel/` leads to.
fn linked_file<'a>(
    files: &'a Files,
    document: &str,
    cell: &str,
) -> Result<(String, &'a str), String> {
    let target = links::targets(cell)
        .next()
        .ok_or_else(|| format!("{document}: {cell:?} has no link to a file"))?;
    let path = links::resolve(document, target);
    match files.get(&path) {
        Some(text) => Ok((path, text)),
        None => Err(format!("{document}: there is no file {path}")),
    }
}
