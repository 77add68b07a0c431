//! Tests of the dispatcher, which check all its invariants after every step.

mod alerts;
mod apcs;
mod check;
mod deadlines;
mod ending;
mod events;
mod keyed;
mod liveness;
mod model;
mod mutants;
mod priorities;
mod scheduling;
mod semaphores;
mod slab;
mod suspension;
mod timers;
mod tokens;
mod wait_all;
mod wait_any;
mod world;
