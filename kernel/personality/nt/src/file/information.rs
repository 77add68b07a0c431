//! What is known of files.

use abi::NtStatus;
use abi::file::*;
use alloc::vec::Vec;
use executive::io::{File, Information, Target};
use hal::user;
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes};

use super::create::{Options, open};
use super::{ResultBlock, links, pipe};
use crate::call::{Call, Outcome, probe, refused, violation, write};
use crate::new_handle::Attributes;
use crate::win32::quirks;

/// A file with what is known of it.
pub(super) struct Known<'a> {
    pub(super) file: &'a File,
    pub(super) access: u32,
}

/// Where an answer goes.
pub(super) struct Answer {
    result: ResultBlock,
    buffer: u64,
    pub(super) length: usize,
}

impl Answer {
    /// One of a fixed size.
    pub(super) fn fixed<T: IntoBytes + Immutable>(
        &self,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        if self.length < size_of::<T>() {
            return Err(NtStatus::INFO_LENGTH_MISMATCH);
        }
        write(self.buffer, &information()?)?;
        self.finish(NtStatus::SUCCESS, size_of::<T>())
    }

    /// One that ends with a name, of which there is at least the length.
    pub(super) fn with_name<T: IntoBytes + Immutable>(&self, fixed: &T, name: &[u16]) -> Outcome {
        const NAME_LENGTH_BYTES: usize = size_of::<u32>();
        let least = size_of::<T>().saturating_add(NAME_LENGTH_BYTES);
        // The structure has room for the name's first letter, and is rounded.
        let shortest = least.saturating_add(size_of::<u16>()).next_multiple_of(4);
        if self.length < shortest {
            return Err(NtStatus::INFO_LENGTH_MISMATCH);
        }
        let name = name.as_bytes();
        let length = u32::try_from(name.len()).map_err(|_| NtStatus::NAME_TOO_LONG)?;
        let mut bytes = Vec::new();
        let reserved = bytes.try_reserve_exact(least.saturating_add(name.len()));
        reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        bytes.extend_from_slice(fixed.as_bytes());
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(name);
        self.bytes(&bytes)
    }

    /// One of any size, which is cut off if there is no room for it.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Outcome {
        let given = bytes.get(..self.length.min(bytes.len())).unwrap_or(bytes);
        user::copy_out(self.buffer, given).map_err(violation)?;
        let status = match given.len() < bytes.len() {
            true => NtStatus::BUFFER_OVERFLOW,
            false => NtStatus::SUCCESS,
        };
        self.finish(status, given.len())
    }

    pub(super) fn finish(&self, status: NtStatus, bytes: usize) -> Outcome {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.result.set(status, bytes)
    }
}

/// NtQueryInformationFile(file, result, buffer, length, class)
pub(crate) fn nt_query_information_file(call: &Call<'_>) -> Outcome {
    let class = call.value32(4)?;
    let answer = Answer {
        result: ResultBlock::at(call.word(1)?)?,
        buffer: call.word(2)?,
        length: usize::try_from(call.value32(3)?).unwrap_or(usize::MAX),
    };
    let wanted = match class {
        FILE_BASIC_INFORMATION
        | FILE_PIPE_INFORMATION
        | FILE_PIPE_LOCAL_INFORMATION
        | FILE_ALL_INFORMATION
        | FILE_NETWORK_OPEN_INFORMATION
        | FILE_ATTRIBUTE_TAG_INFORMATION
        | FILE_COMPRESSION_INFORMATION
        | FILE_CASE_SENSITIVE_INFORMATION
        | FILE_PROCESS_IDS_USING_FILE_INFORMATION
        | FILE_STAT_INFORMATION => FILE_READ_ATTRIBUTES,
        _ => 0,
    };
    let found = call.found(0)?;
    let file = quirks::file_with(call, 0, wanted)?;
    let known = Known {
        file: &file,
        access: found.access,
    };
    match class {
        FILE_BASIC_INFORMATION => answer.fixed(|| known.basic()),
        FILE_STANDARD_INFORMATION => answer.fixed(|| known.standard()),
        FILE_INTERNAL_INFORMATION => answer.fixed(|| known.number()),
        FILE_EA_INFORMATION => answer.fixed(|| known.node().map(|_| 0_u32)),
        FILE_ACCESS_INFORMATION => answer.fixed(|| Ok(known.access)),
        FILE_NAME_INFORMATION => answer.with_name(&(), &known.path()?),
        FILE_POSITION_INFORMATION => answer.fixed(|| Ok(file.position())),
        FILE_PIPE_INFORMATION => answer.fixed(|| pipe::information(&file)),
        FILE_PIPE_LOCAL_INFORMATION => answer.fixed(|| pipe::local_information(&file)),
        FILE_IO_COMPLETION_NOTIFICATION_INFORMATION => answer.fixed(|| Ok(file.quiet().bits())),
        FILE_MODE_INFORMATION => answer.fixed(|| Ok(file.mode().flags)),
        FILE_ALIGNMENT_INFORMATION => answer.fixed(|| Ok(0_u32)),
        FILE_ALL_INFORMATION => answer.with_name(&known.all()?, &known.path()?),
        FILE_NETWORK_OPEN_INFORMATION => answer.fixed(|| known.network_open()),
        FILE_ATTRIBUTE_TAG_INFORMATION => answer.fixed(|| known.attribute_tag()),
        FILE_STAT_INFORMATION => answer.fixed(|| known.stat()),
        FILE_NORMALIZED_NAME_INFORMATION => answer.with_name(&(), &known.path()?),
        FILE_END_OF_FILE_INFORMATION if quirks::may_ask_for_ends(call) => {
            answer.fixed(|| Ok(known.sizes()?.1))
        }
        _ => links::query(&answer, &known, class),
    }
}

/// NtQueryAttributesFile(attributes, information)
pub(crate) fn nt_query_attributes_file(call: &Call<'_>) -> Outcome {
    by_name(call, |known| known.basic())
}

/// NtQueryFullAttributesFile(attributes, information)
pub(crate) fn nt_query_full_attributes_file(call: &Call<'_>) -> Outcome {
    by_name(call, |known| known.network_open())
}

/// Answers with what is known of a file that is open for no longer than that.
fn by_name<T: FromBytes + IntoBytes + Immutable>(
    call: &Call<'_>,
    know: impl FnOnce(&Known<'_>) -> Result<T, NtStatus>,
) -> Outcome {
    let answer_at = call.word(1)?;
    probe::<T>(answer_at)?;
    let options = Options {
        access: FILE_READ_ATTRIBUTES,
        asked: FILE_READ_ATTRIBUTES,
        attributes: 0,
        share: FILE_SHARE_VALID_FLAGS,
        disposition: FILE_OPEN,
        options: 0,
    };
    let attributes = Attributes::read(call.word(0)?)?;
    let (file, _) = open(call, &attributes, &options.request()?)?;
    let known = Known {
        file: &file,
        access: FILE_READ_ATTRIBUTES,
    };
    write(answer_at, &know(&known)?)?;
    Ok(NtStatus::SUCCESS)
}

impl Known<'_> {
    pub(super) fn node(&self) -> Result<Information, NtStatus> {
        let node = self.file.node().map_err(refused)?;
        node.information().map_err(refused)
    }

    pub(super) fn number(&self) -> Result<u64, NtStatus> {
        Ok(self.file.node().map_err(refused)?.id())
    }

    pub(super) fn path(&self) -> Result<Vec<u16>, NtStatus> {
        if let Target::Pipe(end) = self.file.target() {
            let mut path = Vec::new();
            let reserved = path.try_reserve_exact(end.name().len().saturating_add(1));
            reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
            path.push(objects::SEPARATOR);
            path.extend_from_slice(end.name());
            return Ok(path);
        }
        self.file.node().map_err(refused)?.path().map_err(refused)
    }

    /// What it takes, and how long it is.
    pub(super) fn sizes(&self) -> Result<(i64, i64), NtStatus> {
        let node = self.file.node().map_err(refused)?;
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        Ok(match node.data() {
            Ok(data) => (signed(data.allocated_bytes()), signed(data.size_bytes())),
            Err(_) => (0, 0),
        })
    }

    fn basic(&self) -> Result<FileBasicInformation, NtStatus> {
        let known = self.node()?;
        let mut information = FileBasicInformation::new_zeroed();
        let [creation, access, write, change] = times(&known);
        information.creation_time = creation;
        information.last_access_time = access;
        information.last_write_time = write;
        information.change_time = change;
        information.file_attributes = known.attributes;
        Ok(information)
    }

    fn standard(&self) -> Result<FileStandardInformation, NtStatus> {
        let mut information = FileStandardInformation::new_zeroed();
        if let Target::Null | Target::Console | Target::Terminal(_) = self.file.target() {
            information.number_of_links = 1;
            return Ok(information);
        }
        if let Target::Pipe(_) | Target::Host(_) = self.file.target() {
            let known = self.file.pipe_information().map_err(refused)?;
            information.allocation_size = known
                .inbound_quota
                .saturating_add(known.outbound_quota)
                .into();
            information.end_of_file = known.read_data_available.into();
            information.number_of_links = 1;
            return Ok(information);
        }
        let known = self.node()?;
        (information.allocation_size, information.end_of_file) = self.sizes()?;
        information.number_of_links = known.links;
        information.delete_pending = known.is_delete_pending.into();
        information.directory = known.is_directory.into();
        Ok(information)
    }

    fn all(&self) -> Result<FileAllInformation, NtStatus> {
        let mut information = FileAllInformation::new_zeroed();
        information.basic = self.basic()?;
        information.standard = self.standard()?;
        information.index_number = self.number()?;
        information.access_flags = self.access;
        information.current_byte_offset = i64::try_from(self.file.position()).unwrap_or(i64::MAX);
        information.mode = self.file.mode().flags;
        Ok(information)
    }

    fn network_open(&self) -> Result<FileNetworkOpenInformation, NtStatus> {
        let known = self.node()?;
        let mut information = FileNetworkOpenInformation::new_zeroed();
        let [creation, access, write, change] = times(&known);
        information.creation_time = creation;
        information.last_access_time = access;
        information.last_write_time = write;
        information.change_time = change;
        (information.allocation_size, information.end_of_file) = self.sizes()?;
        information.file_attributes = known.attributes;
        Ok(information)
    }

    fn attribute_tag(&self) -> Result<FileAttributeTagInformation, NtStatus> {
        let file_attributes = self.node()?.attributes;
        Ok(FileAttributeTagInformation {
            file_attributes,
            reparse_tag: reparse_tag(file_attributes),
        })
    }

    fn stat(&self) -> Result<FileStatInformation, NtStatus> {
        let known = self.node()?;
        let mut information = FileStatInformation::new_zeroed();
        information.file_id = self.number()?;
        let [creation, access, write, change] = times(&known);
        information.creation_time = creation;
        information.last_access_time = access;
        information.last_write_time = write;
        information.change_time = change;
        (information.allocation_size, information.end_of_file) = self.sizes()?;
        information.file_attributes = known.attributes;
        information.reparse_tag = reparse_tag(known.attributes);
        information.number_of_links = known.links;
        information.effective_access = self.access;
        Ok(information)
    }
}

/// Creation, access, write and change.
pub(super) fn times(known: &Information) -> [i64; 4] {
    let times = known.times;
    [times.creation, times.access, times.write, times.change]
        .map(|time| i64::try_from(time).unwrap_or(i64::MAX))
}

/// The tag of what leads elsewhere, which is a symbolic link.
pub(super) fn reparse_tag(attributes: u32) -> u32 {
    match attributes & FILE_ATTRIBUTE_REPARSE_POINT {
        0 => 0,
        _ => IO_REPARSE_TAG_SYMLINK,
    }
}
