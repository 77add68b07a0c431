//! Control codes of file systems and devices (NT `winioctl.h`, `ntifs.h`).

/// Sends the client of a pipe away.
pub const FSCTL_PIPE_DISCONNECT: u32 = 0x11_0004;
/// Waits for a client of a pipe.
pub const FSCTL_PIPE_LISTEN: u32 = 0x11_0008;
/// Looks at what can be read: a [`FilePipePeekBuffer`] with data.
pub const FSCTL_PIPE_PEEK: u32 = 0x11_400C;
/// Writes a message and reads another.
pub const FSCTL_PIPE_TRANSCEIVE: u32 = 0x11_C017;
/// Waits until a pipe listens: of its directory, with a [`FilePipeWaitForBuffer`].
pub const FSCTL_PIPE_WAIT: u32 = 0x11_0018;
/// Has the calling thread act for a pipe's client.
pub const FSCTL_PIPE_IMPERSONATE: u32 = 0x11_001C;
/// Asks which process's a pipe's client is: a [`FilePipeClientProcessBuffer`].
pub const FSCTL_PIPE_QUERY_CLIENT_PROCESS: u32 = 0x11_0024;
/// Asks for an attribute of a pipe by its name, in letters of 8 bits.
pub const FSCTL_PIPE_GET_PIPE_ATTRIBUTE: u32 = 0x11_0028;
/// Asks for one of a pipe's client.
pub const FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE: u32 = 0x11_0030;
/// Wants a volume for itself.
pub const FSCTL_LOCK_VOLUME: u32 = 0x9_0018;
/// Gives it back.
pub const FSCTL_UNLOCK_VOLUME: u32 = 0x9_001C;
/// Takes a volume away.
pub const FSCTL_DISMOUNT_VOLUME: u32 = 0x9_0020;
/// Asks how a file is compressed.
pub const FSCTL_GET_COMPRESSION: u32 = 0x9_003C;
/// Asks whether a volume is there, which it is.
pub const FSCTL_IS_VOLUME_MOUNTED: u32 = 0x9_0028;
/// Asks for the object identifier of a file.
pub const FSCTL_GET_OBJECT_ID: u32 = 0x9_009C;
/// The same, of which each file has one then: 64 bytes that begin with it.
pub const FSCTL_CREATE_OR_GET_OBJECT_ID: u32 = 0x9_00C0;
/// Asks for the reparse point that a file is.
pub const FSCTL_GET_REPARSE_POINT: u32 = 0x9_00A8;

/// Asks a disk for its [`DiskGeometry`].
pub const IOCTL_DISK_GET_DRIVE_GEOMETRY: u32 = 0x7_0000;
/// Asks a disk whether it can be written.
pub const IOCTL_DISK_IS_WRITABLE: u32 = 0x7_0024;
/// Asks a disk for its bytes, as a number of 8 bytes.
pub const IOCTL_DISK_GET_LENGTH_INFO: u32 = 0x7_405C;
/// Asks whether a disk is in its drive.
pub const IOCTL_STORAGE_CHECK_VERIFY: u32 = 0x2D_4800;
/// Asks which device it is: a [`StorageDeviceNumber`].
pub const IOCTL_STORAGE_GET_DEVICE_NUMBER: u32 = 0x2D_1080;
/// Asks a volume for its device's name: the length in bytes, 2 of them, and the name.
pub const IOCTL_MOUNTDEV_QUERY_DEVICE_NAME: u32 = 0x4D_0008;

/// [`DiskGeometry::media_type`]: it stays in its drive.
pub const FIXED_MEDIA: u32 = 12;

layout! {
    /// `FILE_PIPE_PEEK_BUFFER`, up to the data.
    pub struct FilePipePeekBuffer, size 0x10 {
        /// As in [`FilePipeLocalInformation`].
        0x00 named_pipe_state: u32,
        /// How many bytes can be read.
        0x04 read_data_available: u32,
        /// How many messages they are.
        0x08 number_of_messages: u32,
        /// How long the rest of the first is.
        0x0C message_length: u32,
    }
}

layout! {
    /// `FILE_PIPE_WAIT_FOR_BUFFER`, up to the name.
    pub struct FilePipeWaitForBuffer, size 0x10 {
        /// How long to wait.
        0x00 timeout: i64,
        /// Bytes of the name.
        0x08 name_length: u32,
        /// Whether the time is told, and not the pipe's own.
        0x0C timeout_specified: u8,
        /// Padding.
        0x0D reserved_0d: u8,
        /// The name's place; it begins in the padding.
        0x0E reserved_0e: u16,
    }
}

layout! {
    /// `FILE_PIPE_CLIENT_PROCESS_BUFFER`.
    pub struct FilePipeClientProcessBuffer, size 0x10 {
        /// Its session; 0: that of the server.
        0x00 client_session: u64,
        /// Its number.
        0x08 client_process: u64,
    }
}

layout! {
    /// `DISK_GEOMETRY`.
    pub struct DiskGeometry, size 0x18 {
        /// How many cylinders it has.
        0x00 cylinders: i64,
        /// [`FIXED_MEDIA`].
        0x08 media_type: u32,
        /// Tracks of a cylinder.
        0x0c tracks_per_cylinder: u32,
        /// Sectors of a track.
        0x10 sectors_per_track: u32,
        /// Bytes of a sector.
        0x14 bytes_per_sector: u32,
    }
}

layout! {
    /// `STORAGE_DEVICE_NUMBER`.
    pub struct StorageDeviceNumber, size 0xc {
        /// FILE_DEVICE_*.
        0x0 device_type: u32,
        /// Which of this type.
        0x4 device_number: u32,
        /// Which part of it, from 1 on.
        0x8 partition_number: u32,
    }
}
