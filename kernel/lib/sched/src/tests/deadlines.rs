//! The heap of deadlines against a sorted list of them.

use std::vec::Vec;

use proptest::prelude::*;

use crate::deadlines::{Deadlines, Target};

/// Enough for several levels of the heap.
const NODES: usize = 40;

#[derive(Clone, Debug)]
enum Operation {
    Arm(usize, u64, bool),
    SetClock(i64),
    Disarm(usize),
    TakeDue(u64),
    /// Removes a node and adds another one.
    Renew(usize),
}

fn any_operation() -> impl Strategy<Value = Operation> {
    let node = || 0..NODES;
    prop_oneof![
        8 => (node(), 0_u64..50, any::<bool>())
            .prop_map(|(node, due, is_of_day)| Operation::Arm(node, due, is_of_day)),
        1 => (-20_i64..20).prop_map(Operation::SetClock),
        3 => node().prop_map(Operation::Disarm),
        2 => (0_u64..30).prop_map(Operation::TakeDue),
        1 => node().prop_map(Operation::Renew),
    ]
}

fn target(number: usize) -> Target {
    Target::Timer(number.try_into().unwrap())
}

/// Every node's place is right, and no node comes before its parent.
fn check(deadlines: &Deadlines) {
    assert!(deadlines.heap.capacity() >= deadlines.nodes.len(), "room");
    for (place, &node) in deadlines.heap.iter().enumerate() {
        assert_eq!(deadlines.nodes.at(node).place, Some(place));
        let parent = place.checked_sub(1).map(|below| deadlines.heap[below / 2]);
        assert!(parent.is_none_or(|parent| !deadlines.is_before(node, parent)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_gives_them_in_their_order(
        operations in prop::collection::vec(any_operation(), 1..400),
    ) {
        let mut deadlines = Deadlines::new();
        let mut nodes: Vec<u32> = (0..NODES)
            .map(|number| deadlines.add(target(number)).unwrap())
            .collect();
        // What is armed: when it is due, the order of arming, which it is, and
        // whether that is a time of day.
        let mut armed: Vec<(u64, usize, usize, bool)> = Vec::new();
        for (order, operation) in operations.into_iter().enumerate() {
            match operation {
                Operation::Arm(number, due, is_of_day) => {
                    deadlines.arm(nodes[number], due, is_of_day);
                    armed.retain(|&(_, _, other, _)| other != number);
                    armed.push((due, order, number, is_of_day));
                }
                Operation::SetClock(forward) => {
                    deadlines.set_clock(forward);
                    for (due, ..) in armed.iter_mut().filter(|(.., is_of_day)| *is_of_day) {
                        *due = due.saturating_add_signed(-forward);
                    }
                }
                Operation::Disarm(number) => {
                    let before = armed.len();
                    armed.retain(|&(_, _, other, _)| other != number);
                    prop_assert_eq!(deadlines.disarm(nodes[number]), armed.len() < before);
                }
                Operation::TakeDue(now) => {
                    armed.sort_unstable();
                    let expected = armed.first().filter(|(due, ..)| *due <= now).copied();
                    let expected = expected.map(|(due, _, number, _)| (target(number), due));
                    prop_assert_eq!(deadlines.take_due(now), expected);
                    if expected.is_some() {
                        armed.remove(0);
                    }
                }
                Operation::Renew(number) => {
                    deadlines.remove(nodes[number]);
                    armed.retain(|&(_, _, other, _)| other != number);
                    nodes[number] = deadlines.add(target(number)).unwrap();
                }
            }
            check(&deadlines);
            prop_assert_eq!(deadlines.earliest(), armed.iter().map(|&(due, ..)| due).min());
            for (number, &node) in nodes.iter().enumerate() {
                let due = armed.iter().find(|&&(_, _, other, _)| other == number);
                prop_assert_eq!(deadlines.due(node), due.map(|&(due, ..)| due));
            }
        }
    }
}

#[test]
fn arming_needs_no_memory() {
    let mut deadlines = Deadlines::new();
    let nodes: Vec<u32> = (0..1000)
        .map(|number| deadlines.add(target(number)).unwrap())
        .collect();
    let room = deadlines.heap.capacity();
    for (due, &node) in (0..).zip(&nodes) {
        deadlines.arm(node, due, false);
    }
    assert_eq!(deadlines.heap.capacity(), room);
}
