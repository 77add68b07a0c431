//! From records to what was there from when to when.

use std::collections::HashMap;

use crate::record::{Event, Pairs, Record, Stamp};
use crate::trace::{Call, Ended, Process, Run, Slice, Span, Thread, Trace, What};

/// What is added for viewers to a number that others have had before: the kernel
/// gives none that large.
const AGAIN: u64 = 1_000_000;

/// Puts a trace together; notes say what could not be.
pub(crate) fn build(records: &[Record], with_own_time: bool, notes: &mut Vec<String>) -> Trace {
    let mut builder = Builder {
        trace: Trace {
            with_own_time,
            ..Trace::default()
        },
        begin_ns: None,
        now_ns: 0,
        processes: HashMap::new(),
        threads: HashMap::new(),
        open_calls: HashMap::new(),
        running: None,
        has_switched: false,
        lost_returns: 0,
    };
    for record in records {
        builder.now_ns = builder.time_of(record.stamp).max(builder.now_ns);
        builder.add(&record.event);
    }
    builder.finish(notes);
    builder.trace
}

struct Builder {
    trace: Trace,
    /// When the first record after the beginning was.
    begin_ns: Option<u64>,
    now_ns: u64,
    /// By number, those that have it now.
    processes: HashMap<u64, usize>,
    threads: HashMap<u64, usize>,
    /// By thread, the one call that it makes.
    open_calls: HashMap<usize, usize>,
    running: Option<(usize, u64)>,
    has_switched: bool,
    lost_returns: usize,
}

impl Builder {
    /// How long after the beginning something happened.
    fn time_of(&mut self, stamp: Stamp) -> u64 {
        let ns = match self.trace.with_own_time {
            true => stamp.ns,
            false => stamp.ns.saturating_sub(stamp.own_ns),
        };
        ns.saturating_sub(*self.begin_ns.get_or_insert(ns))
    }

    fn add(&mut self, event: &Event) {
        match event {
            Event::Start {
                version, build_id, ..
            } => {
                (self.trace.version, self.trace.build_id) = (version.clone(), build_id.clone());
                // The time until the first process is the kernel's own start.
                self.begin_ns = None;
                self.now_ns = 0;
            }
            Event::Process {
                process,
                parent,
                program,
            } => {
                self.begin_process(*process, Some(*parent), program);
            }
            Event::ProcessEnd { process, result } => {
                if let Some(place) = self.processes.remove(process) {
                    let process = &mut self.trace.processes[place];
                    process.span.end_ns = self.now_ns;
                    process.ended = Ended::With(result.clone());
                }
            }
            Event::Thread { process, thread } => _ = self.begin_thread(*process, *thread),
            Event::ThreadName { thread, name } => {
                if let Some(place) = self.threads.get(thread) {
                    self.trace.threads[*place].name = Some(name.clone());
                }
            }
            Event::ThreadEnd { thread, result } => {
                if let Some(place) = self.threads.remove(thread) {
                    self.end_thread(place, Ended::With(result.clone()));
                }
            }
            Event::Switch { from, to, why } => self.switch(*from, *to, why),
            Event::Fault {
                process,
                thread,
                fault,
            } => {
                let thread = self.thread(*process, *thread);
                let span = Span {
                    begin_ns: self.now_ns,
                    end_ns: self.now_ns + fault.took_ns,
                };
                self.now_ns = span.end_ns;
                self.trace.slices.push(Slice {
                    thread,
                    span,
                    what: What::Fault(fault.clone()),
                });
            }
            Event::Call {
                process,
                thread,
                name,
                family,
                arguments,
            } => {
                let thread = self.thread(*process, *thread);
                self.end_call(thread, Ended::NotInLog, None, &Pairs::default());
                self.open_calls.insert(thread, self.trace.slices.len());
                self.trace.slices.push(Slice {
                    thread,
                    span: self.now(),
                    what: What::Call(Call {
                        name: name.clone(),
                        family: family.clone(),
                        arguments: arguments.clone(),
                        ended: Ended::NotInLog,
                        at: None,
                        left: Pairs::default(),
                    }),
                });
            }
            Event::Return {
                thread,
                result,
                at,
                left,
            } => {
                let place = self.threads.get(thread).copied();
                let ended = Ended::With(result.clone());
                match place.map(|place| self.end_call(place, ended, at.clone(), left)) {
                    Some(true) => {}
                    _ => self.lost_returns += 1,
                }
            }
        }
    }

    /// Nothing, now.
    fn now(&self) -> Span {
        Span {
            begin_ns: self.now_ns,
            end_ns: self.now_ns,
        }
    }

    fn begin_process(&mut self, id: u64, parent: Option<u64>, program: &str) -> usize {
        let before = self.trace.processes.iter().filter(|one| one.id == id);
        let shown_id = id + AGAIN * before.count() as u64;
        self.trace.processes.push(Process {
            id,
            shown_id,
            parent,
            program: program.into(),
            span: self.now(),
            ended: Ended::NotInLog,
        });
        let place = self.trace.processes.len() - 1;
        self.processes.insert(id, place);
        place
    }

    fn begin_thread(&mut self, process: u64, id: u64) -> usize {
        let process = match self.processes.get(&process) {
            Some(place) => *place,
            None => self.begin_process(process, None, "(began before the log)"),
        };
        let before = self.trace.threads.iter().filter(|one| one.id == id);
        let shown_id = id + AGAIN * before.count() as u64;
        self.trace.threads.push(Thread {
            id,
            shown_id,
            process,
            name: None,
            span: self.now(),
            ended: Ended::NotInLog,
        });
        let place = self.trace.threads.len() - 1;
        self.threads.insert(id, place);
        place
    }

    /// The thread of that number, which may have begun before the log.
    fn thread(&mut self, process: u64, id: u64) -> usize {
        match self.threads.get(&id) {
            Some(place) => *place,
            None => self.begin_thread(process, id),
        }
    }

    fn end_thread(&mut self, place: usize, ended: Ended) {
        self.end_call(place, Ended::NotInLog, None, &Pairs::default());
        let thread = &mut self.trace.threads[place];
        (thread.span.end_ns, thread.ended) = (self.now_ns, ended);
    }

    /// Ends the call of a thread; false: it makes none.
    fn end_call(&mut self, thread: usize, ended: Ended, at: Option<String>, left: &Pairs) -> bool {
        let Some(place) = self.open_calls.remove(&thread) else {
            return false;
        };
        let slice = &mut self.trace.slices[place];
        slice.span.end_ns = self.now_ns;
        if let What::Call(call) = &mut slice.what {
            (call.ended, call.at, call.left) = (ended, at, left.clone());
        }
        true
    }

    fn switch(&mut self, from: Option<u64>, to: Option<u64>, why: &str) {
        // A thread that has ended still runs until another one does.
        if let Some((thread, begin_ns)) = self.running.take() {
            self.end_run(thread, begin_ns, why);
        } else if !self.has_switched
            && let Some(thread) = from.and_then(|from| self.threads.get(&from))
        {
            // It ran before the log began.
            self.end_run(*thread, 0, why);
        }
        self.has_switched = true;
        let next = to.and_then(|to| self.threads.get(&to));
        self.running = next.map(|thread| (*thread, self.now_ns));
    }

    fn end_run(&mut self, thread: usize, begin_ns: u64, why: &str) {
        self.trace.runs.push(Run {
            thread,
            span: Span {
                begin_ns,
                end_ns: self.now_ns,
            },
            why: why.into(),
        });
    }

    /// What is still open ends with the log.
    fn finish(&mut self, notes: &mut Vec<String>) {
        if let Some((thread, begin_ns)) = self.running.take() {
            self.end_run(thread, begin_ns, "the log ends");
        }
        let open_calls = self.open_calls.len();
        let open_threads: Vec<usize> = self.threads.drain().map(|(_, place)| place).collect();
        for thread in &open_threads {
            self.end_thread(*thread, Ended::NotInLog);
        }
        let open_processes: Vec<usize> = self.processes.drain().map(|(_, place)| place).collect();
        for process in &open_processes {
            self.trace.processes[*process].span.end_ns = self.now_ns;
        }
        self.trace.end_ns = self.now_ns;
        let (processes, threads) = (open_processes.len(), open_threads.len());
        if processes + threads + open_calls > 0 {
            notes.push(format!(
                "the log ends before {processes} processes, {threads} threads and {open_calls} \
                 calls do; they are shown up to there"
            ));
        }
        if self.lost_returns > 0 {
            let lost = self.lost_returns;
            notes.push(format!(
                "{lost} calls began before the log does and are left out"
            ));
        }
    }
}
