//! What closing and disconnecting do in the model.

use super::super::std::iter;
use super::*;

impl Model {
    /// Ends all in a way, or its reads alone.
    fn abort(&mut self, way: usize, status: PipeStatus, with_writes: bool) {
        let way = &mut self.ways[way];
        let entries = way.entries.iter().filter_map(|entry| entry.request);
        let writes = entries.filter(|_| with_writes);
        let reads = way.reads.iter().map(|read| read.0);
        let ended = writes.chain(reads).zip(iter::repeat(status));
        self.events
            .extend(ended.map(|(request, status)| (request, status, 0, Vec::new())));
        way.reads.clear();
        if with_writes {
            way.entries.clear();
        }
    }

    pub(in super::super) fn close(&mut self, is_server: bool) {
        let own = usize::from(is_server);
        if !self.is_open[own] {
            return;
        }
        self.abort(own, PipeBroken, true);
        self.abort(1 - own, PipeBroken, false);
        self.is_open[own] = false;
        if self.is_open == [false; 2] {
            self.abort(1, PipeBroken, true);
            self.abort(0, PipeBroken, true);
        }
    }

    pub(in super::super) fn disconnect(&mut self) -> bool {
        if !self.is_open[1] || !self.is_connected {
            return false;
        }
        self.abort(1, PipeDisconnected, true);
        self.abort(0, PipeDisconnected, true);
        self.is_open[0] = false;
        self.is_connected = false;
        true
    }
}
