//! Threads of Rust's library, and all they share and wait for.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, TryRecvError, channel, sync_channel};
use std::sync::{Arc, Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::thread::{self, Builder};
use std::time::Duration;

const THREADS: usize = 4;
const SHORT: Duration = Duration::from_millis(5);

fn main() {
    starting();
    channels();
    locks();
    conditions();
    barriers();
    once();
    locals();
    scopes();
    parking();
}

fn starting() {
    let handles: Vec<_> = (0..THREADS).map(|n| thread::spawn(move || n * n)).collect();
    let results: Vec<_> = handles.into_iter().map(|it| it.join().unwrap()).collect();
    println!("squares: {results:?}");
    let named = Builder::new().name("worker".into()).stack_size(1 << 20);
    let handle = named.spawn(|| thread::current().name().map(String::from));
    println!("named: {:?}", handle.unwrap().join().unwrap());
    println!("main: {:?}", thread::current().name());
    println!(
        "many: {}",
        (0..50)
            .map(|n| thread::spawn(move || n).join().unwrap())
            .sum::<i32>()
    );
}

fn channels() {
    let (sender, receiver) = channel();
    for thread in 0..THREADS {
        let sender = sender.clone();
        thread::spawn(move || (0..100).for_each(|n| sender.send(thread * 100 + n).unwrap()));
    }
    drop(sender);
    let mut last = [None; THREADS];
    let mut count = 0;
    for value in &receiver {
        assert!(last[value / 100] < Some(value), "of each sender in order");
        last[value / 100] = Some(value);
        count += 1;
    }
    println!("received {count}, then {:?}", receiver.try_recv());
    let (sender, receiver) = sync_channel(0);
    let meets = thread::spawn(move || (0..3).map(|n| sender.send(n).is_ok()).collect::<Vec<_>>());
    println!("{:?} {:?}", receiver.recv(), receiver.recv());
    drop(receiver);
    println!("sent: {:?}", meets.join().unwrap());
    let (sender, receiver) = sync_channel::<u8>(1);
    println!("empty: {}", receiver.try_recv() == Err(TryRecvError::Empty));
    println!(
        "late: {}",
        receiver.recv_timeout(SHORT) == Err(RecvTimeoutError::Timeout)
    );
    sender.send(1).unwrap();
    println!("full: {}", sender.try_send(2).is_err());
}

fn locks() {
    let mutex = Arc::new(Mutex::new(0));
    let lock = Arc::new(RwLock::new(vec![0; 3]));
    let handles: Vec<_> = (0..THREADS)
        .map(|_| {
            let (mutex, lock) = (mutex.clone(), lock.clone());
            thread::spawn(move || {
                for round in 0..300 {
                    *mutex.lock().unwrap() += 1;
                    match round % 3 {
                        0 => lock.write().unwrap().iter_mut().for_each(|one| *one += 1),
                        _ => {
                            let read = lock.read().unwrap();
                            assert!(read.iter().all(|one| *one == read[0]));
                        }
                    }
                }
            })
        })
        .collect();
    handles.into_iter().for_each(|it| it.join().unwrap());
    println!(
        "mutex {}, lock {:?}",
        mutex.lock().unwrap(),
        lock.read().unwrap()
    );
    let held = mutex.lock().unwrap();
    println!("held: {}", mutex.try_lock().is_err());
    drop(held);
    let reading = lock.read().unwrap();
    println!(
        "read twice: {}, written: {}",
        lock.try_read().is_ok(),
        lock.try_write().is_ok()
    );
    drop(reading);
}

fn conditions() {
    let pair = Arc::new((Mutex::new((0, Vec::new())), Condvar::new()));
    let handles: Vec<_> = (0..THREADS)
        .rev()
        .map(|turn| {
            let pair = pair.clone();
            thread::spawn(move || {
                let (mutex, changed) = &*pair;
                let mut state = changed
                    .wait_while(mutex.lock().unwrap(), |state| state.0 != turn)
                    .unwrap();
                state.0 += 1;
                state.1.push(turn);
                changed.notify_all();
            })
        })
        .collect();
    handles.into_iter().for_each(|it| it.join().unwrap());
    println!("in turn: {:?}", pair.0.lock().unwrap().1);
    let (_unlocked, result) = pair
        .1
        .wait_timeout_while(pair.0.lock().unwrap(), SHORT, |_| true)
        .unwrap();
    println!("nobody notifies: {}", result.timed_out());
}

fn barriers() {
    let barrier = Barrier::new(THREADS);
    let (before, leaders) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for round in 1..=10 {
                    before.fetch_add(1, Ordering::SeqCst);
                    let is_leader = barrier.wait().is_leader();
                    leaders.fetch_add(is_leader.into(), Ordering::SeqCst);
                    assert_eq!(before.load(Ordering::SeqCst), round * THREADS);
                    barrier.wait();
                }
            });
        }
    });
    println!("leaders: {}", leaders.into_inner());
}

fn once() {
    static ONCE: Once = Once::new();
    static CELL: OnceLock<usize> = OnceLock::new();
    static LAZY: LazyLock<String> = LazyLock::new(|| "made when asked for".into());
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                ONCE.call_once(|| {
                    thread::yield_now();
                    CALLS.fetch_add(1, Ordering::SeqCst);
                });
                assert_eq!(CALLS.load(Ordering::SeqCst), 1);
                CELL.get_or_init(|| thread);
            });
        }
    });
    println!(
        "done {}, set {}, {}",
        ONCE.is_completed(),
        CELL.get().is_some(),
        *LAZY
    );
}

struct Told(&'static str);

impl Drop for Told {
    fn drop(&mut self) {
        println!("{} dropped", self.0);
    }
}

fn locals() {
    thread_local! {
        static COUNT: Cell<u32> = const { Cell::new(1) };
        static KEPT: RefCell<Vec<Told>> = const { RefCell::new(Vec::new()) };
    }
    COUNT.set(5);
    let handle = thread::spawn(|| {
        COUNT.set(COUNT.get() + 1);
        KEPT.with_borrow_mut(|kept| kept.extend([Told("first"), Told("second")]));
        println!("about to end");
        COUNT.get()
    });
    println!("there {}, here {}", handle.join().unwrap(), COUNT.get());
}

fn scopes() {
    let mut numbers = vec![1, 2, 3, 4, 5, 6, 7];
    let total: i32 = thread::scope(|scope| {
        let (low, high) = numbers.split_at_mut(3);
        let one = scope.spawn(|| low.iter_mut().map(|n| std::mem::replace(n, 0)).sum::<i32>());
        let other = scope.spawn(|| high.iter().sum::<i32>());
        one.join().unwrap() + other.join().unwrap()
    });
    println!("total {total} of {numbers:?}");
}

fn parking() {
    static WOKEN: AtomicUsize = AtomicUsize::new(0);
    thread::current().unpark();
    thread::park();
    println!("a token that was there");
    let parked = thread::spawn(|| {
        while WOKEN.load(Ordering::Acquire) == 0 {
            thread::park();
        }
        "woken"
    });
    thread::sleep(SHORT);
    WOKEN.store(1, Ordering::Release);
    parked.thread().unpark();
    println!("{}", parked.join().unwrap());
    thread::park_timeout(SHORT);
    println!("a time that passed");
}
