//! What a pipe does, said as simply as possible: every sum is made anew.

mod life;

use super::std::collections::VecDeque;
use super::std::vec::Vec;
use crate::PipeStatus::{self, *};
use crate::{CompletionMode, Modes, PipeType, ReadMode};

/// The quota of both directions.
pub(super) const QUOTA: u32 = 20;

/// A request that completes: its status, how many bytes, those it read.
pub(super) type Event = (u32, PipeStatus, usize, Vec<u8>);

/// The same of the request made, which waits if `None`.
pub(super) type Answer = Option<(PipeStatus, usize, Vec<u8>)>;

/// A write, or a flush.
struct Entry {
    is_flush: bool,
    is_posted: bool,
    unread: Vec<u8>,
    size: usize,
    request: Option<u32>,
}

#[derive(Default)]
struct Way {
    entries: VecDeque<Entry>,
    reads: VecDeque<(u32, usize)>,
}

/// A connected pipe, with one end or both.
pub(super) struct Model {
    pub(super) pipe_type: PipeType,
    pub(super) first_read: ReadMode,
    /// Of the client, of the server.
    modes: [Modes; 2],
    is_open: [bool; 2],
    is_connected: bool,
    /// What the client reads, what the server reads.
    ways: [Way; 2],
    pub(super) events: Vec<Event>,
}

impl Model {
    pub(super) fn new(pipe_type: PipeType, read: ReadMode) -> Self {
        Self {
            pipe_type,
            first_read: read,
            modes: [Modes {
                read,
                ..Modes::CLIENT
            }; 2],
            is_open: [true; 2],
            is_connected: true,
            ways: [Way::default(), Way::default()],
            events: Vec::new(),
        }
    }

    pub(super) fn is_nowait(&self) -> bool {
        self.modes[1].completion == CompletionMode::Complete
    }

    pub(super) fn reconnect(&mut self) {
        self.modes[0] = Modes::CLIENT;
        self.is_open[0] = true;
        self.is_connected = true;
    }

    /// What an end can read.
    pub(super) fn unread(&self, is_server: bool) -> Vec<u8> {
        let entries = self.ways[usize::from(is_server)].entries.iter();
        entries.flat_map(|entry| entry.unread.clone()).collect()
    }

    pub(super) fn pending(&self) -> impl Iterator<Item = u32> {
        let all = |way: &Way| {
            let writes = way.entries.iter().filter_map(|entry| entry.request);
            let reads = way.reads.iter().map(|read| read.0);
            writes.chain(reads).collect::<Vec<_>>()
        };
        self.ways.iter().flat_map(all)
    }

    fn refused(status: PipeStatus) -> Answer {
        Some((status, 0, Vec::new()))
    }

    /// What stands in the way of a write by an end.
    fn write_refusal(&self, is_server: bool) -> Option<PipeStatus> {
        if !self.is_open[usize::from(is_server)] {
            Some(PipeDisconnected)
        } else if self.is_open == [true; 2] {
            None
        } else {
            Some(PipeClosing)
        }
    }

    /// What is left of the quota: nothing while a write waits.
    fn room(&self, way: usize) -> usize {
        let entries = &self.ways[way].entries;
        if entries
            .iter()
            .any(|entry| !entry.is_flush && entry.request.is_some())
        {
            return 0;
        }
        let charged = entries.iter().filter(|entry| !entry.is_posted);
        QUOTA as usize - charged.map(|entry| entry.unread.len()).sum::<usize>()
    }

    /// Gives data to the reads of a way; what is left, unless nothing is.
    fn send(&mut self, way: usize, mut data: Vec<u8>) -> Option<Vec<u8>> {
        let is_message = self.pipe_type == PipeType::Message;
        if data.is_empty() && !is_message {
            return None;
        }
        while let Some((request, max)) = self.ways[way].reads.pop_front() {
            let rest = data.split_off(max.min(data.len()));
            let is_cut = !rest.is_empty() && self.modes[way].read == ReadMode::Message;
            let status = if is_cut { BufferOverflow } else { Success };
            self.events.push((request, status, data.len(), data));
            if rest.is_empty() {
                return None;
            }
            data = rest;
        }
        Some(data)
    }

    pub(super) fn write(&mut self, is_server: bool, data: Vec<u8>, request: u32) -> Answer {
        if let Some(status) = self.write_refusal(is_server) {
            return Self::refused(status);
        }
        let (way, size) = (usize::from(!is_server), data.len());
        let waits = self.modes[usize::from(is_server)].completion == CompletionMode::Queue;
        let room = self.room(way);
        let reads: usize = self.ways[way].reads.iter().map(|read| read.1).sum();
        if !waits && self.pipe_type == PipeType::Message && size > reads + room {
            return Self::refused(Success);
        }
        let Some(unread) = self.send(way, data) else {
            return Some((Success, size, Vec::new()));
        };
        let fits = unread.len() <= room;
        if !fits && !waits {
            return Some((Success, size - unread.len(), Vec::new()));
        }
        self.ways[way].entries.push_back(Entry {
            is_flush: false,
            is_posted: false,
            unread,
            size,
            request: (!fits).then_some(request),
        });
        fits.then_some((Success, size, Vec::new()))
    }

    pub(super) fn hand_over(&mut self, is_server: bool, len: usize) -> Option<u32> {
        let refusal = self.write_refusal(is_server);
        let reads = &mut self.ways[usize::from(!is_server)].reads;
        let is_nothing = len == 0 && self.pipe_type == PipeType::Byte;
        if refusal.is_some() || is_nothing || reads.front()?.1 < len {
            return None;
        }
        reads.pop_front().map(|read| read.0)
    }

    /// Without a request it does not begin to wait.
    pub(super) fn read(&mut self, is_server: bool, max: usize, request: Option<u32>) -> Answer {
        let way = usize::from(is_server);
        let modes = self.modes[way];
        if !self.is_open[way] {
            return Self::refused(PipeDisconnected);
        }
        if self.ways[way].entries.is_empty() {
            if self.is_open != [true; 2] {
                return Self::refused(PipeBroken);
            }
            if modes.completion == CompletionMode::Complete {
                return Self::refused(PipeEmpty);
            }
            let read = request.map(|request| (request, max));
            self.ways[way].reads.extend(read);
            return None;
        }
        let (mut data, mut status) = (Vec::new(), Success);
        let is_message = modes.read == ReadMode::Message;
        while (data.len() < max || is_message) && !self.ways[way].entries.is_empty() {
            let first = &mut self.ways[way].entries[0];
            let len = first.unread.len().min(max - data.len());
            data.extend(first.unread.drain(..len));
            let is_cut = !first.unread.is_empty();
            if !is_cut {
                let (request, size) = (first.request, first.size);
                self.ways[way].entries.pop_front();
                let none = Vec::new;
                self.events
                    .extend(request.map(|request| (request, Success, size, none())));
                self.end_flushes(way);
            }
            if modes.read == ReadMode::Message {
                status = if is_cut { BufferOverflow } else { Success };
                break;
            }
        }
        self.end_writes(way);
        Some((status, data.len(), data))
    }

    fn end_flushes(&mut self, way: usize) {
        let entries = &mut self.ways[way].entries;
        while let Some(flush) = entries.pop_front_if(|entry| entry.is_flush) {
            self.events
                .push((flush.request.unwrap(), Success, 0, Vec::new()));
        }
    }

    /// Ends the first writes that fit now.
    fn end_writes(&mut self, way: usize) {
        let entries = &mut self.ways[way].entries;
        let counts = |entry: &&Entry| !entry.is_posted && entry.request.is_none();
        let done = entries.iter().filter(counts);
        let mut sum: usize = done.map(|entry| entry.unread.len()).sum();
        for entry in entries.iter_mut().filter(|entry| !entry.is_flush) {
            let Some(request) = entry.request else {
                continue;
            };
            sum += entry.unread.len();
            if sum > QUOTA as usize {
                break;
            }
            entry.request = None;
            self.events.push((request, Success, entry.size, Vec::new()));
        }
    }

    pub(super) fn transceive(
        &mut self,
        is_server: bool,
        data: Vec<u8>,
        max: usize,
        request: u32,
    ) -> Answer {
        let own = usize::from(is_server);
        let (way, size) = (usize::from(!is_server), data.len());
        if !self.is_open[own] {
            return Self::refused(PipeDisconnected);
        }
        if self.is_open != [true; 2] || self.modes[own].read != ReadMode::Message {
            return Self::refused(InvalidPipeState);
        }
        if !self.ways[own].reads.is_empty() || !self.ways[own].entries.is_empty() {
            return Self::refused(PipeBusy);
        }
        if let Some(unread) = self.send(way, data) {
            self.ways[way].entries.push_back(Entry {
                is_flush: false,
                is_posted: true,
                unread,
                size,
                request: None,
            });
        }
        self.ways[own].reads.push_back((request, max));
        None
    }

    pub(super) fn flush(&mut self, is_server: bool, request: u32) -> Answer {
        if !self.is_open[usize::from(is_server)] {
            return Self::refused(PipeDisconnected);
        }
        let entries = &mut self.ways[usize::from(!is_server)].entries;
        if entries.is_empty() {
            return Self::refused(Success);
        }
        entries.push_back(Entry {
            is_flush: true,
            is_posted: false,
            unread: Vec::new(),
            size: 0,
            request: Some(request),
        });
        None
    }

    pub(super) fn cancel(&mut self, is_server: bool, matches: impl Fn(&u32) -> bool) -> usize {
        let (own, other) = (usize::from(is_server), usize::from(!is_server));
        let reads = self.ways[own].reads.iter().map(|read| read.0);
        let entries = self.ways[other].entries.iter();
        let writes = entries.filter_map(|entry| entry.request);
        let all: Vec<u32> = reads
            .chain(writes)
            .filter(|request| matches(request))
            .collect();
        self.ways[own].reads.retain(|read| !matches(&read.0));
        let stays = |entry: &Entry| entry.request.is_none_or(|request| !matches(&request));
        self.ways[other].entries.retain(stays);
        let cancelled = |request: &u32| (*request, Cancelled, 0, Vec::new());
        self.events.extend(all.iter().map(cancelled));
        self.end_flushes(other);
        self.end_writes(other);
        all.len()
    }

    pub(super) fn set_modes(&mut self, is_server: bool, modes: Modes) -> bool {
        let own = usize::from(is_server);
        let is_busy = !self.ways[own].reads.is_empty() || !self.ways[1 - own].entries.is_empty();
        let stops = self.modes[own].completion == CompletionMode::Queue
            && modes.completion == CompletionMode::Complete;
        let is_wrong = modes.read == ReadMode::Message && self.pipe_type == PipeType::Byte;
        if !self.is_open[own] || is_wrong || (stops && is_busy) {
            return false;
        }
        self.modes[own] = modes;
        true
    }
}
