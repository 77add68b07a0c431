//! Links of the documents lead to files that exist.

use std::path::Path;

/// Links of a Markdown document that lead nowhere, as sentences.
pub fn check(checkout: &Path, document: &str, text: &str) -> Vec<String> {
    targets(text)
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .map(|target| resolve(document, target))
        .filter(|path| !checkout.join(path).exists())
        .map(|path| format!("{document} links to {path}, which does not exist"))
        .collect()
}

/// What stands in the round brackets of `[text](target)`.
pub(crate) fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
}

/// The path in the checkout that a link of a document means.
pub(crate) fn resolve(document: &str, target: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in target.split('#').next().unwrap_or_default().split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{check, resolve, targets};
    use std::path::Path;

    #[test]
    fn relative_to_the_document() {
        assert_eq!(
            resolve("README.md", "kernel/README.md#map"),
            "kernel/README.md"
        );
        assert_eq!(resolve("kernel/README.md", "../linker/x.ld"), "linker/x.ld");
    }

    #[test]
    fn every_link() {
        assert_eq!(
            targets("[a](b) [c] (d) ![e](f.png)").collect::<Vec<_>>(),
            ["b", "f.png"]
        );
    }

    #[test]
    fn a_link_to_nothing() {
        let found = check(
            Path::new("/"),
            "README.md",
            "[a](no-such-file) [b](https://x) [c](#y)",
        );
        assert_eq!(
            found,
            ["README.md links to no-such-file, which does not exist"]
        );
    }
}
