//! Names in the dump: MINIDUMP_STRING, and the end of a CodeView record.

use zerocopy::little_endian::{U16, U32};

use crate::dump::{CodeView, Module};
use crate::format::CodeViewRecord;
use crate::output::Output;

/// UTF-16 units of a module's name at most: NT has no longer strings.
pub const MODULE_NAME_MAX_UNITS: usize = 0x7FFF;

/// Bytes of a PDB file's name at most.
pub const PDB_NAME_MAX_BYTES: usize = 4096;

/// Strings and CodeView records begin at multiples of this.
const ALIGNMENT: u64 = 4;
const UNIT_BYTES: u64 = 2;
const LENGTH_BYTES: u64 = 4;

/// "RSDS", the signature of a record that names a PDB 7.0 file.
const PDB70_SIGNATURE: [u8; 4] = *b"RSDS";

/// Bytes that a name takes in the file: length, units, zero, alignment.
pub(crate) fn string_bytes(name: &str) -> u64 {
    LENGTH_BYTES
        .saturating_add(unit_bytes(name))
        .saturating_add(UNIT_BYTES)
        .next_multiple_of(ALIGNMENT)
}

/// Puts a MINIDUMP_STRING; its length counts neither itself nor the zero.
pub(crate) fn put_string(output: &mut Output<'_, impl FnMut(&[u8])>, name: &str) {
    let bytes = unit_bytes(name);
    output.record(&U32::new(u32::try_from(bytes).unwrap_or(0)));
    units(name).for_each(|unit| output.record(&U16::new(unit)));
    let used = LENGTH_BYTES.saturating_add(bytes);
    output.zeros(string_bytes(name).saturating_sub(used));
}

/// Bytes of a module's CodeView record with its terminating zero, 0 for none.
pub(crate) fn code_view_bytes(module: &Module<'_>) -> u64 {
    module.code_view.map_or(0, |code_view| {
        (size_of::<CodeViewRecord>() as u64)
            .saturating_add(pdb_name(&code_view).len() as u64)
            .saturating_add(1)
    })
}

/// The same with what follows for alignment.
pub(crate) fn code_view_space(module: &Module<'_>) -> u64 {
    code_view_bytes(module).next_multiple_of(ALIGNMENT)
}

/// Puts a module's CodeView record, if it has one.
pub(crate) fn put_code_view(output: &mut Output<'_, impl FnMut(&[u8])>, module: &Module<'_>) {
    let Some(code_view) = module.code_view else {
        return;
    };
    output.record(&CodeViewRecord {
        signature: PDB70_SIGNATURE,
        guid: code_view.guid,
        age: code_view.age.into(),
    });
    let name = pdb_name(&code_view);
    output.put(name);
    let used = (size_of::<CodeViewRecord>() as u64).saturating_add(name.len() as u64);
    output.zeros(code_view_space(module).saturating_sub(used));
}

fn units(name: &str) -> impl Iterator<Item = u16> {
    name.encode_utf16().take(MODULE_NAME_MAX_UNITS)
}

fn unit_bytes(name: &str) -> u64 {
    (units(name).count() as u64).saturating_mul(UNIT_BYTES)
}

fn pdb_name<'a>(code_view: &CodeView<'a>) -> &'a [u8] {
    let name = code_view.pdb_name;
    name.get(..PDB_NAME_MAX_BYTES).unwrap_or(name)
}
