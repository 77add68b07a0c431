//! Records as they are read: the fields of their JSON.
//!
//! The report library says what they mean; what a record does not say is absent.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, de};

/// A record, and where in the log it is.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) stamp: Stamp,
    pub(crate) event: Event,
}

/// When it happened.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) ns: u64,
    pub(crate) own_ns: u64,
}

/// What happened.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    Start {
        petrel_trace: u64,
        version: String,
        build_id: String,
    },
    Process {
        process: u64,
        parent: u64,
        program: String,
    },
    ProcessEnd {
        process: u64,
        result: String,
    },
    Thread {
        process: u64,
        thread: u64,
    },
    ThreadName {
        thread: u64,
        name: String,
    },
    ThreadEnd {
        thread: u64,
        result: String,
    },
    Switch {
        from: Option<u64>,
        to: Option<u64>,
        why: String,
    },
    Fault {
        process: u64,
        thread: u64,
        #[serde(flatten)]
        fault: Fault,
    },
    Call {
        process: u64,
        thread: u64,
        name: String,
        family: Option<String>,
        arguments: Pairs,
    },
    Return {
        thread: u64,
        result: String,
        at: Option<String>,
        #[serde(default)]
        left: Pairs,
    },
}

/// What was touched, and what came of it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Fault {
    pub(crate) address: String,
    pub(crate) access: String,
    #[serde(default)]
    pub(crate) in_kernel: bool,
    pub(crate) by: String,
    pub(crate) took_ns: u64,
}

/// Names and texts in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs: Vec<(String, String)> = Vec::new();
                while let Some((name, text)) = map.next_entry::<String, String>()? {
                    if pairs.iter().any(|(other, _)| *other == name) {
                        return Err(de::Error::custom(format_args!("{name} is there twice")));
                    }
                    pairs.push((name, text));
                }
                Ok(Pairs(pairs))
            }
        }

        from.deserialize_map(InOrder)
    }
}
