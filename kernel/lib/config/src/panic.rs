//! The panics that can be provoked.

/// A panic to provoke, by its name after `panic=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanicKind {
    /// In nested calls.
    Nested,
    /// A page fault in the kernel.
    PageFault,
    /// A write to the kernel's own code.
    ReadOnly,
    /// A page fault inside a system call of a program.
    Syscall,
    /// The kernel stack overflows inside a system call of a program.
    ThreadStack,
    /// The kernel stack overflows.
    Stack,
    /// While the log lock is held.
    Lock,
    /// Inside a `Display` implementation.
    Display,
    /// An assertion in an interrupt handler.
    Interrupt,
    /// An assertion in an interrupt handler while a program runs.
    UserMode,
    /// In the handler of an NMI.
    Nmi,
    /// Where a fault of the routine that copies user memory is resolved.
    CopyFault,
    /// In a closure that is inlined into its caller.
    Closure,
    /// In a generic function.
    Generic,
    /// A page fault in assembly.
    Assembly,
    /// Out of memory.
    OutOfMemory,
    /// With a corrupt chain of frames.
    FrameChain,
    /// A panic in the panic path.
    Double,
}

impl PanicKind {
    /// Every kind.
    pub const ALL: [Self; 18] = [
        Self::Nested,
        Self::PageFault,
        Self::ReadOnly,
        Self::Syscall,
        Self::ThreadStack,
        Self::Stack,
        Self::Lock,
        Self::Display,
        Self::Interrupt,
        Self::UserMode,
        Self::Nmi,
        Self::CopyFault,
        Self::Closure,
        Self::Generic,
        Self::Assembly,
        Self::OutOfMemory,
        Self::FrameChain,
        Self::Double,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nested => "nested",
            Self::PageFault => "pagefault",
            Self::ReadOnly => "readonly",
            Self::Syscall => "syscall",
            Self::ThreadStack => "threadstack",
            Self::Stack => "stack",
            Self::Lock => "lock",
            Self::Display => "display",
            Self::Interrupt => "interrupt",
            Self::UserMode => "usermode",
            Self::Nmi => "nmi",
            Self::CopyFault => "copyfault",
            Self::Closure => "closure",
            Self::Generic => "generic",
            Self::Assembly => "assembly",
            Self::OutOfMemory => "oom",
            Self::FrameChain => "rbp",
            Self::Double => "double",
        }
    }

    /// The kind with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
