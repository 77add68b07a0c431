//! A device behind virtio's registers in memory, asked one thing at a time.
//!
//! Virtual I/O Device (VIRTIO) 1.2, sections 2.7 (split queues) and 4.2 (MMIO).
//! There is one queue with one request in it: bytes that the device reads, and room
//! for those that it answers. Nothing interrupts; whoever asked looks.

use core::fmt;
use core::ptr::NonNull;
use core::sync::atomic::{Ordering, fence};

use crate::OutOfMemory;
use crate::memory::DeviceMemory;
use crate::memory::kernel_space::{self, DeviceError};

/// Where QEMU's smallest machine has the registers of its first device, and how far
/// those of the next are.
const FIRST: u64 = 0xfeb0_0000;
const APART: u64 = 0x200;
/// How many devices it has room for.
pub const SLOTS: u32 = 24;

const MAGIC: usize = 0x00;
const VERSION: usize = 0x04;
const DEVICE: usize = 0x08;
const DEVICE_FEATURES: usize = 0x10;
const DEVICE_FEATURES_SELECT: usize = 0x14;
const DRIVER_FEATURES: usize = 0x20;
const DRIVER_FEATURES_SELECT: usize = 0x24;
const QUEUE_SELECT: usize = 0x30;
const QUEUE_MOST: usize = 0x34;
const QUEUE_LENGTH: usize = 0x38;
const QUEUE_READY: usize = 0x44;
const QUEUE_NOTIFY: usize = 0x50;
const STATUS: usize = 0x70;
const QUEUE_DESCRIPTORS: usize = 0x80;
const QUEUE_DRIVER: usize = 0x90;
const QUEUE_DEVICE: usize = 0xa0;

const IS_VIRTIO: u32 = 0x7472_6976;
/// Not the one before the standard.
const STANDARD: u32 = 2;
/// That it is by the standard: bit 32 of the features.
const FEATURES_HIGH: u32 = 1;

const ACKNOWLEDGE: u32 = 1;
const DRIVER: u32 = 2;
const DRIVER_OK: u32 = 4;
const FEATURES_OK: u32 = 8;
const NEEDS_RESET: u32 = 0x40;
const FAILED: u32 = 0x80;

/// Descriptors of the queue: the request and the room for its answer.
const LENGTH: u32 = 2;
const NEXT: u16 = 1;
const DEVICE_WRITES: u16 = 2;
const NO_INTERRUPT: u16 = 1;
/// Where the parts of the queue are in its frame.
const DRIVER_PART: usize = 0x100;
const DEVICE_PART: usize = 0x200;
/// 2^5 frames for either direction.
const BUFFER_ORDER: usize = 5;

/// Why there is no device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelError {
    /// There are no registers there, or others.
    NoDevice,
    /// It is another kind of device, or cannot do what is needed.
    WrongDevice,
    /// There is no memory in a row for it.
    OutOfMemory,
}

impl fmt::Display for ChannelError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NoDevice => "the machine has no such device",
            Self::WrongDevice => "the machine has another device there",
            Self::OutOfMemory => "there is no memory for it",
        })
    }
}

impl From<OutOfMemory> for ChannelError {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl From<DeviceError> for ChannelError {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::OutOfMemory => Self::OutOfMemory,
            _ => Self::NoDevice,
        }
    }
}

/// What a device is asked through.
#[derive(Debug)]
pub struct Channel {
    registers: NonNull<u32>,
    queue: DeviceMemory,
    request: DeviceMemory,
    answer: DeviceMemory,
    /// How many requests there were.
    asked: u16,
    /// Whether the device has the buffers.
    is_waiting: bool,
}

// SAFETY: registers and memory are at the same address for every processor, and are
// this value's alone.
unsafe impl Send for Channel {}

impl Channel {
    /// Opens the device in a slot, which must be of that kind (VIRTIO 1.2, chapter 5).
    pub fn open(slot: u32, kind: u32) -> Result<Self, ChannelError> {
        if slot >= SLOTS {
            return Err(ChannelError::NoDevice);
        }
        let physical = FIRST + u64::from(slot) * APART;
        let registers = kernel_space::map_device(physical, APART)?.cast();
        let mut channel = Self {
            registers,
            queue: DeviceMemory::zeroed(0)?,
            request: DeviceMemory::zeroed(BUFFER_ORDER)?,
            answer: DeviceMemory::zeroed(BUFFER_ORDER)?,
            asked: 0,
            is_waiting: false,
        };
        if channel.read(MAGIC) != IS_VIRTIO {
            return Err(ChannelError::NoDevice);
        }
        if channel.read(VERSION) != STANDARD || channel.read(DEVICE) != kind {
            return Err(ChannelError::WrongDevice);
        }
        match channel.start() {
            true => Ok(channel),
            false => {
                channel.write(STATUS, FAILED);
                Err(ChannelError::WrongDevice)
            }
        }
    }

    /// Starts the device (VIRTIO 1.2, sections 3.1.1 and 4.2.3).
    fn start(&mut self) -> bool {
        self.write(STATUS, 0);
        self.write(STATUS, ACKNOWLEDGE);
        self.write(STATUS, ACKNOWLEDGE | DRIVER);
        self.write(DEVICE_FEATURES_SELECT, 1);
        if self.read(DEVICE_FEATURES) & FEATURES_HIGH == 0 {
            return false;
        }
        for (select, features) in [(0, 0), (1, FEATURES_HIGH)] {
            self.write(DRIVER_FEATURES_SELECT, select);
            self.write(DRIVER_FEATURES, features);
        }
        let agreed = ACKNOWLEDGE | DRIVER | FEATURES_OK;
        self.write(STATUS, agreed);
        if self.read(STATUS) & FEATURES_OK == 0 {
            return false;
        }
        self.write(QUEUE_SELECT, 0);
        if self.read(QUEUE_MOST) < LENGTH {
            return false;
        }
        self.write(QUEUE_LENGTH, LENGTH);
        let physical = self.queue.physical();
        for (register, address) in [
            (QUEUE_DESCRIPTORS, physical),
            (QUEUE_DRIVER, physical + DRIVER_PART as u64),
            (QUEUE_DEVICE, physical + DEVICE_PART as u64),
        ] {
            self.write(register, (address & 0xffff_ffff) as u32);
            self.write(register + 4, (address >> 32) as u32);
        }
        self.describe(1, self.answer, self.answer.bytes(), DEVICE_WRITES, 0);
        self.store(DRIVER_PART, NO_INTERRUPT);
        self.write(QUEUE_READY, 1);
        self.write(STATUS, agreed | DRIVER_OK);
        true
    }

    /// Most bytes of a request, and of an answer.
    pub fn most_bytes(&self) -> usize {
        self.request.bytes().min(self.answer.bytes())
    }

    /// Where a request is written; nowhere while the device has the last one.
    pub fn request(&mut self) -> &mut [u8] {
        let bytes = match self.is_waiting {
            true => 0,
            false => self.request.bytes(),
        };
        // SAFETY: the memory is this value's for good, the device reads it only
        // while it has a request, and `&mut self` is exclusive.
        unsafe { core::slice::from_raw_parts_mut(self.request.start().as_ptr(), bytes) }
    }

    /// Has the device answer so many bytes of the request.
    pub fn send(&mut self, bytes: usize) {
        if self.is_waiting {
            return;
        }
        let bytes = bytes.min(self.request.bytes());
        self.describe(0, self.request, bytes, NEXT, 1);
        // Each entry of the ring is the first descriptor.
        self.asked = self.asked.wrapping_add(1);
        self.is_waiting = true;
        fence(Ordering::SeqCst);
        self.store(DRIVER_PART + 2, self.asked);
        fence(Ordering::SeqCst);
        self.write(QUEUE_NOTIFY, 0);
    }

    /// How many bytes were answered, if the device is done.
    pub fn poll(&mut self) -> Option<usize> {
        if !self.is_waiting || self.load(DEVICE_PART + 2) != self.asked {
            return None;
        }
        fence(Ordering::SeqCst);
        self.is_waiting = false;
        let entry = usize::from(self.asked.wrapping_sub(1)) % LENGTH as usize;
        let at = DEVICE_PART + 4 + entry * 8 + 4;
        let bytes = u32::from(self.load(at)) | u32::from(self.load(at + 2)) << 16;
        Some((bytes as usize).min(self.answer.bytes()))
    }

    /// What was answered; nothing while the device has a request.
    pub fn answer(&self) -> &[u8] {
        let bytes = match self.is_waiting {
            true => 0,
            false => self.answer.bytes(),
        };
        // SAFETY: the memory is this value's for good, and the device writes it only
        // while it has a request, which begins with `&mut self`.
        unsafe { core::slice::from_raw_parts(self.answer.start().as_ptr(), bytes) }
    }

    /// Whether the device says that it has failed.
    pub fn has_failed(&self) -> bool {
        self.read(STATUS) & (NEEDS_RESET | FAILED) != 0
    }

    /// Writes a descriptor (VIRTIO 1.2, section 2.7.5).
    fn describe(
        &mut self,
        number: usize,
        memory: DeviceMemory,
        bytes: usize,
        flags: u16,
        next: u16,
    ) {
        let at = number * 16;
        let physical = memory.physical();
        for part in 0..4 {
            self.store(at + part * 2, (physical >> (part * 16)) as u16);
        }
        self.store(at + 8, bytes as u16);
        self.store(at + 10, (bytes >> 16) as u16);
        self.store(at + 12, flags);
        self.store(at + 14, next);
    }

    fn store(&mut self, offset: usize, value: u16) {
        assert!(offset + 2 <= self.queue.bytes(), "a write beyond the queue");
        // SAFETY: the place is in the queue's frame, aligned, and only accessed so.
        unsafe {
            let place = self.queue.start().byte_add(offset).cast::<u16>();
            place.write_volatile(value);
        }
    }

    fn load(&self, offset: usize) -> u16 {
        assert!(offset + 2 <= self.queue.bytes(), "a read beyond the queue");
        // SAFETY: as in `store`.
        unsafe {
            let place = self.queue.start().byte_add(offset).cast::<u16>();
            place.read_volatile()
        }
    }

    fn write(&self, register: usize, value: u32) {
        // SAFETY: `registers` maps all of the device's and callers name them.
        unsafe { self.registers.byte_add(register).write_volatile(value) }
    }

    fn read(&self, register: usize) -> u32 {
        // SAFETY: as in `write`.
        unsafe { self.registers.byte_add(register).read_volatile() }
    }
}
