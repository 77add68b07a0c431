//! Many threads that wait, sleep, yield and compute all come to their ends.

use std::vec::Vec;

use super::world::{World, semaphore};
use crate::run::TICKS_BEFORE_RESCUE;
use crate::wait::{Begun, Deadline, WaitFor};
use crate::{Due, ObjectKey, Signal};

/// Numbers without order, the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

const THREADS: usize = 1000;
const STEPS_OF_EACH: u64 = 20;
const LONGEST_COMPUTATION: u64 = 15;
const LONGEST_SLEEP: u64 = 300;

/// What one thread still has to do.
struct Program {
    steps: u64,
    /// Ticks until its next step.
    computes: u64,
}

struct Machine {
    world: World,
    numbers: Numbers,
    programs: Vec<Program>,
    objects: Vec<ObjectKey>,
    computed: u64,
}

impl Machine {
    fn new(seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let levels: Vec<u32> = (0..THREADS)
            .map(|_| u32::try_from(numbers.below(18)).unwrap())
            .collect();
        let mut world = World::new(&levels);
        let mut objects = Vec::new();
        for _ in 0..8 {
            objects.push(world.object(Signal::Synchronization { is_set: false }));
            objects.push(world.object(semaphore(0, 1000)));
        }
        for period in 1..=4 {
            let timer = world.dispatcher.add_timer(period == 1).unwrap();
            let due = Due {
                at: period,
                period: 50 * period,
                is_of_day: false,
            };
            world.dispatcher.set_timer(&timer, due, None, 0).unwrap();
            objects.push(timer);
        }
        let program = |_| Program {
            steps: STEPS_OF_EACH,
            computes: 0,
        };
        Self {
            world,
            numbers,
            programs: (0..THREADS).map(program).collect(),
            objects,
            computed: 0,
        }
    }

    /// The running thread's steps until it computes or another one runs.
    fn step(&mut self, number: usize) {
        let dispatcher = &mut self.world.dispatcher;
        let program = &mut self.programs[number];
        if program.steps == 0 {
            assert_eq!(dispatcher.end_current(), Some(number));
            dispatcher.run_next();
            return;
        }
        program.steps -= 1;
        let due = Deadline::At(self.world.now + 1 + self.numbers.below(LONGEST_SLEEP));
        let mut object = || {
            let place = self.numbers.below(self.objects.len().try_into().unwrap());
            &self.objects[usize::try_from(place).unwrap()]
        };
        let [one, other] = [object(), object()];
        let wait_for = match program.steps % 3 {
            0 if !core::ptr::eq(one, other) => WaitFor::All,
            _ => WaitFor::Any,
        };
        let begun = match self.numbers.below(6) {
            0 => dispatcher.wait(&[], WaitFor::Any, false, due).unwrap(),
            1 => dispatcher
                .wait(&[one, other], wait_for, false, due)
                .unwrap(),
            2 => dispatcher.wait_for_token(crate::Token::Alert, false, due),
            3 => {
                let other = self.numbers.below(THREADS.try_into().unwrap());
                let other = self.world.threads[usize::try_from(other).unwrap()];
                dispatcher.give_token(other, crate::Token::Alert);
                dispatcher.yield_current();
                return;
            }
            4 => {
                match dispatcher.signal(one) {
                    Signal::Semaphore { .. } => {
                        let _ = dispatcher.release_semaphore(one, 3);
                    }
                    _ => {
                        dispatcher.set(one);
                    }
                }
                dispatcher.preempt();
                return;
            }
            _ => {
                program.computes = 1 + self.numbers.below(LONGEST_COMPUTATION);
                return;
            }
        };
        if begun == Begun::Waiting {
            dispatcher.run_next();
        }
    }

    /// One tick: whoever runs computes for it.
    fn tick(&mut self) {
        while let Some(&number) = self.world.dispatcher.current_payload() {
            if self.programs[number].computes > 0 {
                self.programs[number].computes -= 1;
                self.computed += 1;
                break;
            }
            self.step(number);
        }
        self.world.now += 1;
        self.world.dispatcher.tick(self.world.now, true);
        self.world.dispatcher.preempt();
    }
}

#[test]
fn a_thousand_threads_finish() {
    for seed in [1, 0x1234_5678, u64::MAX] {
        let mut machine = Machine::new(seed);
        while machine.world.dispatcher.thread_count() > 0 {
            machine.tick();
            // The processor idles only while all who are left sleep.
            let idle = machine.world.now - machine.computed;
            assert!(idle <= STEPS_OF_EACH * LONGEST_SLEEP, "seed {seed}");
            if machine.world.now.is_multiple_of(512) {
                machine.world.dispatcher.check();
            }
        }
        machine.world.dispatcher.check();
        for object in machine.objects {
            machine.world.dispatcher.remove_object(object);
        }
        machine.world.dispatcher.check();
        assert_eq!(machine.world.dispatcher.earliest_deadline(), None);
    }
}

#[test]
fn nobody_is_ready_for_ever() {
    const STARVING: usize = 200;
    let mut levels: Vec<u32> = (0..7).cycle().take(STARVING).collect();
    levels.extend([12; 3]);
    let mut world = World::new(&levels);
    // 16 are lifted every 1000 ticks; all of them have their turn.
    let rounds = u64::try_from(STARVING.div_ceil(16)).unwrap();
    let longest = TICKS_BEFORE_RESCUE + 1000 * (rounds + 2);
    let mut last_ran = std::vec![0; levels.len()];
    for now in 1..=3 * longest {
        world.now = now;
        world.dispatcher.tick(now, true);
        world.dispatcher.preempt();
        last_ran[*world.dispatcher.current_payload().unwrap()] = now;
        if now.is_multiple_of(1000) {
            world.dispatcher.check();
            for (number, ran) in last_ran.iter().enumerate() {
                let waited = now - ran;
                assert!(waited <= longest, "{number} was ready for {waited} ticks");
            }
        }
    }
}
