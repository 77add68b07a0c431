//! Tests of the network as a whole.
