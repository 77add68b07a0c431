//! What an argument of a system call is.

/// Decides how an argument is decoded, printed in traces and attacked in tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A handle or pseudo handle, 64 bits.
    Handle,
    /// A number of 8 bits, mostly a BOOLEAN; the upper bits are garbage.
    Value8,
    /// A number of 16 bits; the upper bits are garbage.
    Value16,
    /// A number of 32 bits; the upper half is garbage.
    Value32,
    /// A number or an address that is not followed, 64 bits.
    Value64,
    /// An ACCESS_MASK, 32 bits.
    Access,
    /// The number of an information class, 32 bits.
    Class,
    /// An NTSTATUS, 32 bits.
    Status,
    /// The address of bytes the call reads.
    In,
    /// As [`Kind::In`], or 0.
    InOptional,
    /// The address of bytes the call writes.
    Out,
    /// As [`Kind::Out`], or 0.
    OutOptional,
    /// The address of bytes the call reads and writes.
    InOut,
    /// As [`Kind::InOut`], or 0.
    InOutOptional,
    /// The address where the call writes a new handle.
    HandleOut,
    /// The address of an OBJECT_ATTRIBUTES the call reads.
    ObjectAttributes,
    /// As [`Kind::ObjectAttributes`], or 0.
    ObjectAttributesOptional,
    /// The address of a UNICODE_STRING the call reads.
    Text,
    /// As [`Kind::Text`], or 0.
    TextOptional,
    /// The address of a LARGE_INTEGER the call reads: a time in units of
    /// 100 ns, relative to now when negative.
    Interval,
    /// As [`Kind::Interval`], or 0.
    IntervalOptional,
}

impl Kind {
    /// Bits of the argument that count.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Value8 => 8,
            Self::Value16 => 16,
            Self::Value32 | Self::Access | Self::Class | Self::Status => 32,
            _ => 64,
        }
    }

    /// Whether the call follows it as an address.
    #[must_use]
    pub const fn is_address(self) -> bool {
        self.bits() == 64 && !matches!(self, Self::Handle | Self::Value64)
    }

    /// Whether it is an address that may be 0.
    #[must_use]
    pub const fn is_optional(self) -> bool {
        matches!(
            self,
            Self::InOptional
                | Self::OutOptional
                | Self::InOutOptional
                | Self::ObjectAttributesOptional
                | Self::TextOptional
                | Self::IntervalOptional
        )
    }

    /// Whether the call writes where it points.
    #[must_use]
    pub const fn is_written(self) -> bool {
        matches!(
            self,
            Self::Out | Self::OutOptional | Self::InOut | Self::InOutOptional | Self::HandleOut
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn what_is_written_or_optional_is_an_address() {
        for kind in [Kind::HandleOut, Kind::InOutOptional, Kind::IntervalOptional] {
            assert!(kind.is_address(), "{kind:?}");
        }
        for kind in [Kind::Handle, Kind::Value8, Kind::Value64, Kind::Access] {
            assert!(!kind.is_address() && !kind.is_written(), "{kind:?}");
        }
    }
}
