//! From named functions and their source lines to the bytes of a table.

use symbols::{BUILD_ID_BYTES, Function, InlinedFunction, Lines, TableParts, WriteError};

use crate::dictionary;
use crate::functions::NamedFunction;
use crate::lines::SourceLines;

/// The bytes of a table: for a section of `capacity_bytes`, or else as many as it
/// takes.
pub(crate) fn pack(
    id: [u8; BUILD_ID_BYTES],
    capacity_bytes: Option<u32>,
    functions: &[NamedFunction],
    source: &SourceLines,
) -> Result<Vec<u8>, WriteError> {
    let names = functions.iter().map(|function| &*function.name);
    let files = source.files.iter().map(String::as_str);
    let inlined = source.inlined.iter().map(|(name, _)| &**name);
    let texts: Vec<&str> = names.chain(files).chain(inlined).collect();
    let encoded = dictionary::encode(&texts);
    let mut texts = encoded.names.into_iter();
    let functions: Vec<Function> = (functions.iter().zip(texts.by_ref()))
        .map(|(function, name)| Function {
            start: function.start,
            size: function.size,
            name,
        })
        .collect();
    let files: Vec<Vec<u16>> = texts.by_ref().take(source.files.len()).collect();
    let inlined: Vec<InlinedFunction> = (texts.zip(&source.inlined))
        .map(|(name, &(_, file))| InlinedFunction { name, file })
        .collect();
    symbols::write(&TableParts {
        build_id: id,
        capacity_bytes,
        tokens: &encoded.tokens,
        functions: &functions,
        lines: Lines {
            files: &files,
            inlined: &inlined,
            sites: &source.sites,
            is_dense: source.is_dense,
        },
    })
}
