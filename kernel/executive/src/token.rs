//! Tokens: who a process acts for.
//!
//! Every process has a primary token of its own, which starts as a copy of its
//! parent's. A thread that acts for someone else has a token of the other kind, which
//! then counts. There is one user, and so one logon session, and nobody's.

use hal::Ref;
use hal::lock::Lock;
use security::Identity;
use spin::Once;

use crate::object::{Header, ObjectKind};
use crate::{Error, luid, rank};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// For processes.
    Primary,
    /// For threads that act for a client.
    Impersonation(ImpersonationLevel),
}

/// How far a thread may act for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImpersonationLevel {
    /// Not even know who it is.
    Anonymous,
    /// Know who it is.
    Identification,
    /// Act for it here.
    Impersonation,
    /// Act for it elsewhere too.
    Delegation,
}

/// A token.
pub struct Token {
    header: Header,
    id: u64,
    kind: TokenKind,
    session: u32,
    logon: u64,
    state: Lock<rank::Token, State>,
}

struct State {
    identity: Identity,
    /// Changes with every change.
    modified: u64,
}

/// The number of the logon session.
pub fn logon() -> u64 {
    static LOGON: Once<u64> = Once::new();
    *LOGON.call_once(luid::next)
}

impl Token {
    /// The logon session of nobody (NT `ANONYMOUS_LOGON_LUID`).
    const NOBODYS_LOGON: u64 = 0x3E6;
    /// The session of windows that the user is in.
    const SESSION: u32 = 1;

    /// The user's primary token.
    pub fn of_user() -> Result<Ref<Self>, Error> {
        let number = u32::try_from(logon()).unwrap_or(u32::MAX);
        let identity = Identity::of_ordinary_user(number)?;
        Self::new(TokenKind::Primary, (Self::SESSION, logon()), identity)
    }

    /// Nobody's token, for threads.
    pub fn of_nobody() -> Result<Ref<Self>, Error> {
        let kind = TokenKind::Impersonation(ImpersonationLevel::Impersonation);
        Self::new(kind, (0, Self::NOBODYS_LOGON), Identity::of_nobody()?)
    }

    fn new(
        kind: TokenKind,
        (session, logon): (u32, u64),
        identity: Identity,
    ) -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            header: Header::new(ObjectKind::Token),
            id: luid::next(),
            kind,
            session,
            logon,
            state: Lock::new(State {
                identity,
                modified: luid::next(),
            }),
        })?)
    }

    /// A token that says the same, as far as `change` leaves it.
    pub fn duplicate(
        &self,
        kind: TokenKind,
        change: impl FnOnce(&mut Identity),
    ) -> Result<Ref<Self>, Error> {
        let mut identity = self.with(|identity| identity.try_clone())?;
        change(&mut identity);
        Self::new(kind, (self.session, self.logon), identity)
    }

    /// A token of the same kind that says something else.
    pub fn replaced(&self, identity: Identity) -> Result<Ref<Self>, Error> {
        Self::new(self.kind, (self.session, self.logon), identity)
    }

    /// What every object has.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its number.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// What it is for.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The session of windows.
    pub fn session(&self) -> u32 {
        self.session
    }

    /// The number of the logon session.
    pub fn logon(&self) -> u64 {
        self.logon
    }

    /// Whether who has it may do what it says; else only who that would be can be
    /// asked.
    pub fn is_effective(&self) -> bool {
        match self.kind {
            TokenKind::Primary => true,
            TokenKind::Impersonation(level) => level >= ImpersonationLevel::Impersonation,
        }
    }

    /// Whether a process with this token may have threads that act for whoever
    /// another is about.
    pub fn can_act_for(&self, client: &Self) -> bool {
        // Two tokens cannot be looked at together.
        let client = client.with(Identity::as_client);
        self.with(|identity| identity.can_act_for(&client))
    }

    /// The number of its last change.
    pub fn modified(&self) -> u64 {
        self.state.lock().modified
    }

    /// Looks at what it says.
    pub fn with<T>(&self, look: impl FnOnce(&Identity) -> T) -> T {
        look(&self.state.lock().identity)
    }

    /// Changes what it says.
    pub fn change<T>(&self, change: impl FnOnce(&mut Identity) -> T) -> T {
        let mut state = self.state.lock();
        state.modified = luid::next();
        change(&mut state.identity)
    }
}

impl From<security::OutOfMemory> for Error {
    fn from(_: security::OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}
