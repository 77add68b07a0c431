//! An image's file, checked against the dump, as the unwinder needs it.

use std::ops::Range;
use std::sync::Arc;

use framehop::ModuleSectionInfo;
use object::read::pe::PeFile64;
use object::{LittleEndian, Object};

use crate::dump::{Module, Pdb};

/// Images larger than this are not looked at.
const IMAGE_MAX_BYTES: u32 = 1 << 30;

/// Bytes of an entry of the function table.
const ENTRY_BYTES: usize = 12;

/// Something shared that the unwinder may hold.
pub(crate) type Shared = Arc<[u8]>;

/// An image as it lies in memory.
#[derive(Clone)]
pub(crate) struct Image {
    base_svma: u64,
    /// The function table (.pdata), whole entries.
    pub table: Shared,
    /// All of the image, from its base on.
    pub memory: Shared,
}

impl Image {
    /// Reads the file of a module; says why if it is not the one that ran.
    pub(crate) fn parse(file: &[u8], module: &Module) -> Result<Self, String> {
        let object =
            PeFile64::parse(file).map_err(|error| format!("is no image for x64: {error}"))?;
        check_identity(&object, module)?;
        let optional = &object.nt_headers().optional_header;
        let size_bytes = optional.size_of_image.get(LittleEndian);
        if size_bytes > IMAGE_MAX_BYTES {
            return Err(format!("claims to take {size_bytes:#x} bytes"));
        }
        let mut memory = vec![0; size_bytes as usize];
        let sections = object.section_table();
        for section in sections.iter() {
            let start = section.virtual_address.get(LittleEndian) as usize;
            let data = section
                .pe_data(file)
                .map_err(|error| format!("has a damaged section: {error}"))?;
            let room = memory.get_mut(start..).unwrap_or_default();
            for (to, from) in room.iter_mut().zip(data) {
                *to = *from;
            }
        }
        let table = object
            .data_directory(object::pe::IMAGE_DIRECTORY_ENTRY_EXCEPTION)
            .and_then(|directory| directory.data(file, &sections).ok())
            .unwrap_or_default();
        let whole = table.len() - table.len() % ENTRY_BYTES;
        Ok(Self {
            base_svma: optional.image_base.get(LittleEndian),
            table: table[..whole].into(),
            memory: memory.into(),
        })
    }
}

#[cfg(test)]
impl Image {
    /// An image that no file has.
    pub(crate) fn made(table: Vec<u8>, memory: Vec<u8>) -> Self {
        Self {
            base_svma: 0,
            table: table.into(),
            memory: memory.into(),
        }
    }
}

/// Compares what both the file and the dump say.
fn check_identity(object: &PeFile64<'_>, module: &Module) -> Result<(), String> {
    let headers = object.nt_headers();
    let optional = &headers.optional_header;
    let numbers = [
        (
            "size",
            optional.size_of_image.get(LittleEndian),
            module.size_bytes,
        ),
        (
            "timestamp",
            headers.file_header.time_date_stamp.get(LittleEndian),
            module.timestamp,
        ),
        (
            "checksum",
            optional.check_sum.get(LittleEndian),
            module.checksum,
        ),
    ];
    for (what, ours, theirs) in numbers {
        if ours != theirs {
            return Err(format!(
                "is another build than the one that ran: its {what} is {ours:#x}, the dump's \
                 {theirs:#x}"
            ));
        }
    }
    let pdb = pdb_of(object);
    if pdb != module.pdb {
        let show = |pdb: &Option<Pdb>| match pdb {
            Some(pdb) => pdb.to_string(),
            None => "no pdb".into(),
        };
        return Err(format!(
            "is another build than the one that ran: it has {}, the dump {}",
            show(&pdb),
            show(&module.pdb)
        ));
    }
    Ok(())
}

/// The PDB file that the image names, if it names one rightly.
fn pdb_of(object: &PeFile64<'_>) -> Option<Pdb> {
    let record = object.pdb_info().ok()??;
    Some(Pdb {
        guid: guid_text(record.guid()),
        age: record.age(),
        file: String::from_utf8_lossy(record.path()).into_owned(),
    })
}

/// A GUID as it is written: its first three fields are little-endian.
fn guid_text(guid: [u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, rest @ ..] = guid;
    let first = u32::from_le_bytes([a, b, c, d]);
    let [second, third] = [[e, f], [g, h]].map(u16::from_le_bytes);
    let [i, j, tail @ ..] = rest;
    let tail: String = tail.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{first:08x}-{second:04x}-{third:04x}-{i:02x}{j:02x}-{tail}")
}

/// All of the image counts as text and as unwind information, so that nothing
/// depends on the names of sections.
impl ModuleSectionInfo<Shared> for Image {
    fn base_svma(&self) -> u64 {
        self.base_svma
    }

    fn section_svma_range(&mut self, name: &[u8]) -> Option<Range<u64>> {
        let end = self.base_svma.checked_add(self.memory.len() as u64)?;
        matches!(name, b".text" | b".xdata").then_some(self.base_svma..end)
    }

    fn section_data(&mut self, name: &[u8]) -> Option<Shared> {
        match name {
            b".pdata" => Some(self.table.clone()),
            b".text" | b".xdata" => Some(self.memory.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_have_their_usual_form() {
        let guid = std::array::from_fn(|index| index as u8 * 0x11);
        assert_eq!(guid_text(guid), "33221100-5544-7766-8899-aabbccddeeff");
    }
}
