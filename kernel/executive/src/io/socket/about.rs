//! What is known and set of a socket, with nobody to wait or to be told.

use sockets::{Address, Happened, Named, Setting, SocketStatus};

use super::{ALL, SocketEnd, quietly};

impl SocketEnd {
    /// Says what it is.
    pub fn name(&self, named: Named) -> Result<(), SocketStatus> {
        quietly(|network| network.name(self.key, named))
    }

    /// Gives it an address.
    pub fn bind(&self, address: Address) -> Result<Address, SocketStatus> {
        quietly(|network| network.bind(self.key, address))
    }

    /// Lets it take connections.
    pub fn listen(&self, backlog: u32) -> Result<(), SocketStatus> {
        quietly(|network| network.listen(self.key, backlog))
    }

    /// Lets datagrams come from anybody again.
    pub fn dissociate(&self) -> Result<(), SocketStatus> {
        quietly(|network| network.dissociate(self.key))
    }

    /// Its own address.
    pub fn local(&self) -> Result<Address, SocketStatus> {
        quietly(|network| network.local(self.key))
    }

    /// The other end's.
    pub fn peer(&self) -> Result<Address, SocketStatus> {
        quietly(|network| network.peer(self.key))
    }

    /// Changes whether what would wait fails instead.
    pub fn set_does_not_wait(&self, does_not: bool) -> Result<(), SocketStatus> {
        quietly(|network| network.set_does_not_wait(self.key, does_not))
    }

    /// How much a read would bring.
    pub fn readable(&self) -> Result<usize, SocketStatus> {
        quietly(|network| network.readable(self.key))
    }

    /// Whether no byte out of band is to be read.
    pub fn is_at_mark(&self) -> Result<bool, SocketStatus> {
        quietly(|network| network.is_at_mark(self.key))
    }

    /// Why it could not be connected.
    pub fn error(&self) -> Result<SocketStatus, SocketStatus> {
        quietly(|network| network.error(self.key))
    }

    /// What is set of it.
    pub fn setting(&self, setting: Setting) -> Result<u32, SocketStatus> {
        quietly(|network| network.setting(self.key, setting))
    }

    /// Sets it.
    pub fn set(&self, setting: Setting, value: u32) -> Result<(), SocketStatus> {
        quietly(|network| network.set(self.key, setting, value))
    }

    /// What has happened of what was chosen.
    pub fn take_events(&self) -> Result<Happened, SocketStatus> {
        quietly(|network| network.take_events(self.key))
    }

    /// What it is, if that was said.
    pub fn named(&self) -> Option<Named> {
        ALL.lock().network.named(self.key)
    }

    /// Whether it takes connections.
    pub fn is_listening(&self) -> bool {
        ALL.lock().network.is_listening(self.key)
    }

    /// Whether it is connected.
    pub fn is_connected(&self) -> bool {
        ALL.lock().network.is_connected(self.key)
    }

    /// Whether what would wait fails instead.
    pub fn does_not_wait(&self) -> bool {
        ALL.lock().network.does_not_wait(self.key)
    }
}
